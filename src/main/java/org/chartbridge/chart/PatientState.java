package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What is known before an update, as far as the update can touch it; long because the records of
 * all that can be known stand together.
 *
 * @param record the record that the update's patient claim names; null when there is none yet
 * @param others records of further numbers of the claim, of authorities that the partner is trusted
 *     for
 * @param reports every report that carries one of the update's report numbers, of whatever patient
 * @param decided whether a person decided that the record is the one that the claim means
 * @param homes of each report number that a person filed with another patient, that patient's
 *     record
 * @param ofAnothersOrder numbers of the update's reports that name an open order of another patient
 *     (OBR-2), where nobody said whose they are
 */
record PatientState(
        @Nullable KnownRecord record,
        List<KnownRecord> others,
        List<KnownReport> reports,
        boolean decided,
        Map<String, KnownRecord> homes,
        Set<String> ofAnothersOrder) {

    PatientState {
        ofAnothersOrder = Set.copyOf(ofAnothersOrder);
        homes = Map.copyOf(homes);
        others = List.copyOf(others);
        reports = List.copyOf(reports);
    }

    /** The report of this patient that has the very number and service; null for none. */
    @Nullable KnownReport exact(String partner, KnownRecord record, ReportStatement statement) {
        for (var report : reports) {
            if (report.personId().equals(record.personId())
                    && report.partner().equals(partner)
                    && report.isFor(statement)) return report;
        }
        return null;
    }

    /** Those of this patient whose number is the same but for a namespace. */
    List<KnownReport> butForNamespace(
            String partner, KnownRecord record, ReportStatement statement) {
        if (!statement.hasOrderNumber()) return List.of();
        return reports.stream()
                .filter(report -> isOf(record, report) && report.partner().equals(partner))
                .filter(report -> report.isButForNamespace(statement))
                .toList();
    }

    static boolean isOf(@Nullable KnownRecord record, KnownReport report) {
        return record != null && report.personId().equals(record.personId());
    }

    /**
     * A record in the chart.
     *
     * @param personId the person that it is joined to, often only itself
     * @param birthDate yyyy, yyyy-MM or yyyy-MM-dd; empty when not known
     * @param edition 0, or the decision that told it from another record of the same number
     * @param survivor whom it was joined to; null when it is a person by itself
     * @param claimed which message the name is from
     */
    record KnownRecord(
            long id,
            UUID personId,
            RecordKey key,
            PersonName name,
            String birthDate,
            long edition,
            @Nullable Survivor survivor,
            Claimed claimed) {

        /** One that a claim brings. */
        KnownRecord(long id, UUID personId, PatientClaim claim, Claimed claimed) {
            this(id, personId, claim.key(), claim.name(), claim.birthDate(), 0, null, claimed);
        }

        /** The same, as a claim says that was sent earlier. */
        KnownRecord as(PatientClaim claim, Claimed earlier) {
            return new KnownRecord(
                    id, personId, key, claim.name(), claim.birthDate(), edition, survivor, earlier);
        }

        /**
         * The record as it stands after a claim, of which a row is written where it was sent before
         * the one that the record is from ({@link Claimed}).
         */
        KnownRecord after(
                PatientClaim claim, @Nullable Instant message, List<Facts.RecordRow> rows) {
            if (!claimed.mayGiveWayTo(message) || !claim.key().equals(key) || edition != 0)
                return this;
            var said = Claimed.of(claim, message);
            if (!claimed.givesWayTo(said)) return this;
            rows.add(new Facts.RecordRow(id, personId, claim, said));
            return as(claim, said);
        }

        String family() {
            return name.family();
        }

        @Override
        public String toString() {
            return "KnownRecord[" + id + "]";
        }
    }

    /** What the patient is called under the number that stayed. */
    record Survivor(PersonName name, String birthDate) {
        @Override
        public String toString() {
            return "Survivor[…]";
        }
    }

    /**
     * What tells a value from the others of its report: OBX-3 as sent, OBX-4, and where its sender
     * has such its time or instance.
     */
    record ValueKey(String test, String system, String subId, String instance) {

        static ValueKey of(ObservationStatement statement) {
            var test = statement.test();
            return new ValueKey(test.key(), test.system(), statement.subId(), statement.instance());
        }
    }

    /**
     * A version of a value, with the value itself so that a later one can keep it.
     *
     * @param place where it stands now
     * @param isolate whether its test names an isolate of a culture ({@link Isolates})
     * @param taken OBX-14, else OBR-7, where it says it itself and not only the day; null otherwise
     * @param notesOf the version whose notes it keeps, because it says the same value without any;
     *     0 where its notes are its own
     */
    record KnownValue(
            long series,
            int version,
            Timeline.Version entry,
            Timeline.Place place,
            boolean isolate,
            Shown shown,
            Codings codings,
            @Nullable Instant taken,
            long notesOf) {

        KnownValue(
                long series,
                int version,
                Timeline.Version entry,
                Timeline.Place place,
                boolean isolate,
                Shown shown) {
            this(series, version, entry, place, isolate, shown, Codings.NONE, null, 0);
        }

        /**
         * What it says, or confirms.
         *
         * @param flags its own, else those of the version it confirms, and then inherited
         * @param range likewise
         * @param confirms the version whose value this is, and whose codings, translation and
         *     documents; 0 where it is its own, or there is none
         */
        record Shown(
                String type,
                String text,
                @Nullable BigDecimal number,
                String comparator,
                boolean notPerformed,
                String unit,
                String unitSystem,
                String flags,
                boolean flagsInherited,
                String range,
                boolean rangeInherited,
                long confirms) {

            static Shown of(ObservationStatement statement) {
                var value = statement.value();
                return new Shown(
                        value.type(),
                        value.text(),
                        value.number(),
                        value.comparator(),
                        value.notPerformed(),
                        statement.unit(),
                        statement.unitSystem(),
                        statement.flags(),
                        false,
                        statement.range(),
                        false,
                        0);
            }

            /** Of a version that confirms a value where there is none. */
            Shown confirmingNothing() {
                return new Shown(
                        "", "", null, "", false, "", "", ownFlags(), false, ownRange(), false, 0);
            }

            /** With another text: what was appended stands behind what it was appended to. */
            Shown reading(String words) {
                return new Shown(
                        type,
                        words,
                        number,
                        comparator,
                        notPerformed,
                        unit,
                        unitSystem,
                        flags,
                        flagsInherited,
                        range,
                        rangeInherited,
                        confirms);
            }

            /** Of a version that confirms this one: all that it doesn't say itself. */
            Shown confirming(Shown shown, long id) {
                boolean itsFlags = ownFlags().isEmpty() && !shown.flags.isEmpty();
                boolean itsRange = ownRange().isEmpty() && !shown.range.isEmpty();
                return new Shown(
                        shown.type,
                        shown.text,
                        shown.number,
                        shown.comparator,
                        shown.notPerformed,
                        shown.unit,
                        shown.unitSystem,
                        itsFlags ? shown.flags : ownFlags(),
                        itsFlags,
                        itsRange ? shown.range : ownRange(),
                        itsRange,
                        shown.confirms == 0 ? id : shown.confirms);
            }

            private String ownFlags() {
                return flagsInherited ? "" : flags;
            }

            private String ownRange() {
                return rangeInherited ? "" : range;
            }

            Value value() {
                return new Value(type, text, number, comparator, List.of(), notPerformed);
            }

            /** Nothing of what it says. */
            @Override
            public String toString() {
                return "Shown[…]";
            }
        }

        /** The same in another series. */
        KnownValue of(long other, int number) {
            return new KnownValue(
                    other, number, entry, place, isolate, shown, codings, taken, notesOf);
        }

        KnownValue at(Timeline.Place newPlace) {
            return new KnownValue(
                    series, version, entry, newPlace, isolate, shown, codings, taken, notesOf);
        }

        KnownValue showing(Shown confirmed) {
            return new KnownValue(
                    series, version, entry, place, isolate, confirmed, codings, taken, notesOf);
        }

        KnownValue withNotesOf(long other) {
            return other == notesOf
                    ? this
                    : new KnownValue(
                            series, version, entry, place, isolate, shown, codings, taken, other);
        }

        /** A time of which at least the minute was sent. */
        static @Nullable Instant taken(ClinicalTime time) {
            return time.asSent().length() < "yyyyMMddHHmm".length() ? null : time.instant();
        }

        /**
         * Whether it is a final value that took the place of another one, of a specimen taken at
         * another time, and is called no correction.
         */
        boolean isOfAnotherSpecimen(KnownValue before) {
            var said = before.entry().status();
            var then = before.taken();
            return entry.status() == ObservationStatus.FINAL
                    && taken != null
                    && then != null
                    && (before.place().standing() == Standing.REPLACED
                            || before.place().standing() == Standing.LATE)
                    && before.place().replacedBy() == entry.entryId()
                    && !said.isPreliminary()
                    && said != ObservationStatus.CANNOT_BE_OBTAINED
                    && Duration.between(then, taken).abs().toMinutes() > 0;
        }

        @Override
        public String toString() {
            return "KnownValue[" + entry.id() + "]";
        }
    }

    /**
     * A version of a report.
     *
     * @param whole whether what it leaves out is gone
     * @param says which fields it says something of ({@link ReportWords})
     * @param completed whether fields of other versions stand in it
     * @param numbers what it says itself of numbers and time
     */
    record KnownReportVersion(
            int version,
            ReportTimeline.Version entry,
            Timeline.Place place,
            boolean whole,
            int says,
            boolean completed,
            OwnWords numbers) {

        KnownReportVersion(
                int version, ReportTimeline.Version entry, Timeline.Place place, boolean whole) {
            this(version, entry, place, whole, 0, false, new OwnWords("", "", null));
        }

        KnownReportVersion at(Timeline.Place newPlace) {
            return new KnownReportVersion(
                    version, entry, newPlace, whole, says, completed, numbers);
        }

        KnownReportVersion completed(boolean now) {
            return new KnownReportVersion(version, entry, place, whole, says, now, numbers);
        }

        KnownReportVersion saying(int now) {
            return new KnownReportVersion(version, entry, place, whole, now, completed, numbers);
        }

        /** Whether it names no filler's number, and so is known by the placer's. */
        boolean isByPlacer() {
            return ReportWords.isByPlacer(says);
        }
    }

    /**
     * What one version of a report calls it, and not what it has of others.
     *
     * @param number by which it was known when it came
     * @param placer OBR-2; empty when it says none
     * @param collected OBR-7
     */
    record OwnWords(String number, String placer, @Nullable Instant collected) {
        static OwnWords of(ReportStatement statement) {
            return new OwnWords(
                    statement.number(), statement.placerNumber(), statement.collected().instant());
        }
    }

    /**
     * A report with every version of itself and of its values.
     *
     * @param numbers as its messages sent it, with a namespace or without
     * @param service key of OBR-4
     * @param codings what OBR-4 called it first
     * @param collected OBR-7 of all of its versions, each once; empty when none had one
     */
    record KnownReport(
            long series,
            UUID personId,
            long orderId,
            String partner,
            Set<String> numbers,
            String service,
            String serviceSystem,
            Codings codings,
            List<Instant> collected,
            List<KnownReportVersion> versions,
            Map<ValueKey, List<KnownValue>> values) {

        KnownReport {
            numbers = Set.copyOf(numbers);
        }

        /** These numbers and one more, if it is one. */
        static Set<String> numbers(Set<String> before, String more) {
            if (before.contains(more)) return before;
            var all = new HashSet<>(before);
            all.add(more);
            return all;
        }

        /** These times and one more, if it is one. */
        static List<Instant> collected(List<Instant> before, @Nullable Instant more) {
            if (more == null || before.contains(more)) return before;
            var all = new ArrayList<>(before);
            all.add(more);
            return List.copyOf(all);
        }

        /**
         * Whether the laboratory withdrew all there was because it is of another patient (W): its
         * number may come again for that one ⚠, and is a new report there.
         */
        boolean isPostedForWrongPatient() {
            boolean wrong = false;
            for (var versions : values.values())
                for (var version : versions) {
                    var standing = version.place().standing();
                    if (standing == Standing.CURRENT) return false;
                    wrong |=
                            standing == Standing.WITHDRAWAL
                                    && version.entry().status() == ObservationStatus.WRONG_PATIENT;
                }
            return wrong;
        }

        boolean isFor(ReportStatement statement) {
            return numbers.contains(statement.number()) && isOfService(statement);
        }

        boolean isOfService(ReportStatement statement) {
            return service.equals(statement.service().key())
                    && serviceSystem.equals(statement.service().system());
        }

        /**
         * Whether its number is a statement's but for the namespace, which only one of them has or
         * which is written otherwise: a laboratory counts its own numbers all the same.
         */
        boolean isButForNamespace(ReportStatement statement) {
            return isOfService(statement) && isOneNumber(statement);
        }

        /** The same, of whatever service: the numbers of one laboratory are of one patient. */
        boolean isOneNumber(ReportStatement statement) {
            var number = statement.number();
            return !numbers.contains(number)
                    && numbers.stream().anyMatch(known -> OneNumber.isOne(known, number));
        }

        /** Whether it came under a namespace that is another one. */
        boolean hasOtherNamespace(ReportStatement statement) {
            var number = statement.number();
            return numbers.stream().anyMatch(known -> OneNumber.areTwo(known, number));
        }

        /** The same as another report. */
        KnownReport of(long other, long order) {
            return new KnownReport(
                    other,
                    personId,
                    order,
                    partner,
                    numbers,
                    service,
                    serviceSystem,
                    codings,
                    collected,
                    versions,
                    values);
        }

        /** Its numbers and those of its placer, without namespace: by each of them it is found. */
        Set<String> entities() {
            var entities = new HashSet<String>();
            for (var number : numbers) entities.add(entity(number));
            for (var version : versions)
                if (!version.numbers().placer().isEmpty())
                    entities.add(entity(version.numbers().placer()));
            return entities;
        }

        /** Whether one of its versions says this placer's number, with its namespace or without. */
        boolean hasPlacer(String number) {
            return versions.stream().anyMatch(v -> OneNumber.isOne(number, v.numbers().placer()));
        }

        static String entity(String number) {
            int end = number.indexOf('^');
            return end < 0 ? number : number.substring(0, end);
        }
    }

    PatientState with(KnownRecord newRecord) {
        return new PatientState(newRecord, others, reports, decided, homes, ofAnothersOrder);
    }

    PatientState with(KnownReport changed) {
        var all = new ArrayList<KnownReport>(reports.size() + 1);
        for (var report : reports) if (report.series() != changed.series()) all.add(report);
        all.add(changed);
        return new PatientState(record, others, all, decided, homes, ofAnothersOrder);
    }

    PatientState without(KnownReport gone) {
        var all = reports.stream().filter(report -> report.series() != gone.series()).toList();
        return new PatientState(record, others, all, decided, homes, ofAnothersOrder);
    }

    /** Values by key in the order they were first said, to be filled while folding. */
    static Map<ValueKey, List<KnownValue>> copyOf(Map<ValueKey, List<KnownValue>> values) {
        return new LinkedHashMap<>(values);
    }
}
