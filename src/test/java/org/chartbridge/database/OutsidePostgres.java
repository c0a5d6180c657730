package org.chartbridge.database;

import static org.awaitility.Awaitility.await;

import org.chartbridge.FreePort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
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
        var postgres = new OutsidePostgres(directory, programs, user, FreePort.take());
        postgres.startAgain();
        return postgres;
    }

    /** Starts it after {@link #kill}; it has recovered and takes connections when this returns. */
    public void startAgain() throws IOException {
        Postmaster.endOrphans(directory);
        Files.deleteIfExists(directory.resolve(Postmaster.PID_FILE));
        new ProcessBuilder(
                        user.command(
                                programs.resolve("postgres").toString(),
                                "-D",
                                directory.toString(),
                                "-p",
                                String.valueOf(port),
                                "-c",
                                "unix_socket_directories=",
                                "-c",
                                "listen_addresses=127.0.0.1"))
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
            Programs.run(java.util.List.of("/bin/sh", "-c", "kill -" + name + " " + process.pid()));
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
