package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Turns bytes into text without ever losing one silently, and decodes escapes (std 2.7). */
final class Text {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Line breaks and blanks that one \.sp12\ may ask for. */
    private static final int MAX_FORMATTED_REPEAT = 99;

    private Text() {}

    /** The text, or null when a byte can't be decoded. */
    static @Nullable String decodeStrictly(byte[] bytes, int from, int to, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Offset of the first byte in {@code [from, to)} that can't be decoded, or -1. */
    static int firstUndecodable(byte[] bytes, int from, int to, Charset charset) {
        var decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes, from, to - from);
        var out = CharBuffer.allocate(Math.min(to - from + 1, 4096));
        while (true) {
            var result = decoder.decode(in, out, true);
            if (result.isError()) return in.position();
            if (result.isUnderflow()) return -1;
            out.clear();
        }
    }

    /** The text; a byte that can't be decoded stands in it as the escape {@code \XE4\}. */
    static String decode(byte[] bytes, int from, int to, Charset charset) {
        if (isAscii(bytes, from, to))
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        var strict = decodeStrictly(bytes, from, to, charset);
        if (strict != null) return strict;
        var decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes, from, to - from);
        var out = CharBuffer.allocate(4096);
        var text = new StringBuilder(to - from + 16);
        while (true) {
            var result = decoder.decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (result.isUnderflow()) return text.toString();
            if (result.isError()) {
                text.append("\\X");
                for (int i = 0; i < result.length(); i++) text.append(HEX.toHexDigits(in.get()));
                text.append('\\');
                decoder.reset();
            }
        }
    }

    static boolean isAscii(byte[] bytes, int from, int to) {
        int seen = 0;
        for (int i = from; i < to; i++) seen |= bytes[i];
        return seen >= 0;
    }

    /**
     * The text of a value with its escapes decoded. An unknown escape or a lone escape character
     * stays as it is.
     *
     * @param bytes one value: no delimiters of the levels below are looked at
     * @param charset of the bytes
     * @param sent the message's own character set, which the bytes of \Xhh..\ are in
     */
    static String value(
            byte[] bytes, int from, int to, Charset charset, Charset sent, Delimiters delimiters) {
        if (!delimiters.hasEscape()) return decode(bytes, from, to, charset);
        int escape = delimiters.escape();
        int at = from;
        while (at < to && bytes[at] != escape) at++;
        if (at == to) return decode(bytes, from, to, charset);
        return switches(bytes, at, to, escape)
                ? ofSeveralSets(bytes, from, to, charset, sent, delimiters)
                : decodeBuffer(unescape(bytes, from, to, charset, sent, delimiters), charset);
    }

    private static boolean switches(byte[] bytes, int from, int to, int escape) {
        for (int i = from; i + 1 < to; i++)
            if (bytes[i] == escape && (bytes[i + 1] == 'C' || bytes[i + 1] == 'M')) return true;
        return false;
    }

    /** A value in which {@code \C..\} or {@code \M..\} switch to other character sets. */
    private static String ofSeveralSets(
            byte[] bytes, int from, int to, Charset charset, Charset sent, Delimiters delimiters) {
        byte escape = (byte) delimiters.escape();
        var text = new StringBuilder();
        @Nullable SetSwitch now = null;
        int begin = from;
        int at = from;
        while (at < to) {
            if (bytes[at] != escape) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < to && bytes[end] != escape) end++;
            if (end == to) break;
            var next = SetSwitch.of(bytes, at + 1, end);
            if (next != null) {
                text.append(part(bytes, begin, at, now, charset, sent, delimiters));
                now = next;
                begin = end + 1;
            }
            boolean known =
                    next != null
                            || writeEscaped(
                                    bytes,
                                    at + 1,
                                    end,
                                    charset,
                                    sent,
                                    delimiters,
                                    new ByteArrayOutputStream());
            at = known ? end + 1 : end;
        }
        return text.append(part(bytes, begin, to, now, charset, sent, delimiters)).toString();
    }

    /** What stands between two switches; pairs that are none stay as they were sent. */
    private static String part(
            byte[] bytes,
            int from,
            int to,
            @Nullable SetSwitch in,
            Charset charset,
            Charset sent,
            Delimiters delimiters) {
        var pairs = in != null && in.pairs() ? in.ofPairs(bytes, from, to) : null;
        var set = in == null ? null : in.charset();
        if (pairs != null && set != null) return decodeBuffer(pairs, set);
        var own = set == null || (in != null && in.pairs()) ? charset : set;
        return decodeBuffer(
                unescape(bytes, from, to, own, own.equals(charset) ? sent : own, delimiters), own);
    }

    private static String decodeBuffer(byte[] bytes, Charset charset) {
        return decode(bytes, 0, bytes.length, charset);
    }

    /** The bytes of a value with its escapes decoded, in the same character set. */
    static byte[] unescape(
            byte[] bytes, int from, int to, Charset charset, Charset sent, Delimiters delimiters) {
        byte escape = (byte) delimiters.escape();
        var out = new ByteArrayOutputStream(to - from);
        int at = from;
        while (at < to) {
            if (bytes[at] != escape) {
                out.write(bytes[at++]);
                continue;
            }
            int end = at + 1;
            while (end < to && bytes[end] != escape) end++;
            if (end == to) {
                out.write(bytes, at, to - at);
                return out.toByteArray();
            }
            if (writeEscaped(bytes, at + 1, end, charset, sent, delimiters, out)) {
                at = end + 1;
            } else {
                out.write(bytes, at, end - at);
                at = end;
            }
        }
        return out.toByteArray();
    }

    /** Decodes what stands between two escape characters; false when it is no escape we know. */
    private static boolean writeEscaped(
            byte[] bytes,
            int from,
            int to,
            Charset charset,
            Charset sent,
            Delimiters delimiters,
            ByteArrayOutputStream out) {
        if (from == to) return false;
        char kind = (char) bytes[from];
        if (to - from == 1) {
            char written =
                    switch (kind) {
                        case 'F' -> delimiters.field();
                        case 'S' -> delimiters.component();
                        case 'T' ->
                                delimiters.subcomponent() == Delimiters.NONE
                                        ? '&'
                                        : delimiters.subcomponent();
                        case 'R' ->
                                delimiters.repetition() == Delimiters.NONE
                                        ? '~'
                                        : delimiters.repetition();
                        case 'E' -> delimiters.escape();
                        case 'P' ->
                                delimiters.truncation() == Delimiters.NONE
                                        ? '#'
                                        : delimiters.truncation();
                        default -> Delimiters.NONE;
                    };
            if (written != Delimiters.NONE) out.write(written);
            // \H\ and \N\ switch highlighting, which has no text.
            return written != Delimiters.NONE || kind == 'H' || kind == 'N';
        }
        if (kind == 'X') return writeHex(bytes, from + 1, to, charset, sent, out);
        return kind == '.' && writeFormatted(bytes, from + 1, to, out);
    }

    private static boolean writeHex(
            byte[] bytes,
            int from,
            int to,
            Charset charset,
            Charset sent,
            ByteArrayOutputStream out) {
        if ((to - from) % 2 != 0) return false;
        for (int i = from; i < to; i++) if (!HexFormat.isHexDigit(bytes[i])) return false;
        var meant = new byte[(to - from) / 2];
        for (int i = 0; i < meant.length; i++)
            meant[i] =
                    (byte)
                            (HexFormat.fromHexDigit(bytes[from + 2 * i]) << 4
                                    | HexFormat.fromHexDigit(bytes[from + 2 * i + 1]));
        if (!charset.equals(sent) && !isAscii(meant, 0, meant.length))
            meant = decode(meant, 0, meant.length, sent).getBytes(charset);
        out.writeBytes(meant);
        return true;
    }

    /** Formatting commands of FT and TX (std 2.7.6): what breaks a line or leaves room is kept. */
    private static boolean writeFormatted(
            byte[] bytes, int from, int to, ByteArrayOutputStream out) {
        if (to - from < 2) return false;
        // The standard writes them in small letters, some senders in capitals.
        var command =
                new String(bytes, from, 2, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        int number = number(bytes, from + 2, to);
        if (number < 0) return false;
        switch (command) {
            case "br", "ce" -> out.write('\n');
            case "sp" -> {
                for (int i = 0; i < Math.max(1, number); i++) out.write('\n');
            }
            case "sk" -> {
                for (int i = 0; i < Math.max(1, number); i++) out.write(' ');
            }
            case "in", "ti", "fi", "nf" -> {
                // Indents and word wrap have no text.
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * The number after a formatting command, 0 when there is none, -1 when it is something else.
     */
    private static int number(byte[] bytes, int from, int to) {
        if (from < to && (bytes[from] == '+' || bytes[from] == '-' || bytes[from] == ' ')) from++;
        int number = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') return -1;
            number = Math.min(MAX_FORMATTED_REPEAT, number * 10 + bytes[i] - '0');
        }
        return number;
    }
}
