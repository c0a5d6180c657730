package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.chart.OneNumber;
import org.chartbridge.database.Script;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
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
        return isHeldBack(sender, number, "waiting");
    }

    @Override
    public boolean isDropped(String sender, String number) {
        return isHeldBack(sender, number, "skipped");
    }

    @Override
    public Optional<Instant> saidAt(String sender, String number) {
        return jdbc.sql(
                        """
                        select max(t.message_at) as said_at
                        from order_sent s
                        join statement t on t.entry_id = s.entry_id
                        where s.entity = :entity
                        """)
                .param("entity", entity(WhereOrdersWent.key(sender, number)))
                .query((row, _) -> Optional.ofNullable(row.getTimestamp("said_at")))
                .single()
                .map(Timestamp::toInstant);
    }

    @Override
    public Optional<byte[]> message(String sender, String number) {
        return jdbc.sql(
                        """
                        select r.content
                        from order_sent s
                        join raw_message r on r.entry_id = s.entry_id
                        where s.entity = :entity
                        order by s.entry_id desc
                        limit 1
                        """)
                .param("entity", entity(WhereOrdersWent.key(sender, number)))
                .query((row, _) -> Optional.ofNullable(row.getBytes("content")))
                .optional()
                .flatMap(content -> content);
    }

    private boolean isHeldBack(String sender, String number, String state) {
        return jdbc.sql(
                        """
                        select exists (select
                                       from order_sent s
                                       join delivery d on d.entry_id = s.entry_id
                                       where s.entity = :entity and d.state = :state
                                         and d.destination = s.destination || '~held')
                        """)
                .param("entity", entity(WhereOrdersWent.key(sender, number)))
                .param("state", state)
                .query(Boolean.class)
                .single();
    }

    private List<Sent> all(String key) {
        return jdbc.sql(
                        """
                        select key, destination, patient
                        from order_sent
                        where entity = :entity
                        order by entry_id desc
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

    /**
     * What a key means: itself, else what nothing tells from it, as numbers mean the same in the
     * chart ({@link OneNumber#meant}).
     *
     * @param sent all of one {@link #entity}; the first counts
     */
    static Optional<Sent> same(String key, Collection<Sent> sent) {
        var meant =
                OneNumber.meant(number(key), sent.stream().map(one -> number(one.key())).toList());
        return sent.stream().filter(one -> meant.contains(number(one.key()))).findFirst();
    }

    /** A number in this namespace, as it would be in the chart; the entity is that of all. */
    private static String number(String key) {
        var namespace = key.substring(key.lastIndexOf('|') + 1);
        return namespace.isEmpty() ? "1" : "1^" + namespace;
    }

    /**
     * The key without its namespace, as the column of the same name. What is locked, waits or may
     * not overtake goes by it alone ⚠: to wait for another one of that number harms nobody.
     */
    static String entity(String key) {
        return key.substring(0, key.lastIndexOf('|') + 1);
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

    /**
     * Whether two have a number in common, and its authority, where both have one. Authorities of
     * patients are compared letter by letter ⚠, unlike namespaces of orders: so does the chart, for
     * which they are part of who somebody is.
     */
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
}
