package org.chartbridge.console;

import org.chartbridge.chart.FinalReports;
import org.chartbridge.console.Signing.Signed;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Final reports that nobody has signed as they stand; computed when read. */
@Component
class ToSign {
    /** Reports charted before that are listed no more. */
    static final Duration LISTED_FOR = Duration.ofDays(90);

    private final FinalReports reports;
    private final Signing signing;
    private final Clock clock;
    private volatile Counted counted = new Counted(0, Instant.MIN);

    ToSign(FinalReports reports, Signing signing, Clock clock) {
        this.reports = reports;
        this.signing = signing;
        this.clock = clock;
    }

    /**
     * @param until when it is counted anew; every page shows it
     */
    private record Counted(int open, Instant until) {}

    /** A report and how it stands. */
    record Item(FinalReports.Row row, Signed signed) {
        private int rank() {
            return row.isCritical() ? 0 : signed.isOutdated() ? 1 : 2;
        }
    }

    /**
     * What was found.
     *
     * @param open the worst first
     * @param full whether there are more reports than were looked at
     */
    record Found(List<Item> open, boolean full) {
        Found {
            open = List.copyOf(open);
        }
    }

    Found find() {
        var now = clock.instant();
        var rows = reports.since(now.minus(LISTED_FOR));
        var signed = signing.of(rows);
        var open = new ArrayList<Item>();
        for (var row : rows) {
            var its = signed.get(row.series());
            if (its != null && its.open()) open.add(new Item(row, its));
        }
        open.sort(
                Comparator.comparingInt(Item::rank)
                        .thenComparing(item -> item.row().changedAt())
                        .thenComparingLong(item -> item.row().series()));
        var done = clock.instant();
        counted = new Counted(open.size(), done.plus(Notices.restFor(Duration.between(now, done))));
        return new Found(open, rows.size() == FinalReports.MAX_ROWS);
    }

    /** How many there are; of those that were looked at, and the page that lists them is newer. */
    int count() {
        var known = counted;
        return clock.instant().isBefore(known.until()) ? known.open() : find().open().size();
    }

    /** Somebody signed one: that shows at once. */
    void signed() {
        var known = counted;
        counted = new Counted(Math.max(0, known.open() - 1), known.until());
    }
}
