package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Whether what is new under a known order number is only written otherwise than what it is about ⚠:
 * with the other of two codings in front (HL7 v2.5.1 §2.A.13), in other letters, by its text alone,
 * under another service (OBR-4), or with another sub-id (OBX-4). What the same message says beside
 * the new one is another thing.
 *
 * <p>A correction, confirmation or withdrawal needs something that it is about, so any code that
 * both share, or the same text in two systems, is enough to doubt it. A result that is new may
 * share a code behind its own, or its text, with another test: it is doubted only where the codes
 * have changed places, or where nothing but the writing is another one.
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
        return isAlike(known.codings(), codings, changes);
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
            var codings = Codings.of(value.test(), value.translation().loinc());
            for (var other : known.values().entrySet())
                if (isOfTest(key, codings, other.getKey(), other.getValue())
                        && isShown(other.getValue())) return true;
        }
        return false;
    }

    private static boolean isOfTest(
            ValueKey key, Codings codings, ValueKey other, List<KnownValue> versions) {
        if (other.equals(key)) return true;
        return other.subId().equals(key.subId())
                && other.instance().equals(key.instance())
                && versions.getFirst().codings().isInOtherLetters(codings);
    }

    private static boolean isAlike(Codings known, Codings codings, boolean changes) {
        return changes
                ? known.shareOne(codings) || known.mayBe(codings)
                : known.isTurnedRound(codings) || known.isInOtherLetters(codings);
    }

    /** A correction or withdrawal that found nothing, which what comes now may be. */
    private static boolean foundNothing(List<KnownValue> versions) {
        return versions.size() == 1 && isAboutAnother(versions.getFirst().entry().status());
    }

    private static boolean isShown(List<KnownValue> versions) {
        for (var version : versions)
            if (version.place().standing() == Standing.CURRENT) return true;
        return false;
    }

    /**
     * Whether a value that is known by another code is this one.
     *
     * @param known what the report does not say again
     */
    static boolean isByCode(ObservationStatement statement, Map<ValueKey, List<KnownValue>> known) {
        if (statement.status().isNoResult()) return false;
        var key = ValueKey.of(statement);
        var codings = Codings.of(statement.test(), statement.translation().loinc());
        boolean changes = isAboutAnother(statement.status());
        for (var value : known.entrySet()) {
            var other = value.getKey();
            if (isSameTest(other, key)) continue;
            if (!other.instance().equals(key.instance())) continue;
            boolean sameSubId =
                    other.subId().equals(key.subId())
                            || (changes && isWithAndWithout(other.subId(), key.subId()));
            if (!sameSubId || !stands(value.getValue())) continue;
            boolean either = changes || foundNothing(value.getValue());
            for (var version : value.getValue())
                if (isAlike(version.codings(), codings, either)) return true;
        }
        return false;
    }

    /**
     * Whether a value that is known with or without a sub-id is this one. Isolates are numbered as
     * they grow, and what grows in number begins with one of them; but what corrects a culture with
     * or without a number, contrary to before, corrects none of them ⚠.
     *
     * @param known what the report does not say again
     */
    static boolean isBySubId(
            ReportStatement report,
            ObservationStatement statement,
            Map<ValueKey, List<KnownValue>> known) {
        if (statement.status().isNoResult()) return false;
        var key = ValueKey.of(statement);
        boolean changes = isAboutAnother(statement.status());
        if (!changes && Isolates.names(statement)) return false;
        int standing = 0;
        boolean found = false;
        boolean isolates = false;
        for (var value : known.entrySet()) {
            var other = value.getKey();
            if (!isSameTest(other, key) || other.equals(key)) continue;
            if (!other.instance().equals(key.instance())) continue;
            if (!stands(value.getValue())) continue;
            standing++;
            isolates |= value.getValue().getFirst().isolate();
            found |=
                    isWithAndWithout(other.subId(), key.subId())
                            && (changes || (other.subId() + key.subId()).equals("1"));
        }
        // Where tests are counted by OBX-4, a correction alone counts anew.
        if (changes && standing == 1 && !isolates && !isOfCulture(report)) return true;
        // ⚠ So does a new final one, which corrects by its value.
        if (!found && standing == 1 && !isolates && countsLines(report)) found = true;
        if (!found || changes) return found;
        long said =
                report.observations().stream()
                        .filter(value -> isSameTest(ValueKey.of(value), key))
                        .count();
        return standing == 1 && said == 1;
    }

    /** Whether OBX-4 counts the OBX of a report, whatever their tests. */
    private static boolean countsLines(ReportStatement report) {
        var all = report.observations();
        if (all.size() < 2) return false;
        var tests = new HashSet<String>();
        for (int i = 0; i < all.size(); i++) {
            var key = ValueKey.of(all.get(i));
            if (!key.subId().equals(String.valueOf(i + 1))) return false;
            tests.add(key.test() + "^" + key.system());
        }
        return tests.size() == all.size() && !isOfCulture(report);
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

    private static boolean isSameTest(ValueKey one, ValueKey other) {
        return one.test().equals(other.test()) && one.system().equals(other.system());
    }

    private static boolean isWithAndWithout(String one, String other) {
        return one.isEmpty() != other.isEmpty();
    }
}
