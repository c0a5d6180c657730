package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.PatientState.KnownReport;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * A group of updates that are charted together: what is known of their patients, and what they add
 * to it; long because each kind of fact is known and added in its own way. Updates are folded one
 * after the other, later ones see what earlier ones did. Serves one transaction, then is thrown
 * away; not for several threads.
 */
public final class ChartGroup {

    private static final List<ItemField> ORDER_NUMBERS =
            List.of(ItemField.PLACER_NUMBER, ItemField.NUMBER);

    /** A report number in its partner's namespace. */
    public record ReportNumber(String partner, String number) {
        /** By which reports are kept: their numbers come with a namespace or without. */
        ReportNumber withoutNamespace() {
            return new ReportNumber(partner, KnownReport.entity(number));
        }
    }

    private final Instant recordedAt;
    private final LongSupplier ids;
    private final Map<RecordKey, KnownRecord> records = new HashMap<>();
    private final Map<Long, KnownRecord> recordsById = new HashMap<>();
    private final Map<ReportNumber, Map<Long, KnownReport>> reports = new HashMap<>();
    private final List<Facts> facts = new ArrayList<>();
    private final IdentityHashMap<ChartUpdate, ChartUpdate> heldParts = new IdentityHashMap<>();
    private final IdentityHashMap<ChartUpdate, UUID> claims = new IdentityHashMap<>();
    private final Map<ReportNumber, List<Refiled>> refiled = new HashMap<>();
    private final IdentityHashMap<ChartUpdate, Long> filedBy = new IdentityHashMap<>();
    private final Map<UUID, Decided> decided = new HashMap<>();
    private final Map<UUID, TreeSet<Long>> waiting = new HashMap<>();
    private final Map<ReportNumber, TreeSet<Long>> heldUp = new HashMap<>();
    private final List<CodeWait> codeWaits = new ArrayList<>();
    private final Map<RecordKey, Recording.Former> former;
    private final Map<Long, Assertion> assertions = new HashMap<>();
    private final Set<UUID> goingOn = new LinkedHashSet<>();
    private final Set<ReportNumber> freed = new LinkedHashSet<>(0);
    private final Set<UUID> waitForValues = new HashSet<>(0);
    private final Set<Long> joined = new LinkedHashSet<>();
    private final Set<RecordKey> changedPatients = new LinkedHashSet<>();
    private final RegistrationGroup registrations = new RegistrationGroup();
    private final Set<ReportNumber> further = new LinkedHashSet<>(0);
    private final Set<ReportNumber> ofPlacers = new LinkedHashSet<>(0);
    private final Set<Long> ofTwoNumbers = new LinkedHashSet<>(0);
    private final NamedOrders namedOrders = new NamedOrders();
    private final UngivenNumbers ungiven = new UngivenNumbers();

    /** Whom a claim means, by a person's word. */
    private record Decided(long decision, long recordId) {}

    ChartGroup(Instant recordedAt, LongSupplier ids, Map<RecordKey, Recording.Former> former) {
        this.recordedAt = recordedAt;
        this.ids = ids;
        this.former = former;
    }

    /** Folds one update; what it changed is seen by the next. A held one leaves no trace here. */
    public Applied apply(ChartUpdate update, long entryId) {
        return update instanceof Several several
                ? apply(several, entryId)
                : apply(update, entryId, false);
    }

    /** Part after part; when one is held, what the others did is taken back. */
    private Applied apply(Several several, long entryId) {
        var recordsBefore = Map.copyOf(records);
        var reportsBefore = new HashMap<ReportNumber, Map<Long, KnownReport>>();
        reports.forEach((number, known) -> reportsBefore.put(number, new LinkedHashMap<>(known)));
        var registrationsBefore = registrations.copy();
        var ordersBefore = namedOrders.copy();
        var givenBefore = ungiven.copy();
        var joinedBefore = Set.copyOf(joined);
        var changedBefore = Set.copyOf(changedPatients);
        var freedBefore = Set.copyOf(freed);
        int factsBefore = facts.size();
        var done = new ArrayList<Applied.Changed>();
        var doubts = new ArrayList<Doubt>();
        var told = new ArrayList<PatientClaim>();
        for (var part : several.parts()) {
            boolean vouched = told.contains(part.patient());
            told.add(part.patient());
            switch (apply(part, entryId, vouched)) {
                case Applied.Changed changed -> done.add(changed);
                case Applied.Held held -> {
                    if (doubts.isEmpty()) heldParts.put(several, part);
                    doubts.addAll(held.doubts());
                }
            }
        }
        if (doubts.isEmpty()) {
            var first = done.getFirst();
            var remarks = new ArrayList<Applied.Remark>();
            for (var changed : done) remarks.addAll(changed.remarks());
            return new Applied.Changed(first.facts(), first.recordId(), remarks);
        }
        records.clear();
        records.putAll(recordsBefore);
        reports.clear();
        reports.putAll(reportsBefore);
        registrations.restore(registrationsBefore);
        namedOrders.restore(ordersBefore);
        ungiven.restore(givenBefore);
        joined.retainAll(joinedBefore);
        // Else the held message would wake itself, for ever.
        changedPatients.retainAll(changedBefore);
        freed.retainAll(freedBefore);
        facts.subList(factsBefore, facts.size()).clear();
        return new Applied.Held(doubts);
    }

