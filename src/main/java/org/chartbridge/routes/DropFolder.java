package org.chartbridge.routes;

import org.chartbridge.hl7.MessageFile;
import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.mllp.Answer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Takes files out of a folder, each with one message or many, as if they had come over a port; long
 * because what can be wrong with a file is dealt with here whole.
 *
 * <p>A file is taken when it looks as it did at least {@link #SETTLE} before. Its messages go to
 * intake in their order; the answers they ask for are written to {@code answers/}, and then the
 * file is moved: to {@code done/}, or to {@code refused/} when one of them was not accepted. An
 * engine that dies between the two takes the file again and finds that it has the messages. While
 * nothing can be promised the file stays where it is.
 *
 * <p>Not safe for use by several threads.
 */
final class DropFolder implements Drop {
    private static final Logger log = LoggerFactory.getLogger(DropFolder.class);

    /** How long a file must not have changed, so that one that is being copied is left alone. */
    static final Duration SETTLE = Duration.ofSeconds(1);

    /** From one look to the next. */
    static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** Larger ones are not read, and moved to {@code refused/}. */
    static final long MAX_BYTES = 64L << 20;

    /** How many files one look takes up; the rest at the next one. */
    static final int MAX_FILES = 10_000;

    /** From a file that nothing could be promised for to the next try. */
    static final Duration RETRY = Duration.ofSeconds(5);

    /** How long what was taken and answered is kept; the journal keeps the messages longer. */
    static final Duration KEPT = Duration.ofDays(30);

    static final String DONE = "done";
    static final String REFUSED = "refused";
    static final String ANSWERS = "answers";
    private static final String LOCK = ".chartbridge.lock";
    private static final int MAX_NAME = 120;

    private final Path path;
    private final Dispatch dispatch;
    private final Duration settle;
    private final Duration retry;
    private final long maxBytes;
    private Map<Path, Seen> seen = new HashMap<>();
    private long notBefore = System.nanoTime();
    private @Nullable Owed owed;
    private @Nullable FileChannel lockFile;
    private @Nullable FileLock lock;

    /** How a file looked, and since when. */
    private record Seen(long bytes, FileTime changed, long since) {
        boolean isSame(Seen now) {
            return bytes == now.bytes && changed.equals(now.changed);
        }
    }

    /** What was answered and could not be moved yet, and where it belongs. */
    private record Owed(Path file, Seen its, String to) {
        boolean is(Path other, Seen now) {
            return file.equals(other) && its.isSame(now);
        }
    }

    DropFolder(Path path, Dispatch dispatch) {
        this(path, dispatch, SETTLE, RETRY, MAX_BYTES);
    }

    DropFolder(Path path, Dispatch dispatch, Duration settle, Duration retry, long maxBytes) {
        this.path = path;
        this.dispatch = dispatch;
        this.settle = settle;
        this.retry = retry;
        this.maxBytes = maxBytes;
    }

    Path path() {
        return path;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    @Override
    public int look() throws Unusable, InterruptedException {
        prepare();
        if (System.nanoTime() - notBefore < 0) return 0;
        int taken = 0;
        var now = new HashMap<Path, Seen>();
        for (var file : files()) {
            var its = seen(file);
            if (its == null) continue;
            var before = seen.get(file);
            if (before == null || !before.isSame(its)) {
                now.put(file, its);
            } else if (System.nanoTime() - before.since() < settle.toNanos()) {
                now.put(file, before);
            } else if (take(file, its)) {
                taken++;
            } else {
                // What comes behind it is not to overtake it.
                notBefore = System.nanoTime() + retry.toNanos();
                break;
            }
        }
        seen = now;
        return taken;
    }

    private void prepare() throws Unusable {
        if (!Files.isDirectory(path))
            throw new Unusable("there is no folder " + path, "create it, or mount it");
        try {
            for (var name : List.of(DONE, REFUSED, ANSWERS))
                Files.createDirectories(path.resolve(name));
            if (lock != null) return;
            var channel =
                    FileChannel.open(
                            path.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new Unusable(
                        "another engine takes the files of " + path, "give each its own folder");
            }
            lockFile = channel;
        } catch (Unusable e) {
            throw e;
        } catch (IOException e) {
            throw new Unusable(
                    "files can't be moved in " + path, "let the engine's account write into it");
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) { // This engine's own.
            return null;
        }
    }

    private List<Path> files() throws Unusable {
        try (var all = Files.list(path)) {
            return all.filter(DropFolder::isMeant).sorted().limit(MAX_FILES).toList();
        } catch (IOException e) {
            throw new Unusable(
                    "the folder " + path + " can't be read", "let the engine's account read it");
        }
    }

    /** Whether a file by its name is one that somebody has finished: programs say so. */
    static boolean isFinished(String name) {
        return !name.startsWith(".")
                && !name.matches("(?i).*[.](tmp|part|filepart|partial|crdownload)");
    }

    private static boolean isMeant(Path file) {
        return isFinished(file.getFileName().toString())
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static @Nullable Seen seen(Path file) {
        try {
            var its =
                    Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Seen(its.size(), its.lastModifiedTime(), System.nanoTime());
        } catch (IOException _) { // It is gone again.
            return null;
        }
    }

    /** Whether it is dealt with, and moved. */
    private boolean take(Path file, Seen its) throws InterruptedException {
        try {
            var due = owed;
            if (due != null && due.is(file, its)) {
                move(file, due.to());
                owed = null;
                return true;
            }
            if (its.bytes() > maxBytes) {
                tell("larger than " + maxBytes + " bytes; cut it, and put the parts here");
                move(file, REFUSED);
                return true;
            }
            var answer = answer(dispatch, Files.readAllBytes(file), file.getFileName().toString());
            if (answer instanceof Answer.HangUp) return false;
            boolean accepted = true;
            if (answer instanceof Answer.Reply(var content)) {
                accepted = isAccepted(content);
                keep(content, file);
            }
            // Its answer is not to lie there a second time because it can't be moved now.
            var to = accepted ? DONE : REFUSED;
            owed = new Owed(file, its, to);
            move(file, to);
            owed = null;
            return true;
        } catch (IOException e) {
            tell("it can't be read or moved (" + e.getClass().getSimpleName() + ")");
            return false;
        }
    }

    /** What intake says to a file's messages. */
    static Answer answer(Dispatch dispatch, byte[] content, String file)
            throws InterruptedException {
        var name = "file " + shown(file);
        var handled =
                dispatch.handle(content, new Dispatch.From(name, Instant.now(), null))
                        .toCompletableFuture();
        try {
            return handled.get();
        } catch (ExecutionException e) {
            return new Answer.HangUp(e.getClass().getSimpleName());
        }
    }

    private static String shown(String name) {
        var text = name.replaceAll("\\p{Cntrl}", "?");
        return text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME) + "…";
    }

    /** Whether all of them accept. */
    static boolean isAccepted(byte[] answers) {
        return MessageFile.split(answers).stream()
                .allMatch(
                        answer ->
                                ReceivedAnswer.read(answer, StandardCharsets.ISO_8859_1)
                                        .filter(ReceivedAnswer::positive)
                                        .isPresent());
    }

    /** Once: what an engine that was killed has answered before lies there with the same bytes. */
    private void keep(byte[] answer, Path file) throws IOException {
        var folder = path.resolve(ANSWERS);
        var name = file.getFileName() + ".ack";
        var free = folder.resolve(name);
        for (int i = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
            if (stands(free, answer)) return;
            free = folder.resolve(name + "." + i);
        }
        var part = folder.resolve("." + file.getFileName() + ".tmp");
        Files.write(part, answer);
        Files.move(part, free, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean stands(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content);
    }

    private void move(Path file, String to) throws IOException {
        var target = free(path.resolve(to), file.getFileName().toString());
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        // From now on counts how long it is kept.
        Files.setLastModifiedTime(target, FileTime.from(Instant.now()));
    }

    /** The name, or the first with a number behind it that is not taken. */
    private static Path free(Path folder, String name) {
        var path = folder.resolve(name);
        for (int i = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); i++)
            path = folder.resolve(name + "." + i);
        return path;
    }

    @Override
    public Duration nextLook() {
        return LOOK_EVERY;
    }

    @Override
    public void sweep(Instant now) {
        for (var name : List.of(DONE, REFUSED, ANSWERS)) {
            var folder = path.resolve(name);
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) continue;
            var old = new ArrayList<Path>();
            try (var all = Files.list(folder)) {
                all.filter(file -> isOld(file, now)).limit(MAX_FILES).forEach(old::add);
                for (var file : old) Files.deleteIfExists(file);
            } catch (IOException e) {
                tell("what is old can't be deleted (" + e.getClass().getSimpleName() + ")");
            }
        }
    }

    private static boolean isOld(Path file, Instant now) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                            .toInstant()
                            .isBefore(now.minus(KEPT));
        } catch (IOException _) {
            return false;
        }
    }

    /** Never a file's name, which may be a patient's. */
    private void tell(String what) {
        log.atWarn().addKeyValue("listener", "file:" + path).log("a file: {}", what);
    }

    @Override
    public void close() {
        try {
            if (lock != null) lock.release();
            if (lockFile != null) lockFile.close();
        } catch (IOException e) {
            tell("the folder's lock stays (" + e.getClass().getSimpleName() + ")");
        }
        lock = null;
        lockFile = null;
    }
}
