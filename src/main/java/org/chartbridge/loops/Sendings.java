package org.chartbridge.loops;

import org.chartbridge.chart.ItemWord;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralView;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The deliveries of a patient's orders and referrals, by the message that was sent on. */
final class Sendings {
    private final Map<Long, List<Sending>> sendings;

    /**
     * @param sendings by the entry that was sent on
     */
    Sendings(Map<Long, List<Sending>> sendings) {
        this.sendings = sendings;
    }

    /** Those of an order. */
    List<Sending> of(ItemWord word, PlacedOrderView order) {
        return Sending.of(of(word), order.placerNumber(), order.service().code());
    }

    /** Those of a referral. */
    List<Sending> of(ItemWord word, ReferralView referral) {
        return Sending.of(of(word), referral.number(), "");
    }

    /** The deliveries of a message to others. */
    private List<Sending> of(ItemWord word) {
        return sendings.getOrDefault(word.entryId(), List.of()).stream()
                .filter(one -> one.isToPlace() || !one.partner().equals(word.partner()))
                .toList();
    }

    /** Whether a partner was not sent what it speaks of; nobody is while it goes some other way. */
    static boolean isForeign(String who, String asker, Set<String> sentTo) {
        return !sentTo.isEmpty() && !who.equals(asker) && !sentTo.contains(who);
    }
}
