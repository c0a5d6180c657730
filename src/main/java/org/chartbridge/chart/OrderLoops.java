package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Joins one patient's orders with what others said of them and with reports (HL7-RULES §5). Pure,
 * and a function of what is known: any order of arrival gives the same, and an order that arrives
 * after its result is joined with it. Long because these rules stand together.
 *
 * <p>Two statements are of one order when the placer's number agrees and the test, where both name
 * one. What a filler says under its own number alone is of the placer's number that it gave it to.
 * A number without its namespace agrees with one that has it, where only one has: between two
 * namespaces nobody can choose, and it stays by itself. A filler may call the test what it likes
 * where only one is ordered under the number. A report is an order's when the placer's number
 * agrees, else the filler's number as the same partner gave it, and the test agrees; of what a
 * filler added also by the number of what it was added to. Same patient, test and day without a
 * number is never enough.
 */
final class OrderLoops {
    static final Set<String> PLACERS_CONTROL =
            Set.of("NW", "CA", "DC", "HD", "RL", "XO", "RP", "RO", "PA", "CH");

    /** ORC-1 by which a filler speaks of a test that nobody ordered (table 0119). */
    private static final Set<String> FILLERS_OWN = Set.of("SN", "RE", "");

    /** ORC-1 by which a filler names the order as it goes on, not as it was asked to change it. */
    static final Set<String> REFUSALS = Set.of("UC", "UD", "UH", "UR", "UX", "UM");

    /** How the key of what an ORC alone says begins; its number follows. */
    static final String BARE = "stop ";

    private OrderLoops() {}

    /**
     * @param orders of one patient, in the order in which they are to be shown
     * @param reports of the same patient
     */
    static List<OrderLoop> of(List<PlacedOrderView> orders, List<OrderedReport> reports) {
        var loops = new ArrayList<OrderLoop>();
        var done = new LinkedHashSet<Long>();
        var numbers = new PlacersNumbers(orders);
        for (var first : orders) {
            if (done.contains(first.id())) continue;
            var numbered = numbers.of(first);
            // An answer that names no test is about each order of its number.
            if (isBare(first) && numbered.stream().anyMatch(one -> !isBare(one))) continue;
            // What its filler calls otherwise is found from the order.
            var start =
                    numbered.stream()
                            .filter(OrderLoops::isOrdered)
                            .filter(one -> ofTheTest(one, numbered).contains(first))
                            .findFirst()
                            .orElse(first);
            var same = ofTheTest(start, numbers.of(start));
            var main =
                    same.stream()
                            .min(
                                    Comparator.comparing(OrderLoops::isOfFiller)
                                            .thenComparing(one -> one.source().partner())
                                            .thenComparing(one -> one.service().code())
                                            .thenComparing(one -> one.service().text()))
                            .orElse(first);
            for (var one : same) done.add(one.id());
            loops.add(loop(main, same, orders, reports));
        }
        return loops;
    }

    private static OrderLoop loop(
            PlacedOrderView main,
            List<PlacedOrderView> same,
            List<PlacedOrderView> orders,
            List<OrderedReport> reports) {
        var own = new ArrayList<OrderedReport>();
        var otherTests = new ArrayList<OrderedReport>();
        for (var report : reports) {
            if (isNumbered(report, same))
                (agrees(main, same, report) ? own : otherTests).add(report);
            else if (isOfAdded(report, main, same, orders)) own.add(report);
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
                && (OneNumber.isOne(report.parent().number(), parent.number())
                        || OneNumber.isOne(report.parent().number(), parent.placerNumber()));
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
        if (said.equals("cancelled") || said.equals("refused")) return said;
        if (reports.stream().allMatch(OrderedReport::isStatusOnly)) return said;
        var last = reports.stream().filter(OrderedReport::isFinal).toList();
        if (last.stream().noneMatch(one -> one.valued() || one.isTakenOff())) return "in-progress";
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
                                                                            k.service()
                                                                                    .isOfTest(
                                                                                            one
                                                                                                    .service())))
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

    /** Whether a filler says how a test stands under a number that it did not give itself. */
    static boolean isAnswer(PlacedOrderView one) {
        return isOfFiller(one)
                && !one.placerNumber().isEmpty()
                && !GivenNumber.is(one.placerNumber())
                && !FILLERS_OWN.contains(one.control());
    }

