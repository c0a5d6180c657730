package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownValue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reports that were folded for a test, as orders know them again: what {@link CareStatements} reads
 * of the chart. What a later message of a report leaves empty stands (decision 67).
 */
final class ReportsInRehearsal {
    /** By series, what each version said. */
    private final Map<Long, NavigableMap<Integer, ReportStatement>> said = new HashMap<>();

    void keep(Facts facts) {
        for (var row : facts.reports)
            said.computeIfAbsent(row.series(), _ -> new TreeMap<>())
                    .put(row.version(), row.statement());
    }

    List<OrderedReport> of(PatientState patient) {
        var all = new ArrayList<OrderedReport>();
        for (var report : patient.reports()) {
            var versions = said.get(report.series());
            if (versions == null) continue;
            for (var version : report.versions()) {
                var current = versions.get(version.version());
                if (version.place().standing() == Standing.CURRENT && current != null)
                    all.add(ordered(report, current, versions));
            }
        }
        return all;
    }

    private static OrderedReport ordered(
            KnownReport report,
            ReportStatement current,
            NavigableMap<Integer, ReportStatement> versions) {
        var placer = current.placerNumber();
        for (var earlier : versions.descendingMap().values())
            if (placer.isEmpty()) placer = earlier.placerNumber();
        var tests = new ArrayList<CodingView>();
        for (var one = current.service(); one != null; one = one.alternate())
            tests.add(new CodingView(one.code(), one.text(), one.system()));
        return new OrderedReport(
                report.series(),
                report.partner(),
                current.number(),
                placer,
                tests,
                current.status(),
                any(report, ReportsInRehearsal::isPending),
                any(report, _ -> true),
                any(report, ReportsInRehearsal::isPerformed),
                current.parent());
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
