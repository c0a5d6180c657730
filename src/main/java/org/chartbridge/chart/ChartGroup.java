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

    ChartGroup(Instant recordedAt, LongSupplier ids) {
        this.recordedAt = recordedAt;
        this.ids = ids;
    }

    /** Folds one update; what it changed is seen by the next. A held one leaves no trace here. */
    public Applied apply(ChartUpdate update, long entryId) {
        var recording = new Recording(entryId, recordedAt, ids, UUID::randomUUID);
        var folded = Fold.fold(stateFor(update), update, recording);
        switch (folded.applied()) {
            case Applied.Changed changed -> {
                keep(folded.after());
                facts.add(changed.facts());
            }
            case Applied.Held held -> {}
        }
        return folded.applied();
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

    private PatientState stateFor(ChartUpdate update) {
        return switch (update) {
            case Results results -> {
                var known = new ArrayList<KnownReport>();
                results.reports().stream()
                        .map(report -> new ReportNumber(results.partner(), report.number()))
                        .distinct()
                        .forEach(
                                number ->
                                        known.addAll(
                                                reports.getOrDefault(number, Map.of()).values()));
                yield new PatientState(records.get(results.patient().key()), known);
            }
        };
    }

    private void keep(PatientState state) {
        if (state.record() != null) know(state.record());
        state.reports().forEach(this::know);
    }
}
