package org.chartbridge.journal;

import java.util.EnumMap;
import java.util.Map;

/**
 * How many entries of each state a filter finds, among the newest {@link
 * JournalSearch#MAX_COUNTED}.
 *
 * @param capped whether there are more entries than were counted
 */
public record StateCounts(Map<EntryState, Integer> byState, boolean capped) {

    public StateCounts {
        var all = new EnumMap<EntryState, Integer>(EntryState.class);
        for (var state : EntryState.values()) all.put(state, byState.getOrDefault(state, 0));
        byState = Map.copyOf(all);
    }

    public int of(EntryState state) {
        return byState.getOrDefault(state, 0);
    }

    public int total() {
        return byState.values().stream().mapToInt(Integer::intValue).sum();
    }
}
