package org.chartbridge.mapping;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.hl7.Fault;

import java.util.List;

/** What a message means for the chart. */
public sealed interface Mapped {

    /** Why a remark says that something ordered is not charted, and so is checked by nobody ⚠. */
    String NOT_SCREENED = "order-not-screened";

    /**
     * It says something about a patient.
     *
     * @param remarks what was doubtful or put right on the way, severity W or I; without the
     *     message's own remarks
     */
    record Update(ChartUpdate update, List<Fault> remarks) implements Mapped {
        public Update {
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Its content can't be taken responsibility for: answered AE, kept and shown as refused.
     *
     * @param faults every fault, severity E, at least one
     */
    record NotUnderstood(List<Fault> faults) implements Mapped {
        public NotUnderstood {
            faults = List.copyOf(faults);
            if (faults.isEmpty()) throw new IllegalArgumentException("refused without a fault");
        }
    }

    /**
     * A message that is journaled and not charted, on purpose.
     *
     * @param why for people, in plain words
     * @param goesOn whether it is sent on all the same
     * @param control whether it is one of quality control, which nobody is asked to notice
     */
    record NotCharted(String why, boolean goesOn, boolean control) implements Mapped {
        /** One that is of no use in a chart, and may be to other partners. */
        NotCharted(String why) {
            this(why, true, false);
        }
    }
}
