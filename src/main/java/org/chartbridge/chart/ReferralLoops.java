package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * Joins one patient's referrals with their answers (HL7-RULES §7). Pure, and a function of what is
 * known, as {@link OrderLoops} is: any order of arrival gives the same, and an answer may come
 * before its request.
 *
 * <p>Two statements are of one referral when the number of who refers (RF1-6) agrees. A number
 * without its namespace agrees with one that has it, where only one has. Who answers by the own
 * number alone (RF1-11) means the referral that the same partner named with it. Same patient,
 * clinician and day without a number is never enough.
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

    /** Who refers decides nothing and has no number but the own. */
    private static final Comparator<ReferralView> WHO_REFERS_FIRST =
            Comparator.comparing((ReferralView one) -> DECIDED.contains(one.state()))
                    .thenComparing(one -> !one.externalNumber().isEmpty())
                    .thenComparing(BY_TIME);

    private ReferralLoops() {}

    /**
     * @param referrals of one patient, in the order in which they are to be shown
     */
    static List<ReferralLoop> of(List<ReferralView> referrals) {
        var same = new LinkedHashMap<String, List<ReferralView>>();
        var numbers = new Numbers(referrals.stream().map(ReferralView::number).toList());
        for (var one : referrals)
            same.computeIfAbsent(key(one, referrals, numbers), _ -> new ArrayList<>()).add(one);
        return same.values().stream().map(ReferralLoops::loop).toList();
    }

    private static ReferralLoop loop(List<ReferralView> same) {
        var sorted = same.stream().sorted(BY_TIME.reversed()).toList();
        var main = sorted.stream().min(WHO_REFERS_FIRST).orElseThrow();
        return new ReferralLoop(
                main,
                sorted.stream().filter(one -> one.id() != main.id()).toList(),
                sorted.getFirst().state());
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
