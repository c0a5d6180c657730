package org.chartbridge.fhir;

import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.OpenLoops.Charted;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Orders and referrals as their loops stand, whatever word anybody has for it. */
@Component
class OrdersStanding {
    private final ObjectProvider<OpenLoops> loops;

    /**
     * @param loops none where FHIR is served without them; orders are then as they were stated
     */
    OrdersStanding(ObjectProvider<OpenLoops> loops) {
        this.loops = loops;
    }

    /** The same orders, in the same order. */
    List<PlacedOrderView> of(List<PlacedOrderView> orders) {
        var charted = charted();
        return orders.stream()
                .map(
                        one ->
                                one.in(
                                        charted.apply(one.personId())
                                                .orders()
                                                .getOrDefault(one.id(), one.state())))
                .toList();
    }

    /**
     * The orders, by id, that reports of these patients belong to, by the series of the report.
     *
     * @param care what the chart alone knows of it
     */
    Map<Long, Long> ofReports(CareStatements care, Collection<UUID> persons) {
        var orders = care.ordersOfReports(persons);
        var followed = loops.getIfAvailable();
        if (followed == null || persons.isEmpty()) return orders;
        followed.reportsAsSent(persons).forEach(orders::putIfAbsent);
        // What its filler only answered is no order of its own.
        var answers = followed.answersAsSent(persons);
        orders.replaceAll((_, order) -> answers.getOrDefault(order, order));
        return orders;
    }

    /**
     * What fillers state of orders that others placed, by id, with the order by id that it is
     * about.
     *
     * @param care what the chart alone knows of it
     */
    Map<Long, Long> answered(CareStatements care, Collection<UUID> persons) {
        var answered = care.answered(persons);
        var followed = loops.getIfAvailable();
        if (followed != null && !persons.isEmpty())
            followed.answersAsSent(persons).forEach(answered::putIfAbsent);
        return answered;
    }

    /** The same referrals, in the same order. */
    List<ReferralLoop> ofReferrals(List<ReferralLoop> referrals) {
        var charted = charted();
        return referrals.stream()
                .map(
                        one ->
                                one.in(
                                        charted.apply(one.referral().personId())
                                                .referrals()
                                                .getOrDefault(one.referral().id(), one.state())))
                .toList();
    }

    /** Of each patient once. */
    private Function<UUID, Charted> charted() {
        var followed = loops.getIfAvailable();
        var known = new HashMap<UUID, Charted>();
        return person ->
                known.computeIfAbsent(
                        person, its -> followed == null ? Charted.NONE : followed.charted(its));
    }
}
