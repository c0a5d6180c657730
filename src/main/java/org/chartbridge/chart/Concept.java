package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

/**
 * A coded idea as sent (CE, CWE): code, text and coding system, each may be empty.
 *
 * @param system OBX-3.3 and its like, table 0396; {@code LN} is LOINC
 * @param alternate the second triplet (components 4 to 6); null when not sent
 */
public record Concept(String code, String text, String system, @Nullable Concept alternate) {

    public static Concept of(String code, String text, String system) {
        return new Concept(code, text, system, null);
    }

    /** What tells this concept from others: the code, or the text where only text was sent. */
    public String key() {
        return code.isEmpty() ? text : code;
    }

    public boolean isEmpty() {
        return code.isEmpty() && text.isEmpty();
    }
}
