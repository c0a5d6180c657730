package org.chartbridge.delivery;

import org.chartbridge.database.Script;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.Desk.NotPossible;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

/**
 * Deliveries that wait for a person because of an alert about what they order (decisions 0027,
 * 0055). They stand in a queue of their own beside each destination, which no route takes, so that
 * nothing waits behind them; released, they go to the place in their destination's queue that is
 * theirs by age.
 */
@Service
public class HeldBack {
    /** Behind the name of a destination; no queue of a route can be called so. */
    private static final String SUFFIX = "~held";

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final ObjectProvider<Bells> bells;

    HeldBack(DataSource dataSource, ObjectProvider<Bells> bells) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.bells = bells;
    }

    /** Where what is for a destination waits meanwhile. */
    public static String queue(String destination) {
        return destination + SUFFIX;
    }

    /** The destination that a queue is beside; the name itself of any other. */
    static String destination(String queue) {
        return queue.endsWith(SUFFIX)
                ? queue.substring(0, queue.length() - SUFFIX.length())
                : queue;
    }

    /**
     * One that waits.
     *
     * @param entryId the message that ordered
     * @param destination where it is to go
     * @param tried whether it may have arrived: it was on its way, and nobody knows what became of
     *     it
     */
    public record Item(long id, long entryId, String destination, Instant since, boolean tried) {}

    /** Those that wait, the longest first. */
    public List<Item> waiting(int limit) {
        return jdbc.sql(
                        """
                        select id, entry_id, destination, staged_at,
                               exists (select from attempt a
                                       where a.delivery_id = delivery.id
                                         and coalesce(a.outcome, 'unknown') = 'unknown') as tried
                        from delivery
                        where state = 'waiting' and destination like '%~held'
                        order by entry_id, place limit :limit
                        """)
                .param("limit", limit)
                .query(
                        (row, _) ->
                                new Item(
                                        row.getLong("id"),
                                        row.getLong("entry_id"),
                                        destination(row.getString("destination")),
                                        row.getTimestamp("staged_at").toInstant(),
                                        row.getBoolean("tried")))
                .list();
    }

    /** Where what one message sends on would go, if it waits. */
    public List<String> of(long entryId) {
        return jdbc
                .sql(
                        """
                        select destination from delivery
                        where entry_id = :entry and state = 'waiting' and destination like '%~held'
                        order by place
                        """)
                .param("entry", entryId)
                .query(String.class)
                .stream()
                .map(HeldBack::destination)
                .toList();
    }

    /** How many wait. */
    public long count() {
        return jdbc.sql(
                        """
                        select count(*) from delivery
                        where state = 'waiting' and destination like '%~held'
                        """)
                .query(Long.class)
                .single();
    }

    /** Locks patients while it is looked whether anything ordered for them has to wait. */
    private static final String LOCK =
            """
            select pg_advisory_xact_lock(k)
            from (select distinct hashtextextended(person_id::text, 68) as k from patient_record
                  where person_id = any(?::uuid[]) order by k) keys
            """;

    /**
     * Takes the locks under which it is decided whether an alert holds orders of these patients
     * back: whoever charts an order or an allergy, and whoever lets an order leave that waited for
     * a person. Held until the transaction ends.
     */
    public static void lock(Connection connection, Collection<UUID> persons) throws SQLException {
        new Script()
                .run(LOCK, (Object) persons.stream().map(UUID::toString).toArray(String[]::new))
                .send(connection);
    }

    /** The same for the patient of a message, if that is known. */
    public static void lockPatientOf(Connection connection, long entryId) throws SQLException {
        var persons = new ArrayList<UUID>();
        new Script()
                .read(
                        """
                        select p.person_id
                        from journal j
                        join patient_record p on p.id = j.record_id
                        where j.id = ?
                        """,
                        row -> persons.add(row.getObject(1, UUID.class)),
                        entryId)
                .send(connection);
        lock(connection, persons);
    }

    /**
     * Lets deliveries wait beside their destinations that have waited in them so far, because an
     * alert was opened about what they order. One that is on its way is not stopped: accepted, it
     * has left; else it is not tried again.
     *
     * @param connection in the transaction that opens the alert, under the lock of the patient
     * @param deliveries what is no longer waiting is left alone
     * @param destinations where they wait now
     */
    public static void hold(
            Connection connection, Collection<Long> deliveries, Collection<String> destinations)
            throws SQLException {
        new Script()
                // First these, as whoever sends does: else each could wait for the other.
                .run(
                        "select name from destination where name = any(?) order by name for no key"
                                + " update",
                        (Object)
                                destinations.stream()
                                        .map(HeldBack::beside)
                                        .distinct()
                                        .toArray(String[]::new))
                .run(
                        """
                        with held as (
                            update delivery
                            set destination = case when destination like '%~unmade'
                                                   then left(destination, -7)
                                                   else destination end || '~held'
                            where id = any(?) and state || '' = 'waiting'
                              and destination || '' not like '%~held'
                            returning id, destination
                        )
                        insert into delivery_decision
                            (at, account, destination, delivery_id, decision, reason)
                        select now(), 'engine', left(destination, -5), id, 'held',
                               'an alert was opened about what it orders'
                        from held
                        """,
                        (Object) deliveries.stream().mapToLong(Long::longValue).toArray())
                .send(connection);
    }

    /** The destination that a queue is beside, of whatever kind. */
    private static String beside(String queue) {
        return queue.endsWith(Aside.SUFFIX)
                ? queue.substring(0, queue.length() - Aside.SUFFIX.length())
                : destination(queue);
    }

    /** Says why what one message sends on must not leave, by throwing {@link NotPossible}. */
    public interface Guard {

        /**
         * Looks whether it may leave.
         *
         * @param connection in the transaction that lets it leave, with the deliveries locked
         */
        void check(Connection connection, long entryId) throws SQLException;
    }

    /**
     * Sends what one message is to send on.
     *
     * @return how many leave
     * @throws NotPossible when none waits any more, or the guard says so
     */
    public int release(long entryId, By by, Guard guard) {
        var destinations =
                decide(
                        entryId,
                        guard,
                        "release",
                        by,
                        """
                        update delivery set destination = left(destination, length(destination) - 5)
                        where entry_id = ? and state = 'waiting' and destination like '%~held'
                        returning id, destination
                        """);
        bells.ifAvailable(its -> its.ring(Set.copyOf(destinations)));
        return destinations.size();
    }

    /**
     * Ends them: what the message ordered is not sent on.
     *
     * @return how many
     * @throws NotPossible when none waits any more
     */
    public int drop(long entryId, By by) {
        return decide(
                        entryId,
                        (_, _) -> {},
                        "not-sent",
                        by,
                        """
                        update delivery set state = 'skipped', settled_at = now()
                        where entry_id = ? and state = 'waiting' and destination like '%~held'
                        returning id, destination
                        """)
                .size();
    }

    /**
     * What may have arrived of one message is there, as whoever was to get it said: it is not sent
     * again. What was never sent of it waits on.
     *
     * @throws NotPossible when nothing of it waits that may have arrived
     */
    public void confirm(long entryId, By by) {
        decide(
                entryId,
                (_, _) -> {},
                "has-it",
                by,
                """
                update delivery d
                set state = 'confirmed', settled_at = now(), destination = left(destination, -5)
                where entry_id = ? and state = 'waiting' and destination like '%~held' and
                """
                        + Desk.MAY_HAVE_ARRIVED
                        + " returning id, destination",
                Desk.NOT_THERE);
    }

    private Collection<String> decide(
            long entryId, Guard guard, String decision, By by, String update) {
        return decide(
                entryId,
                guard,
                decision,
                by,
                update,
                "it does not wait any more: somebody has decided");
    }

    private Collection<String> decide(
            long entryId, Guard guard, String decision, By by, String update, String otherwise) {
        var destinations = new ArrayList<String>();
        try (var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var ids = new ArrayList<Long>();
                new Script()
                        .read(
                                update,
                                row -> {
                                    ids.add(row.getLong(1));
                                    destinations.add(row.getString(2));
                                },
                                entryId)
                        .send(connection);
                if (ids.isEmpty()) throw new NotPossible(otherwise);
                guard.check(connection, entryId);
                var noting = new Script();
                for (int i = 0; i < ids.size(); i++)
                    noting.run(
                            """
                            insert into delivery_decision
                                (at, account, destination, delivery_id, decision, reason)
                            values (now(), ?, ?, ?::bigint, ?, ?)
                            """,
                            by.account(),
                            destinations.get(i),
                            ids.get(i),
                            decision,
                            by.reason());
                noting.send(connection);
                connection.commit();
            } finally {
                end(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("decision not written (" + e.getSQLState() + ")");
        }
        return destinations;
    }

    private static void end(Connection connection) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }
}
