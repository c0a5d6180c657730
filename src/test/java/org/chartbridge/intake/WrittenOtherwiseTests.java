package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.chart.WrongPatients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;

/**
 * ⚠ A correction or withdrawal whose test is written a little differently hits nothing: it is held,
 * or told and listed, and never stands beside the value that it is about (decision 67).
 */
class WrittenOtherwiseTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String GLUCOSE = "GLU^Glucose^L";
    private static final String LOINC_FIRST = "2345-7^Glucose^LN^GLU^Glucose^L";
    private static final String LOINC_BEHIND = "GLU^Glucose^L^2345-7^Glucose^LN";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void aPatient() {
        engine.send(EMR, adt("A28", "C0", "PID|1||" + DOE));
    }

    @ParameterizedTest
    @CsvSource({
        LOINC_FIRST + ", '', C, code-written-otherwise",
        LOINC_FIRST + ", '', D, code-written-otherwise",
        LOINC_FIRST + ", '', W, code-written-otherwise",
        LOINC_FIRST + ", '', A, code-written-otherwise",
        LOINC_FIRST + ", '', F, code-written-otherwise",
        LOINC_FIRST + ", '', X, code-written-otherwise",
        LOINC_FIRST + ", 1, C, code-written-otherwise",
        GLUCOSE + ", 1, C, sub-id-differs",
        GLUCOSE + ", 7, D, sub-id-differs",
        GLUCOSE + ", 1, W, sub-id-differs",
        GLUCOSE + ", 1, F, sub-id-differs",
        GLUCOSE + ", 1, P, sub-id-differs",
        "GLU^Glucose, '', C, coding-system-differs",
    })
    void whatIsWrittenOtherwiseThanTheValueItIsAboutIsHeld(
            String test, String subId, String status, String reason) {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));

        engine.send(LAB, oru("C2", GLUCOSE, obx(test, subId, "5.0", status)));

        assertThat(engine.state("C2")).isEqualTo("held");
        assertThat(engine.reasons("C2")).containsOnly(reason);
        assertThat(engine.values()).isEqualTo("M1 50");
    }

    /** ⚠ Both would be current. Of a new result less is enough to be another test. */
    @ParameterizedTest
    @CsvSource({
        "Glu^Glucose^L, GLU^Glucose^L, F, C, held",
        "Glu^Glucose^L, GLU^Glucose^L, P, F, held",
        "Glu^Glucose^L, GLU^Glucose^L, F, F, held",
        "Glu^Glucose^L, GLU^Glucose^L, F, D, held",
        "Glu^Glucose^L, GLU^Glucose^L, C, F, held",
        "GLU^Glucose^l, GLU^Glucose^L, P, F, held",
        "^Glucose, GLU^Glucose^L, F, C, held",
        "^Glucose, GLU^Glucose^L, P, F, held",
        "GLU^Glucose^L, ^Glucose, F, C, held",
        "GLU^Glucose^L, ^glu, F, C, held",
        "^Glucose, ^GLUCOSE, F, C, held",
        "^Glucose, ^GLUCOSE, P, F, held",
        "GLU^Glucose^99LAB, GLU^Glucose^L, F, C, held",
        "GLU^Glucose^99LAB, GLU^Glucose^L, P, F, held",
        "GLU^Sugar^99LAB, GLU^Glucose^L, F, C, held",
        "GLU^Sugar^99LAB, GLU^Glucose^L, P, F, charted",
        "2345-7^Glucose^LN, GLU^Glucose^L, F, C, held",
        "2345-7^Glucose^LN, GLU^Glucose^L, F, W, held",
        "2345-7^Glucose^LN, GLU^Glucose^L, C, F, held",
        "2345-7^Glucose^LN, GLU^Glucose^L, F, F, charted",
        "GLUP^Glucose^L, GLUS^Glucose^L, F, C, charted",
        "2345-7^Glucose^LN, 1558-6^Glucose^LN, F, C, charted",
        "^Glucose, ^Glucose fasting, P, F, charted",
    })
    void aTestInOtherLettersOrByItsTextIsDoubted(
            String before, String test, String was, String status, String state) {
        engine.send(LAB, oru("C1", GLUCOSE, obx(before, "", "50", was)));

        engine.send(LAB, oru("C2", GLUCOSE, obx(test, "", "5.0", status)));

        assertThat(engine.state("C2")).isEqualTo(state);
        if (state.equals("held"))
            assertThat(engine.reasons("C2")).containsOnly("code-written-otherwise");
    }

    @Test
    void aMessageThatSaysBothHasTwoTests() {
        engine.send(LAB, oru("C1", GLUCOSE, obx("^Glucose", "", "50", "F")));

        engine.send(
                LAB,
                oru("C2", GLUCOSE, obx("^Glucose", "", "51", "C") + obx(GLUCOSE, "", "5.0", "C")));

        assertThat(engine.values()).isEqualTo("M1 5.0 / M1 51");
    }

    @ParameterizedTest
    @CsvSource({"Glu^Glucose^L, C", "Glu^Glucose^L, F", "^Glucose, C"})
    void anOrderAndItsTestInOtherLettersAreDoubted(String test, String status) {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));

        engine.send(LAB, oru("C2", test, obx(test, "", "5.0", status)));

        assertThat(engine.reasons("C2")).containsOnly("code-written-otherwise");
        assertThat(engine.values()).isEqualTo("M1 50");
    }

    @ParameterizedTest
    @CsvSource({"C, true", "A, true", "F, false"})
    void aCorrectionOfWhatIsNotThereIsToldAndCharted(String status, boolean told) {
        engine.send(LAB, oru("C1", GLUCOSE, obx("NA^Sodium^L", "", "140", "F")));

        engine.send(LAB, oru("C2", GLUCOSE, obx(GLUCOSE, "", "5.0", status)));
        engine.send(LAB, oru("C3", GLUCOSE, obx(GLUCOSE, "", "5.1", status)));

        assertThat(engine.reasons("C2").contains("correction-without-result")).isEqualTo(told);
        assertThat(engine.reasons("C3")).doesNotContain("correction-without-result");
        assertThat(engine.values()).isEqualTo("M1 140 / M1 5.1");
    }

    /** ⚠ A laboratory that calls the panel otherwise now corrects the value of the panel before. */
    @ParameterizedTest
    @CsvSource({"C, held", "A, held", "D, held", "W, held", "U, held", "F, charted", "P, charted"})
    void aCorrectionUnderAnotherServiceOfTheSameNumberIsHeld(String status, String state) {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));

        engine.send(LAB, oru("C2", "CHEM^Chemistry^L", obx(GLUCOSE, "", "5.0", status)));

        assertThat(engine.state("C2")).isEqualTo(state);
        if (state.equals("held"))
            assertThat(engine.reasons("C2")).containsOnly("code-written-otherwise");
    }

    @Test
    void aCorrectionOfAServiceThatHasTheValueItselfIsCharted() {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));
        engine.send(LAB, oru("C2", "CHEM^Chemistry^L", obx(GLUCOSE, "", "51", "F")));

        engine.send(LAB, oru("C3", "CHEM^Chemistry^L", obx(GLUCOSE, "", "5.1", "C")));

        assertThat(engine.values()).isEqualTo("M1 5.1 / M1 50");
    }

    /** ⚠ A laboratory that counts the lines of a message in OBX-4 counts a correction anew. */
    @ParameterizedTest
    @CsvSource({"C, held", "D, held", "W, held", "F, charted"})
    void aCorrectionWithAnotherSubIdThanTheOnlyOneIsHeld(String status, String state) {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "1", "50", "F")));

        engine.send(LAB, oru("C2", GLUCOSE, obx(GLUCOSE, "2", "5.0", status)));

        assertThat(engine.state("C2")).isEqualTo(state);
        if (state.equals("held")) assertThat(engine.reasons("C2")).containsOnly("sub-id-differs");
    }

    /** ⚠ The commonest correction is a final value that is another one. */
    @ParameterizedTest
    @CsvSource({"1, 2, F, held", "1, 2, P, held", "2, 1, F, charted", "'', '', F, charted"})
    void whereOneCountsTheLinesOfAMessageANewFinalValueIsHeldToo(
            String beside, String subId, String status, String state) {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "1", "50", "F")));

        engine.send(
                LAB,
                oru(
                        "C2",
                        GLUCOSE,
                        obx("NA^Sodium^L", beside, "140", "F")
                                + obx(GLUCOSE, subId.isEmpty() ? "1" : subId, "5.0", status)));

        assertThat(engine.state("C2")).isEqualTo(state);
        if (state.equals("held")) assertThat(engine.reasons("C2")).containsOnly("sub-id-differs");
    }

    @ParameterizedTest
    @CsvSource({"1, charted", "2, charted", "3, charted"})
    void aCorrectionOfOneOfSeveralSubIdsIsNotDoubted(String subId, String state) {
        engine.send(
                LAB,
                oru("C1", GLUCOSE, obx(GLUCOSE, "1", "50", "F") + obx(GLUCOSE, "2", "51", "F")));

        engine.send(LAB, oru("C2", GLUCOSE, obx(GLUCOSE, subId, "5.0", "C")));

        assertThat(engine.state("C2")).isEqualTo(state);
    }

    @Test
    void anIsolateThatIsCorrectedUnderAnotherNumberIsNotDoubted() {
        var organism = "600-7^Bacteria identified^LN";
        engine.send(LAB, oru("C1", GLUCOSE, obx(organism, "1", "E. coli", "F")));

        engine.send(LAB, oru("C2", GLUCOSE, obx(organism, "2", "S. aureus", "C")));

        assertThat(engine.state("C2")).isEqualTo("charted");
    }

    /** ⚠ No growth would stand beside what grew, and what grew beside no growth. */
    @ParameterizedTest
    @CsvSource({
        "1, E. coli, '', No growth, C, held",
        "1, E. coli, '', '', D, held",
        "1, E. coli, '', No growth, F, charted",
        "'', No growth, 1, S. aureus, C, held",
        "'', No growth, '', S. aureus, C, charted",
        "'', No growth, 1, S. aureus, F, charted",
    })
    void aCultureIsCorrectedUnderItsNumberOrWaits(
            String before, String was, String subId, String is, String status, String state) {
        var organism = "600-7^Bacteria identified^LN";
        engine.send(LAB, oru("C1", GLUCOSE, obx(organism, before, was, "F")));

        engine.send(LAB, oru("C2", GLUCOSE, obx(organism, subId, is, status)));

        assertThat(engine.state("C2")).isEqualTo(state);
        if (state.equals("held")) assertThat(engine.reasons("C2")).contains("sub-id-differs");
    }

    @Test
    void theOtherWayRoundItIsHeldToo() {
        engine.send(LAB, oru("C1", GLUCOSE, obx(LOINC_FIRST, "", "50", "F")));
        engine.send(LAB, oru("C2", GLUCOSE, obx(GLUCOSE, "", "5.0", "C")));
        engine.send(LAB, oru("C3", GLUCOSE, obx("2345-7^Glucose^LN", "", "5.1", "C")));

        assertThat(engine.reasons("C2")).containsExactly("code-written-otherwise");
        assertThat(engine.state("C3")).isEqualTo("charted");
        assertThat(engine.values()).isEqualTo("M1 5.1");
    }

    /** Which of the two comes first decides which one waits; never are both current. */
    @ParameterizedTest
    @CsvSource({LOINC_FIRST + ", ''", GLUCOSE + ", 1"})
    void aWithdrawalThatCameFirstHoldsTheValueThatItMayBeAbout(String test, String subId) {
        engine.send(LAB, oru("C2", GLUCOSE, obx(test, subId, "50", "D")));
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));

        assertThat(engine.state("C1")).isEqualTo("held");
        assertThat(engine.values()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        LOINC_FIRST + ", C, held",
        LOINC_FIRST + ", D, held",
        LOINC_FIRST + ", F, held",
        "GLUC^Glucose^L^2345-7^Glucose^LN, C, charted",
        "CHEM^Chemistry^L, F, charted",
    })
    void anOrderThatIsCalledByItsOtherCodeIsHeld(String service, String status, String state) {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));

        engine.send(LAB, oru("C2", service, obx("NA^Sodium^L", "", "140", status)));

        assertThat(engine.state("C2")).isEqualTo(state);
    }

    /** Two tests may share a code behind their own; a correction of the one needs a value. */
    @Test
    void anotherTestThatSharesACodeBehindItsOwnIsCharted() {
        engine.send(LAB, oru("C1", GLUCOSE, obx(LOINC_BEHIND, "", "50", "F")));
        engine.send(
                LAB, oru("C2", GLUCOSE, obx("GLUP^Plasma^L^2345-7^Glucose^LN", "", "5.1", "F")));
        engine.send(LAB, oru("C3", GLUCOSE, obx("GLUS^Serum^L^2345-7^Glucose^LN", "", "5.2", "C")));

        assertThat(engine.state("C2")).isEqualTo("charted");
        assertThat(engine.reasons("C3")).containsExactly("code-written-otherwise");
    }

    @Test
    void whatOneMessageSaysSideBySideAreTwoValues() {
        engine.send(
                LAB,
                oru(
                        "C1",
                        GLUCOSE,
                        obx(GLUCOSE, "", "50", "F")
                                + obx(LOINC_FIRST, "", "51", "F")
                                + obx(GLUCOSE, "1", "52", "F")));
        engine.send(LAB, oru("C2", GLUCOSE, obx(GLUCOSE, "1", "5.2", "C")));

        assertThat(engine.values()).isEqualTo("M1 5.2 / M1 50 / M1 51");
    }

    @Test
    void aValueThatGrowsInNumberIsCharted() {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));

        engine.send(
                LAB,
                oru("C2", GLUCOSE, obx(GLUCOSE, "1", "51", "F") + obx(GLUCOSE, "2", "52", "F")));

        assertThat(engine.state("C2")).isEqualTo("charted");
    }

    /** The laboratory takes the old code back, then reports under the new one. */
    @Test
    void aCodeThatIsFreeMayBeWrittenOtherwise() {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));
        engine.send(LAB, oru("C2", GLUCOSE, obx(GLUCOSE, "", "50", "D")));
        engine.send(LAB, oru("C3", GLUCOSE, obx(LOINC_FIRST, "", "5.0", "F")));

        assertThat(engine.values()).isEqualTo("M1 5.0");
    }

    @ParameterizedTest
    @CsvSource({"D, A-1, K1^Potassium^L", "W, A-1, K1^Potassium^L", "W, A-9, " + GLUCOSE})
    void aWithdrawalOfWhatIsNotThereIsToldAndListed(String status, String number, String test) {
        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));

        engine.send(
                LAB,
                oru("C2", GLUCOSE, obx(test, "", "50", status))
                        .replace("||A-1|", "||" + number + "|"));

        assertThat(engine.state("C2")).isEqualTo("charted");
        assertThat(engine.reasons("C2")).contains("withdrawal-without-result");
        assertThat(unmet()).hasSize(1);
        assertThat(engine.values()).isEqualTo("M1 50");
    }

    @Test
    void itIsListedUntilTheResultComes() {
        engine.send(LAB, oru("C2", GLUCOSE, obx(GLUCOSE, "", "50", "D")));
        assertThat(unmet()).hasSize(1);

        engine.send(LAB, oru("C1", GLUCOSE, obx(GLUCOSE, "", "50", "F")));

        assertThat(unmet()).isEmpty();
        assertThat(engine.values()).isEmpty();
    }

    private List<WrongPatients.Row> unmet() {
        return engine.withdrawn().unmet(Instant.EPOCH);
    }

    private static String obx(String test, String subId, String value, String status) {
        return "OBX|1|NM|%s|%s|%s|mmol/L||HH|||%s\n".formatted(test, subId, value, status);
    }

    private static String oru(String controlId, String service, String values) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|202611220%s00||ORU^R01|%s|P|2.5.1
        PID|1||%s
        OBR|1||A-1|%s|||20261122074500||||||||||||||||||F
        %s
        """
                .formatted(
                        800 + Integer.parseInt(controlId.substring(1)),
                        controlId,
                        DOE,
                        service,
                        values);
    }
}
