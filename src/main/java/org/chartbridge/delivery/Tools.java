package org.chartbridge.delivery;

import io.micrometer.core.instrument.MeterRegistry;

import org.chartbridge.mllp.MllpNetwork;

import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

import javax.sql.DataSource;

/**
 * What the work on all destinations shares.
 *
 * @param stop whether the engine is stopping
 * @param changes is told the ids of entries whose deliveries have come further
 * @param late takes application acknowledgements that follow an answer
 * @param onward lets answers go on that say something of orders
 */
record Tools(
        DataSource dataSource,
        DeliveryStore store,
        Commits commits,
        MllpNetwork network,
        Policy policy,
        DeliveryLimits limits,
        MeterRegistry meters,
        BooleanSupplier stop,
        LongConsumer changes,
        LateAnswers late,
        AnswersOnward onward) {

    boolean stopping() {
        return stop.getAsBoolean();
    }

    /** The deliveries of an entry have come further; 0 for a destination as a whole. */
    void changed(long entryId) {
        changes.accept(entryId);
    }

    /** Counts an attempt by how it ended. */
    void count(String destination, Outcome outcome) {
        meters.counter(
                        "chartbridge.deliveries",
                        "destination",
                        destination,
                        "outcome",
                        outcome.word())
                .increment();
    }
}
