package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.Likeness.Agreement;
import org.chartbridge.chart.Likeness.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ⚠ HL7-RULES §6: who is matched without a person, and what a person is shown. */
class MatchingTests {
    private static final int PAIRS = 500;

    @Test
    void nobodyIsEverMatchedWithSomebodyElse() {
        var seed = System.nanoTime();
        var pairs = LabelledPairs.of(seed, PAIRS);

        var automatic = pairs.stream().filter(MatchingTests::isAutomatic).toList();

        long same = pairs.stream().filter(LabelledPairs.Pair::same).count();
        System.out.printf(
                "MatchingTests seed %d: %d pairs, %d of the same person, %d of these matched"
                        + " automatically (%d %%)%n",
                seed, PAIRS, same, automatic.size(), automatic.size() * 100L / same);
        assertThat(automatic)
                .as("seed " + seed)
                .allMatch(LabelledPairs.Pair::same)
                .extracting(LabelledPairs.Pair::kind)
                .contains("all agrees", "capitals and accents", "found by a trusted number");
    }

    private static boolean isAutomatic(LabelledPairs.Pair pair) {
        return Identity.doubts(pair.claim(), pair.known(), pair.others()).isEmpty();
    }

    /**
     * Two whom the same words stand for, under one number that was mistyped: of a partner that
     * brings patients nobody can tell this from the same one once more.
     */
    private static final Set<String> NOT_TO_BE_TOLD_APART =
            Set.of("newborns of one day", "unknown persons of one night", "test patients");

    /** ⚠ A partner that brings patients finds those of others by the same rule. */
    @Test
    void whoMayBringPatientsIsMatchedWithNobodyElseEither() {
        var seed = System.nanoTime();
        System.out.println("seed " + seed);

        assertThat(LabelledPairs.of(seed, PAIRS))
                .filteredOn(pair -> pair.known() != null)
                .filteredOn(pair -> !NOT_TO_BE_TOLD_APART.contains(pair.kind()))
                .filteredOn(
                        pair ->
                                Identity.doubts(bringing(pair.claim()), pair.known(), pair.others())
                                        .isEmpty())
                .as("seed " + seed)
                .allMatch(LabelledPairs.Pair::same);
    }

    private static PatientClaim bringing(PatientClaim claim) {
        return new PatientClaim(
                claim.key(),
                claim.path(),
                claim.identifiers(),
                claim.name(),
                claim.birthDate(),
                claim.sex(),
                claim.address(),
                claim.phone(),
                true,
                claim.multipleBirth(),
                claim.trusted());
    }

    /** ⚠ What it leaves out may be left out only where nobody knows it. */
    @ParameterizedTest
    @CsvSource({
        "'', '', Doe, 1971-02-03, held",
        "Doe, '', Doe, 1971-02-03, held",
        "'', 1971-02-03, Doe, 1971-02-03, held",
        "., 1971-02-03, Doe, 1971-02-03, held",
        "Doe, 1971, Doe, 1971-02-03, held",
        "Doe, 1971-02-03, Doe, 1971-02-03, charted",
        "'', '', '', '', charted",
        "Doe, 1971-02-03, '', '', charted",
        "Doe, '', Doe, '', charted",
        "Baby, 1971-02-03, Baby, 1971-02-03, charted",
        "Baby, '', Baby, 1971-02-03, held"
    })
    void aNumberAloneNamesNobodyWhoIsKnownByNameAndBirthDate(
            String family, String born, String knownFamily, String knownBorn, String becomes) {
        var key = new RecordKey("CLINIC", "MR", "1");
        var claim =
                new PatientClaim(
                        key,
                        "PID-3",
                        List.of(key),
                        new PersonName(family, "Jane", "", ""),
                        born,
                        "",
                        "",
                        "",
                        true);
        var known =
                new PatientState.KnownRecord(
                        1,
                        new java.util.UUID(0, 1),
                        key,
                        new PersonName(knownFamily, "Jane", "", ""),
                        knownBorn,
                        0,
                        null,
                        new Claimed(Claimed.FIRST, 0, false));

        assertThat(Identity.doubts(claim, known, List.of()).isEmpty() ? "charted" : "held")
                .isEqualTo(becomes);
        // As long as only laboratories spoke of the patient, it is theirs, in any order of arrival.
        var theirs =
                new PatientState.KnownRecord(
                        1,
                        known.personId(),
                        key,
                        known.name(),
                        knownBorn,
                        0,
                        null,
                        new Claimed(1, 0, true));
        assertThat(Identity.doubts(claim, theirs, List.of())).isEmpty();
    }

