package org.chartbridge.intake;

import org.chartbridge.chart.ChartStore;
import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.Recording;
import org.chartbridge.database.Script;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.HeldClaims;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.Receipts;
import org.chartbridge.partner.Partner;
import org.chartbridge.screening.OrderScreening;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One transaction for a group of messages, in four steps: lock and read, fold each in order, write
 * set-based, commit. Three round trips to the database, whatever the size of the group; two more
 * where values of results are written ({@link org.chartbridge.database.Copy}), and more where an
 * order is screened, or sent as new.
 */
@Component
class GroupTransaction {

    /** SQLSTATE 23505. */
    private static final String UNIQUE_VIOLATION = "23505";

    /**
     * A message and what became of it; the reply may leave once this is committed.
     *
     * @param destinations that deliveries were staged for
     */
    record Settled(
            Submission submission,
            EntryState state,
            Reply reply,
            boolean repeat,
            List<String> destinations) {}

    private final JournalStore journal;
    private final ChartStore chart;
    private final DeliveryStore deliveries;
    private final @Nullable OrderScreening screening;
    private final @Nullable LateAlerts late;
    private final StageTimes times;
    private final Clock clock;

    /**
     * @param screening null where nothing is answered or sent on
     * @param late null where nothing waits that could be held back
     */
    GroupTransaction(
            JournalStore journal,
            ChartStore chart,
            DeliveryStore deliveries,
            @Nullable OrderScreening screening,
            @Nullable LateAlerts late,
            StageTimes times,
            Clock clock) {
        this.journal = journal;
        this.chart = chart;
        this.deliveries = deliveries;
        this.screening = screening;
        this.late = late;
        this.times = times;
        this.clock = clock;
    }

    /**
     * Runs the group on a connection that doesn't commit by itself.
     *
     * @return one for each submission but those that another engine settled meanwhile
     * @throws SQLException when nothing was committed, or when it is unknown (a lost connection)
     */
    List<Settled> run(Connection connection, List<Submission> group) throws SQLException {
        if (group.stream().allMatch(GroupTransaction::needsNoChart)) {
            var settled = runWithoutChart(connection, group);
            if (settled != null) return settled;
        }
        chart.prepare(updates(group));
        var work = chart(connection, group, Map.of());
        commit(connection, group);
        return work.settled();
    }

    /**
     * Charts messages anew, in a transaction that the caller commits.
     *
     * @param former records that keep the ids they had
     */
    void runAgain(
            Connection connection, List<Submission> group, Map<RecordKey, Recording.Former> former)
            throws SQLException {
        chart.prepare(updates(group), connection);
        // Its return value is for those who wait for an answer; nobody does.
        var _ = chart(connection, group, former);
    }

    /** Partners among these to whom orders or referrals are sent from here, by their folders. */
    private static Set<String> sentTo(List<Submission> group) {
        return group.stream()
                .map(Submission::partner)
                .filter(Objects::nonNull)
                .filter(
                        its ->
                                !its.orders().tests().isEmpty()
                                        || !its.referrals().providers().isEmpty())
                .map(Partner::folder)
                .collect(Collectors.toSet());
    }

