package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * When an event of a patient's registration took place and was told. The time of arrival is not
 * among them: any order of arrival has to give the same chart.
 *
 * @param happened EVN-6, when it happened; null when not sent
 * @param recorded EVN-2, when somebody entered it; null when not sent
 * @param message MSH-7; null when not sent
 */
public record EventTimes(
        @Nullable Instant happened, @Nullable Instant recorded, @Nullable Instant message) {

    /** When it was entered: EVN-2, else MSH-7, else before everything else. */
    Instant entered() {
        return firstOf(recorded, message);
    }

    /** MSH-7, or before everything else. */
    Instant sent() {
        return firstOf(message, null);
    }

    /** When it happened: EVN-6, else when it was entered. */
    Instant took() {
        return happened != null ? happened : entered();
    }

    private static Instant firstOf(@Nullable Instant first, @Nullable Instant second) {
        if (first != null) return first;
        return second != null ? second : Instant.MIN;
    }
}
