package org.chartbridge.chart;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A patient's orders and referrals with every word that was said of them.
 *
 * @param orderWords what messages said of orders, by the id of the order as its sender states it
 * @param referralWords the same of referrals
 * @param reportWords what messages said of reports, by series
 * @param naming documents and appointments that name orders or referrals
 */
public record WatchedCare(
        UUID person,
        List<OrderLoop> orders,
        List<ReferralLoop> referrals,
        Map<Long, List<ItemWord>> orderWords,
        Map<Long, List<ItemWord>> referralWords,
        Map<Long, List<ReportWord>> reportWords,
        List<OrderedReport> reports,
        List<NamingOrders> naming) {

    public WatchedCare {
        orders = List.copyOf(orders);
        referrals = List.copyOf(referrals);
        orderWords = Map.copyOf(orderWords);
        referralWords = Map.copyOf(referralWords);
        reportWords = Map.copyOf(reportWords);
        reports = List.copyOf(reports);
        naming = List.copyOf(naming);
    }

    /** The same with other orders. */
    public WatchedCare with(List<OrderLoop> others) {
        return new WatchedCare(
                person, others, referrals, orderWords, referralWords, reportWords, reports, naming);
    }

    /** The person's id only. */
    @Override
    public String toString() {
        return "WatchedCare[" + person + "]";
    }
}
