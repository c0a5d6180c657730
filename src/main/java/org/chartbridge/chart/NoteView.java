package org.chartbridge.chart;

import java.time.Instant;

/**
 * What an NTE segment says about the report or value before it.
 *
 * @param source NTE-2, table 0105: L lab, P orderer, O other; empty when not sent
 */
public record NoteView(
        long id, String source, String text, long entryId, String path, Instant recordedAt) {

    /** The id only. */
    @Override
    public String toString() {
        return "NoteView[id=" + id + "]";
    }
}
