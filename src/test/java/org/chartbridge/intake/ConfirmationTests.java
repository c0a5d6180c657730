package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/**
 * HL7-RULES §4: U, V, B without OBX-5 keep the prior value; U on nothing is held. So is what would
 * make a value void, or stand beside it, by something that was left out.
 */
class ConfirmationTests {
    private static final String PATIENT = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void aPatient() {
        engine.send(EMR, adt("A28", "C0", "PID|1||" + PATIENT));
    }

    @Test
    void whatConfirmsAValueThatIsNotThereIsHeldAndGoesOnWhenItComes() {
        engine.send(LAB, oru("C1", PATIENT, "A-1", "", "U"));
        assertThat(engine.state("C1")).isEqualTo("held");

        engine.send(LAB, oru("C2", PATIENT, "A-1", "4.1", "F"));

        await("it goes on by itself")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(engine.state("C1")).isEqualTo("charted"));
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    @Test
    void aValueOfAnotherReportLetsItWaitOn() {
        engine.send(LAB, oru("C1", PATIENT, "A-1", "", "U"));

        engine.send(LAB, oru("C2", PATIENT, "A-2", "4.1", "F"));
        engine.send(LAB, oru("C3", PATIENT, "A-2", "4.1", "V"));

        assertThat(engine.state("C3")).isEqualTo("charted");
        await("it was read again")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(engine.state("C1")).isEqualTo("held"));
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    /** ⚠ A critical value that is confirmed stays critical, with its range, codes and unit. */
    @Test
    void whatStandsBesideAValueStaysWithItWhenItIsConfirmed() {
        engine.send(
                LAB,
                oru("C1", PATIENT, "A-1", "QNT^Quantity^L^7.2^Seven^LN", "F")
                        .replace("|NM|", "|CWE|")
                        .replace("mmol/L|3.5-5.1|", "mmol/L^^UCUM|3.5-5|HH"));

        engine.send(LAB, oru("C2", PATIENT, "A-1", "", "U").replace("mmol/L|3.5-5.1", "|"));
        engine.send(LAB, oru("C3", PATIENT, "A-1", "", "V").replace("mmol/L|3.5-5.1", "|3-5"));

        assertThat(
                        engine.list(
                                """
                                select concat_ws(' ', status, flags, reference_range, unit, ucum, loinc,
                                           value_codings -> 0 ->> 'code', standing)
                                from observation order by version
                                """))
                .containsExactly(
                        "F HH 3.5-5 mmol/L mmol/L 2823-3 QNT replaced",
                        "U HH 3.5-5 mmol/L mmol/L 2823-3 QNT replaced",
                        "V HH 3-5 mmol/L mmol/L 2823-3 QNT current");
    }

