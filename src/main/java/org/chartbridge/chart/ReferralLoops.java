package org.chartbridge.chart;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins one patient's referrals with their answers (HL7-RULES §7). Pure, and a function of what is
 * known, as {@link OrderLoops} is: any order of arrival gives the same, and an answer may come
 * before its request.
 *
 * <p>Two statements are of one referral when the number of who refers (RF1-6) agrees. A number
 * without its namespace agrees with one that has it, where only one has; where who refers has one,
 * those of answers make nothing ambiguous. Who answers by the own number alone (RF1-11) means the
 * referral that the same partner named with it. Same patient, clinician and day without a number is
 * never enough. What is said of its number as of an order (OSU^O51) is about it as well, see {@link
 * ReferralStatuses}.
 */
final class ReferralLoops {
    private static final Set<String> DECIDED = Set.of("accepted", "rejected", "expired");

    private static final Comparator<ReferralView> BY_TIME =
            Comparator.comparing(
                            ReferralView::source,
                            Comparator.comparing(
                                    Source::saidAt,
                                    Comparator.nullsFirst(Comparator.naturalOrder())))
                    .thenComparing(one -> one.source().partner())
                    .thenComparing(ReferralView::state)
                    .thenComparing(ReferralView::number);

    private static final Comparator<PlacedOrderView> STATUS_BY_TIME =
            Comparator.comparing(
                            PlacedOrderView::source,
                            Comparator.comparing(
                                    Source::saidAt,
                                    Comparator.nullsFirst(Comparator.naturalOrder())))
                    .thenComparing(one -> one.source().partner())
                    .thenComparing(PlacedOrderView::control)
                    .thenComparing(PlacedOrderView::placerNumber);

    /** Who refers decides nothing and has no number but the own. */
    private static final Comparator<ReferralView> WHO_REFERS_FIRST =
            Comparator.comparing(
                            (ReferralView one) ->
                                    DECIDED.contains(one.state()) || one.state().isEmpty())
                    .thenComparing(one -> !one.externalNumber().isEmpty())
                    .thenComparing(BY_TIME);

    private ReferralLoops() {}

    /**
     * @param referrals of one patient, in the order in which they are to be shown
     */
    static List<ReferralLoop> of(List<ReferralView> referrals) {
        return of(referrals, List.of());
    }

    /**
     * @param referrals of one patient, in the order in which they are to be shown
     * @param statuses of the same patient: what {@link ReferralStatuses} found among the orders
     */
    static List<ReferralLoop> of(List<ReferralView> referrals, List<PlacedOrderView> statuses) {
        var same = new LinkedHashMap<String, List<ReferralView>>();
        var numbers = ReferralStatuses.numbers(List.of(), referrals);
        for (var one : referrals)
            same.computeIfAbsent(key(one, referrals, numbers), _ -> new ArrayList<>()).add(one);
        var all = ReferralStatuses.numbers(statuses, referrals);
        var meant = ReferralStatuses.meant(statuses, referrals);
        return same.values().stream().map(one -> loop(one, statuses, meant, all)).toList();
    }

    private static ReferralLoop loop(
            List<ReferralView> same,
            List<PlacedOrderView> statuses,
            Map<Long, String> meant,
            Numbers numbers) {
        var sorted = same.stream().sorted(BY_TIME.reversed()).toList();
        var main = sorted.stream().min(WHO_REFERS_FIRST).orElseThrow();
        var told =
                statuses.stream()
                        .filter(
                                one ->
                                        same.stream()
                                                .anyMatch(
                                                        its ->
                                                                numbers.areSame(
                                                                        meant.getOrDefault(
                                                                                one.id(), ""),
                                                                        its.number())))
                        .sorted(STATUS_BY_TIME.reversed())
                        .toList();
        var state = state(sorted, told);
        return new ReferralLoop(
                main,
                sorted.stream().filter(one -> one.id() != main.id()).toList(),
                told,
                state,
                !state.equals("cancelled"));
    }

    /** Of the later word; what says nothing of it leaves it as it was. */
    private static String state(List<ReferralView> sorted, List<PlacedOrderView> told) {
        var last =
                sorted.stream()
                        .filter(one -> !one.state().isEmpty())
                        .findFirst()
                        .orElse(sorted.getFirst());
        var stands = last.state().isEmpty() ? "requested" : last.state();
        for (var one : told) {
            var state = ReferralLoop.state(one);
            if (state.isEmpty()) continue;
            return isBefore(one.source(), last.source()) ? stands : state;
        }
        return stands;
    }

    private static boolean isBefore(Source one, Source other) {
        return Comparator.nullsFirst(Comparator.<Instant>naturalOrder())
                        .compare(one.saidAt(), other.saidAt())
                < 0;
    }

    private static String key(ReferralView one, List<ReferralView> all, Numbers numbers) {
        if (!one.number().isEmpty()) return numbers.named(one.number());
        var keys =
                all.stream()
                        .filter(other -> other.source().partner().equals(one.source().partner()))
                        .filter(other -> other.externalNumber().equals(one.externalNumber()))
                        .filter(other -> !other.externalNumber().isEmpty())
                        .map(ReferralView::number)
                        .filter(number -> !number.isEmpty())
                        .map(numbers::named)
                        .distinct()
                        .limit(2)
                        .toList();
        return keys.size() == 1 ? keys.getFirst() : "by id " + one.id();
    }
}
