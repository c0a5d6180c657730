package org.chartbridge.chart;

import java.util.Locale;

/**
 * What one authority calls a patient; HL7 v2.5.1 §2.A.14 (CX): identity is authority, type and
 * identifier together.
 *
 * @param authority PID-3.4, else the partner's folder name
 * @param type PID-3.5, table 0203; empty when not sent
 * @param value PID-3.1, never empty
 */
public record RecordKey(String authority, String type, String value)
        implements Comparable<RecordKey> {

    public RecordKey {
        if (value.isEmpty()) throw new IllegalArgumentException("a record key without identifier");
    }

    /**
     * The type of what stands for a number where none was sent; no table has it. It is no
     * identifier: it is shown and sent to nobody.
     */
    static final String UNIDENTIFIED = "@unidentified";

    /**
     * Stands for a patient whom a partner named without a number; of no authority.
     *
     * @param kind what they are told from others by: account, visit, order or message
     */
    public static RecordKey unidentified(String partner, String kind, String value) {
        return new RecordKey("@" + partner, UNIDENTIFIED, kind + ":" + value);
    }

    /** Whether a key of this type stands for a number that was not sent. */
    static boolean isUnidentified(String type) {
        return type.equals(UNIDENTIFIED);
    }

    /** Whether it stands for a number that was not sent. */
    public boolean isUnidentified() {
        return isUnidentified(type);
    }

    /**
     * Whether it may be the same number as another one that is not equal: its authority in other
     * letters (a namespace of HD is no secret), or a type on one side only ⚠. Two types are two
     * numbers.
     */
    boolean isKin(RecordKey other) {
        return value.equals(other.value)
                && authority.equalsIgnoreCase(other.authority)
                && (type.equals(other.type) || type.isEmpty() || other.type.isEmpty())
                && !equals(other)
                && !type.startsWith("@")
                && !other.type.startsWith("@");
    }

    /** The lock under which all that may be the same number exclude each other. */
    long numberLock() {
        return Locks.of("number-of", authority.toLowerCase(Locale.ROOT), value);
    }

    /** The advisory lock under which messages of this record exclude each other. */
    public long lock() {
        return Locks.of("record", authority, type, value);
    }

    @Override
    public int compareTo(RecordKey other) {
        int order = authority.compareTo(other.authority);
        if (order == 0) order = type.compareTo(other.type);
        return order == 0 ? value.compareTo(other.value) : order;
    }

    /** Prints nothing of the identifier: logs and exception texts stay free of patient data. */
    @Override
    public String toString() {
        return "RecordKey[…]";
    }
}
