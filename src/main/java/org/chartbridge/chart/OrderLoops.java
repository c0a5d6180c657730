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
 * namespaces nobody can choose, and it stays by itself. A report is an order's when the placer's
 * number agrees, else the filler's number as the same partner gave it, and the test agrees. Same
 * patient, test and day without a number is never enough.
 */
final class OrderLoops {
    private static final Set<String> PLACERS_CONTROL = Set.of("NW", "CA", "DC", "HD", "RL", "XO");

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
            var same = ofTheTest(first, numbered);
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
            (agrees(main, report) ? own : otherTests).add(report);
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
        if (last.isEmpty()) return "in-progress";
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
        return numbered.stream().filter(one -> isBare(one) || same.contains(one)).toList();
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
                continue;
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

    private static boolean agrees(PlacedOrderView order, OrderedReport report) {
        return isBare(order)
                || report.tests().stream().anyMatch(test -> isSameTest(order.service(), test));
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
