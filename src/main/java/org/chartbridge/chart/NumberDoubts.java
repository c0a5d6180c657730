package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.PatientState.KnownReport;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is doubtful about the order number of a report, before it is folded into what is known:
 * whose it is, whether it is used again, and which of several it means ⚠. HL7-RULES §5.
 */
final class NumberDoubts {
    /**
     * The same order number with specimens further apart than this is a reused number, not a new
     * version.
     */
    static final Duration MAX_COLLECTED_APART = Duration.ofDays(7);

    /**
     * Where nothing says when a specimen was taken, the same between messages (MSH-7): longer than
     * any culture grows, shorter than laboratories count to before they begin again.
     */
    static final Duration MAX_APART_WITHOUT_COLLECTION = Duration.ofDays(180);

    private final PatientState state;
    private final List<Doubt> doubts = new ArrayList<>();

    NumberDoubts(PatientState state) {
        this.state = state;
    }

    /**
     * Of one report; empty of nearly all.
     *
     * @param record whom the report names, where that is known
     */
    List<Doubt> of(Results results, ReportStatement statement, @Nullable KnownRecord record) {
        doubts.clear();
        if (statement.hasOrderNumber()) doubtKnownNumber(results, statement, record);
        else doubtCorrectionWithoutNumber(statement);
        if (doubts.isEmpty()) doubtOrder(results.partner(), statement);
        return List.copyOf(doubts);
    }

    /**
     * Whoever ordered under this number ordered for somebody else than the laboratory names: one of
     * the two is wrong ⚠. What is in the chart under its own number is corrected there.
     */
    private void doubtOrder(String partner, ReportStatement statement) {
        if (!state.ofAnothersOrder().contains(statement.number())) return;
        for (var report : state.reports())
            if (report.partner().equals(partner) && report.numbers().contains(statement.number()))
                return;
        doubts.add(
                new Doubt(
                        statement.path() + "-2",
                        HoldReason.ORDER_OF_ANOTHER_PATIENT,
                        "the order of this number was placed for another patient than the one whom"
                                + " PID names"));
    }

    private void doubtKnownNumber(
            Results results, ReportStatement statement, @Nullable KnownRecord record) {
        var partner = results.partner();
        // What is in the chart under the very number is corrected there.
        var own = record == null ? null : state.exact(partner, record, statement);
        for (var report : state.reports()) {
            if (!report.partner().equals(partner)) continue;
            boolean butForNamespace =
                    PatientState.isOf(record, report)
                            ? report.isButForNamespace(statement)
                            : own == null
                                    && report.isOneNumber(statement)
                                    && !report.hasOtherNamespace(statement);
            if (!report.numbers().contains(statement.number()) && !butForNamespace) continue;
            if (report.isPostedForWrongPatient() && !PatientState.isOf(record, report)) continue;
            if (!PatientState.isOf(record, report)) {
                doubts.add(
                        new Doubt(
                                numberPath(statement),
                                HoldReason.ORDER_NUMBER_OF_ANOTHER_PATIENT,
                                "this order number already belongs to another patient's report"));
                return;
            }
            if (report.service().equals(statement.service().key())
                    && CodeDoubts.isWithAndWithout(
                            report.serviceSystem(), statement.service().system())) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-4",
                                HoldReason.CODING_SYSTEM_DIFFERS,
                                "this order is known with the coding system of its code and comes"
                                        + " without, or the other way round"));
                return;
            }
            if (WrittenOtherwise.isSo(report, statement, results.reports())
                    || WrittenOtherwise.isUnderAnotherService(
                            report, own, statement, results.reports())) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-4",
                                HoldReason.CODE_WRITTEN_OTHERWISE,
                                "this order, or its test, is known by another of its codes or in"
                                        + " other letters; it would stand beside the report that it"
                                        + " is about"));
                return;
            }
            if (isReused(report, statement)) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-7",
                                HoldReason.COLLECTED_TOO_FAR_APART,
                                "this order number is known with a specimen collected more than "
                                        + MAX_COLLECTED_APART.toDays()
                                        + " days apart, or without a time for more than "
                                        + MAX_APART_WITHOUT_COLLECTION.toDays()
                                        + " days; it looks like a number used again"));
                return;
            }
        }
        if (record != null && isAmbiguous(partner, record, statement))
            doubts.add(
                    new Doubt(
                            statement.path() + "-3",
                            HoldReason.ORDER_NUMBER_AMBIGUOUS,
                            "this order number is known with several namespaces or comes with"
                                    + " another one, and without: nothing says which report is"
                                    + " meant"));
    }

    /** Where the number came without a namespace, and it could be that of either of two others. */
    private boolean isAmbiguous(String partner, KnownRecord record, ReportStatement statement) {
        if (state.exact(partner, record, statement) != null) return false;
        var known = state.butForNamespace(partner, record, statement);
        return known.size() > 1
                || known.stream().anyMatch(report -> report.hasOtherNamespace(statement));
    }

    private void doubtCorrectionWithoutNumber(ReportStatement statement) {
        for (var observation : statement.observations()) {
            var status = observation.status();
            if (status == ObservationStatus.CORRECTED || status.isWithdrawal()) {
                doubts.add(
                        new Doubt(
                                statement.path() + "-3",
                                HoldReason.ORDER_NUMBER_MISSING,
                                "a correction or withdrawal needs the order number of the report"
                                        + " that it changes (OBR-3 or OBR-2)"));
                return;
            }
        }
    }

    private static boolean isReused(KnownReport report, ReportStatement statement) {
        var collected = statement.collected().instant();
        if (collected != null || !report.collected().isEmpty())
            return tooFarApart(report.collected(), collected, MAX_COLLECTED_APART);
        var said = new ArrayList<Instant>();
        for (var version : report.versions()) {
            var message = version.entry().said().message();
            if (message != null) said.add(message);
        }
        return tooFarApart(said, statement.said().message(), MAX_APART_WITHOUT_COLLECTION);
    }

    /** From every time it is known with, whichever came first: a course may take days. */
    private static boolean tooFarApart(List<Instant> known, @Nullable Instant at, Duration most) {
        if (at == null || known.isEmpty()) return false;
        for (var one : known)
            if (Duration.between(one, at).abs().compareTo(most) <= 0) return false;
        return true;
    }

    /** Where the number of a report stands. */
    static String numberPath(ReportStatement statement) {
        return statement.path() + "-3";
    }
}