    /** Whether a filler says how an order stands that somebody else gave its number. */
    private static boolean answers(PlacedOrderView one, List<PlacedOrderView> numbered) {
        return isOfFiller(one)
                && isPaired(one, numbered)
                && !FILLERS_OWN.contains(one.control())
                && numbered.stream()
                        .filter(OrderLoops::isOrdered)
                        .noneMatch(
                                other -> other.source().partner().equals(one.source().partner()));
    }

    /**
     * Whether it has the placer's number, or its own was given to this very test: a laboratory may
     * call several tests by one accession.
     */
    private static boolean isPaired(PlacedOrderView one, List<PlacedOrderView> numbered) {
        return !one.placerNumber().isEmpty()
                || numbered.stream()
                        .filter(pair -> !pair.placerNumber().isEmpty())
                        .filter(pair -> PlacersNumbers.isSameFillers(pair, one))
                        .anyMatch(pair -> isBare(pair) || pair.service().isOfTest(one.service()));
    }

    /** Whether it names no test, as answers may. */
    private static boolean isBare(PlacedOrderView order) {
        return order.service().code().isEmpty() && order.service().text().isEmpty();
    }

    static boolean isOfFiller(PlacedOrderView order) {
        return isBare(order) || !PLACERS_CONTROL.contains(order.control());
    }

    private static boolean isNumbered(OrderedReport report, List<PlacedOrderView> same) {
        for (var one : same) {
            if (!report.placerNumber().isEmpty() && !one.placerNumber().isEmpty()) {
                if (OneNumber.isOne(report.placerNumber(), one.placerNumber())) return true;
                // What a filler added it may report under the number it was added to.
                if (!GivenNumber.is(one.placerNumber())) continue;
            }
            // A filler counts its own numbers; those of another one are the same only by name.
            boolean own =
                    report.partner().equals(one.source().partner())
                            && OneNumber.isOne(report.number(), one.fillerNumber());
            boolean named = OneNumber.isNamedAlike(report.number(), one.fillerNumber());
            if (own || named) return true;
        }
        return false;
    }

    /**
     * Whether a report is of what its filler added, by the number of the order that it was added
     * to. ⚠ Not where that test was ordered under that number, or was added to it twice: then
     * nothing says which of them is meant.
     */
    private static boolean isOfAdded(
            OrderedReport report,
            PlacedOrderView main,
            List<PlacedOrderView> same,
            List<PlacedOrderView> orders) {
        return !isBare(main)
                && isUnderParent(report, same, orders)
                && agrees(main, same, report)
                && orders.stream()
                        .filter(one -> !same.contains(one))
                        .filter(one -> isAdded(one) || isOrdered(one))
                        .filter(one -> agrees(one, List.of(one), report))
                        .noneMatch(
                                one ->
                                        isNumbered(report, List.of(one))
                                                || isUnderParent(report, List.of(one), orders));
    }

    private static boolean isAdded(PlacedOrderView one) {
        return GivenNumber.is(one.placerNumber());
    }

    private static boolean isUnderParent(
            OrderedReport report, List<PlacedOrderView> same, List<PlacedOrderView> orders) {
        return same.stream()
                .filter(OrderLoops::isAdded)
                .filter(one -> one.source().partner().equals(report.partner()))
                .flatMap(one -> parents(one, same, orders).stream())
                .anyMatch(
                        number ->
                                OneNumber.isOne(number, report.placerNumber())
                                        || OneNumber.isOne(number, report.number()));
    }

    /** The numbers of what it was added to: ORC-8, OBR-29, else of its accession or specimen. */
    private static List<String> parents(
            PlacedOrderView added, List<PlacedOrderView> same, List<PlacedOrderView> orders) {
        if (!added.supporting().parents().isEmpty()) return added.supporting().parents();
        var beside = orders.stream().filter(one -> !same.contains(one)).toList();
        var numbers = numbers(beside, one -> PlacersNumbers.isSameFillers(one, added));
        return numbers.isEmpty() ? numbers(beside, added::isOfSpecimenOf) : numbers;
    }

    private static List<String> numbers(
            List<PlacedOrderView> orders, Predicate<PlacedOrderView> which) {
        return orders.stream()
                .filter(which)
                .flatMap(one -> Stream.of(one.placerNumber(), one.fillerNumber()))
                .toList();
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
                                                .anyMatch(one -> one.service().isOfTest(test)));
    }
}
