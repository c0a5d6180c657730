package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which persons some records are, and which they were at a time: for telling who saw them. Says
 * rather too many than too few, so a link that a message undid (A37) counts as if it held.
 */
public final class Kinship {
    private final Map<Long, UUID> own;
    private final Map<Long, UUID> now;
    private final Map<Long, List<Joined>> joined = new HashMap<>();

    /**
     * @param own of each record the person that it is by itself
     * @param now of each record the person that it is now
     * @param joined all merges and links of these records, also those taken back
     */
    public Kinship(Map<Long, UUID> own, Map<Long, UUID> now, Collection<Joined> joined) {
        this.own = Map.copyOf(own);
        this.now = Map.copyOf(now);
        for (var pair : joined) {
            this.joined.computeIfAbsent(pair.record(), _ -> new ArrayList<>()).add(pair);
            this.joined.computeIfAbsent(pair.other(), _ -> new ArrayList<>()).add(pair);
        }
    }

    /**
     * Two records that were one person.
     *
     * @param until when it was taken back; null while it holds
     */
    public record Joined(long record, long other, Instant from, @Nullable Instant until) {
        private boolean held(Instant start, Instant end) {
            return from.isBefore(end) && (until == null || until.isAfter(start));
        }

        private long beside(long one) {
            return one == record ? other : record;
        }
    }

    /** The person that a record is now; null of a record that is no more. */
    public @Nullable UUID person(long record) {
        return now.get(record);
    }

    /** The persons under whom a record could be seen at some time between these. */
    public Set<UUID> persons(long record, Instant start, Instant end) {
        var reached = new HashSet<Long>(Set.of(record));
        var next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            long one = next.remove();
            for (var pair : joined.getOrDefault(one, List.of()))
                if (pair.held(start, end) && reached.add(pair.beside(one)))
                    next.add(pair.beside(one));
        }
        var persons = new LinkedHashSet<UUID>();
        for (var one : reached) {
            var person = own.get(one);
            if (person != null) persons.add(person);
        }
        return persons;
    }
}
