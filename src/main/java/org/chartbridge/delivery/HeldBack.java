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

import javax.sql.DataSource;

/**
 * Deliveries that wait for a person because of an alert about what they order (decision 0035). They
 * stand in a queue of their own beside each destination, which no route takes, so that nothing
 * waits behind them; released, they go to the place in their destination's queue that is theirs by
 * age.
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
     */
    public record Item(long id, long entryId, String destination, Instant since) {}

    /** Those that wait, the longest first. */
    public List<Item> waiting(int limit) {
        return jdbc.sql(
                        """
                        select id, entry_id, destination, staged_at from delivery
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
                                        row.getTimestamp("staged_at").toInstant()))
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

    private Collection<String> decide(
            long entryId, Guard guard, String decision, By by, String update) {
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
                if (ids.isEmpty())
                    throw new NotPossible("it does not wait any more: somebody has decided");
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
