package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Percentiles are right within one bucket. */
class LatenciesTests {
    private final Latencies latencies = new Latencies();

    @Test
    void percentilesAreTrueWithinAPercent() {
        for (var micros = 1; micros <= 10_000; micros++) latencies.record(micros * 1_000L);

        assertThat(latencies.count()).isEqualTo(10_000);
        near(latencies.at(0.5), 5_000);
        near(latencies.at(0.99), 9_900);
        assertThat(latencies.at(1)).isEqualTo(Duration.ofMillis(10));
        assertThat(latencies.max()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void oneSlowAnswerIsTheMaximumAndNotTheMedian() {
        for (var i = 0; i < 999; i++) latencies.record(1_000);
        latencies.record(Duration.ofHours(3).toNanos());

        near(latencies.at(0.99), 1);
        assertThat(latencies.max()).isEqualTo(Duration.ofHours(3));
        assertThat(latencies.at(1)).isEqualTo(Duration.ofHours(3));
    }

    @Test
    void nothingRecordedIsZeroAndTheExtremesFit() {
        assertThat(latencies.at(0.5)).isZero();

        latencies.record(0);
        latencies.record(-5);
        latencies.record(Long.MAX_VALUE);

        assertThat(latencies.count()).isEqualTo(3);
        assertThat(latencies.at(0.5)).isZero();
        assertThat(latencies.max().toNanos()).isEqualTo(Long.MAX_VALUE);
    }

    private static void near(Duration found, long micros) {
        assertThat(found.toNanos()).isBetween(micros * 990, micros * 1_010);
    }
}
