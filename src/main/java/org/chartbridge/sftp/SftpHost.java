package org.chartbridge.sftp;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * Who is called, as whom, and how it is known that it is them.
 *
 * @param password null where there is a key
 * @param key file of a private key (format of OpenSSH, without a password); null where there is a
 *     password
 * @param hostKeys fingerprints of its keys, {@code SHA256:…}; one of them must be shown
 */
public record SftpHost(
        String host,
        int port,
        String user,
        @Nullable String password,
        @Nullable Path key,
        List<String> hostKeys) {

    public SftpHost {
        hostKeys = List.copyOf(hostKeys);
        if ((password == null) == (key == null))
            throw new IllegalArgumentException("wanted a password or a key");
        if (hostKeys.isEmpty()) throw new IllegalArgumentException("a host is known by its key");
    }

    /** Says no secret. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
