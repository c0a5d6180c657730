package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ⚠ One PID with two numbers of one kind, of which one is another patient's. */
class FurtherNumbersTests {
    private static final String JANE = "||DOE^Jane||19710203|F";
    private static final String SAM = "||ROE^Sam||19550505|M";
    private static final String BOTH = "M1^^^CLINIC^MR~M2^^^CLINIC^MR";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void twoPatients() {
        engine.send(EMR, adt("A28", "A1", "PID|1||M1^^^CLINIC^MR" + JANE));
        engine.send(EMR, adt("A28", "A2", "PID|1||M2^^^CLINIC^MR" + SAM));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BOTH,
                "M2^^^CLINIC^MR~M1^^^CLINIC^MR",
                "M1^^^CLINIC^MR~M2^^^Clinic^MR",
                "M7^^^CLINIC^MR~M2^^^CLINIC^MR",
                "M1^^^CLINIC^MR~M2^^^CLINIC",
                "M1^^^CLINIC~M2^^^CLINIC^MR",
                "M2^^^CLINIC~M1^^^CLINIC^MR",
                "M1^^^CLINIC^MR~M2^^^Clinic"
            })
    void resultsAreHeldInEitherOrder(String numbers) {
        engine.send(LAB, oru("C3", numbers + JANE, "A-1", "4.1", "F"));

        assertThat(engine.state("C3")).isEqualTo("held");
        assertThat(engine.values()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {BOTH, "M2^^^CLINIC^MR~M1^^^CLINIC^MR"})
    void registrationIsHeldInEitherOrder(String numbers) {
        engine.send(EMR, adt("A31", "C3", "PID|1||" + numbers + JANE));

        assertThat(engine.state("C3")).isEqualTo("held");
    }

    /** ⚠ One family, one birth date, two given names: two children. */
    @ParameterizedTest
    @ValueSource(strings = {"T1^^^CLINIC^MR~T2^^^CLINIC^MR", "T2^^^CLINIC^MR~T1^^^CLINIC^MR"})
    void aTwinsNumberIsAnotherPatientsInARegistrationToo(String numbers) {
        engine.send(EMR, adt("A28", "A3", "PID|1||T1^^^CLINIC^MR||POE^Adam||20260101|M"));
        engine.send(EMR, adt("A28", "A4", "PID|1||T2^^^CLINIC^MR||POE^Aden||20260101|M"));

        engine.send(EMR, adt("A08", "C3", "PID|1||" + numbers + "||POE^Adam||20260101|M"));

        assertThat(engine.state("C3")).isEqualTo("held");
    }

    /** ⚠ Else the chart shows the number, and lacks what stands under it in the other's. */
    @Test
    void anotherPatientsNumberIsHeldWhereNameAndBirthDateAgreeToo() {
        engine.send(EMR, adt("A28", "A3", "PID|1||M3^^^CLINIC^MR" + JANE));
        engine.send(LAB, oru("A4", "M3^^^CLINIC^MR" + JANE, "A-3", "6.9", "F"));

        engine.send(EMR, adt("A31", "C3", "PID|1||M1^^^CLINIC^MR~M3^^^CLINIC^MR" + JANE));

        assertThat(engine.reasons("C3")).containsExactly("patient-match-uncertain");
        assertThat(
                        engine.one(
                                "select count(*) from patient_record where identifiers::text like"
                                        + " '%M1%M3%'"))
                .isEqualTo("0");
        assertThat(engine.values()).isEqualTo("M3 6.9");
    }

    /** ⚠ Else there were two patients with the number, and the chart of the one lacked it. */
    @Test
    void aNumberThatNobodyHasBesideOneThatSomebodyHasMakesNoSecondPatient() {
        engine.send(LAB, oru("C3", "M9^^^CLINIC^MR~M1^^^CLINIC^MR" + JANE, "A-1", "6.9", "F"));

        assertThat(engine.state("C3")).isEqualTo("held");
        engine.decisions.link(engine.entry("C3"), engine.record("M1"), ANN);
        engine.becomes("C3", "charted");
        assertThat(engine.values()).contains("M1").contains("6.9");
    }

    @Test
    void whoeverDecidesSaysItForGood() {
        engine.send(LAB, oru("C3", BOTH + JANE, "A-1", "4.1", "F"));
        assertThat(engine.reasons("C3")).containsExactly("patient-match-uncertain");

        engine.decisions.link(engine.entry("C3"), engine.record("M1"), ANN);
        engine.becomes("C3", "charted");
        engine.send(LAB, oru("C4", BOTH + JANE, "A-2", "5.1", "F"));

        assertThat(engine.values()).isEqualTo("M1 4.1 / M1 5.1");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    /** Of another kind or authority it may be anything, and of one who is the same nothing. */
    @ParameterizedTest
    @CsvSource({
        "M1^^^CLINIC^MR~M2^^^ELSE^MR",
        "M1^^^CLINIC^MR~M2^^^CLINIC^VN",
        "M1^^^CLINIC^MR~M9^^^CLINIC^MR",
        "M1^^^CLINIC^MR~M9^^^CLINIC",
        "M1^^^CLINIC^MR~M1^^^CLINIC"
    })
    void otherNumbersAreNoReason(String numbers) {
        engine.send(LAB, oru("C3", numbers + JANE, "A-1", "4.1", "F"));

        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    @Test
    void theNumbersOfOnePatientAreCharted() {
        engine.send(EMR, adt("A28", "A3", "PID|1||M3^^^CLINIC^MR||DOE^Jane||19710203|F"));
        engine.send(EMR, adt("A24", "A4", "PID|1||M1^^^CLINIC^MR\nPID|2||M3^^^CLINIC^MR"));

        engine.send(LAB, oru("C5", "M1^^^CLINIC^MR~M3^^^CLINIC^MR" + JANE, "A-1", "4.1", "F"));

        assertThat(engine.values()).isEqualTo("M1+M3 4.1");
    }
}
