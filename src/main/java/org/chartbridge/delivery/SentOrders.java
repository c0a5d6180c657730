package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.database.Script;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where orders went, by the partner who ordered and the number it gave them: changes follow there,
 * and a new order of the same number is not sent without a person's word.
 */
@Component
public class SentOrders implements WhereOrdersWent {
    private final JdbcClient jdbc;

    public SentOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<String> destination(String sender, String number) {
        return jdbc.sql("select destination from order_sent where key = :key")
                .param("key", WhereOrdersWent.key(sender, number))
                .query(String.class)
                .optional();
    }

    /**
     * A new order of a number that none may have had before.
     *
     * @param destination where it is to go
     * @param entryId the message that orders
     */
    public record Claim(String key, String destination, long entryId) {}

    /**
     * Claims numbers for new orders, in the transaction that sends them: of two connections that
     * bring the same one, the second waits here until the first has committed.
     *
     * @return where the orders went whose numbers were taken; empty when all are free
     */
    public static Map<String, String> claim(Connection connection, Collection<Claim> claims)
            throws SQLException {
        var list = List.copyOf(claims);
        var won = new ArrayList<String>();
        var taken = new HashMap<String, String>();
        new Script()
                .read(
                        """
                        insert into order_sent (key, destination, entry_id)
                        select key, destination, entry from unnest(?, ?, ?) k(key, destination, entry)
                        order by key
                        on conflict (key) do nothing returning key
                        """,
                        row -> won.add(row.getString(1)),
                        texts(list, Claim::key),
                        texts(list, Claim::destination),
                        longs(list, Claim::entryId))
                .send(connection);
        if (won.size() == list.size()) return taken;
        var lost = list.stream().map(Claim::key).filter(key -> !won.contains(key)).toList();
        new Script()
                .read(
                        "select key, destination from order_sent where key = any(?)",
                        row -> taken.put(row.getString(1), row.getString(2)),
                        (Object) texts(lost, key -> key))
                .send(connection);
        return taken;
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
                    set destination = excluded.destination, entry_id = excluded.entry_id, at = now()
                """,
                texts(keys, k -> k),
                texts(destinations, d -> d),
                longs(entries, Long::longValue));
    }
}
