package org.chartbridge.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import org.chartbridge.delivery.DeliveryStore.Backlog;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many deliveries wait for each destination, for how long, which of them ask for a person, and
 * how many stand beside, as meters.
 */
final class WaitingGauges {
    private final MeterRegistry meters;
    private final Map<Meter, AtomicLong> shown = new ConcurrentHashMap<>();

    WaitingGauges(MeterRegistry meters) {
        this.meters = meters;
    }

    private record Meter(String name, Tags tags) {}

    /**
     * Shows what was found.
     *
     * @param found without destinations that nothing waits for
     * @param asking destinations where a person has to act
     */
    void show(Map<String, Backlog> found, Set<String> asking) {
        var now = new HashMap<Meter, Long>();
        found.forEach(
                (name, backlog) -> {
                    var beside = beside(name);
                    if (beside != null) {
                        now.merge(beside, backlog.waiting(), Long::sum);
                        return;
                    }
                    var tags = Tags.of("destination", name);
                    now.put(new Meter("chartbridge.deliveries.waiting", tags), backlog.waiting());
                    now.put(new Meter("chartbridge.deliveries.age", tags), backlog.ageSeconds());
                    now.put(
                            new Meter("chartbridge.deliveries.act", tags),
                            asking.contains(name) ? 1L : 0L);
                });
        for (var meter : shown.keySet()) now.putIfAbsent(meter, 0L);
        now.forEach((meter, count) -> value(meter).set(count));
    }

    /** The queues that no route takes; null of a destination. */
    private static @Nullable Meter beside(String name) {
        int suffix = name.indexOf('~');
        if (suffix > 0) return beside(name.substring(0, suffix), name.substring(suffix + 1));
        return name.endsWith("/orders-to-place")
                ? beside(name.substring(0, name.indexOf('/')), "to-place")
                : null;
    }

    private static Meter beside(String destination, String why) {
        return new Meter(
                "chartbridge.deliveries.aside", Tags.of("destination", destination, "why", why));
    }

    private AtomicLong value(Meter meter) {
        return shown.computeIfAbsent(
                meter,
                one ->
                        Objects.requireNonNull(
                                meters.gauge(one.name(), one.tags(), new AtomicLong())));
    }
}
