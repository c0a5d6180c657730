package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A time of care, in the precision it was sent in.
 *
 * @param instant its first moment; null when it was not sent or could not be read
 * @param asSent the sender's own characters, for display and for times that are no instant
 */
public record ClinicalTime(@Nullable Instant instant, String asSent) {

    public static final ClinicalTime NOT_SENT = new ClinicalTime(null, "");
}
