package org.chartbridge.mllp;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;

import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;

import javax.net.ssl.SSLException;

/**
 * Why two sides could not agree on TLS.
 *
 * @param certificate whose certificate it was about, {@code CN=lis, issued by CN=Northlab CA}; ""
 *     when none was shown. At most {@value #MAX_SHOWN} characters, on one line.
 */
public record TlsFailure(Cause cause, String certificate) {
    static final int MAX_SHOWN = 200;

    /** What went wrong, as this side sees it. */
    public enum Cause {
        NO_CERTIFICATE(
                "the other side showed no certificate",
                "give it a client certificate from an authority in trust"),
        UNTRUSTED(
                "the other side's certificate comes from nobody in trust",
                "add the authority that signed it to trust, or give it a certificate from one that"
                        + " is there"),
        EXPIRED("the other side's certificate has expired", "renew it there"),
        NOT_YET_VALID(
                "the other side's certificate is not valid yet",
                "compare the clocks of both machines, then the certificate's dates"),
        WRONG_NAME(
                "the other side's certificate is for another name",
                "connect by a name or address that stands in it (subject alternative name)"),
        REFUSED_OURS(
                "the other side refuses our certificate",
                "have the authority of our certificate added to what it trusts, and look at the"
                        + " dates of ours"),
        WANTS_OURS(
                "the other side wants a client certificate and got none",
                "name certificate and key for this connection; one from an authority that the other"
                        + " side does not trust is not shown"),
        NOT_TLS(
                "the other side does not speak TLS",
                "switch TLS on there, or use a port without TLS"),
        NOTHING_IN_COMMON(
                "the two sides have no TLS version or cipher in common",
                "wanted TLS 1.3 or 1.2 at the other side; older ones are not spoken"),
        TOO_SLOW(
                "the other side did not finish the TLS handshake in time",
                "look for a firewall between, and for a plain client that waits to be greeted"),
        BROKEN_OFF(
                "the other side hung up during the TLS handshake",
                "look into its log; a scan of ports looks like this, too"),
        OTHER("TLS failed", "look into the log of the other side");

        private final String words;
        private final String remedy;

        Cause(String words, String remedy) {
            this.words = words;
            this.remedy = remedy;
        }

        /** For people: "the other side showed no certificate". */
        public String words() {
            return words;
        }

        public String remedy() {
            return remedy;
        }
    }

    /** What failed; empty when TLS had no part in it. */
    public static Optional<TlsFailure> in(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause())
            if (e instanceof SSLException) return Optional.of(of(failure));
        return Optional.empty();
    }

    /** What a failed handshake failed of. */
    static TlsFailure of(Throwable failure) {
        var cause = Cause.OTHER;
        var certificate = "";
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof Trust.Refused refused) certificate = shown(refused);
            // What lies deeper knows more exactly.
            var found = causeOf(e);
            if (found != Cause.OTHER) cause = found;
        }
        return new TlsFailure(cause, certificate);
    }

    private static Cause causeOf(Throwable e) {
        return switch (e) {
            case NotSslRecordException _ -> Cause.NOT_TLS;
            case SslHandshakeTimeoutException _ -> Cause.TOO_SLOW;
            case CertificateExpiredException _ -> Cause.EXPIRED;
            case CertificateNotYetValidException _ -> Cause.NOT_YET_VALID;
            case CertPathBuilderException _ -> Cause.UNTRUSTED;
            case ClosedChannelException _ -> Cause.BROKEN_OFF;
            default -> byWords(String.valueOf(e.getMessage()));
        };
    }

    // Java has one exception for most of these; the alerts' names are those of RFC 8446 §6.2.
    private static Cause byWords(String message) {
        if (message.contains("Received fatal alert: ")) {
            return switch (message.replaceFirst(".*Received fatal alert: (\\w+).*", "$1")) {
                case "certificate_required" -> Cause.WANTS_OURS;
                case "bad_certificate",
                        "unsupported_certificate",
                        "certificate_revoked",
                        "certificate_expired",
                        "certificate_unknown",
                        "unknown_ca",
                        "access_denied" ->
                        Cause.REFUSED_OURS;
                case "protocol_version", "handshake_failure", "insufficient_security" ->
                        Cause.NOTHING_IN_COMMON;
                default -> Cause.OTHER;
            };
        }
        if (message.contains("unrecognized SSL message")
                || message.contains("Unrecognized SSL message")) return Cause.NOT_TLS;
        if (message.contains("Empty client certificate chain")) return Cause.NO_CERTIFICATE;
        if (message.contains("subject alternative") || message.startsWith("No name matching"))
            return Cause.WRONG_NAME;
        if (message.contains("not enabled or supported")
                || message.contains("cipher suites in common")
                || message.contains("No appropriate protocol")) return Cause.NOTHING_IN_COMMON;
        return Cause.OTHER;
    }

    /**
     * Whether the other side turned this one away before it read anything else: its alert is about
     * the certificates of the handshake.
     */
    public boolean turnedAway() {
        return cause == Cause.REFUSED_OURS || cause == Cause.WANTS_OURS;
    }

    /**
     * Whether trying again can't help until a person has changed something, here or there. A
     * handshake that took too long or broke off may come about the next time.
     */
    public boolean lasts() {
        return switch (cause) {
            case NO_CERTIFICATE,
                    UNTRUSTED,
                    EXPIRED,
                    NOT_YET_VALID,
                    WRONG_NAME,
                    REFUSED_OURS,
                    WANTS_OURS,
                    NOT_TLS,
                    NOTHING_IN_COMMON ->
                    true;
            case TOO_SLOW, BROKEN_OFF, OTHER -> false;
        };
    }

    private static String shown(Trust.Refused refused) {
        var text =
                refused.certificate().getSubjectX500Principal().getName()
                        + ", issued by "
                        + refused.certificate().getIssuerX500Principal().getName();
        var line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN);
    }

    /** {@code the other side's certificate has expired (CN=…); renew it there}. */
    @Override
    public String toString() {
        return cause.words
                + (certificate.isEmpty() ? "" : " (" + certificate + ")")
                + "; "
                + cause.remedy;
    }
}
