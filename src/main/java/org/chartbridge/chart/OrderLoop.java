package org.chartbridge.chart;

import java.util.List;

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
