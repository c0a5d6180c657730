package org.chartbridge.ordering;

/**
 * The places of a referral's segments, in the order of a REF^I12 (HL7 v2.5.1 §11.3.1), and where
 * they stand in an OMG^O19 (§4.4.3): there the notes and reasons of the order come before what are
 * earlier results.
 */
enum ReferralPlace {
    HEAD(0),
    REFERRAL(4),
    PROVIDER(7),
    PATIENT(1),
    INSURANCE(2),
    DIAGNOSIS(8),
    ALLERGY(3),
    PROCEDURE(9),
    OBSERVATION(10),
    VISIT(1),
    LAST(6),
    /** The OBR of the order that a referral is; none in a REF. */
    REQUEST(5);

    private final int inOrder;

    ReferralPlace(int inOrder) {
        this.inOrder = inOrder;
    }

    /** Whether what goes to another place stands behind this. */
    boolean isAt(ReferralPlace other, boolean order) {
        return order ? inOrder <= other.inOrder : compareTo(other) <= 0;
    }

    /** Of a REF. What is unknown, and a note, stays where it stands. */
    static ReferralPlace of(String name, ReferralPlace before) {
        return switch (name) {
            case "RF1" -> REFERRAL;
            case "PRD" -> PROVIDER;
            case "PID", "NK1", "GT1" -> PATIENT;
            case "IN1", "IN2", "IN3", "ACC" -> INSURANCE;
            case "DG1", "DRG" -> DIAGNOSIS;
            case "AL1" -> ALLERGY;
            case "PR1" -> PROCEDURE;
            case "OBR", "OBX" -> OBSERVATION;
            case "PV1", "PV2" -> VISIT;
            case "NTE" -> before == OBSERVATION ? before : LAST;
            default -> before;
        };
    }

    /** Of an OMG: behind a second PID, or a second ORC, all is earlier results. */
    static ReferralPlace ofOrder(String name, ReferralPlace before) {
        if (before == OBSERVATION) return before;
        boolean ordered = before.inOrder >= REFERRAL.inOrder;
        return switch (name) {
            case "PID", "ORC" -> ordered ? OBSERVATION : name.equals("PID") ? PATIENT : REFERRAL;
            case "PD1", "NK1", "PV1", "PV2" -> PATIENT;
            case "IN1", "IN2", "IN3", "GT1" -> INSURANCE;
            case "AL1" -> ALLERGY;
            case "OBR" -> REQUEST;
            case "NTE" -> before == REQUEST ? LAST : before;
            case "CTD" -> PROVIDER;
            case "DG1" -> DIAGNOSIS;
            case "OBX" -> PROCEDURE;
            default -> before;
        };
    }
}
