package org.chartbridge.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** The packaged engine, which is there when integration tests run. */
final class Jar {
    private Jar() {}

    static BenchTarget.OwnEngine engine(Path folder) {
        var jar = Path.of("target", "chartbridge.jar").toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("mvn package makes what this test needs: " + jar);
        }
        return new BenchTarget.OwnEngine(folder, jar);
    }
}
