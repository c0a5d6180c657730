package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** VXU from the socket's bytes to the chart: ⚠ no dose takes the place of another. */
class ImmunizationsTests {
    private static final String MMR = "03^MMR^CVX";
    private static final String VARICELLA = "21^Varicella^CVX";

    @AutoClose private final IdentityEngine engine = new IdentityEngine(EMR);

    @ParameterizedTest
    @ValueSource(strings = {"9999", "9999^LAB", "0", "NONE", "99999"})
    void aNumberThatOnlyFillsTheFieldIsNone(String number) {
        engine.send(
                EMR,
                vxu(
                        "C1",
                        dose(number, "20260301", MMR, "RE", "A"),
                        dose(number, "20260301", VARICELLA, "RE", "A")));
        engine.send(
                EMR,
                vxu(
                        "C2",
                        dose(number, "20200301", MMR, "CP", "A"),
                        dose(number, "20240301", MMR, "CP", "A")));
        engine.send(EMR, vxu("C3", dose(number, "20210501", VARICELLA, "CP", "A")));

        assertThat(doses())
                .containsExactly(
                        "MMR 20200301 CP",
                        "Varicella 20210501 CP",
                        "MMR 20240301 CP",
                        "MMR 20260301 RE",
                        "Varicella 20260301 RE");
        assertThat(engine.reasons("C3")).isEmpty();
    }

    @Test
    void aNumberWithAnotherVaccineOrDayIsAnotherDoseAndIsRemarked() {
        engine.send(EMR, vxu("C1", dose("I1", "20200301", MMR, "CP", "A")));

        engine.send(EMR, vxu("C2", dose("I1", "20210501", VARICELLA, "CP", "")));

        assertThat(doses()).containsExactly("MMR 20200301 CP", "Varicella 20210501 CP");
        assertThat(engine.reasons("C2")).containsExactly("dose-number-used-again");
    }

