package org.chartbridge.mapping;

import org.chartbridge.hl7.Line;

/** Names the segments a statement came from: {@code OBX[3]}, or {@code OBX[3-5]} for several. */
final class Paths {
    private Paths() {}

    static String of(Line first, Line last) {
        return first.ordinal() == last.ordinal()
                ? first.segment() + '[' + first.ordinal() + ']'
                : first.segment() + '[' + first.ordinal() + '-' + last.ordinal() + ']';
    }
}
