package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.delivery.DeliverySearch.DestinationView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;

/** What is said of a destination. */
class ShownDestinationTests {
    private static final String EXPIRED =
            "no TLS with lab:2575: the other side's certificate has expired (CN=lab); renew it"
                    + " there";

    @Test
    void whatOnlyAPersonCanMendIsToActWithItsRemedyAndTriedOn() {
        var shown = new ShownDestination(hindered(3, Instant.EPOCH, false), true);

        assertThat(shown.asksPerson()).isTrue();
        assertThat(shown.word()).isEqualTo("To act");
        assertThat(shown.sentence())
                .isEqualTo(
                        "3 waiting: " + EXPIRED + ". It is tried on, and goes on by itself then");
    }

    @Test
    void whereNothingWaitsNobodyIsAskedWhateverHinderedTheLast() {
        var shown = new ShownDestination(hindered(0, Instant.EPOCH, false), true);

        assertThat(shown.asksPerson()).isFalse();
        assertThat(shown.word()).isEqualTo("Up to date");
    }

    @Test
    void aPartnerThatIsDownAsksForNobody() {
        var shown = new ShownDestination(hindered(3, null, false), true);

        assertThat(shown.asksPerson()).isFalse();
        assertThat(shown.word()).isEqualTo("Waiting");
    }

    @Test
    void whatIsPausedOrHasNoRouteAsks() {
        assertThat(new ShownDestination(hindered(3, null, true), true).asksPerson()).isTrue();
        assertThat(new ShownDestination(hindered(3, null, false), false).asksPerson()).isTrue();
        assertThat(new ShownDestination(hindered(0, null, false), false).asksPerson()).isFalse();
    }

    private static DestinationView hindered(
            long waiting, @Nullable Instant asksSince, boolean paused) {
        return new DestinationView(
                "lab/orders",
                paused,
                "",
                EXPIRED,
                9,
                null,
                null,
                null,
                null,
                asksSince,
                waiting,
                null,
                null);
    }
}
