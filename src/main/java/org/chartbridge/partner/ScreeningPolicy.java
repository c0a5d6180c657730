package org.chartbridge.partner;

/**
 * {@code screening:} what becomes of an order of medication or contrast that an alert is about, by
 * how bad it may become.
 *
 * @param high an alert of high severity
 * @param moderate an alert of moderate severity
 * @param low an alert of low severity
 * @param notScreened what nobody could check
 */
public record ScreeningPolicy(Act high, Act moderate, Act low, Act notScreened) {
    /** Where nothing is said. */
    public static final ScreeningPolicy STANDARD =
            new ScreeningPolicy(Act.WARN, Act.WARN, Act.NONE, Act.WARN);

    /** Whether anything that it says keeps an order back. */
    public boolean holds() {
        return high == Act.HOLD
                || moderate == Act.HOLD
                || low == Act.HOLD
                || notScreened == Act.HOLD;
    }

    /** What is done; the chart, the alert and its page are the same each time. */
    public enum Act {
        /** The sender is not told. */
        NONE,
        /** The sender is told in its answer. */
        WARN,
        /** The sender is told, and the order is not sent on before a person has decided. */
        HOLD
    }
}
