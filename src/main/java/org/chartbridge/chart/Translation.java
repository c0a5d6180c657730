package org.chartbridge.chart;

/**
 * What a test and its unit are in the codes that everybody shares.
 *
 * @param loinc the LOINC code, as sent or by the partner's table; empty when it is not known
 * @param ucum the UCUM unit, likewise
 * @param row the line of the partner's {@code codes.csv} that said it; {@link #AS_SENT} or {@link
 *     #MISSING}
 */
public record Translation(String loinc, String ucum, int row) {
    /** No row was needed, or nobody asked for one. */
    public static final int AS_SENT = 0;

    /** A row was looked for, and is to be written by a person. */
    public static final int MISSING = -1;

    public static final Translation NONE = new Translation("", "", AS_SENT);
}
