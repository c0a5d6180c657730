package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An order with all that was said of it and came of it.
 *
 * @param order as its placer states it, else as whoever states it
 * @param others what others said of the same order: answers, the filler's own word
 * @param state that of the latest word; {@code resulted} when a final report is there, {@code
 *     recollect} when nothing of the final ones was performed, {@code in-progress} when one is
 *     there that is not final
 * @param reports what it led to: number and test agree
 * @param otherTests reports under its number of a test that it doesn't name: a proposal, which
 *     changes nothing
 * @param children reports that go deeper into these: reflex tests, tests added to the specimen,
 *     susceptibilities; they complete no order
 */
public record OrderLoop(
        PlacedOrderView order,
        List<PlacedOrderView> others,
        String state,
        List<OrderedReport> reports,
        List<OrderedReport> otherTests,
        List<OrderedReport> children) {

    public OrderLoop {
        others = List.copyOf(others);
        reports = List.copyOf(reports);
        otherTests = List.copyOf(otherTests);
        children = List.copyOf(children);
    }

    /** The same, with how it stands by all that is known of it, deliveries too. */
    public OrderLoop in(String itsState) {
        return new OrderLoop(order, others, itsState, reports, otherTests, children);
    }

    /**
     * The same, with further reports of it among those of other tests.
     *
     * @param its orders by id, by the series of their reports
     */
    public OrderLoop with(Map<Long, Long> its) {
        var more =
                otherTests.stream()
                        .filter(one -> order.id() == its.getOrDefault(one.series(), 0L))
                        .toList();
        if (more.isEmpty()) return this;
        var own = new ArrayList<>(reports);
        own.addAll(more);
        var rest = new ArrayList<>(otherTests);
        rest.removeAll(more);
        return new OrderLoop(order, others, state, own, rest, children);
    }

    /**
     * The same, with what its filler answered in a code of its own.
     *
     * @param answers each of which is no order of its own
     */
    public OrderLoop answered(List<OrderLoop> answers) {
        if (answers.isEmpty()) return this;
        var more = new ArrayList<>(others);
        for (var one : answers) {
            more.add(one.order);
            more.addAll(one.others);
        }
        return new OrderLoop(order, more, state, reports, otherTests, children);
    }

    /** Whether somebody asked for it; what a filler alone speaks of, nobody has. */
    public boolean isOrdered() {
        return !OrderLoops.isOfFiller(order);
    }

    /** Whether all of it is what a filler says of a test under a number that it was given. */
    public boolean isAnswer() {
        return OrderLoops.isAnswer(order) && others.stream().allMatch(OrderLoops::isAnswer);
    }

    /** What came of it with any value, as people read it; a report may only say how far it is. */
    public List<OrderedReport> results() {
        return reports.stream().filter(OrderedReport::valued).toList();
    }

    /** ⚠ Somebody stopped it and there are results all the same (HL7-RULES §5). */
    public boolean isStoppedWithResults() {
        return (state.equals("cancelled") || state.equals("refused"))
                && !(reports.isEmpty() && otherTests.isEmpty() && children.isEmpty());
    }

    /** The id of the order only. */
    @Override
    public String toString() {
        return "OrderLoop[" + order.id() + "]";
    }
}
