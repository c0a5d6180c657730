package org.chartbridge.intake;

import org.chartbridge.chart.ChartStore;
import org.chartbridge.chart.IdentityStore;
import org.chartbridge.chart.IdentityStore.PatientRecord;
import org.chartbridge.chart.IdentityStore.Reported;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.database.Script;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.journal.Decision;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.HeldClaims;
import org.chartbridge.journal.HeldCodes;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What decisions do, in the transaction of the caller, who holds the locks of their patients; long
 * because every kind of decision stands here whole. A person's decision and its repetition in a
 * rebuild come through here alike.
 *
 * <p>Each names its patients also in words that outlive ids of our own, so that the journal alone
 * says what was decided.
 */
final class DecisionActs {

    private static final String NOT_OURS =
            """
            [{"location": "", "code": 0, "severity": "I", "reason": "not-ours",
              "text": "a person decided that this message is about nobody of ours"}]
            """;

    private final DecisionStore decisions;
    private final ChartStore chart;
    private final IdentityStore identity;

    DecisionActs(DecisionStore decisions, ChartStore chart, IdentityStore identity) {
        this.decisions = decisions;
        this.chart = chart;
        this.identity = identity;
    }

    /**
     * A decision that is being made.
     *
     * @param entryId its own entry
     */
    record Made(long entryId, Instant at, By by) {}

    /** Whom a held message names, and what a decision on it is about. */
    record Claim(PatientClaim patient, UUID fingerprint) {}

    /** Messages of this claim mean the patient of a record. */
    void link(Connection connection, Made made, long about, Claim claim, PatientRecord to)
            throws SQLException {
        var known = identity.named(connection, claim.patient().key()).orElse(null);
        var details = new LinkedHashMap<String, Object>();
        details.put("to", described(to));
        var script = new Script();
        if (known != null) {
            var chosen = known.personId().equals(to.personId()) ? known : to;
            write(script, Decision.Kind.LINK, made, about, claim, chosen, false, details);
            script.send(connection);
            return;
        }
        var brought =
                new PatientRecord(chart.nextId(), UUID.randomUUID(), claim.patient().key(), 0);
        write(script, Decision.Kind.LINK, made, about, claim, brought, true, details);
        identity.link(script, chart.nextId(), made.entryId(), made.at(), brought.id(), to.id());
        script.send(connection);
        joined(connection, List.of(brought.id(), to.id()));
    }

    /** Messages of this claim mean somebody new. */
    void create(Connection connection, Made made, long about, Claim claim) throws SQLException {
        var key = claim.patient().key();
        boolean given = identity.named(connection, key).isPresent();
        var brought =
                new PatientRecord(
                        chart.nextId(), UUID.randomUUID(), key, given ? made.entryId() : 0);
        var script = new Script();
        write(script, Decision.Kind.CREATE, made, about, claim, brought, true, Map.of());
        script.send(connection);
    }

    /** What waits with this claim is about nobody of ours. */
    void notOurs(Connection connection, Made made, long about, UUID claim) throws SQLException {
        var script = new Script();
        decisions.write(
                script,
                plain(made, Decision.Kind.NOT_OURS, about),
                Map.of("waiting", claim.toString()));
        HeldClaims.ignore(script, claim, made.entryId(), NOT_OURS);
        HeldCodes.releaseBehindIgnored(script, claim);
        script.send(connection);
    }

    /** A held message is read once more. */
    void again(Connection connection, Made made, long about) throws SQLException {
        var script = new Script();
        decisions.write(script, plain(made, Decision.Kind.AGAIN, about), Map.of());
        HeldClaims.release(script, about, made.entryId());
        script.send(connection);
    }

    /** One record goes into another. */
    void merge(Connection connection, Made made, PatientRecord from, PatientRecord to)
            throws SQLException {
        if (from.personId().equals(to.personId()))
            throw new NotPossible("they are one patient already");
        if (identity.wouldRing(connection, from.id(), to.id()))
            throw new NotPossible("the one that is to stay was merged into the other");
        if (identity.areApart(connection, from.id(), to.id()))
            throw new NotPossible(
                    "a person split these numbers: they are not one patient until that is taken"
                            + " back (Unmatched, Decided lately)");
        var script = new Script();
        decisions.write(
                script,
                about(made, Decision.Kind.MERGE, from),
                Map.of("merged", described(from), "into", described(to)));
        identity.merge(script, chart.nextId(), made.entryId(), made.at(), from.id(), to.id());
        script.send(connection);
        joined(connection, List.of(from.id(), to.id()));
    }

