package org.chartbridge.intake;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.journal.EntryState;

import java.util.List;

/** What is to become of a message, as far as that can be said without the chart. */
sealed interface Prepared {

    /** To be charted, if the chart agrees. */
    record ToChart(ChartUpdate update, List<Fault> remarks) implements Prepared {}

    /** To be stored and answered now, and charted afterwards. */
    record ToStore() implements Prepared {}

    /**
     * Decided: it does not reach the chart.
     *
     * @param answered the faults that the answer tells
     * @param remarks further ones, for the journal only
     */
    record Decided(EntryState state, Verdict verdict, List<Fault> answered, List<Fault> remarks)
            implements Prepared {}
}