    /** What of a held update is in doubt: of several parts the first that is. */
    public ChartUpdate heldPart(ChartUpdate update) {
        return heldParts.getOrDefault(update, update);
    }

    /**
     * @param vouched whether another part of the message said who the patient is, and was taken
     */
    private Applied apply(ChartUpdate update, long entryId, boolean vouched) {
        var recording = new Recording(entryId, recordedAt, ids, UUID::randomUUID, former);
        var folded =
                switch (update) {
                    case Results results -> fold(results, recording, vouched);
                    case Registration registration -> fold(registration, recording);
                    case IdentityChange change -> fold(change, recording);
                    case Several _ -> throw new IllegalArgumentException("parts within parts");
                };
        return switch (folded.applied) {
            case Applied.Held some -> held(update, entryId, some);
            case Applied.Changed changed -> {
                var before = waiting.get(claim(update));
                if (before != null && before.first() < entryId)
                    yield held(update, entryId, follows(update));
                folded.keep.run();
                facts.add(changed.facts());
                keepNumbers(update, changed);
                if (update instanceof Results && waitForValues.contains(claim(update)))
                    goingOn.add(claim(update));
                for (var assertion : changed.facts().assertions) {
                    joined.add(assertion.record());
                    joined.add(assertion.other());
                }
                if (before != null && before.remove(entryId) && before.isEmpty())
                    waiting.remove(claim(update));
                ungiven.keep(update);
                var unknown = ungiven.of(update);
                yield unknown.isEmpty()
                        ? changed
                        : new Applied.Changed(
                                changed.facts(),
                                changed.recordId(),
                                both(changed.remarks(), unknown));
            }
        };
    }

    /**
     * What the fold of an update came to, and what makes the group know it.
     *
     * @param keep to be run only if it is taken
     */
    private record Folded(Applied applied, Runnable keep) {}

    /** What names this patient may be charted now; then so may the earlier one, and goes first. */
    private Applied.Held follows(ChartUpdate update) {
        goingOn.add(claim(update));
        return new Applied.Held(
                List.of(
                        new Doubt(
                                update.patient().path(),
                                HoldReason.WAITS_FOR_EARLIER,
                                "an earlier message about this patient waits; this one follows it"
                                        + " by itself")));
    }

    /** Claims whose waiting messages can go on now, the earliest first. */
    public Set<UUID> goingOn() {
        return goingOn;
    }

    /**
     * Numbers, without namespace, of reports of which the group withdrew all as another patient's:
     * what waits for them can go on.
     */
    public Set<ReportNumber> freed() {
        return freed;
    }

    /** The number, without namespace, of another patient's report that results wait for. */
    public @Nullable ReportNumber waitsForNumber(Results results, List<Doubt> doubts) {
        for (var doubt : doubts)
            if (doubt.reason() == HoldReason.ORDER_NUMBER_OF_ANOTHER_PATIENT)
                for (var report : results.reports())
                    if (doubt.path().equals(NumberDoubts.numberPath(report)))
                        return new ReportNumber(results.partner(), report.number())
                                .withoutNamespace();
        return null;
    }

    private void noteFreed(Results results, PatientState after) {
        for (var statement : results.reports())
            if (statement.observations().stream()
                    .anyMatch(one -> one.status() == ObservationStatus.WRONG_PATIENT))
                for (var known : after.reports())
                    if (known.partner().equals(results.partner())
                            && isUnder(known, statement.number())
                            && known.isPostedForWrongPatient())
                        for (var number : known.numbers())
                            freed.add(
                                    new ReportNumber(results.partner(), number).withoutNamespace());
    }

    /** Whether a report is known by a number, the placer's where the filler's is left out. */
    private static boolean isUnder(PatientState.KnownReport known, String number) {
        return known.numbers().contains(number) || known.hasPlacer(number);
    }

