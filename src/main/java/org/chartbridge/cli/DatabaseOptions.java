package org.chartbridge.cli;

import picocli.CommandLine.Option;

/** The PostgreSQL of one's own, if there is one: the engine's settings by the same names. */
final class DatabaseOptions {
    @Option(
            names = "--spring.datasource.url",
            paramLabel = "URL",
            defaultValue = "${env:SPRING_DATASOURCE_URL:-}",
            description = "An outside PostgreSQL.")
    String url = "";

    @Option(
            names = "--spring.datasource.username",
            paramLabel = "USER",
            defaultValue = "${env:SPRING_DATASOURCE_USERNAME:-}",
            description = "Its account.")
    String user = "";

    @Option(
            names = "--spring.datasource.password",
            paramLabel = "PASSWORD",
            defaultValue = "${env:SPRING_DATASOURCE_PASSWORD:-}",
            description = "Its password; better in the environment than here.")
    String password = "";

    /** Whether one was named; else the database is the one in the data folder. */
    boolean isOutside() {
        return !url.isEmpty();
    }
}
