package org.chartbridge.hl7;

import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A place in a message, and the path that reads it: {@code OBX[3]-5.1}. Numbers count from 1 as in
 * ERR-2; 0 means not given.
 *
 * @param segment the segment's name
 * @param sequence which of the segments with this name
 * @param field field number by the standard's counting: MSH-1 is the field separator
 */
public record Location(
        String segment, int sequence, int field, int repetition, int component, int subcomponent) {

    private static final Pattern PATH =
            Pattern.compile(
                    "([A-Za-z][A-Za-z0-9]{2,4})(?:\\[(\\d{1,6})])?(?:-(\\d{1,4})(?:\\[(\\d{1,6})])?(?:\\.(\\d{1,3})(?:\\.(\\d{1,3}))?)?)?");
    private static final int MAX_CACHED_PATHS = 1_000;
    private static final ConcurrentHashMap<String, Location> CACHE = new ConcurrentHashMap<>();

    public Location {
        if (sequence < 0 || field < 0 || repetition < 0 || component < 0 || subcomponent < 0)
            throw new IllegalArgumentException("a location counts from 1, 0 is not given");
    }

    public static Location of(String segment, int sequence) {
        return new Location(segment, sequence, 0, 0, 0, 0);
    }

    /**
     * Reads {@code PID-3[2].4.1}, {@code OBX[3]-5}, {@code MSH-9.2} or {@code ZL7}.
     *
     * @throws IllegalArgumentException when the text is no path; paths are written by us and by
     *     analysts, never by senders
     */
    public static Location parse(String path) {
        var known = CACHE.get(path);
        if (known != null) return known;
        var m = PATH.matcher(path);
        if (!m.matches())
            throw new IllegalArgumentException(
                    "wanted a path such as OBX[3]-5.1 or PID-3[2].4.1, got " + path);
        var parsed =
                new Location(
                        m.group(1).toUpperCase(java.util.Locale.ROOT),
                        number(m.group(2)),
                        number(m.group(3)),
                        number(m.group(4)),
                        number(m.group(5)),
                        number(m.group(6)));
        if (CACHE.size() < MAX_CACHED_PATHS) CACHE.put(path, parsed);
        return parsed;
    }

    private static int number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    public Location field(int number) {
        return new Location(segment, sequence, number, 0, 0, 0);
    }

    public Location repetition(int number) {
        return new Location(segment, sequence, field, number, 0, 0);
    }

    public Location component(int number) {
        return new Location(segment, sequence, field, repetition, number, 0);
    }

    public Location subcomponent(int number) {
        return new Location(segment, sequence, field, repetition, component, number);
    }

    /** The path, such as {@code OBX[3]-5.1}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        var path = new StringBuilder(segment);
        if (sequence > 0) path.append('[').append(sequence).append(']');
        if (field > 0) path.append('-').append(field);
        if (repetition > 1) path.append('[').append(repetition).append(']');
        if (component > 0) path.append('.').append(component);
        if (subcomponent > 0) path.append('.').append(subcomponent);
        return path.toString();
    }
}
