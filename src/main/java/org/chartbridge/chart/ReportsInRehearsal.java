package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownValue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reports that were folded for a test, as orders know them again: what {@link CareStatements} reads
 * of the chart. What a later message of a report leaves empty stands (decision 67).
 */
final class ReportsInRehearsal {
    /** By version. */
    private final Map<Long, ReportStatement> said = new HashMap<>();

    /** Of versions that leave fields empty, which version says each. */
    private final Map<Long, Map<String, ReportTimeline.Version>> stays = new HashMap<>();

    void keep(Facts facts) {
        for (var row : facts.reports) said.put(row.id(), row.statement());
        for (var one : facts.completions) stays.put(one.id(), one.words());
    }

    /** What stays said of the reports of a message that leaves it empty, by their path. */
    static Map<String, String> stays(Facts facts) {
        var all = new LinkedHashMap<String, String>();
        for (var row : facts.reports)
            for (var one : facts.completions)
                if (one.id() == row.id() && !one.words().isEmpty())
                    all.put(row.statement().path(), String.join(", ", one.words().keySet()));
        return all;
    }

    List<OrderedReport> of(PatientState patient) {
        var all = new ArrayList<OrderedReport>();
        for (var report : patient.reports())
            for (var version : report.versions()) {
                long id = version.entry().id();
                var current = said.get(id);
                if (version.place().standing() == Standing.CURRENT && current != null)
                    all.add(ordered(report, id, current));
            }
        return all;
    }

    /** Whose word stands of a field: its own where nobody else's does. */
    private ReportStatement word(long id, ReportStatement own, String field) {
        var its = stays.getOrDefault(id, Map.of()).get(field);
        return its == null ? own : said.getOrDefault(its.id(), own);
    }

    private OrderedReport ordered(KnownReport report, long id, ReportStatement current) {
        var parent = word(id, current, ReportWords.PARENT).parent();
        var tests = new ArrayList<CodingView>();
        for (var one = current.service(); one != null; one = one.alternate())
            tests.add(new CodingView(one.code(), one.text(), one.system()));
        return new OrderedReport(
                report.series(),
                report.partner(),
                current.number(),
                word(id, current, RequestField.PLACER_NUMBER.id()).placerNumber(),
                tests,
                current.status(),
                any(report, ReportsInRehearsal::isPending),
                any(report, _ -> true),
                any(report, ReportsInRehearsal::isPerformed),
                "", // Only pages tell why.
                new Parent(
                        parent.number(),
                        parent.test(),
                        word(id, current, ReportWords.ACTION).parent().action()));
    }

    private static boolean any(KnownReport report, Predicate<KnownValue> wanted) {
        for (var versions : report.values().values())
            for (var one : versions)
                if (one.place().standing() == Standing.CURRENT && wanted.test(one)) return true;
        return false;
    }

    private static boolean isPending(KnownValue value) {
        return value.entry().status().isPreliminary();
    }

    private static boolean isPerformed(KnownValue value) {
        return value.entry().status() != ObservationStatus.CANNOT_BE_OBTAINED
                && !value.shown().notPerformed();
    }
}
