package org.chartbridge.intake;

import org.chartbridge.chart.ChartStore;
import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.IdentityStore;
import org.chartbridge.chart.IdentityStore.InChart;
import org.chartbridge.chart.IdentityStore.OfAnother;
import org.chartbridge.chart.IdentityStore.PatientRecord;
import org.chartbridge.chart.IdentityStore.Reported;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.Results;
import org.chartbridge.database.Script;
import org.chartbridge.intake.DecisionActs.Claim;
import org.chartbridge.intake.DecisionActs.Made;
import org.chartbridge.journal.Decision;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.HeldClaims;
import org.chartbridge.journal.JournalStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

/**
 * What a person decides about who a patient is; long because every decision stands here whole, from
 * its locks to its last row. A decision is an entry of the journal; it and what it lets go on are
 * one transaction. Messages that go on are charted afterwards, in order, by {@link Backlog}: killed
 * in between, they still wait in the journal as received.
 *
 * <p>Here stand the locks and who may decide what; what a decision does is in {@link DecisionActs}.
 */
@Component
public class Decisions {

    /** How often a decision is tried again when a message is being charted on the same patient. */
    private static final int MAX_CONTENTION = 5;

    private static final int MAX_REASON = 500;

    /** Numbers that go times numbers that stay: each pair is kept apart by a row of its own. */
    private static final int MAX_PAIRS = 1_000;

    private static final String WITHOUT_NUMBER =
            "the laboratory gave this report no number, so that nothing says which other messages"
                    + " are about it; have it withdraw the report (OBX-11 W)";

    private static final String GONE =
            "the report is not in this patient's chart any more: look again";

    private static final Logger log = LoggerFactory.getLogger(Decisions.class);

    private final Intake intake;
    private final JournalStore journal;
    private final DecisionStore decisions;
    private final IdentityStore identity;
    private final PartnersInService partners;
    private final Recharting recharting;
    private final DecisionActs acts;
    private final DataSource dataSource;
    private final Clock clock;

    Decisions(
            Intake intake,
            JournalStore journal,
            DecisionStore decisions,
            ChartStore chart,
            IdentityStore identity,
            PartnersInService partners,
            Recharting recharting,
            DataSource dataSource,
            Clock clock) {
        this.intake = intake;
        this.journal = journal;
        this.decisions = decisions;
        this.acts = new DecisionActs(decisions, chart, identity);
        this.identity = identity;
        this.partners = partners;
        this.recharting = recharting;
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** It can't be done as things stand; the message says why, for people. */
    public static final class NotPossible extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotPossible(String why) {
            super(why, null, false, false);
        }
    }

    /** Who decides, and why. Without a reason it can't be made (IllegalArgumentException). */
    public record By(String account, String reason) {
        public By {
            reason = reason.strip();
            if (reason.isEmpty() || reason.length() > MAX_REASON)
                throw new IllegalArgumentException(
                        "wanted a reason of 1 to " + MAX_REASON + " characters");
        }
    }

    /**
     * A held message, and all that make the same claim, mean this patient. A number that is not
     * known yet becomes a record of its own, linked to the patient; a known one that was used for
     * somebody else stays that patient's, and only messages of this claim are charted here.
     *
     * @param recordId one of the patient's records
     * @return the decision's entry
     */
    public long link(long entryId, long recordId, By by) {
        var claim = claim(entryId);
        return decide(
                connection -> {
                    var target = record(connection, recordId);
                    identity.lock(connection, List.of(claim.patient().key(), target.key()));
                    stillHeld(connection, entryId);
                    var made = made(by);
                    acts.link(connection, made, entryId, claim, record(connection, recordId));
                    return made.entryId();
                });
    }

    /**
     * A held message, and all that make the same claim, mean somebody who is not in the chart yet.
     * A number that is known was given twice: the new record then stands beside the other one.
     *
     * @return the decision's entry
     */
    public long create(long entryId, By by) {
        var claim = claim(entryId);
        return decide(
                connection -> {
                    identity.lock(connection, List.of(claim.patient().key()));
                    stillHeld(connection, entryId);
                    var made = made(by);
                    acts.create(connection, made, entryId, claim);
                    return made.entryId();
                });
    }

    /** A held message, and those that wait with the same claim, are about nobody of ours. */
    public long notOurs(long entryId, By by) {
        var claim = claim(entryId);
        return decide(
                connection -> {
                    identity.lock(connection, List.of(claim.patient().key()));
                    stillHeld(connection, entryId);
                    var made = made(by);
                    acts.notOurs(connection, made, entryId, claim.fingerprint());
                    return made.entryId();
                });
    }

