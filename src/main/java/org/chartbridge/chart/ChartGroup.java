package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.PatientState.KnownReport;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * A group of updates that are charted together: what is known of their patients, and what they add
 * to it. Updates are folded one after the other, later ones see what earlier ones did. Serves one
 * transaction, then is thrown away; not for several threads.
 */
public final class ChartGroup {

    /** A report number in its partner's namespace. */
    record ReportNumber(String partner, String number) {}

    private final Instant recordedAt;
    private final LongSupplier ids;
    private final Map<RecordKey, KnownRecord> records = new HashMap<>();
    private final Map<ReportNumber, Map<Long, KnownReport>> reports = new HashMap<>();
    private final List<Facts> facts = new ArrayList<>();
    private final RegistrationGroup registrations = new RegistrationGroup();

    ChartGroup(Instant recordedAt, LongSupplier ids) {
        this.recordedAt = recordedAt;
        this.ids = ids;
    }

    /** Folds one update; what it changed is seen by the next. A held one leaves no trace here. */
    public Applied apply(ChartUpdate update, long entryId) {
        var recording = recording(entryId);
        return switch (update) {
            case Results results -> apply(results, recording, false);
            case Registration registration -> apply(registration, recording);
            case Several several -> apply(several, entryId);
        };
    }

    private Recording recording(long entryId) {
        return new Recording(entryId, recordedAt, ids, UUID::randomUUID);
    }

    /** Part after part; when one is held, what the others did is taken back. */
    private Applied apply(Several several, long entryId) {
        var recordsBefore = Map.copyOf(records);
        var reportsBefore = new HashMap<ReportNumber, Map<Long, KnownReport>>();
        reports.forEach((number, known) -> reportsBefore.put(number, new LinkedHashMap<>(known)));
        var registrationsBefore = registrations.copy();
        int factsBefore = facts.size();
        var done = new ArrayList<Applied.Changed>();
        var doubts = new ArrayList<Doubt>();
        var claims = new ArrayList<PatientClaim>();
        for (var part : several.parts()) {
            boolean vouched = claims.contains(part.patient());
            claims.add(part.patient());
            switch (vouched && part instanceof Results results
                    ? apply(results, recording(entryId), true)
                    : apply(part, entryId)) {
                case Applied.Changed changed -> done.add(changed);
                case Applied.Held held -> doubts.addAll(held.doubts());
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
        facts.subList(factsBefore, facts.size()).clear();
        return new Applied.Held(doubts);
    }

    /**
     * @param vouched whether another part of the message said who the patient is, and was taken
     */
    private Applied apply(Results results, Recording recording, boolean vouched) {
        var folded = Fold.fold(stateFor(results), results, recording, vouched);
        switch (folded.applied()) {
            case Applied.Changed changed -> {
                keep(folded.after());
                for (var row : changed.facts().records) {
                    var brought = folded.after().record();
                    if (brought != null)
                        registrations.brought(
                                brought, row.claim(), results.partner(), recording.entryId());
                }
                facts.add(changed.facts());
            }
            case Applied.Held _ -> {}
        }
        return folded.applied();
    }

    private Applied apply(Registration registration, Recording recording) {
        var folded =
                RegistrationFold.fold(
                        registrations.stateFor(registration), registration, recording);
        switch (folded.applied()) {
            case Applied.Changed changed -> {
                registrations.keep(folded.after());
                if (folded.after().patient() != null) know(folded.after().patient().record());
                facts.add(changed.facts());
            }
            case Applied.Held _ -> {}
        }
        return folded.applied();
    }

    RegistrationGroup registrations() {
        return registrations;
    }

    List<Facts> facts() {
        return facts;
    }

    void know(KnownRecord record) {
        records.put(record.key(), record);
    }

    void know(KnownReport report) {
        reports.computeIfAbsent(
                        new ReportNumber(report.partner(), report.number()),
                        n -> new LinkedHashMap<>())
                .put(report.series(), report);
    }

    private PatientState stateFor(Results results) {
        var known = new ArrayList<KnownReport>();
        results.reports().stream()
                .map(report -> new ReportNumber(results.partner(), report.number()))
                .distinct()
                .forEach(number -> known.addAll(reports.getOrDefault(number, Map.of()).values()));
        return new PatientState(records.get(results.patient().key()), known);
    }

    private void keep(PatientState state) {
        if (state.record() != null) know(state.record());
        state.reports().forEach(this::know);
    }
}
