package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a message waits for when its partner holds unknown codes ({@code codes: hold}).
 *
 * <p>It holds up its order and nothing else: other orders of the patient are charted. What says
 * otherwise than a value that stands in the chart never waits, or a corrected or withdrawn value
 * would go on standing there (decision 0022).
 *
 * @param orders numbers of the orders that it holds up, in its partner's namespace
 * @param missing the tests that somebody has to look up; empty when it only follows another message
 */
public record CodeWait(long entryId, String partner, Set<String> orders, Set<Missing> missing) {

    /** Tests of one message that are kept; when these are known, it is looked at again. */
    static final int MAX_MISSING = 200;

    private static final String CODE_TEXT =
            "no LOINC code is known for this test, and codes.csv has no row for it; the message"
                    + " goes on by itself when the row is written";

    public CodeWait {
        orders = Set.copyOf(orders);
        missing = Set.copyOf(missing);
    }

    /**
     * A test without a code.
     *
     * @param code OBX-3.1
     * @param text OBX-3.2
     * @param unit OBX-6
     * @param saidAt the time of the result, else of the message: rows of {@code codes.csv} are
     *     dated
     */
    public record Missing(String code, String text, String unit, @Nullable Instant saidAt) {}

    /** A wait and what is said of it; or what is remarked of one that may not wait. */
    record Found(@Nullable CodeWait waits, List<Doubt> doubts, List<Applied.Remark> remarks) {
        static final Found NOTHING = new Found(null, List.of(), List.of());
    }

    /**
     * Looks whether results wait. Pure.
     *
     * @param isHeldUp whether an earlier message of an order waits
     */
    static Found of(Results results, PatientState state, long entryId, Predicate<String> isHeldUp) {
        var doubts = new ArrayList<Doubt>();
        var orders = new LinkedHashSet<String>();
        var missing = new LinkedHashSet<Missing>();
        for (var report : results.reports()) {
            for (var observation : report.observations()) {
                if (observation.translation().row() != Translation.MISSING) continue;
                if (missing.size() == MAX_MISSING) break;
                if (missing.add(missing(observation)))
                    doubts.add(
                            new Doubt(
                                    observation.path() + "-3",
                                    HoldReason.CODE_NOT_KNOWN,
                                    CODE_TEXT));
                if (report.hasOrderNumber()) orders.add(report.number());
            }
            if (report.hasOrderNumber() && isHeldUp.test(report.number())) {
                orders.add(report.number());
                doubts.add(
                        new Doubt(
                                report.path() + "-3",
                                HoldReason.WAITS_FOR_ORDER,
                                "an earlier message of this order waits for a code; this one"
                                        + " follows it by itself"));
            }
        }
        if (doubts.isEmpty()) return Found.NOTHING;
        if (contradictsTheChart(results, state))
            return new Found(
                    null,
                    List.of(),
                    doubts.stream()
                            .map(
                                    doubt ->
                                            new Applied.Remark(
                                                    doubt.path(),
                                                    doubt.reason().id(),
                                                    "charted at once: the message changes a value"
                                                            + " that stands in the chart"))
                            .toList());
        return new Found(
                new CodeWait(entryId, results.partner(), orders, missing), doubts, List.of());
    }

    private static Missing missing(ObservationStatement observation) {
        var at = observation.observed().instant();
        return new Missing(
                observation.test().code(),
                observation.test().text(),
                observation.unit(),
                at == null ? observation.said().message() : at);
    }

    private static boolean contradictsTheChart(Results results, PatientState state) {
        for (var statement : results.reports())
            for (var known : state.reports())
                if (known.partner().equals(results.partner()) && known.isFor(statement))
                    for (var observation : statement.observations())
                        if (contradicts(observation, known)) return true;
        return false;
    }

    private static boolean contradicts(ObservationStatement statement, KnownReport report) {
        for (var known : report.values().getOrDefault(ValueKey.of(statement), List.of()))
            if (known.place().standing() == Standing.CURRENT) return contradicts(statement, known);
        return false;
    }

    private static boolean contradicts(ObservationStatement statement, KnownValue known) {
        var status = statement.status();
        if (status.isWithdrawal()) return true;
        if (statement.value().isEmpty()) return !status.mayKeepValue();
        var said = statement.value();
        var shown = known.shown();
        return !Fold.valueKey(said.text(), said.number(), said.comparator(), statement.unit())
                .equals(
                        Fold.valueKey(
                                shown.text(), shown.number(), shown.comparator(), shown.unit()));
    }

    /** Prints the entry only. */
    @Override
    public String toString() {
        return "CodeWait[" + entryId + "]";
    }
}
