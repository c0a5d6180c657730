package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What one message said of a report.
 *
 * @param series the report's identity
 * @param status OBR-25, table 0123
 * @param saidAt by the sender's clock: OBR-22, else MSH-7
 * @param correcting whether a version before it was final already
 */
public record ReportWord(
        long series,
        long entryId,
        String partner,
        String path,
        String status,
        @Nullable Instant saidAt,
        Instant recordedAt,
        boolean correcting) {

    public boolean isFinal() {
        return OrderedReport.isFinal(status);
    }

    /** The entry only. */
    @Override
    public String toString() {
        return "ReportWord[" + entryId + "]";
    }
}
