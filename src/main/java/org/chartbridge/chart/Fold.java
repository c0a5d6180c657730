package org.chartbridge.chart;

import org.chartbridge.chart.Facts.DocumentRow;
import org.chartbridge.chart.Facts.Move;
import org.chartbridge.chart.Facts.NoteRow;
import org.chartbridge.chart.Facts.ObservationRow;
import org.chartbridge.chart.Facts.OrderRow;
import org.chartbridge.chart.Facts.RecordRow;
import org.chartbridge.chart.Facts.ReportRow;
import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownReportVersion;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.chartbridge.chart.Timeline.Place;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Folds results into what is known; long because the life of a report and its values stands here
 * whole. Pure: no database, clock or network; the same state and update give the same answer.
 * HL7-RULES §4 and §6.
 */
final class Fold {

    /**
     * The same order number with specimens further apart than this is a reused number, not a new
     * version.
     */
    static final Duration MAX_COLLECTED_APART = Duration.ofDays(7);

    /**
     * What came of it.
     *
     * @param after what is known afterwards; unchanged when the update is held
     */
    record Folded(Applied applied, PatientState after) {}

    private final Recording recording;
    private final boolean vouched;
    private final Facts facts;
    private final List<Doubt> doubts = new ArrayList<>();
    private final List<Applied.Remark> remarks = new ArrayList<>();
    private PatientState state;

    private Fold(PatientState state, Recording recording, boolean vouched) {
        this.state = state;
        this.recording = recording;
        this.vouched = vouched;
        this.facts = new Facts(recording.entryId(), recording.recordedAt());
    }

    /**
     * @param vouched whether the patient claim was taken already, with another part of the message
     */
    static Folded fold(PatientState state, Results results, Recording recording, boolean vouched) {
        return new Fold(state, recording, vouched).fold(state, results);
    }

    private Folded fold(PatientState before, Results results) {
        if (!before.decided() && !vouched)
            doubts.addAll(Identity.doubts(results.patient(), before.record(), before.others()));
        var known = before.record();
        for (var report : results.reports()) doubtNumber(results.partner(), report, known);
        if (!doubts.isEmpty()) return new Folded(new Applied.Held(doubts), before);

        var record = known != null ? known : newRecord(results.patient());
        for (var report : results.reports()) apply(results.partner(), record, report);
        if (!doubts.isEmpty()) return new Folded(new Applied.Held(doubts), before);
        return new Folded(new Applied.Changed(facts, record.id(), remarks), state);
    }

    private KnownRecord newRecord(PatientClaim claim) {
        var former = recording.former(claim.key());
        var id = former.id();
        var personId = former.personId();
        facts.records.add(new RecordRow(id, personId, claim));
        var record = new KnownRecord(id, personId, claim.key(), claim.name(), claim.birthDate());
        state = state.with(record);
        if (!state.others().isEmpty())
            facts.assertions.add(
                    Identity.linked(recording, record, claim, state.others().getFirst()));
        return record;
    }

    // ------------------------------------------------------------ order numbers

