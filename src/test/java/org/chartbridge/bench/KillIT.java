package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.bench.KillTest.Round;
import org.chartbridge.bench.KillTest.Victim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The first promise (DESIGN §1): engine, PostgreSQL and both are killed under load, and nothing
 * acknowledged is lost, nothing charted twice. More rounds: {@code chartbridge bench kill}.
 */
@Isolated("it measures how long starts take")
class KillIT {
    /** On a machine that others load, too: {@code bench kill} wants 20 s. */
    private static final Duration READY_WITHIN =
            Duration.parse(System.getProperty("chartbridge.kill.ready", "PT60S"));

    @TempDir Path folder;

    @Test
    void nothingAcknowledgedIsLostAndNothingChartedTwiceWhateverIsKilled() throws Exception {
        var seed = Long.getLong("chartbridge.kill.seed", new Random().nextLong());
        System.out.println("KillIT seed " + seed);
        var seen = new ArrayList<Round>();

        KillTest.run(
                3,
                seed,
                READY_WITHIN,
                Jar.engine(folder),
                new PrintedProgress(),
                round -> {
                    System.out.println(round.line());
                    seen.add(round);
                });

        assertThat(seen).flatExtracting(Round::problems).isEmpty();
        assertThat(seen).extracting(Round::victim).containsExactlyInAnyOrder(Victim.values());
        assertThat(seen)
                .allSatisfy(
                        round -> {
                            assertThat(round.acknowledged()).isGreaterThanOrEqualTo(500);
                            assertThat(round.unanswered()).isPositive();
                        });
        assertThat(List.copyOf(seen)).hasSize(3);
    }
}
