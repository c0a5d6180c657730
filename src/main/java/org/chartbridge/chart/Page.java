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

    public Page {
        items = List.copyOf(items);
    }

    public boolean hasNext() {
        return offset + items.size() < total && !items.isEmpty();
    }

    public <R> Page<R> map(Function<? super T, R> each) {
        return new Page<>(items.stream().<R>map(each).toList(), total, offset, limit);
    }
}
