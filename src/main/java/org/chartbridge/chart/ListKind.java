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
}
