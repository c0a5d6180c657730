package org.chartbridge.hl7;

import java.util.TreeMap;

/**
 * One segment as it is written: values are put in their places and escaped with the delimiters of
 * whom it goes to. What has no delimiter for its level is left out, never run together.
 */
public final class SegmentText {
    private record Place(int field, int repetition, int component, int subcomponent)
            implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int by = Integer.compare(field, other.field);
            if (by == 0) by = Integer.compare(repetition, other.repetition);
            if (by == 0) by = Integer.compare(component, other.component);
            return by == 0 ? Integer.compare(subcomponent, other.subcomponent) : by;
        }
    }

    private final String name;
    private final TreeMap<Place, String> values = new TreeMap<>();

    /** An empty segment of this name. */
    public SegmentText(String name) {
        this.name = name;
    }

    /** The first component of a field. */
    public SegmentText put(int field, String value) {
        return put(field, 1, 1, 1, value);
    }

    public SegmentText put(int field, int component, String value) {
        return put(field, 1, component, 1, value);
    }

    /** A value at its place, each counted from 1; an empty one is not put. */
    public SegmentText put(
            int field, int repetition, int component, int subcomponent, String value) {
        if (!value.isEmpty())
            values.put(new Place(field, repetition, component, subcomponent), value);
        return this;
    }

    /** The segment without its end. */
    public String text(Delimiters delimiters) {
        var text = new StringBuilder(name);
        int field = 0;
        int repetition = 1;
        int component = 1;
        int subcomponent = 1;
        for (var entry : values.entrySet()) {
            var place = entry.getKey();
            if (place.field() > field) {
                text.repeat(delimiters.field(), place.field() - field);
                field = place.field();
                repetition = component = subcomponent = 1;
            }
            if (place.repetition() > repetition) {
                if (delimiters.repetition() == Delimiters.NONE) continue;
                text.repeat(delimiters.repetition(), place.repetition() - repetition);
                repetition = place.repetition();
                component = subcomponent = 1;
            }
            if (place.component() > component) {
                if (delimiters.component() == Delimiters.NONE) continue;
                text.repeat(delimiters.component(), place.component() - component);
                component = place.component();
                subcomponent = 1;
            }
            if (place.subcomponent() > subcomponent) {
                if (delimiters.subcomponent() == Delimiters.NONE) continue;
                text.repeat(delimiters.subcomponent(), place.subcomponent() - subcomponent);
                subcomponent = place.subcomponent();
            }
            text.append(escaped(entry.getValue(), delimiters));
        }
        return text.toString();
    }

    /** A value with its delimiters and line breaks as escapes (std 2.7). */
    static String escaped(String value, Delimiters delimiters) {
        var text = new StringBuilder(value.length());
        value.codePoints()
                .forEach(
                        c -> {
                            var escape = escape(c, delimiters);
                            if (escape == null) text.appendCodePoint(c);
                            else if (!delimiters.hasEscape()) text.append(' ');
                            else
                                text.append(delimiters.escape())
                                        .append(escape)
                                        .append(delimiters.escape());
                        });
        return text.toString();
    }

    private static @org.jspecify.annotations.Nullable String escape(int c, Delimiters delimiters) {
        if (c == delimiters.field()) return "F";
        if (c == delimiters.component()) return "S";
        if (c == delimiters.repetition()) return "R";
        if (c == delimiters.escape()) return "E";
        if (c == delimiters.subcomponent()) return "T";
        if (c == delimiters.truncation()) return "P";
        if (c == '\n') return ".br";
        return c < ' ' || c == 0x7F ? "X%02X".formatted(c) : null;
    }
}
