package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.delivery.DeliverySearch.DestinationView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** What is said of a destination. */
class ShownDestinationTests {
    private static final String EXPIRED =
            "no TLS with lab:2575: the other side's certificate has expired (CN=lab); renew it"
                    + " there";

    @Test
    void whatOnlyAPersonCanMendIsToActWithItsRemedyAndTriedOn() {
        var shown = new ShownDestination(hindered(3, Instant.EPOCH, false), true, 0);

        assertThat(shown.asksPerson()).isTrue();
        assertThat(shown.word()).isEqualTo("To act");
        assertThat(shown.sentence())
                .isEqualTo(
                        "3 waiting: " + EXPIRED + ". It is tried on, and goes on by itself then");
    }

    @Test
    void whereNothingWaitsNobodyIsAskedWhateverHinderedTheLast() {
        var shown = new ShownDestination(hindered(0, Instant.EPOCH, false), true, 0);

        assertThat(shown.asksPerson()).isFalse();
        assertThat(shown.word()).isEqualTo("Up to date");
    }

    @Test
    void aPartnerThatIsDownAsksForNobody() {
        var shown = new ShownDestination(hindered(3, null, false), true, 0);

        assertThat(shown.asksPerson()).isFalse();
        assertThat(shown.word()).isEqualTo("Waiting");
    }

    @Test
    void whatIsPausedOrHasNoRouteAsks() {
        assertThat(new ShownDestination(hindered(3, null, true), true, 0).asksPerson()).isTrue();
        assertThat(new ShownDestination(hindered(3, null, false), false, 0).asksPerson()).isTrue();
        assertThat(new ShownDestination(hindered(0, null, false), false, 0).asksPerson()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "lab/orders~held, Alerts",
        "lab/orders~unmade, can't be made",
        "emr/orders-to-place, Orders to place"
    })
    void whatWaitsBesideADestinationIsDecidedElsewhere(String name, String page) {
        var shown = new ShownDestination(hindered(name, 3, null, false), false, 0);

        assertThat(shown.sentence()).contains(page).doesNotContain("outbox:");
    }

    /** ⚠ A result that never left, and a page that says all is well. */
    @Test
    void whatCannotBeMadeAsksThoughNothingElseWaits() {
        var shown = new ShownDestination(hindered(0, null, false), true, 2);

        assertThat(shown.asksPerson()).isTrue();
        assertThat(shown.word()).isEqualTo("To act");
        assertThat(shown.look()).isEqualTo("held");
        assertThat(shown.sentence())
                .isEqualTo(
                        "2 can't be made and wait aside for a person: decide on the page Worklist,"
                                + " can't be made. Nothing else waits");
        assertThat(new ShownDestination(hindered(3, null, true), true, 1).sentence())
                .startsWith("1 can't be made and waits aside")
                .contains("Beside that: 3 waiting, a person is asked");
    }

    private static DestinationView hindered(
            long waiting, @Nullable Instant asksSince, boolean paused) {
        return hindered("lab/orders", waiting, asksSince, paused);
    }

    private static DestinationView hindered(
            String name, long waiting, @Nullable Instant asksSince, boolean paused) {
        return new DestinationView(
                name, paused, "", EXPIRED, 9, null, null, null, null, asksSince, waiting, null,
                null);
    }
}
