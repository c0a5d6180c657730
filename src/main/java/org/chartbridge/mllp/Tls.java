package org.chartbridge.mllp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS 1.3 and 1.2 for one port, or for connections to others: which certificate is shown and whose
 * is trusted. The files may be exchanged while connections are open: {@link #refresh} takes the new
 * ones for the handshakes that follow and leaves open connections alone.
 *
 * <p>Revocation lists are not asked: a certificate is withdrawn by taking it, or its authority, out
 * of {@code trust}, or out of the partner that it belongs to.
 */
public final class Tls {
    /** How long a handshake may take; a peer that drips its bytes is cut then. */
    public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    /** Whether a port asks its callers for a certificate. */
    public enum Ask {
        NONE,
        /** A caller may show one, and it must be trusted then. */
        OPTIONAL,
        REQUIRED
    }

    private final TlsFiles files;
    private final @Nullable Ask ask;
    private volatile Loaded loaded;
    private String seen = "";
    private String tried;
    private volatile boolean newest = true;
    private volatile Duration handshakeTimeout = HANDSHAKE_TIMEOUT;

    private record Loaded(SslContext context, @Nullable X509Certificate own) {}

    private Tls(TlsFiles files, @Nullable Ask ask) throws TlsUnusable {
        this.files = files;
        this.ask = ask;
        this.tried = signature();
        this.seen = tried;
        this.loaded = load();
    }

    /**
     * For a port.
     *
     * @throws TlsUnusable when a file is missing or broken, the key belongs to another certificate,
     *     or the certificate is out of date
     */
    public static Tls ofServer(TlsFiles files, Ask ask) throws TlsUnusable {
        if (files.certificate() == null)
            throw new IllegalArgumentException("a server shows a certificate");
        if (ask != Ask.NONE && files.trust() == null)
            throw new IllegalArgumentException("who asks for certificates trusts somebody");
        return new Tls(files, ask);
    }

    /**
     * For connections to others. The other side's certificate must be trusted and must name the
     * host that is called.
     */
    public static Tls ofClient(TlsFiles files) throws TlsUnusable {
        return new Tls(files, null);
    }

    /**
     * Takes files that have changed since the last call and were then already as they are now, so
     * that half-written ones are left alone. On failure the certificates before stay in use.
     *
     * @return whether new ones are in use
     * @throws TlsUnusable once for each change that can't be used
     */
    public synchronized boolean refresh() throws TlsUnusable {
        var now = signature();
        var stable = now.equals(seen);
        seen = now;
        if (!stable || now.equals(tried)) return false;
        tried = now;
        newest = false;
        loaded = load();
        newest = true;
        return true;
    }

    /** Whether what is in use is what the files said when they were read last. */
    public boolean isNewest() {
        return newest;
    }

    /** For the log: {@code CN=engine, SHA-256 …, until 2027-03-01T00:00:00Z}; "" for none. */
    public String certificate() {
        var own = loaded.own;
        return own == null
                ? ""
                : own.getSubjectX500Principal().getName()
                        + ", SHA-256 "
                        + fingerprint(own)
                        + ", until "
                        + own.getNotAfter().toInstant();
    }

    /** When our certificate ends; {@link Instant#MAX} without one. */
    public Instant validUntil() {
        var own = loaded.own;
        return own == null ? Instant.MAX : own.getNotAfter().toInstant();
    }

    /** SHA-256 over a certificate's bytes, lower-case hex. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    SslHandler handler(ByteBufAllocator memory) {
        return limited(loaded.context.newHandler(memory));
    }

    SslHandler handler(ByteBufAllocator memory, InetSocketAddress to) {
        return limited(loaded.context.newHandler(memory, to.getHostString(), to.getPort()));
    }

    /** For connections that Java opens itself: what is in use now. */
    public SSLContext context() {
        if (loaded.context instanceof JdkSslContext java) return java.context();
        throw new IllegalStateException("made by the JDK's provider");
    }

    /** The versions that are spoken, and that the other side's certificate must name the host. */
    public static SSLParameters parameters() {
        var parameters = new SSLParameters();
        parameters.setProtocols(VERSIONS.toArray(String[]::new));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    /** For tests, which don't wait so long. */
    void handshakeWithin(Duration time) {
        handshakeTimeout = time;
    }

    private SslHandler limited(SslHandler handler) {
        handler.setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private Loaded load() throws TlsUnusable {
        var own = List.<X509Certificate>of();
        PrivateKey key = null;
        if (files.certificate() != null && files.key() != null) {
            own = PemFile.read(files.certificate()).certificates();
            key = PemFile.read(files.key()).key(own.getFirst().getPublicKey().getAlgorithm());
            if (!belongs(key, own.getFirst().getPublicKey()))
                throw new TlsUnusable(
                        files.key(),
                        "is the key of another certificate than " + files.certificate(),
                        "name the key that the certificate was made with; while both are being"
                                + " exchanged, write the second file too");
            inDate(files.certificate(), own.getFirst());
        }
        var trust = files.trust() == null && ask != null ? null : trusted(files.trust());
        try {
            return new Loaded(context(own, key, trust), own.isEmpty() ? null : own.getFirst());
        } catch (SSLException e) {
            var file = files.certificate() != null ? files.certificate() : files.trust();
            throw new TlsUnusable(
                    file == null ? Path.of("TLS") : file,
                    "Java can't use it for TLS (" + e.getClass().getSimpleName() + ")",
                    "wanted RSA of at least 2,048 bits, or EC P-256");
        }
    }

    private SslContext context(
            List<X509Certificate> own, @Nullable PrivateKey key, @Nullable Trust trust)
            throws SSLException {
        var chain = own.toArray(X509Certificate[]::new);
        SslContextBuilder builder;
        if (ask != null && key != null) {
            builder =
                    SslContextBuilder.forServer(key, chain)
                            .clientAuth(
                                    switch (ask) {
                                        case NONE -> ClientAuth.NONE;
                                        case OPTIONAL -> ClientAuth.OPTIONAL;
                                        case REQUIRED -> ClientAuth.REQUIRE;
                                    });
        } else {
            builder = SslContextBuilder.forClient();
            if (key != null) builder.keyManager(key, chain);
        }
        if (trust != null) builder.trustManager(trust);
        return builder.sslProvider(SslProvider.JDK).protocols(VERSIONS).build();
    }

    private static void inDate(Path file, X509Certificate certificate) throws TlsUnusable {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException _) {
            throw new TlsUnusable(
                    file,
                    "the certificate expired on " + certificate.getNotAfter().toInstant(),
                    "renew it");
        } catch (CertificateNotYetValidException _) {
            throw new TlsUnusable(
                    file,
                    "the certificate is valid from " + certificate.getNotBefore().toInstant(),
                    "look at this machine's clock, then at the certificate");
        }
    }

    /** Those of a file; without one the authorities that come with Java. */
    private static Trust trusted(@Nullable Path file) throws TlsUnusable {
        try {
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(file == null ? null : store(PemFile.read(file).certificates()));
            for (var manager : factory.getTrustManagers())
                if (manager instanceof X509ExtendedTrustManager java) return new Trust(java);
            throw new IllegalStateException("every Java judges certificates");
        } catch (TlsUnusable e) {
            throw e;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java has an empty key store", e);
        }
    }

    private static KeyStore store(List<X509Certificate> certificates)
            throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        var number = 0;
        for (var certificate : certificates)
            store.setCertificateEntry("trusted-" + ++number, certificate);
        return store;
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) {
        var algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        var sample = new byte[] {1, 2, 3};
        try {
            var signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(sample);
            var signed = signing.sign();
            signing.initVerify(certified);
            signing.update(sample);
            return signing.verify(signed);
        } catch (GeneralSecurityException _) { // Not even a key for signing.
            return false;
        }
    }

    /** Names, sizes and times: enough to see that something was written. */
    private String signature() {
        var signature = new StringBuilder();
        Stream.of(files.certificate(), files.key(), files.trust())
                .forEach(
                        file -> {
                            if (file == null) return;
                            try {
                                signature
                                        .append(Files.size(file))
                                        .append(' ')
                                        .append(Files.getLastModifiedTime(file))
                                        .append(' ')
                                        // Mounted secrets are exchanged by moving a link.
                                        .append(file.toRealPath())
                                        .append('\n');
                            } catch (IOException _) { // Not there now is a signature too.
                                signature.append("-\n");
                            }
                        });
        return signature.toString();
    }
}
