package org.chartbridge.chart;

import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Whose orders and whose results have the placer's numbers that the updates of a group name (OBR-2,
 * ORC-2): a result under the number of another patient's order is of nobody that can be told ⚠
 * (HL7-RULES §5). Part of {@link ChartGroup}; what the group adds is known as if it had been read.
 */
final class NamedOrders {

    /**
     * Standing orders run for a year; the number of one that is older than that was given again.
     */
    static final Duration MAX_APART = Duration.ofDays(366);

    private static final Set<String> TAKEN_BACK = Set.of("cancelled", "refused");

    /**
     * An order as its placer stated it.
     *
     * @param number ORC-2, with its namespace where it has one
     * @param open whether nobody took it back or stopped it
     * @param at when it was ordered, else stated; null when not known
     */
    record Ordered(String number, UUID person, boolean open, @Nullable Instant at) {
        /** Nothing of the patient. */
        @Override
        public String toString() {
            return "Ordered[…]";
        }
    }

    private final Map<Long, Ordered> orders = new HashMap<>();
    private final Map<String, Set<UUID>> reported = new HashMap<>();

    NamedOrders copy() {
        var copy = new NamedOrders();
        copy.restore(this);
        return copy;
    }

    void restore(NamedOrders other) {
        orders.clear();
        orders.putAll(other.orders);
        reported.clear();
        other.reported.forEach((number, whose) -> reported.put(number, new LinkedHashSet<>(whose)));
    }

    /** The lock under which an order and the results that name it exclude each other. */
    static long lock(String number) {
        return Locks.of("order", ByOrder.entity(number));
    }

    /** The numbers of the orders that a message states. */
    static List<String> of(Registration registration) {
        var numbers = new ArrayList<String>(0);
        for (var list : registration.lists()) {
            if (list.kind() != ListKind.PLACED_ORDER) continue;
            for (var item : list.items()) {
                var number = number(item);
                if (!number.isEmpty()) numbers.add(number);
            }
        }
        return numbers;
    }

    private static String number(ListStatement.Item item) {
        return text(item, ItemField.PLACER_NUMBER);
    }

    private static String text(ListStatement.Item item, ItemField field) {
        var value = item.fields().get(field);
        return value == null ? "" : value.text();
    }

    /** Reads whose orders have these numbers. */
    void readOrders(Script script, Collection<String> numbers) {
        script.read(
                """
                select o.id, p.person_id, o.placer_number,
                       o.status = 'active' and o.state not in ('cancelled', 'refused'),
                       coalesce(o.ordered_at, o.listed_message)
                from unnest(?) k(entity)
                cross join lateral (
                    select * from placed_order x
                    where split_part(x.placer_number, '^', 1) = k.entity and x.placer_number <> ''
                      and x.control = any(?)
                    offset 0
                ) o
                cross join lateral (select person_id from patient_record where id = o.record_id offset 0) p
                """,
                row -> {
                    Timestamp at = row.getTimestamp(5);
                    orders.put(
                            row.getLong(1),
                            new Ordered(
                                    row.getString(3),
                                    row.getObject(2, UUID.class),
                                    row.getBoolean(4),
                                    at == null ? null : at.toInstant()));
                },
                entities(numbers),
                Columns.texts(OrderLoops.PLACERS_CONTROL, control -> control));
    }

    /** Reads whose results came under these numbers. */
    void readReported(Script script, Collection<String> numbers) {
        script.read(
                """
                select distinct o.placer_number, p.person_id
                from unnest(?) k(entity)
                cross join lateral (
                    select * from clinical_order x
                    where split_part(x.placer_number, '^', 1) = k.entity and x.placer_number <> ''
                    offset 0
                ) o
                cross join lateral (select person_id from patient_record where id = o.record_id offset 0) p
                where exists (select from report r where r.order_id = o.id and r.standing = 'current')
                """,
                row -> reported(row.getString(1), row.getObject(2, UUID.class)),
                (Object) entities(numbers));
    }

    private static @Nullable String[] entities(Collection<String> numbers) {
        return Columns.texts(
                numbers.stream().map(ByOrder::entity).distinct().toList(), entity -> entity);
    }

