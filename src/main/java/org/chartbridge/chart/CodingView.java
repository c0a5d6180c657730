package org.chartbridge.chart;

/**
 * One coding of a test or a value, as sent: CE or CWE, components 1-3 or 4-6.
 *
 * @param system name of the coding system, table 0396: {@code LN}, {@code SCT}, {@code L}; empty
 *     when not sent
 */
public record CodingView(String code, String text, String system) {
    /** Whether both name one test, by code or by name; false where either names none. */
    public boolean isOfTest(CodingView other) {
        if (!code.isEmpty() && code.equalsIgnoreCase(other.code)) return true;
        return !text.isEmpty() && text.strip().equalsIgnoreCase(other.text.strip());
    }

    /** For people: in words, else the code. */
    public String name() {
        return text.isEmpty() ? code : text;
    }
}
