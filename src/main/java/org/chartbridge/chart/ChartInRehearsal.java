package org.chartbridge.chart;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Results, allergies and orders folded one after the other by the fold that writes the chart, and
 * written nowhere: for tests of what partners send. A patient who comes for the first time is taken
 * for known.
 *
 * <p>For one thread.
 */
public final class ChartInRehearsal {
    private final Map<RecordKey, PatientState> known = new HashMap<>();
    private final CareInRehearsal care = new CareInRehearsal();
    private final ReportsInRehearsal reports = new ReportsInRehearsal();
    private long entries;
    private long ids;

    /**
     * What orders of a patient are screened against, and they themselves.
     *
     * @param entryId that the last message has as a source
     * @param at when the last message was sent
     * @param orders as they stand
     */
    public record Care(
            UUID person,
            long entryId,
            Instant at,
            List<AllergyView> allergies,
            List<MedicationOrderView> medication,
            List<PlacedOrderView> orders) {
        public Care {
            allergies = List.copyOf(allergies);
            medication = List.copyOf(medication);
            orders = List.copyOf(orders);
        }

        /** The id only. */
        @Override
        public String toString() {
            return "Care[" + person + "]";
        }
    }

    /** Each patient that a message is about, with what it and those before it said. */
    public List<Care> care(ChartUpdate update) {
        return care.after(update);
    }

    /**
     * How an order stands after the messages so far, with the results that answer it.
     *
     * @param number the placer's, else the filler's
     * @param test its code, else its name
     * @param state as {@link OrderLoop} has it; where it was stopped and has results, that is said
     */
    public record Order(String number, String test, String state) {
        /** Without the number: it is a patient's order. */
        @Override
        public String toString() {
            return "Order[" + test + " " + state + "]";
        }
    }

    /** The orders of each patient that a message is about, joined as in the chart. */
    public List<Order> orders(ChartUpdate update) {
        var keys = new LinkedHashSet<RecordKey>();
        for (var part : update.parts()) keys.add(part.patient().key());
        var all = new ArrayList<Order>();
        for (var key : keys) {
            var patient = known.get(key);
            for (var loop :
                    OrderLoops.of(
                            care.orders(key), patient == null ? List.of() : reports.of(patient)))
                all.add(order(loop));
        }
        return all;
    }

    private static Order order(OrderLoop loop) {
        var order = loop.order();
        var test = order.service();
        return new Order(
                order.placerNumber().isEmpty() ? order.fillerNumber() : order.placerNumber(),
                test.code().isEmpty() ? test.text() : test.code(),
                loop.state() + (loop.isStoppedWithResults() ? ", with results" : ""));
    }

    /**
     * What the reports of results leave empty, and stays as it was said before (decision 67).
     *
     * @return the names of the fields, by the path of the OBR; none where nothing stays
     */
    public static Map<String, String> stays(Applied.Changed changed) {
        return ReportsInRehearsal.stays(changed.facts());
    }

    /**
     * What became of the orders of the last message: as in the chart, one that is ordered once more
     * under a number that was sent, and waits for a person, changes nothing of the first (decision
     * 72).
     *
     * @param waiting their numbers, without namespaces
     * @param left likewise
     */
    public void sent(Set<String> waiting, Set<String> left) {
        care.sent(waiting, left);
    }

    /** What results do after those before them. */
    public Applied fold(Results results) {
        var before = known.get(results.patient().key());
        boolean first = before == null;
        if (before == null)
            before = new PatientState(null, List.of(), List.of(), false, Map.of(), Set.of());
        var recording =
                new Recording(
                        ++entries, Instant.EPOCH, () -> ++ids, () -> new UUID(0, ++ids), Map.of());
        var folded = Fold.fold(before, results, recording, first);
        known.put(results.patient().key(), folded.after());
        if (folded.applied() instanceof Applied.Changed changed) reports.keep(changed.facts());
        return folded.applied();
    }
}
