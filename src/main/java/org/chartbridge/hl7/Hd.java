package org.chartbridge.hl7;

/**
 * A hierarchic designator: the name of a system, facility or authority (HL7 v2.8.2 §2.A.33).
 *
 * @param namespace HD.1, the short local name; "" when absent
 * @param universalId HD.2, such as an OID; "" when absent
 * @param universalIdType HD.3, such as ISO or DNS; "" when absent
 */
public record Hd(String namespace, String universalId, String universalIdType) {
    public static final Hd NONE = new Hd("", "", "");

    public boolean isEmpty() {
        return namespace.isEmpty() && universalId.isEmpty();
    }
}
