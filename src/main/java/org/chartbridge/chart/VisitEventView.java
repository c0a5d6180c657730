package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One message's word about a visit.
 *
 * @param tookAt when it happened, or was entered; null when no time was sent
 * @param location where the patient was then; empty when not sent
 * @param cancelled whether it was taken back
 */
public record VisitEventView(
        VisitEvent event,
        @Nullable Instant tookAt,
        String location,
        boolean cancelled,
        String partner,
        long entryId) {}
