package org.chartbridge.chart;

import java.util.List;

/**
 * A referral with what others said of it.
 *
 * @param referral as who refers states it, else as whoever states it
 * @param answers what others said of the same referral, the latest word first
 * @param state that of the latest word
 */
public record ReferralLoop(ReferralView referral, List<ReferralView> answers, String state) {

    public ReferralLoop {
        answers = List.copyOf(answers);
    }

    /** Whether nobody has decided on it yet. */
    public boolean isOpen() {
        return state.equals("requested") || state.equals("pending");
    }

    /** ⚠ One of them cancelled it, and another said something else later: they crossed. */
    public boolean isCancelledAndGoesOn() {
        return !state.equals("cancelled")
                && (referral.state().equals("cancelled")
                        || answers.stream().anyMatch(one -> one.state().equals("cancelled")));
    }

    /** The id of the referral only. */
    @Override
    public String toString() {
        return "ReferralLoop[" + referral.id() + "]";
    }
}
