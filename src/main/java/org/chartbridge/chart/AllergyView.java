package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * An allergy on a sender's list.
 *
 * @param active whether it is still on that list
 * @param category AL1-2, table 0127; empty when not sent
 * @param severity AL1-4, table 0128; empty when not sent
 * @param patientNumber the patient's number that the list was sent under
 */
public record AllergyView(
        long id,
        UUID personId,
        boolean active,
        CodingView substance,
        String category,
        String severity,
        String reaction,
        @Nullable Instant onset,
        String onsetAsSent,
        String clinicalStatus,
        String patientNumber,
        Source source) {

    /** The id only. */
    @Override
    public String toString() {
        return "AllergyView[id=" + id + "]";
    }
}
