package org.chartbridge.chart;

import org.chartbridge.chart.Facts.RecordRow;
import org.chartbridge.chart.PatientState.KnownRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Folds one {@link IdentityChange} into what is known; long because every doubt about who is who
 * stands here. Pure: no database, clock or network. Adds assertions, and records for numbers that
 * nobody used yet, so that it does not matter whether a number is used before or after it was
 * merged away.
 */
final class IdentityFold {

    private final IdentityChange change;
    private final Recording recording;
    private final Map<RecordKey, KnownRecord> known;
    private final Map<RecordKey, List<KnownRecord>> kin;
    private final Collection<Assertion> said;
    private final Function<VisitKey, Set<UUID>> whose;
    private final Facts facts;
    private final List<Doubt> doubts = new ArrayList<>();
    private final List<Applied.Remark> remarks = new ArrayList<>();

    private IdentityFold(
            IdentityChange change,
            Map<RecordKey, KnownRecord> known,
            Map<RecordKey, List<KnownRecord>> kin,
            Collection<Assertion> said,
            Function<VisitKey, Set<UUID>> whose,
            Recording recording) {
        this.change = change;
        this.known = new HashMap<>(known);
        this.kin = kin;
        this.said = said;
        this.whose = whose;
        this.recording = recording;
        this.facts = new Facts(recording.entryId(), recording.recordedAt());
    }

    /**
     * @param known the records of {@link IdentityChange#keys()}, as far as there are any
     * @param kin of numbers that have none, the records of what may be the same number
     * @param said assertions that hold, about the persons of these records
     * @param whose who has or had a visit; empty when nothing is known of it
     */
    static Applied fold(
            IdentityChange change,
            Map<RecordKey, KnownRecord> known,
            Map<RecordKey, List<KnownRecord>> kin,
            Collection<Assertion> said,
            Function<VisitKey, Set<UUID>> whose,
            Recording recording) {
        return new IdentityFold(change, known, kin, said, whose, recording).fold();
    }

    private Applied fold() {
        trust();
        doubtNumbers();
        for (var statement : change.statements()) doubt(statement);
        if (!doubts.isEmpty()) return new Applied.Held(doubts);
        for (var claim : change.claims().values()) {
            var record = known.get(claim.key());
            known.put(
                    claim.key(),
                    record == null
                            ? newRecord(claim)
                            : record.after(claim, sentAt(claim), facts.claims));
        }
        for (var statement : change.statements()) apply(statement);
        return new Applied.Changed(facts, record(change.patient().key()).id(), remarks);
    }

    // ------------------------------------------------------------ doubts

    /** Who is who is said by the master, else by whoever is trusted for all of these numbers. */
    private void trust() {
        if (change.master()) return;
        for (var statement : change.statements()) {
            var patient =
                    switch (statement) {
                        case IdentityStatement.Merged(_, var into, _) -> into;
                        case IdentityStatement.Unpaired(_, var into, _) -> into;
                        case IdentityStatement.Linked(var one, _, _, _) -> one;
                        case IdentityStatement.Unlinked(var one, _, _) -> one;
                        case IdentityStatement.Moved(_, _, var to, _) -> to;
                        case IdentityStatement.VisitMoved(_, _, var to, _) -> to;
                    };
            if (patient.trusted().contains(patient.key())) continue;
            doubts.add(
                    new Doubt(
                            statement.path(),
                            HoldReason.MERGE_NOT_TRUSTED,
                            "this partner is not trusted to say who is who of this authority"
                                    + " (trusts, demographics: master)"));
            return;
        }
    }

    /**
     * A number that stands in the chart with another type or in other letters is that one, where
     * only one patient has it.
     */
    private void doubtNumbers() {
        for (var found : kin.values())
            if (found.stream().map(KnownRecord::personId).distinct().count() > 1) {
                doubts.add(
                        new Doubt(
                                change.patient().path(),
                                HoldReason.PATIENT_MATCH_UNCERTAIN,
                                "a number of it is in the chart with other types, of several"
                                        + " patients"));
                return;
            }
    }

