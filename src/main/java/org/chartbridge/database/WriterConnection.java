package org.chartbridge.database;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

/**
 * The connection of a thread that writes all day: opened when it is needed, given back when it
 * fails, cut by another thread when the database does not answer.
 *
 * <p>Its statements look up by index, always: a writer asks for a handful of keys in tables that
 * may grow from empty to millions of rows while a plan is kept. And they are planned once: the
 * server would else plan again for each group, because it thinks short lists of keys cheaper than
 * those it plans for, and planning costs a small group more than all it does.
 */
public final class WriterConnection {
    private static final int GIVE_BACK_WITHIN_MILLIS = 500;

    private static final Logger log = LoggerFactory.getLogger(WriterConnection.class);

    private final DataSource dataSource;
    private final boolean autoCommit;
    private final Duration answerWithin;
    private volatile @Nullable Connection connection;

    /**
     * One that is not open yet.
     *
     * @param answerWithin how long one statement may take: a server that stands still is as good as
     *     gone
     */
    public WriterConnection(DataSource dataSource, boolean autoCommit, Duration answerWithin) {
        this.dataSource = dataSource;
        this.autoCommit = autoCommit;
        this.answerWithin = answerWithin;
    }

    /** The connection, opened if need be. */
    public Connection open() throws SQLException {
        var open = connection;
        if (open != null) return open;
        open = dataSource.getConnection();
        connection = open;
        try (var statement = open.createStatement()) {
            open.setAutoCommit(false);
            open.setNetworkTimeout(Runnable::run, Math.toIntExact(answerWithin.toMillis()));
            statement.execute(
                    "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin ="
                            + " off; set plan_cache_mode = force_generic_plan");
            open.commit();
            open.setAutoCommit(autoCommit);
            return open;
        } catch (SQLException e) {
            giveBack();
            throw e;
        }
    }

    /** Undoes what is not committed. */
    public void rollback() {
        try {
            var open = connection;
            if (open != null) open.rollback();
        } catch (SQLException e) {
            giveBack();
        }
    }

    /** Gives the connection back to its pool, as it was; the next {@link #open} takes a new one. */
    public void giveBack() {
        var open = connection;
        connection = null;
        if (open == null) return;
        try (open) {
            if (open.isClosed()) return;
            open.setNetworkTimeout(Runnable::run, GIVE_BACK_WITHIN_MILLIS);
            if (!autoCommit) open.rollback();
            open.setAutoCommit(true);
            try (var statement = open.createStatement()) {
                statement.execute("reset all");
            }
        } catch (SQLException e) {
            log.atDebug().addKeyValue("sqlState", e.getSQLState()).log("lost connection closed");
        }
    }

    /** Ends the connection under a thread that waits for its answer. */
    public void cut() {
        var open = connection;
        if (open == null) return;
        try {
            open.abort(Runnable::run);
        } catch (SQLException e) {
            log.atDebug().addKeyValue("sqlState", e.getSQLState()).log("lost connection closed");
        }
    }
}
