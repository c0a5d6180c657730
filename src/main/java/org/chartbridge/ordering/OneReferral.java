package org.chartbridge.ordering;

import static org.chartbridge.ordering.OneOrder.value;

import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What decides about one referral: REF^I12 to I15 say one each.
 *
 * @param isNew I12; a change, a cancel or a question about its state otherwise
 * @param trigger MSH-9.2
 * @param number RF1-6: value and namespace, joined by |; empty when it has none
 * @param wanted PRD with PRD-1 RT (table 0286): who is referred to
 * @param specialties RF1-3.1 and RF1-10.1
 * @param reason RF1-10, else RF1-3, for people
 * @param priority RF1-2.1
 * @param coverages IN1-2.1 and IN1-3.1 of each IN1
 * @param patient of the message, see {@link OneOrder#patient}
 * @param said MSH-7 as sent
 */
record OneReferral(
        boolean isNew,
        String trigger,
        String number,
        List<Wanted> wanted,
        Set<String> specialties,
        String reason,
        String priority,
        Set<String> coverages,
        String patient,
        String said) {

    /**
     * Somebody a referral names.
     *
     * @param ids PRD-7.1 of each repetition
     */
    record Wanted(List<String> ids, String family, String given) {

        /** As the cause of waiting says it; a name of a provider, never of a patient. */
        String shown() {
            if (!ids.isEmpty()) return String.join(", ", ids);
            return (given + " " + family).strip();
        }
    }

    static OneReferral of(Rewriting text, String trigger, String said) {
        var specialties = new TreeSet<String>();
        var number = "";
        var reason = "";
        var priority = "";
        var wanted = new ArrayList<Wanted>();
        for (var segment : text.segments())
            switch (segment.name()) {
                case "RF1" -> {
                    if (!number.isEmpty()) continue;
                    number = OneOrder.number(text, segment, 6);
                    priority = value(text, segment, 2, 1);
                    for (int field : new int[] {3, 10})
                        if (!value(text, segment, field, 1).isEmpty())
                            specialties.add(value(text, segment, field, 1));
                    reason = words(text, segment, 10);
                    if (reason.isEmpty()) reason = words(text, segment, 3);
                }
                case "PRD" -> wanted(text, segment, wanted);
                default -> {}
            }
        return new OneReferral(
                trigger.equals("I12"),
                trigger,
                number,
                List.copyOf(wanted),
                Set.copyOf(specialties),
                reason,
                priority,
                OneOrder.coverages(text),
                OneOrder.patient(text),
                said);
    }

    private static String words(Rewriting text, Segment segment, int field) {
        return (value(text, segment, field, 1) + " " + value(text, segment, field, 2)).strip();
    }

    private static void wanted(Rewriting text, Segment prd, List<Wanted> wanted) {
        boolean referredTo = false;
        for (int i = 1; i <= text.repetitions(prd, 1); i++)
            referredTo |= text.value(prd, 1, i, 1, 0).strip().equalsIgnoreCase("RT");
        if (!referredTo) return;
        var ids = new ArrayList<String>();
        for (int i = 1; i <= text.repetitions(prd, 7); i++)
            if (!text.value(prd, 7, i, 1, 0).isEmpty()) ids.add(text.value(prd, 7, i, 1, 0));
        // PRD-2.1 is a family name with subcomponents (FN) from 2.3.1.
        var one =
                new Wanted(
                        List.copyOf(ids), text.value(prd, 2, 1, 1, 1), text.value(prd, 2, 1, 2, 0));
        // ⚠ Whoever is meant by an address or a telephone alone is not chosen by a specialty.
        if (!one.ids().isEmpty() || !one.shown().isEmpty() || isSomebody(text, prd))
            wanted.add(one);
    }

    private static boolean isSomebody(Rewriting text, Segment prd) {
        for (int field = 2; field <= 10; field++)
            if (!text.asSent(prd, field, 0, 0, 0).isEmpty()) return true;
        return false;
    }

    /** Prints what says nothing of a patient. */
    @Override
    public String toString() {
        return "OneReferral[" + trigger + "]";
    }
}