    /** The record of a number, or of what may be the same number. */
    private @Nullable KnownRecord at(RecordKey key) {
        var record = known.get(key);
        var others = kin.getOrDefault(key, List.of());
        return record == null && !others.isEmpty() ? others.getFirst() : record;
    }

    /** What is taken apart has to be named as it was joined. */
    private boolean doubtKin(String path, RecordKey... keys) {
        for (var key : keys)
            if (!kin.getOrDefault(key, List.of()).isEmpty()) {
                doubts.add(
                        new Doubt(
                                path,
                                HoldReason.PATIENT_MATCH_UNCERTAIN,
                                "the number is in the chart with another type, or its authority in"
                                        + " other letters"));
                return true;
            }
        return false;
    }

    private void doubt(IdentityStatement statement) {
        switch (statement) {
            case IdentityStatement.Merged(var from, var into, var path) -> {
                doubtClaim(into);
                doubtMerge(from, into, path);
            }
            case IdentityStatement.Unpaired(_, _, var path) ->
                    doubts.add(
                            new Doubt(
                                    path,
                                    HoldReason.MERGE_NOT_PAIRED,
                                    "no number of the same type and authority stands in its place"
                                            + " in PID"));
            case IdentityStatement.Linked(var one, var other, var path, var related) -> {
                doubtClaim(one);
                doubtClaim(other);
                doubtLink(one, other, path, related);
            }
            case IdentityStatement.Unlinked(var one, var other, var path) -> {
                if (doubtKin(path, one.key(), other.key())) return;
                if (merged(one.key(), other.key()) || merged(other.key(), one.key()))
                    doubts.add(
                            new Doubt(
                                    path,
                                    HoldReason.UNLINK_OF_MERGED,
                                    "these numbers were merged; HL7 knows no unmerge, so a person"
                                            + " has to take the merge back"));
                else if (joinedByOthers(one.key(), other.key()))
                    doubts.add(
                            new Doubt(
                                    path,
                                    HoldReason.UNLINK_OF_JOINED,
                                    "further numbers join these two, so that to unlink them would"
                                            + " change nothing; a person has to take back what"
                                            + " joins those"));
            }
            case IdentityStatement.Moved(var number, var from, var to, var path) -> {
                doubtClaim(to);
                if (doubtKin(path, number, from, to.key())) return;
                if (from.equals(to.key()) || number.equals(to.key()))
                    doubts.add(
                            new Doubt(
                                    path,
                                    HoldReason.MERGE_WITH_ITSELF,
                                    "it moves a number to where it is"));
                else doubtApart(number, to.key(), path);
            }
            case IdentityStatement.VisitMoved(var visit, var from, var to, var path) -> {
                doubtClaim(to);
                doubtMove(visit, from, to.key(), path);
            }
        }
    }

    /** One of the two has to have had the visit, as far as anything is known of it. */
    private void doubtMove(VisitKey visit, RecordKey from, RecordKey to, String path) {
        if (from.equals(to)) {
            doubts.add(
                    new Doubt(
                            path, HoldReason.MERGE_WITH_ITSELF, "it moves a visit to where it is"));
            return;
        }
        var persons = whose.apply(visit);
        if (persons.isEmpty() || isOneOf(from, persons) || isOneOf(to, persons)) return;
        doubts.add(
                new Doubt(
                        path,
                        HoldReason.VISIT_OF_ANOTHER_PATIENT,
                        "the visit belongs to neither of the two patients"));
    }

    private boolean isOneOf(RecordKey key, Set<UUID> persons) {
        var record = at(key);
        return record != null && persons.contains(record.personId());
    }

    private void doubtClaim(PatientClaim claim) {
        var record = at(claim.key());
        if ((record == null && !claim.mayCreate()) || (record != null && !change.master()))
            doubts.addAll(Identity.doubts(claim, record, List.of()));
        else if (record != null && Identity.isSomebodyElse(claim, record))
            doubts.add(
                    new Doubt(
                            "PID-5",
                            HoldReason.KNOWN_IDENTIFIER_OTHER_PERSON,
                            "the identifier is known with another name and another birth date"));
    }

