package org.chartbridge.database;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * The PostgreSQL server Chartbridge brings along, running in a data folder.
 *
 * <p>It lives in a process of its own and outlives a killed engine; the next start takes it over,
 * ends what the dead engine left running in it, and goes on. When the server dies while the engine
 * runs, it is started again, for as long as it takes; connections fail meanwhile.
 */
public final class EmbeddedServer implements Database {
    /** Recovery after a crash reads at most {@code max_wal_size} again. */
    static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** Longest pause between two attempts to start a server again. */
    static final Duration RETRY_LIMIT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);

    private final Cluster cluster;
    private final ServerBinaries binaries;
    private final Unprivileged user;
    private final Path startLog;
    private final Object lifecycle = new Object();

    private Cluster.Access access;
    private String version = "";
    private volatile @Nullable Postmaster postmaster;
    private volatile boolean closing;

    private EmbeddedServer(Path home) throws IOException {
        binaries = ServerBinaries.unpackedIn(home);
        user = Unprivileged.on(binaries.program("postgres"), home, FilesOnDisk.me());
        cluster = Cluster.in(home);
        if (!cluster.exists()) cluster.make(binaries, user);
        cluster.checkMajor(binaries.major());
        user.own(cluster.directory());
        access = cluster.access();
        var logs = home.resolve("postgres-log");
        Files.createDirectories(logs);
        user.own(logs);
        startLog = logs.resolve("start.log");
    }

    /**
     * Starts the server of a data folder, or takes over the one that runs.
     *
     * @throws DatabaseUnusable with a remedy, when it can't be
     */
    public static EmbeddedServer start(DataFolder folder) {
        try {
            var server = new EmbeddedServer(folder.path());
            try {
                server.begin();
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
            Thread.ofPlatform().daemon().name("postgres-watch").start(server::watch);
            return server;
        } catch (IOException e) {
            throw new DatabaseUnusable(
                    "The embedded PostgreSQL can't be started: " + e.getMessage(),
                    "Look into " + folder.path().resolve("postgres-log"),
                    e);
        }
    }

    /**
     * Looks whether a server could be started, without starting it.
     *
     * @return what there is, for a person
     * @throws DatabaseUnusable when this machine can't run it
     */
    public static String inspect(Path folder) throws IOException {
        ServerBinaries.checkAvailable();
        var home = folder.toAbsolutePath().normalize();
        if (!Files.exists(home)) return "embedded PostgreSQL (will be made)";
        Unprivileged.on(Path.of("/bin/true"), home, FilesOnDisk.me());
        var cluster = Cluster.in(home);
        if (!cluster.exists()) return "embedded PostgreSQL (will be made)";
        return "embedded PostgreSQL, data of version " + cluster.major();
    }

    /**
     * Stops the server of a data folder whose engine is gone.
     *
     * @return whether one was running
     */
    public static boolean stopLeftOver(Path folder) throws IOException {
        var directory = Cluster.in(folder.toAbsolutePath().normalize()).directory();
        var left = Postmaster.of(directory);
        if (left.isEmpty()) return false;
        left.get().stop(directory);
        return true;
    }

    @Override
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + access.port() + "/" + Cluster.NAME;
    }

    @Override
    public String user() {
        return Cluster.NAME;
    }

    @Override
    public String password() {
        return access.password();
    }

    @Override
    public String description() {
        return "PostgreSQL " + version + ", embedded, port " + access.port();
    }

    /** The process of the server; changes when it had to be started again. */
    public long pid() {
        var running = postmaster;
        return running == null ? -1 : running.process().pid();
    }

    /** Stops the server; takes at most nine seconds, usually less than one. */
    @Override
    public void close() {
        closing = true;
        synchronized (lifecycle) {
            var running = postmaster;
            postmaster = null;
            if (running == null) return;
            try {
                running.stop(cluster.directory());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void begin() throws IOException {
        var left = Postmaster.of(cluster.directory());
        var port = access.port();
        if (left.isEmpty() && !LoopbackPorts.isFree(port)) port = LoopbackPorts.any();
        var changed = cluster.configure(port, user);
        if (port != access.port()) {
            access = new Cluster.Access(access.password(), port);
            cluster.remember(access);
        }
        if (left.isPresent() && (changed || !runsOurs(left.get()))) {
            left.get().stop(cluster.directory());
            left = Postmaster.of(cluster.directory());
        }
        if (left.isPresent()) {
            postmaster = left.get();
            awaitReady(left.get());
            log.atInfo().addKeyValue("pid", pid()).log("took over the running PostgreSQL");
        } else {
            launch();
            binaries.deleteOthers();
        }
        prepare();
    }

    /** Makes the database, ends what a killed engine left running, checks the settings. */
    private void prepare() throws IOException {
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            version = Durability.check(connection);
            // A statement of a dead engine must not commit after the new one has looked.
            statement.execute(
                    """
                    select pg_terminate_backend(pid, 5000)
                    from pg_stat_activity
                    where backend_type = 'client backend'
                    and pid <> pg_backend_pid()
                    """);
            try (var databases =
                    statement.executeQuery(
                            "select 1 from pg_database where datname = '" + Cluster.NAME + "'")) {
                if (databases.next()) return;
            }
            statement.execute("create database " + Cluster.NAME);
        } catch (SQLException e) {
            throw new IOException("PostgreSQL runs and can't be used: " + e.getMessage(), e);
        }
    }

    private Connection connect(String database) throws SQLException {
        var url = "jdbc:postgresql://127.0.0.1:" + access.port() + "/" + database;
        return DriverManager.getConnection(url, Cluster.NAME, access.password());
    }

    private void launch() throws IOException {
        Postmaster.endOrphans(cluster.directory());
        // Nobody serves the directory: the number in the file, if any, is a stranger's by now.
        Files.deleteIfExists(cluster.directory().resolve(Postmaster.PID_FILE));
        var builder = new ProcessBuilder(cluster.command(binaries, user));
        builder.directory(cluster.directory().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        builder.redirectErrorStream(true).redirectOutput(startLog.toFile());
        var process = builder.start();
        process.getOutputStream().close();
        var launched = new Postmaster(process.toHandle());
        postmaster = launched;
        awaitReady(launched);
    }

    private void awaitReady(Postmaster launched) throws IOException {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!launched.ready(cluster.directory())) {
            if (closing) {
                launched.stop(cluster.directory());
                throw new IOException("Chartbridge is closing");
            }
            if (!launched.alive()) throw new IOException("it ended at once: " + lastWords());
            if (System.nanoTime() > deadline) throw new IOException("it does not get ready");
            pause(Duration.ofMillis(10));
        }
    }

    private String lastWords() throws IOException {
        if (!Files.exists(startLog)) return "";
        try (var lines = Files.lines(startLog)) {
            return lines.filter(line -> line.matches(".*\\b(ERROR|FATAL|PANIC|HINT):.*|[a-z].*"))
                    .collect(Collectors.joining("; "));
        }
    }

    private void watch() {
        while (!closing) {
            var running = postmaster;
            if (running == null) return;
            running.process().onExit().join();
            synchronized (lifecycle) {
                if (closing) return;
                log.atError().addKeyValue("pid", running.process().pid()).log("PostgreSQL died");
                startAgain();
            }
        }
    }

    private void startAgain() {
        var wait = Duration.ofMillis(100);
        while (!closing) {
            try {
                launch();
                log.atInfo().addKeyValue("pid", pid()).log("started PostgreSQL again");
                return;
            } catch (IOException e) {
                log.atError()
                        .addKeyValue("reason", e.getMessage())
                        .log("PostgreSQL could not be started again yet");
                pause(wait);
                wait = wait.multipliedBy(2);
                if (wait.compareTo(RETRY_LIMIT) > 0) wait = RETRY_LIMIT;
            }
        }
    }

    /** Whether a server was started from the binaries this build brings. */
    private boolean runsOurs(Postmaster running) throws IOException {
        var exe = Path.of("/proc", String.valueOf(running.process().pid()), "exe");
        return Files.readSymbolicLink(exe).equals(binaries.program("postgres").toRealPath());
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