    private Applied held(ChartUpdate update, long entryId, Applied.Held applied) {
        if (applied.doubts().stream().anyMatch(doubt -> doubt.reason().isAboutPatient()))
            waits(claim(update), entryId);
        if (applied.doubts().stream()
                .anyMatch(doubt -> doubt.reason() == HoldReason.STATUS_WITHOUT_RESULT))
            waitsForValue(claim(update));
        return applied;
    }

    /** What a decision about this patient would be about. */
    public UUID claim(ChartUpdate update) {
        return claims.computeIfAbsent(update, one -> one.patient().fingerprint(one.partner()));
    }

    /** The decision that said whose what the update says is; null when it needed none. */
    public @Nullable Long decision(ChartUpdate update) {
        var by = decided.get(claim(update));
        if (by != null) return by.decision();
        return filedBy.get(update);
    }

    /** Patients that the group brought, or whose name or birth date it changed. */
    public Set<RecordKey> changedPatients() {
        return changedPatients;
    }

    void waits(UUID claim, long entryId) {
        waiting.computeIfAbsent(claim, _ -> new TreeSet<>()).add(entryId);
    }

    /** An entry waits for a code and holds up this order. */
    void holdsUp(ReportNumber order, long entryId) {
        heldUp.computeIfAbsent(order, _ -> new TreeSet<>()).add(entryId);
    }

    /** What held messages wait for, as far as it is codes. */
    public List<CodeWait> codeWaits() {
        return codeWaits;
    }

    /** A message of this claim confirms a value that has not come yet (OBX-11 B, U, V). */
    void waitsForValue(UUID claim) {
        waitForValues.add(claim);
    }

    void decided(UUID claim, long decision, KnownRecord record) {
        decided.put(claim, new Decided(decision, record.id()));
        know(record);
    }

    private Folded fold(Results results, Recording recording, boolean vouched) {
        var state = stateFor(results);
        var folded = Fold.fold(state, results, recording, vouched);
        boolean said = vouched || state.decided() || results.byOrder() != null;
        var known = said ? folded.applied() : ofOne(results, state.record(), folded.applied());
        var applied =
                results.waitsForCodes()
                        ? waiting(results, state, recording.entryId(), known)
                        : known;
        return new Folded(applied, () -> keep(results, recording, applied, folded.after()));
    }

    /** Held where a further number of the PID is another patient's. */
    private Applied ofOne(ChartUpdate update, @Nullable KnownRecord named, Applied applied) {
        var claim = update.patient();
        var besides = claim.besides();
        if (besides.isEmpty() || !(applied instanceof Applied.Changed)) return applied;
        var further = new ArrayList<KnownRecord>();
        for (var key : besides) {
            var record = records.get(key);
            further.addAll(record == null ? kin(key) : List.of(record));
        }
        var one = named == null ? firstOf(others(update)) : named;
        var doubts = Identity.ofFurther(claim, one, further);
        return doubts.isEmpty() ? applied : new Applied.Held(doubts);
    }

    /** What becomes of results whose partner holds what it can't name. */
    private Applied waiting(Results results, PatientState state, long entryId, Applied folded) {
        var found =
                CodeWait.of(
                        results,
                        state,
                        entryId,
                        number -> {
                            var before = heldUp.get(new ReportNumber(results.partner(), number));
                            return before != null && !before.isEmpty() && before.first() < entryId;
                        });
        for (var report : results.reports()) {
            var order = new ReportNumber(results.partner(), report.number());
            if (found.waits() != null && found.waits().orders().contains(report.number()))
                holdsUp(order, entryId);
            else if (heldUp.containsKey(order)) heldUp.get(order).remove(entryId);
        }
        if (found.waits() != null) codeWaits.add(found.waits());
        return switch (folded) {
            case Applied.Changed changed when found.waits() != null ->
                    new Applied.Held(found.doubts());
            case Applied.Changed changed when !found.remarks().isEmpty() ->
                    new Applied.Changed(
                            changed.facts(),
                            changed.recordId(),
                            both(changed.remarks(), found.remarks()));
            case Applied.Changed changed -> changed;
            case Applied.Held held -> new Applied.Held(both(held.doubts(), found.doubts()));
        };
    }

    private static <T> List<T> both(List<T> some, List<T> more) {
        var all = new ArrayList<T>(some);
        all.addAll(more);
        return all;
    }

