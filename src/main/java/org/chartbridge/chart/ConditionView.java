package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * A diagnosis or problem on a sender's list.
 *
 * @param visitId the visit it was diagnosed in; 0 for a problem of the patient's life
 * @param active whether it is still on that list
 * @param type DG1-6, table 0052; empty when not sent
 */
public record ConditionView(
        long id,
        UUID personId,
        long visitId,
        boolean active,
        CodingView code,
        String type,
        @Nullable Instant onset,
        String onsetAsSent,
        String abatedAsSent,
        String clinicalStatus,
        String clinician,
        Source source) {

    /** The id only. */
    @Override
    public String toString() {
        return "ConditionView[id=" + id + "]";
    }
}
