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
    /** An earlier message that names this patient waits for a person. */
    WAITS_FOR_EARLIER,
    /** The partner is not trusted to say who is who. */
    MERGE_NOT_TRUSTED,
    /** No number of the same kind stands beside the one that was merged away. */
    MERGE_NOT_PAIRED,
    /** A number is merged into or linked with itself. */
    MERGE_WITH_ITSELF,
    /** The one that is to stay was merged into the other one before. */
    MERGE_IN_A_RING,
    /** The number was merged into another patient before. */
    MERGED_ELSEWHERE,
    /** Family name, given name and birth date of two numbers to be merged are all other ones. */
    MERGE_OF_STRANGERS,
    /** Numbers are to be joined that a person said are not one patient. */
    KEPT_APART,
    /** Numbers that were merged are to be unlinked. */
    UNLINK_OF_MERGED,
    /** Numbers are to be unlinked that others join. */
    UNLINK_OF_JOINED,
    /** A link of two birth dates, of mother and child, or of twins. */
    LINK_OF_RELATIVES,
    /** The visit number is already used for another patient. */
    VISIT_OF_ANOTHER_PATIENT,
    /** The order number is already used for another patient. */
    ORDER_NUMBER_OF_ANOTHER_PATIENT,
    /** The results name an order (OBR-2) that was placed for another patient. */
    ORDER_OF_ANOTHER_PATIENT,
    /** The document number is already used for another patient. */
    DOCUMENT_OF_ANOTHER_PATIENT,
    /** No patient is named, and no open order says whose the results are. */
    ORDER_NOT_KNOWN,
    /** No patient is named, and the numbers are those of orders of several patients. */
    ORDERS_OF_SEVERAL,
    /** The order number is known, but its specimen was collected more than seven days apart. */
    COLLECTED_TOO_FAR_APART,
    /** A correction or withdrawal without anything that says of which report. */
    ORDER_NUMBER_MISSING,
    /** A status that keeps the value before, and there is none. */
    STATUS_WITHOUT_RESULT,
    /** The number came without a namespace, and with more than one. */
    ORDER_NUMBER_AMBIGUOUS,
    /** The same code with and without its coding system: two values, or one that is corrected. */
    CODING_SYSTEM_DIFFERS,
    /** A value with a time or instance of its own where one without is known, or reversed. */
    VALUE_TOLD_APART_OTHERWISE,
    /** By another code or in other letters: two values, or one that is corrected or withdrawn. */
    CODE_WRITTEN_OTHERWISE,
    /** The same test with and without OBX-4: two values, or one that is corrected or withdrawn. */
    SUB_ID_DIFFERS,
    /** A test of a partner with {@code codes: hold} that nobody has looked up yet. */
    CODE_NOT_KNOWN,
    /** An earlier message of the order waits for a code. */
    WAITS_FOR_ORDER;

    /** Whether it is held for who the patient is, so that later ones wait behind it. */
    public boolean isAboutPatient() {
        return switch (this) {
            case PATIENT_NOT_KNOWN,
                    PATIENT_MATCH_UNCERTAIN,
                    KNOWN_IDENTIFIER_OTHER_BIRTH_DATE,
                    KNOWN_IDENTIFIER_OTHER_NAME,
                    KNOWN_IDENTIFIER_OTHER_PERSON,
                    WAITS_FOR_EARLIER ->
                    true;
            case MERGE_NOT_TRUSTED,
                    MERGE_NOT_PAIRED,
                    MERGE_WITH_ITSELF,
                    MERGE_IN_A_RING,
                    MERGED_ELSEWHERE,
                    MERGE_OF_STRANGERS,
                    KEPT_APART,
                    UNLINK_OF_MERGED,
                    UNLINK_OF_JOINED,
                    LINK_OF_RELATIVES,
                    VISIT_OF_ANOTHER_PATIENT,
                    ORDER_NUMBER_OF_ANOTHER_PATIENT,
                    ORDER_OF_ANOTHER_PATIENT,
                    DOCUMENT_OF_ANOTHER_PATIENT,
                    ORDER_NOT_KNOWN,
                    ORDERS_OF_SEVERAL,
                    COLLECTED_TOO_FAR_APART,
                    ORDER_NUMBER_MISSING,
                    STATUS_WITHOUT_RESULT,
                    ORDER_NUMBER_AMBIGUOUS,
                    CODING_SYSTEM_DIFFERS,
                    VALUE_TOLD_APART_OTHERWISE,
                    CODE_WRITTEN_OTHERWISE,
                    SUB_ID_DIFFERS,
                    CODE_NOT_KNOWN,
                    WAITS_FOR_ORDER ->
                    false;
        };
    }

    /** For the journal, ERR-5 and screens, for example {@code patient-not-known}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
