package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Joins one patient's orders with what others said of them and with reports (HL7-RULES §5). Pure,
 * and a function of what is known: any order of arrival gives the same, and an order that arrives
 * after its result is joined with it.
 *
 * <p>Two statements are of one order when the placer's number agrees and the test, where both name
 * one. A number without its namespace agrees with one that has it, where only one has: between two
 * namespaces nobody can choose, and it stays by itself. A filler may call the test what it likes
 * where only one is ordered under the number. A report is an order's when the placer's number
 * agrees, else the filler's number as the same partner gave it, and the test agrees. Same patient,
 * test and day without a number is never enough.
 */
final class OrderLoops {
    static final Set<String> PLACERS_CONTROL =
            Set.of("NW", "CA", "DC", "HD", "RL", "XO", "RP", "RO", "PA", "CH");

    /** ORC-1 by which a filler speaks of a test that nobody ordered (table 0119). */
    private static final Set<String> FILLERS_OWN = Set.of("SN", "RE", "");

    /** ORC-1 by which a filler names the order as it goes on, not as it was asked to change it. */
    private static final Set<String> REFUSALS = Set.of("UC", "UD", "UH", "UR", "UX", "UM");

    private OrderLoops() {}

    /**
     * @param orders of one patient, in the order in which they are to be shown
     * @param reports of the same patient
     */
    static List<OrderLoop> of(List<PlacedOrderView> orders, List<OrderedReport> reports) {
        var loops = new ArrayList<OrderLoop>();
        var done = new LinkedHashSet<Long>();
        var numbers = new Numbers(orders.stream().map(PlacedOrderView::placerNumber).toList());
        for (var first : orders) {
            if (done.contains(first.id())) continue;
            var numbered =
                    orders.stream()
                            .filter(
                                    other ->
                                            other.id() == first.id()
                                                    || numbers.areSame(
                                                            first.placerNumber(),
                                                            other.placerNumber()))
                            .toList();
            // An answer that names no test is about each order of its number.
            if (isBare(first) && numbered.stream().anyMatch(one -> !isBare(one))) continue;
            // What its filler calls otherwise is found from the order.
            var start =
                    numbered.stream()
                            .filter(OrderLoops::isOrdered)
                            .filter(one -> ofTheTest(one, numbered).contains(first))
                            .findFirst()
                            .orElse(first);
            var same = ofTheTest(start, numbered);
            var main =
                    same.stream()
                            .min(
                                    Comparator.comparing(OrderLoops::isOfFiller)
                                            .thenComparing(one -> one.source().partner())
                                            .thenComparing(one -> one.service().code())
                                            .thenComparing(one -> one.service().text()))
                            .orElse(first);
            for (var one : same) done.add(one.id());
            loops.add(loop(main, same, reports));
        }
        return loops;
    }

    private static OrderLoop loop(
            PlacedOrderView main, List<PlacedOrderView> same, List<OrderedReport> reports) {
        var own = new ArrayList<OrderedReport>();
        var otherTests = new ArrayList<OrderedReport>();
        for (var report : reports) {
            if (!isNumbered(report, same)) continue;
            (agrees(main, same, report) ? own : otherTests).add(report);
        }
        var children = children(own, reports, same);
        otherTests.removeAll(children);
        return new OrderLoop(
                main,
                same.stream().filter(one -> one.id() != main.id()).toList(),
                state(same, own),
                own,
                otherTests,
                children);
    }

    /**
     * Reflex tests, tests added on and what else names one of these as its parent, or such a one in
     * turn (OBR-11 G, A; OBR-29).
     */
    private static List<OrderedReport> children(
            List<OrderedReport> own, List<OrderedReport> reports, List<PlacedOrderView> same) {
        var children = new ArrayList<OrderedReport>();
        if (own.isEmpty()) return children;
        var next = own;
        while (!next.isEmpty()) {
            var parents = next;
            next =
                    reports.stream()
                            .filter(one -> !own.contains(one) && !children.contains(one))
                            .filter(
                                    one ->
                                            parents.stream().anyMatch(p -> isChild(one, p))
                                                    || isAddedTo(one, same))
                            .toList();
            children.addAll(next);
        }
        return children;
    }

    private static boolean isChild(OrderedReport report, OrderedReport parent) {
        return report.partner().equals(parent.partner())
                && (isSameNumber(report.parent().number(), parent.number())
                        || isSameNumber(report.parent().number(), parent.placerNumber()));
    }

    private static boolean isAddedTo(OrderedReport report, List<PlacedOrderView> same) {
        return (report.parent().isReflex() || report.parent().isAddOn())
                && isNumbered(report, same);
    }

