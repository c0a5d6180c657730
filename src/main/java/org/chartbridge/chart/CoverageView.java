package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An insurance on a sender's list.
 *
 * @param active whether it is still on that list
 * @param policyNumber IN1-36, else IN1-49
 * @param memberNumber IN1-49
 * @param furtherNumbers of IN2: type (table 0203), number, authority
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
        String memberNumber,
        String memberAuthority,
        List<List<String>> furtherNumbers,
        String insured,
        String relationship,
        String type,
        String priority,
        @Nullable Instant begins,
        String beginsAsSent,
        @Nullable Instant ends,
        String endsAsSent,
        Source source) {

    public CoverageView {
        furtherNumbers = furtherNumbers.stream().map(List::copyOf).toList();
    }

    /** The id only. */
    @Override
    public String toString() {
        return "CoverageView[id=" + id + "]";
    }
}