    private void keep(Results results, Recording recording, Applied applied, PatientState after) {
        // What was taken apart or together is known by other numbers than before.
        if (applied instanceof Applied.Changed(var changed, _, _))
            for (var moved : changed.movedReports)
                reports.values().forEach(known -> known.remove(moved.before()));
        keep(after);
        if (!(applied instanceof Applied.Changed(var added, _, _))) return;
        noteFreed(results, after);
        for (var row : added.records) {
            noteChange(row.claim().key());
            var brought = after.record();
            if (brought != null)
                registrations.brought(brought, row.claim(), results.partner(), recording.entryId());
        }
        for (var row : added.claims) {
            noteChange(row.claim().key());
            var known = after.record();
            if (known != null)
                registrations.claimed(known, row.claim(), results.partner(), recording.entryId());
        }
    }

    private Folded fold(Registration registration, Recording recording) {
        var by = decided.get(claim(registration));
        var before =
                registrations.stateFor(
                        registration, by == null ? null : by.recordId(), others(registration));
        var folded = RegistrationFold.fold(before, registration, recording);
        var patient = before.patient();
        var applied =
                before.decided()
                        ? folded.applied()
                        : ofOne(
                                registration,
                                patient == null ? null : patient.record(),
                                folded.applied());
        return new Folded(
                withResultsOfAnother(registration, applied),
                () -> {
                    registrations.keep(folded.after());
                    noteChange(before, folded.after());
                    noteOrders(registration);
                    if (folded.after().patient() != null) know(folded.after().patient().record());
                });
    }

    /** An order that comes after results under its number, which are of another patient ⚠. */
    private Applied withResultsOfAnother(Registration registration, Applied applied) {
        if (!(applied instanceof Applied.Changed changed)) return applied;
        var record = registrations.patient(changed.recordId());
        // One who is new has no results.
        var person = record == null ? null : record.record().personId();
        var remarks = namedOrders.resultsOfAnother(registration, person);
        return remarks.isEmpty()
                ? changed
                : new Applied.Changed(
                        changed.facts(), changed.recordId(), both(changed.remarks(), remarks));
    }

    /** Results that name no patient, or another's order, may go on when theirs is there. */
    private void noteOrders(Registration registration) {
        if (!NamedOrders.of(registration).isEmpty()) noteChange(registration.patient().key());
        for (var list : registration.lists()) {
            if (list.kind() != ListKind.PLACED_ORDER) continue;
            for (var item : list.items())
                for (var field : ORDER_NUMBERS) {
                    var number = item.fields().get(field);
                    if (number != null && !number.text().isEmpty())
                        noteChange(ByOrder.key(number.text()));
                }
        }
    }

    private Folded fold(IdentityChange change, Recording recording) {
        var known = new HashMap<RecordKey, KnownRecord>();
        var kin = new HashMap<RecordKey, List<KnownRecord>>();
        for (var key : change.keys()) {
            var record = records.get(key);
            if (record != null) known.put(key, record);
            else kin.put(key, kin(key));
        }
        var applied =
                IdentityFold.fold(
                        change, known, kin, assertions.values(), registrations::whose, recording);
        return new Folded(applied, () -> keep(applied));
    }

    private void keep(Applied applied) {
        if (!(applied instanceof Applied.Changed(var added, _, _))) return;
        for (var row : added.records) noteChange(row.claim().key());
        for (var row : added.claims) noteChange(row.claim().key());
    }

    /** Whose numbers, beside the one that names the record, the message brings along. */
    private List<KnownRecord> others(ChartUpdate update) {
        var claim = update.patient();
        var found = new ArrayList<KnownRecord>(0);
        if (!records.containsKey(claim.key())) found.addAll(kin(claim.key()));
        if (claim.trusted().isEmpty()) return found;
        for (var key : claim.trusted()) {
            if (key.equals(claim.key())) continue;
            var record = records.get(key);
            for (var one : record == null ? kin(key) : List.of(record))
                if (!found.contains(one)) found.add(one);
        }
        return found;
    }

    /** What may be the same number as one that is not known, in the order of their keys. */
    private List<KnownRecord> kin(RecordKey key) {
        var found = new ArrayList<KnownRecord>(0);
        for (var record : records.values()) if (record.key().isKin(key)) found.add(record);
        if (found.size() > 1) found.sort(Comparator.comparing(KnownRecord::key));
        return found;
    }

    /** Records that an assertion of the group is about. */
    Set<Long> joined() {
        return joined;
    }

    void know(Assertion assertion) {
        assertions.put(assertion.id(), assertion);
    }

    /** One that is only charted anew is as well known as before. */
    private void noteChange(RecordKey key) {
        if (!former.containsKey(key)) changedPatients.add(key);
    }

