package org.chartbridge.routes;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.mllp.Answer;
import org.chartbridge.partner.Login;
import org.chartbridge.sftp.SftpConnection;
import org.chartbridge.sftp.SftpConnection.Listed;
import org.chartbridge.sftp.SftpFailure;
import org.chartbridge.sftp.SftpFailure.Kind;
import org.chartbridge.sftp.SftpHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes files out of a folder of another machine over SFTP, as {@link DropFolder} does out of one
 * of this: when a file looks as it did {@link #SETTLE} before its messages go to intake, the
 * answers are written to {@code answers/}, and then the file is moved to {@code done/} or {@code
 * refused/}. An engine or a connection that dies between the two leaves the file, and its messages
 * are known when it is taken again.
 *
 * <p>Not safe for use by several threads.
 */
final class SftpDrop implements Drop {
    private static final Logger log = LoggerFactory.getLogger(SftpDrop.class);

    /** How long a file must not have changed: hosts tell times to the second. */
    static final Duration SETTLE = Duration.ofSeconds(3);

    /** From one look to the next; each is a request or more to somebody else's machine. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /** From a host that could not be used, or a file that nothing could be promised for. */
    static final Duration RETRY = Duration.ofSeconds(30);

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Door.Sftp door;
    private final SftpHost host;
    private final Dispatch dispatch;
    private final Duration settle;
    private final String folder;
    private @Nullable SftpConnection connection;
    private Map<String, Seen> seen = new HashMap<>();

    /** What was answered and could not be moved yet, and where it belongs: one at most. */
    private final Map<Listed, String> owed = new HashMap<>();

    private boolean waits;

    /** How a file looked, and since when. */
    private record Seen(Listed file, long since) {}

    SftpDrop(Door.Sftp door, SftpHost host, Dispatch dispatch, Duration settle) {
        this.door = door;
        this.host = host;
        this.dispatch = dispatch;
        this.settle = settle;
        this.folder = door.at().path();
    }

    /** With a login that fits, see {@link SendingTls#misfit}. */
    static SftpDrop of(Endpoint.Sftp at, Login login, Dispatch dispatch) {
        return new SftpDrop(new Door.Sftp(at), at.as(login), dispatch, SETTLE);
    }

    @Override
    public Duration nextLook() {
        return waits ? RETRY : LOOK_EVERY;
    }

    @Override
    public int look() throws Unusable, InterruptedException {
        waits = true;
        try {
            return look(connected());
        } catch (SftpFailure e) {
            close();
            throw unusable(e);
        }
    }

    private Unusable unusable(SftpFailure e) {
        var text = String.valueOf(e.getMessage());
        int remedy = text.indexOf("; ");
        return switch (e.kind()) {
            case NO_CONNECTION, NOT_LET_IN ->
                    remedy < 0
                            ? new Unusable(text, "look at the route, at the host and at the line")
                            : new Unusable(text.substring(0, remedy), text.substring(remedy + 2));
            case MISSING ->
                    new Unusable(
                            "there is no folder " + door,
                            "ask its owner to create it, or correct it");
            case LOST -> new Unusable("the connection to " + host + " ended", "it is tried again");
            case REFUSED ->
                    new Unusable(
                            "files can't be read or moved in " + door + ": " + text,
                            "ask its owner for the right to read, write and rename there");
        };
    }

    private SftpConnection connected() throws SftpFailure {
        var open = connection;
        if (open != null && open.isOpen()) return open;
        close();
        open = SftpConnection.open(host, TIMEOUT);
        connection = open;
        for (var name : List.of(DropFolder.DONE, DropFolder.REFUSED, DropFolder.ANSWERS))
            open.folder(folder + "/" + name);
        return open;
    }

    private int look(SftpConnection its) throws SftpFailure, InterruptedException {
        int taken = 0;
        var now = new HashMap<String, Seen>();
        boolean well = true;
        for (var file : files(its)) {
            var before = seen.get(file.name());
            if (before == null || !before.file().equals(file)) {
                now.put(file.name(), new Seen(file, System.nanoTime()));
            } else if (System.nanoTime() - before.since() < settle.toNanos()) {
                now.put(file.name(), before);
            } else if (take(its, file)) {
                taken++;
            } else {
                // What comes behind it is not to overtake it.
                now.put(file.name(), before);
                well = false;
                break;
            }
        }
        seen = now;
        waits = !well;
        return taken;
    }

    private List<Listed> files(SftpConnection its) throws SftpFailure {
        return its.list(folder, DropFolder.MAX_FILES).stream()
                .filter(file -> DropFolder.isFinished(file.name()))
                .sorted(Comparator.comparing(Listed::name))
                .toList();
    }

    /** Whether it is dealt with, and moved. */
    private boolean take(SftpConnection its, Listed file) throws SftpFailure, InterruptedException {
        var path = folder + "/" + file.name();
        var due = owed.get(file);
        if (due != null) {
            move(its, file.name(), due);
            owed.remove(file);
            return true;
        }
        if (file.bytes() > DropFolder.MAX_BYTES) {
            log.atWarn()
                    .addKeyValue("listener", door)
                    .log("a file: larger than {} bytes; cut it", DropFolder.MAX_BYTES);
            move(its, file.name(), DropFolder.REFUSED);
            return true;
        }
        byte[] content;
        try {
            content = its.read(path, (int) file.bytes() + 1);
        } catch (SftpFailure e) {
            if (e.kind() == Kind.MISSING) return true; // Somebody took it back.
            throw e;
        }
        if (content.length != file.bytes()) return true; // Still growing; seen anew.
        var answer = DropFolder.answer(dispatch, content, file.name());
        if (answer instanceof Answer.HangUp) return false;
        boolean accepted = true;
        if (answer instanceof Answer.Reply(var answers)) {
            accepted = DropFolder.isAccepted(answers);
            keep(its, answers, file.name());
        }
        // Its answer is not to lie there a second time because it can't be moved now.
        owed.clear();
        owed.put(file, accepted ? DropFolder.DONE : DropFolder.REFUSED);
        move(its, file.name(), accepted ? DropFolder.DONE : DropFolder.REFUSED);
        owed.clear();
        return true;
    }

    /** Once: what an engine that was killed has answered before lies there with the same bytes. */
    private void keep(SftpConnection its, byte[] answers, String name) throws SftpFailure {
        var below = folder + "/" + DropFolder.ANSWERS;
        var free = below + "/" + name + ".ack";
        for (int i = 2; ; i++) {
            var bytes = its.bytes(free);
            if (bytes.isEmpty()) break;
            if (bytes.get() == answers.length
                    && Arrays.equals(its.read(free, answers.length + 1), answers)) return;
            free = below + "/" + name + ".ack." + i;
        }
        var part = below + "/." + name + ".tmp";
        its.write(part, answers);
        its.rename(part, free);
    }

    private void move(SftpConnection its, String name, String to) throws SftpFailure {
        its.rename(folder + "/" + name, free(its, folder + "/" + to, name));
    }

    /** The name, or the first with a number behind it that is not taken. */
    private static String free(SftpConnection its, String folder, String name) throws SftpFailure {
        var path = folder + "/" + name;
        for (int i = 2; its.bytes(path).isPresent(); i++) path = folder + "/" + name + "." + i;
        return path;
    }

    @Override
    public void close() {
        var open = connection;
        connection = null;
        if (open != null) open.close();
    }
}
