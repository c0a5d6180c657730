package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What one message said of an order or a referral, whether or not a later one has said more.
 *
 * @param item the id of what it is about, as its sender states it
 * @param service what is ordered, as this word names it; empty where it names nothing
 * @param trigger MSH-9.2
 * @param saidAt by the sender's clock; null when that was not sent
 * @param control ORC-1, table 0119; empty of referrals
 * @param status ORC-5, table 0038; of referrals RF1-1, table 0283
 * @param state in a word of ours, as in {@link PlacedOrderView} and {@link ReferralView}
 * @param hindrance {@code payment}, {@code abn}, {@code aoe}, {@code specimen} or empty
 * @param hindranceText why the filler doesn't go on, in its words; empty when nothing hinders
 */
public record ItemWord(
        long item,
        long entryId,
        CodingView service,
        String partner,
        String path,
        String trigger,
        @Nullable Instant saidAt,
        Instant recordedAt,
        String control,
        String status,
        String state,
        String hindrance,
        String hindranceText) {

    /** The entry only. */
    @Override
    public String toString() {
        return "ItemWord[" + entryId + "]";
    }
}
