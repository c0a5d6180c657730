package org.chartbridge.placing;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.placing.Placing.Ending;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The end of an order that was placed here, or what else becomes of it: the message that last
 * stated it once more, with that word in ORC-1 (HL7 v2.5.1 §4.5.1.1), and what changes. So the
 * chart keeps all that was said of it, and whoever gets it reads what is ended. Other orders of
 * that message are left out. Pure.
 */
final class EndingMessage {
    private static final DateTimeFormatter TIMES =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmssxx", Locale.ROOT);

    private EndingMessage() {}

    /**
     * The message; empty when the order does not stand in the one before.
     *
     * @param before as {@link PlacedMessage} or this wrote it
     * @param zone of the partner in whose name it was placed
     * @param number of the message, never given twice
     */
    static Optional<byte[]> of(byte[] before, Ending ending, ZoneId zone, long number) {
        if (!(Message.read(before, StandardCharsets.UTF_8)
                instanceof Reading.Readable(var message))) return Optional.empty();
        var text = Rewriting.of(message);
        var others = new HashSet<Segment>();
        boolean ofAnother = false;
        boolean found = false;
        for (var segment : text.segments()) {
            if (segment.name().equals("ORC")) {
                ofAnother = !number(text, segment).equals(ending.number());
                found |= !ofAnother;
                if (!ofAnother) {
                    // ORC-9 stays: when it was ordered is not when it ends, which MSH-7 says.
                    text.set(segment, 1, 1, 1, 1, ending.control());
                    text.set(segment, 10, 1, 1, 1, ending.account());
                    if (!ending.reason().isEmpty()) text.set(segment, 16, 1, 2, 1, ending.reason());
                }
            }
            if (ofAnother) others.add(segment);
        }
        if (!found) return Optional.empty();
        text.remove(others);
        change(text, ending.change(), TIMES.withZone(zone));
        var header = text.segments().getFirst();
        var at = after(text.value(header, 7, 1, 1, 1), ending.at());
        text.set(header, 7, 1, 1, 1, TIMES.withZone(zone).format(at));
        text.set(header, 10, 1, 1, 1, PlacedMessage.controlId(number));
        return Optional.of(text.bytes());
    }

    /** What is left of the message is one order: ORC, TQ1, OBR, NTE, DG1, OBX, SPM. */
    private static void change(Rewriting text, Placing.Change change, DateTimeFormatter times) {
        if (!change.priority().isEmpty() || change.start() != null) {
            if (named(text, "TQ1").isEmpty()) text.insert("TQ1", last(text, "ORC"), false);
            for (var timing : named(text, "TQ1")) {
                text.set(timing, 1, 1, 1, 1, "1");
                if (change.start() != null)
                    text.set(timing, 7, 1, 1, 1, times.format(change.start()));
                if (!change.priority().isEmpty()) text.set(timing, 9, 1, 1, 1, change.priority());
            }
        }
        if (!change.notes().isEmpty()) {
            text.remove(Set.copyOf(named(text, "NTE")));
            for (int i = 0; i < change.notes().size(); i++)
                text.insert("NTE", last(text, "OBR"), false);
            var notes = named(text, "NTE");
            for (int i = 0; i < notes.size(); i++) {
                text.set(notes.get(i), 1, 1, 1, 1, String.valueOf(i + 1));
                set(text, notes.get(i), 3, change.notes().get(i));
            }
        }
        if (change.answers().isEmpty()) return;
        text.remove(Set.copyOf(named(text, "OBX")));
        for (int i = 0; i < change.answers().size(); i++)
            text.insert("OBX", last(text, "OBR", "NTE", "DG1"), false);
        var answers = named(text, "OBX");
        for (int i = 0; i < answers.size(); i++)
            answer(text, answers.get(i), change.answers().get(i), i + 1);
    }

    private static void answer(Rewriting text, Segment obx, Placed.Answer answer, int number) {
        text.set(obx, 1, 1, 1, 1, String.valueOf(number));
        text.set(obx, 2, 1, 1, 1, answer.type());
        var question = answer.question();
        text.setComponents(obx, 3, 1, List.of(question.code(), question.text(), question.system()));
        if (answer.text().isEmpty()) set(text, obx, 5, answer.value());
        else text.setComponents(obx, 5, 1, List.of(answer.value(), answer.text(), answer.system()));
        text.set(obx, 6, 1, 1, 1, answer.unit());
        text.set(obx, 11, 1, 1, 1, "O");
    }

    /** ⚠ Two quotation marks would delete; nobody says that by accident. */
    private static void set(Rewriting text, Segment segment, int field, String value) {
        text.set(segment, field, 1, 1, 1, value.equals(Message.NULL) ? "" : value);
    }

    private static List<Segment> named(Rewriting text, String name) {
        return text.segments().stream().filter(its -> its.name().equals(name)).toList();
    }

    /** The last segment of these names. */
    private static Set<Segment> last(Rewriting text, String... names) {
        var wanted = Set.of(names);
        Segment last = null;
        for (var segment : text.segments()) if (wanted.contains(segment.name())) last = segment;
        return last == null ? Set.of() : Set.of(last);
    }

    /** ⚠ The later word stands, to the second: the end of an order is later than the order. */
    private static Instant after(String before, Instant now) {
        try {
            var next = TIMES.parse(before, Instant::from).plusSeconds(1);
            return next.isAfter(now) ? next : now;
        } catch (DateTimeException _) {
            return now;
        }
    }

    private static String number(Rewriting text, Segment orc) {
        return new Placed.OrderNumber(text.value(orc, 2, 1, 1, 1), text.value(orc, 2, 1, 2, 1))
                .charted();
    }
}
