package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * The escapes that switch to another character set for the rest of a value, or until the next of
 * them (std 2.7.3): {@code \Cxxyy\} to one of single bytes, {@code \Mxxyyzz\} to one of several.
 * Their digits are those of an ISO 2022 escape sequence, and MSH-18 names the sets as alternates.
 *
 * @param charset null for the message's own
 * @param pairs whether characters are pairs of bytes below 0x80, as ISO 2022 sends them
 * @param before what stands before each character in {@code charset}; 0 for nothing
 */
record SetSwitch(@Nullable Charset charset, boolean pairs, int before) {
    private static final Map<String, SetSwitch> KNOWN =
            Map.ofEntries(
                    Map.entry("C2842", new SetSwitch(null, false, 0)), // ISO IR6, ASCII
                    Map.entry("C284A", new SetSwitch(null, false, 0)), // ISO IR14, JIS Roman
                    Map.entry("C2949", single("JIS_X0201")), // ISO IR13, Katakana
                    Map.entry("C2D41", single("ISO-8859-1")),
                    Map.entry("C2D42", single("ISO-8859-2")),
                    Map.entry("C2D43", single("ISO-8859-3")),
                    Map.entry("C2D44", single("ISO-8859-4")),
                    Map.entry("C2D4C", single("ISO-8859-5")),
                    Map.entry("C2D47", single("ISO-8859-6")),
                    Map.entry("C2D46", single("ISO-8859-7")),
                    Map.entry("C2D48", single("ISO-8859-8")),
                    Map.entry("C2D4D", single("ISO-8859-9")),
                    Map.entry("C2D62", single("ISO-8859-15")),
                    Map.entry("M2442", pairs("EUC-JP", 0)), // ISO IR87, JIS X 0208
                    Map.entry("M242844", pairs("EUC-JP", 0x8F)), // ISO IR159, JIS X 0212
                    Map.entry("M2440", pairs("EUC-JP", 0)), // ISO IR42, JIS C 6226-1978
                    Map.entry("M242842", pairs("EUC-JP", 0)),
                    Map.entry("M242942", single("EUC-JP")),
                    Map.entry("M2441", pairs("GB2312", 0)),
                    Map.entry("M242841", pairs("GB2312", 0)),
                    Map.entry("M242847", pairs("x-EUC-TW", 0)), // CNS 11643, plane 1
                    Map.entry("M242947", single("x-EUC-TW")),
                    Map.entry("M242843", pairs("EUC-KR", 0)),
                    Map.entry("M242941", single("GB2312")),
                    Map.entry("M242943", single("EUC-KR")));

    private static SetSwitch single(String charset) {
        return new SetSwitch(Charset.forName(charset), false, 0);
    }

    private static SetSwitch pairs(String charset, int before) {
        return new SetSwitch(Charset.forName(charset), true, before);
    }

    /** What stands between two escape characters; null when it switches to nothing we know. */
    static @Nullable SetSwitch of(byte[] bytes, int from, int to) {
        if (from == to || (bytes[from] != 'C' && bytes[from] != 'M')) return null;
        return KNOWN.get(
                new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)
                        .toUpperCase(Locale.ROOT));
    }

    /** The bytes of pairs as the character set has them; null when they are none. */
    byte @Nullable [] ofPairs(byte[] bytes, int from, int to) {
        if ((to - from) % 2 != 0) return null;
        int width = before == 0 ? 2 : 3;
        var out = new byte[(to - from) / 2 * width];
        int at = 0;
        for (int i = from; i < to; i += 2) {
            if (!isOfPair(bytes[i]) || !isOfPair(bytes[i + 1])) return null;
            if (before != 0) out[at++] = (byte) before;
            out[at++] = (byte) (bytes[i] | 0x80);
            out[at++] = (byte) (bytes[i + 1] | 0x80);
        }
        return out;
    }

    private static boolean isOfPair(byte one) {
        return one > 0x20 && one < 0x7F;
    }
}
