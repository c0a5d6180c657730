package org.chartbridge.delivery;

import org.chartbridge.database.BlockIds;
import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes deliveries in the commit that causes them. */
@Component
public class DeliveryStore {

    /** Ids drawn at once; the increment of sequence {@code delivery_id}. */
    private static final int ID_BLOCK = 1_000;

    private final BlockIds ids;

    public DeliveryStore(JdbcClient jdbc) {
        this.ids = new BlockIds(jdbc, "delivery_id", ID_BLOCK);
    }

    /** The next delivery id; ids grow in the order of staging. */
    public long nextId() {
        return ids.getAsLong();
    }

    /** Adds deliveries, waiting. */
    public void stage(Script script, List<NewDelivery> deliveries) {
        if (deliveries.isEmpty()) return;
        script.run(
                """
                insert into delivery (id, entry_id, place, destination, state, control_id, message_type,
                    size_bytes, body, staged_at)
                select id, entry, id, destination, 'waiting', control, type, size, body, staged::timestamptz
                from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, entry, destination, control, type, size, body, staged)
                """,
                deliveries.stream().mapToLong(NewDelivery::id).toArray(),
                deliveries.stream().mapToLong(NewDelivery::entryId).toArray(),
                texts(deliveries, NewDelivery::destination),
                texts(deliveries, NewDelivery::controlId),
                texts(deliveries, NewDelivery::type),
                deliveries.stream().mapToInt(NewDelivery::sizeBytes).toArray(),
                bodies(deliveries),
                texts(deliveries, d -> d.stagedAt().toString()));
    }

    private static String[] texts(
            List<NewDelivery> deliveries, Function<NewDelivery, String> column) {
        return deliveries.stream().map(column).toArray(String[]::new);
    }

    private static byte @Nullable [][] bodies(List<NewDelivery> deliveries) {
        var all = new ArrayList<byte @Nullable []>(deliveries.size());
        for (var delivery : deliveries) all.add(delivery.body());
        return all.toArray(byte[][]::new);
    }
}
