package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

/**
 * Keeps a node alive in the eyes of others, by a lock that its connection holds; also after the
 * database was gone.
 */
final class Presence implements AutoCloseable {
    /** How long a database may take to let a node go; longer, and its connection is cut. */
    static final Duration LEAVE_LIMIT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final DataSource dataSource;
    private final Claims claims;
    private final int node;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Connection held;
    private volatile boolean closed;

    Presence(DataSource dataSource, Claims claims, int node) {
        this.dataSource = dataSource;
        this.claims = claims;
        this.node = node;
    }

    /** Becomes alive, or makes sure of still being so. Returns at once while another call asks. */
    void hold() {
        if (!asking.tryLock()) return;
        try {
            if (closed) return;
            var open = held;
            if (open != null) {
                claims.check(open);
                return;
            }
            var fresh = dataSource.getConnection();
            held = fresh;
            claims.holdPresence(fresh, node);
        } catch (SQLException e) {
            leave();
        } finally {
            asking.unlock();
        }
    }

    /** Lets others take over, within {@link #LEAVE_LIMIT} also when the database stands still. */
    @Override
    public void close() {
        closed = true;
        try {
            if (asking.tryLock(LEAVE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    leave();
                } finally {
                    asking.unlock();
                }
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var open = held;
        if (open != null) cut(open);
    }

    private void leave() {
        var open = held;
        held = null;
        if (open == null) return;
        try (open) {
            open.setNetworkTimeout(Runnable::run, (int) LEAVE_LIMIT.toMillis());
            claims.leavePresence(open, node);
            open.setNetworkTimeout(Runnable::run, 0);
        } catch (SQLException e) {
            log.atDebug().addKeyValue("sqlState", e.getSQLState()).log("presence was lost");
        }
    }

    private static void cut(Connection open) {
        try {
            open.abort(Runnable::run);
        } catch (SQLException e) {
            log.atDebug().addKeyValue("sqlState", e.getSQLState()).log("presence was lost");
        }
    }
}