    /** The cause is mended: a held message is read again, whatever it was held for. */
    public long again(long entryId, By by) {
        return decide(
                connection -> {
                    stillHeld(connection, entryId);
                    var made = made(by);
                    acts.again(connection, made, entryId);
                    return made.entryId();
                });
    }

    /**
     * One record goes into another: from now on both are one patient, under the UUID of the one
     * that stays.
     *
     * @return the decision's entry
     */
    public long merge(long recordId, long into, By by) {
        return decide(
                connection -> {
                    var from = record(connection, recordId);
                    var to = record(connection, into);
                    identity.lock(connection, List.of(from.key(), to.key()));
                    var made = made(by);
                    acts.merge(
                            connection,
                            made,
                            record(connection, recordId),
                            record(connection, into));
                    return made.entryId();
                });
    }

    /**
     * What a split would leave.
     *
     * @param patients that there would be, each with what stands in its chart
     * @param messages that would be charted anew
     */
    public record Split(List<InChart> patients, int messages) {
        public Split {
            patients = List.copyOf(patients);
        }
    }

    /**
     * Records are not one patient with the others of the same patient, whatever joined them and
     * will join them.
     *
     * @param person whom they are shown as
     * @param shown all records of that patient, as whoever decides saw them
     * @param off those that go, at least one; at least one stays
     * @return the decision's entry
     */
    public long split(UUID person, Set<Long> shown, Set<Long> off, By by) {
        return decide(
                connection -> {
                    var made = made(by);
                    var _ = split(connection, made, person, shown, off);
                    return made.entryId();
                });
    }

    /** Splits, looks what that gives, and keeps nothing of it. */
    public Split previewSplit(UUID person, Set<Long> shown, Set<Long> off) {
        return inTransaction(
                dataSource,
                false,
                connection -> {
                    var made = made(new By("preview", "preview"));
                    int messages = split(connection, made, person, shown, off);
                    return new Split(identity.inChart(connection, shown), messages);
                });
    }

    private int split(Connection connection, Made made, UUID person, Set<Long> shown, Set<Long> off)
            throws SQLException {
        identity.lock(
                connection,
                identity.records(connection, person).stream().map(PatientRecord::key).toList());
        var goes = new ArrayList<PatientRecord>();
        var stays = new ArrayList<PatientRecord>();
        for (var one : identity.records(connection, person)) {
            if (!shown.contains(one.id()))
                throw new NotPossible("the patient has got another number meanwhile: look again");
            (off.contains(one.id()) ? goes : stays).add(one);
        }
        if (goes.size() + stays.size() != shown.size())
            throw new NotPossible("numbers of the patient are another's meanwhile: look again");
        if (goes.size() != off.size() || goes.isEmpty() || stays.isEmpty())
            throw new NotPossible("at least one number has to be split off, and one has to stay");
        if (goes.size() * stays.size() > MAX_PAIRS)
            throw new NotPossible(
                    "these are too many numbers to be split at once: take back what joined them");
        return acts.split(connection, made, goes, stays, recharting.anew());
    }

    /**
     * What a laboratory reports under the number of a report is another patient's than it is
     * reported for: everything that came and will come under it.
     *
     * @param series the report
     * @param shown in whose chart whoever decides saw it
     * @param to one of the records of whose it is
     * @return the decision's entry
     */
    public long file(long series, UUID shown, long to, By by) {
        return decide(
                connection -> {
                    var made = made(by);
                    var _ = file(connection, made, series, shown, to);
                    return made.entryId();
                });
    }

    /** Files, looks what that gives for both patients, and keeps nothing of it. */
    public Split previewFile(long series, UUID shown, long to) {
        return inTransaction(
                dataSource,
                false,
                connection -> {
                    var made = made(new By("preview", "preview"));
                    var home = record(connection, to).personId();
                    int messages = file(connection, made, series, shown, to);
                    var records = new TreeSet<Long>();
                    for (var person : List.of(shown, home))
                        identity.records(connection, person)
                                .forEach(record -> records.add(record.id()));
                    return new Split(identity.inChart(connection, records), messages);
                });
    }

    /**
     * What a held message reports under another patient's order.
     *
     * @param named the record of whom it names; null for somebody who is not in the chart
     * @param reports those that do
     */
    public record UnderAnothersOrder(@Nullable Long named, List<OfAnother> reports) {
        public UnderAnothersOrder {
            reports = List.copyOf(reports);
        }
    }

