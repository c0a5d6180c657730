package org.chartbridge.mllp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.chartbridge.mllp.Stray.Cause;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.stream.Stream;

/** Recognises by the first bytes of a connection who has called the wrong port. */
final class Caller {
    static final int LONGEST_GREETING = 8;

    // RFC 9110 §9, RFC 5789; PRI is the preface of HTTP/2 (RFC 9113 §3.4).
    private static final byte[][] HTTP_METHODS =
            Stream.of(
                            "GET ",
                            "PUT ",
                            "POST ",
                            "HEAD ",
                            "PATCH ",
                            "TRACE ",
                            "DELETE ",
                            "OPTIONS ",
                            "CONNECT ",
                            "PRI * ")
                    .map(method -> method.getBytes(US_ASCII))
                    .toArray(byte[][]::new);

    // A TLS record of type handshake, major version 3 (RFC 8446 §5.1).
    private static final byte[] TLS_HANDSHAKE = {0x16, 0x03};

    private Caller() {}

    /** HTTP or TLS, or null if these bytes are not, or not yet, the start of either. */
    static @Nullable Cause of(byte[] firstBytes) {
        if (startsWith(firstBytes, TLS_HANDSHAKE)) return Cause.TLS;
        for (var method : HTTP_METHODS) if (startsWith(firstBytes, method)) return Cause.HTTP;
        return null;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length
                && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }
}
