package org.chartbridge.cli;

import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.mllp.TlsUnusable;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.nio.file.Path;
import java.util.Optional;

/** Whether a connection to somebody else speaks TLS, and with which certificates. */
final class TlsOptions {
    @Option(names = "--tls", description = "Speak TLS 1.3 or 1.2.")
    boolean tls;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "PEM: whose certificates are trusted (whom this Java trusts).")
    @Nullable Path trust;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "PEM: the client certificate to show, and its authorities.")
    @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "PEM, PKCS #8: the key of that certificate.")
    @Nullable Path key;

    /** Empty without {@code --tls}. */
    Optional<Tls> read(CommandLine line) {
        if (!tls) {
            if (trust == null && certificate == null && key == null) return Optional.empty();
            throw new ParameterException(line, "--trust, --certificate and --key go with --tls");
        }
        if ((certificate == null) != (key == null))
            throw new ParameterException(line, "--certificate and --key go together");
        try {
            return Optional.of(Tls.ofClient(new TlsFiles(certificate, key, trust)));
        } catch (TlsUnusable e) {
            throw new ParameterException(line, e.getMessage() + "; " + e.remedy(), e);
        }
    }
}
