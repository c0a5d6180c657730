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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
     * The same order number with specimens further apart than this is a reused number, not a new
     * version.
     */
    static final Duration MAX_COLLECTED_APART = Duration.ofDays(7);

    /**
     * Where nothing says when a specimen was taken, the same between messages (MSH-7): longer than
     * any culture grows, shorter than laboratories count to before they begin again.
     */
    static final Duration MAX_APART_WITHOUT_COLLECTION = Duration.ofDays(180);

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
        for (var report : results.reports())
            if (!doubtNumber(results, report, named == null ? null : home(named, report)))
                doubtOrder(results.partner(), report);
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

    // ------------------------------------------------------------ order numbers

    private boolean doubtNumber(
            Results results, ReportStatement statement, @Nullable KnownRecord record) {
        int before = doubts.size();
        if (statement.hasOrderNumber()) doubtKnownNumber(results, statement, record);
        else doubtCorrectionWithoutNumber(statement);
        return doubts.size() > before;
    }

    /**
     * Whoever ordered under this number ordered for somebody else than the laboratory names: one of
     * the two is wrong ⚠. What is in the chart under its own number is corrected there.
     */
    private void doubtOrder(String partner, ReportStatement statement) {
        if (!state.ofAnothersOrder().contains(statement.number())) return;
        for (var report : state.reports())
            if (report.partner().equals(partner) && report.numbers().contains(statement.number()))
                return;
        doubts.add(
                new Doubt(
                        statement.path() + "-2",
                        HoldReason.ORDER_OF_ANOTHER_PATIENT,
                        "the order of this number was placed for another patient than the one whom"
                                + " PID names"));
    }

    private void doubtKnownNumber(
            Results results, ReportStatement statement, @Nullable KnownRecord record) {
        var partner = results.partner();
        for (var report : state.reports()) {
            if (!report.partner().equals(partner)) continue;
            boolean butForNamespace = report.isButForNamespace(statement) && isOf(record, report);
            if (!report.numbers().contains(statement.number()) && !butForNamespace) continue;
            if (report.isPostedForWrongPatient() && !isOf(record, report)) continue;
            if (!isOf(record, report)) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-3",
                                HoldReason.ORDER_NUMBER_OF_ANOTHER_PATIENT,
                                "this order number already belongs to another patient's report"));
                return;
            }
            if (report.service().equals(statement.service().key())
                    && isWithAndWithout(report.serviceSystem(), statement.service().system())) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-4",
                                HoldReason.CODING_SYSTEM_DIFFERS,
                                "this order is known with the coding system of its code and comes"
                                        + " without, or the other way round"));
                return;
            }
            if (WrittenOtherwise.isSo(report, statement, results.reports())
                    || WrittenOtherwise.isUnderAnotherService(
                            report,
                            record == null ? null : exact(partner, record, statement),
                            statement,
                            results.reports())) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-4",
                                HoldReason.CODE_WRITTEN_OTHERWISE,
                                "this order is known by another of its codes; it would stand beside"
                                        + " the report that it is about"));
                return;
            }
            if (isReused(report, statement)) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-7",
                                HoldReason.COLLECTED_TOO_FAR_APART,
                                "this order number is known with a specimen collected more than "
                                        + MAX_COLLECTED_APART.toDays()
                                        + " days apart, or without a time for more than "
                                        + MAX_APART_WITHOUT_COLLECTION.toDays()
                                        + " days; it looks like a number used again"));
                return;
            }
        }
        if (record != null && isAmbiguous(partner, record, statement))
            doubts.add(
                    new Doubt(
                            statement.path() + "-3",
                            HoldReason.ORDER_NUMBER_AMBIGUOUS,
                            "this order number is known with several namespaces or comes with"
                                    + " another one, and without: nothing says which report is"
                                    + " meant"));
    }

    /** Where the number came without a namespace, and it could be that of either of two others. */
    private boolean isAmbiguous(String partner, KnownRecord record, ReportStatement statement) {
        if (exact(partner, record, statement) != null) return false;
        var known = butForNamespace(partner, record, statement);
        return known.size() > 1
                || known.stream().anyMatch(report -> report.hasOtherNamespace(statement));
    }

    private static boolean isOf(@Nullable KnownRecord record, KnownReport report) {
        return record != null && report.personId().equals(record.personId());
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

    private static boolean isReused(KnownReport report, ReportStatement statement) {
        var collected = statement.collected().instant();
        if (collected != null || !report.collected().isEmpty())
            return tooFarApart(report.collected(), collected, MAX_COLLECTED_APART);
        var said = new ArrayList<Instant>();
        for (var version : report.versions()) {
            var message = version.entry().said().message();
            if (message != null) said.add(message);
        }
        return tooFarApart(said, statement.said().message(), MAX_APART_WITHOUT_COLLECTION);
    }

    /** From every time it is known with, whichever came first: a course may take days. */
    private static boolean tooFarApart(List<Instant> known, @Nullable Instant at, Duration most) {
        if (at == null || known.isEmpty()) return false;
        for (var one : known)
            if (Duration.between(one, at).abs().compareTo(most) <= 0) return false;
        return true;
    }

    // ------------------------------------------------------------ reports

    private void apply(String partner, KnownRecord record, ReportStatement statement) {
        var known = goesOn(partner, record, statement);
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
        for (var observation : statement.observations())
            apply(record, series, statement, observation, values);
        if (WholeReport.isNeeded(versions, values))
            arrangeTogether(statement.path(), versions, values);

        place(versions, values, reportId);
        if (known != null) complete(versions);
        if (statement.observations().isEmpty()) remarkTakenBack(statement, values);
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
        if (values.values().stream().noneMatch(Fold::hasCurrentValue)) return;
        remarks.add(
                new Applied.Remark(
                        statement.path() + "-25",
                        "report-taken-back-without-values",
                        "status "
                                + statement.status()
                                + " without any OBX: the values of the report are in the chart and"
                                + " stay; take each of them back by its OBX (status D, W or X)"));
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
                .filter(report -> isOf(record, report) && report.partner().equals(partner))
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
        var exact = exact(partner, record, statement);
        if (exact != null) return exact;
        var known = butForNamespace(partner, record, statement);
        return known.isEmpty() ? null : known.getFirst();
    }

    private @Nullable KnownReport exact(
            String partner, KnownRecord record, ReportStatement statement) {
        for (var report : state.reports()) {
            if (report.personId().equals(record.personId())
                    && report.partner().equals(partner)
                    && report.isFor(statement)) return report;
        }
        return null;
    }

    private List<KnownReport> butForNamespace(
            String partner, KnownRecord record, ReportStatement statement) {
        if (!statement.hasOrderNumber()) return List.of();
        return state.reports().stream()
                .filter(report -> isOf(record, report) && report.partner().equals(partner))
                .filter(report -> report.isButForNamespace(statement))
                .toList();
    }

    // ------------------------------------------------------------ values

    private void apply(
            KnownRecord record,
            long reportSeries,
            ReportStatement report,
            ObservationStatement statement,
            Map<ValueKey, List<KnownValue>> values) {
        var key = ValueKey.of(statement);
        var versions = new ArrayList<>(values.getOrDefault(key, List.of()));
        var status = statement.status();

        if (versions.isEmpty()) doubtCode(report, statement, key, values);
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
        long hash = hashOf(statement);
        var entry =
                new Timeline.Version(
                        id,
                        recording.entryId(),
                        status,
                        valueKey(value.text(), statement.unit()),
                        inherited,
                        hash,
                        statement.said(),
                        isWords(statement),
                        report.whole() || !statement.notes().isEmpty());
        versions.add(
                new KnownValue(
                        series,
                        number,
                        entry,
                        NOWHERE,
                        Isolates.names(statement),
                        KnownValue.Shown.of(statement),
                        Codings.of(statement.test(), statement.translation().loinc()),
                        0));
        boolean hadValue = hasCurrentValue(versions);
        var own = arrange(versions, id);
        var place = own.place();
        if (hadValue && place.standing() == Standing.CURRENT && saysNothing(statement))
            doubts.add(
                    new Doubt(
                            statement.path() + "-5",
                            HoldReason.FINAL_WITHOUT_VALUE,
                            "status "
                                    + status.letter()
                                    + " without a value would make the value in the chart void"));
        remark(statement, place);
        if (status.isWithdrawal()) remarkWithdrawal(statement, versions);
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

    /** ⚠ Else it would stand beside the value that it is about, or take nothing back. */
    private void doubtCode(
            ReportStatement report,
            ObservationStatement statement,
            ValueKey key,
            Map<ValueKey, List<KnownValue>> values) {
        if (isKnownByOtherSystem(key, values.keySet()))
            doubts.add(
                    new Doubt(
                            statement.path() + "-3",
                            HoldReason.CODING_SYSTEM_DIFFERS,
                            "this test is known with its coding system and comes without, or the"
                                    + " other way round"));
        else if (WrittenOtherwise.isByCode(report, statement, values))
            doubts.add(
                    new Doubt(
                            statement.path() + "-3",
                            HoldReason.CODE_WRITTEN_OTHERWISE,
                            "this test is known by another of its codes; it would stand beside the"
                                    + " value that it is about"));
        else if (WrittenOtherwise.isBySubId(report, statement, values))
            doubts.add(
                    new Doubt(
                            statement.path() + "-4",
                            HoldReason.SUB_ID_DIFFERS,
                            "this test is known with a sub-id and comes without, or the other way"
                                    + " round"));
        if (isKnownOtherwise(key, values))
            doubts.add(
                    new Doubt(
                            statement.path() + "-3",
                            HoldReason.VALUE_TOLD_APART_OTHERWISE,
                            "this test is known without a time or instance of its own (OBX-14,"
                                    + " OBX-21) and comes with one, or the other way round"));
    }

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

    /** A code that names no system may be the one that does; two that name other ones are not. */
    private static boolean isKnownByOtherSystem(ValueKey key, Collection<ValueKey> known) {
        for (var other : known)
            if (other.test().equals(key.test())
                    && other.subId().equals(key.subId())
                    && isWithAndWithout(other.system(), key.system())) return true;
        return false;
    }

    /** By messages before this one: it may itself hold a value without a time. */
    private boolean isKnownOtherwise(ValueKey key, Map<ValueKey, List<KnownValue>> known) {
        for (var other : known.entrySet())
            if (other.getKey().test().equals(key.test())
                    && other.getKey().system().equals(key.system())
                    && other.getKey().subId().equals(key.subId())
                    && isWithAndWithout(other.getKey().instance(), key.instance())
                    && other.getValue().stream()
                            .anyMatch(
                                    version ->
                                            version.place().standing() == Standing.CURRENT
                                                    && version.entry().entryId()
                                                            != recording.entryId())) return true;
        return false;
    }

    private static boolean isWithAndWithout(String system, String other) {
        return system.isEmpty() != other.isEmpty();
    }

    /** Final, corrected or amended, and no value, text or document. */
    private static boolean saysNothing(ObservationStatement statement) {
        var status = statement.status();
        return statement.value().isEmpty()
                && statement.documents().isEmpty()
                && !status.mayKeepValue()
                && !status.isPreliminary()
                && !status.isNoResult()
                && !status.isWithdrawal()
                && status != ObservationStatus.CANNOT_BE_OBTAINED;
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

    private void remark(ObservationStatement statement, Place place) {
        switch (place.standing()) {
            case LATE, REPLACED, WITHDRAWN ->
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
            case REPEAT, WITHDRAWAL, NOT_SHOWN -> {}
        }
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

    /** What makes two versions say the same value. */
    static String valueKey(String text, String unit) {
        return text + '\u0000' + unit;
    }

    private static long hashOf(ReportStatement statement) {
        var hash =
                new ContentHash()
                        .add(statement.service())
                        .add(statement.status())
                        .add(statement.collected().asSent())
                        .add(statement.orderingProvider())
                        .add(statement.interpreter())
                        .add(texts(statement.notes()));
        if (ReportWords.isByPlacer(statement)) hash.add(statement.number());
        var parent = statement.parent();
        if (!parent.isNone()) hash.add(parent.number()).add(parent.test()).add(parent.action());
        if (statement.request().isEmpty()) return hash.value();
        statement.request().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(
                        said ->
                                hash.add(said.getKey().id())
                                        .add(said.getValue().text())
                                        .add(said.getValue().code()));
        return hash.value();
    }

    private static List<String> texts(List<NoteStatement> notes) {
        return notes.isEmpty() ? List.of() : notes.stream().map(NoteStatement::text).toList();
    }

    /** Without the status, by which an F says the same as the C before it. */
    private static long hashOf(ObservationStatement statement) {
        var hash =
                new ContentHash()
                        .add(statement.test())
                        .add(statement.subId())
                        .add(statement.value().text())
                        .add(statement.unit())
                        .add(statement.range())
                        .add(statement.flags())
                        .add(texts(statement.notes()));
        for (var document : statement.documents())
            hash.add(java.util.HexFormat.of().formatHex(ContentHash.sha256(document.content())));
        return hash.value();
    }
}
