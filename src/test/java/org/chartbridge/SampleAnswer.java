package org.chartbridge;

import org.chartbridge.SampleCase.Expected;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Compares an acknowledgement with what a sample wants, and with what holds for every answer. Reads
 * HL7 by itself, in the simplest way, so that a fault in the engine's reading can't hide one in its
 * writing.
 */
final class SampleAnswer {
    /** The versions of HL7, oldest first; others count as 2.5.1. */
    private static final List<String> VERSIONS =
            List.of(
                    "2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1",
                    "2.8", "2.8.1", "2.8.2");

    private static final Pattern CLASS_NAME =
            Pattern.compile("[a-z]+(\\.[a-z]+)+\\.[A-Z]|Exception");

    private final List<String> differences = new ArrayList<>();
    private final Line request;
    private final Segments answer;
    private final int version;

    private SampleAnswer(byte[] sent, byte[] got) {
        this.request = new Segments(sent).header();
        this.answer = new Segments(got);
        var known = VERSIONS.indexOf(answer.header().field(12));
        this.version = known < 0 ? VERSIONS.indexOf("2.5.1") : known;
    }

    /**
     * What differs, a line each: where, what was wanted, what came. Empty when all is as wanted.
     */
    static List<String> differences(Expected.Ack expected, byte[] sent, byte[] got) {
        var comparison = new SampleAnswer(sent, got);
        comparison.expected(expected);
        comparison.always(expected);
        return comparison.differences;
    }

    private void expected(Expected.Ack expected) {
        var msa = answer.first("MSA");
        same("MSA-1", expected.code(), msa.field(1));
        same("MSA-2", expected.to(), msa.field(2));
        if (expected.type() != null) same("MSH-9", expected.type(), answer.header().field(9));
        if (expected.errors() != null) errors(expected.errors());
    }

    private void errors(List<SampleCase.Fault> wanted) {
        var got = new ArrayList<Line>();
        for (var segment : answer.all("ERR")) if (segment.size() > 2) got.add(segment);
        for (var error : wanted) {
            Line nearest = null;
            int misses = Integer.MAX_VALUE;
            for (var candidate : got) {
                var count = misses(error, candidate).size();
                if (count < misses) {
                    misses = count;
                    nearest = candidate;
                }
            }
            if (nearest == null) {
                differences.add("ERR: wanted one at " + error.location() + ", got none");
            } else {
                differences.addAll(misses(error, nearest));
                got.remove(nearest);
            }
        }
        for (var other : got) differences.add("ERR: not wanted, got " + other);
    }

    private static List<String> misses(SampleCase.Fault wanted, Line got) {
        var misses = new ArrayList<String>();
        var place = got.field(2);
        if (!place.equals(wanted.location()) && !place.startsWith(wanted.location() + "^"))
            misses.add(difference("ERR-2", wanted.location(), place));
        miss(misses, "ERR-3.1 at " + place, wanted.code(), got.component(3));
        miss(misses, "ERR-4 at " + place, wanted.severity(), got.component(4));
        miss(misses, "ERR-5.1 at " + place, wanted.reason(), got.component(5));
        return misses;
    }

    private static void miss(
            List<String> misses, String where, @Nullable String wanted, String got) {
        if (wanted != null && !wanted.equals(got)) misses.add(difference(where, wanted, got));
    }

    /** What the README of the samples promises of every answer. */
    private void always(Expected.Ack expected) {
        var header = answer.header();
        if (request.size() > 0) {
            same("MSH-1", request.field(1), header.field(1));
            same("MSH-2", request.field(2), header.field(2));
            same("MSH-3", request.field(5), header.field(3));
            same("MSH-4", request.field(6), header.field(4));
            same("MSH-5", request.field(3), header.field(5));
            same("MSH-6", request.field(4), header.field(6));
            if (!request.field(11).isEmpty()) same("MSH-11", request.field(11), header.field(11));
            if (!request.field(12).isEmpty()) same("MSH-12", request.field(12), header.field(12));
            if (header.field(10).equals(request.field(10)))
                differences.add("MSH-10: wanted one of its own, got the request's");
        }
        if (header.field(10).isEmpty()) differences.add("MSH-10: wanted an id, got nothing");
        for (int field = 15; field <= 16; field++)
            if (!List.of("", "NE").contains(header.field(field)))
                differences.add(difference("MSH-" + field, "nothing or NE", header.field(field)));
        var msa = answer.first("MSA");
        for (var error : answer.all("ERR")) {
            if (version < VERSIONS.indexOf("2.5") && error.size() > 2)
                differences.add("ERR-2 and following: not before version 2.5, got " + error);
            if (version > VERSIONS.indexOf("2.6") && !error.field(1).isEmpty())
                differences.add("ERR-1: not after version 2.6, got " + error);
        }
        if (version > VERSIONS.indexOf("2.6") && !msa.field(3).isEmpty())
            differences.add("MSA-3: not after version 2.6, got " + msa);
        if (List.of("AE", "AR", "CE", "CR").contains(expected.code())) {
            var words = version > VERSIONS.indexOf("2.6") ? "" : msa.field(3);
            for (var error : answer.all("ERR")) words += error.field(8);
            if (words.isEmpty())
                differences.add("MSA-3, ERR-8: wanted a reason in words, got none");
        }
        if (CLASS_NAME.matcher(answer.text).find())
            differences.add("wanted words for people, got a class name: " + answer.text);
    }

    private void same(String where, String wanted, String got) {
        if (!wanted.equals(got)) differences.add(difference(where, wanted, got));
    }

    private static String difference(String where, String wanted, String got) {
        return where + ": wanted " + quoted(wanted) + ", got " + quoted(got);
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "nothing" : "'" + text + "'";
    }

    /** A message as lines. Bytes become characters one to one: only ASCII is compared. */
    private static final class Segments {
        final String text;
        private final List<String> lines;
        private final char separator;
        private final char component;

        Segments(byte[] bytes) {
            this.text = new String(bytes, StandardCharsets.ISO_8859_1);
            this.lines = Arrays.asList(text.split("[\r\n]+"));
            boolean hl7 = text.startsWith("MSH") && text.length() > 8;
            this.separator = hl7 ? text.charAt(3) : '|';
            this.component = hl7 ? text.charAt(4) : '^';
        }

        Line header() {
            return first("MSH");
        }

        Line first(String id) {
            return all(id).stream().findFirst().orElse(new Line("", separator, component));
        }

        List<Line> all(String id) {
            return lines.stream()
                    .filter(line -> line.startsWith(id))
                    .map(line -> new Line(line, separator, component))
                    .toList();
        }
    }

    private static final class Line {
        private final String text;
        private final String separator;
        private final List<String> fields;
        private final char component;

        Line(String text, char separator, char component) {
            this.text = text;
            this.separator = String.valueOf(separator);
            this.component = component;
            this.fields = new ArrayList<>(List.of(text.split(Pattern.quote(this.separator), -1)));
            if (text.startsWith("MSH")) fields.add(1, this.separator);
        }

        /** How many fields, the segment's name among them. */
        int size() {
            return text.isEmpty() ? 0 : fields.size();
        }

        String field(int number) {
            return number < fields.size() ? fields.get(number) : "";
        }

        String component(int field) {
            var whole = field(field);
            var end = whole.indexOf(component);
            return end < 0 ? whole : whole.substring(0, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
