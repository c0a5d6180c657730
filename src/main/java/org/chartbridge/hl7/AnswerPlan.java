package org.chartbridge.hl7;

import java.util.Optional;

/**
 * Which answers a message asks for (std 2.9.2, 2.9.3). MSH-15 and MSH-16 both empty is the original
 * mode; either valued is the enhanced mode.
 *
 * <p>Today one answer goes out for a message: where the enhanced mode asks for both, the accept
 * acknowledgement. The deferred application acknowledgement is a delivery and comes with
 * deliveries.
 */
public sealed interface AnswerPlan {
    /** Exactly one application acknowledgement, after processing. */
    record Original() implements AnswerPlan {}

    /** An accept acknowledgement by MSH-15, an application acknowledgement by MSH-16. */
    record Enhanced(Condition accept, Condition application) implements AnswerPlan {}

    /** No answer at all. */
    record Silent() implements AnswerPlan {}

    static AnswerPlan of(Header header, AckMode mode) {
        boolean empty = header.acceptAck().isEmpty() && header.applicationAck().isEmpty();
        return switch (mode) {
            case NONE -> new Silent();
            case ORIGINAL -> new Original();
            case AUTO -> empty ? new Original() : enhanced(header);
            case ENHANCED ->
                    empty ? new Enhanced(Condition.ALWAYS, Condition.NEVER) : enhanced(header);
        };
    }

    private static AnswerPlan enhanced(Header header) {
        var accept = Condition.of(header.acceptAck());
        var application = Condition.of(header.applicationAck());
        return accept == Condition.NEVER && application == Condition.NEVER
                ? new Silent()
                : new Enhanced(accept, application);
    }

    /** The code to answer with at once; empty when nothing is to be sent. */
    default Optional<AckCode> answer(Verdict verdict) {
        return switch (this) {
            case Original _ -> Optional.of(verdict.application());
            case Silent _ -> Optional.empty();
            case Enhanced(var accept, var application) -> {
                boolean success = verdict == Verdict.ACCEPT;
                if (accept.holds(success)) yield Optional.of(verdict.accept());
                yield application.holds(success)
                        ? Optional.of(verdict.application())
                        : Optional.empty();
            }
        };
    }
}
