package org.chartbridge.mapping;

import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Span;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The bytes of a message with other text in some of its places: each letter and digit is another
 * one, equal ones stay equal, and the delimiters stay where they are.
 */
final class Masked {

    /**
     * Left as they are: what the message is, the types of values, and the actions and statuses that
     * decide whether a segment belongs to a fact and to which.
     */
    private static final Set<String> FRAME =
            Set.of(
                    "MSH-1", "MSH-2", "MSH-9", "MSH-11", "MSH-12", "MSH-15", "MSH-16", "MSH-18",
                    "MSH-20", "OBX-2", "OBX-11", "SPM-11", "IAM-6", "IAM-17", "DG1-21", "PRB-1",
                    "RXA-20", "RXA-21", "ORC-1", "PV1-2");

    /**
     * What a place may say instead: other letters, nothing, or a code that stands for something
     * else in the tables where most letters mean the same.
     */
    static final List<UnaryOperator<String>> CHANGES =
            List.of(Masked::other, _ -> "", _ -> "CA", _ -> "Y");

    /** Every smallest place in which something stands. */
    private static List<Location> leaves(Message message) {
        var d = message.header().delimiters();
        var all = new ArrayList<Location>();
        for (var line : message.lines()) {
            boolean header = line.segment().equals("MSH");
            var fields = split(message.text(line), d.field());
            for (int f = 1; f < fields.length; f++) {
                int field = header ? f + 1 : f;
                if (header && field <= 2) continue;
                var repetitions = split(fields[f], d.repetition());
                for (int r = 1; r <= repetitions.length; r++) {
                    var components = split(repetitions[r - 1], d.component());
                    for (int c = 1; c <= components.length; c++) {
                        int parts = split(components[c - 1], d.subcomponent()).length;
                        for (int s = 1; s <= parts; s++)
                            all.add(new Location(line.segment(), line.ordinal(), field, r, c, s));
                    }
                }
            }
        }
        return all;
    }

    private static String[] split(String text, char delimiter) {
        return delimiter == 0
                ? new String[] {text}
                : text.split(Pattern.quote(String.valueOf(delimiter)), -1);
    }

    static boolean isFrame(Location place) {
        return FRAME.contains(place.segment() + "-" + place.field());
    }

    /** Whether one place is the other or a part of it, in whichever segment of that name. */
    static boolean isWithin(Location leaf, Location place) {
        return leaf.segment().equals(place.segment())
                && leaf.field() == place.field()
                && ((place.component() == 0 && place.repetition() == 0)
                        || leaf.repetition() == Math.max(1, place.repetition()))
                && (place.component() == 0 || leaf.component() == place.component())
                && (place.subcomponent() == 0 || leaf.subcomponent() == place.subcomponent());
    }

    /** What stands in one of the smallest places, and its bytes. */
    private record Leaf(Location place, Span span, String text) {}

    private final Message message;
    private final List<Leaf> leaves = new ArrayList<>();

    Masked(Message message) {
        this.message = message;
        for (var place : leaves(message))
            for (var span : message.spans(place)) {
                if (span.isEmpty()) continue;
                var text = new String(span.bytes(message.raw()), span.charset());
                if (!isNoNumber(place, text)) leaves.add(new Leaf(place, span, text));
            }
        leaves.sort(Comparator.comparingInt(leaf -> leaf.span().start()));
    }

    /** Any other text there would be the number of another patient. */
    private static boolean isNoNumber(Location place, String text) {
        return isNumberOfPatient(place) && PatientIdentifiers.isNoNumber(text);
    }

    private static boolean isNumberOfPatient(Location place) {
        return place.segment().equals("PID")
                && place.field() >= 2
                && place.field() <= 4
                && place.component() == 1;
    }

    /** A patient's number stays one: zeros alone would be none. */
    private static String changed(Leaf leaf, UnaryOperator<String> change) {
        var text = change.apply(leaf.text());
        return !text.isEmpty() && isNoNumber(leaf.place(), text) ? text + "8" : text;
    }

    /** The message with other text wherever the test says so. */
    byte[] with(Predicate<Location> changed, UnaryOperator<String> change) {
        var raw = message.raw();
        var out = new ByteArrayOutputStream(raw.length);
        int copied = 0;
        for (var leaf : leaves) {
            var span = leaf.span();
            if (span.start() < copied || !changed.test(leaf.place())) continue;
            out.write(raw, copied, span.start() - copied);
            out.writeBytes(changed(leaf, change).getBytes(span.charset()));
            copied = span.end();
        }
        out.write(raw, copied, raw.length - copied);
        return out.toByteArray();
    }

    /** Another text of the same form; of what looks like a date another decade. */
    static String other(String text) {
        return text.matches("\\d{8}.*")
                ? text.substring(0, 2) + scrambled(text.substring(2, 3)) + text.substring(3)
                : scrambled(text);
    }

    private static String scrambled(String text) {
        var other = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            if (c >= 'a' && c <= 'z')
                                other.append((char) ('a' + (c - 'a' + 13) % 26));
                            else if (c >= 'A' && c <= 'Z')
                                other.append((char) ('A' + (c - 'A' + 13) % 26));
                            else if (c >= '0' && c <= '9')
                                other.append((char) ('0' + (c - '0' + 3) % 10));
                            else if (c < 128) other.append((char) c);
                            else other.append('x');
                        });
        return other.toString();
    }

    /** The same place in whichever segment of that name. */
    static Location anywhere(Location place) {
        return new Location(
                place.segment(),
                0,
                place.field(),
                place.repetition(),
                place.component(),
                place.subcomponent());
    }
}
