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

import javax.sql.DataSource;

/**
 * What people decide about alerts: that an order may stand all the same, that a withdrawn result
 * was seen to. An entry of the journal; the chart is as it was.
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
        return Decisions.inTransaction(
                dataSource,
                connection -> {
                    if (decisions.isOverridden(connection, alert))
                        throw new NotPossible("somebody else has overridden it already");
                    var decision =
                            new Decision(
                                    journal.nextId(),
                                    clock.instant(),
                                    by.account(),
                                    by.reason(),
                                    Decision.Kind.OVERRIDE,
                                    orderEntry,
                                    null,
                                    null,
                                    null,
                                    false,
                                    null);
                    var script = new Script();
                    decisions.writeAboutAlert(script, decision, alert, details);
                    script.send(connection);
                    return decision.entryId();
                });
    }

    /**
     * Takes an override back: the alert is open again.
     *
     * @param override the decision's entry
     * @return the undo's entry
     */
    public long undo(long override, By by) {
        var alert =
                decisions
                        .overridden(override)
                        .orElseThrow(() -> new NotPossible("it was taken back already"));
        return Decisions.inTransaction(
                dataSource,
                connection -> {
                    var undone = Decisions.undone(journal.nextId(), override, by, clock);
                    var script = new Script();
                    decisions.writeAboutAlert(script, undone, alert, Map.of());
                    script.send(connection);
                    return undone.entryId();
                });
    }
}
