package org.chartbridge.cli;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * The packaged engine, unpacked as {@code bin/chartbridge} unpacks it, and an archive of its
 * classes beside it. It starts in half the time of the jar of jars, and integration tests start it
 * fifty times. Made once by the first of them.
 */
public final class UnpackedEngine {
    private static final Path FOLDER = Path.of("target", "unpacked-engine").toAbsolutePath();
    private static @Nullable Path made;

    private UnpackedEngine() {}

    /**
     * Its jar, which has its libraries beside it.
     *
     * @throws IllegalStateException where nothing is packaged
     */
    public static synchronized Path jar() throws IOException {
        var jar = made;
        if (jar == null) {
            jar = make();
            made = jar;
        }
        return jar;
    }

    private static Path make() throws IOException {
        if (!Files.isRegularFile(PackagedEngine.JAR))
            throw new IllegalStateException(
                    "mvn package makes what this test needs: " + PackagedEngine.JAR);
        delete(FOLDER);
        Files.createDirectories(FOLDER);
        var jar = FOLDER.resolve("chartbridge.jar");
        var log = FOLDER.resolve("log.txt");
        try (var unpacking =
                PackagedEngine.start(
                        List.of(PackagedEngine.java(), "-Djarmode=tools", "-jar"),
                        log,
                        PackagedEngine.JAR.toString(),
                        "extract",
                        "--force",
                        "--destination",
                        FOLDER.toString())) {
            if (unpacking.exitCode() != 0) throw new IOException(unpacking.said());
        }
        learn(jar, log);
        return jar;
    }

    /** Lets Java keep the classes of a start. Without them it only starts more slowly. */
    private static void learn(Path jar, Path log) throws IOException {
        var routes = Files.createDirectories(FOLDER.resolve("routes"));
        try (var engine =
                PackagedEngine.start(
                        List.of(
                                PackagedEngine.java(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:ArchiveClassesAtExit=" + archive(jar),
                                "-jar"),
                        log,
                        jar.toString(),
                        "serve",
                        "--server.port=0",
                        "--chartbridge.data=" + FOLDER.resolve("data"),
                        "--chartbridge.routes=" + routes)) {
            engine.ready();
            engine.interrupt();
            engine.exitCode();
        }
        delete(FOLDER.resolve("data"));
    }

    static Path archive(Path jar) {
        return jar.resolveSibling("classes.jsa");
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
