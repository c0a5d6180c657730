package org.chartbridge.chart;

import java.util.UUID;

/**
 * A referral, or an answer to one, as its sender last stated it.
 *
 * @param number of who refers (RF1-6)
 * @param externalNumber of who is referred to (RF1-11)
 * @param state {@code requested}, {@code accepted}, {@code pending}, {@code rejected}, {@code
 *     expired} or {@code cancelled}
 * @param clinician who refers
 */
public record ReferralView(
        long id,
        UUID personId,
        boolean active,
        String number,
        String externalNumber,
        String state,
        String stateAsSent,
        String priority,
        String type,
        String category,
        CodingView service,
        String startsAsSent,
        String endsAsSent,
        String reason,
        String clinician,
        String referredTo,
        String details,
        Supporting supporting,
        Source source) {

    /** The id only. */
    @Override
    public String toString() {
        return "ReferralView[id=" + id + "]";
    }
}
