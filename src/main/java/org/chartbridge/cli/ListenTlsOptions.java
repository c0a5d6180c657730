package org.chartbridge.cli;

import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.mllp.TlsUnusable;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.nio.file.Path;

/** Whether a played partner's port speaks TLS, and which callers it lets in. */
final class ListenTlsOptions {
    @Option(names = "--tls", description = "Speak TLS 1.3 or 1.2, nothing else.")
    boolean tls;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "PEM: the port's certificate, and its authorities.")
    @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "PEM, PKCS #8: the key of that certificate.")
    @Nullable Path key;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "PEM: callers must show a certificate of one of these authorities.")
    @Nullable Path trust;

    /** Null without {@code --tls}. */
    @Nullable Tls read(CommandLine line) {
        if (!tls) {
            if (trust == null && certificate == null && key == null) return null;
            throw new ParameterException(line, "--trust, --certificate and --key go with --tls");
        }
        if (certificate == null || key == null)
            throw new ParameterException(
                    line, "--tls on a port wants --certificate and --key; see Ports in the help");
        try {
            return Tls.ofServer(
                    new TlsFiles(certificate, key, trust),
                    trust == null ? Tls.Ask.NONE : Tls.Ask.REQUIRED);
        } catch (TlsUnusable e) {
            throw new ParameterException(line, e.getMessage() + "; " + e.remedy(), e);
        }
    }
}