    private void doubtNumber(
            String partner, ReportStatement statement, @Nullable KnownRecord record) {
        if (!statement.hasOrderNumber()) {
            doubtCorrectionWithoutNumber(statement);
            return;
        }
        for (var report : state.reports()) {
            if (!report.partner().equals(partner) || !report.number().equals(statement.number()))
                continue;
            if (record == null || !report.personId().equals(record.personId())) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-3",
                                HoldReason.ORDER_NUMBER_OF_ANOTHER_PATIENT,
                                "this order number already belongs to another patient's report"));
                return;
            }
            if (tooFarApart(report.collected(), statement.collected().instant())) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-7",
                                HoldReason.COLLECTED_TOO_FAR_APART,
                                "this order number is known with a specimen collected more than "
                                        + MAX_COLLECTED_APART.toDays()
                                        + " days apart; it looks like a number used again"));
                return;
            }
        }
    }

    private void doubtCorrectionWithoutNumber(ReportStatement statement) {
        for (var observation : statement.observations()) {
            var status = observation.status();
            if (status == ObservationStatus.CORRECTED || status.isWithdrawal()) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-3",
                                HoldReason.ORDER_NUMBER_MISSING,
                                "a correction or withdrawal needs the order number of the report"
                                        + " that it changes (OBR-3 or OBR-2)"));
                return;
            }
        }
    }

    private static boolean tooFarApart(@Nullable Instant one, @Nullable Instant other) {
        return one != null
                && other != null
                && Duration.between(one, other).abs().compareTo(MAX_COLLECTED_APART) > 0;
    }

    // ------------------------------------------------------------ reports

    private void apply(String partner, KnownRecord record, ReportStatement statement) {
        var known = find(partner, record, statement);
        long reportId = recording.ids().getAsLong();
        long hash = hashOf(statement);
        var entry =
                new ReportTimeline.Version(
                        reportId, recording.entryId(), statement.status(), hash, statement.said());

        long series = known == null ? reportId : known.series();
        long orderId;
        if (known == null) {
            orderId = recording.ids().getAsLong();
            facts.orders.add(new OrderRow(orderId, record.id(), partner, statement));
        } else {
            orderId = known.orderId();
        }

        var versions = new ArrayList<KnownReportVersion>();
        if (known != null) versions.addAll(known.versions());
        int number = versions.size() + 1;
        versions.add(new KnownReportVersion(number, entry, NOWHERE));
        var places = ReportTimeline.arrange(versions.stream().map(v -> v.entry()).toList());
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            var place = placeOf(places, version.entry().id());
            if (version.entry().id() != reportId && !place.equals(version.place()))
                facts.reportMoves.add(new Move(version.entry().id(), place));
            versions.set(i, version.at(place));
        }
        facts.reports.add(
                new ReportRow(
                        reportId,
                        series,
                        number,
                        placeOf(places, reportId),
                        record.id(),
                        orderId,
                        partner,
                        statement,
                        hash));
        addNotes(series, reportId, statement.notes());

        var values = PatientState.copyOf(known == null ? Map.of() : known.values());
        for (var observation : statement.observations()) apply(record, series, observation, values);

        state =
                state.with(
                        new KnownReport(
                                series,
                                record.personId(),
                                orderId,
                                partner,
                                statement.number(),
                                statement.service().key(),
                                statement.service().system(),
                                known != null && known.collected() != null
                                        ? known.collected()
                                        : statement.collected().instant(),
                                List.copyOf(versions),
                                values));
    }

    private @Nullable KnownReport find(
            String partner, KnownRecord record, ReportStatement statement) {
        for (var report : state.reports()) {
            if (report.personId().equals(record.personId())
                    && report.partner().equals(partner)
                    && report.isFor(statement)) return report;
        }
        return null;
    }

    // ------------------------------------------------------------ values

    private void apply(
            KnownRecord record,
            long reportSeries,
            ObservationStatement statement,
            Map<ValueKey, List<KnownValue>> values) {
        var key = ValueKey.of(statement);
        var versions = new ArrayList<>(values.getOrDefault(key, List.of()));
        var status = statement.status();

        var value = statement.value();
        String unit = statement.unit();
        String unitSystem = statement.unitSystem();
        boolean inherited = value.isEmpty() && status.mayKeepValue();
        if (inherited) {
            var before = current(versions);
            if (before == null || before.text().isEmpty()) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-11",
                                HoldReason.STATUS_WITHOUT_RESULT,
                                "status "
                                        + status.letter()
                                        + " confirms a value sent before, and none is known"));
                return;
            }
            value =
                    new Value(
                            before.type(),
                            before.text(),
                            before.number(),
                            before.comparator(),
                            List.of(),
                            before.notPerformed());
            unit = before.unit();
            unitSystem = before.unitSystem();
        }

        long id = recording.ids().getAsLong();
        long series = versions.isEmpty() ? id : versions.getFirst().series();
        int number = versions.size() + 1;
        long hash = hashOf(statement);
        var entry =
                new Timeline.Version(
                        id,
                        recording.entryId(),
                        status,
                        valueKey(value.text(), unit),
                        inherited,
                        hash,
                        statement.said());
        versions.add(
                new KnownValue(
                        series,
                        number,
                        entry,
                        NOWHERE,
                        value.type(),
                        value.text(),
                        value.number(),
                        value.comparator(),
                        value.notPerformed(),
                        unit,
                        unitSystem));

        var place = NOWHERE;
        if (number == 1) {
            place = placeOf(Timeline.arrange(List.of(entry)), id);
            versions.set(0, versions.getFirst().at(place));
        } else {
            var places = Timeline.arrange(versions.stream().map(KnownValue::entry).toList());
            for (int i = 0; i < versions.size(); i++) {
                var version = versions.get(i);
                var newPlace = placeOf(places, version.entry().id());
                if (version.entry().id() == id) place = newPlace;
                else if (!newPlace.equals(version.place()))
                    facts.observationMoves.add(new Move(version.entry().id(), newPlace));
                versions.set(i, version.at(newPlace));
            }
        }
        remark(statement, place);
        values.put(key, List.copyOf(versions));
        facts.observations.add(
                new ObservationRow(
                        id,
                        series,
                        number,
                        place,
                        record.id(),
                        reportSeries,
                        statement,
                        value,
                        unit,
                        unitSystem,
                        inherited,
                        hash));
        addNotes(reportSeries, id, statement.notes());
        for (var document : statement.documents()) {
            facts.documents.add(
                    new DocumentRow(
                            recording.ids().getAsLong(),
                            record.id(),
                            reportSeries,
                            id,
                            document,
                            ContentHash.sha256(document.content())));
        }
    }

    private void remark(ObservationStatement statement, Place place) {
        switch (place.standing()) {
            case LATE ->
                    remarks.add(
                            new Applied.Remark(
                                    statement.path(),
                                    "result-late",
                                    "a later statement about this value is already charted; kept"
                                            + " as history"));
            case NOT_APPLIED ->
                    remarks.add(
                            new Applied.Remark(
                                    statement.path() + "-11",
                                    "result-status-not-applied",
                                    "status "
                                            + statement.status().letter()
                                            + " does not follow from the one before (table 0085);"
                                            + " kept, not shown as current"));
            case CURRENT -> {
                if (place.corrected())
                    remarks.add(
                            new Applied.Remark(
                                    statement.path(),
                                    "result-corrected",
                                    "changes a value that had been final"));
            }
            case REPLACED, REPEAT, WITHDRAWN, WITHDRAWAL, NOT_SHOWN -> {}
        }
    }

    private void addNotes(long reportSeries, long target, List<NoteStatement> notes) {
        for (var note : notes)
            facts.notes.add(new NoteRow(recording.ids().getAsLong(), reportSeries, target, note));
    }

    private static @Nullable KnownValue current(List<KnownValue> versions) {
        for (var version : versions)
            if (version.place().standing() == Standing.CURRENT) return version;
        return null;
    }

    private static final Place NOWHERE = new Place(Standing.NOT_SHOWN, false, 0);

    private static Place placeOf(Map<Long, Place> places, long id) {
        var place = places.get(id);
        if (place == null) throw new IllegalStateException("version " + id + " has no place");
        return place;
    }

    /** What makes two versions say the same value. */
    static String valueKey(String text, String unit) {
        return text + '\u0000' + unit;
    }

    private static long hashOf(ReportStatement statement) {
        return new ContentHash()
                .add(statement.service())
                .add(statement.status())
                .add(statement.collected().asSent())
                .add(statement.orderingProvider())
                .add(statement.interpreter())
                .add(statement.notes().stream().map(NoteStatement::text).toList())
                .value();
    }

    private static long hashOf(ObservationStatement statement) {
        var hash =
                new ContentHash()
                        .add(statement.test())
                        .add(statement.subId())
                        .add(statement.status().letter())
                        .add(statement.value().text())
                        .add(statement.unit())
                        .add(statement.range())
                        .add(statement.flags())
                        .add(statement.notes().stream().map(NoteStatement::text).toList());
        for (var document : statement.documents())
            hash.add(java.util.HexFormat.of().formatHex(ContentHash.sha256(document.content())));
        return hash.value();
    }
}
