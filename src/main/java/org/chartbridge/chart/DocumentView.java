package org.chartbridge.chart;

import java.time.Instant;
import java.util.UUID;

/**
 * A document that came with a report (OBX-2 ED), without its content.
 *
 * @param observationId the version of a value that it is shown with: the one that brought it, or
 *     confirms that one
 * @param declaredType OBX-5.2 and OBX-5.3 as sent
 * @param mediaType what its first bytes say; {@code application/octet-stream} when they say nothing
 * @param hash SHA-256 of the content, lower-case hex
 */
public record DocumentView(
        long id,
        UUID personId,
        long reportSeries,
        long observationId,
        String title,
        String declaredType,
        String mediaType,
        int sizeBytes,
        String hash,
        long entryId,
        String path,
        Instant recordedAt) {

    /** The id only. */
    @Override
    public String toString() {
        return "DocumentView[id=" + id + "]";
    }
}
