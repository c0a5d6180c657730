package org.chartbridge.database;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The unpacked PostgreSQL server: {@code bin/initdb}, {@code bin/postgres} and what they need.
 *
 * <p>The archive comes as a jar of io.zonky (binaries only; its launcher turns fsync off). It is
 * unpacked once into a folder named by its content, so a newer jar unpacks beside the old one.
 *
 * @param folder holds {@code bin}, {@code lib} and {@code share}
 */
record ServerBinaries(Path folder) {
    private static final Logger log = LoggerFactory.getLogger(ServerBinaries.class);
    private static final String PREFIX = "postgres-server-";
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** Unpacks the server below {@code home} unless it is there already. */
    static ServerBinaries unpackedIn(Path home) throws IOException {
        checkAvailable();
        var resource = name();
        var folder = home.resolve(PREFIX + fingerprint(resource));
        if (Files.isDirectory(folder)) return new ServerBinaries(folder);
        var started = System.nanoTime();
        var draft = home.resolve(folder.getFileName() + ".new");
        FilesOnDisk.delete(draft);
        try (var archive = open(resource)) {
            unpack(archive, draft);
        }
        Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        log.atInfo()
                .addKeyValue("elapsedMs", (System.nanoTime() - started) / 1_000_000)
                .log("unpacked the PostgreSQL server");
        return new ServerBinaries(folder);
    }

    /** Deletes servers that earlier versions unpacked; never while one of them may be running. */
    void deleteOthers() throws IOException {
        try (var others = Files.newDirectoryStream(folder.resolveSibling("."), PREFIX + "*")) {
            for (var other : others) {
                if (!other.getFileName().equals(folder.getFileName())) FilesOnDisk.delete(other);
            }
        }
    }

    /** PostgreSQL's major version, e.g. 18. */
    int major() throws IOException {
        var answer = Programs.run(List.of(program("postgres").toString(), "-V")).output();
        var matcher = VERSION.matcher(answer);
        if (!matcher.find()) throw new IOException("PostgreSQL told no version: " + answer);
        return Integer.parseInt(matcher.group(1));
    }

    /**
     * Looks whether this build brings a server for the machine.
     *
     * @throws DatabaseUnusable when it does not
     */
    static void checkAvailable() {
        if (ServerBinaries.class.getResource(name()) != null) return;
        throw new DatabaseUnusable(
                "There is no embedded PostgreSQL for "
                        + System.getProperty("os.name")
                        + " on "
                        + System.getProperty("os.arch")
                        + " in this build.",
                "Linux on x64 or arm64 (Windows: inside WSL2) brings its own, when built there."
                        + " Elsewhere start a PostgreSQL 15 to 18 yourself and name it:"
                        + " --spring.datasource.url=jdbc:postgresql://HOST:5432/DATABASE"
                        + " --spring.datasource.username=USER"
                        + " --spring.datasource.password=PASSWORD");
    }

    private static String name() {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var arch = System.getProperty("os.arch");
        return "/postgres-"
                + (os.startsWith("linux") ? "linux" : os.replace(' ', '_'))
                + "-"
                + switch (arch) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> arch;
                }
                + ".txz";
    }

    private static InputStream open(String resource) throws IOException {
        var stream = ServerBinaries.class.getResourceAsStream(resource);
        if (stream == null) throw new IOException("not in this build: " + resource);
        return new BufferedInputStream(stream, 1 << 16);
    }

    private static String fingerprint(String resource) throws IOException {
        try (var archive = open(resource)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int n; (n = archive.read(buffer)) >= 0; ) digest.update(buffer, 0, n);
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void unpack(InputStream archive, Path folder) throws IOException {
        makeFolders(folder, folder);
        try (var tar = new TarArchiveInputStream(new XZInputStream(archive))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                var file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) throw new IOException("odd path in the archive");
                makeFolders(folder, entry.isDirectory() ? file : file.resolveSibling(""));
                if (entry.isDirectory()) continue;
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (needed(entry.getName())) {
                    Files.copy(tar, file);
                    var runs = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(file, mode(runs ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    private static void makeFolders(Path top, Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        if (!folder.equals(top)) makeFolders(top, folder.resolveSibling(""));
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, mode("rwxr-xr-x"));
    }

    /** Whatever the umask: another user than ours may have to read the server. */
    private static Set<PosixFilePermission> mode(String letters) {
        return PosixFilePermissions.fromString(letters);
    }

    /** Static libraries and C headers, a third of the archive, are for compiling only. */
    private static boolean needed(String name) {
        return !name.endsWith(".a") && !name.endsWith(".h");
    }
}
