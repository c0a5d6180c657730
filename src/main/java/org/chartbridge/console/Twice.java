package org.chartbridge.console;

import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Results;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sendouts that came from two feeds, the laboratory that took the sample and the one that examined
 * it: shown once, both kept (HL7-RULES §4). Rather shown twice than once too few: the same means
 * collected at the same time, the same LOINC code, value, unit and performing laboratory, and that
 * no value of the one behind is flagged critical unless the one in front is.
 */
final class Twice {
    private Twice() {}

    /** Of each report that says nothing of its own the one that is shown in its place. */
    static Map<Long, ReportView> shownBy(List<ReportView> reports) {
        // Which one is in front must not depend on what arrived first.
        var inOrder = new ArrayList<>(reports);
        inOrder.sort(
                Comparator.comparingInt((ReportView report) -> -report.observations().size())
                        .thenComparing(ReportView::partner)
                        .thenComparing(ReportView::number)
                        .thenComparing(ReportView::code));
        var front = new ArrayList<ReportView>();
        var behind = new HashMap<Long, ReportView>();
        for (var report : inOrder) {
            var same = front.stream().filter(one -> says(one, report)).findFirst();
            if (same.isPresent()) behind.put(report.series(), same.get());
            else front.add(report);
        }
        return Map.copyOf(behind);
    }

    /** Whether a report says all that another one says. */
    private static boolean says(ReportView front, ReportView behind) {
        return !front.partner().equals(behind.partner())
                && front.collectedAt() != null
                && front.collectedAt().equals(behind.collectedAt())
                && front.status().equals(behind.status())
                && !behind.observations().isEmpty()
                && behind.documents().isEmpty()
                && behind.notes().isEmpty()
                && behind.leftOut() == 0
                && front.leftOut() == 0
                && behind.observations().stream()
                        .allMatch(
                                value ->
                                        front.observations().stream()
                                                .anyMatch(one -> isSame(one, value)));
    }

    private static boolean isSame(ObservationView front, ObservationView behind) {
        var test = test(behind);
        var laboratory = laboratory(behind);
        return test != null
                && test.equals(test(front))
                && front.subId().equals(behind.subId())
                && front.instance().equals(behind.instance())
                && front.status() == behind.status()
                && front.corrected() == behind.corrected()
                && front.isNotPerformed() == behind.isNotPerformed()
                && front.valueText().equals(behind.valueText())
                && unit(front).equals(unit(behind))
                && !laboratory.isEmpty()
                && laboratory.equals(laboratory(front))
                && behind.notes().isEmpty()
                && (Results.hasCritical(front.flags()) || !Results.hasCritical(behind.flags()));
    }

    /** What both feeds call the test; null of a code that is only one's own. */
    private static @Nullable String test(ObservationView value) {
        if (!value.loinc().isEmpty()) return value.loinc();
        return value.codeSystem().equals("LN") && !value.code().isEmpty() ? value.code() : null;
    }

    private static String unit(ObservationView value) {
        return value.ucum().isEmpty() ? value.unit() : value.ucum();
    }

    /** The name of the performing laboratory, without the address and director behind it. */
    private static String laboratory(ObservationView value) {
        return value.performer().split("[,;]", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
