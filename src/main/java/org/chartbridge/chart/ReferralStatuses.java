package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which words about orders are about referrals: a referral that left as OMG^O19 is answered as an
 * order is (OSU^O51, ORG^O20; decision 0062). Pure, and a function of what is known of a patient:
 * one that arrives before its referral is joined with it as soon as that is there.
 *
 * <p>By the number alone (of who refers, or the filler's own once it was given to it), which nobody
 * guesses. An order that somebody placed under the same number keeps its answers; they are shown
 * with the referral as well, and who it was sent to decides which of the two they move.
 *
 * @param orders all but those that are about referrals only
 * @param statuses those that are about referrals
 */
record ReferralStatuses(List<PlacedOrderView> orders, List<PlacedOrderView> statuses) {

    /** ORC-1 by which a filler says how something stands that it was not asked for. */
    private static final Set<String> FILLERS_OWN = Set.of("SN", "RE");

    /**
     * @param orders of one patient
     * @param referrals of the same patient
     */
    static ReferralStatuses of(List<PlacedOrderView> orders, List<ReferralView> referrals) {
        if (referrals.isEmpty()) return new ReferralStatuses(orders, List.of());
        var ordered = new ArrayList<PlacedOrderView>();
        var statuses = new ArrayList<PlacedOrderView>();
        var may = orders.stream().filter(ReferralStatuses::mayBe).toList();
        var meant = meant(may, referrals);
        for (var one : orders) {
            var number = meant.getOrDefault(one.id(), "");
            if (!number.isEmpty()) statuses.add(one);
            if (number.isEmpty() || isPlaced(number, orders)) ordered.add(one);
        }
        return new ReferralStatuses(ordered, statuses);
    }

    /**
     * Which referral each is about, by the number of who refers, as {@link #numbers} has it. What
     * is said under the filler's own number alone is about the one to which the same partner gave
     * that number before or later, where that is one only.
     */
    static Map<Long, String> meant(List<PlacedOrderView> statuses, List<ReferralView> referrals) {
        var numbers = numbers(statuses, referrals);
        var placers = new PlacersNumbers(statuses);
        var known =
                referrals.stream()
                        .map(ReferralView::number)
                        .filter(number -> !number.isEmpty())
                        .map(numbers::named)
                        .collect(Collectors.toSet());
        var meant = new HashMap<Long, String>();
        for (var one : statuses) {
            var its = new HashSet<String>();
            for (var number : placers.of(one.id())) its.add(numbers.named(number));
            if (one.placerNumber().isEmpty())
                for (var referral : referrals)
                    if (!referral.number().isEmpty()
                            && referral.source().partner().equals(one.source().partner())
                            && OneNumber.isOne(referral.externalNumber(), one.fillerNumber()))
                        its.add(numbers.named(referral.number()));
            if (its.size() == 1 && known.containsAll(its))
                meant.put(one.id(), its.iterator().next());
        }
        return meant;
    }

    /**
     * A number without its namespace is that of the only one with it that was referred under; of
     * those that answers name where nobody referred under it with one.
     */
    static Numbers numbers(List<PlacedOrderView> statuses, List<ReferralView> referrals) {
        return new Numbers(
                referrals.stream()
                        .filter(ReferralView::isOfWhoRefers)
                        .map(ReferralView::number)
                        .toList(),
                Stream.concat(
                                referrals.stream().map(ReferralView::number),
                                statuses.stream().map(PlacedOrderView::placerNumber))
                        .toList());
    }

    /** Whether it says how something stands, and orders nothing itself. */
    static boolean mayBe(PlacedOrderView one) {
        return OrderLoops.isOfFiller(one) && !FILLERS_OWN.contains(one.control());
    }

    private static boolean isPlaced(String number, List<PlacedOrderView> orders) {
        return orders.stream()
                .anyMatch(
                        one ->
                                !OrderLoops.isOfFiller(one)
                                        && OneNumber.isOne(number, one.placerNumber()));
    }

    /**
     * How a referral stands by a word about an order, in a word of ours; empty when it says nothing
     * of that.
     *
     * @param control ORC-1
     * @param status ORC-5
     * @param state as of an order
     */
    static String state(String control, String status, String state) {
        if (control.equals("UA") || control.equals("DE")) return "rejected";
        if (OrderLoops.REFUSALS.contains(control)) return "";
        return switch (state) {
            case "refused" -> "rejected";
            case "active" ->
                    status.isEmpty() && Set.of("", "SR").contains(control) ? "" : "accepted";
            default -> state;
        };
    }

    /** Nothing: they are about a patient. */
    @Override
    public String toString() {
        return "ReferralStatuses[]";
    }
}
