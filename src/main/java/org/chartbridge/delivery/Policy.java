package org.chartbridge.delivery;

import org.chartbridge.delivery.NextStep.AskOperator;
import org.chartbridge.delivery.NextStep.Done;
import org.chartbridge.delivery.NextStep.Retry;

import java.time.Duration;
import java.util.Optional;

/**
 * What each outcome permits, in one place (HL7 v2.5.1 §2.9.2 and §5.2; our rule for orders: a
 * doubled order is a second blood draw).
 *
 * <table>
 * <caption>outcome and next step</caption>
 * <tr><td>accepted</td><td>the next one</td></tr>
 * <tr><td>refused</td><td>a person: the same bytes would be refused again</td></tr>
 * <tr><td>deferred</td><td>again with growing waits; after {@link DeliveryLimits#deferrals} a
 * person</td></tr>
 * <tr><td>unsent</td><td>again with growing waits, for ever: nothing is lost by it; a person is
 * told where only they can mend it</td></tr>
 * <tr><td>unknown</td><td>again; but a new order or referral goes to a person, unless the partner is known to
 * discard what it has by MSH-10; a person is told after {@value #UNANSWERED} in a row</td></tr>
 * </table>
 */
public final class Policy {

    /** A partner that leaves so many attempts in a row without a usable answer is looked at. */
    static final int UNANSWERED = 5;

    private final DeliveryLimits limits;

    public Policy(DeliveryLimits limits) {
        this.limits = limits;
    }

    /**
     * What to do after an attempt.
     *
     * @param newOrder whether the message places an order (ORC-1 NW) or refers (REF^I12)
     * @param deduplicates whether the partner discards what it knows by MSH-10
     * @param failures how often in a row nothing was accepted at this destination, this one
     *     included
     * @param deferrals how often in a row its partner put it off, this time included; what was
     *     never sent, as where nobody listens, does not count
     */
    public NextStep after(
            Outcome outcome, boolean newOrder, boolean deduplicates, int failures, int deferrals) {
        return switch (outcome) {
            case Outcome.Accepted _ -> new Done();
            case Outcome.Refused(var words) -> new AskOperator(words);
            case Outcome.Deferred(var words) ->
                    deferrals < limits.deferrals()
                            ? new Retry(wait(failures))
                            : new AskOperator(words + ", " + deferrals + " times in a row");
            case Outcome.Unsent _ -> new Retry(wait(failures));
            case Outcome.Unknown(var words, var remedy) ->
                    newOrder && !deduplicates
                            ? new AskOperator(
                                    words
                                            + "; a new order or referral is not sent twice without"
                                            + " a person's word: ask the partner whether it has it"
                                            + (remedy.isEmpty() ? "" : ", and " + remedy))
                            : new Retry(wait(failures));
        };
    }

    /**
     * What a person is to be told of an outcome that is tried again all the same; empty when it may
     * end by itself.
     *
     * @param failures how often in a row nothing was accepted at this destination, this one
     *     included
     */
    public Optional<String> asks(Outcome outcome, int failures) {
        return switch (outcome) {
            case Outcome.Unsent(var words, var asks) when asks -> Optional.of(words);
            case Outcome.Unknown(var words, var remedy) when failures >= UNANSWERED ->
                    Optional.of(
                            words
                                    + ", "
                                    + failures
                                    + " times in a row; ask the partner "
                                    + (remedy.isEmpty()
                                            ? "whether it gets them, and what it answers"
                                            : remedy));
            default -> Optional.empty();
        };
    }

    /** {@link DeliveryLimits#firstWait}, doubled with each further failure, up to the longest. */
    Duration wait(int failures) {
        return wait(failures, limits.longestWait());
    }

    /** The same where no connection came about, up to {@link DeliveryLimits#unreachableWait}. */
    Duration waitToConnect(int failures) {
        return wait(failures, limits.unreachableWait());
    }

    private Duration wait(int failures, Duration longest) {
        long first = Math.max(1, limits.firstWait().toMillis());
        int doublings = Math.clamp(failures - 1L, 0, 30);
        return Duration.ofMillis(Math.min(first << doublings, longest.toMillis()));
    }
}
