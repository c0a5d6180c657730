package org.chartbridge.console;

import org.chartbridge.chart.ObservationView;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One value as a chart shows it.
 *
 * @param marks what the laboratory says of it: flags first, then status
 * @param before the value of the same test that was collected before; null when there is none
 * @param was what this value had been until it was corrected; null when it was not
 * @param history every statement about it, the last said first; empty when there is only one
 */
record ShownValue(
        ObservationView value,
        List<Mark> marks,
        @Nullable ObservationView before,
        @Nullable ObservationView was,
        List<ObservationView> history) {
    /** Characters that fit where numbers stand. */
    private static final int SHORT = 9;

    public boolean isCritical() {
        return marks.stream().anyMatch(Mark::isCritical);
    }

    /** Text that needs the place of value and unit together, as against a word or a number. */
    public boolean isLong() {
        return value.valueText().length() > SHORT || value.valueText().contains("\n");
    }

    /** What stands where the value stands: never a reason in place of a value. */
    public String text() {
        return value.isNotPerformed() ? "No value" : value.valueText();
    }

    /** Whether what was corrected was collected at another time: it may be another specimen ⚠. */
    public boolean isWasTakenOtherwise() {
        return was != null
                && was.observedAt() != null
                && !was.observedAt().equals(value.observedAt());
    }

    @Override
    public String toString() {
        return "ShownValue[" + value + "]";
    }
}
