package org.chartbridge.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder all data lies in, taken by one process (setting {@code chartbridge.data}); long
 * because every way it can be unfit has words of its own.
 *
 * <p>The operating system holds the lock, so it is gone with the process however that ends.
 */
public final class DataFolder implements AutoCloseable {
    /** Less than this and a start is refused: PostgreSQL stops dead when its log can't grow. */
    static final long MIN_FREE_BYTES = 200L << 20;

    private static final String LOCK = "lock";
    private static final String ENGINE = "engine.properties";
    private static final String OWNER = "owner.properties";

    /**
     * All that is ever written below the folder but the lock; the record of the owner goes last.
     */
    private static final List<String> MADE_HERE =
            List.of(
                    "postgres",
                    "broker",
                    "postgres.new",
                    "postgres-log",
                    "postgres-server-*",
                    "password.new",
                    "database.properties*",
                    "engine.properties*",
                    OWNER + "*");

    /**
     * The folders this process holds. POSIX gives a lock up when its process closes any handle of
     * that file, so a folder held here is never opened a second time.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final boolean isNew;
    private final FileChannel channel;

    private DataFolder(Path path, boolean isNew, FileChannel channel) {
        this.path = path;
        this.isNew = isNew;
        this.channel = channel;
    }

    /**
     * The engine that runs with a folder.
     *
     * @param pid its process
     * @param console address of its pages; empty until it is ready
     */
    public record Running(long pid, Optional<String> console) {}

    /**
     * Takes the folder, making it if there is none.
     *
     * @throws DatabaseUnusable when it can't be used: no folder, not ours, nearly full, or taken
     */
    public static DataFolder take(Path folder) {
        return take(folder, FilesOnDisk.me(), MIN_FREE_BYTES);
    }

    static DataFolder take(Path folder, int me, long minFreeBytes) {
        var path = folder.toAbsolutePath().normalize();
        try {
            make(path, me);
            // A folder with only a lock in it was never used.
            var isNew = !Files.exists(path.resolve(OWNER));
            checkOwner(path, me);
            checkSpace(path, minFreeBytes);
            var taken = new DataFolder(path, isNew, lock(path));
            taken.write(Optional.empty());
            if (isNew) {
                FilesOnDisk.replace(
                        path.resolve(OWNER),
                        "Who made this folder; another user is refused.",
                        Map.of(
                                "uid", String.valueOf(me),
                                "user", System.getProperty("user.name"),
                                "made", Instant.now().toString()));
            }
            return taken;
        } catch (IOException e) {
            throw new DatabaseUnusable(
                    "The data folder can't be used: " + path + " (" + reason(e) + ")",
                    "Make it writable for user "
                            + System.getProperty("user.name")
                            + ", or choose another folder: --chartbridge.data=FOLDER",
                    e);
        }
    }

    /** Absolute and normalised. */
    public Path path() {
        return path;
    }

    /** Whether this start made it. */
    public boolean isNew() {
        return isNew;
    }

