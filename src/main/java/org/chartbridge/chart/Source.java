package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Where a fact comes from.
 *
 * @param path the segment, for example {@code AL1[2]}
 * @param saidAt when it was entered (EVN-2, else MSH-7); null when that was not sent
 * @param recordedAt when it was charted
 */
public record Source(
        String partner, long entryId, String path, @Nullable Instant saidAt, Instant recordedAt) {}