    private static String state(List<PlacedOrderView> same, List<OrderedReport> reports) {
        var said =
                same.stream()
                        .max(
                                Comparator.comparing(
                                                PlacedOrderView::source,
                                                Comparator.comparing(
                                                        Source::saidAt,
                                                        Comparator.nullsFirst(
                                                                Comparator.naturalOrder())))
                                        .thenComparing(one -> one.source().partner())
                                        .thenComparing(PlacedOrderView::control))
                        .map(PlacedOrderView::state)
                        .orElse("active");
        if (reports.isEmpty() || said.equals("cancelled") || said.equals("refused")) return said;
        var last = reports.stream().filter(OrderedReport::isFinal).toList();
        if (last.isEmpty() || last.stream().noneMatch(OrderedReport::valued)) return "in-progress";
        // ⚠ What was not done is not complete: somebody has to draw again, or say that nobody will.
        return last.stream().anyMatch(OrderedReport::performed) ? "resulted" : "recollect";
    }

    /** Those of the first one's test, under whatever code or name, and those that name none. */
    private static List<PlacedOrderView> ofTheTest(
            PlacedOrderView first, List<PlacedOrderView> numbered) {
        if (isBare(first)) return numbered;
        var same = new LinkedHashSet<>(List.of(first));
        boolean more = true;
        while (more) {
            var known = List.copyOf(same);
            more =
                    same.addAll(
                            numbered.stream()
                                    .filter(one -> !isBare(one))
                                    .filter(
                                            one ->
                                                    known.stream()
                                                            .anyMatch(
                                                                    k ->
                                                                            isSameTest(
                                                                                    k.service(),
                                                                                    one.service())))
                                    .toList());
        }
        boolean only = numbered.stream().filter(OrderLoops::isOrdered).allMatch(same::contains);
        boolean ordered = same.stream().anyMatch(OrderLoops::isOrdered);
        return numbered.stream()
                .filter(
                        one ->
                                isBare(one)
                                        || same.contains(one)
                                        || (only && ordered && answers(one, numbered)))
                .toList();
    }

    private static boolean isOrdered(PlacedOrderView one) {
        return !isOfFiller(one);
    }

    /** Whether a filler says how an order stands that somebody else gave its number. */
    private static boolean answers(PlacedOrderView one, List<PlacedOrderView> numbered) {
        return isOfFiller(one)
                && !FILLERS_OWN.contains(one.control())
                && numbered.stream()
                        .filter(OrderLoops::isOrdered)
                        .noneMatch(
                                other -> other.source().partner().equals(one.source().partner()));
    }

    /** Whether it names no test, as answers may. */
    private static boolean isBare(PlacedOrderView order) {
        return order.service().code().isEmpty() && order.service().text().isEmpty();
    }

    private static boolean isOfFiller(PlacedOrderView order) {
        return isBare(order) || !PLACERS_CONTROL.contains(order.control());
    }

    private static boolean isNumbered(OrderedReport report, List<PlacedOrderView> same) {
        for (var one : same) {
            if (!report.placerNumber().isEmpty() && !one.placerNumber().isEmpty()) {
                if (isSameNumber(report.placerNumber(), one.placerNumber())) return true;
                // What a filler added it may report under the number it was added to.
                if (!GivenNumber.is(one.placerNumber())) continue;
            }
            // A filler counts its own numbers; those of another one are the same only by name.
            boolean own =
                    report.partner().equals(one.source().partner())
                            && isSameNumber(report.number(), one.fillerNumber());
            boolean named =
                    report.number().contains("^") && report.number().equals(one.fillerNumber());
            if (own || named) return true;
        }
        return false;
    }

    /** By the name that it was ordered by, or that its filler gave it. */
    private static boolean agrees(
            PlacedOrderView order, List<PlacedOrderView> same, OrderedReport report) {
        return isBare(order)
                || report.tests().stream()
                        .anyMatch(
                                test ->
                                        same.stream()
                                                // ⚠ What it would not change it names as it was.
                                                .filter(one -> !REFUSALS.contains(one.control()))
                                                .anyMatch(one -> isSameTest(one.service(), test)));
    }

    static boolean isSameTest(CodingView one, CodingView other) {
        if (!one.code().isEmpty() && one.code().equalsIgnoreCase(other.code())) return true;
        return !one.text().isEmpty() && one.text().strip().equalsIgnoreCase(other.text().strip());
    }

    /** Entity and namespace, where both have one. */
    static boolean isSameNumber(String one, String other) {
        if (one.isEmpty() || other.isEmpty()) return false;
        if (one.equals(other)) return true;
        var first = one.split("\\^", 2);
        var second = other.split("\\^", 2);
        return first[0].equals(second[0]) && first.length != second.length;
    }
}
