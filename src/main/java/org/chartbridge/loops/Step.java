package org.chartbridge.loops;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;

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

    /** What has no time comes first. */
    static final Comparator<Instant> EARLIEST = Comparator.nullsFirst(Comparator.naturalOrder());

    /** As they happened; the same whatever arrived first. */
    static final Comparator<Step> ORDER =
            Comparator.comparing(Step::at, EARLIEST)
                    .thenComparing(Step::state, Comparator.nullsFirst(Comparator.naturalOrder()))
                    .thenComparing(Step::words)
                    .thenComparing(Step::who);

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
