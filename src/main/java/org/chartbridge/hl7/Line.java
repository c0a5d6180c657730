package org.chartbridge.hl7;

/**
 * One segment of a message: its name and where it lies.
 *
 * @param segment the name, such as OBX or ZL7
 * @param ordinal 1 for the first segment of this name, as in ERR-2.2
 * @param index 0 for the first segment of the message (MSH)
 * @param start offset of its first byte in {@link Message#raw()}
 * @param end offset after its last byte, its terminator not included
 */
public record Line(String segment, int ordinal, int index, int start, int end) {
    public Location location() {
        return Location.of(segment, ordinal);
    }

    public Location location(int field) {
        return Location.of(segment, ordinal).field(field);
    }
}