    private void noteChange(RegistrationState before, RegistrationState after) {
        if (after.patient() == null) return;
        var now = after.patient().record();
        var was = before.patient() == null ? null : before.patient().record();
        if (was == null
                || !was.family().equals(now.family())
                || !was.birthDate().equals(now.birthDate())) noteChange(now.key());
    }

    /**
     * Names the partners to whom orders or referrals are sent from here: of what they send it is
     * said where it carries a number that nobody gave.
     */
    public void askNumbersOf(Collection<String> partners) {
        ungiven.ask(partners);
    }

    /** Which numbers somebody gave. */
    UngivenNumbers ungiven() {
        return ungiven;
    }

    /** Whose the orders and results of the group's numbers are. */
    NamedOrders namedOrders() {
        return namedOrders;
    }

    private void keepNumbers(ChartUpdate update, Applied.Changed changed) {
        var record = recordsById.get(changed.recordId());
        if (record == null) return;
        if (update instanceof Results results) namedOrders.keep(results, record.personId());
        var added = changed.facts().registration;
        if (added != null) namedOrders.keep(added, record.personId());
    }

    RegistrationGroup registrations() {
        return registrations;
    }

    List<Facts> facts() {
        return facts;
    }

    void know(KnownRecord record) {
        if (record.edition() == 0) records.put(record.key(), record);
        recordsById.put(record.id(), record);
    }

    void know(KnownReport report) {
        for (var entity : report.entities())
            reports.computeIfAbsent(
                            new ReportNumber(report.partner(), entity), n -> new LinkedHashMap<>())
                    .put(report.series(), report);
    }

    /** Numbers, without namespace, of placers whose fillers' reports are to be read as well. */
    Set<ReportNumber> ofPlacers() {
        return ofPlacers;
    }

    /** Reports of which versions with other numbers are to be read as well. */
    Set<Long> ofTwoNumbers() {
        return ofTwoNumbers;
    }

    /** Numbers, without namespace, under which there is more to be read. */
    Set<ReportNumber> further() {
        return further;
    }

    private PatientState stateFor(Results results) {
        var known = new LinkedHashMap<Long, KnownReport>();
        results.reports().stream()
                .flatMap(report -> Stream.of(report.number(), report.placerNumber()))
                .filter(number -> !number.isEmpty())
                .map(number -> new ReportNumber(results.partner(), number))
                .map(ReportNumber::withoutNamespace)
                .distinct()
                .forEach(number -> known.putAll(reports.getOrDefault(number, Map.of())));
        var by = decided.get(claim(results));
        var record = by == null ? records.get(results.key()) : recordsById.get(by.recordId());
        return new PatientState(
                record,
                others(results),
                List.copyOf(known.values()),
                by != null,
                homes(results, record != null ? record : firstOf(others(results))),
                ofAnothersOrder(results, record));
    }

    private static @Nullable KnownRecord firstOf(List<KnownRecord> some) {
        return some.isEmpty() ? null : some.getFirst();
    }

    /**
     * Numbers of reports that name another patient's order, but for those of which a person said
     * whose they are. Who is named by no number is nobody else yet.
     */
    private Set<String> ofAnothersOrder(Results results, @Nullable KnownRecord named) {
        if (results.byOrder() != null || results.patient().key().isUnidentified()) return Set.of();
        var one = named == null ? firstOf(others(results)) : named;
        var person = one == null ? null : one.personId();
        var found = new HashSet<String>();
        for (var report : results.reports())
            if (namedOrders.isOfAnother(report, person)) {
                var said = refiled.get(new ReportNumber(results.partner(), report.number()));
                if (said == null || person == null || !Refiled.speaks(said, person))
                    found.add(report.number());
                else filedBy.putIfAbsent(results, said.getLast().entryId());
            }
        return found;
    }

    /** Of numbers that a person filed with another patient than the one named, that patient. */
    private Map<String, KnownRecord> homes(Results results, @Nullable KnownRecord named) {
        if (refiled.isEmpty() || named == null) return Map.of();
        var homes = new HashMap<String, KnownRecord>();
        for (var report : results.reports()) {
            var all = refiled.get(new ReportNumber(results.partner(), report.number()));
            var last = all == null ? null : Refiled.of(all, named.personId());
            if (last == null) continue;
            homes.put(report.number(), last.home());
            filedBy.put(results, last.entryId());
        }
        return homes;
    }

    void refiled(ReportNumber number, Refiled one) {
        refiled.computeIfAbsent(number, _ -> new ArrayList<>()).add(one);
    }

    private void keep(PatientState state) {
        if (state.record() != null) know(state.record());
        state.reports().forEach(this::know);
    }
}
