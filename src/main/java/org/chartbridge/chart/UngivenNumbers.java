package org.chartbridge.chart;

import org.chartbridge.database.Script;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Numbers of orders and referrals that notes and reports carry (OBR-2, TXA-14) and that nobody
 * gave: a slip of the pen in one means that its order stays open, and the answer stands beside it.
 * Asked only of partners whom orders or referrals are sent to from here; all others have theirs by
 * other ways. Part of {@link ChartGroup}.
 */
final class UngivenNumbers {
    static final String REASON = "order-number-of-nothing";

    /** What a document's numbers begin with where its placer's is not said. */
    private static final Set<String> FILLERS = Set.of("TXA-15", "ORC-3");

    private static final List<ItemField> GIVEN = List.of(ItemField.PLACER_NUMBER, ItemField.NUMBER);

    private final Set<String> asked = new HashSet<>();
    private final Set<String> given = new HashSet<>();

    /** Names the partners whose messages are asked. */
    void ask(Collection<String> partners) {
        asked.addAll(partners);
    }

    Set<String> copy() {
        return Set.copyOf(given);
    }

    void restore(Set<String> before) {
        given.retainAll(before);
    }

    /** Reads which of the numbers that these carry somebody gave. */
    void read(Script script, Collection<? extends ChartUpdate> updates) {
        var numbers = new LinkedHashSet<String>();
        for (var update : updates)
            for (var one : carried(update)) for (var number : one.numbers) numbers.add(number);
        if (numbers.isEmpty()) return;
        script.read(
                """
                select k.entity
                from unnest(?) k(entity)
                where exists (select from placed_order o
                              where split_part(o.placer_number, '^', 1) = k.entity and o.placer_number <> '')
                   or exists (select from referral r
                              where split_part(r.number, '^', 1) = k.entity and r.number <> '')
                   or exists (select from referral r
                              where split_part(r.external_number, '^', 1) = k.entity and r.external_number <> '')
                """,
                row -> given.add(row.getString(1)),
                (Object) Columns.texts(numbers, number -> number));
    }

    /** A message of the group was charted. */
    void keep(ChartUpdate update) {
        if (asked.isEmpty() || !(update instanceof Registration registration)) return;
        for (var list : registration.lists())
            if (list.kind() == ListKind.PLACED_ORDER || list.kind() == ListKind.REFERRAL)
                for (var item : list.items())
                    for (var field : GIVEN) {
                        var value = item.fields().get(field);
                        if (value != null && !value.text().isEmpty())
                            given.add(ByOrder.entity(value.text()));
                    }
    }

    /** What is to be said of the numbers that a message carries. */
    List<Applied.Remark> of(ChartUpdate update) {
        var remarks = new ArrayList<Applied.Remark>(0);
        for (var one : carried(update))
            if (one.numbers.stream().noneMatch(given::contains))
                remarks.add(
                        new Applied.Remark(
                                one.path,
                                REASON,
                                "nobody here has ordered or referred under this number: its order,"
                                        + " if there is one, stays open. Ask the sender which is"
                                        + " meant"));
        return remarks;
    }

    /**
     * What one report or note carries.
     *
     * @param numbers without their namespaces
     */
    private record Carried(String path, List<String> numbers) {
        /** Nothing of the patient. */
        @Override
        public String toString() {
            return "Carried[" + path + "]";
        }
    }

    private List<Carried> carried(ChartUpdate update) {
        if (asked.isEmpty() || !asked.contains(update.partner())) return List.of();
        return switch (update) {
            case Results results -> {
                var all = new ArrayList<Carried>(0);
                for (var report : results.reports())
                    if (!report.placerNumber().isEmpty())
                        all.add(
                                new Carried(
                                        report.path() + "-2",
                                        List.of(ByOrder.entity(report.placerNumber()))));
                yield all;
            }
            case Registration registration -> documents(registration);
            case IdentityChange _, Several _ -> List.of();
        };
    }

    private static List<Carried> documents(Registration registration) {
        var all = new ArrayList<Carried>(0);
        for (var list : registration.lists()) {
            if (list.kind() != ListKind.CLINICAL_DOCUMENT) continue;
            for (var item : list.items()) {
                var value = item.fields().get(ItemField.ORDER_NUMBERS);
                if (value == null || value.text().isEmpty()) continue;
                var path = value.path();
                // ⚠ The filler's own number is given by whoever sends it.
                if (FILLERS.stream().anyMatch(path.replaceAll("\\[\\d+]", "")::equals)) continue;
                all.add(
                        new Carried(
                                path,
                                List.of(value.text().split("~")).stream()
                                        .map(ByOrder::entity)
                                        .toList()));
            }
        }
        return all;
    }
}
