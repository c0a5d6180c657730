package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownReportVersion;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose the versions of a report are that name the placer's number only (OBR-2), because the filler
 * had not given one yet: of the one report of the same patient, partner and OBR-4 that says the
 * same placer's number beside its own. Where several do, nothing says which is meant, and all stand
 * apart (decision 0068). Pure: it follows from the set of versions.
 */
final class ByPlacersNumber {

    /** One version, as far as it matters here. */
    private record Said(long entryId, @Nullable Instant collected, @Nullable Instant message) {
        static Said of(KnownReportVersion version) {
            var entry = version.entry();
            return new Said(entry.entryId(), version.numbers().collected(), entry.said().message());
        }
    }

    /** What is known by one number of the filler: a report in the chart, or a new one. */
    private record Numbered(@Nullable KnownReport report, List<Said> versions) {}

    private final ReportStatement statement;
    private final List<Numbered> fillers = new ArrayList<>();
    private final List<KnownReport> holders = new ArrayList<>(1);
    private final List<Said> placers = new ArrayList<>();
    private final @Nullable Numbered own;
    private final List<Numbered> near;

    /**
     * @param known the report that has the statement's own number
     * @param same reports of its patient, partner, test and placer's number, and that one
     */
    ByPlacersNumber(
            ReportStatement statement,
            @Nullable KnownReport known,
            List<KnownReport> same,
            long entryId) {
        this.statement = statement;
        Numbered its = null;
        for (var report : same) {
            var numbered = new ArrayList<Said>();
            for (var version : report.versions())
                (version.isByPlacer() ? placers : numbered).add(Said.of(version));
            if (isByPlacer(report)) holders.add(report);
            if (numbered.isEmpty()) continue;
            var part = new Numbered(report, numbered);
            fillers.add(part);
            if (known != null && report.series() == known.series()) its = part;
        }
        var said = new Said(entryId, statement.collected().instant(), statement.said().message());
        if (ReportWords.isByPlacer(statement)) {
            placers.add(said);
        } else if (its != null) {
            its.versions().add(said);
        } else {
            its = new Numbered(null, List.of(said));
            fillers.add(its);
        }
        this.own = its;
        this.near = fillers.stream().filter(part -> isNear(part.versions())).toList();
    }

    /** Whether anything is known by its placer's number; usually not. */
    static boolean concerns(ReportStatement statement, List<KnownReport> same) {
        return ReportWords.isByPlacer(statement)
                || same.stream().anyMatch(ByPlacersNumber::isByPlacer);
    }

    private static boolean isByPlacer(KnownReport report) {
        return report.versions().stream().anyMatch(KnownReportVersion::isByPlacer);
    }

    /** Whether it has versions of both kinds. */
    static boolean isOfBoth(KnownReport report) {
        return isByPlacer(report) && !report.versions().stream().allMatch(v -> v.isByPlacer());
    }

    /** Whether several reports could be meant by the placer's number. */
    boolean isAmbiguous() {
        return !placers.isEmpty() && near.size() > 1;
    }

    /** Reports whose versions don't belong together, now that the statement has come. */
    List<KnownReport> torn() {
        var one = one();
        return holders.stream()
                .filter(ByPlacersNumber::isOfBoth)
                .filter(report -> one == null || !isOf(one, report))
                .toList();
    }

    /**
     * Two reports of the chart that are one: that of the filler, and that of the placer's number.
     */
    record Two(KnownReport filler, KnownReport placer) {}

    /** Those that came before anything said that they are one; to be asked when nothing is torn. */
    @Nullable Two two() {
        var one = one();
        if (one == null || one.report() == null || holders.isEmpty()) return null;
        var placer = holders.getFirst();
        return isOf(one, placer) ? null : new Two(one.report(), placer);
    }

    /** The report that the statement goes on with though it has another number; else null. */
    @Nullable KnownReport joins() {
        var one = one();
        if (one == null) return null;
        if (ReportWords.isByPlacer(statement)) return one.report();
        boolean isNew = own != null && own.report() == null && one.report() == null;
        return isNew && !holders.isEmpty() ? holders.getFirst() : null;
    }

    private static boolean isOf(Numbered some, KnownReport report) {
        return some.report() != null && some.report().series() == report.series();
    }

    /** The only one that can be meant. */
    private @Nullable Numbered one() {
        if (near.size() != 1 || holders.size() > 1) return null;
        var one = near.getFirst();
        // What one message says side by side are two things.
        var entries = new HashSet<Long>();
        for (var version : one.versions()) entries.add(version.entryId());
        return placers.stream().anyMatch(said -> entries.contains(said.entryId())) ? null : one;
    }

    /** A placer uses its numbers again, and has orders that come back with the same. */
    private boolean isNear(List<Said> versions) {
        var collected = times(versions, true);
        var its = times(placers, true);
        if (!collected.isEmpty() && !its.isEmpty())
            return isNear(collected, its, NumberDoubts.MAX_COLLECTED_APART);
        return isNear(
                times(versions, false),
                times(placers, false),
                NumberDoubts.MAX_APART_WITHOUT_COLLECTION);
    }

    private static Set<Instant> times(List<Said> versions, boolean collected) {
        var times = new HashSet<Instant>();
        for (var version : versions) {
            var time = collected ? version.collected() : version.message();
            if (time != null) times.add(time);
        }
        return times;
    }

    private static boolean isNear(Set<Instant> some, Set<Instant> others, Duration most) {
        for (var one : some)
            for (var other : others)
                if (Duration.between(one, other).abs().compareTo(most) <= 0) return true;
        return false;
    }
}
