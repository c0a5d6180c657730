package org.chartbridge.intake;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A queue in which partners take turns: whoever sends over two hundred connections waits for its
 * own messages, not the others for them. What one partner adds comes out in the order it was added.
 *
 * <p>Bounded by the number of connections, each of which has one message in work.
 */
final class FairQueue<T> {
    /** For so long after its last message a partner counts as one of several. */
    private static final Duration RECENTLY = Duration.ofSeconds(1);

    private final Function<T, String> partner;
    // Whose turn is next stands first.
    private final Map<String, ArrayDeque<T>> waiting = new LinkedHashMap<>();
    private String last = "";
    private long turnsChangedAt = System.nanoTime() - 2 * RECENTLY.toNanos();

    /**
     * @param partner whose turn one of them uses up
     */
    FairQueue(Function<T, String> partner) {
        this.partner = partner;
    }

    synchronized void add(T one) {
        var its = partner.apply(one);
        if (!its.equals(last)) {
            if (!last.isEmpty()) turnsChangedAt = System.nanoTime();
            last = its;
        }
        waiting.computeIfAbsent(its, _ -> new ArrayDeque<>()).add(one);
        notifyAll();
    }

    /** Whether more than one partner has sent within the last second. */
    synchronized boolean isShared() {
        return System.nanoTime() - turnsChangedAt < RECENTLY.toNanos();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The next one; null when there is none. */
    @Nullable T poll() {
        return poll(_ -> true);
    }

    /** The next one of a partner that may take its turn; null when there is none. */
    synchronized @Nullable T poll(Predicate<String> may) {
        var turn = waiting.keySet().stream().filter(may).findFirst().orElse(null);
        var line = turn == null ? null : waiting.remove(turn);
        if (line == null) return null;
        var one = line.poll();
        if (!line.isEmpty()) waiting.put(turn, line);
        return one;
    }

    /** The next one, awaited at most so long; null when none came. */
    synchronized @Nullable T poll(long millis) throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (waiting.isEmpty()) {
            var left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) return null;
            wait(left);
        }
        return poll();
    }
}
