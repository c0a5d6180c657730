package org.chartbridge.cli;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Which routes folder a command is about: the same setting, by the same names, as the engine's. */
final class RoutesOption {
    @Option(
            names = {"--chartbridge.routes", "--routes"},
            paramLabel = "FOLDER",
            defaultValue = "${sys:chartbridge.routes:-${env:CHARTBRIDGE_ROUTES:-./routes}}",
            description = "The routes folder (${DEFAULT-VALUE}).")
    Path folder = Path.of("routes");

    Path absolute() {
        return folder.toAbsolutePath().normalize();
    }
}
