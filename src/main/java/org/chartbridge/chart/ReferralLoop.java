package org.chartbridge.chart;

import java.util.List;

/**
 * A referral with what others said of it.
 *
 * @param referral as who refers states it, else as whoever states it
 * @param answers what others said of the same referral, the latest word first
 * @param statuses what was said of it as of an order, by its number (360X), the latest word first
 * @param state that of the latest word; by such a status, a person or a delivery also {@code
 *     on-hold}, {@code completed} or {@code mistake}
 * @param goesOn whether the latest word is no cancel
 */
public record ReferralLoop(
        ReferralView referral,
        List<ReferralView> answers,
        List<PlacedOrderView> statuses,
        String state,
        boolean goesOn) {

    public ReferralLoop {
        answers = List.copyOf(answers);
        statuses = List.copyOf(statuses);
    }

    /** The same, with how it stands by all that is known of it, deliveries too. */
    public ReferralLoop in(String itsState) {
        return new ReferralLoop(referral, answers, statuses, itsState, goesOn);
    }

    /** Whether nobody has decided on it yet. */
    public boolean isOpen() {
        return state.equals("requested") || state.equals("pending") || state.equals("on-hold");
    }

    /**
     * ⚠ One of them cancelled it, and another said something else later, or that the cancel came
     * too late: they crossed.
     */
    public boolean isCancelledAndGoesOn() {
        return !state.equals("cancelled")
                && (goesOn || state.equals("accepted"))
                && (referral.state().equals("cancelled")
                        || answers.stream().anyMatch(one -> one.state().equals("cancelled"))
                        || statuses.stream().anyMatch(one -> state(one).equals("cancelled")));
    }

    /** How it stands by one of its statuses; empty when that says nothing of it. */
    public static String state(PlacedOrderView status) {
        return ReferralStatuses.state(status.control(), status.stateAsSent(), status.state());
    }

    /** The same, for pages. */
    public String stateBy(PlacedOrderView status) {
        return state(status);
    }

    /** The id of the referral only. */
    @Override
    public String toString() {
        return "ReferralLoop[" + referral.id() + "]";
    }
}
