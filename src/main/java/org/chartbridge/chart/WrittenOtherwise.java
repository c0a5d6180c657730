package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * Whether what is new under a known order number is only written otherwise than what it is about ⚠:
 * with the other of two codings in front (HL7 v2.5.1 §2.A.13), under another service (OBR-4), or
 * with another sub-id (OBX-4). What the same message says beside the new one is another thing.
 *
 * <p>A correction, confirmation or withdrawal needs something that it is about, so any code that
 * both share is enough to doubt it. A result that is new may share a code behind its own with
 * another test: it is doubted only where the codes have changed places.
 */
final class WrittenOtherwise {

    private WrittenOtherwise() {}

    /** Whether a report of the same number, known by another code, is this one. */
    static boolean isSo(KnownReport known, ReportStatement statement, List<ReportStatement> all) {
        if (known.isFor(statement) || !known.numbers().contains(statement.number())) return false;
        for (var other : all) if (known.isFor(other)) return false;
        if (!known.values().isEmpty() && known.values().values().stream().noneMatch(v -> stands(v)))
            return false;
        var codings = Codings.of(statement.service(), "");
        boolean changes =
                statement.observations().stream().anyMatch(value -> isAboutAnother(value.status()));
        return changes ? known.codings().shareOne(codings) : known.codings().isTurnedRound(codings);
    }

    /**
     * Whether a report of the same number and of another service has the value that this one
     * corrects, confirms or withdraws, and this one does not have it.
     *
     * @param own what is known of the report itself; null when nothing is
     */
    static boolean isUnderAnotherService(
            KnownReport known,
            @Nullable KnownReport own,
            ReportStatement statement,
            List<ReportStatement> all) {
        if (known.isOfService(statement)) return false;
        for (var other : all) if (known.isFor(other)) return false;
        for (var value : statement.observations()) {
            var key = ValueKey.of(value);
            if (!isAboutAnother(value.status())) continue;
            if (own != null && own.values().containsKey(key)) continue;
            var versions = known.values().get(key);
            if (versions != null && isShown(versions)) return true;
        }
        return false;
    }

    private static boolean isShown(List<KnownValue> versions) {
        for (var version : versions)
            if (version.place().standing() == Standing.CURRENT) return true;
        return false;
    }

    /** Whether a value that is known by another code is this one. */
    static boolean isByCode(
            ReportStatement report,
            ObservationStatement statement,
            Map<ValueKey, List<KnownValue>> known) {
        if (statement.status().isNoResult()) return false;
        var key = ValueKey.of(statement);
        var codings = Codings.of(statement.test(), statement.translation().loinc());
        boolean changes = isAboutAnother(statement.status());
        for (var value : known.entrySet()) {
            var other = value.getKey();
            if (isSameTest(other, key) || isSaidIn(report, other)) continue;
            if (!other.instance().equals(key.instance())) continue;
            boolean sameSubId =
                    other.subId().equals(key.subId())
                            || (changes && isWithAndWithout(other.subId(), key.subId()));
            if (!sameSubId || !stands(value.getValue())) continue;
            for (var version : value.getValue())
                if (changes
                        ? version.codings().shareOne(codings)
                        : version.codings().isTurnedRound(codings)) return true;
        }
        return false;
    }

    /**
     * Whether a value that is known with or without a sub-id is this one. Isolates are numbered as
     * they grow, and what grows in number begins with one of them.
     */
    static boolean isBySubId(
            ReportStatement report,
            ObservationStatement statement,
            Map<ValueKey, List<KnownValue>> known) {
        if (statement.status().isNoResult() || Isolates.names(statement)) return false;
        var key = ValueKey.of(statement);
        boolean changes = isAboutAnother(statement.status());
        int standing = 0;
        boolean found = false;
        boolean isolates = false;
        for (var value : known.entrySet()) {
            var other = value.getKey();
            if (!isSameTest(other, key) || other.equals(key)) continue;
            if (!other.instance().equals(key.instance())) continue;
            if (isSaidIn(report, other) || !stands(value.getValue())) continue;
            standing++;
            isolates |= value.getValue().getFirst().isolate();
            found |=
                    isWithAndWithout(other.subId(), key.subId())
                            && (changes || (other.subId() + key.subId()).equals("1"));
        }
        // Where tests are counted by OBX-4, a correction alone counts anew.
        if (changes && standing == 1 && !isolates && !isOfCulture(report)) return true;
        if (!found) return false;
        if (changes) return true;
        long said =
                report.observations().stream()
                        .filter(value -> isSameTest(ValueKey.of(value), key))
                        .count();
        return standing == 1 && said == 1;
    }

    /** Its isolates, or their susceptibilities, are numbered by OBX-4. */
    private static boolean isOfCulture(ReportStatement report) {
        return !report.parent().isNone()
                || report.observations().stream().anyMatch(Isolates::names);
    }

    /** Corrections, confirmations and withdrawals. */
    private static boolean isAboutAnother(ObservationStatus status) {
        return switch (status) {
            case CORRECTED, AMENDED, APPENDED, VERIFIED, FINAL_UNCHANGED, DELETED, WRONG_PATIENT ->
                    true;
            case NOT_ASKED,
                    ORDER_DETAIL,
                    SPECIMEN_IN_LAB,
                    NOT_VERIFIED,
                    PRELIMINARY,
                    PARTIAL,
                    CANNOT_BE_OBTAINED,
                    FINAL ->
                    false;
        };
    }

    /** Whether it is shown, or a withdrawal waits for it. */
    private static boolean stands(List<KnownValue> versions) {
        boolean onlyWithdrawn = true;
        for (var version : versions) {
            if (version.place().standing() == Standing.CURRENT) return true;
            onlyWithdrawn &= version.place().standing() == Standing.WITHDRAWAL;
        }
        return onlyWithdrawn;
    }

    private static boolean isSaidIn(ReportStatement report, ValueKey key) {
        for (var value : report.observations()) if (ValueKey.of(value).equals(key)) return true;
        return false;
    }

    private static boolean isSameTest(ValueKey one, ValueKey other) {
        return one.test().equals(other.test()) && one.system().equals(other.system());
    }

    private static boolean isWithAndWithout(String one, String other) {
        return one.isEmpty() != other.isEmpty();
    }
}