    @Test
    void twoDosesOfOneDayInOneMessageAreTwoUnlessAllIsTheSame() {
        var left = dose("", "20200301", MMR, "CP", "A");
        var right = dose("9999", "20200301", MMR, "PA", "A");

        engine.send(EMR, vxu("C1", left, right, left));
        engine.send(EMR, vxu("C2", right, left));

        assertThat(doses()).containsExactlyInAnyOrder("MMR 20200301 CP", "MMR 20200301 PA");
        assertThat(engine.reasons("C1")).isEmpty();
        assertThat(engine.reasons("C2")).isEmpty();

        engine.send(EMR, vxu("C3", dose("", "20200301", MMR, "CP", "D")));

        assertThat(doses()).as("whatever their number").isEmpty();
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void theSameDoseSentAgainIsOne() {
        engine.send(EMR, vxu("C1", dose("I1", "20200301", MMR, "CP", "A")));
        engine.send(EMR, vxu("C2", dose("I1", "202003011030", MMR, "CP", "A")));

        assertThat(doses()).hasSize(1);
        assertThat(engine.reasons("C2")).isEmpty();
    }

    @Test
    void aCorrectionReplacesWhatWasSaidOfTheNumberWithAWord() {
        engine.send(EMR, vxu("C1", dose("I1", "20200301", MMR, "CP", "A")));

        engine.send(EMR, vxu("C2", dose("I1", "20200302", MMR, "CP", "U")));

        assertThat(doses()).containsExactly("MMR 20200302 CP");
        assertThat(engine.reasons("C2")).containsExactly("dose-number-used-again");
    }

    /** ⚠ Nothing says what it corrects: two doses stand, and somebody has to look. */
    @ParameterizedTest
    @ValueSource(strings = {"", "9999"})
    void aCorrectionWithoutANumberIsRemarked(String number) {
        engine.send(EMR, vxu("C1", dose(number, "20200301", MMR, "CP", "A")));

        engine.send(EMR, vxu("C2", dose(number, "20200302", MMR, "CP", "U")));

        assertThat(doses()).containsExactly("MMR 20200301 CP", "MMR 20200302 CP");
        assertThat(engine.reasons("C2")).containsExactly("dose-correction-without-number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9999", "I1"})
    void aDoseIsTakenBackByVaccineAndDayWithOrWithoutItsNumber(String number) {
        engine.send(EMR, vxu("C1", dose("I1", "20200301", MMR, "CP", "A")));

        engine.send(EMR, vxu("C2", dose(number, "20200301", MMR, "CP", "D")));

        assertThat(doses()).isEmpty();
        assertThat(engine.reasons("C2")).isEmpty();
    }

    @Test
    void aDoseThatIsNotKnownIsRemarkedAndOthersStay() {
        engine.send(EMR, vxu("C1", dose("I1", "20200301", MMR, "CP", "A")));

        engine.send(EMR, vxu("C2", dose("", "20200302", MMR, "CP", "D")));
        assertThat(engine.reasons("C2")).containsExactly("dose-not-known");
        engine.send(EMR, vxu("C3", dose("I1", "20200301", VARICELLA, "CP", "D")));
        assertThat(engine.reasons("C3")).containsExactly("dose-not-known");

        assertThat(doses()).containsExactly("MMR 20200301 CP");
    }

    /** A sender may put either of two codings in front (HL7 v2.5.1 §2.A.13). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "08^HepB^CVX",
                "08^HepB^cvx",
                "08^HepB^CVX^58160-820-11^Engerix^NDC",
                "58160-820-11^Engerix^NDC^08^HepB^CVX",
            })
    void aVaccineIsTheSameWhicheverOfItsCodingsStandsInFront(String vaccine) {
        var first = "58160-820-11^Engerix^NDC^08^HepB^CVX";
        engine.send(EMR, vxu("C1", dose("I1", "20261119", first, "CP", "A")));

        engine.send(EMR, vxu("C2", dose("I1", "20261119", vaccine, "CP", "A")));
        assertThat(doses()).hasSize(1);
        assertThat(engine.reasons("C2")).isEmpty();

        engine.send(EMR, vxu("C3", dose("I1", "20261119", vaccine, "CP", "D")));
        assertThat(doses()).isEmpty();
        assertThat(engine.reasons("C3")).isEmpty();
    }

    @Test
    void anyOrderOfArrivalGivesTheSameDoses() {
        var messages =
                List.of(
                        vxu("C1", dose("I1", "20200301", MMR, "CP", "A")),
                        vxu("C2", dose("I1", "20200302", MMR, "CP", "U")),
                        vxu("C3", dose("I1", "20210501", VARICELLA, "CP", "A")),
                        vxu("C4", dose("I2", "20220101", MMR, "CP", "A")),
                        vxu("C5", dose("9999", "20220101", MMR, "CP", "D")),
                        vxu("C6", dose("", "20230101", MMR, "CP", "A")),
                        vxu("C7", dose("I3", "20230101", MMR, "CP", "D")));
        var random = new Random(7);
        for (int i = 0; i < 4; i++) {
            var shuffled = new ArrayList<>(messages);
            if (i > 0) Collections.shuffle(shuffled, random);
            engine.forget();
            for (var message : shuffled) engine.send(EMR, message);

            assertThat(doses())
                    .as(engine.order())
                    .containsExactly("MMR 20200302 CP", "Varicella 20210501 CP");
        }
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    private List<String> doses() {
        return engine.list(
                """
                select code_text || ' ' || left(given_as_sent, 8) || ' ' || completion
                from immunization
                where status = 'active'
                order by given_as_sent, code_text
                """);
    }

    private static String vxu(String id, String... doses) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|2026112208%02d00||VXU^V04^VXU_V04|%s|P|2.5.1\n"
                        .formatted(Integer.parseInt(id.substring(1)), id)
                + "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\n"
                + String.join("\n", doses);
    }

    private static String dose(
            String number, String day, String vaccine, String completion, String action) {
        return "ORC|RE||%s\nRXA|0|1|%s||%s|999||||||||||||||%s|%s"
                .formatted(number, day, vaccine, completion, action);
    }
}
