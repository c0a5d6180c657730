package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Which answers a message asks for (std 2.9.2, 2.9.3). MSH-15 and MSH-16 both empty is the original
 * mode; either valued is the enhanced mode.
 *
 * <p>In enhanced mode the answer on the connection is the accept acknowledgement, and the
 * application acknowledgement is a later exchange of its own, begun by us (std 2.9.3.2). Without an
 * accept acknowledgement, MSH-15 NE, the mode is equivalent to the original one (std 2.9.3): then
 * the application acknowledgement is the answer on the connection.
 *
 * <p>An acknowledgement is never acknowledged, or two systems would never stop; only one that asks
 * by its MSH-15 is told that it has arrived.
 */
public sealed interface AnswerPlan {

    /** Exactly one application acknowledgement, after processing. */
    record Original() implements AnswerPlan {}

    /** An accept acknowledgement by MSH-15, an application acknowledgement by MSH-16. */
    record Enhanced(Condition accept, Condition application) implements AnswerPlan {}

    /** The connection was answered before; only the application acknowledgement is still due. */
    record Later(Condition application) implements AnswerPlan {}

    /** No answer at all. */
    record Silent() implements AnswerPlan {}

    /**
     * What is due for a verdict.
     *
     * @param now the answer on the connection; null when none is to be sent
     * @param later the application acknowledgement that is an exchange of its own; null for none
     */
    record Due(@Nullable AckCode now, @Nullable AckCode later) {
        static final Due NOTHING = new Due(null, null);

        /** Whether the sender is told that its message was not taken. */
        public boolean tellsOfFailure() {
            return (now != null && !now.positive()) || (later != null && !later.positive());
        }
    }

    /** MSH-9.1 of messages that only answer: ACK, the delayed MCF of 2.1 to 2.3, and misnomers. */
    Set<String> ACKNOWLEDGEMENTS = Set.of("ACK", "MCF", "NAK", "NACK");

    static boolean isAcknowledgement(Header header) {
        return ACKNOWLEDGEMENTS.contains(header.messageCode());
    }

    static AnswerPlan of(Header header, AckMode mode) {
        boolean empty = header.acceptAck().isEmpty() && header.applicationAck().isEmpty();
        if (isAcknowledgement(header)) return ofAcknowledgement(header, mode);
        return switch (mode) {
            case NONE -> new Silent();
            case ORIGINAL -> new Original();
            case AUTO -> empty ? new Original() : enhanced(header);
            case ENHANCED ->
                    empty ? new Enhanced(Condition.ALWAYS, Condition.NEVER) : enhanced(header);
        };
    }

    /**
     * For whatever comes as an answer, of any type: acknowledged is only one that asks by its own
     * MSH-15 to be told that it has arrived.
     */
    static AnswerPlan ofAnswer(Header header, AckMode mode) {
        return ofAcknowledgement(header, mode);
    }

    private static AnswerPlan ofAcknowledgement(Header header, AckMode mode) {
        return switch (mode) {
            case NONE, ORIGINAL -> new Silent();
            case AUTO, ENHANCED -> {
                var accept = Condition.of(header.acceptAck());
                yield accept == Condition.NEVER
                        ? new Silent()
                        : new Enhanced(accept, Condition.NEVER);
            }
        };
    }

    private static AnswerPlan enhanced(Header header) {
        var accept = Condition.of(header.acceptAck());
        var application = Condition.of(header.applicationAck());
        return accept == Condition.NEVER && application == Condition.NEVER
                ? new Silent()
                : new Enhanced(accept, application);
    }

    /** What is still due once the connection was answered and the message only stored. */
    default AnswerPlan afterStoring() {
        return this instanceof Enhanced(var accept, var application)
                        && accept != Condition.NEVER
                        && application != Condition.NEVER
                ? new Later(application)
                : new Silent();
    }

    /**
     * For a query: its response is the answer on the connection, unless the sender always waits for
     * an accept acknowledgement first.
     */
    default AnswerPlan ofQuery() {
        return this instanceof Enhanced(var accept, var application)
                        && accept != Condition.ALWAYS
                        && application != Condition.NEVER
                ? new Enhanced(Condition.NEVER, application)
                : this;
    }

    /** What to send for a verdict. What is not accepted reaches no application (std 2.9.3.2). */
    default Due due(Verdict verdict) {
        return switch (this) {
            case Original _ -> new Due(verdict.application(), null);
            case Silent _ -> Due.NOTHING;
            case Later(var application) -> new Due(null, application.of(verdict.application()));
            case Enhanced(var accept, var application) ->
                    accept == Condition.NEVER
                            ? new Due(application.of(verdict.application()), null)
                            : new Due(
                                    accept.of(verdict.accept()),
                                    verdict.accept().positive()
                                            ? application.of(verdict.application())
                                            : null);
        };
    }
}
