package org.chartbridge.intake;

import org.chartbridge.chart.IdentityStore;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

/**
 * Undoes what joined or split patients or charted a message on one: takes the facts that followed
 * from it out of the chart and charts their messages anew ({@link ChartingAnew}), all in one
 * transaction.
 */
@Component
class Recharting {
    private static final Logger log = LoggerFactory.getLogger(Recharting.class);

    private final Intake intake;
    private final JournalStore journal;
    private final DecisionStore decisions;
    private final IdentityStore identity;
    private final ChartingAnew anew;
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
        this.journal = journal;
        this.decisions = decisions;
        this.identity = identity;
        this.anew = new ChartingAnew(transaction, identity, unfolding, this::received);
        this.partners = partners;
        this.dataSource = dataSource;
        this.clock = clock;
    }

    ChartingAnew anew() {
        return anew;
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
        intake.decided();
        return undo;
    }

    private long undo(Connection connection, @Nullable Decision decision, long withdraws, By by)
            throws SQLException {
        identity.lock(connection, List.of());
        var joined = identity.joinedBy(connection, withdraws);
        if (decision == null && joined.isEmpty())
            throw new NotPossible("it says nothing of identity that could be taken back");
        boolean isSplit = decision != null && decision.kind() == Decision.Kind.SPLIT;
        var brought =
                decision != null && decision.brought() && decision.recordId() != null
                        ? List.of(decision.recordId())
                        : List.<Long>of();
        var before = identity.together(connection, joined);
        var persons = identity.persons(connection, before);
        long undo = journal.nextId();
        var script = new Script();
        identity.withdraw(script, withdraws, undo);
        script.send(connection);
        var joining = identity.arrange(connection, before);
        identity.putBack(connection, withdraws);
        if (isSplit)
            identity.doubtMerges(connection, before)
                    .ifPresent(
                            why -> {
                                throw new NotPossible(why);
                            });

        var seeds = new TreeSet<>(journal.followers(connection, withdraws));
        var filed = identity.filed(connection, withdraws);
        if (filed.isPresent()) {
            identity.lock(connection, filed.get());
            seeds.addAll(anew.under(connection, filed.get()));
        }
        var entries = anew.torn(connection, before, seeds, brought);
        var records = new LinkedHashSet<>(before);
        records.addAll(brought);
        if (decision != null && decision.recordId() != null) records.add(decision.recordId());
        var meanwhile = decisions.meanwhile(connection, withdraws, records, entries, persons);
        script = new Script();
        decisions.write(
                script, Decisions.undone(undo, withdraws, by, clock), meanwhile.described());
        script.send(connection);
        var keys = anew.chart(connection, entries, brought);
        var around = new LinkedHashSet<>(before);
        around.addAll(identity.ids(connection, keys));
        var _ = identity.arrange(connection, around);
        // Who was joined is apart now, so nothing more can go on; who was split is joined again.
        if (isSplit) DecisionActs.goOn(connection, joining);
        return undo;
    }

    private List<Submission> received(Connection connection, Set<Long> entries)
            throws SQLException {
        return journal.chartAnew(connection, entries).stream().map(this::submission).toList();
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
        return intake.resumed(stored, partner, new CompletableFuture<>());
    }
}
