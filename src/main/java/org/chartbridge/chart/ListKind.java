package org.chartbridge.chart;

import java.util.Locale;

/** The lists that ADT messages bring. */
public enum ListKind {
    /** AL1, IAM */
    ALLERGY,
    /** DG1, PRB */
    CONDITION,
    /** IN1 */
    COVERAGE;

    /** In the database, and the name of its table. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ListKind of(String text) {
        for (var kind : values()) if (kind.text().equals(text)) return kind;
        throw new IllegalArgumentException("no such list");
    }
}
