package org.chartbridge.chart;

import java.util.Map;
import java.util.Set;

/**
 * What tells a visit from others: its number, else the account, else the patient and the time of
 * admission.
 *
 * @param authority who gave the number: PV1-19.4 or PID-18.4, else the partner's folder name; of
 *     {@link Kind#ADMITTED} the authority of the patient's identifier
 * @param number PV1-19.1 or PID-18.1; of {@link Kind#ADMITTED} type and value of the patient's
 *     identifier and the instant
 */
public record VisitKey(Kind kind, String authority, String number) {

    /** Where the number comes from. */
    public enum Kind {
        /** PV1-19 */
        VISIT,
        /** PID-18 */
        ACCOUNT,
        /** PV1-44, or the time of the event that admitted */
        ADMITTED;

        /** In the database. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Kind of(String text) {
            for (var kind : values()) if (kind.text().equals(text)) return kind;
            throw new IllegalArgumentException("no kind of visit number");
        }
    }

    /** The account (PID-18) that is among what was said of a visit; one or none. */
    static Set<VisitKey> account(Map<VisitField, FieldValue> fields) {
        var account = fields.get(VisitField.ACCOUNT);
        return account == null || account.isEmpty()
                ? Set.of()
                : Set.of(new VisitKey(Kind.ACCOUNT, account.system(), account.text()));
    }

    public static VisitKey admitted(RecordKey patient, String instant) {
        return new VisitKey(
                Kind.ADMITTED,
                patient.authority(),
                patient.type() + "|" + patient.value() + "@" + instant);
    }

    /**
     * Whether both can be one visit of a patient as its sender numbers it (decision 0086): without
     * an authority, with it, or with the universal id in its place.
     *
     * @param partner whose name stands for an authority that was not sent
     */
    boolean isOne(VisitKey other, String partner) {
        return kind == other.kind
                && kind != Kind.ADMITTED
                && OneNumber.isOne(asSent(partner), other.asSent(partner));
    }

    private String asSent(String partner) {
        return authority.equals(partner) ? number : number + "^" + authority;
    }

    /** Prints nothing of the number. */
    @Override
    public String toString() {
        return "VisitKey[" + kind + "]";
    }
}
