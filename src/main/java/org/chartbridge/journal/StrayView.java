package org.chartbridge.journal;

import java.time.Instant;

/**
 * Bytes that were no message.
 *
 * @param totalBytes how many came; the excerpt holds the first of them
 */
public record StrayView(
        long id,
        Instant receivedAt,
        String listener,
        String peer,
        String cause,
        long totalBytes,
        byte[] excerpt) {

    @Override
    public String toString() {
        return "StrayView[" + id + "]";
    }
}
