package org.chartbridge.hl7;

/**
 * Finds where a value lies in a segment's bytes, and which value a byte belongs to, by counting
 * delimiters (std 2.5.4). Start and end are packed into a long, so that reading a value makes no
 * garbage; 0 stands for a value that is absent.
 */
final class Extents {
    private Extents() {}

    /**
     * Start and end offset of a value in {@code [from, to)}.
     *
     * @param header whether the segment is MSH, whose first field is the separator itself
     * @param repetition from 1; 0 means the first
     * @param component from 1; 0 means the repetition as a whole, -1 the field with all its
     *     repetitions
     * @param subcomponent from 1; 0 means the component as a whole
     */
    static long find(
            byte[] bytes,
            int from,
            int to,
            Delimiters d,
            boolean header,
            int field,
            int repetition,
            int component,
            int subcomponent) {
        if (field < 1) return 0;
        if (header && field == 1) return pack(from + 3, from + 4);
        int left = header ? field - 1 : field;
        int at = from;
        while (left > 0) {
            while (at < to && bytes[at] != d.field()) at++;
            if (at == to) return 0;
            at++;
            left--;
        }
        int end = at;
        while (end < to && bytes[end] != d.field()) end++;
        if (component < 0 || (header && field == 2)) return pack(at, end);
        long found = part(bytes, at, end, d.repetition(), Math.max(1, repetition));
        if (component == 0 || found == 0) return found;
        found = part(bytes, (int) (found >>> 32), (int) found, d.component(), component);
        if (subcomponent == 0 || found == 0) return found;
        return part(bytes, (int) (found >>> 32), (int) found, d.subcomponent(), subcomponent);
    }

    private static long part(byte[] bytes, int from, int to, char delimiter, int number) {
        if (delimiter == Delimiters.NONE) return number == 1 ? pack(from, to) : 0;
        int at = from;
        for (int left = number - 1; left > 0; left--) {
            while (at < to && bytes[at] != delimiter) at++;
            if (at == to) return 0;
            at++;
        }
        int end = at;
        while (end < to && bytes[end] != delimiter) end++;
        return pack(at, end);
    }

    private static long pack(int from, int to) {
        return (long) from << 32 | to;
    }

    /** The place of a byte of the segment in {@code [start, end)}. */
    static Location locate(byte[] bytes, Line line, int start, int end, int offset, Delimiters d) {
        int field = 0;
        int repetition = 1;
        int component = 1;
        int subcomponent = 1;
        boolean parts = false;
        for (int i = start; i < offset; i++) {
            byte b = bytes[i];
            if (b == d.field()) {
                field++;
                repetition = component = subcomponent = 1;
                parts = false;
            } else if (b == d.repetition() && d.repetition() != 0) {
                repetition++;
                component = subcomponent = 1;
            } else if (b == d.component() && d.component() != 0) {
                component++;
                subcomponent = 1;
                parts = true;
            } else if (b == d.subcomponent() && d.subcomponent() != 0) {
                subcomponent++;
                parts = true;
            }
        }
        if (Message.isHeader(line)) field++;
        if (field == 0) return line.location();
        for (int i = offset; i < end && !parts; i++) {
            byte b = bytes[i];
            if (b == d.field() || (b == d.repetition() && d.repetition() != 0)) break;
            parts = d.component() != 0 && b == d.component();
        }
        return new Location(
                line.segment(),
                line.ordinal(),
                field,
                repetition,
                parts ? component : 0,
                subcomponent > 1 ? subcomponent : 0);
    }
}
