package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A span of moments in which a time has to lie; used when a search gives a time of day with its
 * offset. For dates see {@link DayMatch}.
 *
 * @param from the first moment; null for no beginning
 * @param until the first moment that is too late; null for no end
 */
public record TimeMatch(@Nullable Instant from, @Nullable Instant until) {}
