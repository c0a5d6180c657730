package org.chartbridge.intake;

import org.chartbridge.database.WriterConnection;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.intake.GroupTransaction.Settled;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.JournalStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.sql.DataSource;

/**
 * A writer: takes whatever is ready, commits it as one group, releases the replies; long because
 * all ways a group can fail stand here together. Owns a thread and a database connection. The queue
 * is bounded by the number of connections, each of which has one message in work.
 *
 * <p>When a group fails: contention → the group again; a data fault → halves, until the culprit
 * stands alone and is held in a transaction of its own; the connection lost → the ids are kept, and
 * once the database is back it is asked which of them exist before anything is tried again. Until
 * then nobody is answered; past the limit connections close without an answer.
 */
final class GroupCommit implements AutoCloseable {

    /** How often a group is tried again when another transaction is in the way. */
    private static final int MAX_CONTENTION = 8;

    private static final Duration RECONNECT_EVERY = Duration.ofMillis(200);

    private static final long LOOK_FOR_STOP_MILLIS = 100;

    /** How long a stop waits for the database; all of a stop takes less than ten seconds. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

    /** What a statement may take on any machine, however short the outage. */
    private static final Duration SHORTEST_WAIT_FOR_AN_ANSWER = Duration.ofSeconds(5);

    /** SQLSTATE of the standard for a connection that failed. */
    private static final String CONNECTION_FAILURE = "08006";

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    private final FairQueue<Submission> queue = new FairQueue<>(Submission::folder);
    private final GroupTransaction transaction;
    private final JournalStore journal;
    private final IntakeLimits limits;
    private final Consumer<Settled> settlements;
    private final Consumer<Submission> abandoned;
    private final WriterConnection connection;
    private final Thread thread;
    private volatile boolean stopping;
    private @Nullable Submission next;

    /** When the attempt began that failed first; 0 while the database takes messages. */
    private long outageBegan;

    private boolean away;

    /**
     * A writer that starts at once.
     *
     * @param settlements completes the reply of a message that was committed
     * @param abandoned completes, exceptionally, the reply of one that nothing can be promised for
     */
    GroupCommit(
            String name,
            DataSource dataSource,
            GroupTransaction transaction,
            JournalStore journal,
            IntakeLimits limits,
            Consumer<Settled> settlements,
            Consumer<Submission> abandoned) {
        this.connection = new WriterConnection(dataSource, false, answerWithin(limits));
        this.transaction = transaction;
        this.journal = journal;
        this.limits = limits;
        this.settlements = settlements;
        this.abandoned = abandoned;
        this.thread = Thread.ofPlatform().name(name).daemon(true).start(this::work);
    }

    void add(Submission submission) {
        queue.add(submission);
    }

    /** Takes no more; what is queued is still committed. Returns at once. */
    void finish() {
        stopping = true;
    }

