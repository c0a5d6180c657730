package org.chartbridge.chart;

import java.util.List;

/**
 * Laboratory results: what a message says about reports and their values.
 *
 * @param partner whose order numbers are meant: the namespace of {@link ReportStatement#number}
 * @param reports in the order of the message, at least one
 * @param waitsForCodes whether a test without a code holds up its order ({@code codes: hold})
 */
public record Results(
        String partner, PatientClaim patient, List<ReportStatement> reports, boolean waitsForCodes)
        implements ChartUpdate {

    public Results {
        reports = List.copyOf(reports);
        if (reports.isEmpty()) throw new IllegalArgumentException("results without a report");
    }

    /** Results that are charted whatever their codes are. */
    public Results(String partner, PatientClaim patient, List<ReportStatement> reports) {
        this(partner, patient, reports, false);
    }

    /** The same, waiting for codes or not. */
    public Results waiting(boolean forCodes) {
        return forCodes == waitsForCodes ? this : new Results(partner, patient, reports, forCodes);
    }

    @Override
    public Results withoutWaiting() {
        return waiting(false);
    }

    /** Whether the laboratory flags one of the values critical: LL, HH or AA (table 0078). */
    public boolean hasCritical() {
        for (var report : reports)
            for (var observation : report.observations())
                for (var flag : observation.flags().split("~", -1))
                    if (flag.equals("LL") || flag.equals("HH") || flag.equals("AA")) return true;
        return false;
    }
}
