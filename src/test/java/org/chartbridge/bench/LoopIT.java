package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Random;

/**
 * Orders to a lab with every fault, which takes whatever comes twice, through an engine that is
 * killed once. More of it: {@code chartbridge bench loop}.
 */
class LoopIT {
    private static final int SEEDS = 1 << 30;

    @TempDir Path folder;

    @Test
    void eachOrderStandsAsItsPartnerSaysAndNoneIsSentTwice() throws Exception {
        int seed = Integer.getInteger("chartbridge.loop.seed", new Random().nextInt(SEEDS));
        System.out.println("seed " + seed);

        var result =
                LoopRun.run(
                        new LoopRun.Plan(100, 1, seed, false),
                        Jar.engine(folder),
                        new PrintedProgress());

        System.out.println(result.line());
        assertThat(result.problems()).isEmpty();
        assertThat(result.kills()).isEqualTo(1);
    }
}
