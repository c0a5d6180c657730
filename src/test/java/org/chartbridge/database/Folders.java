package org.chartbridge.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Data folders for tests of the launcher; the server is unpacked once and linked into each. */
final class Folders {
    private static final Path HOME = Path.of("target", "server-tests").toAbsolutePath();

    private Folders() {}

    /** A folder that does not exist yet. */
    static Path unused() throws IOException {
        Files.createDirectories(HOME);
        var path = Files.createTempDirectory(HOME, "data");
        Files.delete(path);
        return path;
    }

    /** A new folder with the server in it. */
    static Path withServer() throws IOException {
        var path = unused();
        Files.createDirectory(path);
        linkServer(path);
        return path;
    }

    private static synchronized void linkServer(Path path) throws IOException {
        var server = ServerBinaries.unpackedIn(HOME).folder();
        Files.createSymbolicLink(path.resolve(server.getFileName()), server);
    }
}
