package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders whose filler asks for a placer's number (ORC-1 SN) with the number that they are given:
 * told to the filler in ORR, ORL or ORG (ORC-1 NA; HL7 v2.5.1 §4.5.1.1), and in the message where
 * it is sent on.
 *
 * @param numbers entity and namespace by the place of the OBR among those of the message, from 1
 */
public record NumberedOrders(Map<Integer, Given> numbers) {
    public static final NumberedOrders NONE = new NumberedOrders(Map.of());

    /** EI.1 and EI.2. */
    public record Given(String entity, String namespace) {}

    public NumberedOrders {
        numbers = Map.copyOf(numbers);
    }

    public boolean isEmpty() {
        return numbers.isEmpty();
    }

    // ------------------------------------------------------------ the answer

    /**
     * An answer with the patient, as sent, and the orders behind MSH, MSA and ERR (HL7 v2.5.1
     * §4.4.2).
     *
     * @param answer in the character set of the message
     * @param message that asked
     */
    public byte[] toldIn(byte[] answer, Message message) {
        if (isEmpty()) return answer;
        var tail = new StringBuilder();
        var delimiters = message.header().delimiters();
        @Nullable Line orc = null;
        for (var line : message.lines()) {
            if (line.segment().equals("ORC")) orc = line;
            var number = line.segment().equals("OBR") ? numbers.get(line.ordinal()) : null;
            if (number == null) continue;
            var filler = message.value(line, 3, 1).isEmpty() && orc != null ? orc : line;
            tail.append(
                            told(new SegmentText("ORC").put(1, "NA"), number, filler, message)
                                    .text(delimiters))
                    .append('\r');
            var obr = new SegmentText("OBR").put(1, message.value(line, 1, 1));
            for (int i = 1; i <= 6; i++) obr.put(4, i, message.value(line, 4, i));
            tail.append(told(obr, number, filler, message).text(delimiters)).append('\r');
        }
        var all = new ByteArrayOutputStream(answer.length + 512);
        all.writeBytes(Acknowledgement.with(answer, message, List.of("PID")));
        all.writeBytes(tail.toString().getBytes(charset(message)));
        return all.toByteArray();
    }

    private static SegmentText told(
            SegmentText segment, Given number, Line filler, Message message) {
        segment.put(2, 1, number.entity()).put(2, 2, number.namespace());
        for (int i = 1; i <= 4; i++) segment.put(3, i, message.value(filler, 3, i));
        return segment;
    }

    private static Charset charset(Message message) {
        var utf16 = CharacterSets.utf16(message.raw());
        var charset = utf16 == null ? message.charset() : utf16;
        return charset.canEncode() ? charset : StandardCharsets.US_ASCII;
    }

    // ------------------------------------------------------------ sent on

    /**
     * A message with the numbers where there were none, ORC-2 and OBR-2.
     *
     * @param body the message, or what an edit made of it: its orders are the same
     * @return the body itself where its orders are not those of the message, or it can't be written
     */
    public byte[] filledIn(byte[] body, Message message) {
        if (isEmpty()
                || !(Message.read(body, message.charset()) instanceof Reading.Readable(var sent)))
            return body;
        if (sent.lines("OBR").size() != message.lines("OBR").size()) return body;
        try {
            var text = Rewriting.of(sent);
            var governed = governed(text);
            Rewriting.@Nullable Segment orc = null;
            int ordinal = 0;
            for (var segment : text.segments()) {
                if (segment.name().equals("ORC")) orc = segment;
                if (!segment.name().equals("OBR")) continue;
                var number = numbers.get(++ordinal);
                if (number == null) continue;
                put(text, segment, number);
                if (orc != null && governed.getOrDefault(orc, 0) == 1) put(text, orc, number);
            }
            return text.bytes();
        } catch (Rewriting.NotWritten _) {
            return body;
        }
    }

    /** How many OBR each ORC speaks for. */
    private static Map<Rewriting.Segment, Integer> governed(Rewriting text) {
        var governed = new HashMap<Rewriting.Segment, Integer>();
        Rewriting.@Nullable Segment orc = null;
        for (var segment : text.segments()) {
            if (segment.name().equals("ORC")) orc = segment;
            if (segment.name().equals("OBR") && orc != null) governed.merge(orc, 1, Integer::sum);
        }
        return governed;
    }

    private static void put(Rewriting text, Rewriting.Segment segment, Given number) {
        var before = text.value(segment, 2, 1, 1, 1);
        if (!before.isEmpty() && !before.equals(Message.NULL)) return;
        text.set(segment, 2, 1, 1, 1, number.entity());
        text.set(segment, 2, 1, 2, 1, number.namespace());
    }
}
