package org.chartbridge.mapping;

import org.chartbridge.hl7.Delimiters;
import org.chartbridge.hl7.Message;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the bytes of a place by themselves, without the message around them and without the code
 * under test: decoded in their character set and state, escapes resolved.
 */
final class Decoded {
    private static final Pattern FORMAT =
            Pattern.compile("(?i)\\.(br|ce|sp|sk|in|ti|fi|nf)[ +-]?(\\d*)");

    private Decoded() {}

    static String text(Message message, Explained.Place place) {
        var text = new StringBuilder();
        Charset charset = StandardCharsets.UTF_8;
        for (var span : place.spans()) {
            if (!span.isEmpty()) text.append(decode(span.bytes(message.raw()), span.charset()));
            charset = span.charset();
        }
        var lines = text.toString().replaceAll("\\s*?(\r\n|\r|\n)+", "\n");
        return place.path().startsWith("MSH") || !place.path().contains("-")
                ? lines
                : unescape(lines, message.header().delimiters(), charset);
    }

    private static String decode(byte[] bytes, Charset charset) {
        var decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length * 2 + 4);
        var text = new StringBuilder();
        while (true) {
            var result = decoder.decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (!result.isError()) return text.toString();
            var wrong = new byte[result.length()];
            in.get(wrong);
            text.append("\\X").append(HexFormat.of().withUpperCase().formatHex(wrong)).append('\\');
            decoder.reset();
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) if (b < 0) return false;
        return true;
    }

    private static String unescape(String text, Delimiters d, Charset charset) {
        if (d.escape() == 0 || text.indexOf(d.escape()) < 0) return text;
        var e = Pattern.quote(String.valueOf(d.escape()));
        var out = new StringBuilder();
        int at = 0;
        var m = Pattern.compile(e + "([^" + e + "]*)" + e).matcher(text);
        while (m.find(at)) {
            var resolved = resolve(m, d, charset);
            out.append(text, at, m.start());
            if (resolved == null) {
                out.append(text, m.start(), m.end() - 1);
                at = m.end() - 1;
            } else {
                out.append(resolved);
                at = m.end();
            }
        }
        return out.append(text.substring(at)).toString();
    }

    private static @org.jspecify.annotations.Nullable String resolve(
            Matcher m, Delimiters d, Charset charset) {
        var word = m.group(1);
        switch (word) {
            case "F" -> {
                return String.valueOf(d.field());
            }
            case "S" -> {
                return String.valueOf(d.component());
            }
            case "T" -> {
                return String.valueOf(d.subcomponent() == 0 ? '&' : d.subcomponent());
            }
            case "R" -> {
                return String.valueOf(d.repetition() == 0 ? '~' : d.repetition());
            }
            case "E" -> {
                return String.valueOf(d.escape());
            }
            case "P" -> {
                return String.valueOf(d.truncation() == 0 ? '#' : d.truncation());
            }
            case "H", "N" -> {
                return "";
            }
            default -> {}
        }
        if (word.startsWith("X") && word.length() > 1) {
            try {
                var bytes = HexFormat.of().parseHex(word.substring(1));
                // ASCII is itself in each of them, also a switch that no set takes.
                return isAscii(bytes)
                        ? new String(bytes, StandardCharsets.US_ASCII)
                        : decode(bytes, charset);
            } catch (IllegalArgumentException none) {
                return null;
            }
        }
        var format = FORMAT.matcher(word);
        if (!format.matches()) return null;
        int times =
                format.group(2).isEmpty()
                        ? 1
                        : Math.max(1, Math.min(99, Integer.parseInt(format.group(2))));
        return switch (format.group(1).toLowerCase(java.util.Locale.ROOT)) {
            case "br", "ce" -> "\n";
            case "sp" -> "\n".repeat(times);
            case "sk" -> " ".repeat(times);
            default -> "";
        };
    }
}
