package org.chartbridge.console;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes as lines for people: the end of a segment is shown, whatever does not print is marked.
 *
 * @param cut how many characters are not shown
 */
record RawText(List<Line> lines, long cut) {
    static final int MAX_CHARACTERS = 200_000;
    static final int MAX_LINE = 4_000;

    /**
     * A line.
     *
     * @param end {@code ⏎} for CR, {@code ↵} for LF, both for CRLF; empty for the last
     */
    record Line(int number, List<Piece> pieces, String end) {}

    /**
     * A run of text.
     *
     * @param odd it stands for something that does not print or could not be decoded
     */
    record Piece(String text, boolean odd) {}

    static RawText of(byte[] bytes, Charset charset) {
        var text = new String(bytes, charset);
        var shown = text.substring(0, Math.min(text.length(), MAX_CHARACTERS));
        var lines = new ArrayList<Line>();
        var cut = (long) text.length() - shown.length();
        for (int from = 0; from < shown.length(); ) {
            var to = from;
            while (to < shown.length() && shown.charAt(to) != '\r' && shown.charAt(to) != '\n')
                to++;
            var end = "";
            var next = to;
            if (next < shown.length() && shown.charAt(next) == '\r') {
                end = "⏎";
                next++;
            }
            if (next < shown.length() && shown.charAt(next) == '\n') {
                end += "↵";
                next++;
            }
            var visible = Math.min(to, from + MAX_LINE);
            var pieces = pieces(shown, from, visible);
            if (visible < to) {
                pieces.add(new Piece("… " + (to - visible) + " more characters", true));
                cut += to - visible;
            }
            lines.add(new Line(lines.size() + 1, pieces, end));
            from = next;
        }
        return new RawText(lines, cut);
    }

    private static List<Piece> pieces(String text, int from, int to) {
        var pieces = new ArrayList<Piece>();
        var plain = new StringBuilder();
        for (int i = from; i < to; ) {
            var c = text.codePointAt(i);
            if (prints(c)) plain.appendCodePoint(c);
            else {
                if (!plain.isEmpty()) pieces.add(new Piece(plain.toString(), false));
                plain.setLength(0);
                pieces.add(new Piece(mark(c), true));
            }
            i += Character.charCount(c);
        }
        if (!plain.isEmpty()) pieces.add(new Piece(plain.toString(), false));
        return pieces;
    }

    /** Not: controls, halves of pairs, marks that change the direction of what follows. */
    private static boolean prints(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE ->
                    false;
            default -> c != 0xFFFD;
        };
    }

    private static String mark(int c) {
        return c == 0xFFFD ? "�?" : c < 0x100 ? "%02X".formatted(c) : "U+%04X".formatted(c);
    }
}
