package org.chartbridge.sftp;

import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHFsyncExtension;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.chartbridge.sftp.SftpFailure.Kind;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One connection to one host. All calls block; none is for several threads. Neither the engine's
 * user's own keys nor its {@code ~/.ssh/config} are looked at.
 */
public final class SftpConnection implements AutoCloseable {
    /** A host that says nothing for so long is gone. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    private final SshClient ssh;
    private final ClientSession session;
    private final SftpClient sftp;

    private SftpConnection(SshClient ssh, ClientSession session, SftpClient sftp) {
        this.ssh = ssh;
        this.session = session;
        this.sftp = sftp;
    }

    /** A file of a folder. */
    public record Listed(String name, long bytes, Instant changed) {}

    /**
     * Connects, compares the host's key, logs in.
     *
     * @param timeout for each of these
     */
    public static SftpConnection open(SftpHost host, Duration timeout) throws SftpFailure {
        var shown = new AtomicReference<>("");
        var ssh = SshClient.setUpDefaultClient();
        ssh.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        ssh.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        ssh.setUserAuthFactoriesNames(host.key() != null ? "publickey" : "password");
        ssh.setServerKeyVerifier(
                (_, _, key) -> {
                    var fingerprint = fingerprint(key);
                    shown.set(fingerprint);
                    return host.hostKeys().contains(fingerprint);
                });
        CoreModuleProperties.IDLE_TIMEOUT.set(ssh, SILENCE);
        ssh.start();
        boolean connected = false;
        try {
            var session =
                    ssh.connect(host.user(), host.host(), host.port()).verify(timeout).getSession();
            connected = true;
            identify(session, host);
            session.auth().verify(timeout);
            return new SftpConnection(
                    ssh, session, SftpClientFactory.instance().createSftpClient(session));
        } catch (SftpFailure e) {
            ssh.stop();
            throw e;
        } catch (IOException | RuntimeException e) {
            ssh.stop();
            throw noConnection(host, connected, String.valueOf(shown.get()), e);
        }
    }

    private static void identify(ClientSession session, SftpHost host) throws SftpFailure {
        if (host.password() != null) session.addPasswordIdentity(host.password());
        var key = host.key();
        if (key == null) return;
        if (!Files.isReadable(key))
            throw new SftpFailure(
                    Kind.NOT_LET_IN, "the key " + key + " can't be read; put it there");
        int pairs = 0;
        try {
            for (var pair : new FileKeyPairProvider(key).loadKeys(session)) {
                session.addPublicKeyIdentity(pair);
                pairs++;
            }
        } catch (RuntimeException _) {
            pairs = 0;
        }
        if (pairs == 0)
            throw new SftpFailure(
                    Kind.NOT_LET_IN,
                    "the key "
                            + key
                            + " is none that can be used; wanted the format of OpenSSH, without a"
                            + " password");
    }

    private static SftpFailure noConnection(
            SftpHost host, boolean connected, String shown, Exception why) {
        if (!shown.isEmpty() && !host.hostKeys().contains(shown))
            return new SftpFailure(
                    Kind.NOT_LET_IN,
                    "the host "
                            + host
                            + " shows another key, "
                            + shown
                            + "; ask its owner, and only if it is theirs add it to host-key");
        if (connected && !shown.isEmpty())
            return new SftpFailure(
                    Kind.NOT_LET_IN,
                    "the host "
                            + host
                            + " does not let us in; look at user, password and key in login");
        return new SftpFailure(Kind.NO_CONNECTION, nobody(host, why));
    }

    private static String nobody(SftpHost host, Exception why) {
        for (Throwable e = why; e != null; e = e.getCause()) {
            if (e instanceof UnresolvedAddressException || e instanceof UnknownHostException)
                return "no such host: " + host.host();
            if (e instanceof ConnectException) return "nothing listens at " + host;
        }
        return "no SFTP with " + host + " in time; look for a firewall, and at the port";
    }

    /** As {@code ssh-keygen -l} shows it. */
    static String fingerprint(PublicKey key) {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }

    public boolean isOpen() {
        return session.isOpen() && sftp.isOpen();
    }

