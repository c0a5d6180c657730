package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A short measurement of the packaged engine: every number is confirmed, nothing is left over. */
class BenchIT {
    @TempDir Path folder;

    @Test
    void aShortRunOfBothModesIsConfirmedBySql() throws Exception {
        var plan =
                new BenchPlan(
                        List.of(8, 1),
                        true,
                        8,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        2,
                        true);

        var result = BenchRun.of(plan, Jar.engine(folder), new PrintedProgress());

        BenchTable.of(result).forEach(System.out::println);
        assertThat(result.confirmed()).isTrue();
        assertThat(result.runs())
                .extracting(BenchResult.Run::mode)
                .containsExactly("charted", "charted", "stored");
        assertThat(result.runs()).allSatisfy(run -> assertThat(run.load().measured()).isPositive());
        assertThat(result.runs().getLast().rows().orElseThrow().received()).isZero();
        assertThat(result.references()).hasSize(2);
        assertThat(result.references())
                .allSatisfy(one -> assertThat(one.inserted().messages()).isPositive());
        assertThat(result.runs().getFirst().microsPerMessage()).doesNotContainValue(0.0);
        assertThat(result.memory().get("heap limit")).isLessThanOrEqualTo(512);
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