    /** The same, for whoever is to say whose it is; without reports where nothing of it is so. */
    public UnderAnothersOrder underAnothersOrder(long entryId) {
        var results = results(entryId);
        return inTransaction(
                dataSource,
                false,
                connection -> {
                    var named = named(connection, results);
                    return new UnderAnothersOrder(
                            named == null ? null : named.id(),
                            ofAnother(connection, results, named));
                });
    }

    /**
     * What a held message reports under another patient's order is the patient's of a record: of
     * the order, or of whom the message names. That is said of the numbers of these reports, and
     * holds for what else comes under them.
     *
     * @return the last decision's entry: one is made for each number
     */
    public long fileHeld(long entryId, long to, By by) {
        var results = results(entryId);
        return decide(
                connection -> {
                    var keys = new TreeSet<>(List.of(record(connection, to).key()));
                    keys.add(results.patient().key());
                    identity.lock(connection, keys);
                    stillHeld(connection, entryId);
                    var from = named(connection, results);
                    var home = record(connection, to);
                    if (from == null)
                        throw new NotPossible(
                                "whom the message names is not in the chart: link or create that"
                                        + " patient first");
                    boolean own = from.personId().equals(home.personId());
                    long last = 0;
                    for (var one : ofAnother(connection, results, from)) {
                        if (!own && !one.ordered().contains(home.personId())) continue;
                        var reported =
                                new Reported(results.partner(), one.report().number(), from.id());
                        if (!reported.hasNumber()) throw new NotPossible(WITHOUT_NUMBER);
                        var made = made(by);
                        var _ =
                                acts.file(
                                        connection,
                                        made,
                                        reported,
                                        from,
                                        own ? from : home,
                                        recharting.anew());
                        last = made.entryId();
                    }
                    if (last == 0)
                        throw new NotPossible(
                                "no order of this number is this patient's: look again");
                    var script = new Script();
                    HeldClaims.release(script, entryId, last);
                    script.send(connection);
                    return last;
                });
    }

    private List<OfAnother> ofAnother(
            Connection connection, Results results, @Nullable PatientRecord named)
            throws SQLException {
        return identity.ofAnothersOrder(
                connection, results, named == null ? null : named.personId());
    }

    /** Whom results name, by a person's word where there is one. */
    private @Nullable PatientRecord named(Connection connection, Results results)
            throws SQLException {
        var claim = results.patient().fingerprint(results.partner());
        var decided = decisions.decidedRecord(connection, claim);
        return decided.isPresent()
                ? record(connection, decided.get())
                : identity.named(connection, results.patient().key()).orElse(null);
    }

    private int file(Connection connection, Made made, long series, UUID shown, long to)
            throws SQLException {
        var keys = new TreeSet<>(List.of(record(connection, to).key()));
        identity.records(connection, shown).forEach(one -> keys.add(one.key()));
        identity.lock(connection, keys);
        var reported =
                identity.reported(connection, series).orElseThrow(() -> new NotPossible(GONE));
        var from = record(connection, reported.record());
        var home = record(connection, to);
        if (!from.personId().equals(shown)) throw new NotPossible(GONE);
        if (!reported.hasNumber()) throw new NotPossible(WITHOUT_NUMBER);
        if (from.personId().equals(home.personId()))
            throw new NotPossible("it is this patient's already");
        if (!identity.isInUse(connection, to))
            throw new NotPossible(
                    "this number was merged into another one: choose the one that stays");
        return acts.file(connection, made, reported, from, home, recharting.anew());
    }

    /**
     * Takes back a decision, or what a message said of identity. The chart is then what it would be
     * without: messages that were charted because of it are read again in the same transaction, and
     * wait again where they need a person.
     *
     * @param withdraws the decision's entry, or that of the message that merged or linked
     * @return the undo's own entry
     */
    public long undo(long withdraws, By by) {
        var view = decisions.find(withdraws);
        if (view.isEmpty()) return recharting.undo(null, withdraws, by);
        if (view.get().withdrawnBy() != null) throw new NotPossible("it was taken back already");
        var decision = view.get().decision();
        return switch (decision.kind()) {
            case AGAIN, UNDO -> throw new NotPossible("there is nothing to take back");
            case OVERRIDE, CLOSE -> throw new NotPossible("it is taken back where it was decided");
            case NOT_OURS -> undoNotOurs(withdraws, by);
            case LINK, CREATE, MERGE, SPLIT, FILE -> recharting.undo(decision, withdraws, by);
        };
    }

