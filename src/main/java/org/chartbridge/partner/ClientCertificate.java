package org.chartbridge.partner;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/**
 * {@code certificate:} which certificate a partner's connections show. Whether it may be believed
 * is decided before, by the port's {@code trust}.
 */
public sealed interface ClientCertificate {

    /** Whether this is the one. */
    boolean fits(X509Certificate shown);

    /**
     * Any certificate of this name, so that a renewed one fits too.
     *
     * @param name and the same backwards: tools print it in both orders (RFC 4514 §2.1)
     */
    record Subject(X500Principal name, X500Principal backwards) implements ClientCertificate {
        @Override
        public boolean fits(X509Certificate shown) {
            var subject = shown.getSubjectX500Principal();
            return subject.equals(name) || subject.equals(backwards);
        }

        @Override
        public String toString() {
            return name.getName();
        }
    }

    /**
     * One certificate and no other.
     *
     * @param sha256 over its bytes, lower-case hex
     */
    record Fingerprint(String sha256) implements ClientCertificate {
        @Override
        public boolean fits(X509Certificate shown) {
            return fingerprint(shown).equals(sha256);
        }

        @Override
        public String toString() {
            return "SHA-256 " + sha256;
        }
    }

    /** SHA-256, with colons or without. */
    Pattern FINGERPRINT = Pattern.compile("(?i)([0-9a-f]{2}:?){31}[0-9a-f]{2}");

    /**
     * Reads {@code CN=lis,O=Northlab}, which must have a CN, or 64 hexadecimal digits; empty when
     * it is neither.
     */
    static Optional<ClientCertificate> parse(String text) {
        if (FINGERPRINT.matcher(text).matches())
            return Optional.of(new Fingerprint(text.replace(":", "").toLowerCase(Locale.ROOT)));
        try {
            var parts = new ArrayList<>(new LdapName(text).getRdns());
            if (parts.stream().anyMatch(p -> p.size() == 0)) return Optional.empty();
            // Half a subject, as a comma without quotes leaves it, has none.
            if (parts.stream().noneMatch(p -> p.getType().equalsIgnoreCase("CN")))
                return Optional.empty();
            Collections.reverse(parts);
            return Optional.of(
                    new Subject(
                            new X500Principal(text),
                            new X500Principal(new LdapName(parts).toString())));
        } catch (InvalidNameException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** For people, so that it can be copied into a file: name and SHA-256. */
    static String shown(X509Certificate certificate) {
        var name = certificate.getSubjectX500Principal().getName().replaceAll("\\p{Cntrl}", "?");
        return (name.length() <= 200 ? name : name.substring(0, 200))
                + " (SHA-256 "
                + fingerprint(certificate)
                + ")";
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
