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

/** HL7-RULES §4: U, V, B without OBX-5 keep the prior value; U on nothing is held. */
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
