package org.chartbridge.hl7;

/** How exactly a time was given. */
public enum Precision {
    YEAR,
    MONTH,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    /** Tenths to ten-thousandths of a second. */
    FRACTION;

    /** Whether there is a time of day. */
    public boolean timed() {
        return compareTo(HOUR) >= 0;
    }
}
