package org.chartbridge.chart;

import java.util.UUID;

/**
 * A referral, or an answer to one, as its sender last stated it.
 *
 * @param number of who refers (RF1-6)
 * @param externalNumber of who is referred to (RF1-11)
 * @param state {@code requested}, {@code accepted}, {@code pending}, {@code rejected}, {@code
 *     expired} or {@code cancelled}; empty of who only asked how it stands (I15), and of answers
 *     that say nothing of that
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

    /** Whether it refers, or takes back what was referred: its number is the referral's own. */
    boolean isOfWhoRefers() {
        return state.equals("requested") || state.equals("cancelled");
    }

    /** The id only. */
    @Override
    public String toString() {
        return "ReferralView[id=" + id + "]";
    }
}
