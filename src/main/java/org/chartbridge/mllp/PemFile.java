package org.chartbridge.mllp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads certificates and keys in PEM (RFC 7468). What is in a key is never told. */
final class PemFile {
    /** Chains and bundles of authorities are far below. */
    static final int MAX_BYTES = 1024 * 1024;

    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";

    private final Path file;
    private final byte[] content;

    private PemFile(Path file, byte[] content) {
        this.file = file;
        this.content = content;
    }

    static PemFile read(Path file) throws TlsUnusable {
        try {
            if (Files.size(file) > MAX_BYTES)
                throw new TlsUnusable(
                        file, "larger than " + MAX_BYTES + " bytes", "name a PEM file");
            return new PemFile(file, Files.readAllBytes(file));
        } catch (NoSuchFileException _) {
            throw new TlsUnusable(
                    file, "there is no such file", "correct the path, or put it there");
        } catch (TlsUnusable e) {
            throw e;
        } catch (IOException e) {
            throw new TlsUnusable(
                    file,
                    "can't be read (" + e.getClass().getSimpleName() + ")",
                    "name a file that the engine's user may read");
        }
    }

    /** One or more, in the order of the file. */
    List<X509Certificate> certificates() throws TlsUnusable {
        try {
            var found = new ArrayList<X509Certificate>();
            var factory = CertificateFactory.getInstance("X.509");
            for (var one : factory.generateCertificates(new ByteArrayInputStream(content)))
                if (one instanceof X509Certificate certificate) found.add(certificate);
            if (!found.isEmpty()) return List.copyOf(found);
        } catch (CertificateException _) { // Told below: its text says no more.
        }
        throw new TlsUnusable(
                file,
                "holds no certificate in PEM, or a broken one",
                "wanted -----BEGIN CERTIFICATE-----; openssl x509 -in FILE -noout -text shows what"
                        + " it holds");
    }

    /**
     * The private key.
     *
     * @param algorithm of the certificate's public key, for example RSA
     */
    PrivateKey key(String algorithm) throws TlsUnusable {
        var text = new String(content, ISO_8859_1);
        var begin = text.indexOf(KEY_BEGIN);
        var end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) throw new TlsUnusable(file, notAKey(text), CONVERT);
        try {
            var der =
                    Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException _) { // Could tell of the key.
            throw new TlsUnusable(
                    file,
                    "holds no " + algorithm + " key that fits the certificate, or a broken one",
                    "name the key that the certificate was made with");
        }
    }

    private static final String CONVERT =
            "wanted PKCS #8 without a password: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW, and"
                    + " chmod 600 NEW";

    private static String notAKey(String text) {
        if (text.contains("BEGIN ENCRYPTED PRIVATE KEY")) return "the key has a password";
        if (text.contains("BEGIN RSA PRIVATE KEY") || text.contains("BEGIN EC PRIVATE KEY"))
            return "the key is in an old format";
        return "holds no private key in PEM, or half of one";
    }

    Path file() {
        return file;
    }
}
