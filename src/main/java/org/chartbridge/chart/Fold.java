package org.chartbridge.chart;

import org.chartbridge.chart.Facts.Confirmation;
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

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Folds results into what is known; long because the life of a report and its values stands here
 * whole. Pure: no database, clock or network; the same state and update give the same answer.
 * HL7-RULES §4 and §6.
 */
final class Fold {

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
        var byOrder = results.byOrder();
        if (byOrder != null) doubts.addAll(byOrder.doubts(results.reports().getFirst().path()));
        else if (!before.decided() && !vouched)
            doubts.addAll(Identity.doubts(results.patient(), before.record(), before.others()));
        var known = before.record();
        // Merged or taken out since the order was looked up: the next reading finds it.
        if (byOrder != null && known == null && doubts.isEmpty())
            doubts.addAll(ByOrder.gone(results.reports().getFirst().path()));
        var others = before.others();
        var named = known != null || others.isEmpty() ? known : others.getFirst();
        var numbers = new NumberDoubts(before);
        for (var report : results.reports())
            doubts.addAll(numbers.of(results, report, named == null ? null : home(named, report)));
        if (!doubts.isEmpty()) return new Folded(new Applied.Held(doubts), before);

        var record = known != null ? claimed(before, known, results) : newRecord(results);
        var homes = new LinkedHashSet<Long>();
        for (var report : results.reports()) {
            var home = home(record, report);
            homes.add(home.id());
            apply(results.partner(), home, report);
        }
        if (!doubts.isEmpty()) return new Folded(new Applied.Held(doubts), before);
        long chartedOn = homes.size() == 1 ? homes.getFirst() : record.id();
        return new Folded(new Applied.Changed(facts, chartedOn, remarks), state);
    }

    /** Whose a report is: of whom it names, unless a person filed its number elsewhere. */
    private KnownRecord home(KnownRecord named, ReportStatement report) {
        return state.homes().getOrDefault(report.number(), named);
    }

    /** What a lab says of a patient counts by its message's clock, not by its arrival. */
    private KnownRecord claimed(PatientState before, KnownRecord known, Results results) {
        if (before.decided()) return known;
        var record = known.after(results.patient(), sentAt(results), facts.claims);
        if (!record.equals(known)) state = state.with(record);
        return record;
    }

    private static @Nullable Instant sentAt(Results results) {
        return results.reports().getFirst().said().message();
    }

    private KnownRecord newRecord(Results results) {
        var claim = results.patient();
        var former = recording.former(claim.key());
        var id = former.id();
        var personId = former.personId();
        var claimed = Claimed.of(claim, sentAt(results));
        facts.records.add(new RecordRow(id, personId, claim, claimed));
        var others = state.others();
        // Whom it is linked to it is from now on.
        var person = others.isEmpty() ? personId : others.getFirst().personId();
        var record = new KnownRecord(id, person, claim, claimed);
        state = state.with(record);
        facts.assertions.addAll(Identity.links(recording, record, claim, others));
        return record;
    }

    // ------------------------------------------------------------ reports

    private void apply(String partner, KnownRecord record, ReportStatement statement) {
        var known = goesOn(partner, record, statement);
        long reportId = recording.ids().getAsLong();
        long hash = SaidHash.of(statement);
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
            // By it the report is found where only the placer's number comes.
            if (!statement.placerNumber().isEmpty()
                    && known.versions().stream().allMatch(v -> v.numbers().placer().isEmpty()))
                facts.placers.add(new Facts.Placer(orderId, statement.placerNumber()));
        }

        var versions = new ArrayList<KnownReportVersion>();
        if (known != null) versions.addAll(known.versions());
        int number = versions.isEmpty() ? 1 : versions.getLast().version() + 1;
        int says = ReportWords.of(statement);
        versions.add(
                new KnownReportVersion(
                        number,
                        entry,
                        NOWHERE,
                        statement.whole(),
                        says,
                        false,
                        PatientState.OwnWords.of(statement)));
        sayTwoNumbers(versions);
        says = versions.getLast().says();
        addNotes(series, reportId, statement.notes());

        var values = PatientState.copyOf(known == null ? Map.of() : known.values());
        var codes = new CodeDoubts(statement, values, recording.entryId());
        for (var observation : statement.observations())
            apply(record, series, statement, observation, values, codes);
        if (WholeReport.isNeeded(versions, values))
            arrangeTogether(statement.path(), versions, values);

        place(versions, values, reportId);
        if (known != null) complete(versions);
        remarkTakenBack(statement, values);
        facts.reports.add(
                new ReportRow(
                        reportId,
                        series,
                        number,
                        versions.getLast().place(),
                        record.id(),
                        orderId,
                        partner,
                        statement,
                        says,
                        hash));

        state =
                state.with(
                        new KnownReport(
                                series,
                                record.personId(),
                                orderId,
                                partner,
                                KnownReport.numbers(
                                        known == null ? Set.of() : known.numbers(),
                                        statement.number()),
                                statement.service().key(),
                                statement.service().system(),
                                known == null
                                        ? Codings.of(statement.service(), "")
                                        : known.codings(),
                                KnownReport.collected(
                                        known == null ? List.of() : known.collected(),
                                        statement.collected().instant()),
                                List.copyOf(versions),
                                values));
    }

    /** ⚠ Which values are meant is not said, so they stay, and somebody has to ask. */
    private void remarkTakenBack(
            ReportStatement statement, Map<ValueKey, List<KnownValue>> values) {
        if (!TAKES_BACK.contains(statement.status())) return;
        var said = new HashSet<ValueKey>();
        for (var value : statement.observations()) said.add(ValueKey.of(value));
        boolean left =
                values.entrySet().stream()
                        .anyMatch(
                                one ->
                                        !said.contains(one.getKey())
                                                && hasCurrentValue(one.getValue()));
        if (!left) return;
        remarks.add(
                new Applied.Remark(
                        statement.path() + "-25",
                        "report-taken-back-without-values",
                        "status "
                                + statement.status()
                                + " without an OBX for each value: those without one are in the"
                                + " chart and stay; take each of them back by its OBX (status D, W"
                                + " or X)"));
    }

    /** OBR-25: cancelled, and what some send for taken back, which table 0123 does not have. */
    private static final Set<String> TAKES_BACK = Set.of("X", "D", "W");

    /** Puts every version of a report in its place, and moves those that stand elsewhere now. */
    private void place(
            List<KnownReportVersion> versions, Map<ValueKey, List<KnownValue>> values, long added) {
        var places =
                ReportTimeline.arrange(
                        versions.stream().map(KnownReportVersion::entry).toList(),
                        hasFinalValue(values));
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            var place = placeOf(places, version.entry().id());
            if (version.entry().id() != added && !place.equals(version.place()))
                facts.reportMoves.add(new Move(version.entry().id(), place));
            versions.set(i, version.at(place));
        }
    }

    /**
     * The current version has, of each field that it leaves empty, what was said last; no other
     * version has any but its own.
     */
    private void complete(List<KnownReportVersion> versions) {
        boolean timed = false;
        boolean someTime = false;
        for (var version : versions) {
            boolean saysTime = ReportWords.say(version.says(), RequestField.COLLECTED);
            timed |= !saysTime;
            someTime |= saysTime;
        }
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            boolean current = version.place().standing() == Standing.CURRENT;
            var words =
                    current
                            ? ReportWords.inherited(version, versions)
                            : Map.<String, ReportTimeline.Version>of();
            if (current && timed && someTime) facts.timed.add(version.entry().id());
            if (words.isEmpty() && !version.completed()) continue;
            facts.completions.add(new Facts.Completion(version.entry().id(), words));
            versions.set(i, version.completed(!words.isEmpty()));
        }
    }

    // ------------------------------------------------------------ by the placer's number

    /** The report that a statement is the next version of; null for a new one. */
    private @Nullable KnownReport goesOn(
            String partner, KnownRecord record, ReportStatement statement) {
        var known = find(partner, record, statement);
        var same = ofPlacer(partner, record, statement, known);
        if (!ByPlacersNumber.concerns(statement, same)) return known;
        var numbers = new ByPlacersNumber(statement, known, same, recording.entryId());
        if (numbers.isAmbiguous())
            remarks.add(
                    new Applied.Remark(
                            statement.path() + "-2",
                            "placer-number-of-several",
                            "several reports of this test carry the placer's number; what came"
                                    + " without a filler's number stands beside them"));
        for (var torn : numbers.torn()) {
            tear(torn);
            known = find(partner, record, statement);
            numbers = numbers(partner, record, statement, known);
        }
        var two = numbers.two();
        if (two != null) {
            join(two.filler(), two.placer());
            return find(partner, record, statement);
        }
        var joined = numbers.joins();
        return joined == null ? known : joined;
    }

    private ByPlacersNumber numbers(
            String partner,
            KnownRecord record,
            ReportStatement statement,
            @Nullable KnownReport known) {
        return new ByPlacersNumber(
                statement, known, ofPlacer(partner, record, statement, known), recording.entryId());
    }

    private List<KnownReport> ofPlacer(
            String partner,
            KnownRecord record,
            ReportStatement statement,
            @Nullable KnownReport known) {
        var placers = new LinkedHashSet<String>();
        if (!statement.placerNumber().isEmpty()) placers.add(statement.placerNumber());
        if (known != null)
            for (var version : known.versions())
                if (!version.numbers().placer().isEmpty()) placers.add(version.numbers().placer());
        if (placers.isEmpty()) return List.of();
        return state.reports().stream()
                .filter(
                        report ->
                                PatientState.isOf(record, report)
                                        && report.partner().equals(partner))
                .filter(report -> report.isOfService(statement))
                .filter(
                        report ->
                                (known != null && report.series() == known.series())
                                        || placers.stream().anyMatch(report::hasPlacer))
                .toList();
    }

    /** A report of both kinds of numbers says so in each version, by which all are read again. */
    private void sayTwoNumbers(List<KnownReportVersion> versions) {
        boolean some = versions.stream().anyMatch(KnownReportVersion::isByPlacer);
        boolean two = some && !versions.stream().allMatch(KnownReportVersion::isByPlacer);
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            int says =
                    two
                            ? version.says() | ReportWords.TWO_NUMBERS
                            : version.says() & ~ReportWords.TWO_NUMBERS;
            if (says == version.says()) continue;
            versions.set(i, version.saying(says));
            facts.says.add(new Facts.Says(version.entry().id(), says));
        }
    }

    /** Takes apart what was one report until another of the placer's number came. */
    private void tear(KnownReport report) {
        var entries = new HashSet<Long>();
        for (var version : report.versions())
            if (version.isByPlacer()) entries.add(version.entry().entryId());
        state = state.with(part(report, entries, true)).with(part(report, entries, false));
    }

    /** The part that has the first version stays what it was; the other one becomes a report. */
    private KnownReport part(KnownReport report, Set<Long> entries, boolean byPlacer) {
        var versions = new ArrayList<KnownReportVersion>();
        for (var version : report.versions())
            if (version.isByPlacer() == byPlacer) versions.add(version);
        boolean stays = versions.stream().anyMatch(v -> v.entry().id() == report.series());
        long series = stays ? report.series() : versions.getFirst().entry().id();
        long orderId = stays ? report.orderId() : recording.ids().getAsLong();
        if (!stays) {
            facts.ordersOf.add(new Facts.OrderOf(orderId, series));
            for (var version : versions)
                facts.movedReports.add(
                        new Facts.MovedReport(
                                version.entry().id(), report.series(), series, orderId));
        }
        var values = new LinkedHashMap<ValueKey, List<KnownValue>>();
        report.values()
                .forEach(
                        (key, all) -> {
                            var its =
                                    all.stream()
                                            .filter(
                                                    v ->
                                                            entries.contains(v.entry().entryId())
                                                                    == byPlacer)
                                            .toList();
                            if (its.isEmpty()) return;
                            boolean first =
                                    its.stream().anyMatch(v -> v.entry().id() == v.series());
                            long id = first ? its.getFirst().series() : its.getFirst().entry().id();
                            if (!stays || !first)
                                for (var value : its)
                                    facts.movedValues.add(
                                            new Facts.MovedValue(
                                                    value.entry().id(),
                                                    report.series(),
                                                    series,
                                                    id,
                                                    value.version()));
                            values.put(key, its.stream().map(v -> v.of(id, v.version())).toList());
                        });
        return arranged(report.of(series, orderId), versions, values);
    }

    /** A report of these versions, each in its place. */
    private KnownReport arranged(
            KnownReport report,
            List<KnownReportVersion> versions,
            Map<ValueKey, List<KnownValue>> values) {
        sayTwoNumbers(versions);
        if (WholeReport.isNeeded(versions, values)) arrangeTogether("", versions, values);
        else
            values.replaceAll(
                    (_, all) -> {
                        var arranged = new ArrayList<>(all);
                        arrangeAll(arranged, NONE_ADDED);
                        return List.copyOf(arranged);
                    });
        place(versions, values, NONE_ADDED);
        complete(versions);
        var numbers = new LinkedHashSet<String>();
        var collected = new LinkedHashSet<Instant>();
        for (var version : versions) {
            numbers.add(version.numbers().number());
            var time = version.numbers().collected();
            if (time != null) collected.add(time);
        }
        return new KnownReport(
                report.series(),
                report.personId(),
                report.orderId(),
                report.partner(),
                numbers,
                report.service(),
                report.serviceSystem(),
                report.codings(),
                List.copyOf(collected),
                List.copyOf(versions),
                values);
    }

    /** Takes together what stood apart until something said that it is one report. */
    private void join(KnownReport filler, KnownReport placer) {
        var versions = new ArrayList<>(filler.versions());
        versions.addAll(placer.versions());
        facts.droppedOrders.add(placer.orderId());
        for (var version : placer.versions())
            facts.movedReports.add(
                    new Facts.MovedReport(
                            version.entry().id(),
                            placer.series(),
                            filler.series(),
                            filler.orderId()));
        var values = PatientState.copyOf(filler.values());
        placer.values()
                .forEach(
                        (key, more) -> {
                            var all = new ArrayList<>(values.getOrDefault(key, List.of()));
                            long series =
                                    all.isEmpty()
                                            ? more.getFirst().series()
                                            : all.getFirst().series();
                            int last = all.isEmpty() ? 0 : all.getLast().version();
                            for (var value : more) {
                                var moved = value.of(series, ++last);
                                all.add(moved);
                                facts.movedValues.add(
                                        new Facts.MovedValue(
                                                moved.entry().id(),
                                                placer.series(),
                                                filler.series(),
                                                series,
                                                last));
                            }
                            values.put(key, List.copyOf(all));
                        });
        state = state.without(placer).with(arranged(filler, versions, values));
    }

    private static final long NONE_ADDED = 0;

    private @Nullable KnownReport find(
            String partner, KnownRecord record, ReportStatement statement) {
        var exact = state.exact(partner, record, statement);
        if (exact != null) return exact;
        var known = state.butForNamespace(partner, record, statement);
        return known.isEmpty() ? null : known.getFirst();
    }

    // ------------------------------------------------------------ values

    private void apply(
            KnownRecord record,
            long reportSeries,
            ReportStatement report,
            ObservationStatement statement,
            Map<ValueKey, List<KnownValue>> values,
            CodeDoubts codes) {
        var key = ValueKey.of(statement);
        var versions = new ArrayList<>(values.getOrDefault(key, List.of()));
        var status = statement.status();

        if (versions.isEmpty()) {
            doubts.addAll(codes.of(statement));
            codes.known(key);
        }
        var value = statement.value();
        boolean inherited = value.isEmpty() && status.mayKeepValue();
        if (inherited && !hasValue(versions)) {
            doubts.add(
                    new Doubt(
                            statement.path() + "-11",
                            HoldReason.STATUS_WITHOUT_RESULT,
                            "status "
                                    + status.letter()
                                    + " confirms a value sent before, and none is known"));
            return;
        }

        long id = recording.ids().getAsLong();
        long series = versions.isEmpty() ? id : versions.getFirst().series();
        int number = versions.isEmpty() ? 1 : versions.getLast().version() + 1;
        long hash = SaidHash.of(statement);
        var entry =
                new Timeline.Version(
                        id,
                        recording.entryId(),
                        status,
                        valueKey(
                                value.text(), value.number(), value.comparator(), statement.unit()),
                        inherited,
                        hash,
                        statement.said(),
                        isWords(statement),
                        report.whole() || !statement.notes().isEmpty(),
                        Timeline.Beside.of(statement));
        versions.add(
                new KnownValue(
                        series,
                        number,
                        entry,
                        NOWHERE,
                        Isolates.names(statement),
                        KnownValue.Shown.of(statement),
                        Codings.of(statement.test(), statement.translation().loinc()),
                        KnownValue.taken(statement.observed()),
                        0));
        var own = arrange(versions, id);
        var place = own.place();
        remark(statement, own, versions);
        remarkSpecimens(statement, own, versions);
        if (status.isWithdrawal()) remarkWithdrawal(statement, versions);
        if (versions.size() == 1 && Timeline.corrects(entry)) remarkNothingCorrected(statement);
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
                        inherited || entry.appends() ? own.shown().value() : value,
                        own.shown().unit(),
                        own.shown().unitSystem(),
                        inherited,
                        entry.words(),
                        entry.appends(),
                        entry.noted(),
                        own.notesOf(),
                        hash));
        if (inherited) facts.confirmations.add(new Confirmation(id, own.shown()));
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

    /**
     * Puts every version in its place and gives those that confirm a value the one they confirm;
     * what stands elsewhere than before is to be written.
     *
     * @return the new one
     */
    private KnownValue arrange(List<KnownValue> versions, long added) {
        var own = arrangeAll(versions, added);
        if (own == null) throw new IllegalStateException("a version that is not among its own");
        return own;
    }

    private @Nullable KnownValue arrangeAll(List<KnownValue> versions, long added) {
        var arranged =
                versions.size() == 1
                        ? Timeline.arranged(List.of(versions.getFirst().entry()))
                        : Timeline.arranged(versions.stream().map(KnownValue::entry).toList());
        KnownValue own = null;
        var shown = shown(versions, arranged);
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            long id = version.entry().id();
            var now = placed(version, shown, arranged);
            if (id == added) own = now;
            else write(version, now);
            versions.set(i, now);
        }
        return own;
    }

    /**
     * As {@link #arrange} for all values of a report at once, where they depend on each other. What
     * stood apart before is moved again: the last move of a version counts.
     */
    private void arrangeTogether(
            String path,
            List<KnownReportVersion> reportVersions,
            Map<ValueKey, List<KnownValue>> values) {
        var arranged = WholeReport.arrange(reportVersions, values);
        values.replaceAll(
                (key, versions) -> {
                    var timeline = arranged.timelines().get(key);
                    if (timeline == null) throw new IllegalStateException("a value left out");
                    var all = timeline.arranged();
                    var shown = shown(versions, all);
                    return versions.stream()
                            .map(
                                    version -> {
                                        var now = placed(version, shown, all);
                                        write(version, now);
                                        return now;
                                    })
                            .toList();
                });
        if (arranged.relabelled().contains(recording.entryId()))
            remarks.add(
                    new Applied.Remark(
                            path,
                            "isolates-renumbered",
                            "an isolate has another number in OBX-4 than before; numbered values"
                                    + " that are not said again are history"));
        var leftOut = arranged.leftOut().getOrDefault(recording.entryId(), 0);
        if (leftOut > 0)
            remarks.add(
                    new Applied.Remark(
                            path,
                            "result-left-out",
                            leftOut
                                    + " final values charted before are not in this report; they"
                                    + " stay (results: snapshot)"));
    }

    private static KnownValue placed(
            KnownValue version, Map<Long, KnownValue.Shown> shown, Timeline.Arranged arranged) {
        long id = version.entry().id();
        var now = version.at(placeOf(arranged.places(), id));
        return now.showing(shown.getOrDefault(id, now.shown()))
                .withNotesOf(arranged.notesOf().getOrDefault(id, 0L));
    }

    /** What is another of an older version than before. */
    private void write(KnownValue before, KnownValue now) {
        long id = now.entry().id();
        if (!now.place().equals(before.place()))
            facts.observationMoves.add(new Move(id, now.place()));
        if (now.notesOf() != before.notesOf())
            facts.keptNotes.add(new Facts.KeptNotes(id, now.notesOf()));
        if (now.shown().equals(before.shown())) return;
        if (now.entry().appends()) facts.joined.add(new Facts.Joined(id, now.shown().text()));
        else facts.confirmations.add(new Confirmation(id, now.shown()));
    }

    /** What each version shows, where one confirms or goes on from another; else empty. */
    private static Map<Long, KnownValue.Shown> shown(
            List<KnownValue> versions, Timeline.Arranged arranged) {
        if (versions.stream().noneMatch(v -> v.entry().inherited() || v.entry().appends()))
            return Map.of();
        var shown = new HashMap<Long, KnownValue.Shown>();
        for (var version : versions) {
            var entry = version.entry();
            var own = version.shown();
            if (entry.inherited()) own = own.confirmingNothing();
            else if (entry.appends())
                own = own.reading(arranged.joined().getOrDefault(entry.id(), entry.text()));
            shown.put(entry.id(), own);
        }
        arranged.confirmed()
                .forEach(
                        (id, on) -> {
                            var value = shown.get(on);
                            if (value != null)
                                shown.computeIfPresent(id, (_, own) -> own.confirming(value, on));
                        });
        return shown;
    }

    /** Text and nothing else. */
    private static boolean isWords(ObservationStatement statement) {
        var value = statement.value();
        return !value.isEmpty()
                && WORDS.contains(value.type().toUpperCase(Locale.ROOT))
                && value.number() == null
                && value.codings().isEmpty()
                && !value.notPerformed()
                && statement.documents().isEmpty();
    }

    private static final Set<String> WORDS = Set.of("TX", "FT", "ST");

    private void remarkWithdrawal(ObservationStatement statement, List<KnownValue> versions) {
        if (versions.size() == 1) remarkUnmet(statement);
        else if (hasCurrentValue(versions))
            remarks.add(
                    new Applied.Remark(
                            statement.path(),
                            "withdrawal-before-value",
                            "takes back what was said before it; by the times in OBR-22 and MSH-7"
                                    + " the value in the chart was said after it, and stays"));
    }

    private void remarkUnmet(ObservationStatement statement) {
        remarks.add(
                new Applied.Remark(
                        statement.path(),
                        "withdrawal-without-result",
                        "takes back a result that is not in the chart; if it was charted under"
                                + " another code or number, that one still stands"));
    }

    /** ⚠ What reads as a correction may be a second specimen under the number of the first. */
    private void remarkSpecimens(
            ObservationStatement statement, KnownValue own, List<KnownValue> versions) {
        for (var other : versions) {
            if (!own.isOfAnotherSpecimen(other) && !other.isOfAnotherSpecimen(own)) continue;
            remarks.add(
                    new Applied.Remark(
                            statement.path(),
                            "collected-otherwise",
                            "a final value takes the place of another final one that was collected"
                                    + " at another time, and is not called a correction; it may be"
                                    + " a second specimen under the order number of the first"));
            return;
        }
    }

    private void remarkNothingCorrected(ObservationStatement statement) {
        remarks.add(
                new Applied.Remark(
                        statement.path(),
                        "correction-without-result",
                        "corrects a result that is not in the chart; if it was charted under"
                                + " another code or number, that one still stands"));
    }

    private static boolean hasCurrentValue(List<KnownValue> versions) {
        for (var version : versions)
            if (version.place().standing() == Standing.CURRENT && !version.shown().text().isEmpty())
                return true;
        return false;
    }

    /** Whether a result stands that the laboratory called final. */
    private static boolean hasFinalValue(Map<ValueKey, List<KnownValue>> values) {
        for (var versions : values.values())
            for (var version : versions) {
                var status = version.entry().status();
                if (version.place().standing() == Standing.CURRENT
                        && status != ObservationStatus.CANNOT_BE_OBTAINED
                        && !status.isPreliminary()
                        && !version.shown().notPerformed()
                        && !version.shown().text().isEmpty()) return true;
            }
        return false;
    }

    /** Whether there is anything that could be confirmed, wherever it stands. */
    private static boolean hasValue(List<KnownValue> versions) {
        for (var version : versions)
            if (!version.entry().inherited()
                    && !version.shown().text().isEmpty()
                    && version.entry().status() != ObservationStatus.CANNOT_BE_OBTAINED)
                return true;
        return false;
    }

    private void remark(ObservationStatement statement, KnownValue own, List<KnownValue> versions) {
        var place = own.place();
        switch (place.standing()) {
            case LATE, REPLACED, WITHDRAWN ->
                    remarks.add(
                            new Applied.Remark(
                                    statement.path(),
                                    "result-late",
                                    "a later statement about this value is already charted; kept"
                                            + " as history, and sent on to nobody"));
            case NOT_APPLIED -> {
                if (isFinalWithoutValue(own) && hasCurrentValue(versions))
                    remarks.add(
                            new Applied.Remark(
                                    statement.path() + "-5",
                                    "final-without-value",
                                    "status "
                                            + statement.status().letter()
                                            + " without a value; the value in the chart stands,"
                                            + " and this is sent on to nobody"));
                else
                    remarks.add(
                            new Applied.Remark(
                                    statement.path() + "-11",
                                    "result-status-not-applied",
                                    "status "
                                            + statement.status().letter()
                                            + " does not follow from the one before (table 0085);"
                                            + " kept, not shown as current"));
            }
            case CURRENT -> {
                if (place.corrected())
                    remarks.add(
                            new Applied.Remark(
                                    statement.path(),
                                    "result-corrected",
                                    "changes a value that had been final"));
            }
            case REPEAT, WITHDRAWAL, NOT_SHOWN -> {}
        }
    }

    /** F, C or A with nothing in OBX-5. */
    private static boolean isFinalWithoutValue(KnownValue value) {
        var status = value.entry().status();
        return value.entry().isSilent()
                && !status.isPreliminary()
                && status != ObservationStatus.CANNOT_BE_OBTAINED;
    }

    private void addNotes(long reportSeries, long target, List<NoteStatement> notes) {
        for (var note : notes)
            // One without text only takes back those before.
            if (!note.text().isEmpty())
                facts.notes.add(
                        new NoteRow(recording.ids().getAsLong(), reportSeries, target, note));
    }

    private static final Place NOWHERE = new Place(Standing.NOT_SHOWN, false, 0);

    private static Place placeOf(Map<Long, Place> places, long id) {
        var place = places.get(id);
        if (place == null) throw new IllegalStateException("version " + id + " has no place");
        return place;
    }

    /** What the key of a version begins with that says no value. */
    static final String NO_VALUE = "\u0000";

    /** What makes two versions say the same value: a number by what it is, 5.0 as 5.00. */
    static String valueKey(
            String text, @Nullable BigDecimal number, String comparator, String unit) {
        var value =
                number == null ? text : comparator + number.stripTrailingZeros().toPlainString();
        return value + '\u0000' + unit;
    }
}