    private GroupWork chart(
            Connection connection, List<Submission> group, Map<RecordKey, Recording.Former> former)
            throws SQLException {
        long start = System.nanoTime();
        var updates = updates(group);
        var now = clock.instant();
        var reading = new Script();
        var receipts = readReceipts(reading, group);
        var claimed =
                journal.claimReceived(
                        reading,
                        group.stream()
                                .filter(s -> s.stored() != null)
                                .mapToLong(Submission::entryId)
                                .toArray());
        var chartGroup = chart.group(now, former);
        chartGroup.askNumbersOf(sentTo(group));
        chart.read(reading, chartGroup, updates);
        reading.send(connection);
        chart.readMore(connection, chartGroup);
        times.lockAndRead(start);

        start = System.nanoTime();
        var work = new GroupWork(now, receipts, chartGroup, deliveries);
        for (var submission : group) {
            if (submission.stored() == null || claimed.contains(submission.entryId()))
                work.settle(submission);
        }
        times.fold(start);

        start = System.nanoTime();
        var toScreen = screening == null ? List.<GroupWork.ToScreen>of() : work.toScreen(screening);
        var alerting = late == null ? Set.<Long>of() : work.alerting();
        boolean watched = late != null && !alerting.isEmpty() && late.isWanted();
        var writing = new Script();
        Set<RecordKey> joined;
        var patients = new LinkedHashSet<UUID>();
        if (toScreen.isEmpty() && !watched) {
            work.claim(connection);
            work.end(Map.of());
            work.write(writing, journal);
            chart.write(writing, chartGroup);
            writing.send(connection);
            joined = chart.arrange(connection, chartGroup);
        } else {
            // Screened as the chart is with this group in it, before anybody is answered.
            chart.write(writing, chartGroup);
            writing.send(connection);
            joined = chart.arrange(connection, chartGroup);
            if (late != null && watched) patients.addAll(late.lock(connection, alerting));
            var screened = new HashMap<Long, Screened>();
            if (screening != null)
                for (var one : toScreen)
                    screened.put(
                            one.submission().entryId(), Screened.of(screening, connection, one));
            work.claim(connection);
            work.end(screened);
            var answering = new Script();
            work.write(answering, journal);
            answering.send(connection);
        }
        if (screening != null && !work.cancelling().isEmpty())
            HeldOrders.drop(connection, work.cancelling());
        if (!joined.isEmpty()) {
            // More is one patient than before: what waited because it was not may go on.
            var release = new Script();
            HeldClaims.releaseJoined(release, DecisionActs.named(joined));
            release.send(connection);
            if (late != null && late.isWanted())
                patients.addAll(late.lockJoined(connection, joined));
        }
        // What was ordered before, and has an alert only now.
        if (late != null) late.hold(connection, patients);
        times.write(start);
        return work;
    }

    /** A message that only the journal has to know before it is answered. */
    private static boolean needsNoChart(Submission submission) {
        return submission.stored() == null
                && switch (submission.prepared()) {
                    case Prepared.ToChart _ -> false;
                    case Prepared.ToStore _,
                            Prepared.Decided _,
                            Prepared.Answered _,
                            Prepared.Acknowledged _,
                            Prepared.Part _ ->
                            true;
                };
    }

    /**
     * Writes as if nothing had come before and asks in the same round trip whether something had,
     * which is rare: then nothing was done.
     *
     * @return null when one of the messages is a repeat, or has the MSH-10 of another
     */
    private @Nullable List<Settled> runWithoutChart(Connection connection, List<Submission> group)
            throws SQLException {
        long start = System.nanoTime();
        var now = clock.instant();
        var work = new GroupWork(now, new Receipts(), chart.group(now), deliveries);
        group.forEach(work::settle);
        work.claim(connection);
        work.end(Map.of());
        times.fold(start);

        start = System.nanoTime();
        var script = new Script();
        var receipts = readReceipts(script, group);
        work.write(script, journal);
        try {
            script.send(connection);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) throw e;
            connection.rollback(); // The receipt of a repeat is there already.
            return null;
        }
        times.write(start);
        if (!receipts.isEmpty()) {
            connection.rollback();
            return null;
        }
        commit(connection, group);
        return work.settled();
    }

    private Receipts readReceipts(Script script, List<Submission> group) {
        return journal.readReceipts(
                script,
                group.stream()
                        .filter(s -> s.stored() == null)
                        .map(Submission::receipt)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private void commit(Connection connection, List<Submission> group) throws SQLException {
        long start = System.nanoTime();
        connection.commit();
        times.commit(start);
        times.group(group.size());
    }

    private static List<ChartUpdate> updates(List<Submission> group) {
        var updates = new ArrayList<ChartUpdate>(group.size());
        for (var submission : group)
            if (submission.prepared() instanceof Prepared.ToChart(var update, _, _))
                updates.add(update);
        return updates;
    }
}
