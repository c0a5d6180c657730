package org.chartbridge.loops;

import org.chartbridge.chart.ItemWord;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralView;
import org.chartbridge.chart.WatchedCare;

import java.util.List;
import java.util.Map;

/** What is known of a patient's orders and referrals, as it is needed to follow each of them. */
record Known(WatchedCare care, Sendings sendings, OrderWords words, Replies replies) {
    static Known of(WatchedCare care, Map<Long, List<Sending>> sendings) {
        return new Known(care, new Sendings(sendings), new OrderWords(care), new Replies(care));
    }

    List<ItemWord> of(PlacedOrderView order) {
        return care.orderWords().getOrDefault(order.id(), List.of());
    }

    List<ItemWord> of(ReferralView referral) {
        return care.referralWords().getOrDefault(referral.id(), List.of());
    }

    /** The person only. */
    @Override
    public String toString() {
        return "Known[" + care.person() + "]";
    }
}
