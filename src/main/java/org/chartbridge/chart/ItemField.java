package org.chartbridge.chart;

/** What is known of an entry in a list: an allergy, a condition, a coverage. */
public enum ItemField {
    /** AL1-3, IAM-3, DG1-3, PRB-3 */
    CODE,
    /** AL1-2, IAM-2 (table 0127); DG1-6 (table 0052); IN1-15 */
    TYPE,
    /** AL1-4, IAM-4 (table 0128) */
    SEVERITY,
    /** AL1-5, IAM-5, repetitions joined */
    REACTION,
    /** AL1-6, IAM-11; DG1-5, PRB-7; IN1-12; GT1-13 */
    BEGAN,
    /** PRB-9; IN1-13; GT1-14 */
    ENDED,
    /** IAM-17 (table 0438), PRB-14, or what the segment means */
    CLINICAL_STATUS,
    /** DG1-16 */
    CLINICIAN,
    /** DG1-15; IN1-22 or IN1-1; GT1-15 or GT1-1 */
    PRIORITY,
    /** IN1-2 */
    PLAN,
    /** IN1-3, IN1-4 */
    INSURER,
    /** IN1-8, IN1-9 */
    GROUP,
    /** IN1-36, else IN1-49 */
    POLICY_NUMBER,
    /** IN1-49 */
    MEMBER_NUMBER,
    /** Numbers of IN2: type (table 0203), number, authority, by {@link Repetitions} */
    FURTHER_NUMBERS,
    /** IN1-16 */
    INSURED,
    /** IN1-17, GT1-11, table 0063 */
    RELATIONSHIP,
    /** GT1-3, else GT1-21: for people, and in parts by {@link Repetitions} */
    NAME,
    /** GT1-5, likewise */
    ADDRESS,
    /** GT1-6 */
    PHONE,
    /**
     * An immunization (ORC-3), an appointment (SCH-2), a guarantor (GT1-2); the filler's of an
     * order
     */
    NUMBER,
    /** ORC-2, OBR-2 */
    PLACER_NUMBER,
    /** How an appointment or an order stands, in a word of ours */
    STATE,
    /** ORC-1, table 0119 */
    CONTROL,
    /** RXA-18; SCH-7; OBR-31 */
    REASON,
    /** RXA-6, RXA-7 */
    DOSE,
    /** RXR-1 */
    ROUTE,
    /** RXR-2 */
    SITE,
    /** RXA-15 */
    LOT,
    /** RXA-17 */
    MANUFACTURER,
    /** SCH-9, SCH-10 */
    DURATION,
    /** AIL-3 */
    LOCATION,
    /** OBR-7 of an order */
    COLLECTED,
    /** When an order is to be done: TQ1-7, ORC-7.4, OBR-27.4, ORC-15 or OBR-6 */
    DUE,
    /** SPM-4, OBR-15 of an order */
    SPECIMEN,
    /** SPM-2 and SAC-3 of an order, joined by ~ */
    SPECIMEN_NUMBER,
    /** What keeps an order from being done: a word of ours, and what its filler said */
    HINDRANCE,
    /** Orders and referrals that a document or an appointment names, joined by ~ */
    ORDER_NUMBERS,
    /** What OBX say of it, a line each */
    DETAILS,
    /** What stands beside it in segments of their own, as data: {@link Supporting} */
    SUPPORTING,
    /** ORC-9 of an order of medication, whose BEGAN is when to begin */
    ORDERED,
    /** RXE-6, RXO-5 */
    FORM,
    /** TQ1-3, RXE-1.2 */
    FREQUENCY,
    /** RXE-7, RXO-7 */
    INSTRUCTIONS,
    /** RXE-10, RXO-11 */
    QUANTITY,
    /** RXE-12, RXO-13 */
    REFILLS,
    /** RF1-5 */
    CATEGORY,
    /** PRD of role RT */
    REFERRED_TO,
    /** TXA-13 */
    PARENT_NUMBER,
    /** What a document is to its parent, in a word of ours */
    RELATION,
    /** TXA-25, TXA-16 */
    TITLE,
    /** TXA-18 */
    CONFIDENTIALITY,
    /** TXA-19 */
    AVAILABILITY,
    /** TXA-22, TXA-10 */
    AUTHENTICATOR,
    /** The files of a document, a line each, by {@link DocumentContent#line} */
    FILES
}
