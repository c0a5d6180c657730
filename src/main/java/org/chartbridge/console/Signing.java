package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.access.Sightings;
import org.chartbridge.access.Sightings.Signature;
import org.chartbridge.chart.FinalReports;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.chart.Reports.Stated;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Who signed which report, and whether it still is what they signed. A signature is of a report as
 * it stood: whatever of it is charted later, the same values again among them, leaves it unsigned.
 * It stands in the audit trail, which nothing is taken out of.
 */
@Component
class Signing {
    private final Sightings sightings;
    private final Reports reports;
    private final AuditTrail audit;

    Signing(Sightings sightings, Reports reports, AuditTrail audit) {
        this.sightings = sightings;
        this.reports = reports;
        this.audit = audit;
    }

    /**
     * How a report stands.
     *
     * @param signature the last one of it; null when nobody has signed it in any version
     * @param holds whether it is of the report as it stands
     * @param open whether it can be signed: it is final, and no signature of it holds
     */
    record Signed(@Nullable Signature signature, boolean holds, boolean open) {
        public boolean isOutdated() {
            return signature != null && !holds;
        }
    }

    /** Of each report, by its series. */
    Map<Long, Signed> of(UUID person, Collection<ReportView> shown) {
        if (shown.isEmpty()) return Map.of();
        var bySeries = new HashMap<Long, List<Signature>>();
        var signatures = sightings.signatures(person);
        if (!signatures.isEmpty()) {
            var versions = reports.versions(shown.stream().map(ReportView::series).toList());
            for (var one : signatures) {
                var series = versions.get(new Stated(one.entryId(), one.path()));
                if (series != null)
                    bySeries.computeIfAbsent(series, _ -> new ArrayList<>()).add(one);
            }
        }
        var signed = new HashMap<Long, Signed>();
        for (var report : shown)
            signed.put(
                    report.series(),
                    signed(report, bySeries.getOrDefault(report.series(), List.of())));
        return signed;
    }

    /** Of each final report, by its series. */
    Map<Long, Signed> of(List<FinalReports.Row> rows) {
        if (rows.isEmpty()) return Map.of();
        var versions = reports.versions(rows.stream().map(FinalReports.Row::series).toList());
        var byPerson =
                sightings.signatures(
                        versions.keySet().stream().map(Stated::entryId).distinct().toList());
        var signed = new HashMap<Long, Signed>();
        for (var row : rows) {
            var its =
                    byPerson.getOrDefault(row.person(), List.of()).stream()
                            .filter(
                                    one ->
                                            Objects.equals(
                                                    versions.get(
                                                            new Stated(one.entryId(), one.path())),
                                                    row.series()))
                            .toList();
            signed.put(
                    row.series(),
                    signed(new Stated(row.entryId(), row.path()), row.changedAt(), true, its));
        }
        return signed;
    }

    private static Signed signed(ReportView report, List<Signature> signatures) {
        return signed(
                new Stated(report.entryId(), report.path()),
                report.changedAt(),
                report.isFinal(),
                signatures);
    }

    /**
     * @param now where the report is stated as it stands
     * @param signatures of any version of the report, the newest first
     */
    private static Signed signed(
            Stated now, Instant changedAt, boolean isFinal, List<Signature> signatures) {
        if (signatures.isEmpty()) return new Signed(null, false, isFinal);
        var last = signatures.getFirst();
        boolean holds =
                new Stated(last.entryId(), last.path()).equals(now)
                        && !last.at().isBefore(changedAt);
        return new Signed(last, holds, !holds && isFinal);
    }

    /**
     * Signs a report.
     *
     * @param seen {@link ReportView#changedAt} of what was seen, as text
     * @throws IllegalArgumentException when it can't be signed, or is another one by now
     */
    void sign(UUID person, long series, String seen) {
        var report =
                reports.report(series)
                        .filter(one -> one.personId().equals(person))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "this report is not in the chart any more"));
        if (!report.changedAt().toString().equals(seen))
            throw new IllegalArgumentException(
                    "the report has changed since it was shown to you: look at it again, nothing"
                            + " was signed");
        if (!report.isFinal())
            throw new IllegalArgumentException(
                    "the report is not final: it can be signed when it is");
        audit.signs(person, report.entryId(), report.path());
    }
}
