package org.chartbridge.console;

import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Span;
import org.chartbridge.intake.Explain.Explanation;
import org.chartbridge.mapping.Explained;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** One fact of a message with where it comes from, in words and bytes for people. */
record ShownFact(String kind, String path, List<Attribute> attributes) {

    /** Characters that are shown around and between marked bytes; a document has millions. */
    static final int MAX_AROUND = 400;

    static final int MAX_MARKED = 2_000;

    /** Segments that are shown of one attribute. */
    static final int MAX_LINES = 20;

    /**
     * One attribute.
     *
     * @param codes where a row of codes.csv made it; else empty
     * @param repairs the rules that changed what was sent before it was read; usually none
     * @param empty places that were looked at first and hold nothing
     * @param ranges the bytes in words
     */
    record Attribute(
            String name,
            String value,
            String rule,
            String sentence,
            String source,
            String codes,
            List<String> repairs,
            List<String> places,
            List<String> empty,
            List<MarkedLine> lines,
            List<String> ranges) {}

    /** A segment as it came, the bytes that count marked. */
    record MarkedLine(String path, List<Piece> pieces) {}

    record Piece(String text, boolean marked) {}

    static ShownFact of(Explained fact, Explanation explanation) {
        return new ShownFact(
                words(fact.kind()),
                fact.path(),
                fact.attributes().stream().map(one -> attribute(one, explanation)).toList());
    }

    private static Attribute attribute(Explained.Attribute one, Explanation explanation) {
        var message = explanation.message();
        var places = new ArrayList<String>();
        var empty = new ArrayList<String>();
        var spans = new ArrayList<Span>();
        for (var place : one.places()) {
            var sent = place.spans().stream().filter(span -> !span.isEmpty()).toList();
            (sent.isEmpty() ? empty : places).add(place.path());
            spans.addAll(sent);
        }
        var merged = merged(spans, message);
        var rule = one.rule();
        return new Attribute(
                words(one.name()),
                one.value(),
                rule == null ? "" : rule.id(),
                rule == null ? "No rule is known for this; please report it." : rule.sentence(),
                rule == null ? "" : rule.source(),
                one.codesLine() == 0
                        ? ""
                        : explanation.partner()
                                + "/codes.csv:"
                                + one.codesLine()
                                + ", version "
                                + shortened(explanation.version()),
                one.repairs(),
                places,
                empty,
                lines(merged, message),
                merged.stream().map(ShownFact::inWords).toList());
    }

    private static String shortened(String version) {
        return version.substring(0, Math.min(12, version.length()));
    }

    private static String inWords(Span span) {
        var bytes =
                span.end() - span.start() == 1
                        ? "byte " + span.start()
                        : "bytes " + span.start() + " to " + (span.end() - 1);
        var state = span.state().isEmpty() ? "" : ", state " + span.state();
        return bytes + " (" + span.charset().name() + state + ")";
    }

    /** In order, each byte once. */
    private static List<Span> merged(List<Span> spans, Message message) {
        var merged = new ArrayList<Span>();
        for (var span : spans.stream().sorted(Comparator.comparingInt(Span::start)).toList()) {
            if (!merged.isEmpty() && span.start() < merged.getLast().end()) {
                var last = merged.removeLast();
                merged.add(message.span(last.start(), Math.max(last.end(), span.end())));
            } else merged.add(span);
        }
        return merged;
    }

    private static List<MarkedLine> lines(List<Span> spans, Message message) {
        var lines = new ArrayList<MarkedLine>();
        int next = 0;
        for (var line : message.lines()) {
            var here = new ArrayList<Span>();
            while (next < spans.size() && spans.get(next).start() < line.end())
                here.add(spans.get(next++));
            if (here.isEmpty()) continue;
            if (lines.size() == MAX_LINES) break;
            lines.add(new MarkedLine(line.location().toString(), pieces(line, here, message)));
        }
        return lines;
    }

    private static List<Piece> pieces(Line line, List<Span> spans, Message message) {
        var pieces = new ArrayList<Piece>();
        int at = line.start();
        for (var span : spans) {
            add(pieces, text(message, at, span.start()), false);
            add(pieces, text(message, span.start(), span.end()), true);
            at = span.end();
        }
        add(pieces, text(message, at, line.end()), false);
        return pieces;
    }

    private static void add(List<Piece> pieces, String text, boolean marked) {
        int most = marked ? MAX_MARKED : MAX_AROUND;
        if (text.length() > most)
            text = text.substring(0, most) + " … " + (text.length() - most) + " more characters";
        if (!text.isEmpty()) pieces.add(new Piece(text, marked));
    }

    private static String text(Message message, int from, int to) {
        if (from >= to) return "";
        var span = message.span(from, to);
        return new String(span.bytes(message.raw()), span.charset());
    }

    /** {@code translation.loinc} and {@code fillerNumber} as a person reads them. */
    static String words(String name) {
        var words =
                name.replaceAll("([a-z])([A-Z])", "$1 $2")
                        .replaceAll("[.\\-_]", " ")
                        .toLowerCase(Locale.ROOT)
                        .replace("loinc", "LOINC")
                        .replace("ucum", "UCUM")
                        .strip();
        return words.isEmpty() ? "" : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
