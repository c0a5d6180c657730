package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.delivery.DeliveryStore.Backlog;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

/** What waits, as meters. */
class WaitingGaugesTests {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final WaitingGauges gauges = new WaitingGauges(meters);

    @Test
    void whatStandsBesideADestinationIsCountedApartAndByWhy() {
        gauges.show(
                Map.of(
                        "lab/orders", new Backlog(3, 60),
                        "lab/orders~unmade", new Backlog(2, 90),
                        "lab/orders~held", new Backlog(1, 90),
                        "emr/orders-to-place", new Backlog(4, 90)),
                Set.of());

        assertThat(gauge("waiting", "destination", "lab/orders")).isEqualTo(3);
        assertThat(gauge("aside", "destination", "lab/orders", "why", "unmade")).isEqualTo(2);
        assertThat(gauge("aside", "destination", "lab/orders", "why", "held")).isEqualTo(1);
        assertThat(gauge("aside", "destination", "emr", "why", "to-place")).isEqualTo(4);
        assertThat(meters.find("chartbridge.deliveries.waiting").gauges()).hasSize(1);
    }

    @Test
    void whereAPersonHasToActIsOneUntilNothingIsFoundAnyMore() {
        gauges.show(Map.of("lab/orders", new Backlog(3, 60)), Set.of("lab/orders"));
        assertThat(gauge("act", "destination", "lab/orders")).isEqualTo(1);

        gauges.show(Map.of(), Set.of());

        assertThat(gauge("act", "destination", "lab/orders")).isZero();
        assertThat(gauge("waiting", "destination", "lab/orders")).isZero();
    }

    private double gauge(String name, String... tags) {
        return meters.get("chartbridge.deliveries." + name).tags(tags).gauge().value();
    }
}
