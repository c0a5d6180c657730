package org.chartbridge.intake;

import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.partner.Partner;

import java.util.List;

/**
 * What a route wants done with its message, committed once at its end together with the raw bytes.
 */
public sealed interface Staged {

    /**
     * The steps ran to their end.
     *
     * @param chart whether a {@code chart} step was reached; without one the message is ignored on
     *     purpose
     * @param answer whether an {@code answer} step was reached: a query is answered from the chart
     * @param deliveries what is to be sent on, in order; they are kept only with the message, and
     *     leave only when it is charted or ignored
     */
    record Work(boolean chart, boolean answer, List<StagedDelivery> deliveries) implements Staged {
        public Work {
            deliveries = List.copyOf(deliveries);
        }

        public Work(boolean chart, List<StagedDelivery> deliveries) {
            this(chart, false, deliveries);
        }

        public Work(boolean chart) {
            this(chart, List.of());
        }
    }

    /**
     * Nothing ran: the folder has a newer version than the arrival's, by which it is to be read.
     */
    record Superseded(Partner newest) implements Staged {}

    /**
     * A step failed, which voids whatever was staged before it.
     *
     * @param step the step's id and file, for example {@code northlab/results.yaml: choice1}
     * @param cause the exception's class and a word on the remedy; never content of the message
     * @param ofMessage whether it can't be done with this message, and fails again until the folder
     *     is mended; otherwise the next try may do
     */
    record Failed(String step, String cause, boolean ofMessage) implements Staged {
        public Failed(String step, String cause) {
            this(step, cause, false);
        }
    }
}
