package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.database.Script;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where orders went, by the partner who ordered and the number it gave them: changes follow there,
 * and a new order of the same number is not sent without a person's word.
 */
@Component
public class SentOrders implements WhereOrdersWent {
    private final JdbcClient jdbc;

    SentOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<String> destination(String sender, String number) {
        return jdbc.sql("select destination from order_sent where key = :key")
                .param("key", WhereOrdersWent.key(sender, number))
                .query(String.class)
                .optional();
    }

    /** Notes it in the commit that stages them; the last place counts. */
    static void write(Script script, List<NewDelivery> deliveries) {
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
                    set destination = excluded.destination, entry_id = excluded.entry_id
                """,
                texts(keys, k -> k),
                texts(destinations, d -> d),
                longs(entries, Long::longValue));
    }
}
