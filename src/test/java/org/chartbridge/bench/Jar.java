package org.chartbridge.bench;

import org.chartbridge.cli.UnpackedEngine;

import java.io.IOException;
import java.nio.file.Path;

/** The packaged engine, which is there when integration tests run. */
final class Jar {
    private Jar() {}

    static BenchTarget.OwnEngine engine(Path folder) throws IOException {
        return new BenchTarget.OwnEngine(folder, UnpackedEngine.jar());
    }
}
