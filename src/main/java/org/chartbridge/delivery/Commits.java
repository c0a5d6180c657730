package org.chartbridge.delivery;

import org.chartbridge.database.Script;
import org.chartbridge.database.WriterConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

/**
 * Writes the steps of all destinations: whatever they have ready shares one commit. Owns a thread
 * and a database connection. Each destination has one step in work, so the queue is bounded by
 * their number.
 *
 * <p>While the database is gone steps wait, and nothing leaves. A step that was committed just
 * before a connection was lost may be written again: it changes nothing then.
 */
final class Commits implements AutoCloseable {
    private static final long LOOK_FOR_STOP_MILLIS = 100;
    private static final long RECONNECT_EVERY_MILLIS = 200;

    /** A server that stands still for so long is as good as gone. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private static final Duration STOP_LIMIT = Duration.ofMillis(1_500);

    private static final Logger log = LoggerFactory.getLogger(Commits.class);

    private record Waiting(Step step, CompletableFuture<Boolean> written) {}

    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final DeliveryStore store;
    private final DeliveryLimits limits;
    private final WriterConnection connection;
    private final Thread thread;
    private volatile boolean stopping;

    Commits(DataSource dataSource, DeliveryStore store, DeliveryLimits limits) {
        this.connection = new WriterConnection(dataSource, true, ANSWER_WITHIN);
        this.store = store;
        this.limits = limits;
        this.thread = Thread.ofPlatform().name("delivery-writer").daemon(true).start(this::work);
    }

    /**
     * Writes a step.
     *
     * @return completes after the commit: whether the claim still holds, so that what begins may
     *     leave; exceptionally when it could not be written
     */
    CompletableFuture<Boolean> add(Step step) {
        var waiting = new Waiting(step, new CompletableFuture<>());
        queue.add(waiting);
        return waiting.written();
    }

    /**
     * Writes what is queued, then ends; what a database that does not answer keeps from it for
     * {@link #STOP_LIMIT} is given up, as after a kill.
     */
    @Override
    public void close() {
        stopping = true;
        try {
            if (thread.join(STOP_LIMIT)) return;
            thread.interrupt();
            connection.cut();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (!stopping || !queue.isEmpty()) {
                var first = queue.poll(LOOK_FOR_STOP_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) continue;
                var group = new ArrayList<Waiting>();
                group.add(first);
                queue.drainTo(group, limits.group() - 1);
                settle(group);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connection.giveBack();
        }
    }

    private void settle(List<Waiting> group) throws InterruptedException {
        boolean told = false;
        while (true) {
            try {
                var holding = write(group);
                for (var one : group)
                    one.written().complete(holding.contains(one.step().destination()));
                return;
            } catch (SQLException e) {
                connection.giveBack();
                if (isData(e)) {
                    divide(group, e);
                    return;
                }
                if (stopping) {
                    for (var one : group) one.written().completeExceptionally(e);
                    return;
                }
                if (!told)
                    log.atError()
                            .addKeyValue("sqlState", e.getSQLState())
                            .log("database can't take outcomes, nothing is sent until it can");
                told = true;
                TimeUnit.MILLISECONDS.sleep(RECONNECT_EVERY_MILLIS);
            } catch (RuntimeException e) { // A bug of ours must not end the thread of all.
                connection.giveBack();
                divide(group, e);
                return;
            }
        }
    }

    /** Finds the step that can't be written; the others are. */
    private void divide(List<Waiting> group, Exception cause) throws InterruptedException {
        if (group.size() == 1) {
            log.atError()
                    .addKeyValue("destination", group.getFirst().step().destination())
                    .addKeyValue("exception", cause.getClass().getName())
                    .log("step of a destination can't be written");
            group.getFirst().written().completeExceptionally(cause);
            return;
        }
        int middle = group.size() / 2;
        settle(group.subList(0, middle));
        settle(group.subList(middle, group.size()));
    }

    /** Class 22 and 23: the values are at fault, and would be again. */
    private static boolean isData(SQLException e) {
        var state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    private Set<String> write(List<Waiting> group) throws SQLException {
        var open = connection.open();
        var holding = new HashSet<String>();
        var script = new Script();
        store.write(script, group.stream().map(Waiting::step).toList(), holding);
        // All statements go out before one Sync, which makes them one transaction (PostgreSQL
        // manual, "Extended Query"): its end costs no round trip of its own.
        script.send(open);
        return holding;
    }
}
