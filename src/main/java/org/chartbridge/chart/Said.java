package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * When something was said, as far as it decides which of two statements is the later one. Never the
 * time of arrival: any order of arrival has to give the same chart.
 *
 * @param issued OBR-22, results report or status change
 * @param message MSH-7
 * @param controlId MSH-10
 */
public record Said(@Nullable Instant issued, @Nullable Instant message, String controlId) {}