    private long undoNotOurs(long withdraws, By by) {
        return decide(
                connection -> {
                    long decision = journal.nextId();
                    var script = new Script();
                    decisions.write(script, undone(decision, withdraws, by, clock), Map.of());
                    HeldClaims.holdAgain(script, withdraws);
                    script.send(connection);
                    return decision;
                });
    }

    static Decision undone(long decision, long withdraws, By by, Clock clock) {
        return new Decision(
                decision,
                clock.instant(),
                by.account(),
                by.reason(),
                Decision.Kind.UNDO,
                null,
                null,
                null,
                null,
                false,
                withdraws);
    }

    // ------------------------------------------------------------ in the transaction

    /** Its entry is drawn under the locks: after every message that it follows. */
    private Made made(By by) {
        return new Made(journal.nextId(), clock.instant(), by);
    }

    private PatientRecord record(Connection connection, long id) throws SQLException {
        return identity.record(connection, id)
                .orElseThrow(() -> new NotPossible("there is no such patient any more"));
    }

    private void stillHeld(Connection connection, long entryId) throws SQLException {
        if (!journal.claimHeld(connection, entryId))
            throw new NotPossible("it does not wait any more: somebody else decided");
    }

    // ------------------------------------------------------------ around it

    /**
     * Whom a held message names.
     *
     * @throws NotPossible when it is not held any more, or can't be read now
     */
    public PatientClaim named(long entryId) {
        return claim(entryId).patient();
    }

    private Claim claim(long entryId) {
        return claim(update(entryId), journal.heldClaim(entryId));
    }

    private Results results(long entryId) {
        return update(entryId).parts().stream()
                .filter(Results.class::isInstance)
                .map(Results.class::cast)
                .findFirst()
                .orElseThrow(() -> new NotPossible("it reports nothing"));
    }

    private ChartUpdate update(long entryId) {
        var stored =
                journal.stored(entryId, EntryState.HELD)
                        .orElseThrow(() -> new NotPossible("it does not wait any more"));
        var entry = stored.entry();
        var partner =
                partners.find(entry.partner(), entry.route())
                        .orElseThrow(
                                () ->
                                        new NotPossible(
                                                "the partner's folder or route is not loaded; it"
                                                        + " is read when it is there again"));
        return switch (intake.resumed(stored, partner, new CompletableFuture<>()).prepared()) {
            case Prepared.ToChart(var update, _, _) -> update;
            case Prepared.Decided _,
                    Prepared.ToStore _,
                    Prepared.Answered _,
                    Prepared.Acknowledged _,
                    Prepared.Part _ ->
                    throw new NotPossible("it names no patient that can be charted");
        };
    }

    /** Of a message in parts, the patient that it is held for. */
    static Claim claim(ChartUpdate update, Optional<UUID> held) {
        var claims =
                update.parts().stream()
                        .map(
                                part ->
                                        new Claim(
                                                part.patient(),
                                                part.patient().fingerprint(part.partner())))
                        .toList();
        return claims.stream()
                .filter(claim -> held.isPresent() && claim.fingerprint().equals(held.get()))
                .findFirst()
                .orElseGet(claims::getFirst);
    }

    /** What happens in one transaction; gives the decision's entry. */
    interface Act {
        long run(Connection connection) throws SQLException;
    }

    private long decide(Act act) {
        long decision = inTransaction(dataSource, act);
        log.atInfo().addKeyValue("entryId", decision).log("decided about a patient's identity");
        intake.decided();
        return decision;
    }

    static long inTransaction(DataSource dataSource, Act act) {
        return inTransaction(dataSource, true, act::run);
    }

    private interface ActOf<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * All or nothing, and once more when a message was in the way.
     *
     * @param keep whether it is committed
     */
    private static <T> T inTransaction(DataSource dataSource, boolean keep, ActOf<T> act) {
        for (int contentions = 0; ; contentions++) {
            try (var connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                try {
                    var result = act.run(connection);
                    if (keep) connection.commit();
                    else connection.rollback();
                    return result;
                } catch (SQLException | RuntimeException e) {
                    connection.rollback();
                    throw e;
                } finally {
                    connection.setAutoCommit(true);
                }
            } catch (SQLException e) {
                if (Failure.of(e) != Failure.CONTENTION || contentions == MAX_CONTENTION)
                    throw new IllegalStateException(
                            "the database could not keep the decision, SQLSTATE " + e.getSQLState(),
                            null);
            }
        }
    }
}
