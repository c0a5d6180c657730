package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

/** Finds the MSH in bytes that may begin with a mark, framing bytes, blank lines or an envelope. */
final class Prologue {
    private Prologue() {}

    /** Where the first byte is that is no byte order mark, framing byte or white space. */
    static int skip(byte[] raw) {
        int at =
                raw.length >= 3
                                && raw[0] == (byte) 0xEF
                                && raw[1] == (byte) 0xBB
                                && raw[2] == (byte) 0xBF
                        ? 3
                        : 0;
        while (at < raw.length && isPadding(raw[at])) at++;
        return at;
    }

    private static boolean isPadding(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0x0B;
    }

    /** Whether MSH and a usable field separator stand here. */
    static boolean isHeader(byte[] bytes, int at) {
        return SegmentNames.isAt(bytes, at, "MSH")
                && at + 3 < bytes.length
                && Delimiters.canSeparate(bytes[at + 3]);
    }

    /** Offset of the line break or of the end, without end-of-frame bytes before it. */
    static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\r' && bytes[at] != '\n') at++;
        while (at > from && bytes[at - 1] == 0x1C) at--;
        return at;
    }

    /** Where the next line with content begins, or the end. */
    static int nextLine(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && (isPadding(bytes[at]) || bytes[at] == 0x1C)) at++;
        return at;
    }

    /** The delimiters of the MSH in {@code [from, to)}; null when MSH-2 can't be understood. */
    static @Nullable Delimiters delimiters(byte[] bytes, int from, int to) {
        byte field = bytes[from + 3];
        int end = from + 4;
        while (end < to && bytes[end] != field) end++;
        return Delimiters.read(bytes, (char) field, from + 4, end);
    }
}
