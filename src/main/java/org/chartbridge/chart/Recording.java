package org.chartbridge.chart;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a fold needs to write facts down: given from outside, so that the fold itself stays pure.
 *
 * @param entryId the journal entry that says it
 * @param recordedAt when it is written; one instant for a whole group
 * @param ids draws ids of facts
 * @param personIds draws ids of persons
 * @param former records that are charted anew and keep their ids; empty but when a decision is
 *     undone
 */
public record Recording(
        long entryId,
        Instant recordedAt,
        LongSupplier ids,
        Supplier<UUID> personIds,
        Map<RecordKey, Former> former) {

    /** A record's own ids: those it had before, or new ones. */
    public record Former(long id, UUID personId) {}

    public Recording {
        former = Map.copyOf(former);
    }

    Former former(RecordKey key) {
        var known = former.get(key);
        return known != null ? known : new Former(ids.getAsLong(), personIds.get());
    }
}
