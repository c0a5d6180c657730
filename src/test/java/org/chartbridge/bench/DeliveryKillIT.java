package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Random;

/**
 * Deliveries to a hostile partner, everything killed once: each is applied exactly once by a
 * partner that discards by MSH-10, in order. More of it: {@code chartbridge bench hostile}.
 */
class DeliveryKillIT {
    @TempDir Path folder;

    @Test
    void eachDeliveryIsAppliedOnceAndInOrderWhateverThePartnerDoes() throws Exception {
        var seed = Long.getLong("chartbridge.hostile.seed", new Random().nextLong());
        System.out.println("DeliveryKillIT seed " + seed);

        var result = HostileRun.run(500, 1, seed, Jar.engine(folder), new PrintedProgress());

        System.out.println(result.line());
        assertThat(result.problems()).isEmpty();
        assertThat(result.kills()).isEqualTo(1);
        assertThat(result.attempts()).isGreaterThan(600);
        assertThat(result.decisions()).isPositive();
        assertThat(result.treated()).containsOnlyKeys(HostilePartner.Treatment.values());
    }
}
