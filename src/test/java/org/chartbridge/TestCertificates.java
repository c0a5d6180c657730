package org.chartbridge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;

/**
 * Makes certificates (RFC 5280) for tests, which never lie in the repository: keys of EC P-256, for
 * localhost and 127.0.0.1.
 */
public final class TestCertificates {
    private static final AtomicInteger SERIALS = new AtomicInteger();
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    // ecdsa-with-SHA256, 1.2.840.10045.4.3.2.
    private static final byte[] SIGNED_WITH =
            der(0x30, der(0x06, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02));

    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestCertificates(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** A root. */
    public static TestCertificates authority(String name) {
        var keys = keys();
        var now = Instant.now();
        return new TestCertificates(
                keys,
                certificate(
                        name,
                        keys,
                        name,
                        keys,
                        now.minus(DAY),
                        now.plus(DAY.multipliedBy(99)),
                        true));
    }

    /** A certificate signed by this, valid now. */
    public TestCertificates signs(String name) {
        var now = Instant.now();
        return signs(name, now.minus(DAY), now.plus(DAY.multipliedBy(60)));
    }

    /** A certificate signed by this. */
    public TestCertificates signs(String name, Instant from, Instant until) {
        var its = keys();
        var issuer = certificate.getSubjectX500Principal().getName();
        return new TestCertificates(its, certificate(name, its, issuer, keys, from, until, false));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** Writes {@code name.pem} and {@code name.key} and gives the first. */
    public Path write(Path folder, String name) throws IOException {
        var encoded = encoded();
        Files.writeString(
                folder.resolve(name + ".key"), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        return Files.writeString(folder.resolve(name + ".pem"), encoded);
    }

    /** For a server that shows this, whatever its dates are. */
    public SSLContext server() {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry(
                    "own", keys.getPrivate(), new char[0], new Certificate[] {certificate});
            var managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(store, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In PEM. */
    public String encoded() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final Duration DAY = Duration.ofDays(1);

    private static String pem(String what, byte[] content) {
        return "-----BEGIN "
                + what
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END "
                + what
                + "-----\n";
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(
            String subject,
            KeyPair subjects,
            String issuer,
            KeyPair issuers,
            Instant from,
            Instant until,
            boolean authority) {
        try {
            var content =
                    der(
                            0x30,
                            der(0xA0, der(0x02, 2)),
                            der(0x02, SERIALS.incrementAndGet()),
                            SIGNED_WITH,
                            new X500Principal(issuer).getEncoded(),
                            der(0x30, time(from), time(until)),
                            new X500Principal(subject).getEncoded(),
                            subjects.getPublic().getEncoded(),
                            der(0xA3, der(0x30, authority ? isAuthority() : alternativeNames())));
            var signing = Signature.getInstance("SHA256withECDSA");
            signing.initSign(issuers.getPrivate());
            signing.update(content);
            var signature = signing.sign();
            var encoded = der(0x30, content, SIGNED_WITH, der(0x03, new byte[] {0}, signature));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // basicConstraints, 2.5.29.19, critical.
    private static byte[] isAuthority() {
        return der(
                0x30,
                der(0x06, 0x55, 0x1D, 0x13),
                der(0x01, 0xFF),
                der(0x04, der(0x30, der(0x01, 0xFF))));
    }

    // subjectAltName, 2.5.29.17: dNSName [2], iPAddress [7].
    private static byte[] alternativeNames() {
        return der(
                0x30,
                der(0x06, 0x55, 0x1D, 0x11),
                der(
                        0x04,
                        der(
                                0x30,
                                der(0x82, "localhost".getBytes(US_ASCII)),
                                der(0x87, InetAddress.ofLiteral("127.0.0.1").getAddress()))));
    }

    private static byte[] time(Instant time) {
        return der(0x17, UTC_TIME.format(time).getBytes(US_ASCII));
    }

    private static byte[] der(int tag, int... content) {
        var bytes = new byte[content.length];
        for (var i = 0; i < content.length; i++) bytes[i] = (byte) content[i];
        return der(tag, bytes);
    }

    // Tag, length in one to four bytes (X.690 §8.1.3), content.
    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) content.writeBytes(part);
        var all = new ByteArrayOutputStream();
        all.write(tag);
        var length = content.size();
        if (length < 128) {
            all.write(length);
        } else if (length < 256) {
            all.write(0x81);
            all.write(length);
        } else {
            all.write(0x82);
            all.write(length >> 8);
            all.write(length);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }
}
