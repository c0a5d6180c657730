package org.chartbridge.chart;

/**
 * One name a patient goes by: a repetition of PID-3.
 *
 * @param authority PID-3.4, empty when it was not sent
 * @param type PID-3.5, table 0203, empty when it was not sent
 */
public record IdentifierView(String value, String authority, String type) {

    /** Says nothing: identifiers stay out of logs. */
    @Override
    public String toString() {
        return "IdentifierView";
    }
}
