package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.intake.Decisions.NotPossible;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results under the number of an order that was placed for somebody else (HL7-RULES §5) ⚠. */
class OrderOfAnotherTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Rita||19800101|F";
    private static final String NEW = "M9^^^CLINIC^MR||POE^Paul||19900909|M";
    private static final String REASON = "order-of-another-patient";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void registered() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
        engine.send(EMR, adt("A28", "A2", "PID|1||" + ROE));
    }

    @ParameterizedTest
    @CsvSource({
        "P7^EMR, P7^EMR|",
        "P7^EMR, P7|",
        "P7, P7^EMR|",
        "P7, P7|",
        "P7^^1.2.3^ISO, P7^^1.2.3^ISO|"
    })
    void isHeldWithWhomItNamesAndWhoseTheOrderIsAndReachesNobody(String ordered, String named) {
        engine.send(EMR, order("C3", "NW", ordered, DOE));

        engine.send(LAB, result("C4", ROE, named + "A-1", "F"));

        assertThat(engine.reasons("C4")).containsExactly(REASON);
        assertThat(engine.values()).isEmpty();
        assertThat(engine.deliveries()).isEmpty();
        var held = engine.decisions.underAnothersOrder(engine.entry("C4"));
        assertThat(held.named()).isEqualTo(engine.record("M2"));
        assertThat(held.reports().getFirst().ordered())
                .extracting(Object::toString)
                .containsExactly(
                        engine.one("select person_id from patient_record where id_value = 'M1'"));
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    /** The number in ORC alone is that of its OBR. */
    @Test
    void theNumberMayStandInOrcOnly() {
        engine.send(EMR, order("C3", "NW", "P7^EMR", DOE));

        engine.send(LAB, result("C4", ROE, "|A-1", "F").replace("OBR|1", "ORC|RE|P7^EMR\nOBR|1"));

        assertThat(engine.reasons("C4")).containsExactly(REASON);
    }

    @Test
    void somebodyWhoIsNotInTheChartIsAnotherToo() {
        engine.send(EMR, order("C3", "NW", "P7^EMR", DOE));

        engine.send(LAB, result("C4", NEW, "P7^EMR|A-1", "F"));

        assertThat(engine.reasons("C4")).contains(REASON);
        assertThat(engine.one("select count(*) from patient_record")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P8^EMR|A-1", "|A-1", "P7^OTHER|A-1", "P|A-1", "P7%^EMR|A-1"})
    void anotherNumberSaysNothing(String numbers) {
        engine.send(EMR, order("C3", "NW", "P7^EMR", DOE));

        engine.send(LAB, result("C4", ROE, numbers, "F"));

        assertThat(engine.values()).isEqualTo("M2 4.1");
    }

    @Test
    void theirOwnOrderAndOneThatWasCancelledHoldNothing() {
        engine.send(EMR, order("C3", "NW", "P7^EMR", DOE));
        engine.send(EMR, order("C5", "NW", "P8^EMR", DOE));
        engine.send(EMR, order("C6", "CA", "P8^EMR", DOE));

        engine.send(LAB, result("C7", DOE, "P7^EMR|A-1", "F"));
        engine.send(LAB, result("C8", ROE, "P8^EMR|A-2", "F"));

        assertThat(engine.values()).isEqualTo("M1 4.1 / M2 4.1");
    }

    /** Two clinics may count alike; then the laboratory's word is not contradicted. */
    @Test
    void aNumberThatBothHaveIsTheirs() {
        engine.send(EMR, order("C3", "NW", "P7^EMR", DOE));
        engine.send(EMR, order("C4", "NW", "P7^WARD", ROE));

        engine.send(LAB, result("C5", ROE, "P7|A-1", "F"));

        assertThat(engine.values()).isEqualTo("M2 4.1");
    }

    @Test
    void filedWithThePatientOfTheOrderItIsTheirsAndSoIsItsCorrectionUntilThatIsTakenBack() {
        engine.send(EMR, order("C3", "NW", "P7^EMR", DOE));
        engine.send(LAB, result("C4", ROE, "P7^EMR|A-1", "F"));
        var before = engine.hash();

        long decision = engine.decisions.fileHeld(engine.entry("C4"), engine.record("M1"), ANN);

        engine.becomes("C4", "charted");
        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.deliveries()).containsExactly("C4");
        engine.send(LAB, result("C5", ROE, "P7^EMR|A-1", "C").replace("4.1", "4.4"));
        assertThat(engine.values()).isEqualTo("M1 4.4");
        engine.send(LAB, result("C6", ROE, "|A-2", "F"));
        assertThat(engine.values()).as("the number only").isEqualTo("M1 4.4 / M2 4.1");
        assertThat(engine.rebuilt().isEqual()).isTrue();

        engine.decisions.undo(decision, ANN);

        engine.becomes("C4", "held");
        engine.becomes("C5", "held");
        assertThat(engine.values()).isEqualTo("M2 4.1");
        assertThat(engine.hash()).isNotEqualTo(before);
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void acceptedAsTheirsItStaysWithWhomTheMessageNamesUntilThatIsTakenBack() {
        engine.send(EMR, order("C3", "NW", "P7^EMR", DOE));
        engine.send(LAB, result("C4", ROE, "P7^EMR|A-1", "F"));
        var before = engine.hash();

        long decision = engine.decisions.fileHeld(engine.entry("C4"), engine.record("M2"), ANN);

        engine.becomes("C4", "charted");
        assertThat(engine.values()).isEqualTo("M2 4.1");
        assertThat(engine.rebuilt().isEqual()).isTrue();

        engine.decisions.undo(decision, ANN);

        engine.becomes("C4", "held");
        assertThat(engine.hash()).isEqualTo(before);
    }

    @Test
    void onlyThePatientsConcernedCanBeChosen() {
        engine.send(EMR, adt("A28", "A5", "PID|1||" + NEW));
        engine.send(EMR, order("C6", "NW", "P7^EMR", DOE));
        engine.send(LAB, result("C7", ROE, "P7^EMR|A-1", "F"));
        engine.send(LAB, result("C8", NEW.replace("M9", "M8"), "P7^EMR|A-2", "F"));
        engine.send(LAB, result("C9", ROE, "P7^EMR|", "F"));
        long held = engine.entry("C7");
        long stranger = engine.record("M9");

        assertThatThrownBy(() -> engine.decisions.fileHeld(held, stranger, ANN))
                .isInstanceOf(NotPossible.class)
                .hasMessageContaining("no order of this number");
        long unknown = engine.entry("C8");
        long ordered = engine.record("M1");
        assertThatThrownBy(() -> engine.decisions.fileHeld(unknown, ordered, ANN))
                .hasMessageContaining("not in the chart");
        assertThat(engine.state("C7")).isEqualTo("held");
        assertThat(engine.reasons("C9")).as("OBR-3 left out").containsExactly(REASON);
    }

    /** The order was placed for the wrong patient and is placed again for the right one. */
    @Test
    void itGoesOnWhenTheOrderIsTheirsOrTheTwoAreOnePatient() {
        engine.send(EMR, order("C3", "NW", "P7^EMR", DOE));
        engine.send(EMR, order("C4", "NW", "P8^EMR", DOE));
        engine.send(LAB, result("C5", ROE, "P7^EMR|A-1", "F"));
        engine.send(LAB, result("C6", ROE, "P8^EMR|A-2", "F"));

        engine.send(EMR, order("C7", "NW", "P7^EMR", ROE));

        engine.becomes("C5", "charted");
        engine.becomes("C6", "held");

        engine.decisions.merge(engine.record("M1"), engine.record("M2"), ANN);

        engine.becomes("C6", "charted");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    /** What is charted stays: it is said on the order, and listed until a person has seen to it. */
    @Test
    void anOrderThatComesAfterResultsOfAnotherPatientSaysSo() {
        engine.send(LAB, result("C3", ROE, "P7|A-1", "F"));

        engine.send(EMR, order("C4", "NW", "P7^EMR", DOE));
        engine.send(EMR, order("C5", "NW", "P7^EMR", ROE));

        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.reasons("C4")).containsExactly("results-of-another-patient");
        assertThat(engine.reasons("C5")).isEmpty();
        assertThat(engine.values()).isEqualTo("M2 4.1");
    }

    @Test
    void aCorrectionOfWhatWasChartedBeforeTheOrderCameIsNotHeld() {
        engine.send(LAB, result("C3", ROE, "P7|A-1", "F"));
        engine.send(EMR, order("C4", "NW", "P7^EMR", DOE));

        engine.send(LAB, result("C5", ROE, "P7|A-1", "C").replace("4.1", "4.4"));

        assertThat(engine.values()).isEqualTo("M2 4.4");
    }

    private static String order(String id, String control, String number, String pid) {
        return """
        MSH|^~\\&|EMR|CLINIC|CB|CLINIC|2026112207%02d00||OML^O21^OML_O21|%s|P|2.5.1
        PID|1||%s
        ORC|%s|%s|||||||20261122060000
        OBR|1|%s||2823-3^Potassium^LN
        """
                .formatted(Integer.parseInt(id.substring(1)), id, pid, control, number, number);
    }

    private static String result(String id, String pid, String numbers, String status) {
        return IdentityEngine.oru(id, pid, "A-1", "4.1", status)
                .replace("OBR|1||A-1|", "OBR|1|" + numbers + "|");
    }
}