    private void reported(String number, UUID person) {
        reported.computeIfAbsent(number, _ -> new LinkedHashSet<>()).add(person);
    }

    /** A message of the group was charted. */
    void keep(Results results, UUID person) {
        for (var report : results.reports())
            if (!report.placerNumber().isEmpty()) reported(report.placerNumber(), person);
    }

    /** The same of a message that states orders. */
    void keep(RegistrationFacts added, UUID person) {
        for (var row : added.items) {
            if (row.list().scope().kind() != ListKind.PLACED_ORDER) continue;
            long id = row.item().id();
            var item = row.statement();
            var known = orders.get(id);
            if (item != null) known = ordered(item, row, person);
            else if (known != null)
                known = new Ordered(known.number(), known.person(), row.onList(), known.at());
            if (known == null) orders.remove(id);
            else orders.put(id, known);
        }
    }

    /** Null where it is no placer's statement of an order with a number. */
    private static @Nullable Ordered ordered(
            ListStatement.Item item, RegistrationFacts.ItemRow row, UUID person) {
        var number = number(item);
        if (number.isEmpty() || !OrderLoops.PLACERS_CONTROL.contains(text(item, ItemField.CONTROL)))
            return null;
        var began = item.fields().get(ItemField.BEGAN);
        var at =
                began == null || began.code().isEmpty()
                        ? row.item().listed().message()
                        : Instant.parse(began.code());
        boolean open = row.onList() && !TAKEN_BACK.contains(text(item, ItemField.STATE));
        return new Ordered(number, person, open, at);
    }

    /**
     * Whether the number of a report is that of an open order, and that of another patient.
     *
     * @param person whose the report is said to be; null for somebody who is not in the chart
     */
    boolean isOfAnother(ReportStatement report, @Nullable UUID person) {
        var number = report.placerNumber();
        if (number.isEmpty()) return false;
        var at = at(report);
        boolean others = false;
        for (var order : orders.values()) {
            if (!isOpen(order, number, at)) continue;
            if (order.person().equals(person)) return false;
            others = true;
        }
        return others;
    }

    /** For whom the open orders of its number are. */
    List<UUID> persons(ReportStatement report) {
        var at = at(report);
        return orders.values().stream()
                .filter(order -> isOpen(order, report.placerNumber(), at))
                .map(Ordered::person)
                .distinct()
                .sorted()
                .toList();
    }

    private static @Nullable Instant at(ReportStatement report) {
        var collected = report.collected().instant();
        return collected == null ? report.said().message() : collected;
    }

    private static boolean isOpen(Ordered order, String number, @Nullable Instant at) {
        return order.open() && OneNumber.isOne(number, order.number()) && !tooFar(order.at(), at);
    }

    private static boolean tooFar(@Nullable Instant one, @Nullable Instant other) {
        return one != null
                && other != null
                && Duration.between(one, other).abs().compareTo(MAX_APART) > 0;
    }

    /**
     * What is to be said of orders under whose number only results of other patients are charted.
     *
     * @param person for whom they are; null for somebody who is new
     */
    List<Applied.Remark> resultsOfAnother(Registration registration, @Nullable UUID person) {
        if (reported.isEmpty()) return List.of();
        var remarks = new ArrayList<Applied.Remark>(0);
        for (var list : registration.lists()) {
            if (list.kind() != ListKind.PLACED_ORDER) continue;
            for (var item : list.items())
                if (!item.removed()
                        && OrderLoops.PLACERS_CONTROL.contains(text(item, ItemField.CONTROL))
                        && !TAKEN_BACK.contains(text(item, ItemField.STATE))
                        && hasResultsOfAnother(number(item), person))
                    remarks.add(
                            new Applied.Remark(
                                    item.path(),
                                    "results-of-another-patient",
                                    "results under the number of this order are charted for another"
                                            + " patient; find out whose they are (Unmatched)"));
        }
        return remarks;
    }

    private boolean hasResultsOfAnother(String number, @Nullable UUID person) {
        boolean others = false;
        for (var one : reported.entrySet()) {
            if (!OneNumber.isOne(number, one.getKey())) continue;
            if (person != null && one.getValue().contains(person)) return false;
            others = true;
        }
        return others;
    }
}
