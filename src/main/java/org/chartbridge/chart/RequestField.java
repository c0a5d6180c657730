package org.chartbridge.chart;

import java.util.Optional;

/**
 * What a result message says of the order that it answers, and of the visit beside it. It is kept
 * with each version of the report, and read with it; nothing is joined or decided by it. The order
 * is kept with reports ({@link ReportWords}): new ones go to the end.
 */
public enum RequestField {
    /** ORC-4: all that was asked for together; with {@code ^} and its namespace */
    GROUP("group"),
    /** ORC-8, OBR-54: orders it goes deeper into, joined by {@code ~} */
    PARENTS("parents"),
    /** ORC-33, OBR-53: what else its placer calls it, joined by {@code ~} */
    FURTHER_NUMBERS("further-numbers"),
    /** OBR-4, the third triplet (components 10 to 12) */
    FURTHER_CODE("further-code"),
    /** ORC-9 */
    ORDERED("ordered"),
    /** OBR-5, else OBR-27.6, ORC-7.6 */
    PRIORITY("priority"),
    /** OBR-31, else OBR-13 */
    REASON("reason"),
    /** SPM-4 of the only specimen, else OBR-15 */
    SPECIMEN("specimen"),
    /** SPM-2 of the only specimen: the filler's number, else the placer's */
    SPECIMEN_NUMBER("specimen-number"),
    /** SPM-8 of the only specimen */
    SPECIMEN_SITE("specimen-site"),
    /** SPM-17.1 of the only specimen; where it is not said, it is OBR-7 of the report */
    SPECIMEN_COLLECTED("specimen-collected"),
    /** SPM-18 of the only specimen, else OBR-14 */
    SPECIMEN_RECEIVED("specimen-received"),
    /** PV1-19 */
    VISIT("visit"),
    /** PV1-50 */
    ALTERNATE_VISIT("alternate-visit"),
    /** PV1-2 */
    CLASS("class"),
    /** PV1-3 */
    LOCATION("location"),
    /** PV1-44 */
    ADMITTED("admitted"),
    /** PV1-45 */
    DISCHARGED("discharged"),

    // The rest is kept elsewhere, and stands here only where "" takes it back.
    /** OBR-7 */
    COLLECTED("collected"),
    /** OBR-2 */
    PLACER_NUMBER("placer-number"),
    /** OBR-16 */
    ORDERER("orderer"),
    /** OBR-32 */
    INTERPRETER("interpreter");

    private final String id;

    RequestField(String id) {
        this.id = id;
    }

    /** In the database, for example {@code specimen-number}. */
    public String id() {
        return id;
    }

    static Optional<RequestField> of(String id) {
        for (var field : values()) if (field.id.equals(id)) return Optional.of(field);
        return Optional.empty();
    }
}
