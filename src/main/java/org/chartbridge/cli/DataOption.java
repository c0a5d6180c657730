package org.chartbridge.cli;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Which data folder a command is about: the same setting, by the same names, as the engine's. */
final class DataOption {
    @Option(
            names = {"--chartbridge.data", "--data"},
            paramLabel = "FOLDER",
            defaultValue = "${sys:chartbridge.data:-${env:CHARTBRIDGE_DATA:-./data}}",
            description = "The data folder (${DEFAULT-VALUE}).")
    Path folder = Path.of("data");

    Path absolute() {
        return folder.toAbsolutePath().normalize();
    }
}
