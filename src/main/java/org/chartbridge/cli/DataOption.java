package org.chartbridge.cli;

import org.chartbridge.database.DataFolder;

import picocli.CommandLine.Option;

import java.io.IOException;
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

    /** Whether an engine runs with this folder; if so, says how to stop it. */
    boolean isInUse() throws IOException {
        var running = DataFolder.running(absolute());
        running.ifPresent(
                engine ->
                        System.err.println(
                                "Chartbridge is running with "
                                        + absolute()
                                        + " (process "
                                        + engine.pid()
                                        + "). Stop it first: chartbridge stop"));
        return running.isPresent();
    }
}
