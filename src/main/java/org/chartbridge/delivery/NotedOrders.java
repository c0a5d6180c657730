package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.database.Script;

import java.util.ArrayList;
import java.util.List;

/** Notes which orders leave, and which wait to be placed: what {@link SentOrders} reads. */
final class NotedOrders {
    private NotedOrders() {}

    /**
     * Notes it in the commit that stages them: what leaves, the last place counts; of what waits to
     * be placed, what it follows.
     */
    static void write(Script script, List<NewDelivery> deliveries) {
        waits(
                script,
                deliveries.stream()
                        .filter(one -> isToPlace(one) && !one.orders().isEmpty())
                        .toList());
        sent(script, deliveries.stream().filter(one -> !isToPlace(one)).toList());
    }

    private static boolean isToPlace(NewDelivery delivery) {
        return HeldBack.destination(delivery.destination())
                .endsWith("/" + WhereOrdersWent.TO_PLACE);
    }

    private static void waits(Script script, List<NewDelivery> deliveries) {
        var ids = new ArrayList<Long>();
        var entities = new ArrayList<String>();
        for (var delivery : deliveries)
            for (var key : delivery.orders()) {
                ids.add(delivery.id());
                entities.add(SentOrders.entity(key));
            }
        if (ids.isEmpty()) return;
        script.run(
                """
                insert into order_waiting (delivery_id, entity)
                select id, entity from unnest(?, ?) k(id, entity) on conflict do nothing
                """,
                longs(ids, Long::longValue),
                texts(entities, one -> one));
    }

    private static void sent(Script script, List<NewDelivery> deliveries) {
        var keys = new ArrayList<String>();
        var destinations = new ArrayList<String>();
        var entries = new ArrayList<Long>();
        for (var delivery : deliveries)
            for (var key : delivery.orders()) {
                if (keys.contains(key)) continue;
                keys.add(key);
                // What is held back counts as on its way: a cancel is for whoever is to get it.
                destinations.add(HeldBack.destination(delivery.destination()));
                entries.add(delivery.entryId());
            }
        if (keys.isEmpty()) return;
        script.run(
                """
                insert into order_sent (key, destination, entry_id)
                select key, destination, entry from unnest(?, ?, ?) k(key, destination, entry) order by key
                on conflict (key) do update
                    set destination = excluded.destination, at = now(),
                        entry_id = greatest(order_sent.entry_id, excluded.entry_id)
                """,
                texts(keys, k -> k),
                texts(destinations, d -> d),
                longs(entries, Long::longValue));
    }
}
