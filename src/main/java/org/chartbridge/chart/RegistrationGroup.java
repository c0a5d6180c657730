package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.RegistrationState.KnownItem;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.chartbridge.chart.RegistrationState.KnownVisit;
import org.chartbridge.chart.RegistrationState.ListScope;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What registration knows of the patients and visits of a group; part of {@link ChartGroup}. Filled
 * while reading, patients before their lists, visits before their statements.
 */
final class RegistrationGroup {
    private final Map<Long, KnownPatient> patients = new HashMap<>();
    private final Map<RecordKey, Long> ids = new HashMap<>();
    private final Map<VisitKey, KnownVisit> visits = new HashMap<>();
    private final Map<Long, VisitKey> visitKeys = new HashMap<>();

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
    }

    /**
     * @param decided the record that a person chose; null when the claim says it
     */
    RegistrationState stateFor(
            Registration update, @Nullable Long decided, List<KnownRecord> others) {
        var visit = update.visit();
        var record = decided == null ? ids.get(update.patient().key()) : decided;
        return new RegistrationState(
                record == null ? null : patients.get(record),
                others,
                visit == null ? null : visits.get(visit.key()),
                decided != null);
    }

    void keep(RegistrationState state) {
        if (state.patient() != null) know(state.patient());
        if (state.visit() != null) know(state.visit());
    }

    void know(KnownPatient patient) {
        var record = patient.record();
        patients.put(record.id(), patient);
        if (record.edition() == 0) ids.put(record.key(), record.id());
    }

    void know(KnownVisit visit) {
        visits.put(visit.key(), visit);
        visitKeys.put(visit.id(), visit.key());
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

    void know(long recordId, ListScope scope, KnownItem item) {
        var patient = patient(recordId);
        if (patient == null) return;
        var list = patient.lists().getOrDefault(scope, KnownList.empty(scope));
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

    private @Nullable KnownPatient patient(long recordId) {
        return patients.get(recordId);
    }
}