    /** What a person split stays apart until that person's word is taken back ⚠. */
    private boolean doubtApart(RecordKey one, RecordKey other, String path) {
        var first = at(one);
        var second = at(other);
        if (first == null || second == null || !PersonGraph.areApart(first.id(), second.id(), said))
            return false;
        doubts.add(
                new Doubt(
                        path,
                        HoldReason.KEPT_APART,
                        "it would join numbers that a person said are not one patient"));
        return true;
    }

    private void doubtMerge(RecordKey from, PatientClaim claim, String path) {
        var into = claim.key();
        if (from.equals(into)) {
            doubts.add(
                    new Doubt(
                            path, HoldReason.MERGE_WITH_ITSELF, "it merges a number into itself"));
            return;
        }
        var gone = at(from);
        var stays = at(into);
        if (gone == null) return;
        if (doubtApart(from, into, path)) return;
        if (stays != null && PersonGraph.wentInto(stays.id(), gone.id(), said)) {
            doubts.add(
                    new Doubt(
                            path,
                            HoldReason.MERGE_IN_A_RING,
                            "the number that is to stay was merged into the other one before"));
            return;
        }
        for (var assertion : said)
            if (assertion.kind() == Assertion.Kind.MERGED
                    && assertion.joins()
                    && assertion.record() == gone.id()
                    && (stays == null || assertion.other() != stays.id())) {
                doubts.add(
                        new Doubt(
                                path,
                                HoldReason.MERGED_ELSEWHERE,
                                "this number was merged into another patient before"));
                return;
            }
        doubtStrangers(gone, claim, stays, path);
    }

    /** The master merges whom it will, but for two of whom nothing is alike, and relatives ⚠. */
    private void doubtStrangers(
            KnownRecord gone, PatientClaim claim, @Nullable KnownRecord stays, String path) {
        boolean silent = claim.name().family().isEmpty() && claim.name().given().isEmpty();
        var name = silent && stays != null ? stays.name() : claim.name();
        if (Identity.areStrangers(gone.name(), gone.birthDate(), name, birthDate(claim)))
            doubts.add(
                    new Doubt(
                            path,
                            HoldReason.MERGE_OF_STRANGERS,
                            "family name, given name and birth date of the two numbers are all"
                                    + " other ones"));
        else if (Identity.areOfTwoGenerations(gone.name(), gone.birthDate(), name, birthDate(claim))
                || (claim.multipleBirth() && Identity.isUnlike(gone.name().given(), name.given())))
            doubts.add(
                    new Doubt(
                            path,
                            HoldReason.LINK_OF_RELATIVES,
                            "other given names, and birth dates of two generations or one of a"
                                    + " multiple birth (PID-24): parent and child, or twins"));
    }

    /** A24 never joins a mother and her baby, twins, or anybody of another birth date ⚠. */
    private void doubtLink(PatientClaim one, PatientClaim other, String path, boolean related) {
        if (one.key().equals(other.key())) {
            doubts.add(
                    new Doubt(path, HoldReason.MERGE_WITH_ITSELF, "it links a number with itself"));
            return;
        }
        if (doubtApart(one.key(), other.key(), path)) return;
        var born = birthDate(one);
        var bornOther = birthDate(other);
        boolean sameDay =
                !born.isEmpty() && !bornOther.isEmpty() && Names.datesAgree(born, bornOther);
        if (sameDay && !related && !areTwins(one, other)) return;
        doubts.add(
                new Doubt(
                        path,
                        HoldReason.LINK_OF_RELATIVES,
                        "a link needs the same birth date on both sides; a mother and her child are"
                                + " never linked, and neither are twins"));
    }

