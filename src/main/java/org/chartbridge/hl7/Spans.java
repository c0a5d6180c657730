package org.chartbridge.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the bytes as they came that a stretch of normalised bytes was made of: several runs, where
 * the normaliser left something out between them (ADD, torn lines).
 */
final class Spans {
    private Spans() {}

    static List<Span> of(byte[] raw, Normaliser.Normalised normalised, Charset sent, long extent) {
        int from = (int) (extent >>> 32);
        int to = (int) extent;
        var spans = new ArrayList<Span>(1);
        if (from >= to) {
            int at = normalised.toRaw(from);
            return List.of(new Span(at, at, sent, shift(raw, at, sent)));
        }
        for (int at = from; at < to; ) {
            int next = Math.min(to, normalised.cut().inStepUntil(at));
            int start = normalised.toRaw(at);
            int end = normalised.transcoded().toRaw(normalised.cut().endToRaw(at, next));
            if (!spans.isEmpty() && spans.getLast().end() == start) {
                var last = spans.removeLast();
                spans.add(new Span(last.start(), end, sent, last.shift()));
            } else spans.add(new Span(start, end, sent, shift(raw, start, sent)));
            at = next;
        }
        return spans;
    }

    /** Escape sequences since the line began that still hold; each line begins in ASCII. */
    static String shift(byte[] raw, int start, Charset sent) {
        var switched = sent instanceof Switched several ? several : null;
        if (switched == null && !sent.name().startsWith("ISO-2022")) return "";
        int line = start;
        while (line > 0 && raw[line - 1] != '\r' && raw[line - 1] != '\n') line--;
        if (switched != null) return switched.shift(raw, line, start);
        var first = "";
        var second = "";
        for (int at = line; at < start; at++) {
            if (raw[at] != 0x1B) continue;
            int end = at + 1;
            while (end < start && raw[end] >= 0x20 && raw[end] <= 0x2F) end++;
            if (end == at + 1 || end >= start) continue;
            var sequence = new String(raw, at, end + 1 - at, StandardCharsets.ISO_8859_1);
            // ESC . designates the second set, all others of ISO-2022-JP-2 the first.
            if (raw[at + 1] == '.') second = sequence;
            else first = sequence.equals("\u001B(B") ? "" : sequence;
            at = end;
        }
        return second + first;
    }
}
