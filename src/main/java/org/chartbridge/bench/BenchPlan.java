package org.chartbridge.bench;

import java.time.Duration;
import java.util.List;

/**
 * What {@code bench} is to measure.
 *
 * @param connections one charted run for each, in this order; none when empty
 * @param stored whether to measure a burst that is answered when stored
 * @param storedConnections connections of the burst
 * @param warmUp before each measured time
 * @param time measured time of each run
 * @param burst measured time of the burst
 * @param reference measured time of each reference; zero leaves the references out
 * @param writers connections that write the reference
 * @param drain whether to wait after the burst until everything is charted
 */
public record BenchPlan(
        List<Integer> connections,
        boolean stored,
        int storedConnections,
        Duration warmUp,
        Duration time,
        Duration burst,
        Duration reference,
        int writers,
        boolean drain) {

    /** More than any interface has. */
    public static final int MAX_CONNECTIONS = 1_000;

    public BenchPlan {
        connections = List.copyOf(connections);
        for (var count : connections) check(count);
        check(storedConnections);
        if (writers < 1) throw new IllegalArgumentException("writers: wanted at least 1");
    }

    private static void check(int count) {
        if (count < 1 || count > MAX_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "connections: wanted 1 to " + MAX_CONNECTIONS + ", got " + count);
        }
    }
}
