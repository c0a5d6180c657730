package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/** The waiting deliveries of a destination in order, some of them read ahead. */
final class Supply {
    /** How often to read anew: one that was committed late may stand before those in memory. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final String destination;
    private final DeliveryStore store;
    private final DeliveryLimits limits;
    private final Place place;
    private final Deque<Letter> ready = new ArrayDeque<>();
    private boolean exhausted;
    private int lastRead;
    private long lookedAt = System.nanoTime();

    Supply(String destination, DeliveryStore store, DeliveryLimits limits, Place place) {
        this.destination = destination;
        this.store = store;
        this.limits = limits;
        this.place = place;
    }

    /**
     * The next one, left where it is; null when nothing more may leave now.
     *
     * @param underway ids of those that still wait in the database but were taken
     */
    @Nullable Letter head(Set<Long> underway) {
        if (System.nanoTime() - lookedAt > LOOK_EVERY.toNanos()) clear();
        if (!ready.isEmpty()) return ready.peek();
        if (exhausted && !underway.isEmpty() && !place.takeSignal()) return null;
        lookedAt = System.nanoTime();
        var letters = store.next(destination, underway, limits.batch(), limits.batchBytes());
        ready.addAll(letters);
        lastRead = letters.size();
        exhausted = letters.isEmpty();
        return ready.peek();
    }

    /** The head is taken. */
    void take() {
        ready.remove();
    }

    void replaceHead(Letter other) {
        ready.remove();
        ready.addFirst(other);
    }

    /** How many the last look found. */
    int lastRead() {
        return lastRead;
    }

    /** Whether nothing is in memory. */
    boolean isEmpty() {
        return ready.isEmpty();
    }

    /** Forgets what was read ahead. */
    void clear() {
        ready.clear();
        exhausted = false;
    }
}
