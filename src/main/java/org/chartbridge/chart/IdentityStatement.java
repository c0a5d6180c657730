package org.chartbridge.chart;

/** One thing that an ADT message says of who is who; HL7 v2.5.1 §3.3.40 and following. */
public sealed interface IdentityStatement {

    /** Where it stood, for example {@code MRG-1[2]}. */
    String path();

    /**
     * A number is used no more; the patient goes on under another (A40 and its older kin, A46,
     * A47).
     *
     * @param from the number that went
     * @param into the patient who stays
     */
    record Merged(RecordKey from, PatientClaim into, String path) implements IdentityStatement {}

    /**
     * Of this number it can't be said into which of the patient's it went: none stands beside it,
     * or one of another type.
     */
    record Unpaired(RecordKey from, PatientClaim into, String path) implements IdentityStatement {}

    /**
     * Two numbers are one patient, and both stay in use (A24).
     *
     * @param related whether one is named as the mother of the other (PID-21)
     */
    record Linked(PatientClaim one, PatientClaim other, String path, boolean related)
            implements IdentityStatement {}

    /** Two numbers are not one patient after all (A37). */
    record Unlinked(PatientClaim one, PatientClaim other, String path)
            implements IdentityStatement {}

    /**
     * A number was one patient's by mistake and is another's (A43).
     *
     * @param number what is moved
     * @param from whom it had been joined to
     */
    record Moved(RecordKey number, RecordKey from, PatientClaim to, String path)
            implements IdentityStatement {}

    /**
     * A visit was charted for one patient by mistake and is another's (A45), or all visits of an
     * account are (A44). Nothing else of the two patients goes with it.
     *
     * @param visit the visit or the account
     * @param from who had it
     */
    record VisitMoved(VisitKey visit, RecordKey from, PatientClaim to, String path)
            implements IdentityStatement {}
}
