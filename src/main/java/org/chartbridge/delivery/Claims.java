package org.chartbridge.delivery;

import org.chartbridge.database.Script;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Who may send to a destination: one node at a time, under an epoch that grows with each claim.
 *
 * <p>A node is alive while it holds the advisory lock of its number ({@link #holdPresence}); a
 * claim of a node that is not may be taken over at once, whatever the clocks say.
 */
final class Claims {

    /** The first key of the advisory locks of nodes; the second is the node's number. */
    private static final int NODES = 0x43420001;

    /** Claims at once: a start with many destinations must not empty the pool. */
    private static final int CLAIMS_AT_ONCE = 3;

    private final JdbcClient jdbc;
    private final Semaphore asking = new Semaphore(CLAIMS_AT_ONCE);

    Claims(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A number that no living node has. */
    int newNode() {
        return jdbc.sql("select (random() * 2000000000)::integer + 1")
                .query(Integer.class)
                .single();
    }

    /** Makes a node alive as long as this connection lives. Its transaction ends with it. */
    void holdPresence(Connection connection, int node) throws SQLException {
        new Script().read("select pg_advisory_lock(?, ?)", row -> {}, NODES, node).send(connection);
    }

    /** Gives a node's number up, so that the connection may be used for something else. */
    void leavePresence(Connection connection, int node) throws SQLException {
        new Script()
                .read("select pg_advisory_unlock(?, ?)", row -> {}, NODES, node)
                .send(connection);
    }

    /** Whether a connection still works. */
    void check(Connection connection) throws SQLException {
        new Script().read("select 1", row -> {}).send(connection);
    }

    /**
     * The right to send.
     *
     * @param epoch under which attempts are written
     * @param failures in a row, before this
     * @param asked whether a person was asked by the last of them
     */
    record Claim(long epoch, int failures, boolean asked) {}

    /**
     * Claims a destination, if it runs, is due, and nobody alive has it.
     *
     * @param now whether to try although it is to wait for its next try
     */
    Optional<Claim> claim(String destination, int node, boolean now, Duration longestWait)
            throws InterruptedException {
        asking.acquire();
        try {
            return tryClaim(destination, node, now, longestWait);
        } finally {
            asking.release();
        }
    }

    private Optional<Claim> tryClaim(
            String destination, int node, boolean now, Duration longestWait) {
        // A clock that was set back must not make a destination wait longer than it ever would.
        return jdbc.sql(
                        """
                        update destination set owner = :node, epoch = epoch + 1
                        where name = :name and state = 'running'
                          and (:now or next_try_at is null or next_try_at <= now()
                               or next_try_at > now() + :longest * interval '1 millisecond')
                          and (owner is null or owner = :node or pg_try_advisory_xact_lock(:nodes, owner))
                        returning epoch, failures, asks_since is not null
                        """)
                .param("node", node)
                .param("name", destination)
                .param("now", now)
                .param("longest", longestWait.toMillis())
                .param("nodes", NODES)
                .query((row, n) -> new Claim(row.getLong(1), row.getInt(2), row.getBoolean(3)))
                .optional();
    }

    /**
     * Gives a claim up, also one that a person has voided by pausing; nothing happens when somebody
     * has taken it over.
     */
    void release(String destination, int node, boolean accepted) {
        jdbc.sql(
                        """
                        update destination set owner = null,
                            accepted_at = case when :accepted then now() else accepted_at end
                        where name = :name and owner = :node
                        """)
                .param("name", destination)
                .param("node", node)
                .param("accepted", accepted)
                .update();
    }

    /** Whether somebody who is alive has the claim. */
    boolean isClaimedElsewhere(String destination, int node) {
        return jdbc.sql(
                                """
                                select count(*) from destination
                                where name = :name and state = 'running' and owner is not null and owner <> :node
                                  and (next_try_at is null or next_try_at <= now())
                                """)
                        .param("name", destination)
                        .param("node", node)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Destinations that run and have something to send now. */
    List<String> due(Duration longestWait) {
        return jdbc.sql(
                        """
                        select name from destination d
                        where state = 'running'
                          and (next_try_at is null or next_try_at <= now()
                               or next_try_at > now() + :longest * interval '1 millisecond')
                          and exists (select 1 from delivery where destination = d.name and state = 'waiting')
                        order by name
                        """)
                .param("longest", longestWait.toMillis())
                .query(String.class)
                .list();
    }

    /**
     * Something waits, and is to be tried in so many milliseconds.
     *
     * @param millis at least 1
     */
    record Soon(String destination, long millis) {}

    /** Destinations that run and are to be tried again within this time, but not now. */
    List<Soon> soon(Duration time) {
        return jdbc.sql(
                        """
                        select name, ceil(extract(epoch from next_try_at - now()) * 1000)::bigint
                        from destination d
                        where state = 'running'
                          and next_try_at > now()
                          and next_try_at <= now() + :time * interval '1 millisecond'
                          and exists (select 1 from delivery where destination = d.name and state = 'waiting')
                        order by name
                        """)
                .param("time", time.toMillis())
                .query((row, n) -> new Soon(row.getString(1), row.getLong(2)))
                .list();
    }
}