    // ------------------------------------------------------------ what can be done

    private interface Work<T> {
        T done() throws IOException;
    }

    private static <T> T told(Work<T> work) throws SftpFailure {
        try {
            return work.done();
        } catch (IOException | RuntimeException e) {
            // A listing wraps what the host said.
            for (Throwable why = e; why != null; why = why.getCause())
                if (why instanceof SftpException said) throw told(said.getStatus());
            throw new SftpFailure(Kind.LOST, "the connection ended");
        }
    }

    private static SftpFailure told(int status) {
        return switch (status) {
            case SftpConstants.SSH_FX_NO_SUCH_FILE, SftpConstants.SSH_FX_NO_SUCH_PATH ->
                    new SftpFailure(Kind.MISSING, "it is not there");
            case SftpConstants.SSH_FX_PERMISSION_DENIED, SftpConstants.SSH_FX_WRITE_PROTECT ->
                    new SftpFailure(Kind.REFUSED, "the engine may not do that there");
            case SftpConstants.SSH_FX_NO_SPACE_ON_FILESYSTEM, SftpConstants.SSH_FX_QUOTA_EXCEEDED ->
                    new SftpFailure(Kind.REFUSED, "no space left there");
            case SftpConstants.SSH_FX_NO_CONNECTION, SftpConstants.SSH_FX_CONNECTION_LOST ->
                    new SftpFailure(Kind.LOST, "the connection ended");
            default -> new SftpFailure(Kind.REFUSED, "the host said no (status " + status + ")");
        };
    }

    /** The plain files of a folder, up to a limit, in no order. */
    public List<Listed> list(String folder, int limit) throws SftpFailure {
        return told(
                () -> {
                    var found = new ArrayList<Listed>();
                    for (var entry : sftp.readDir(folder)) {
                        var its = entry.getAttributes();
                        if (!its.isRegularFile()) continue;
                        var changed = its.getModifyTime();
                        found.add(
                                new Listed(
                                        entry.getFilename(),
                                        its.getSize(),
                                        changed == null ? Instant.EPOCH : changed.toInstant()));
                        if (found.size() == limit) break;
                    }
                    return found;
                });
    }

    /** How long a file is; empty where there is none. */
    public Optional<Long> bytes(String path) throws SftpFailure {
        try {
            return Optional.of(told(() -> sftp.lstat(path).getSize()));
        } catch (SftpFailure e) {
            if (e.kind() == Kind.MISSING) return Optional.empty();
            throw e;
        }
    }

    /** A file's bytes, at most so many. */
    public byte[] read(String path, int most) throws SftpFailure {
        return told(
                () -> {
                    var content = new ByteArrayOutputStream();
                    try (var in = sftp.read(path)) {
                        content.write(in.readNBytes(most));
                    }
                    return content.toByteArray();
                });
    }

    /** Writes a file anew, and on disk where the host can say so. */
    public void write(String path, byte[] content) throws SftpFailure {
        told(
                () -> {
                    try (var file =
                            sftp.open(
                                    path,
                                    EnumSet.of(
                                            OpenMode.Write, OpenMode.Create, OpenMode.Truncate))) {
                        sftp.write(file, 0, content, 0, content.length);
                        var fsync = sftp.getExtension(OpenSSHFsyncExtension.class);
                        if (fsync != null && fsync.isSupported()) fsync.fsync(file);
                    }
                    return path;
                });
    }

    /** Renames a file; fails where something has the new name. */
    public void rename(String from, String to) throws SftpFailure {
        told(
                () -> {
                    sftp.rename(from, to);
                    return to;
                });
    }

    public void remove(String path) throws SftpFailure {
        told(
                () -> {
                    sftp.remove(path);
                    return path;
                });
    }

    /** Makes a folder where there is none. */
    public void folder(String path) throws SftpFailure {
        if (bytes(path).isPresent()) return;
        told(
                () -> {
                    sftp.mkdir(path);
                    return path;
                });
    }

    @Override
    public void close() {
        session.close(true);
        ssh.stop();
    }
}
