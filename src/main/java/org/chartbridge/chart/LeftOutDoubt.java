package org.chartbridge.chart;

import java.time.Instant;

/**
 * A line of a text (OBX-2 TX, FT; numbered by OBX-4) that its laboratory left out when it sent the
 * lines before it again, corrected or final at last ⚠ (HL7-RULES §4). It may be a part of its own
 * that still holds, so it is not taken from the chart.
 *
 * @param entryId the message that leaves it out
 * @param since when that was charted
 */
public record LeftOutDoubt(long entryId, Instant since) implements ValueDoubt {
    @Override
    public String words() {
        return "The laboratory sent what stands before this again, changed, and left this out.";
    }
}
