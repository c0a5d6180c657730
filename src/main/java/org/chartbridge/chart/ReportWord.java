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
 * @param repeated whether it says of the report as a whole what was said before; its values may be
 *     others
 */
public record ReportWord(
        long series,
        long entryId,
        String partner,
        String path,
        String status,
        @Nullable Instant saidAt,
        Instant recordedAt,
        boolean correcting,
        boolean repeated) {

    public boolean isFinal() {
        return OrderedReport.isFinal(status);
    }

    /**
     * Whether OBR-25 says how far the order is, and of no result (table 0123).
     *
     * @param status OBR-25
     */
    static boolean isStatus(String status) {
        return status.equals("O") || status.equals("S") || status.equals("I");
    }

    /** The entry only. */
    @Override
    public String toString() {
        return "ReportWord[" + entryId + "]";
    }
}
