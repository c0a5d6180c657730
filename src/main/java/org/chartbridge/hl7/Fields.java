package org.chartbridge.hl7;

import java.util.Arrays;

/**
 * One segment, cut into fields once: for those who read many of its values. Reads what {@link
 * Message#value(Line, int, int, int, int)} reads, but does not look for the field from the
 * segment's start each time, so that reading all of a segment stays linear in its size.
 *
 * <p>For one thread. Not for MSH, whose first two fields are no values.
 */
public final class Fields {
    private static final int[] NONE = {};

    private final Message message;
    private final byte[] bytes;

    /**
     * Offset before the first byte of field n at n - 1; at the end one more, as if another began.
     */
    private int[] separators = new int[32];

    private int count;

    /** The field whose repetitions were cut last, and their separators like the fields'. */
    private int cutField;

    private int[] repetitions = NONE;

    Fields(Message message, Line line) {
        if (Message.isHeader(line)) throw new IllegalArgumentException("MSH is read as Header");
        this.message = message;
        this.bytes = message.bytes();
        byte separator = (byte) message.header().delimiters().field();
        int end = message.end(line);
        for (int i = message.start(line); i < end; i++) if (bytes[i] == separator) add(i);
        add(end);
        count--;
    }

    private void add(int offset) {
        if (count == separators.length) separators = Arrays.copyOf(separators, count * 2);
        separators[count++] = offset;
    }

    /** The number of the last field that is sent, empty or not. */
    public int count() {
        return count;
    }

    /** How often a field is sent: 0 when it is absent or empty. */
    public int repetitions(int field) {
        if (field < 1 || field > count || separators[field] - separators[field - 1] <= 1) return 0;
        return cut(field).length - 1;
    }

    /** Whether a repetition was sent as more than one component. */
    public boolean hasComponents(int field, int repetition) {
        char delimiter = message.header().delimiters().component();
        if (delimiter == Delimiters.NONE || repetition < 1 || repetition > repetitions(field))
            return false;
        int to = repetitions[repetition];
        for (int i = repetitions[repetition - 1] + 1; i < to; i++)
            if (bytes[i] == delimiter) return true;
        return false;
    }

    /** A value, escapes decoded; component or subcomponent 0 means the whole of what is there. */
    public String value(int field, int repetition, int component, int subcomponent) {
        if (repetition < 1 || repetition > repetitions(field)) return "";
        var d = message.header().delimiters();
        int from = repetitions[repetition - 1] + 1;
        int to = repetitions[repetition];
        if (component > 0) {
            from = start(from, to, d.component(), component);
            if (from < 0) return "";
            to = end(from, to, d.component());
        }
        if (component > 0 && subcomponent > 0) {
            from = start(from, to, d.subcomponent(), subcomponent);
            if (from < 0) return "";
            to = end(from, to, d.subcomponent());
        }
        if (from >= to) return "";
        return Text.value(bytes, from, to, message.textCharset(), message.charset(), d);
    }

    private int[] cut(int field) {
        if (field == cutField) return repetitions;
        char separator = message.header().delimiters().repetition();
        int from = separators[field - 1];
        int to = separators[field];
        int found = 0;
        if (separator != Delimiters.NONE)
            for (int i = from + 1; i < to; i++) if (bytes[i] == separator) found++;
        var cuts = new int[found + 2];
        cuts[0] = from;
        int at = 1;
        if (found > 0)
            for (int i = from + 1; i < to; i++) if (bytes[i] == separator) cuts[at++] = i;
        cuts[at] = to;
        cutField = field;
        repetitions = cuts;
        return cuts;
    }

    /** Where the nth part begins; -1 when there are fewer. */
    private int start(int from, int to, char delimiter, int number) {
        if (delimiter == Delimiters.NONE) return number == 1 ? from : -1;
        int at = from;
        for (int left = number - 1; left > 0; left--) {
            while (at < to && bytes[at] != delimiter) at++;
            if (at == to) return -1;
            at++;
        }
        return at;
    }

    private int end(int from, int to, char delimiter) {
        if (delimiter == Delimiters.NONE) return to;
        int at = from;
        while (at < to && bytes[at] != delimiter) at++;
        return at;
    }
}
