package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.RegistrationState.DocumentNumber;
import org.chartbridge.chart.RegistrationState.KnownDocument;
import org.chartbridge.chart.RegistrationState.KnownItem;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.chartbridge.chart.RegistrationState.KnownVisit;
import org.chartbridge.chart.RegistrationState.ListScope;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What registration knows of the patients and visits of a group; part of {@link ChartGroup}. Filled
 * while reading, patients before their lists, visits before their statements.
 */
final class RegistrationGroup {
    private final Map<Long, KnownPatient> patients = new HashMap<>();
    private final Map<RecordKey, Long> ids = new HashMap<>();
    private final Map<VisitKey, KnownVisit> visits = new HashMap<>();
    private final Map<Long, VisitKey> visitKeys = new HashMap<>();
    private final Map<Long, Map<ListScope, KnownList>> visitLists = new HashMap<>();
    private final Map<VisitKey, List<VisitMove>> moves = new HashMap<>();
    private final Map<DocumentNumber, KnownDocument> documents = new HashMap<>();
    private final Set<String> named = new LinkedHashSet<>();

    RegistrationGroup copy() {
        var copy = new RegistrationGroup();
        copy.restore(this);
        return copy;
    }

    /** Knows what another one knows, and nothing else. */
    void restore(RegistrationGroup other) {
        patients.clear();
        patients.putAll(other.patients);
        ids.clear();
        ids.putAll(other.ids);
        visits.clear();
        visits.putAll(other.visits);
        visitKeys.clear();
        visitKeys.putAll(other.visitKeys);
        visitLists.clear();
        visitLists.putAll(other.visitLists);
        moves.clear();
        moves.putAll(other.moves);
        documents.clear();
        documents.putAll(other.documents);
        named.clear();
        named.addAll(other.named);
    }

    /**
     * @param decided the record that a person chose; null when the claim says it
     */
    RegistrationState stateFor(
            Registration update, @Nullable Long decided, List<KnownRecord> others) {
        var visit = update.visit();
        var record = decided == null ? ids.get(update.patient().key()) : decided;
        var patient = record == null ? null : patients.get(record);
        var known = visit == null ? null : visit(visit.key(), update.partner(), patient, others);
        return new RegistrationState(
                patient,
                others,
                known,
                known == null ? Map.of() : visitLists.getOrDefault(known.id(), Map.of()),
                documents,
                visit == null ? Map.of() : moves,
                decided != null);
    }

    /**
     * That of a number, else the only one of the patient that its sender may mean by it: the number
     * may come in another form.
     */
    private @Nullable KnownVisit visit(
            VisitKey key,
            String partner,
            @Nullable KnownPatient patient,
            List<KnownRecord> others) {
        var known = visits.get(key);
        if (known != null) return known;
        var person =
                patient != null
                        ? patient.record().personId()
                        : others.isEmpty() ? null : others.getFirst().personId();
        var same =
                visits.values().stream()
                        .filter(one -> one.personId().equals(person))
                        .filter(one -> one.key().isOne(key, partner))
                        .filter(one -> one.isSaidBy(partner))
                        .limit(2)
                        .toList();
        return same.size() == 1 ? same.getFirst() : null;
    }

    void keep(RegistrationState state) {
        if (state.patient() != null) know(state.patient());
        documents.putAll(state.documents());
        var visit = state.visit();
        if (visit == null) return;
        know(visit);
        visitLists.put(visit.id(), state.lists());
    }

    /** A person has a document of this number. */
    void know(DocumentNumber number, UUID person, boolean replaces) {
        documents.merge(
                number,
                KnownDocument.NONE.and(person, replaces),
                (known, _) -> known.and(person, replaces));
    }

    void know(KnownPatient patient) {
        var record = patient.record();
        patients.put(record.id(), patient);
        if (record.edition() == 0) ids.put(record.key(), record.id());
    }

    /** The keys of the items that its messages name. */
    void named(Set<String> keys) {
        named.addAll(keys);
    }

    Set<String> named() {
        return named;
    }

    void know(KnownVisit visit) {
        visits.put(visit.key(), visit);
        visitKeys.put(visit.id(), visit.key());
    }

    /** Who has and had a visit or account; nobody when nothing is known of it. */
    Set<UUID> whose(VisitKey key) {
        var visit = visits.get(key);
        var about =
                VisitMove.about(
                        key,
                        visit == null ? Set.of() : visit.accounts(),
                        visit == null ? null : visit.personId(),
                        moves);
        var persons = VisitMove.persons(about);
        if (visit != null) persons.add(visit.personId());
        return persons;
    }

    /** What was moved, of all that the group names; to be filled while reading. */
    Map<VisitKey, List<VisitMove>> moves() {
        return moves;
    }

    /**
     * Visits that are with a number which no message of the group names: their lists are unread.
     */
    List<KnownVisit> elsewhere() {
        return visits.values().stream()
                .filter(visit -> !patients.containsKey(visit.recordId()))
                .toList();
    }

    /** Another message of the group brought a record. */
    void brought(KnownRecord record, PatientClaim claim, String partner, long entryId) {
        know(KnownPatient.onClaim(record, claim, partner, entryId));
    }

    /** Another message of the group says of a record what counts from now on. */
    void claimed(KnownRecord record, PatientClaim claim, String partner, long entryId) {
        var patient = patient(record.id());
        if (patient != null && patient.onClaim()) know(patient.as(record, claim, partner, entryId));
    }

    void know(long recordId, KnownList list) {
        if (list.scope().visitId() != 0) {
            knowOfVisit(list);
            return;
        }
        var patient = patient(recordId);
        if (patient == null) return;
        var lists = new LinkedHashMap<>(patient.lists());
        lists.put(list.scope(), list);
        know(
                new KnownPatient(
                        patient.record(),
                        patient.brought(),
                        patient.stated(),
                        patient.onClaim(),
                        patient.identifiers(),
                        lists));
    }

    private void knowOfVisit(KnownList list) {
        var lists = new LinkedHashMap<>(visitLists.getOrDefault(list.scope().visitId(), Map.of()));
        lists.put(list.scope(), list);
        visitLists.put(list.scope().visitId(), lists);
    }

    void know(long recordId, ListScope scope, KnownItem item) {
        var patient = patient(recordId);
        if (patient == null && scope.visitId() == 0) return;
        var lists =
                scope.visitId() == 0 && patient != null
                        ? patient.lists()
                        : visitLists.getOrDefault(scope.visitId(), Map.of());
        var list = lists.getOrDefault(scope, KnownList.empty(scope));
        var items = new LinkedHashMap<>(list.items());
        items.put(item.key(), item);
        know(
                recordId,
                new KnownList(
                        scope,
                        list.snapshot(),
                        list.noneKnown(),
                        list.noneSaid(),
                        list.nonePath(),
                        items));
    }

    void know(long visitId, VisitTimeline.Version version) {
        var key = visitKeys.get(visitId);
        var visit = key == null ? null : visits.get(key);
        if (visit == null) return;
        var versions = new ArrayList<>(visit.versions());
        versions.add(version);
        know(new KnownVisit(visit.id(), visit.key(), visit.recordId(), visit.personId(), versions));
    }

    @Nullable KnownPatient patient(long recordId) {
        return patients.get(recordId);
    }
}
