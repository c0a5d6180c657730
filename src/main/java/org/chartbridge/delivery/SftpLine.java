package org.chartbridge.delivery;

import org.chartbridge.delivery.FolderLine.NotWritten;
import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.partner.Login;
import org.chartbridge.sftp.SftpConnection;
import org.chartbridge.sftp.SftpFailure;
import org.chartbridge.sftp.SftpFailure.Kind;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A folder of another machine into which each message is put as one file, over SFTP. It appears
 * under its name whole, or not at all: written as {@code .<name>.tmp}, measured, renamed. A file
 * that stands there under its name with the same bytes was left by an attempt before, and is not
 * written again.
 */
final class SftpLine implements Line {
    private final Endpoint.Sftp endpoint;
    private final Login login;
    private final SftpConnection connection;
    private final int limit;
    private int files;
    private volatile boolean open = true;
    private volatile long usedAt = System.nanoTime();

    private SftpLine(
            Endpoint.Sftp endpoint, Login login, SftpConnection connection, int limit, int files) {
        this.endpoint = endpoint;
        this.login = login;
        this.connection = connection;
        this.limit = limit;
        this.files = files;
    }

    /**
     * Connects, logs in, and looks whether the folder is there; blocks.
     *
     * @param limit how many files may lie there uncollected
     */
    static SftpLine open(Endpoint.Sftp endpoint, Login login, Duration timeout, int limit)
            throws CannotOpen {
        try {
            var connection = SftpConnection.open(endpoint.as(login), timeout);
            try {
                int files = count(connection, endpoint, limit);
                if (files < limit) return new SftpLine(endpoint, login, connection, limit, files);
                throw new CannotOpen(full(endpoint, limit));
            } catch (CannotOpen | SftpFailure e) {
                connection.close();
                throw e;
            }
        } catch (IllegalArgumentException _) { // Told when the route was loaded, too.
            throw CannotOpen.asking("SFTP wants user, password or key, and host-key in login");
        } catch (SftpFailure e) {
            throw switch (e.kind()) {
                case NO_CONNECTION -> new CannotOpen(String.valueOf(e.getMessage()));
                case NOT_LET_IN -> CannotOpen.asking(String.valueOf(e.getMessage()));
                case MISSING ->
                        CannotOpen.asking(
                                "there is no folder "
                                        + endpoint.address()
                                        + "; ask its owner to create it, or correct the route");
                case REFUSED -> CannotOpen.asking(words(endpoint, e));
                case LOST -> new CannotOpen(words(endpoint, e));
            };
        }
    }

    private static int count(SftpConnection connection, Endpoint.Sftp endpoint, int limit)
            throws SftpFailure {
        // What is done, and what others put there, counts too; a folder is listed to twice that.
        return (int)
                connection.list(endpoint.path(), 2 * limit).stream()
                        .filter(file -> file.name().endsWith(FolderLine.SUFFIX))
                        .filter(file -> !file.name().startsWith("."))
                        .count();
    }

    private static String full(Endpoint.Sftp endpoint, int limit) {
        return limit + " files wait in " + endpoint.address() + "; see that they are collected";
    }

    private static String words(Endpoint.Sftp endpoint, SftpFailure e) {
        return "the folder " + endpoint.address() + " takes nothing: " + e.getMessage();
    }

    @Override
    public boolean leadsTo(Endpoint wanted, Outbox outbox) {
        return endpoint.equals(wanted) && outbox.login().equals(Optional.of(login));
    }

    @Override
    public boolean isOpen() {
        return open && connection.isOpen();
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
        } catch (IOException e) {
            open = false; // Looked at anew before the next one.
            return CompletableFuture.failedFuture(e);
        } finally {
            usedAt = System.nanoTime();
        }
    }

    private void write(byte[] content, String name) throws IOException {
        var target = endpoint.path() + "/" + name + FolderLine.SUFFIX;
        var part = endpoint.path() + "/." + name + FolderLine.SUFFIX + ".tmp";
        boolean renaming = false;
        try {
            if (files >= limit) {
                files = count(connection, endpoint, limit);
                if (files >= limit) throw new NotWritten(full(endpoint, limit));
            }
            if (stands(target, content)) return;
            connection.write(part, content);
            if (connection.bytes(part).orElse(-1L) != content.length)
                throw new NotWritten(
                        "the folder "
                                + endpoint.address()
                                + " takes nothing: what was written is not there whole");
            renaming = true;
            connection.rename(part, target);
            files++;
        } catch (SftpFailure e) {
            if (renaming && e.kind() == Kind.LOST)
                throw new Ended(
                        new Outcome.Unknown(
                                "the connection ended while the file got its name; it is looked"
                                        + " for before it is written again"));
            throw new NotWritten(words(endpoint, e));
        }
    }

    /** Whether these bytes lie there under their name; others that do are taken away. */
    private boolean stands(String target, byte[] content) throws SftpFailure {
        var bytes = connection.bytes(target);
        if (bytes.isEmpty()) return false;
        if (bytes.get() == content.length
                && Arrays.equals(connection.read(target, content.length + 1), content)) return true;
        connection.remove(target); // What a person had made anew since.
        return false;
    }

    @Override
    public void close() {
        open = false;
        connection.close();
    }
}
