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

/** ⚠ What comes late is history here, and not the last word of whoever gets it (decision 79). */
class OvertakenTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String STRANGER = "M1^^^CLINIC^MR||SMITH^Carol||19550505|F";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void registered() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
    }

    @Test
    void aHeldResultThatIsFiledAfterItsCorrectionIsSentToNobody() {
        engine.send(LAB, oru("C2", STRANGER, "N1", "7.1", "F"));
        engine.send(LAB, oru("C3", DOE, "N1", "4.1", "C"));

        engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);

        engine.becomes("C2", "charted");
        assertThat(engine.reasons("C2")).contains("result-late");
        assertThat(engine.deliveries()).containsExactly("C3");
    }

    @Test
    void aFinalThatComesAfterItsCorrectionIsSentToNobody() {
        engine.send(LAB, oru("C3", DOE, "N1", "4.1", "C"));
        engine.send(LAB, oru("C2", DOE, "N1", "7.1", "F"));

        assertThat(engine.deliveries()).containsExactly("C3");
    }

    @Test
    void inTheirOrderBothAreSent() {
        engine.send(LAB, oru("C2", DOE, "N1", "7.1", "F"));
        engine.send(LAB, oru("C3", DOE, "N1", "4.1", "C"));
        engine.send(LAB, oru("C4", DOE, "N1", "4.1", "C"));

        assertThat(engine.deliveries()).containsExactly("C2", "C3", "C4");
        assertThat(bodies()).isEqualTo("-");
    }

    @Test
    void aDeletedValueIsNotBroughtBack() {
        engine.send(LAB, oru("C3", DOE, "N1", "7.1", "D"));
        engine.send(LAB, oru("C2", DOE, "N1", "7.1", "F"));

        assertThat(engine.deliveries()).containsExactly("C3");
    }

    @Test
    void whatNobodyOvertookIsSentWithoutTheRest() {
        engine.send(LAB, oru("C3", DOE, "N1", "4.1", "C"));
        engine.send(
                LAB,
                oru("C2", DOE, "N1", "7.1", "F")
                        + "NTE|1||drawn at the bedside\n"
                        + "OBX|2|NM|2951-2^Sodium^LN||140|mmol/L|||||F\n");

        assertThat(engine.deliveries()).containsExactly("C3", "C2");
        assertThat(bodies())
                .contains("OBX|2|NM|2951-2^Sodium^LN||140")
                .doesNotContain("7.1", "bedside");
    }

    private String bodies() {
        return engine.one(
                "select distinct convert_from(body, 'UTF8') from delivery where"
                        + " (select max(id) from delivery) = id");
    }
}
