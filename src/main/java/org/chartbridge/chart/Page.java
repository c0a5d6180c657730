package org.chartbridge.chart;

import java.util.List;
import java.util.function.Function;

/**
 * Part of a longer list, and how long the whole is.
 *
 * @param total how many there are in all
 * @param offset how many were passed over before the first of these
 * @param limit how many were asked for at most
 */
public record Page<T>(List<T> items, long total, int offset, int limit) {

    /** How far into a list a page may begin. */
    public static final int MAX_OFFSET = 100_000;

    public Page {
        items = List.copyOf(items);
    }

    public boolean hasNext() {
        return offset + items.size() < total && !items.isEmpty();
    }

    public <R> Page<R> map(Function<? super T, R> each) {
        return new Page<>(items.stream().<R>map(each).toList(), total, offset, limit);
    }

    /** Refuses to read a page that begins too far down or is too long. */
    static void check(int offset, int limit, int max) {
        if (offset < 0 || offset > MAX_OFFSET || limit < 1 || limit > max)
            throw new IllegalArgumentException(
                    "wanted an offset of 0 to %d and a limit of 1 to %d, got %d and %d"
                            .formatted(MAX_OFFSET, max, offset, limit));
    }
}
