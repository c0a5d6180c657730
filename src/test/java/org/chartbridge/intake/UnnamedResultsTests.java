package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Results of analyzers, which know a tube by its number and no patient (HL7-RULES §4). */
class UnnamedResultsTests {
    private static final Partner ANALYZER = partner("by-order");
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Richard||19800101|M";

    @AutoClose private final IdentityEngine engine = new IdentityEngine(EMR, ANALYZER);

    @Test
    void aResultBeforeItsOrderWaitsAndGoesOnWhenTheOrderComes() {
        engine.send(ANALYZER, result("C1", "", "T1|", "4.1"));
        assertThat(engine.state("C1")).isEqualTo("held");

        engine.send(EMR, order("C2", "T1^EMR", "0700", DOE));

        charted("C1");
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    @Test
    void anOrderOfAnotherNumberLetsItWaitOn() {
        engine.send(ANALYZER, result("C1", "", "T1|", "4.1"));

        engine.send(EMR, order("C2", "T2^EMR", "0700", DOE));

        assertThat(engine.state("C1")).isEqualTo("held");
    }

    @Test
    void aPidThatSaysNothingIsNone() {
        engine.send(EMR, order("C1", "T1^EMR", "0700", DOE));

        engine.send(ANALYZER, result("C2", "PID|1\n", "T1|", "4.1"));

        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    /** ⚠ Who is named is matched as anybody is: a number of a tube is no second opinion. */
    @ParameterizedTest
    @ValueSource(strings = {"PID|1||||DOE^Jane\n", "PID|1||||||19710203\n", "PID|1||||||||F\n"})
    void aPidThatNamesSomebodyWithoutANumberIsRefused(String pid) {
        engine.send(EMR, order("C1", "T1^EMR", "0700", DOE));

        var answer = engine.send(ANALYZER, result("C2", pid, "T1|", "4.1"));

        assertThat(answer).contains("MSA|AE|").contains("patient-identifier-missing");
    }

    @Test
    void withoutTheSettingAMessageWithoutPatientIsRefused() {
        try (var strict = new IdentityEngine(EMR, partner("refuse"))) {
            strict.send(EMR, order("C1", "T1^EMR", "0700", DOE));

            var answer = strict.send(partner("refuse"), result("C2", "", "T1|", "4.1"));

            assertThat(answer).contains("MSA|AE|").contains("patient-identifier-missing");
        }
    }

    /** ⚠ */
    @Test
    void theSameNumberForTwoPatientsIsHeld() {
        engine.send(EMR, order("C1", "T1", "0700", DOE));
        engine.send(EMR, order("C2", "T1", "0705", ROE));

        engine.send(ANALYZER, result("C3", "", "T1|", "4.1"));

        assertThat(engine.state("C3")).isEqualTo("held");
        assertThat(engine.values()).isEmpty();
    }

    @Test
    void anOrderThatWasCancelledSaysNothing() {
        engine.send(EMR, order("C1", "T1", "0700", DOE));
        engine.send(EMR, order("C2", "T1", "0705", DOE).replace("ORC|NW", "ORC|CA"));

        engine.send(ANALYZER, result("C3", "", "T1|", "4.1"));

        assertThat(engine.state("C3")).isEqualTo("held");
    }

    /** ⚠ An ORC alone takes back all orders of its number. */
    @Test
    void anOrderThatWasCancelledByItsNumberAloneSaysNothing() {
        engine.send(EMR, order("C1", "T1^EMR", "0700", DOE));
        engine.send(
                EMR,
                order("C2", "T1^EMR", "0705", DOE)
                        .replace("ORC|NW", "ORC|CA")
                        .replaceAll("(?m)^OBR.*$", ""));
        assertThat(engine.state("C2")).isEqualTo("charted");

        engine.send(ANALYZER, result("C3", "", "T1|", "4.1"));
        assertThat(engine.state("C3")).isEqualTo("held");

        engine.send(EMR, order("C4", "T1^EMR", "0710", DOE));
        charted("C3");
    }

    @Test
    void aCorrectionUnderTheNumberFindsWhatItCorrects() {
        engine.send(EMR, order("C1", "T1", "0700", DOE));
        engine.send(ANALYZER, result("C2", "", "T1|", "4.1"));

        engine.send(ANALYZER, result("C3", "", "T1|", "4.6").replace("|||||F", "|||||C"));

        assertThat(engine.values()).isEqualTo("M1 4.6");
    }

    @Test
    void theResultFollowsItsPatientThroughAMergeAndItsUndoing() {
        engine.send(
                EMR,
                adt(
                        "A28",
                        "C0",
                        "PID|1||"
                                + ROE.replace("ROE^Richard||19800101|M", "DOE^Jane||19710203|F")));
        engine.send(EMR, order("C1", "T1", "0700", DOE));
        engine.send(ANALYZER, result("C2", "", "T1|", "4.1"));
        var before = engine.hash();
        engine.send(
                EMR,
                adt(
                        "A40",
                        "C3",
                        "PID|1||M2^^^CLINIC^MR||DOE^Jane||19710203|F",
                        "MRG|M1^^^CLINIC^MR"));
        assertThat(engine.values()).isEqualTo("M1+M2 4.1");

        engine.decisions.undo(engine.entry("C3"), ANN);

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.hash()).isEqualTo(before);
    }

    /** ⚠ An order that was charted on a patient by mistake takes its result along. */
    @Test
    void anUndoneDecisionOnTheOrderTakesItsResultBack() {
        engine.send(EMR, adt("A28", "C0", "PID|1||" + DOE));
        engine.send(EMR, order("C9", "T9", "0600", ROE));
        // Held for its name, and linked by a person to somebody else.
        engine.send(EMR, order("C1", "T1", "0700", DOE.replace("DOE^Jane||1971", "POE^Ada||1955")));
        assertThat(engine.state("C1")).isEqualTo("held");
        var decision = engine.decisions.link(engine.entry("C1"), engine.record("M2"), ANN);
        engine.becomes("C1", "charted");
        engine.send(ANALYZER, result("C2", "", "T1|", "4.1"));
        assertThat(engine.values()).isEqualTo("M2 4.1");

        engine.decisions.undo(decision, ANN);

        assertThat(engine.state("C1")).isEqualTo("held");
        engine.becomes("C2", "held");
        assertThat(engine.values()).isEmpty();
    }

    @Test
    void anOrderThatIsLinkedAnewTakesItsResultAlong() {
        engine.send(EMR, adt("A28", "C0", "PID|1||" + DOE));
        engine.send(EMR, order("C9", "T9", "0600", ROE));
        engine.send(EMR, order("C1", "T1", "0700", DOE.replace("DOE^Jane||1971", "POE^Ada||1955")));
        var decision = engine.decisions.link(engine.entry("C1"), engine.record("M2"), ANN);
        engine.becomes("C1", "charted");
        engine.send(ANALYZER, result("C2", "", "T1|", "4.1"));
        engine.decisions.undo(decision, ANN);

        engine.decisions.link(engine.entry("C1"), engine.record("M1"), ANN);

        charted("C2");
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    private void charted(String controlId) {
        await("it goes on by itself")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(engine.state(controlId)).isEqualTo("charted"));
    }

    private static String order(String id, String number, String time, String pid) {
        return """
        MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103%s00||OML^O21^OML_O21|%s|P|2.5.1
        PID|1||%s
        ORC|NW|%s|||||||20261103%s00
        OBR|1|%s||2823-3^Potassium^LN
        """
                .formatted(time, id, pid, number, time, number);
    }

    private static String result(String id, String pid, String numbers, String value) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|CB|CLINIC|20261103090000||OUL^R22^OUL_R22|%s|P|2.5.1
        %sOBR|1|%s|2823-3^Potassium^LN|||20261103083000
        OBX|1|NM|2823-3^Potassium^LN||%s|mmol/L|||||F
        """
                .formatted(id, pid, numbers, value);
    }

    private static Partner partner(String unnamed) {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                ("sender: any\nzone: America/New_York\nunnamed-results: " + unnamed + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        return PartnerFile.read(
                        new FolderFiles("analyzer", files),
                        Map.of(),
                        fault -> {
                            throw new AssertionError(fault.toString());
                        })
                .orElseThrow();
    }
}
