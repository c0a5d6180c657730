package org.chartbridge.intake;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Fragment;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.QueryResponse;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.journal.EntryState;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** What is to become of a message, as far as that can be said without the chart. */
sealed interface Prepared {

    /** To be charted, if the chart agrees; then its deliveries leave. */
    record ToChart(ChartUpdate update, List<Fault> remarks, List<StagedDelivery> deliveries)
            implements Prepared {}

    /** To be stored and answered now, and charted afterwards. */
    record ToStore() implements Prepared {}

    /**
     * Decided: it does not reach the chart.
     *
     * @param answered the faults that the answer tells
     * @param remarks further ones, for the journal only
     * @param deliveries of a message that is ignored on purpose
     */
    record Decided(
            EntryState state,
            Verdict verdict,
            List<Fault> answered,
            List<Fault> remarks,
            List<StagedDelivery> deliveries)
            implements Prepared {

        Decided(EntryState state, Verdict verdict, List<Fault> answered, List<Fault> remarks) {
            this(state, verdict, answered, remarks, List.of());
        }
    }

    /**
     * A part of a message that was cut: kept until the other parts are there.
     *
     * @param saidAt MSH-7, or when it came
     */
    record Part(Fragment fragment, Instant saidAt) implements Prepared {
        /** What its sender and the worklist are told. */
        List<Fault> told() {
            boolean first = fragment.takesUp().isEmpty();
            return List.of(
                    Fault.information(
                            first
                                    ? Location.of("DSC", 1).field(1)
                                    : Location.of("MSH", 1).field(14),
                            ErrorCode.ACCEPTED,
                            "message-fragment",
                            first
                                    ? "The message goes on in another one; it is kept, and joined"
                                            + " and charted when all parts are here."
                                    : "The message goes on with an earlier one; it is kept, and"
                                            + " joined and charted when all parts are here."));
        }
    }

    /**
     * A query with its answer. It does not reach the chart; its response is the acknowledgement.
     *
     * @param deliveries of one that is answered
     */
    record Answered(QueryResponse response, List<StagedDelivery> deliveries) implements Prepared {
        EntryState state() {
            return response.code() == AckCode.AA ? EntryState.IGNORED : EntryState.REFUSED;
        }

        Verdict verdict() {
            return switch (response.code()) {
                case AA, CA -> Verdict.ACCEPT;
                case AE, CE -> Verdict.ERROR;
                case AR, CR -> Verdict.REJECT;
            };
        }
    }

    /**
     * An acknowledgement of something that was sent before: kept, and noted beside its delivery.
     *
     * @param deliveryId null when MSA-2 names nothing that was sent to its sender
     * @param code MSA-1
     * @param words for people
     * @param answered the faults that an answer tells, where it asks for one
     * @param deliveries of one that goes on to others, too
     */
    record Acknowledged(
            @Nullable Long deliveryId,
            String code,
            String words,
            List<Fault> answered,
            List<Fault> remarks,
            List<StagedDelivery> deliveries)
            implements Prepared {}

    /** What its route has staged for partners. */
    default List<StagedDelivery> deliveries() {
        return List.of();
    }
}
