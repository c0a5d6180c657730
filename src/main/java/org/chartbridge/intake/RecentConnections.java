package org.chartbridge.intake;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections that something came over lately, so that the first message of each is known. One
 * that was silent while ten thousand others were not counts as new, which costs a round trip.
 */
final class RecentConnections {
    /** How many are remembered. */
    static final int MAX = 10_000;

    private static final float LOAD_FACTOR = 0.75f;

    private final Map<String, Boolean> known =
            new LinkedHashMap<>(64, LOAD_FACTOR, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > MAX;
                }
            };

    /**
     * Whether this is the first message of a connection.
     *
     * @param peer address and port of the other end
     */
    synchronized boolean isNew(String peer) {
        return known.put(peer, Boolean.TRUE) == null;
    }
}
