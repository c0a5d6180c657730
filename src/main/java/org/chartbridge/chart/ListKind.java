package org.chartbridge.chart;

import java.util.Locale;

/** What senders state of a patient, item by item: lists, and things that have a number. */
public enum ListKind {
    /** AL1, IAM */
    ALLERGY,
    /** DG1, PRB */
    CONDITION,
    /** IN1 */
    COVERAGE,
    /** GT1 */
    GUARANTOR,
    /** RXA */
    IMMUNIZATION,
    /** SCH */
    APPOINTMENT,
    /** OBR of an order */
    PLACED_ORDER,
    /** RXE, RXO */
    MEDICATION_ORDER,
    /** RF1 */
    REFERRAL,
    /** TXA */
    CLINICAL_DOCUMENT,
    /** OBX of a document */
    DOCUMENT_BODY;

    /** In the database, and the name of its table. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ListKind of(String text) {
        for (var kind : values()) if (kind.text().equals(text)) return kind;
        throw new IllegalArgumentException("no such list");
    }
}