    /** Tells {@code stop} and a second start where the console is. */
    public void announce(String console) {
        try {
            write(Optional.of(console));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The engine that holds the folder now; empty when none does. */
    public static Optional<Running> running(Path folder) throws IOException {
        var path = folder.toAbsolutePath().normalize();
        var lock = path.resolve(LOCK);
        if (!Files.exists(lock)) return Optional.empty();
        if (!HELD.contains(path)) {
            try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                    var free = channel.tryLock()) {
                if (free != null) return Optional.empty();
            }
        }
        var engine = FilesOnDisk.properties(path.resolve(ENGINE));
        var pid = engine.getProperty("pid", "0");
        return Optional.of(
                new Running(
                        Long.parseLong(pid), Optional.ofNullable(engine.getProperty("console"))));
    }

    /**
     * Looks at a folder as a start would, without taking or making it.
     *
     * @return what there is, for a person
     * @throws DatabaseUnusable as {@link #take} would
     */
    public static String inspect(Path folder) throws IOException {
        var path = folder.toAbsolutePath().normalize();
        if (!Files.exists(path)) return path + " (will be made)";
        make(path, FilesOnDisk.me());
        checkOwner(path, FilesOnDisk.me());
        checkSpace(path, MIN_FREE_BYTES);
        var free = Files.getFileStore(path).getUsableSpace() >> 20;
        return path + ", " + free + " MB free";
    }

    /**
     * Deletes what Chartbridge made in a folder, and the folder when nothing else is in it.
     *
     * @throws DatabaseUnusable when it isn't a data folder, or an engine runs with it
     */
    public static void delete(Path folder) throws IOException {
        var path = folder.toAbsolutePath().normalize();
        if (!Files.exists(path.resolve(OWNER))) {
            throw new DatabaseUnusable(
                    "There is no data of Chartbridge in " + path,
                    "Name the folder: --chartbridge.data=FOLDER");
        }
        checkOwner(path, FilesOnDisk.me());
        // While the lock is held no engine can start in what is being deleted.
        try (var _ = lock(path)) {
            for (var name : MADE_HERE) {
                try (var found = Files.newDirectoryStream(path, name)) {
                    for (var file : found) FilesOnDisk.delete(file);
                }
            }
        } finally {
            HELD.remove(path);
        }
        Files.delete(path.resolve(LOCK));
        try (var others = Files.list(path)) {
            if (others.findAny().isEmpty()) Files.delete(path);
        }
    }

    /** Lets the folder go. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path.resolve(ENGINE));
            channel.close();
            HELD.remove(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Optional<String> console) throws IOException {
        var facts = new HashMap<String, String>();
        facts.put("pid", String.valueOf(ProcessHandle.current().pid()));
        console.ifPresent(url -> facts.put("console", url));
        FilesOnDisk.replace(path.resolve(ENGINE), "The engine that holds the lock.", facts);
    }

    private static void make(Path path, int me) throws IOException {
        if (Files.isDirectory(path)) {
            if (!Files.isReadable(path) || !Files.isWritable(path)) {
                throw new DatabaseUnusable(
                        "The data folder is not writable: "
                                + path
                                + " belongs to "
                                + Files.getOwner(path)
                                + ", this process runs as "
                                + name(me),
                        "Run Chartbridge as "
                                + Files.getOwner(path)
                                + ", or choose another folder: --chartbridge.data=FOLDER");
            }
            return;
        }
        if (path.getParent() != null) Files.createDirectories(path.getParent());
        Files.createDirectory(
                path,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** The file's own owner counts, so that handing a folder over is one {@code chown -R}. */
    private static void checkOwner(Path path, int me) throws IOException {
        var record = path.resolve(OWNER);
        if (!Files.exists(record) || FilesOnDisk.ownerOf(record) == me) return;
        throw new DatabaseUnusable(
                "The data folder "
                        + path
                        + " was made by "
                        + Files.getOwner(record)
                        + " (uid "
                        + FilesOnDisk.ownerOf(record)
                        + "), this process runs as "
                        + name(me),
                "Run Chartbridge as "
                        + Files.getOwner(record)
                        + ", or hand the folder over while it is stopped (chown -R "
                        + me
                        + " "
                        + path
                        + "), or choose another one: --chartbridge.data=FOLDER");
    }

    private static void checkSpace(Path path, long minFreeBytes) throws IOException {
        var free = Files.getFileStore(path).getUsableSpace();
        if (free >= minFreeBytes) return;
        throw new DatabaseUnusable(
                "The disk of the data folder "
                        + path
                        + " is nearly full: "
                        + (free >> 20)
                        + " MB free, "
                        + (minFreeBytes >> 20)
                        + " MB needed to start",
                "Free some space, or choose a folder on another disk: --chartbridge.data=FOLDER");
    }

    private static FileChannel lock(Path path) throws IOException {
        if (HELD.add(path)) {
            var channel =
                    FileChannel.open(
                            path.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (channel.tryLock() != null) return channel;
            channel.close();
            HELD.remove(path);
        }
        var running = running(path);
        throw new DatabaseUnusable(
                "Chartbridge is already running with the data folder "
                        + path
                        + running.map(
                                        one ->
                                                ": process "
                                                        + one.pid()
                                                        + one.console()
                                                                .map(url -> ", console " + url)
                                                                .orElse(", still starting"))
                                .orElse(""),
                "Use that one, or end it with `chartbridge stop`, or start this one with a folder"
                        + " and ports of its own: --chartbridge.data=FOLDER --server.port=PORT");
    }

    private static String name(int uid) {
        return System.getProperty("user.name") + " (uid " + uid + ")";
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
