package org.chartbridge.database;

import static org.awaitility.Awaitility.await;

import org.chartbridge.FreePort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL of the operating system that no engine looks after: a test starts it, kills it,
 * freezes it.
 *
 * <pre>
 * assumeTrue(OutsidePostgres.installed(), "no PostgreSQL in /usr/lib/postgresql");
 * try (var postgres = OutsidePostgres.start()) { … postgres.url("chart") … postgres.kill() … }
 * </pre>
 */
public final class OutsidePostgres implements AutoCloseable {
    public static final String USER = "clinic";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final Path programs;
    private final Unprivileged user;
    private final int port;
    private List<String> inside = List.of();

    private OutsidePostgres(Path directory, Path programs, Unprivileged user, int port) {
        this.directory = directory;
        this.programs = programs;
        this.user = user;
        this.port = port;
    }

    public static boolean installed() throws IOException {
        return programs().isPresent();
    }

    /** Makes a cluster in a folder that is deleted in the end, and starts it. */
    public static OutsidePostgres start() throws IOException {
        var postgres = made();
        postgres.startAgain();
        return postgres;
    }

    /** Whether {@link #startWithSmallDisk} is possible here: mounting needs root. */
    public static boolean canMount() throws IOException {
        return Programs.run(List.of("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"))
                .worked();
    }

    /**
     * As {@link #start}, with a disk of its own for what is in the tablespace {@code small}. Nobody
     * else sees it mounted.
     */
    public static OutsidePostgres startWithSmallDisk(int megabytes) throws IOException {
        var postgres = made();
        Files.createDirectory(postgres.disk());
        postgres.inside =
                List.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o mode=0777,size="
                                + megabytes
                                + "m none \"$0\" && mkdir -m 0777 \"$0/space\" && exec \"$@\"",
                        postgres.disk().toString());
        postgres.startAgain();
        try {
            var space = Path.of("/proc/" + postgres.pid() + "/root" + postgres.disk() + "/space");
            postgres.user.own(space);
            Files.setPosixFilePermissions(space, PosixFilePermissions.fromString("rwx------"));
            postgres.execute("create tablespace small location '" + postgres.disk() + "/space'");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return postgres;
    }

    private Path disk() {
        return directory.resolve("disk");
    }

    private long pid() throws IOException {
        return Postmaster.of(directory).orElseThrow().process().pid();
    }

    /** A file of others that has taken what was left of the small disk. */
    private Path filler() throws IOException {
        return Path.of("/proc/" + pid() + "/root" + disk() + "/filler");
    }

    /** Leaves not a byte of the small disk. */
    public void fillDisk() throws IOException {
        fill(filler());
    }

    /** Writes a file until its disk is full. */
    public static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            var block = new byte[4_096];
            while (true) out.write(block);
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) throw full;
        }
    }

    /** Takes it away again. */
    public void freeDisk() throws IOException {
        Files.delete(filler());
    }

    private static OutsidePostgres made() throws IOException {
        var programs = programs().orElseThrow();
        var directory = Folders.unused();
        Files.createDirectory(directory);
        var user = Unprivileged.on(programs.resolve("postgres"), directory, FilesOnDisk.me());
        user.own(directory);
        var made =
                Programs.run(
                        user.command(
                                programs.resolve("initdb").toString(),
                                "-D",
                                directory.toString(),
                                "-U",
                                USER,
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--locale=C"));
        if (!made.worked()) throw new IOException("initdb: " + made.output());
        return new OutsidePostgres(directory, programs, user, FreePort.take());
    }

    /** Starts it after {@link #kill}; it has recovered and takes connections when this returns. */
    public void startAgain() throws IOException {
        Postmaster.endOrphans(directory);
        Files.deleteIfExists(directory.resolve(Postmaster.PID_FILE));
        var command = new ArrayList<>(inside);
        command.addAll(
                user.command(
                        programs.resolve("postgres").toString(),
                        "-D",
                        directory.toString(),
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "listen_addresses=127.0.0.1"));
        new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log.txt").toFile())
                .start();
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> execute("select 1"));
    }

    /** As {@code kill -9} of all its processes: nothing listens on its port afterwards. */
    public void kill() throws IOException {
        var running = Postmaster.of(directory).orElseThrow();
        running.process().destroyForcibly();
        Postmaster.endOrphans(directory);
    }

    /** Lets it stand still: connections stay open and nothing answers. */
    public void freeze() throws IOException {
        signal("STOP");
    }

    /** Lets a frozen one go on. */
    public void thaw() throws IOException {
        signal("CONT");
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, "");
    }

    /** Runs statements in the database {@code postgres}. */
    public void execute(String sql) throws SQLException {
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        var running = Postmaster.of(directory);
        if (running.isPresent()) {
            thaw();
            running.get().stop(directory);
        }
        FilesOnDisk.delete(directory);
    }

    private void signal(String name) throws IOException {
        for (var process : Postmaster.processesOf(directory))
            Programs.run(List.of("/bin/sh", "-c", "kill -" + name + " " + process.pid()));
    }

    private static Optional<Path> programs() throws IOException {
        var home = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(home)) return Optional.empty();
        try (var versions = Files.list(home)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .findFirst();
        }
    }
}
