package org.chartbridge.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import org.chartbridge.delivery.DeliveryStore.Backlog;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many deliveries wait for each destination, and for how long, as meters. */
final class WaitingGauges {
    private final MeterRegistry meters;
    private final Map<String, AtomicLong> waiting = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> ages = new ConcurrentHashMap<>();

    WaitingGauges(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Shows what was found.
     *
     * @param found without destinations that nothing waits for
     */
    void show(Map<String, Backlog> found) {
        for (var name : waiting.keySet()) if (!found.containsKey(name)) show(name, 0, 0);
        found.forEach((name, backlog) -> show(name, backlog.waiting(), backlog.ageSeconds()));
    }

    private void show(String destination, long count, long ageSeconds) {
        value(waiting, "chartbridge.deliveries.waiting", destination).set(count);
        value(ages, "chartbridge.deliveries.age", destination).set(ageSeconds);
    }

    private AtomicLong value(Map<String, AtomicLong> values, String meter, String destination) {
        return values.computeIfAbsent(
                destination,
                name ->
                        Objects.requireNonNull(
                                meters.gauge(
                                        meter, Tags.of("destination", name), new AtomicLong())));
    }
}
