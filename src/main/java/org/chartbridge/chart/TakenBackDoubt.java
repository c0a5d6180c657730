package org.chartbridge.chart;

import java.time.Instant;

/**
 * A value whose laboratory cancelled its report or took it back as a whole (OBR-25 X, D, W),
 * without saying which values, and said none of them again.
 *
 * @param entryId the message that took the report back
 * @param since when that was charted
 */
public record TakenBackDoubt(long entryId, Instant since) implements ValueDoubt {
    @Override
    public String words() {
        return "The laboratory cancelled this report or took it back as a whole, without saying"
                + " which values.";
    }
}
