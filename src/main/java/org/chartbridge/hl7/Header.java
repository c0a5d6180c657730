package org.chartbridge.hl7;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What MSH says, read straight from the bytes: who sends, to whom, what, and which answers are
 * wanted (std 2.14.9). Reading takes about a microsecond, tolerates everything but a missing MSH,
 * and needs neither HAPI nor the rest of the message.
 *
 * <p>Values are "" when absent, trimmed, and keep escapes as sent. MSH is ASCII by rule; a name
 * with other characters is read as UTF-8 where that is possible, else as Latin-1, so that it can
 * still be compared with a partner's setting.
 */
public final class Header {
    private static final int MAX_FIELDS = 40;

    private final byte[] bytes;
    private final Delimiters delimiters;

    /**
     * Start of field n at n - 1, and after the last field one more; MSH-1 is the separator itself.
     */
    private final int[] starts;

    private final int fields;

    /**
     * Reads the header that fills {@code bytes[from, to)}, which begins with MSH and a delimiter.
     */
    Header(byte[] bytes, int from, int to, Delimiters delimiters) {
        this.bytes = bytes;
        this.delimiters = delimiters;
        int[] found = new int[MAX_FIELDS + 2];
        int count = 2;
        found[1] = from + 3;
        found[2] = from + 4;
        for (int i = from + 4; i < to && count < MAX_FIELDS; i++)
            if (bytes[i] == delimiters.field()) found[++count] = i + 1;
        found[count + 1] = to + 1;
        this.starts = found;
        this.fields = count;
    }

    /**
     * Peeks at the MSH of a message (or of the first message of a batch).
     *
     * @return empty when there is no MSH with usable delimiters
     */
    public static Optional<Header> read(byte[] raw) {
        int from = Prologue.skip(raw);
        if (Prologue.isHeader(raw, from)) {
            int to = Prologue.lineEnd(raw, from);
            int next = Prologue.nextLine(raw, to);
            boolean whole =
                    next == raw.length
                            || (SegmentNames.startsSegment(raw, next, raw[from + 3])
                                    && (!SegmentNames.isAt(raw, next, "ADD")
                                            || Fragment.takesUp(raw, from, to)));
            if (whole) {
                var delimiters = Prologue.delimiters(raw, from, to);
                return delimiters == null
                        ? Optional.empty()
                        : Optional.of(new Header(raw, from, to, delimiters));
            }
        }
        // Something the short way can't tell: another encoding, an envelope, a torn MSH.
        return switch (Message.read(raw, StandardCharsets.UTF_8)) {
            case Reading.Readable(var message) -> Optional.of(message.header());
            case Reading.Unreadable _ -> Optional.empty();
        };
    }

    public Delimiters delimiters() {
        return delimiters;
    }

    /** MSH-3. */
    public Hd sendingApplication() {
        return hd(3);
    }

    /** MSH-4. */
    public Hd sendingFacility() {
        return hd(4);
    }

    /** MSH-5. */
    public Hd receivingApplication() {
        return hd(5);
    }

    /** MSH-6. */
    public Hd receivingFacility() {
        return hd(6);
    }

    /** MSH-7, the time as sent; see {@link Hl7Time#parse}. */
    public String messageTime() {
        return component(7, 1);
    }

    /** MSH-9.1, such as ORU. */
    public String messageCode() {
        return component(9, 1);
    }

    /** MSH-9.2, such as R01. */
    public String triggerEvent() {
        return component(9, 2);
    }

    /** MSH-9.3, such as ORU_R01; often wrong or absent. */
    public String structure() {
        return component(9, 3);
    }

    /** MSH-10, the whole field as sent. */
    public String controlId() {
        return field(10);
    }

    /** MSH-11.1, such as P, T or D. */
    public String processingId() {
        return component(11, 1);
    }

    /** MSH-12.1, such as 2.5.1. */
    public String version() {
        return component(12, 1);
    }

    /** MSH-15, when an accept acknowledgement is wanted: AL, NE, ER, SU (table 0155). */
    public String acceptAck() {
        return component(15, 1);
    }

    /** MSH-16, when an application acknowledgement is wanted: AL, NE, ER, SU (table 0155). */
    public String applicationAck() {
        return component(16, 1);
    }

    /**
     * MSH-18, the repetitions as sent, an empty first one kept; no element when the field is empty.
     */
    public List<String> charsets() {
        if (field(18).isEmpty()) return List.of();
        var names = new ArrayList<String>();
        int start = start(18);
        int end = end(18);
        for (int i = start; i <= end; i++) {
            if (i == end || (delimiters.repetition() != 0 && bytes[i] == delimiters.repetition())) {
                names.add(text(start, i));
                start = i + 1;
            }
        }
        return List.copyOf(names);
    }

    /** A whole field as sent, trimmed; "" when absent. MSH-1 and MSH-2 are the delimiters. */
    public String field(int number) {
        return number < 1 || number > fields ? "" : text(start(number), end(number));
    }

    /** One component of a field's first repetition, trimmed; "" when absent. */
    public String component(int number, int component) {
        if (number < 3 || number > fields) return "";
        int start = start(number);
        int end = end(number);
        int at = 1;
        for (int i = start; i <= end; i++) {
            boolean repetition =
                    i < end && delimiters.repetition() != 0 && bytes[i] == delimiters.repetition();
            if (i == end || repetition || bytes[i] == delimiters.component()) {
                if (at == component) return text(start, i);
                if (repetition) break;
                at++;
                start = i + 1;
            }
        }
        return "";
    }

    /** The bytes of a field exactly as sent, in the request's character set; empty when absent. */
    byte[] rawField(int number) {
        return number < 1 || number > fields
                ? new byte[0]
                : Arrays.copyOfRange(bytes, start(number), end(number));
    }

    private Hd hd(int number) {
        return field(number).isEmpty()
                ? Hd.NONE
                : new Hd(component(number, 1), component(number, 2), component(number, 3));
    }

    private int start(int number) {
        return starts[number];
    }

    private int end(int number) {
        return Math.max(starts[number], starts[number + 1] - 1);
    }

    private String text(int from, int to) {
        while (from < to && bytes[from] >= 0 && bytes[from] <= ' ') from++;
        while (to > from && bytes[to - 1] >= 0 && bytes[to - 1] <= ' ') to--;
        if (from == to) return "";
        for (int i = from; i < to; i++) {
            if (bytes[i] >= 0) continue;
            var text = Text.decodeStrictly(bytes, from, to, StandardCharsets.UTF_8);
            return text != null
                    ? text
                    : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Message type, trigger and version, which say nothing about a patient. */
    @Override
    public String toString() {
        return "Header[" + messageCode() + "^" + triggerEvent() + ", " + version() + "]";
    }
}