    /** Other given names, and another sex or word of a multiple birth (PID-24). */
    private boolean areTwins(PatientClaim one, PatientClaim other) {
        boolean otherSex =
                !one.sex().isEmpty()
                        && !other.sex().isEmpty()
                        && !one.sex().equalsIgnoreCase(other.sex());
        return (otherSex || one.multipleBirth() || other.multipleBirth())
                && Identity.isUnlike(given(one), given(other));
    }

    private String given(PatientClaim claim) {
        if (!claim.name().given().isEmpty()) return claim.name().given();
        var record = at(claim.key());
        return record == null ? "" : record.name().given();
    }

    private String birthDate(PatientClaim claim) {
        if (!claim.birthDate().isEmpty()) return claim.birthDate();
        var record = at(claim.key());
        return record == null ? "" : record.birthDate();
    }

    private boolean merged(RecordKey from, RecordKey into) {
        var gone = at(from);
        var stays = at(into);
        return gone != null && stays != null && PersonGraph.wentInto(gone.id(), stays.id(), said);
    }

    private boolean joinedByOthers(RecordKey one, RecordKey other) {
        var first = at(one);
        var second = at(other);
        return first != null
                && second != null
                && PersonGraph.areJoinedByOthers(first.id(), second.id(), said);
    }

    // ------------------------------------------------------------ facts

    /** Of a mere number nothing is said that could be earlier than what is known. */
    private @Nullable Instant sentAt(PatientClaim claim) {
        return claim.saysNothing() ? Instant.MAX : change.times().message();
    }

    private KnownRecord newRecord(PatientClaim claim) {
        var former = recording.former(claim.key());
        var claimed = Claimed.of(claim, change.times().message());
        facts.records.add(new RecordRow(former.id(), former.personId(), claim, claimed));
        var same = kin.getOrDefault(claim.key(), List.of());
        var person = same.isEmpty() ? former.personId() : same.getFirst().personId();
        var record = new KnownRecord(former.id(), person, claim, claimed);
        facts.assertions.addAll(Identity.links(recording, record, claim, same));
        return record;
    }

    private void apply(IdentityStatement statement) {
        switch (statement) {
            case IdentityStatement.Merged(var from, var into, var path) ->
                    add(Assertion.Kind.MERGED, from, into.key(), path);
            case IdentityStatement.Unpaired _ -> {}
            case IdentityStatement.Linked(var one, var other, var path, _) ->
                    add(Assertion.Kind.LINKED, one.key(), other.key(), path);
            case IdentityStatement.Unlinked(var one, var other, var path) -> {
                boolean joined =
                        record(one.key()).personId().equals(record(other.key()).personId());
                if (!joined)
                    remarks.add(
                            new Applied.Remark(
                                    path,
                                    "nothing-to-unlink",
                                    "these numbers are not linked; it is kept and counts when an"
                                            + " older link arrives"));
                add(Assertion.Kind.UNLINKED, one.key(), other.key(), path);
            }
            case IdentityStatement.Moved(var number, var from, var to, var path) -> {
                add(Assertion.Kind.UNLINKED, number, from, path);
                add(Assertion.Kind.LINKED, number, to.key(), path);
            }
            case IdentityStatement.VisitMoved(var visit, var from, var to, var path) ->
                    add(Assertion.Kind.MOVED, from, to.key(), path, visit);
        }
    }

    private void add(Assertion.Kind kind, RecordKey one, RecordKey other, String path) {
        add(kind, one, other, path, null);
    }

    private void add(
            Assertion.Kind kind,
            RecordKey one,
            RecordKey other,
            String path,
            @Nullable VisitKey visit) {
        facts.assertions.add(
                new Assertion(
                        recording.ids().getAsLong(),
                        recording.entryId(),
                        path,
                        kind,
                        record(one).id(),
                        record(other).id(),
                        change.times().recorded(),
                        change.times().message(),
                        visit,
                        null));
    }

    private KnownRecord record(RecordKey key) {
        var record = known.get(key);
        if (record == null) throw new IllegalStateException("a number without a record");
        return record;
    }
}
