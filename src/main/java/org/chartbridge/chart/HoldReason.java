package org.chartbridge.chart;

import java.util.Locale;

/** Why a message waits for a person. A closed list: analysts search and count by it. */
public enum HoldReason {
    /** The patient is not in the chart and the partner may not add one. */
    PATIENT_NOT_KNOWN,
    /** The identifier is known, but name or birth date is missing on one side. */
    PATIENT_MATCH_UNCERTAIN,
    /** The identifier is known with another birth date. */
    KNOWN_IDENTIFIER_OTHER_BIRTH_DATE,
    /** The identifier is known with another family name. */
    KNOWN_IDENTIFIER_OTHER_NAME,
    /** The identifier is known with other names, and no birth date says it is the same person. */
    KNOWN_IDENTIFIER_OTHER_PERSON,
    /** The visit number is already used for another patient. */
    VISIT_OF_ANOTHER_PATIENT,
    /** The order number is already used for another patient. */
    ORDER_NUMBER_OF_ANOTHER_PATIENT,
    /** The order number is known, but its specimen was collected more than seven days apart. */
    COLLECTED_TOO_FAR_APART,
    /** A correction or withdrawal without anything that says of which report. */
    ORDER_NUMBER_MISSING,
    /** A status that keeps the value before, and there is none. */
    STATUS_WITHOUT_RESULT;

    /** For the journal, ERR-5 and screens, for example {@code patient-not-known}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
