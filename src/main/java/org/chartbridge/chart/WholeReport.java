package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownReportVersion;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.chartbridge.chart.Timeline.Version;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a report does to values that it doesn't mention. Mostly nothing, and then each value has its
 * own {@link Timeline}; here the timelines of a report are walked together, moment by moment:
 *
 * <ul>
 *   <li>When the isolates of a culture are numbered anew ⚠ (what was isolate 1 is isolate 2, and no
 *       longer 1), every numbered value before that is void unless it is said again: nobody knows
 *       which isolate it was about (HL7-RULES §4, decision 0036).
 *   <li>What grew at last makes history of the preliminary word, without a number, that nothing had
 *       ⚠.
 *   <li>A report that says all there is ({@code results: snapshot}) makes history of preliminary
 *       values that it leaves out. Final ones stay, and are told of.
 * </ul>
 *
 * <p>Like a timeline it is a function of the set of versions; arrival plays no part.
 */
final class WholeReport {

    /**
     * How the versions of all values stand.
     *
     * @param timelines by value
     * @param relabelled entries that number isolates anew
     * @param leftOut how many final values an entry leaves out although it should say all
     */
    record Arranged(
            Map<ValueKey, Timeline> timelines, Set<Long> relabelled, Map<Long, Integer> leftOut) {}

    private record Told(ValueKey key, KnownValue value) {

        Version version() {
            return value.entry();
        }
    }

    private final Map<ValueKey, Timeline> timelines = new LinkedHashMap<>();
    private final Set<Long> relabelled = new HashSet<>();
    private final Map<Long, Integer> leftOut = new HashMap<>();
    private final Set<Long> whole = new HashSet<>();

    private WholeReport(List<KnownReportVersion> versions) {
        for (var version : versions) if (version.whole()) whole.add(version.entry().entryId());
    }

    /** Whether values of this report can depend on each other. */
    static boolean isNeeded(
            List<KnownReportVersion> versions, Map<ValueKey, List<KnownValue>> values) {
        if (versions.size() < 2) return false;
        for (var version : versions) if (version.whole()) return true;
        for (var value : values.entrySet())
            if (!value.getKey().subId().isEmpty()
                    && value.getValue().stream().anyMatch(KnownValue::isolate)) return true;
        return false;
    }

    static Arranged arrange(
            List<KnownReportVersion> versions, Map<ValueKey, List<KnownValue>> values) {
        var report = new WholeReport(versions);
        var all = new ArrayList<Told>();
        values.forEach(
                (key, known) -> {
                    report.timelines.put(key, new Timeline());
                    for (var value : known) all.add(new Told(key, value));
                });
        all.sort(Comparator.comparing(Told::version, Timeline.OLDEST_FIRST));
        for (int from = 0, to; from < all.size(); from = to) {
            to = from + 1;
            while (to < all.size() && isSameMoment(all.get(from), all.get(to))) to++;
            report.add(all.subList(from, to));
        }
        return new Arranged(report.timelines, report.relabelled, report.leftOut);
    }

    private static boolean isSameMoment(Told one, Told other) {
        return Timeline.BY_TIME.compare(one.version().said(), other.version().said()) == 0;
    }

    /** All that was said at one time; what ties with each other leaves each other alone. */
    private void add(List<Told> moment) {
        var mentioned = new HashMap<ValueKey, Set<String>>();
        for (var told : moment)
            mentioned
                    .computeIfAbsent(told.key(), _ -> new HashSet<>())
                    .add(told.version().valueKey());
        var renumbering = new TreeSet<Long>();
        for (var told : moment)
            if (isRenumbered(told, mentioned)) renumbering.add(told.version().entryId());
        relabelled.addAll(renumbering);
        var entries = new TreeSet<Long>();
        for (var told : moment)
            if (whole.contains(told.version().entryId())) entries.add(told.version().entryId());
        timelines.forEach(
                (key, timeline) -> {
                    if (mentioned.containsKey(key)) return;
                    if (!renumbering.isEmpty() && !key.subId().isEmpty())
                        timeline.relabel(renumbering.getFirst());
                    else if (isOvergrown(key, timeline, moment))
                        timeline.leaveOut(moment.getFirst().version().entryId());
                    else if (!entries.isEmpty()) leaveOut(timeline, entries.getFirst());
                });
        for (var told : moment) timeline(told.key()).add(told.version());
    }

    /**
     * Whether it says, for now and without a number, that nothing grew, and an isolate is named.
     */
    private static boolean isOvergrown(ValueKey key, Timeline timeline, List<Told> moment) {
        var current = timeline.current();
        if (current == null || !key.subId().isEmpty() || !current.status().isPreliminary())
            return false;
        if (Isolates.isNamed(current.valueKey())) return false;
        for (var told : moment) if (isOfTest(told.key(), key) && isolate(told) != null) return true;
        return false;
    }

    private static boolean isOfTest(ValueKey key, ValueKey other) {
        return key.test().equals(other.test()) && key.system().equals(other.system());
    }

    private void leaveOut(Timeline timeline, long entryId) {
        var current = timeline.current();
        if (current == null) return;
        if (current.status().isPreliminary()) timeline.leaveOut(entryId);
        else leftOut.merge(entryId, 1, Integer::sum);
    }

    /**
     * Whether an isolate that was known by another number comes under this one. Two isolates of one
     * kind that stand beside each other are no such thing.
     */
    private boolean isRenumbered(Told told, Map<ValueKey, Set<String>> mentioned) {
        var named = isolate(told);
        if (named == null || named.equals(timeline(told.key()).currentKey())) return false;
        if (timeline(told.key()).isOld(told.version())) return false;
        for (var other : timelines.entrySet()) {
            var key = other.getKey();
            if (!isOtherNumber(key, told.key())) continue;
            if (!named.equals(other.getValue().currentKey())) continue;
            if (!mentioned.getOrDefault(key, Set.of()).contains(named)) return true;
        }
        return false;
    }

    private static boolean isOtherNumber(ValueKey key, ValueKey than) {
        return !key.subId().isEmpty() && !key.subId().equals(than.subId()) && isOfTest(key, than);
    }

    /** The isolate that is named under a number; null for all else. */
    private static @Nullable String isolate(Told told) {
        var version = told.version();
        boolean names =
                told.value().isolate()
                        && !told.key().subId().isEmpty()
                        && !version.inherited()
                        && !version.status().isWithdrawal()
                        && !version.status().isNoResult()
                        && version.status() != ObservationStatus.CANNOT_BE_OBTAINED
                        && Isolates.isNamed(version.valueKey());
        return names ? version.valueKey() : null;
    }

    private Timeline timeline(ValueKey key) {
        var timeline = timelines.get(key);
        if (timeline == null) throw new IllegalStateException("a value that was not looked at");
        return timeline;
    }
}