    /** ⚠ What an instrument measures to check itself is nobody. */
    @ParameterizedTest
    @CsvSource({"CONTROL, LEVEL 1", "QC, High", "Calibrator, 2", "Level 1, ''"})
    void aControlIsNeverMatchedByItself(String family, String given) {
        var key = new RecordKey("LAB", "MR", "QC-1");
        var name = new PersonName(family, given, "", "");
        var claim =
                new PatientClaim(key, "PID-3", List.of(key), name, "1990-01-01", "", "", "", false);
        var known =
                new PatientState.KnownRecord(
                        1,
                        new java.util.UUID(0, 1),
                        key,
                        name,
                        "1990-01-01",
                        0,
                        null,
                        new Claimed(Claimed.FIRST, 0, false));

        assertThat(Identity.doubts(claim, known, List.of()))
                .extracting(Doubt::reason)
                .containsExactly(HoldReason.PATIENT_MATCH_UNCERTAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "FAMILY, Smith-Jones, Jones, CLOSE",
        "FAMILY, Müller, MULLER, SAME",
        "FAMILY, O'Brien, OBRIEN, SAME",
        "FAMILY, Meyer, Meier, CLOSE",
        "FAMILY, Doe, Roe-Brandt, OTHER",
        "GIVEN, J, Jane, CLOSE",
        "GIVEN, Jane, Sam, OTHER",
        "BIRTH_DATE, 1971-03-02, 1971-02-03, CLOSE",
        "BIRTH_DATE, 1971-02-30, 1971-02-03, CLOSE",
        "BIRTH_DATE, 1971, 1971-02-03, CLOSE",
        "BIRTH_DATE, 1980-12-31, 1971-02-03, OTHER",
        "SUFFIX, Jr, Sr, OTHER",
        "ADDRESS, '1 Main St, Springfield', '1 MAIN ST', SAME",
        "SEX, F, M, OTHER",
        "SEX, '', M, SILENT",
        "IDENTIFIER, 4711, 4711, SAME",
        "IDENTIFIER, 4711, 4171, CLOSE",
        "IDENTIFIER, 4711, 9999, OTHER"
    })
    void theEvidenceOfAFieldIsNamed(Field field, String claimed, String known, Agreement agrees) {
        var likeness = Likeness.of(claim(field, claimed), record(field, known));

        assertThat(likeness.evidence())
                .filteredOn(one -> one.field() == field)
                .extracting(Likeness.Evidence::agreement)
                .containsExactly(agrees);
    }

    @Test
    void namesInTheWrongOrderAreClose() {
        var key = new RecordKey("CLINIC", "MR", "1");
        var claim =
                new PatientClaim(
                        key,
                        "PID-3",
                        List.of(key),
                        new PersonName("Jane", "Doe", "", ""),
                        "",
                        "",
                        "",
                        "",
                        false);

        var likeness = Likeness.of(claim, record("1", "DOE", "JANE", "", "", "", ""));

        assertThat(likeness.evidence())
                .filteredOn(one -> one.agreement() == Agreement.CLOSE)
                .extracting(Likeness.Evidence::why)
                .containsExactly("names swapped", "names swapped");
    }

    private static String in(Field wanted, Field field, String value) {
        return wanted == field ? value : "";
    }

    private static PatientClaim claim(Field field, String value) {
        var key = new RecordKey("CLINIC", "MR", field == Field.IDENTIFIER ? value : "0000000");
        return new PatientClaim(
                key,
                "PID-3",
                List.of(key),
                new PersonName(
                        in(Field.FAMILY, field, value),
                        in(Field.GIVEN, field, value),
                        "",
                        in(Field.SUFFIX, field, value)),
                in(Field.BIRTH_DATE, field, value),
                in(Field.SEX, field, value),
                in(Field.ADDRESS, field, value),
                "",
                false);
    }

    private static RecordView record(Field field, String value) {
        return record(
                field == Field.IDENTIFIER ? value : "1111111",
                in(Field.FAMILY, field, value),
                in(Field.GIVEN, field, value),
                in(Field.SUFFIX, field, value),
                in(Field.BIRTH_DATE, field, value),
                in(Field.SEX, field, value),
                in(Field.ADDRESS, field, value));
    }

    private static RecordView record(
            String number,
            String family,
            String given,
            String suffix,
            String born,
            String sex,
            String address) {
        return new RecordView(
                1,
                "CLINIC",
                "MR",
                number,
                family,
                given,
                "",
                suffix,
                born,
                sex,
                address,
                "",
                List.of(new IdentifierView(number, "CLINIC", "MR")),
                Map.of(),
                1,
                "PID-3",
                Instant.EPOCH);
    }
}
