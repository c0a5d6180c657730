package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * A diagnosis or problem on a sender's list.
 *
 * @param visitId the visit it was diagnosed in; 0 for a problem of the patient's life
 * @param active whether it is still on that list
 * @param type DG1-6, table 0052; empty when not sent
 * @param listed whether a list of diagnoses or problems states it (ADT, PPR); else only orders,
 *     charges and the like do, as their reason
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
        @Nullable Instant abated,
        String abatedAsSent,
        String clinicalStatus,
        String clinician,
        boolean listed,
        Source source) {

    /**
     * {@code active}, {@code resolved} or {@code inactive}: as its sender says it (PRB-14, in words
     * or SNOMED CT), else resolved when it says when it ended (PRB-9).
     */
    public String standing() {
        if (!active) return "inactive";
        return switch (clinicalStatus.toLowerCase(Locale.ROOT)) {
            case "r", "resolved", "413322009" -> "resolved";
            case "i", "inactive", "73425007" -> "inactive";
            case "a", "active", "55561003" -> "active";
            default -> abatedAsSent.isEmpty() ? "active" : "resolved";
        };
    }

    /** The id only. */
    @Override
    public String toString() {
        return "ConditionView[id=" + id + "]";
    }
}
