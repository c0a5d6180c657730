package org.chartbridge.intake;

import org.chartbridge.database.Script;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.journal.Decision;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.JournalStore;
import org.springframework.stereotype.Service;

import java.time.Clock;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.BiConsumer;

import javax.sql.DataSource;

/**
 * What people decide about alerts and orders: that an order may stand all the same, that a
 * withdrawn result was seen to, that nothing will answer an order. An entry of the journal; the
 * chart is as it was.
 */
@Service
public class AlertDecisions {
    private final JournalStore journal;
    private final DecisionStore decisions;
    private final DataSource dataSource;
    private final Clock clock;

    AlertDecisions(
            JournalStore journal, DecisionStore decisions, DataSource dataSource, Clock clock) {
        this.journal = journal;
        this.decisions = decisions;
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * Overrides an alert as it was seen.
     *
     * @param alert its key
     * @param orderEntry the message that ordered
     * @param details the alert in words
     * @return the decision's entry
     * @throws NotPossible when it is overridden already
     */
    public long override(String alert, long orderEntry, Map<String, Object> details, By by) {
        return decide(
                Decision.Kind.OVERRIDE,
                alert,
                orderEntry,
                by,
                (script, decision) -> decisions.writeAboutAlert(script, decision, alert, details));
    }

    /**
     * Closes an order or a referral that nothing will answer.
     *
     * @param loop what it is told apart by
     * @param as the word for why
     * @param known the messages of it that whoever closes it has seen
     * @param details the order in words
     * @return the decision's entry
     * @throws NotPossible when it is closed already
     */
    public long close(
            String loop, String as, SortedSet<Long> known, Map<String, Object> details, By by) {
        return decide(
                Decision.Kind.CLOSE,
                loop,
                known.last(),
                by,
                (script, decision) ->
                        decisions.writeClosing(script, decision, loop, as, known, details));
    }

    private long decide(
            Decision.Kind kind,
            String about,
            long entry,
            By by,
            BiConsumer<Script, Decision> writing) {
        return Decisions.inTransaction(
                dataSource,
                connection -> {
                    if (decisions.isDecided(connection, about))
                        throw new NotPossible("somebody else has decided it already");
                    var decision =
                            new Decision(
                                    journal.nextId(),
                                    clock.instant(),
                                    by.account(),
                                    by.reason(),
                                    kind,
                                    entry,
                                    null,
                                    null,
                                    null,
                                    false,
                                    null);
                    var script = new Script();
                    writing.accept(script, decision);
                    script.send(connection);
                    return decision.entryId();
                });
    }

    /**
     * Takes it back: the alert, or the order, is open again.
     *
     * @param decided the decision's entry
     * @return the undo's entry
     */
    public long undo(long decided, By by) {
        var alert =
                decisions
                        .decided(decided)
                        .orElseThrow(() -> new NotPossible("it was taken back already"));
        return Decisions.inTransaction(
                dataSource,
                connection -> {
                    var undone = Decisions.undone(journal.nextId(), decided, by, clock);
                    var script = new Script();
                    decisions.writeAboutAlert(script, undone, alert, Map.of());
                    script.send(connection);
                    return undone.entryId();
                });
    }
}