    /**
     * Records are not one patient with the others, whatever joined them: each message that had a
     * part in what stood with both is charted anew.
     *
     * @return how many messages those were
     */
    int split(
            Connection connection,
            Made made,
            List<PatientRecord> off,
            List<PatientRecord> stay,
            ChartingAnew anew)
            throws SQLException {
        var records = new TreeSet<Long>();
        var persons = new TreeSet<UUID>();
        off.forEach(one -> persons.add(one.personId()));
        stay.forEach(one -> persons.add(one.personId()));
        var script = new Script();
        for (var one : off)
            for (var other : stay) {
                identity.split(
                        script, chart.nextId(), made.entryId(), made.at(), one.id(), other.id());
                records.add(one.id());
                records.add(other.id());
            }
        script.send(connection);
        var before = identity.together(connection, records);
        var _ = identity.arrange(connection, before);
        var entries = anew.torn(connection, before, Set.of(), List.of());
        var first = off.getFirst();
        var details = new LinkedHashMap<String, Object>();
        details.put("split", off.stream().map(DecisionActs::described).toList());
        details.put("from", stay.stream().map(DecisionActs::described).toList());
        var since = identity.firstOverruled(connection, made.entryId());
        if (since.isPresent())
            details.putAll(
                    decisions
                            .meanwhile(connection, since.get(), before, entries, persons)
                            .described());
        script = new Script();
        decisions.write(script, about(made, Decision.Kind.SPLIT, first), details);
        script.send(connection);
        var keys = anew.chart(connection, entries, List.of());
        var around = new LinkedHashSet<>(before);
        around.addAll(identity.ids(connection, keys));
        // A merge of one of these into somebody else may go on now.
        goOn(connection, identity.arrange(connection, around));
        return entries.size();
    }

    /**
     * What is reported under a number is another patient's than it is reported for: all that came
     * under it is charted anew, with that patient.
     *
     * @return how many messages those were
     */
    int file(
            Connection connection,
            Made made,
            Reported reported,
            PatientRecord from,
            PatientRecord to,
            ChartingAnew anew)
            throws SQLException {
        identity.lock(connection, reported);
        var script = new Script();
        for (var one : identity.together(connection, reported)) {
            identity.lock(connection, one);
            identity.file(script, chart.nextId(), made.entryId(), made.at(), one, to.id());
        }
        script.send(connection);
        var entries = anew.under(connection, reported);
        var details = new LinkedHashMap<String, Object>();
        details.put("partner", reported.partner());
        details.put("number", reported.number());
        details.put("from", described(from));
        details.put("to", described(to));
        if (!entries.isEmpty())
            details.putAll(
                    decisions
                            .meanwhile(
                                    connection,
                                    Collections.min(entries),
                                    List.of(),
                                    entries,
                                    List.of())
                            .described());
        script = new Script();
        decisions.write(script, about(made, Decision.Kind.FILE, to), details);
        script.send(connection);
        var _ = anew.chart(connection, entries, List.of());
        // What came under the number for its own patient, and waited, may go on.
        goOn(connection, List.of(from.key(), to.key()));
        return entries.size();
    }

    /** What an entry said of identity never held: nobody is joined by it. */
    void neverHeld(Connection connection, long entryId, long undo) throws SQLException {
        var joined = identity.joinedBy(connection, entryId);
        if (joined.isEmpty()) return;
        var before = identity.together(connection, joined);
        var script = new Script();
        identity.withdraw(script, entryId, undo);
        script.send(connection);
        // Nobody more is one patient by this, so nothing can go on.
        var _ = identity.arrange(connection, before);
        identity.putBack(connection, entryId);
    }

    /** One about a patient, which no message waits for. */
    private static Decision about(Made made, Decision.Kind kind, PatientRecord record) {
        return new Decision(
                made.entryId(),
                made.at(),
                made.by().account(),
                made.by().reason(),
                kind,
                null,
                null,
                record.id(),
                record.key().lock(),
                false,
                null);
    }

    private static Decision plain(Made made, Decision.Kind kind, @Nullable Long about) {
        return new Decision(
                made.entryId(),
                made.at(),
                made.by().account(),
                made.by().reason(),
                kind,
                about,
                null,
                null,
                null,
                false,
                null);
    }

    private void write(
            Script script,
            Decision.Kind kind,
            Made made,
            long about,
            Claim claim,
            PatientRecord record,
            boolean brought,
            Map<String, Object> more) {
        var details = new LinkedHashMap<String, Object>();
        details.put("record", described(record));
        details.putAll(more);
        decisions.write(
                script,
                new Decision(
                        made.entryId(),
                        made.at(),
                        made.by().account(),
                        made.by().reason(),
                        kind,
                        about,
                        claim.fingerprint(),
                        record.id(),
                        record.key().lock(),
                        brought,
                        null),
                details);
        if (brought) {
            identity.bring(script, record, claim.patient(), made.entryId(), made.at());
            HeldClaims.releaseNamed(script, named(Set.of(record.key())));
        }
        HeldClaims.release(script, claim.fingerprint(), made.entryId());
    }

    /** More is one patient than before: what waited because it was not may go on. */
    private void joined(Connection connection, Collection<Long> records) throws SQLException {
        goOn(connection, identity.arrange(connection, records));
    }

    static void goOn(Connection connection, Collection<RecordKey> keys) throws SQLException {
        var script = new Script();
        HeldClaims.releaseJoined(script, named(keys));
        script.send(connection);
    }

    static List<HeldClaims.Named> named(Collection<RecordKey> keys) {
        return keys.stream()
                .map(key -> new HeldClaims.Named(key.authority(), key.type(), key.value()))
                .toList();
    }

    private static Map<String, Object> described(PatientRecord record) {
        return Map.of(
                "authority",
                record.key().authority(),
                "type",
                record.key().type(),
                "value",
                record.key().value(),
                "edition",
                record.edition());
    }
}
