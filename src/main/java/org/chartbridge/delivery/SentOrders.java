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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

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

    /** One that was sent. */
    record Sent(String key, String destination, String patient) {
        @Override
        public String toString() {
            return "Sent[" + destination + "]";
        }
    }

    /** A number has few namespaces; of more, nobody can say which is meant. */
    private static final int MAX_NAMESPACES = 50;

    @Override
    public Optional<String> destination(String sender, String number) {
        var key = WhereOrdersWent.key(sender, number);
        return same(key, all(key)).map(Sent::destination);
    }

    @Override
    public boolean isHeld(String sender, String number) {
        return jdbc.sql(
                        """
                        select exists (select
                                       from order_sent s
                                       join delivery d on d.entry_id = s.entry_id
                                       where s.entity = :entity and d.state = 'waiting'
                                         and d.destination = s.destination || '~held')
                        """)
                .param("entity", entity(WhereOrdersWent.key(sender, number)))
                .query(Boolean.class)
                .single();
    }

    private List<Sent> all(String key) {
        return jdbc.sql(
                        """
                        select key, destination, patient
                        from order_sent
                        where entity = :entity
                        limit :limit
                        """)
                .param("entity", entity(key))
                .param("limit", MAX_NAMESPACES)
                .query(
                        (row, _) ->
                                new Sent(
                                        row.getString("key"),
                                        row.getString("destination"),
                                        row.getString("patient")))
                .list();
    }

    /** What a key means: itself, else the number where at most one namespace is among all. */
    static Optional<Sent> same(String key, Collection<Sent> sent) {
        var exact = sent.stream().filter(one -> one.key().equals(key)).findFirst();
        if (exact.isPresent()) return exact;
        var namespaces = new HashSet<String>();
        namespaces.add(namespace(key));
        for (var one : sent) namespaces.add(namespace(one.key()));
        namespaces.remove("");
        return namespaces.size() > 1 ? Optional.empty() : sent.stream().findFirst();
    }

    /** The key without its namespace, as the column of the same name. */
    static String entity(String key) {
        return key.substring(0, key.lastIndexOf('|') + 1);
    }

    private static String namespace(String key) {
        return key.substring(key.lastIndexOf('|') + 1);
    }

    @Override
    public boolean isOfAnother(String sender, String number, String patient) {
        if (patient.isEmpty()) return false;
        var key = WhereOrdersWent.key(sender, number);
        var before = patient(key, all(key));
        if (before.isEmpty() || agree(before, patient)) return false;
        return !areMerged(
                values(List.of(before.split("\n"))), values(List.of(patient.split("\n"))));
    }

    /** For whom it was sent; empty where nobody said. Who changed it without saying is no other. */
    static String patient(String key, List<Sent> sent) {
        var known = sent.stream().filter(one -> !one.patient().isEmpty()).toList();
        return same(key, known).map(Sent::patient).orElse("");
    }

    /** Whether two have a number in common, and its authority, where both have one. */
    static boolean agree(String before, String now) {
        for (var one : before.lines().toList())
            for (var other : now.lines().toList()) {
                var its = one.split("[|]", 2);
                var others = other.split("[|]", 2);
                if (its[0].equals(others[0])
                        && (its[1].isEmpty() || others[1].isEmpty() || its[1].equals(others[1])))
                    return true;
            }
        return false;
    }

    private static String[] values(List<String> numbers) {
        return numbers.stream().map(one -> one.replaceFirst("[|].*", "")).toArray(String[]::new);
    }

    /** Whether the chart knows two of these numbers as one patient's: merged meanwhile. */
    private boolean areMerged(String[] before, String[] now) {
        return jdbc.sql(
                        """
                        select exists (select
                                       from patient_record a
                                       join patient_record b on b.person_id = a.person_id
                                       where a.id_value = any(:before) and b.id_value = any(:now)
                                         and a.id_value <> b.id_value)
                        """)
                .param("before", before)
                .param("now", now)
                .query(Boolean.class)
                .single();
    }

    @Override
    public Optional<String> adder(String number, String patient) {
        return jdbc
                .sql(
                        """
                        select distinct i.partner
                        from placed_order i
                        join patient_record r on r.id = i.record_id and r.edition = 0
                        where i.placer_number = :number and i.placer_number <> ''
                          and (:anybody or exists (select
                                                   from patient_record o
                                                   where o.person_id = r.person_id
                                                     and o.id_value = any(:patient)))
                          and i.filler_number <> ''
                        """)
                .param("number", number)
                .param("anybody", patient.isEmpty())
                .param("patient", values(List.of(patient.split("\n"))))
                .query(String.class)
                .list()
                .stream()
                .findFirst();
    }

    /**
     * A new order of a number that none may have had before.
     *
     * @param destination where it is to go
     * @param entryId the message that orders
     * @param patient whom it is for, {@link Leaving#patient}
     */
    public record Claim(String key, String destination, long entryId, String patient) {

        /** The message only. */
        @Override
        public String toString() {
            return "Claim[" + entryId + "]";
        }
    }

    /**
     * Claims numbers for new orders, in the transaction that sends them: of two connections that
     * bring the same one, the second waits here until the first has committed. A number with and
     * without its namespace is one, and locked as one.
     *
     * @return where the orders went whose numbers were taken; empty when all are free
     */
    public static Map<String, String> claim(Connection connection, Collection<Claim> claims)
            throws SQLException {
        var list = List.copyOf(claims);
        var won = new HashSet<String>();
        var known = new ArrayList<Sent>();
        var taken = new HashMap<String, String>();
        new Script()
                .run(
                        """
                        select pg_advisory_xact_lock(hashtextextended(k.entity, 36))
                        from (select distinct entity from unnest(?) e(entity) order by entity) k
                        """,
                        (Object) texts(list, claim -> entity(claim.key())))
                .read(
                        "select key, destination from order_sent where entity = any(?)",
                        row -> known.add(new Sent(row.getString(1), row.getString(2), "")),
                        (Object) texts(list, claim -> entity(claim.key())))
                .read(
                        """
                        insert into order_sent (key, destination, entry_id, patient)
                        select key, destination, entry, patient
                        from unnest(?, ?, ?, ?) k(key, destination, entry, patient)
                        order by key
                        on conflict (key) do nothing returning key
                        """,
                        row -> won.add(row.getString(1)),
                        texts(list, Claim::key),
                        texts(list, Claim::destination),
                        longs(list, Claim::entryId),
                        texts(list, Claim::patient))
                .send(connection);
        var others = new ArrayList<String>();
        for (var claim : list) {
            var its = entity(claim.key());
            var sent = known.stream().filter(one -> entity(one.key()).equals(its)).toList();
            var same = won.contains(claim.key()) ? same(claim.key(), sent) : Optional.<Sent>empty();
            if (same.isPresent()) {
                taken.put(claim.key(), same.get().destination());
                others.add(claim.key());
            } else known.add(new Sent(claim.key(), claim.destination(), ""));
        }
        if (!others.isEmpty())
            new Script()
                    .run(
                            "delete from order_sent where key = any(?)",
                            (Object) texts(others, key -> key))
                    .send(connection);
        var lost = list.stream().map(Claim::key).filter(key -> !won.contains(key)).toList();
        if (lost.isEmpty()) return taken;
        new Script()
                .read(
                        "select key, destination from order_sent where key = any(?)",
                        row -> taken.put(row.getString(1), row.getString(2)),
                        (Object) texts(lost, key -> key))
                .send(connection);
        return taken;
    }

    /**
     * The entry that is to leave before what follows an order of these keys: the last that was sent
     * of it; 0 when none was.
     */
    public static long lastSent(Connection connection, Collection<String> keys)
            throws SQLException {
        var last = new AtomicLong();
        new Script()
                .read(
                        "select coalesce(max(entry_id), 0) from order_sent where entity = any(?)",
                        row -> last.set(row.getLong(1)),
                        (Object) texts(List.copyOf(keys), SentOrders::entity))
                .send(connection);
        return last.get();
    }

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
        return HeldBack.destination(delivery.destination()).endsWith("/" + TO_PLACE);
    }

    private static void waits(Script script, List<NewDelivery> deliveries) {
        var ids = new ArrayList<Long>();
        var entities = new ArrayList<String>();
        for (var delivery : deliveries)
            for (var key : delivery.orders()) {
                ids.add(delivery.id());
                entities.add(entity(key));
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
