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
import java.util.Locale;
import java.util.Optional;

/**
 * The end of an order that was placed here: the message that last stated it once more, with the
 * word that ends it in ORC-1 (HL7 v2.5.1 §4.5.1.1). So the chart keeps all that was said of it, and
 * whoever gets it reads what is ended. Other orders of that message are left out. Pure.
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
        var header = text.segments().getFirst();
        var at = after(text.value(header, 7, 1, 1, 1), ending.at());
        text.set(header, 7, 1, 1, 1, TIMES.withZone(zone).format(at));
        text.set(header, 10, 1, 1, 1, PlacedMessage.controlId(number));
        return Optional.of(text.bytes());
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
