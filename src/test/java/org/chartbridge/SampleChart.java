package org.chartbridge;

import org.chartbridge.SampleCase.Spot;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.Documents;
import org.chartbridge.chart.NoteView;
import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.PersonSearch;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.screening.Screener;
import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the charts with what a sample wants, through the reads that clinicians' pages and FHIR
 * use.
 */
final class SampleChart {
    private static final int MANY = 50;

    private final Reads charts;
    private final List<String> differences = new ArrayList<>();

    /** What the charts are read by. */
    record Reads(
            Persons persons,
            Reports reports,
            Observations observations,
            Documents documents,
            Registrations registrations,
            CareStatements care,
            Screener screener) {}

    private SampleChart(Reads charts) {
        this.charts = charts;
    }

    /** What differs, a line each: where, what was wanted, what is there. */
    static List<String> differences(SampleCase.ExpectedChart expected, Reads charts) {
        var comparison = new SampleChart(charts);
        for (var patient : expected.patients()) comparison.patient(patient);
        for (var spot : expected.present())
            if (!comparison.shows(spot, true))
                comparison.differences.add("wanted, and not in the charts: " + spot);
        for (var spot : expected.absent())
            if (comparison.shows(spot, false))
                comparison.differences.add("in the charts, and must not be: " + spot);
        return comparison.differences;
    }

    private void patient(SampleCase.Patient wanted) {
        var where = "patient " + wanted.identifier();
        var found = persons(wanted.identifier());
        if (found.size() != 1) {
            differences.add(where + ": wanted one, got " + found.size());
            return;
        }
        var got = found.getFirst().main();
        same(where + ": authority", wanted.authority(), got.authority());
        same(where + ": family", wanted.family(), got.familyName());
        same(where + ": given", wanted.given(), got.givenName());
        same(where + ": birth-date", wanted.birthDate(), got.birthDate());
        same(where + ": sex", wanted.sex(), got.sex());
        differences.addAll(
                SampleRegistration.differences(
                        where,
                        wanted.registration(),
                        found.getFirst(),
                        charts.registrations(),
                        charts.care()));
        SampleRegistration.alerts(
                differences,
                where,
                wanted.registration().alerts(),
                charts.screener().alerts(found.getFirst().id()));
        if (wanted.reports() == null) return;
        var reports = new ArrayList<>(reports(found.getFirst()));
        for (var report : wanted.reports()) {
            var place = where + ", report " + report.number() + " " + report.code();
            var match =
                    reports.stream()
                            .filter(r -> r.number().equals(report.number()))
                            .filter(r -> r.code().equals(report.code()))
                            .findFirst();
            if (match.isEmpty()) differences.add(place + ": wanted, and not there");
            else {
                reports.remove(match.get());
                report(place, report, match.get());
            }
        }
        for (var other : reports)
            differences.add(where + ": not wanted: report " + other.number() + " " + other.code());
    }

    private void report(String where, SampleCase.Report wanted, ReportView got) {
        same(where + ": status", wanted.status(), got.status());
        var observations = new ArrayList<>(got.observations());
        for (var observation : wanted.observations()) {
            var place = where + ", " + observation.code() + named(observation.subId());
            var match =
                    observations.stream()
                            .filter(o -> o.code().equals(observation.code()))
                            .filter(o -> o.subId().equals(observation.subId()))
                            .findFirst();
            if (match.isEmpty()) differences.add(place + ": wanted, and not there");
            else {
                observations.remove(match.get());
                observation(place, observation, match.get(), got);
            }
        }
        for (var other : observations)
            differences.add(where + ": not wanted: " + other.code() + named(other.subId()));
    }

    private static String named(String subId) {
        return subId.isEmpty() ? "" : " (" + subId + ")";
    }

    private void observation(
            String where, SampleCase.Observation wanted, ObservationView got, ReportView report) {
        if (wanted.notPerformed() == null) {
            same(where + ": performed", "yes", got.isNotPerformed() ? "no" : "yes");
        } else {
            same(where + ": performed", "no", got.isNotPerformed() ? "no" : "yes");
            same(where + ": not-performed", wanted.notPerformed(), got.valueText());
            same(where + ": number", "null", String.valueOf(got.valueNumber()));
        }
        same(where + ": value", wanted.value(), got.valueText());
        same(where + ": unit", wanted.unit(), got.unit());
        same(where + ": range", wanted.range(), got.referenceRange());
        same(where + ": flags", wanted.flags(), got.flags());
        same(where + ": status", wanted.status(), got.status().letter());
        same(
                where + ": corrected",
                wanted.corrected() ? "yes" : "no",
                got.corrected() ? "yes" : "no");
        if (wanted.notes() != null)
            same(
                    where + ": notes",
                    String.join("\n", wanted.notes()),
                    String.join("\n", got.notes().stream().map(NoteView::text).toList()));
        if (wanted.document() != null) document(where, wanted.document(), got, report);
        history(where, wanted, got);
    }