    @Test
    void aFinalWithoutAValueMakesNoValueVoid() {
        engine.send(LAB, oru("C1", PATIENT, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C2", PATIENT, "A-1", "", "F") + "NTE|1|L|Result verified.");
        engine.send(LAB, oru("C3", PATIENT, "A-1", "\"\"", "C"));
        engine.send(LAB, oru("C4", PATIENT, "A-2", "", "F") + "NTE|1|L|See the letter.");

        assertThat(engine.reasons("C2")).containsExactly("final-without-value");
        assertThat(engine.reasons("C3")).containsExactly("final-without-value");
        assertThat(engine.reasons("C4")).isEmpty();
        assertThat(engine.list("select distinct state from journal")).containsExactly("charted");
        assertThat(engine.one("select value_text from observation where standing = 'current'"))
                .isEqualTo("4.1 / ");
    }

    /** ⚠ A receiver that takes it for a value would show none; what stands beside it leaves. */
    @Test
    void aFinalWithoutAValueIsSentOnToNobody() {
        engine.send(LAB, oru("C1", PATIENT, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C2", PATIENT, "A-1", "", "F"));
        engine.send(
                LAB,
                oru("C3", PATIENT, "A-1", "", "F")
                        + "OBX|2|NM|2951-2^Sodium^LN||141|mmol/L|||||F\n");

        assertThat(sent()).containsExactly("C1", "C3");
        assertThat(engine.values()).contains("4.1", "141");
    }

    private List<String> sent() {
        return engine.list("select control_id from delivery order by control_id");
    }

    /** ⚠ Else both would be current. */
    @Test
    void aCorrectionThatLeavesOutTheCodingSystemIsHeld() {
        engine.send(LAB, oru("C1", PATIENT, "A-1", "4.1", "F"));

        engine.send(
                LAB,
                oru("C2", PATIENT, "A-1", "5.1", "C")
                        .replace("|NM|2823-3^Potassium^LN", "|NM|2823-3^Potassium"));
        engine.send(LAB, oru("C3", PATIENT, "A-1", "5.1", "C").replace("Potassium^LN", "K"));
        engine.send(LAB, oru("C4", PATIENT, "A-1", "4.2", "C").replace("Potassium^LN", "K^LN"));

        assertThat(engine.reasons("C2")).containsExactly("coding-system-differs");
        assertThat(engine.reasons("C3")).contains("coding-system-differs");
        assertThat(engine.values()).isEqualTo("M1 4.2");
    }

    /** ⚠ A number that is used again, by whatever time there is. */
    @Test
    void whereTheRequestHasNoTimeTheSpecimenOrTheObservationSaysWhenItWasTaken() {
        engine.send(LAB, withoutTime("C1", "20261120080000"));
        engine.send(LAB, withoutTime("C2", "20261122080000").replace("4.1", "4.2"));
        engine.send(LAB, withoutTime("C3", "20261201080000").replace("4.1", "6.9"));
        engine.send(
                LAB,
                withoutTime("C4", "").replace("4.1", "6.9")
                        + "SPM|1|||SER^Serum^HL70487|||||||||||||20251101080000");

        assertThat(engine.reasons("C3")).containsExactly("collected-too-far-apart");
        assertThat(engine.reasons("C4")).containsExactly("collected-too-far-apart");
        assertThat(engine.values()).isEqualTo("M1 4.2");
    }

    @Test
    void aNumberWithoutAnyTimeIsNotGoneOnWithAfterHalfAYear() {
        engine.send(LAB, withoutTime("C1", "").replace("20261122", "20241122"));
        engine.send(
                LAB, withoutTime("C2", "").replace("20261122", "20250401").replace("4.1", "4.2"));
        engine.send(
                LAB, withoutTime("C3", "").replace("20261122", "20251222").replace("4.1", "6.9"));

        assertThat(engine.state("C2")).isEqualTo("charted");
        assertThat(engine.reasons("C3")).containsExactly("collected-too-far-apart");
        assertThat(engine.values()).isEqualTo("M1 4.2");
    }

    private static String withoutTime(String controlId, String observed) {
        return oru(controlId, PATIENT, "SP1", "4.1", "F")
                .replace("|||20261122074500|", "||||")
                .replace("mmol/L|3.5-5.1||||F", "mmol/L|3.5-5.1||||F|||" + observed);
    }

    /** ⚠ A reason why nothing was measured is never confirmed as a value. */
    @Test
    void whatWasNotPerformedIsNoValueToConfirm() {
        engine.send(LAB, oru("C1", PATIENT, "A-1", "hemolyzed", "X"));

        engine.send(LAB, oru("C2", PATIENT, "A-1", "", "U"));

        assertThat(engine.state("C2")).isEqualTo("held");
    }

    @Test
    void wordsForNotPerformedStaySoWhenTheyAreConfirmed() {
        engine.send(LAB, oru("C1", PATIENT, "A-1", "QNS", "F"));

        engine.send(LAB, oru("C2", PATIENT, "A-1", "", "V"));

        assertThat(
                        engine.list(
                                "select status || ' ' || value_text || ' ' || not_performed from"
                                        + " observation where standing = 'current'"))
                .containsExactly("V QNS true");
    }
}