    /**
     * Commits what is queued, then ends; what a database that does not answer keeps from it for
     * {@link #STOP_LIMIT} is given up, and its sender sends it again.
     */
    @Override
    public void close() {
        finish();
        try {
            if (thread.join(STOP_LIMIT)) return;
            log.atWarn().log("database does not answer, what waits for it stays unanswered");
            // A thread that waits for the pool is interrupted, one that waits for the server is
            // not.
            thread.interrupt();
            connection.cut();
            thread.join(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (true) {
                var group = take();
                if (group.isEmpty()) return;
                try {
                    settle(group);
                } catch (Error e) {
                    // A class that can't be loaded, a stack too deep: without a writer everybody
                    // behind would wait for ever.
                    log.atError()
                            .addKeyValue("exception", e.getClass().getName())
                            .addKeyValue("messages", group.size())
                            .log("group failed, closing its connections without an answer");
                    connection.giveBack();
                    group.forEach(abandoned);
                }
            }
        } finally {
            connection.giveBack();
        }
    }

    /** The next group; empty when stopping and nothing is left. */
    private List<Submission> take() {
        var first = next;
        next = null;
        while (first == null) {
            if (stopping && queue.isEmpty()) return List.of();
            try {
                first = queue.poll(LOOK_FOR_STOP_MILLIS);
                // Nobody waits: whoever comes next has all of the time before it.
                if (first == null) outageBegan = 0;
            } catch (InterruptedException e) {
                stopping = true;
            }
        }
        var group = new ArrayList<Submission>();
        group.add(first);
        long bytes = first.raw().length;
        if (first.isAlone(limits.aloneBytes())) return group;
        while (group.size() < limits.groupMessages()) {
            var more = queue.poll();
            if (more == null) break;
            bytes += more.raw().length;
            if (bytes > limits.groupBytes() || more.isAlone(limits.aloneBytes())) {
                next = more;
                break;
            }
            group.add(more);
        }
        return group;
    }

    /** Brings every message of the group to its end, whatever happens. */
    private void settle(List<Submission> submissions) {
        var group = submissions;
        boolean unsure = false;
        int contentions = 0;
        while (true) {
            long attemptBegan = System.nanoTime();
            try {
                var open = connect();
                if (unsure) {
                    group = withoutCommitted(open, group);
                    unsure = false;
                    if (group.isEmpty()) return;
                }
                var settled = transaction.run(open, group);
                taken();
                settled.forEach(settlements);
                if (settled.size() < group.size()) abandonMissing(group, settled);
                return;
            } catch (SQLException | RuntimeException e) {
                var failure = Failure.of(e);
                switch (failure) {
                    case CONNECTION, STORAGE -> {
                        if (failure == Failure.CONNECTION) {
                            unsure = true;
                            connection.giveBack();
                        } else {
                            connection.rollback();
                        }
                        if (outageBegan == 0) outageBegan = attemptBegan;
                        notTaken(failure, e);
                        if (stopping
                                || System.nanoTime() - outageBegan > limits.outage().toNanos()) {
                            log.atError()
                                    .addKeyValue("messages", group.size())
                                    .log(
                                            "database away too long, closing connections without an"
                                                    + " answer");
                            group.forEach(abandoned);
                            return;
                        }
                        pause();
                    }
                    case CONTENTION -> {
                        connection.rollback();
                        if (++contentions > MAX_CONTENTION) {
                            divide(group, e);
                            return;
                        }
                    }
                    case DATA -> {
                        connection.rollback();
                        divide(group, e);
                        return;
                    }
                }
            }
        }
    }

    private void taken() {
        outageBegan = 0;
        if (!away) return;
        away = false;
        log.atInfo().log("database takes messages again");
    }

    private void notTaken(Failure failure, Exception e) {
        if (away) return;
        away = true;
        log.atError()
                .addKeyValue("cause", failure)
                .addKeyValue("sqlState", stateOf(e))
                .log("database can't take messages, nobody is answered until it can");
    }

    private void divide(List<Submission> group, Exception cause) {
        if (group.size() > 1) {
            int middle = group.size() / 2;
            settle(group.subList(0, middle));
            settle(group.subList(middle, group.size()));
            return;
        }
        var culprit = group.getFirst();
        log.atError()
                .addKeyValue("entryId", culprit.entryId())
                .addKeyValue("sqlState", stateOf(cause))
                .addKeyValue("exception", cause.getClass().getName())
                .log("message can't be stored as it is, held");
        if (culprit.prepared() instanceof Prepared.Decided(var state, _, _, _, _)
                && state == EntryState.HELD) {
            abandoned.accept(culprit); // Not even the bytes and a reason can be stored.
            return;
        }
        settle(
                List.of(
                        culprit.with(
                                new Prepared.Decided(
                                        EntryState.HELD,
                                        Verdict.ACCEPT,
                                        List.of(GroupWork.internal()),
                                        List.of()))));
    }

    /** Releases those that the lost commit had stored after all, and returns the others. */
    private List<Submission> withoutCommitted(Connection open, List<Submission> group)
            throws SQLException {
        var ids =
                group.stream()
                        .filter(s -> s.stored() == null)
                        .mapToLong(Submission::entryId)
                        .toArray();
        var committed = journal.committed(open, ids);
        open.commit();
        var rest = new ArrayList<Submission>();
        for (var submission : group) {
            var receipt = committed.get(submission.entryId());
            if (receipt == null || submission.stored() != null) {
                rest.add(submission);
                continue;
            }
            Reply reply =
                    receipt.answer() == null
                            ? new Reply.NoAnswer()
                            : new Reply.Answer(receipt.answer());
            // What was staged is not asked for: the sweep rings for it.
            settlements.accept(
                    new Settled(submission, EntryState.RECEIVED, reply, false, List.of()));
        }
        log.atInfo()
                .addKeyValue("committed", committed.size())
                .addKeyValue("again", rest.size())
                .log("database is back, asked what it had stored");
        return rest;
    }

    /** Stored entries that another engine settled meanwhile need nothing more. */
    private void abandonMissing(List<Submission> group, List<Settled> settled) {
        var ids = settled.stream().map(s -> s.submission().entryId()).toList();
        for (var submission : group)
            if (!ids.contains(submission.entryId())) abandoned.accept(submission);
    }

    private Connection connect() throws SQLException {
        if (stopping && away) throw new SQLException("stopping", CONNECTION_FAILURE);
        return connection.open();
    }

    private static Duration answerWithin(IntakeLimits limits) {
        var outage = limits.outage();
        return outage.compareTo(SHORTEST_WAIT_FOR_AN_ANSWER) > 0
                ? outage
                : SHORTEST_WAIT_FOR_AN_ANSWER;
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(RECONNECT_EVERY.toNanos());
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private static String stateOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof SQLException sql && sql.getSQLState() != null)
                return sql.getSQLState();
        return "";
    }
}
