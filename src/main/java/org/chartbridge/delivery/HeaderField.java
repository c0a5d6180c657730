package org.chartbridge.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a field of MSH stands among the bytes of a message, which begin with it: what is changed
 * there leaves everything else as it came, in whatever character set.
 *
 * @param from its first byte
 * @param to behind its last
 */
record HeaderField(int from, int to) {
    private static final byte[] MSH = "MSH".getBytes(StandardCharsets.US_ASCII);

    /**
     * Finds one.
     *
     * @param number from 3; the first of MSH is the separator
     * @return empty where there is no such field
     */
    static Optional<HeaderField> of(byte[] message, int number) {
        if (message.length < 4 || !Arrays.equals(message, 0, 3, MSH, 0, 3)) return Optional.empty();
        byte separator = message[3];
        int at = 1;
        int from = 3;
        for (int i = 3; i <= message.length; i++) {
            boolean ends = i == message.length || message[i] == '\r' || message[i] == '\n';
            if (!ends && message[i] != separator) continue;
            if (at == number) return Optional.of(new HeaderField(from, i));
            if (ends) return Optional.empty();
            at++;
            from = i + 1;
        }
        return Optional.empty();
    }

    boolean isEmpty() {
        return from == to;
    }

    /** Whether two messages say the same in it. */
    static boolean same(byte[] one, byte[] other, int number) {
        var its = of(one, number).orElse(new HeaderField(0, 0));
        var others = of(other, number).orElse(new HeaderField(0, 0));
        return Arrays.equals(one, its.from, its.to, other, others.from, others.to);
    }

    /** The message with another value in its place. */
    byte[] replaced(byte[] message, byte[] value) {
        var other = new byte[message.length - (to - from) + value.length];
        System.arraycopy(message, 0, other, 0, from);
        System.arraycopy(value, 0, other, from, value.length);
        System.arraycopy(message, to, other, from + value.length, message.length - to);
        return other;
    }
}
