package org.chartbridge.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A running PostgreSQL of one data directory.
 *
 * <p>The number in {@code postmaster.pid} proves nothing: after a crash it may belong to a
 * stranger. A process is ours when it is a {@code postgres} whose working directory is the data
 * directory, which holds for the postmaster and all its children.
 */
record Postmaster(ProcessHandle process) {
    static final String PID_FILE = "postmaster.pid";

    /** Line 8 of the file, which the server keeps current (since PostgreSQL 10). */
    private static final int STATUS_LINE = 7;

    /** Stops all, after the transactions in work are rolled back and a checkpoint is written. */
    static final Duration FAST_LIMIT = Duration.ofSeconds(5);

    /** Stops at once; the next start recovers from the log. Nothing committed is lost. */
    static final Duration IMMEDIATE_LIMIT = Duration.ofSeconds(1);

    /** The server that runs on a data directory, if one does. */
    static Optional<Postmaster> of(Path directory) throws IOException {
        return lines(directory).stream()
                .findFirst()
                .flatMap(Postmaster::number)
                .filter(pid -> serves(pid, directory))
                .flatMap(ProcessHandle::of)
                .map(Postmaster::new);
    }

    /** Whether it has said in its file that it takes connections. */
    boolean ready(Path directory) throws IOException {
        var lines = lines(directory);
        return lines.size() > STATUS_LINE
                && number(lines.getFirst()).filter(pid -> pid == process.pid()).isPresent()
                && lines.get(STATUS_LINE).strip().equals("ready");
    }

    boolean alive() {
        return process.isAlive() && !zombie(process.pid());
    }

    /** Stops it: fast, then at once, then by force. Returns when it is gone. */
    void stop(Path directory) throws IOException {
        // SIGTERM would wait for all clients to leave; SIGINT is the fast shutdown.
        signal("INT");
        if (!gone(FAST_LIMIT)) {
            signal("QUIT");
            if (!gone(IMMEDIATE_LIMIT)) process.destroyForcibly();
        }
        gone(IMMEDIATE_LIMIT);
        endOrphans(directory);
    }

    /**
     * Ends children that outlived their postmaster: while one lives, its shared memory keeps a new
     * postmaster from starting.
     */
    static void endOrphans(Path directory) throws IOException {
        for (var orphan : processesOf(directory)) {
            orphan.destroyForcibly();
            // Not onExit: whoever inherits orphans may take its time to bury them.
            if (!new Postmaster(orphan).gone(IMMEDIATE_LIMIT)) {
                throw new IOException("process " + orphan.pid() + " does not end");
            }
        }
    }

    /** Every live server process of a data directory, whoever started it. */
    static List<ProcessHandle> processesOf(Path directory) throws IOException {
        var found = new ArrayList<ProcessHandle>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var entry : processes) {
                number(entry.getFileName().toString())
                        .filter(pid -> serves(pid, directory))
                        .flatMap(ProcessHandle::of)
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private void signal(String name) throws IOException {
        // The shell has kill built in; Java knows only SIGTERM and SIGKILL.
        Programs.run(List.of("/bin/sh", "-c", "kill -" + name + " " + process.pid()));
    }

    private boolean gone(Duration limit) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (alive()) {
            if (System.nanoTime() > deadline) return false;
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return !alive();
            }
        }
        return true;
    }

    private static boolean serves(long pid, Path directory) {
        var proc = Path.of("/proc", String.valueOf(pid));
        try {
            var program = Files.readSymbolicLink(proc.resolve("exe")).getFileName().toString();
            // A server whose file was replaced by a newer one reads "postgres (deleted)".
            return program.split(" ", 2)[0].equals("postgres")
                    && Files.readSymbolicLink(proc.resolve("cwd")).equals(directory.toRealPath())
                    && !zombie(pid);
        } catch (IOException e) {
            return false; // Gone meanwhile, or another user's, so none that we started.
        }
    }

    /**
     * Dead, but its parent has not asked yet; such a number still "lives" for kill and for Java.
     */
    private static boolean zombie(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            // The name before it is in brackets and may hold anything.
            return stat.startsWith(" Z", stat.lastIndexOf(')') + 1);
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> lines(Path directory) throws IOException {
        try {
            return Files.readAllLines(directory.resolve(PID_FILE));
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
