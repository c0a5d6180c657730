package org.chartbridge.chart;

import java.util.List;

/**
 * One field of a person.
 *
 * @param history what was said before, the last first; repeats of what stood are left out
 */
public record DemographicView(
        DemographicField field, StatedView current, List<StatedView> history) {

    public DemographicView {
        history = List.copyOf(history);
    }

    /** The field only. */
    @Override
    public String toString() {
        return "DemographicView[" + field + "]";
    }
}
