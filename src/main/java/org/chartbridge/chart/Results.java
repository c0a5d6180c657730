package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * Laboratory results: what a message says about reports and their values.
 *
 * @param partner whose order numbers are meant: the namespace of {@link ReportStatement#number}
 * @param patient of results that name none a mere number that stands for an order
 * @param reports in the order of the message, at least one
 * @param waitsForCodes whether a test without a code holds up its order ({@code codes: hold})
 * @param byOrder how the patient is found whom they don't name; null when they name one
 */
public record Results(
        String partner,
        PatientClaim patient,
        List<ReportStatement> reports,
        boolean waitsForCodes,
        @Nullable ByOrder byOrder)
        implements ChartUpdate {
    /** From collection to message; later a critical value is still critical, and no alert. */
    private static final Duration MAX_URGENT = Duration.ofDays(30);

    /** Results that name their patient and are charted whatever their codes are. */
    public Results(String partner, PatientClaim patient, List<ReportStatement> reports) {
        this(partner, patient, reports, false, null);
    }

    public Results {
        reports = List.copyOf(reports);
        if (reports.isEmpty()) throw new IllegalArgumentException("results without a report");
    }

    /** The same, waiting for codes or not. */
    public Results waiting(boolean forCodes) {
        return forCodes == waitsForCodes
                ? this
                : new Results(partner, patient, reports, forCodes, byOrder);
    }

    @Override
    public Results withoutWaiting() {
        return waiting(false);
    }

    /** The number that names the record: the patient's, else that of the order's patient. */
    RecordKey key() {
        var found = byOrder == null ? null : byOrder.patient();
        return found == null ? patient.key() : found;
    }

    @Override
    public List<RecordKey> keys() {
        return List.of(key());
    }

    /** Whether the laboratory flags one of the values critical. */
    public boolean hasCritical() {
        for (var report : reports)
            for (var observation : report.observations())
                if (hasCritical(observation.flags())) return true;
        return false;
    }

    /**
     * Whether one of them is critical and not of a sample that was old when it was reported: what
     * is sent long afterwards alerts nobody anew (HL7-RULES §4).
     */
    public boolean isUrgent() {
        for (var report : reports)
            for (var observation : report.observations())
                if (hasCritical(observation.flags()) && !isAged(report, observation)) return true;
        return false;
    }

    private static boolean isAged(ReportStatement report, ObservationStatement observation) {
        var collected = report.collected().instant();
        var said = observation.said().message();
        return collected != null && said != null && collected.plus(MAX_URGENT).isBefore(said);
    }

    /**
     * Whether one of a value's flags means critical: LL, HH or AA (table 0078). What a partner
     * writes in place of these has AA behind it.
     *
     * @param flags OBX-8, repetitions joined by {@code ~}
     */
    public static boolean hasCritical(String flags) {
        if (flags.isEmpty()) return false;
        for (var flag : flags.split("~", -1))
            if (flag.equalsIgnoreCase("LL")
                    || flag.equalsIgnoreCase("HH")
                    || flag.equalsIgnoreCase("AA")) return true;
        return false;
    }
}