    private void document(
            String where, SampleCase.Document wanted, ObservationView got, ReportView report) {
        var documents =
                report.documents().stream().filter(d -> d.observationId() == got.id()).toList();
        if (documents.size() != 1 || report.documents().size() != 1) {
            differences.add(
                    where
                            + ": documents: wanted one, got "
                            + documents.size()
                            + " of "
                            + report.documents().size()
                            + " of the report");
            return;
        }
        var document = documents.getFirst();
        same(where + ": media-type", wanted.mediaType(), document.mediaType());
        same(where + ": bytes", wanted.bytes(), String.valueOf(document.sizeBytes()));
        var content = charts.documents.document(document.id());
        var hash = content.isEmpty() ? "no content" : sha256(content.get().content());
        same(where + ": sha256", wanted.sha256(), hash);
    }

    /** Without order: some screens list versions by the time they are about, some by arrival. */
    private void history(String where, SampleCase.Observation wanted, ObservationView got) {
        var versions = charts.observations.history(got.series());
        if (wanted.history().isEmpty()) {
            var lines = versions.stream().map(version -> line(version, true)).toList();
            if (versions.size() != 1)
                differences.add(where + ": history: wanted one version, got " + lines);
            return;
        }
        var valued = wanted.history().stream().allMatch(version -> version.value() != null);
        same(
                where + ": history",
                sorted(wanted.history().stream().map(v -> line(v, valued))),
                sorted(versions.stream().map(v -> line(v, valued))));
    }

    private static String sorted(Stream<String> lines) {
        return lines.sorted().collect(Collectors.joining("\n"));
    }

    private static String line(SampleCase.Version version, boolean valued) {
        return "  %s %s %s%s"
                .formatted(
                        version.message(),
                        version.status(),
                        version.standing(),
                        valued ? " " + version.value() : "");
    }

    private static String line(ObservationView version, boolean valued) {
        return "  %s %s %s%s"
                .formatted(
                        version.controlId(),
                        version.status().letter(),
                        version.standing().text(),
                        valued ? " " + version.valueText() : "");
    }

    /**
     * Whether the charts show what a spot names.
     *
     * @param exactly whether a text must be a whole value; otherwise it may be part of one
     */
    private boolean shows(Spot spot, boolean exactly) {
        for (var person : persons(spot)) {
            if (spot.report() == null && spot.code() == null && spot.text() == null) return true;
            for (var report : reports(person)) {
                if (differs(spot.report(), report.number())) continue;
                if (spot.code() == null && spot.text() == null) return true;
                for (var observation : report.observations()) {
                    if (differs(spot.code(), observation.code())) continue;
                    if (exactly && differs(spot.value(), observation.valueText())) continue;
                    if (spot.text() == null || speaksOf(observation, spot.text())) return true;
                }
            }
        }
        return false;
    }

    private boolean speaksOf(ObservationView observation, String text) {
        if (observation.valueText().contains(text)) return true;
        return charts.observations.history(observation.series()).stream()
                .anyMatch(version -> version.valueText().contains(text));
    }

    private static boolean differs(@Nullable String wanted, String got) {
        return wanted != null && !wanted.equals(got);
    }

    private List<PersonView> persons(String identifier) {
        return charts.persons.find(PersonSearch.byIdentifier(identifier), 0, MANY).items();
    }

    private List<PersonView> persons(Spot spot) {
        var search =
                spot.identifier() == null
                        ? PersonSearch.all()
                        : PersonSearch.byIdentifier(spot.identifier());
        var page =
                charts.persons.find(search.withName(spot.family(), null), 0, Persons.MAX_PERSONS);
        if (page.hasNext()) throw new IllegalStateException("more patients than one read gives");
        return page.items();
    }

    private List<ReportView> reports(PersonView person) {
        var page = charts.reports.reports(person.id(), 0, MANY);
        if (page.hasNext()) throw new IllegalStateException("more reports than one read gives");
        return page.items();
    }

    private void same(String where, @Nullable String wanted, String got) {
        if (wanted == null || Objects.equals(wanted, got)) return;
        var lines = (wanted + got).contains("\n");
        differences.add(
                lines
                        ? "%s:\n wanted\n%s\n got\n%s".formatted(where, wanted, got)
                        : String.format(
                                Locale.ROOT, "%s: wanted '%s', got '%s'", where, wanted, got));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
