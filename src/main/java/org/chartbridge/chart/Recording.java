package org.chartbridge.chart;

import java.time.Instant;
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
 */
public record Recording(
        long entryId, Instant recordedAt, LongSupplier ids, Supplier<UUID> personIds) {}
