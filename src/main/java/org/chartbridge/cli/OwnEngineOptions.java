package org.chartbridge.cli;

import org.chartbridge.bench.BenchTarget;
import org.springframework.boot.system.ApplicationHome;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where an engine of bench's own comes from and where its data lies meanwhile. */
final class OwnEngineOptions {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            defaultValue = "${sys:java.io.tmpdir}",
            description =
                    "Where a folder for its data is made, and removed (${DEFAULT-VALUE}). Should be"
                            + " on a real disk.")
    Path folder = Path.of("");

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            defaultValue = "",
            description = "The engine (this program's own jar).")
    String jar = "";

    BenchTarget.OwnEngine target() {
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(spec.commandLine(), "--folder: no such folder: " + folder);
        }
        return new BenchTarget.OwnEngine(folder.toAbsolutePath().normalize(), jarFile());
    }

    private Path jarFile() {
        var source = new ApplicationHome(Commands.class).getSource();
        var file = jar.isEmpty() ? (source == null ? Path.of("") : source.toPath()) : Path.of(jar);
        if (Files.isRegularFile(file)) return file.toAbsolutePath().normalize();
        throw new ParameterException(
                spec.commandLine(),
                "There is no jar to start an engine from. Name it: --jar target/chartbridge.jar");
    }
}
