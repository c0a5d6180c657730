package org.chartbridge.intake;

import org.chartbridge.chart.IdentityStore;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Unfolding;
import org.chartbridge.database.Script;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.journal.Decision;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.Stored;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

/**
 * Undoes what joined patients or charted a message on one: takes the facts that followed from it
 * out of the chart and charts their messages anew, all in one transaction, so that nobody ever sees
 * a chart with a hole. Nothing is delivered or answered a second time.
 */
@Component
class Recharting {
    private static final Logger log = LoggerFactory.getLogger(Recharting.class);

    private final Intake intake;
    private final GroupTransaction transaction;
    private final JournalStore journal;
    private final DecisionStore decisions;
    private final IdentityStore identity;
    private final Unfolding unfolding;
    private final PartnersInService partners;
    private final DataSource dataSource;
    private final Clock clock;

    Recharting(
            Intake intake,
            GroupTransaction transaction,
            JournalStore journal,
            DecisionStore decisions,
            IdentityStore identity,
            Unfolding unfolding,
            PartnersInService partners,
            DataSource dataSource,
            Clock clock) {
        this.intake = intake;
        this.transaction = transaction;
        this.journal = journal;
        this.decisions = decisions;
        this.identity = identity;
        this.unfolding = unfolding;
        this.partners = partners;
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * @param decision null when what is taken back was said by a message
     * @param withdraws its entry
     */
    long undo(@Nullable Decision decision, long withdraws, By by) {
        long undo =
                Decisions.inTransaction(
                        dataSource, connection -> undo(connection, decision, withdraws, by));
        log.atInfo().addKeyValue("entryId", undo).log("took back what was said of identity");
        intake.lookAtStored();
        return undo;
    }

    private long undo(Connection connection, @Nullable Decision decision, long withdraws, By by)
            throws SQLException {
        identity.lock(connection, List.of());
        var joined = identity.joinedBy(connection, withdraws);
        if (decision == null && joined.isEmpty())
            throw new NotPossible("it says nothing of identity that could be taken back");
        var brought =
                decision != null && decision.brought() && decision.recordId() != null
                        ? List.of(decision.recordId())
                        : List.<Long>of();
        var before = identity.together(connection, joined);
        long undo = journal.nextId();
        var script = new Script();
        identity.withdraw(script, withdraws, undo);
        script.send(connection);
        var _ = identity.arrange(connection, before);
        identity.putBack(connection, withdraws);

        var seeds = new TreeSet<>(journal.followers(connection, withdraws));
        seeds.addAll(unfolding.entangled(connection, before));
        var entries = unfolding.together(connection, seeds, brought);
        if (entries.size() > Unfolding.MAX_ENTRIES)
            throw new NotPossible(
                    "more than "
                            + Unfolding.MAX_ENTRIES
                            + " messages would have to be charted anew at once");
        var records = new LinkedHashSet<>(before);
        records.addAll(brought);
        if (decision != null && decision.recordId() != null) records.add(decision.recordId());
        var meanwhile = decisions.meanwhile(connection, withdraws, records, entries);
        script = new Script();
        decisions.write(
                script, Decisions.undone(undo, withdraws, by, clock), meanwhile.described());
        script.send(connection);
        var keys = chartAnew(connection, entries, brought);
        var around = new LinkedHashSet<>(before);
        around.addAll(identity.ids(connection, keys));
        // The keys are of no use here: who was joined is apart now, so nothing more can go on.
        var _ = identity.arrange(connection, around);
        return undo;
    }

    private Set<RecordKey> chartAnew(Connection connection, Set<Long> entries, List<Long> brought)
            throws SQLException {
        if (entries.isEmpty() && brought.isEmpty()) return Set.of();
        var unfolded = unfolding.unfold(connection, entries, brought);
        identity.lock(connection, unfolded.keys());
        var group = new ArrayList<Submission>();
        var byOrder = new ArrayList<Submission>();
        for (var stored : journal.chartAnew(connection, entries)) {
            var submission = submission(stored);
            (isByOrder(submission) ? byOrder : group).add(submission);
        }
        for (var part : Submission.apart(group))
            transaction.runAgain(connection, part, unfolded.former());
        // Whose these are is known when the orders are where they belong.
        if (!byOrder.isEmpty()) transaction.runAgain(connection, byOrder, unfolded.former());
        return unfolded.keys();
    }

    private static boolean isByOrder(Submission submission) {
        return submission.prepared() instanceof Prepared.ToChart(var update, _, _)
                && update.parts().stream()
                        .anyMatch(
                                part ->
                                        part instanceof Results results
                                                && results.byOrder() != null);
    }

    private Submission submission(Stored stored) {
        var entry = stored.entry();
        var partner =
                partners.find(entry.partner(), entry.route())
                        .orElseThrow(
                                () ->
                                        new NotPossible(
                                                "messages of partner "
                                                        + entry.partner()
                                                        + " would have to be charted anew, and its"
                                                        + " folder or route is not loaded"));
        var submission = intake.resumed(stored, partner, new CompletableFuture<>());
        // What is in the chart does not begin to wait for a code because it is charted anew.
        return submission.prepared() instanceof Prepared.ToChart(var update, var remarks, var sent)
                ? submission.with(new Prepared.ToChart(update.withoutWaiting(), remarks, sent))
                : submission;
    }
}
