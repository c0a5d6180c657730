package org.chartbridge.mllp;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * The PEM files of one side of TLS.
 *
 * @param certificate our own, followed by those of the authorities between it and the root; null
 *     for a client that shows none
 * @param key of our certificate, PKCS #8 without a password; null where {@code certificate} is
 * @param trust the authorities, or single certificates, that the other side's must come from; null
 *     for a server that asks for none, and for a client that trusts whom this Java trusts
 */
public record TlsFiles(@Nullable Path certificate, @Nullable Path key, @Nullable Path trust) {

    public TlsFiles {
        if ((certificate == null) != (key == null))
            throw new IllegalArgumentException("a certificate and its key come together");
    }
}
