package org.chartbridge.database;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * Turns rows into columns, each an array for {@link Script}: {@code unnest} in the statement makes
 * them rows again, so that a statement writes any number of them.
 */
public final class Columns {
    private Columns() {}

    public static <T> @Nullable String[] texts(
            Collection<T> rows, Function<? super T, ? extends @Nullable String> column) {
        var all = new @Nullable String[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.apply(row);
        return all;
    }

    public static <T> long[] longs(Collection<T> rows, ToLongFunction<? super T> column) {
        var all = new long[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.applyAsLong(row);
        return all;
    }

    /** Numbers of which some may be null. */
    public static <T> @Nullable Long[] ids(
            Collection<T> rows, Function<? super T, ? extends @Nullable Long> column) {
        var all = new @Nullable Long[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.apply(row);
        return all;
    }

    public static <T> int[] ints(Collection<T> rows, ToIntFunction<? super T> column) {
        var all = new int[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.applyAsInt(row);
        return all;
    }

    public static <T> boolean[] flags(Collection<T> rows, Predicate<? super T> column) {
        var all = new boolean[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.test(row);
        return all;
    }

    public static <T> @Nullable BigDecimal[] numbers(
            Collection<T> rows, Function<? super T, ? extends @Nullable BigDecimal> column) {
        var all = new @Nullable BigDecimal[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.apply(row);
        return all;
    }

    public static <T> byte @Nullable [][] contents(
            Collection<T> rows, Function<? super T, byte @Nullable []> column) {
        var all = new byte @Nullable [rows.size()][];
        int i = 0;
        for (var row : rows) all[i++] = column.apply(row);
        return all;
    }

    /**
     * Times in microseconds since 1970-01-01T00:00Z, which is what PostgreSQL keeps; the statement
     * says {@code to_timestamp(t / 1e6)}. PostgreSQL reads them at a tenth of what a text costs.
     * Exact from 1684 to 2255, beyond that to a few microseconds.
     */
    public static <T> @Nullable Long[] times(
            Collection<T> rows, Function<? super T, ? extends @Nullable Instant> column) {
        var all = new @Nullable Long[rows.size()];
        int i = 0;
        for (var row : rows) {
            var time = column.apply(row);
            all[i++] = time == null ? null : micros(time);
        }
        return all;
    }

    /** One time as {@link #times} has it. */
    public static long micros(Instant time) {
        return TimeUnit.SECONDS.toMicros(time.getEpochSecond())
                + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    }
}
