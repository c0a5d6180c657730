package org.chartbridge.console;

import org.chartbridge.chart.ReportView;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reports that go deeper into others stand behind these: reflex tests, susceptibilities. */
final class Families {
    private Families() {}

    /** The same reports, each behind its parent where that is among them. */
    static List<ReportView> inOrder(List<ReportView> reports) {
        var placed = new LinkedHashSet<ReportView>();
        for (var report : reports)
            if (parent(report, reports) == null) place(report, reports, placed);
        // What names itself in a ring has no beginning.
        for (var report : reports) place(report, reports, placed);
        return List.copyOf(placed);
    }

    private static void place(ReportView first, List<ReportView> reports, Set<ReportView> placed) {
        var next = new ArrayList<ReportView>(List.of(first));
        while (!next.isEmpty()) {
            var report = next.removeFirst();
            if (!placed.add(report)) continue;
            int at = 0;
            for (var other : reports) if (report.isParentOf(other)) next.add(at++, other);
        }
    }

    /** The report that another one goes deeper into; null when it is not among these. */
    static @Nullable ReportView parent(ReportView report, List<ReportView> reports) {
        for (var other : reports) if (other.isParentOf(report)) return other;
        return null;
    }
}
