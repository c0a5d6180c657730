package org.chartbridge.mllp;

import java.time.Duration;

/**
 * What one listener or client bears. {@link #defaults()} fits a clinic; change single ones by the
 * {@code with…} methods.
 *
 * @param maxFrameBytes largest content of a frame, default 16 MB. Checked while reading: one byte
 *     more and the connection is closed, so the sender gets no answer. A run of bytes between
 *     frames is bounded by it too.
 * @param maxStrayBytes how many bytes of what is no message are shown to the observer, default 8
 *     kB, at least 16
 * @param maxStraysInARow after so many runs of stray bytes without one whole frame the connection
 *     is closed, default 100
 * @param maxConnections open connections of the listener, default 4,000; further calls are closed
 *     at once
 * @param maxConnectionsPerPeer open connections from one IP address, default 2,000: a sender that
 *     opens a new one for every message and forgets the old must not keep others out
 * @param idleTimeout a connection without a byte for so long is closed; {@link Duration#ZERO}, the
 *     default, means never, since labs keep lines open for days. A message in work is not idleness.
 * @param frameTimeout in each such period a frame that has begun must end or grow by {@link
 *     #minProgressBytes}; an answer that is being written must move. Default 60 s.
 * @param minProgressBytes see {@link #frameTimeout}, default 1,024
 * @param strayPause bytes between frames are reported when nothing follows them for so long,
 *     default 1 s (or earlier, when a frame or the end follows)
 * @param needsCarriageReturn whether a frame ends only at 0x1C 0x0D. Default false: then 0x1C
 *     before 0x0B or 0x0A, at the end of the stream, or with nothing behind it for {@link
 *     #endGrace}, ends it as well. Any other byte behind 0x1C makes it part of the content in both
 *     cases.
 * @param endGrace how long to wait for the 0x0D, default 100 ms
 */
public record Limits(
        int maxFrameBytes,
        int maxStrayBytes,
        int maxStraysInARow,
        int maxConnections,
        int maxConnectionsPerPeer,
        Duration idleTimeout,
        Duration frameTimeout,
        int minProgressBytes,
        Duration strayPause,
        boolean needsCarriageReturn,
        Duration endGrace) {

    private static final Limits DEFAULTS =
            new Limits(
                    16 * 1024 * 1024,
                    8 * 1024,
                    100,
                    4_000,
                    2_000,
                    Duration.ZERO,
                    Duration.ofSeconds(60),
                    1_024,
                    Duration.ofSeconds(1),
                    false,
                    Duration.ofMillis(100));

    public Limits {
        atLeast("maxFrameBytes", 1, maxFrameBytes);
        atLeast("maxStrayBytes", 16, maxStrayBytes);
        atLeast("maxStraysInARow", 1, maxStraysInARow);
        atLeast("maxConnections", 1, maxConnections);
        atLeast("maxConnectionsPerPeer", 1, maxConnectionsPerPeer);
        atLeast("minProgressBytes", 1, minProgressBytes);
        if (idleTimeout.isNegative()) throw new IllegalArgumentException("idleTimeout < 0");
        positive("frameTimeout", frameTimeout);
        positive("strayPause", strayPause);
        positive("endGrace", endGrace);
    }

    public static Limits defaults() {
        return DEFAULTS;
    }

    public Limits withMaxFrameBytes(int bytes) {
        return new Limits(
                bytes,
                maxStrayBytes,
                maxStraysInARow,
                maxConnections,
                maxConnectionsPerPeer,
                idleTimeout,
                frameTimeout,
                minProgressBytes,
                strayPause,
                needsCarriageReturn,
                endGrace);
    }

    public Limits withStrays(int maxBytes, int maxInARow, Duration pause) {
        return new Limits(
                maxFrameBytes,
                maxBytes,
                maxInARow,
                maxConnections,
                maxConnectionsPerPeer,
                idleTimeout,
                frameTimeout,
                minProgressBytes,
                pause,
                needsCarriageReturn,
                endGrace);
    }

    public Limits withConnections(int max, int maxPerPeer) {
        return new Limits(
                maxFrameBytes,
                maxStrayBytes,
                maxStraysInARow,
                max,
                maxPerPeer,
                idleTimeout,
                frameTimeout,
                minProgressBytes,
                strayPause,
                needsCarriageReturn,
                endGrace);
    }

    public Limits withIdleTimeout(Duration timeout) {
        return new Limits(
                maxFrameBytes,
                maxStrayBytes,
                maxStraysInARow,
                maxConnections,
                maxConnectionsPerPeer,
                timeout,
                frameTimeout,
                minProgressBytes,
                strayPause,
                needsCarriageReturn,
                endGrace);
    }

    public Limits withFrameTimeout(Duration timeout) {
        return new Limits(
                maxFrameBytes,
                maxStrayBytes,
                maxStraysInARow,
                maxConnections,
                maxConnectionsPerPeer,
                idleTimeout,
                timeout,
                minProgressBytes,
                strayPause,
                needsCarriageReturn,
                endGrace);
    }

    public Limits withNeedsCarriageReturn(boolean needed) {
        return new Limits(
                maxFrameBytes,
                maxStrayBytes,
                maxStraysInARow,
                maxConnections,
                maxConnectionsPerPeer,
                idleTimeout,
                frameTimeout,
                minProgressBytes,
                strayPause,
                needed,
                endGrace);
    }

    private static void atLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + ": wanted at least " + least + ", got " + value);
        }
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": wanted more than zero, got " + value);
        }
    }
}
