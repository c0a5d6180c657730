package org.chartbridge.chart;

import java.util.Optional;

/** What is known of a visit. */
public enum VisitField {
    /** PV1-2, table 0004 */
    CLASS("class", "Class"),
    /** PV1-3 */
    LOCATION("location", "Location"),
    /** PV1-4, table 0007 */
    ADMISSION_TYPE("admission-type", "Admission type"),
    /** PV1-7 */
    ATTENDING("attending", "Attending"),
    /** PV1-8 */
    REFERRING("referring", "Referring"),
    /** PV1-17 */
    ADMITTING("admitting", "Admitting"),
    /** PV1-9 */
    CONSULTING("consulting", "Consulting"),
    /** PV1-10, table 0069 */
    SERVICE("service", "Service"),
    /** PV1-5 */
    PREADMIT_NUMBER("preadmit-number", "Pre-admission number"),
    /** PV1-13, table 0092 */
    READMISSION("readmission", "Re-admission"),
    /** PV1-14, table 0023 */
    ADMIT_SOURCE("admit-source", "Came from"),
    /** PV1-15, table 0009 */
    AMBULATORY("ambulatory", "Ambulatory status"),
    /** PV1-16, table 0099 */
    VIP("vip", "VIP"),
    /** PV1-36, table 0112 */
    DISPOSITION("disposition", "Discharged to"),
    /** PV1-37, table 0113 */
    DISCHARGED_TO("discharged-to", "Discharged to place"),
    /** PV1-50 */
    ALTERNATE_NUMBER("alternate-number", "Alternate number"),
    /** PV2-25, table 0217 */
    VISIT_PRIORITY("visit-priority", "Priority"),
    /** PV2-38, table 0430 */
    ARRIVAL("arrival", "Arrived by"),
    /** PV1-44, else EVN-6 of the event that admitted */
    ADMITTED("admitted", "Admitted"),
    /** PV1-45, else EVN-6 of the event that discharged */
    DISCHARGED("discharged", "Discharged"),
    /** PV2-8 */
    EXPECTED("expected", "Expected"),
    /** PV2-9 */
    EXPECTED_DISCHARGE("expected-discharge", "Expected discharge"),
    /** PV2-3 */
    REASON("reason", "Reason"),
    /** PID-18 */
    ACCOUNT("account", "Account"),
    /** Under which number the visit or account goes on: PV1-19 or PID-18 beside MRG (A42, A50) */
    GOES_ON_AS("goes-on-as", "Goes on as");

    private final String id;
    private final String label;

    VisitField(String id, String label) {
        this.id = id;
        this.label = label;
    }

    /** In the database, for example {@code admission-type}. */
    public String id() {
        return id;
    }

    /** On pages. */
    public String label() {
        return label;
    }

    static Optional<VisitField> of(String id) {
        for (var field : values()) if (field.id.equals(id)) return Optional.of(field);
        return Optional.empty();
    }
}
