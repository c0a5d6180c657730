package org.chartbridge.chart;

import java.util.UUID;

/**
 * An insurance on a sender's list.
 *
 * @param active whether it is still on that list
 * @param beginsAsSent IN1-12
 * @param endsAsSent IN1-13
 */
public record CoverageView(
        long id,
        UUID personId,
        boolean active,
        String plan,
        String planText,
        String insurer,
        String insurerId,
        String groupNumber,
        String groupName,
        String policyNumber,
        String insured,
        String relationship,
        String type,
        String priority,
        String beginsAsSent,
        String endsAsSent,
        Source source) {

    /** The id only. */
    @Override
    public String toString() {
        return "CoverageView[id=" + id + "]";
    }
}
