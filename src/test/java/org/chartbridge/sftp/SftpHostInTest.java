package org.chartbridge.sftp;

import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.chartbridge.partner.Login;
import org.chartbridge.partner.Yaml.Place;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An SFTP host on loopback with one user, whose files are a folder here; breaks when told to. */
public final class SftpHostInTest implements AutoCloseable {
    /** What becomes of the next renaming. */
    public enum Renaming {
        WELL,
        REFUSED,
        /** Done, and the connection ends before anybody hears of it. */
        CUT_AFTER,
        CUT_BEFORE
    }

    private final KeyPair keys;
    private final SshServer server = SshServer.setUpDefaultServer();
    private final AtomicInteger well = new AtomicInteger();
    private volatile Renaming renaming = Renaming.WELL;
    private volatile @Nullable PublicKey known;

    public SftpHostInTest(Path folder) throws IOException {
        this(folder, keys());
    }

    /**
     * @param keys by which it is known
     */
    SftpHostInTest(Path folder, KeyPair keys) throws IOException {
        this.keys = keys;
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(keys));
        server.setPasswordAuthenticator(
                (user, password, _) -> user.equals("clinic") && password.equals("s3cret"));
        server.setPublickeyAuthenticator(
                (user, key, _) -> user.equals("clinic") && KeyUtils.compareKeys(key, known));
        server.setFileSystemFactory(new VirtualFileSystemFactory(folder));
        var files = new SftpSubsystemFactory();
        files.addSftpEventListener(new Breaking());
        server.setSubsystemFactories(List.of(files));
        server.start();
    }

    private final class Breaking implements SftpEventListener {
        @Override
        public void moving(
                ServerSession session, Path from, Path to, Collection<CopyOption> options)
                throws IOException {
            if (well.getAndUpdate(left -> Math.max(0, left - 1)) > 0) return;
            switch (renaming) {
                case WELL, CUT_AFTER -> {}
                case REFUSED -> {
                    renaming = Renaming.WELL;
                    throw new AccessDeniedException("no");
                }
                case CUT_BEFORE -> {
                    renaming = Renaming.WELL;
                    session.close(true);
                    throw new IOException("cut");
                }
            }
        }

        @Override
        public void moved(
                ServerSession session,
                Path from,
                Path to,
                Collection<CopyOption> options,
                @Nullable Throwable thrown) {
            if (renaming != Renaming.CUT_AFTER) return;
            renaming = Renaming.WELL;
            session.close(true);
        }
    }

    public void next(Renaming what) {
        after(0, what);
    }

    /** The same after some that go well. */
    public void after(int renamings, Renaming what) {
        well.set(renamings);
        renaming = what;
    }

    /** Lets the user in by this key too. */
    public void knows(PublicKey key) {
        known = key;
    }

    public int port() {
        return server.getPort();
    }

    /** As {@code ssh-keygen -l} shows it. */
    public String fingerprint() {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, keys.getPublic());
    }

    /** One that gets in. */
    public Login login() {
        return login("s3cret", fingerprint());
    }

    public static Login login(String password, String hostKey) {
        return new Login("clinic", password, null, null, List.of(hostKey), new Place(1, 1));
    }

    /** As {@code ssh-keygen} writes a private key. */
    public static void write(KeyPair keys, OutputStream out) throws Exception {
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(keys, "", null, out);
    }

    public static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
