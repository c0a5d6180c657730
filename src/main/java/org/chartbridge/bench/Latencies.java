package org.chartbridge.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * How long answers took: counts in buckets that are 0.8 % wide, from a nanosecond to any time. Safe
 * for use by many threads.
 */
final class Latencies {
    private static final int BITS = 7;
    private static final int SUB_BUCKETS = 1 << BITS;

    private final AtomicLongArray counts = new AtomicLongArray((64 - BITS) << BITS);
    private final LongAccumulator max = new LongAccumulator(Math::max, 0);

    void record(long nanos) {
        var value = Math.max(0, nanos);
        counts.incrementAndGet(bucket(value));
        max.accumulate(value);
    }

    long count() {
        var all = 0L;
        for (var i = 0; i < counts.length(); i++) all += counts.get(i);
        return all;
    }

    Duration max() {
        return Duration.ofNanos(max.get());
    }

    /**
     * The time that this share of all answers took at most; zero when there are none.
     *
     * @param share 0.5 for the median, at most 1
     */
    Duration at(double share) {
        var wanted = Math.max(1, (long) Math.ceil(share * count()));
        var seen = 0L;
        for (var i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= wanted) return Duration.ofNanos(Math.min(largestIn(i), max.get()));
        }
        return Duration.ZERO;
    }

    /** Values below 128 have a bucket each; above, each power of two has 128. */
    private static int bucket(long value) {
        if (value < SUB_BUCKETS) return (int) value;
        var shift = 63 - Long.numberOfLeadingZeros(value) - BITS;
        return (shift << BITS) + (int) (value >>> shift);
    }

    private static long largestIn(int bucket) {
        if (bucket < SUB_BUCKETS) return bucket;
        var shift = (bucket >>> BITS) - 1;
        var sub = (long) SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1));
        return ((sub + 1) << shift) - 1;
    }
}
