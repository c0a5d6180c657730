package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Rows as columns: a set-based statement takes an array for each. */
final class Columns {
    private Columns() {}

    static <T> @Nullable String[] texts(
            Collection<T> rows, Function<? super T, ? extends @Nullable String> column) {
        var all = new @Nullable String[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.apply(row);
        return all;
    }

    /** Times as text, to be cast: null stays null. */
    static <T> @Nullable String[] times(
            Collection<T> rows, Function<? super T, ? extends @Nullable Instant> column) {
        return texts(
                rows,
                row -> {
                    var time = column.apply(row);
                    return time == null ? null : time.toString();
                });
    }

    static <T> long[] longs(Collection<T> rows, ToLongFunction<? super T> column) {
        return rows.stream().mapToLong(column).toArray();
    }

    static <T> int[] ints(Collection<T> rows, ToIntFunction<? super T> column) {
        return rows.stream().mapToInt(column).toArray();
    }

    static <T> boolean[] flags(Collection<T> rows, Predicate<? super T> column) {
        var all = new boolean[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.test(row);
        return all;
    }
}
