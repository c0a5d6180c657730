package org.chartbridge.loops;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One thing that happened to an order or a referral.
 *
 * @param at when, by the clock of who says it; null when nobody said
 * @param chartedAt when it was charted; null of what is no message
 * @param state what it says of how the loop stands; null when nothing, such as being seen
 * @param words for people
 * @param who the partner who said it, or the account that looked
 * @param entryId the message behind it; 0 when there is none
 * @param deliveryId the delivery behind it; 0 when there is none
 */
public record Step(
        @Nullable Instant at,
        @Nullable Instant chartedAt,
        @Nullable State state,
        String words,
        String who,
        long entryId,
        String path,
        long deliveryId,
        String destination) {

    static Step of(
            @Nullable Instant at,
            @Nullable Instant chartedAt,
            @Nullable State state,
            String words,
            String who,
            long entryId,
            String path) {
        return new Step(at, chartedAt, state, words, who, entryId, path, 0, "");
    }

    /** The entry only. */
    @Override
    public String toString() {
        return "Step[" + entryId + "]";
    }
}
