package org.chartbridge.intake;

import org.chartbridge.chart.IdentityStore;
import org.chartbridge.chart.IdentityStore.Reported;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Unfolding;
import org.chartbridge.intake.Decisions.NotPossible;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Takes the facts of messages out of the chart and charts these messages anew, in the transaction
 * of the caller, so that nobody ever sees a chart with a hole. Nothing is delivered or answered a
 * second time. The engine and a rebuild do it alike; they differ in where messages are read from.
 */
final class ChartingAnew {

    /** Where messages come from that are charted anew. */
    interface Messages {
        /** Sets these back to received, and reads them in their order. */
        List<Submission> received(Connection connection, Set<Long> entries) throws SQLException;
    }

    private final GroupTransaction transaction;
    private final IdentityStore identity;
    private final Unfolding unfolding;
    private final Messages messages;

    ChartingAnew(
            GroupTransaction transaction,
            IdentityStore identity,
            Unfolding unfolding,
            Messages messages) {
        this.transaction = transaction;
        this.identity = identity;
        this.unfolding = unfolding;
        this.messages = messages;
    }

    /**
     * The messages to be charted anew when these records were one patient and are not any more.
     *
     * @param seeds messages that have to be in any case
     * @param brought records that a decision brought and that go with it
     */
    Set<Long> torn(
            Connection connection,
            Collection<Long> records,
            Collection<Long> seeds,
            Collection<Long> brought)
            throws SQLException {
        var all = unfolding.entangled(connection, records);
        all.addAll(seeds);
        var entries = unfolding.together(connection, all, brought);
        if (entries.size() > Unfolding.MAX_ENTRIES)
            throw new NotPossible(
                    "more than "
                            + Unfolding.MAX_ENTRIES
                            + " messages would have to be charted anew at once");
        return entries;
    }

    /** The messages to be charted anew when what is reported under a number is another's. */
    Set<Long> under(Connection connection, Reported number) throws SQLException {
        return torn(connection, Set.of(), unfolding.under(connection, number), Set.of());
    }

    /**
     * Charts them anew.
     *
     * @return the numbers of everybody they were about
     */
    Set<RecordKey> chart(Connection connection, Set<Long> entries, Collection<Long> brought)
            throws SQLException {
        if (entries.isEmpty() && brought.isEmpty()) return Set.of();
        var unfolded = unfolding.unfold(connection, entries, brought);
        identity.lock(connection, unfolded.keys());
        var group = new ArrayList<Submission>();
        var byOrder = new ArrayList<Submission>();
        for (var one : messages.received(connection, entries)) {
            var submission = withoutWaiting(one);
            (isByOrder(submission) ? byOrder : group).add(submission);
        }
        for (var part : Submission.apart(group))
            transaction.runAgain(connection, part, unfolded.former());
        // Whose these are is known when the orders are where they belong.
        if (!byOrder.isEmpty()) transaction.runAgain(connection, byOrder, unfolded.former());
        return unfolded.keys();
    }

    /** What is in the chart does not begin to wait for a code because it is charted anew. */
    private static Submission withoutWaiting(Submission submission) {
        return submission.prepared() instanceof Prepared.ToChart(var update, var remarks, var sent)
                ? submission.with(new Prepared.ToChart(update.withoutWaiting(), remarks, sent))
                : submission;
    }

    private static boolean isByOrder(Submission submission) {
        return submission.prepared() instanceof Prepared.ToChart(var update, _, _)
                && update.parts().stream()
                        .anyMatch(
                                part ->
                                        part instanceof Results results
                                                && results.byOrder() != null);
    }
}
