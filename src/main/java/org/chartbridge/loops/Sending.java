package org.chartbridge.loops;

import org.chartbridge.mapping.OrderAnswer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A delivery of an order or a referral.
 *
 * @param entryId the message that was sent on
 * @param destination {@code partner/queue}
 * @param state of the delivery: waiting, accepted or skipped
 * @param sentAt when it left first; null when it never did
 * @param outcome of the last attempt; empty when there is none yet
 * @param words the outcome for people
 * @param settledAt when it was accepted or skipped; null while it waits
 * @param answers what the answer itself says, where it was more than an acknowledgement (ORR, RRI)
 */
public record Sending(
        long id,
        long entryId,
        String destination,
        String state,
        Instant stagedAt,
        @Nullable Instant sentAt,
        String outcome,
        String words,
        @Nullable Instant settledAt,
        List<OrderAnswer> answers) {

    public Sending {
        answers = List.copyOf(answers);
    }

    String partner() {
        return destination.substring(0, Math.max(0, destination.indexOf('/')));
    }

    /** Whether it will not arrive without a person. */
    boolean isRefused() {
        return state.equals("skipped") || (!state.equals("accepted") && outcome.equals("refused"));
    }
}
