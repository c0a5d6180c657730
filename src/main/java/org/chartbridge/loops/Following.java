package org.chartbridge.loops;

import org.chartbridge.chart.WatchedCare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says how the orders and referrals of a patient stand, with every step and the message behind it
 * (HL7-RULES §5, §7): each by a {@link FollowedOrder} or a {@link FollowedReferral}. Pure: no
 * database, clock or network, and what arrived when changes nothing.
 *
 * <p>An acknowledgement is no acceptance; a filler's completion is no result ⚠; what the filler
 * stops, nobody here has cancelled ⚠. The later word stands, by the clock of who says it; but
 * whatever clock a filler has, its word about an order comes after the order.
 */
public final class Following {
    private Following() {}

    /**
     * All loops of a patient, those that are closed too.
     *
     * @param sendings deliveries of these orders and referrals, by the entry that was sent on
     */
    public static List<Loop> of(WatchedCare care, Map<Long, List<Sending>> sendings) {
        var joined = AnswersAsSent.joined(care, sendings);
        var known = Known.of(joined, sendings);
        var all = new ArrayList<Loop>();
        for (var loop : joined.orders()) all.add(FollowedOrder.of(known, loop).loop());
        for (var loop : joined.referrals()) all.add(FollowedReferral.of(known, loop));
        return all;
    }

    /**
     * Reports, by series, that name a test only in the code in which it was sent, with the order by
     * id that they belong to.
     */
    static Map<Long, Long> asSent(WatchedCare care, Map<Long, List<Sending>> sendings) {
        var joined = AnswersAsSent.joined(care, sendings);
        var known = Known.of(joined, sendings);
        var reports = new HashMap<Long, Long>();
        for (var loop : joined.orders())
            for (var report : FollowedOrder.of(known, loop).asSent())
                reports.putIfAbsent(report.series(), loop.order().id());
        return reports;
    }

    /** The entries whose deliveries are wanted. */
    public static Set<Long> entries(Collection<WatchedCare> all) {
        var entries = new LinkedHashSet<Long>();
        for (var care : all) {
            for (var words : care.orderWords().values())
                for (var word : words) entries.add(word.entryId());
            for (var words : care.referralWords().values())
                for (var word : words) entries.add(word.entryId());
        }
        return entries;
    }

    /**
     * Those of them whose orders have reports of a test that they do not name, or a number with
     * others: what is said may be in the code in which they were sent.
     */
    static Set<Long> reported(Collection<WatchedCare> all) {
        var entries = new HashSet<Long>();
        for (var care : all) {
            var numbers = AnswersAsSent.numbers(care);
            for (var loop : care.orders())
                if (!loop.otherTests().isEmpty()
                        || numbers.getOrDefault(AnswersAsSent.entity(loop), 0L) > 1)
                    for (var one : FollowedOrder.statements(loop))
                        for (var word : care.orderWords().getOrDefault(one.id(), List.of()))
                            entries.add(word.entryId());
        }
        return entries;
    }
}
