package org.chartbridge.delivery;

import org.chartbridge.delivery.Endpoint.Folder;
import org.chartbridge.delivery.Outboxes.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A folder into which each message is put as one file. It appears under its name whole and on disk,
 * or not at all: written as {@code .<name>.tmp}, forced, renamed. An attempt that is made again
 * writes the same name, so that what nobody has collected yet never lies there twice.
 */
final class FolderLine implements Line {
    private static final Logger log = LoggerFactory.getLogger(FolderLine.class);

    /** Beyond it nobody seems to collect them, and the disk is not to fill up. */
    static final int MAX_FILES = 10_000;

    static final String SUFFIX = ".hl7";

    private final Folder folder;
    private final int limit;
    private final Directory directory;
    private int files;
    private volatile boolean open = true;
    private volatile long usedAt = System.nanoTime();

    private FolderLine(Folder folder, int limit, int files, Directory directory) {
        this.directory = directory;
        this.folder = folder;
        this.limit = limit;
        this.files = files;
    }

    /** It is certain that the file does not lie there under its name. */
    static final class NotWritten extends IOException {
        @Serial private static final long serialVersionUID = 1L;

        NotWritten(String why) {
            super(why);
        }
    }

    /** The file lies there under its name, and may be gone after a power cut. */
    static final class Doubtful extends IOException {
        @Serial private static final long serialVersionUID = 1L;

        Doubtful(String why) {
            super(why);
        }
    }

    /** Forces the names of a folder to disk. */
    interface Directory {
        void force(Path folder) throws IOException;
    }

    static FolderLine open(Folder folder) throws CannotOpen {
        return open(folder, MAX_FILES);
    }

    /**
     * @param limit how many files may lie there uncollected
     */
    static FolderLine open(Folder folder, int limit) throws CannotOpen {
        return open(folder, limit, FolderLine::force);
    }

    private static void force(Path folder) throws IOException {
        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    static FolderLine open(Folder folder, int limit, Directory directory) throws CannotOpen {
        var path = folder.path();
        if (!Files.isDirectory(path))
            throw CannotOpen.asking("there is no folder " + path + "; create it, or mount it");
        if (!Files.isWritable(path))
            throw CannotOpen.asking(
                    "the engine may not write into " + path + "; give it the right");
        try {
            int files = count(path, limit);
            if (files >= limit) throw new CannotOpen(full(path, limit));
            return new FolderLine(folder, limit, files, directory);
        } catch (IOException e) {
            throw new CannotOpen(words(path, e));
        }
    }

    private static int count(Path path, int limit) throws IOException {
        try (var files = Files.list(path)) {
            return (int) files.filter(FolderLine::isOurs).limit(limit).count();
        }
    }

    private static boolean isOurs(Path file) {
        var name = file.getFileName().toString();
        return name.endsWith(SUFFIX) && !name.startsWith(".");
    }

    private static String full(Path path, int limit) {
        return limit + " files wait in " + path + "; see that they are collected";
    }

    @Override
    public boolean leadsTo(Endpoint wanted, Outbox outbox) {
        return folder.equals(wanted);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean idleFor(Duration time) {
        return System.nanoTime() - usedAt > time.toNanos();
    }

    @Override
    public boolean answers() {
        return false;
    }

    @Override
    public CompletionStage<byte[]> send(byte[] content, String controlId) {
        throw new IllegalStateException("a folder does not answer");
    }

    /** Writes on the caller's thread, which may block. */
    @Override
    public CompletionStage<Void> post(byte[] content, String name) {
        usedAt = System.nanoTime();
        try {
            write(content, name);
            return CompletableFuture.completedFuture(null);
        } catch (NotWritten | Doubtful e) {
            open = false; // Looked at anew before the next one.
            return CompletableFuture.failedFuture(e);
        }
    }

    private void write(byte[] content, String name) throws NotWritten, Doubtful {
        var path = folder.path();
        var part = path.resolve("." + name + SUFFIX + ".tmp");
        try {
            if (files >= limit) {
                files = count(path, limit);
                if (files >= limit) throw new NotWritten(full(path, limit));
            }
            try (var channel =
                    FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) channel.write(bytes);
                channel.force(true);
            }
            Files.move(
                    part,
                    path.resolve(name + SUFFIX),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (NotWritten e) {
            throw e;
        } catch (IOException e) {
            throw new NotWritten(words(path, e));
        }
        files++;
        keep(path);
    }

    /**
     * Asks that the name outlives a power cut. The file lies there by now and may be collected ⚠:
     * it must not be taken for unsent and written again. Some mounts can't be asked at all; there
     * that the file was renamed is all that anybody can know. What a failing disk kept is unknown.
     */
    private void keep(Path path) throws Doubtful {
        try {
            directory.force(path);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Input/output error"))
                throw new Doubtful(
                        "written to the folder " + path + ", but its disk fails: see to the disk");
            log.atDebug()
                    .addKeyValue("exception", e.getClass().getName())
                    .log("a folder can't be asked to keep its names");
        }
    }

    /** The system's reason, without the names of files. */
    private static String words(Path path, IOException e) {
        var reason =
                switch (e) {
                    case NoSuchFileException _ -> "it is not there any more";
                    case AccessDeniedException _ -> "the engine may not write into it";
                    case FileSystemException f when f.getReason() != null -> f.getReason();
                    case IOException other
                            when "No space left on device".equals(other.getMessage()) ->
                            "no space left on device";
                    default -> e.getClass().getSimpleName();
                };
        return "the folder " + path + " takes nothing: " + reason;
    }

    @Override
    public void close() {
        open = false;
    }
}
