package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

/** The waiting deliveries of a destination in order, some of them read ahead. */
final class Supply {
    /** How often to read anew: one that was committed late may stand before those in memory. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final String destination;
    private final DataSource dataSource;
    private final DeliveryStore store;
    private final DeliveryLimits limits;
    private final Place place;
    private final Deque<Letter> ready = new ArrayDeque<>();
    private boolean exhausted;
    private int lastRead;
    private long lookedAt = System.nanoTime();

    Supply(String destination, Tools tools, Place place) {
        this.destination = destination;
        this.dataSource = tools.dataSource();
        this.store = tools.store();
        this.limits = tools.limits();
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
        var letters = read(underway);
        ready.addAll(letters);
        lastRead = letters.size();
        exhausted = letters.isEmpty();
        return ready.peek();
    }

    private List<Letter> read(Set<Long> underway) {
        try (var connection = dataSource.getConnection()) {
            return store.next(
                    connection, destination, underway, limits.batch(), limits.batchBytes());
        } catch (SQLException e) {
            throw new IllegalStateException("waiting deliveries can't be read", e);
        }
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
