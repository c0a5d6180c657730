package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.chart.WrongPatients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** ⚠ One order number of a laboratory, and two patients. */
class NumberOfAnotherTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Sam||19550505|M";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void twoPatients() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
        engine.send(EMR, adt("A28", "A2", "PID|1||" + ROE));
    }

    // ------------------------------------------------------------ withdrawn as another's

    @Test
    void whatWaitedForANumberGoesOnWhenTheWrongPatientsResultIsWithdrawn() {
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C4", ROE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C5", ROE, "A-1", "4.6", "C"));
        assertThat(engine.reasons("C4")).containsExactly("order-number-of-another-patient");

        engine.send(LAB, oru("C6", DOE, "A-1", "4.1", "W"));

        engine.becomes("C4", "charted");
        engine.becomes("C5", "charted");
        assertThat(engine.values()).isEqualTo("M2 4.6");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void theNumberWithItsNamespaceIsTheSame() {
        engine.send(LAB, oru("C3", DOE, "A-1^LAB", "4.1", "F"));
        engine.send(LAB, oru("C4", ROE, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C5", DOE, "A-1^LAB", "4.1", "W"));

        engine.becomes("C4", "charted");
        assertThat(engine.values()).isEqualTo("M2 4.1");
    }

    /** Then nobody has to see to it any more. */
    @ParameterizedTest
    @CsvSource({"A-1^LAB, A-1, 0", "A-1, A-1^LAB, 0", "A-1^LAB, A-1^LAB, 0", "A-1^LAB, A-1^B, 1"})
    void whatCameForTheRightPatientIsNotListed(String wrong, String right, int listed) {
        engine.send(LAB, oru("C3", DOE, wrong, "4.1", "F"));
        engine.send(LAB, oru("C4", DOE, wrong, "4.1", "W"));
        assertThat(new WrongPatients(engine.jdbc).since(Instant.EPOCH)).hasSize(1);

        engine.send(LAB, oru("C5", ROE, right, "4.1", "F"));

        assertThat(engine.values()).isEqualTo("M2 4.1");
        assertThat(new WrongPatients(engine.jdbc).since(Instant.EPOCH)).hasSize(listed);
    }

    @Test
    void aDeletionDoesNotSayThatItIsAnothers() {
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C4", ROE, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C5", DOE, "A-1", "4.1", "D"));
        engine.send(LAB, oru("C6", DOE, "A-2", "4.1", "W"));

        assertThat(engine.state("C4")).isEqualTo("held");
        assertThat(engine.values()).isEmpty();
    }

    @Test
    void asLongAsSomethingStandsTheNumberIsThatPatients() {
        var second = "\nOBX|2|NM|2951-2^Sodium^LN||140|mmol/L|||||F";
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "F") + second);
        engine.send(LAB, oru("C4", ROE, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C5", DOE, "A-1", "4.1", "W"));
        assertThat(engine.state("C4")).isEqualTo("held");

        engine.send(LAB, oru("C6", DOE, "A-1", "4.1", "W") + second.replace("|F", "|W"));
        engine.becomes("C4", "charted");
    }

    // ------------------------------------------------------------ with and without namespace

    @ParameterizedTest
    @CsvSource({"A-1^LAB, A-1", "A-1, A-1^LAB"})
    void aNumberWithAndWithoutItsNamespaceIsOneNumber(String first, String second) {
        engine.send(LAB, oru("C3", DOE, first, "4.1", "F"));
        engine.send(
                LAB,
                oru("C4", ROE, second, "5.1", "F")
                        .replace("2823-3^Potassium^LN", "2951-2^Sodium^LN"));

        assertThat(engine.reasons("C4")).containsExactly("order-number-of-another-patient");
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    @Test
    void twoNamespacesAreTwoNumbers() {
        engine.send(LAB, oru("C3", DOE, "A-1^LAB", "4.1", "F"));
        engine.send(LAB, oru("C4", ROE, "A-1^ANNEX", "5.1", "F"));

        assertThat(engine.values()).isEqualTo("M1 4.1 / M2 5.1");
    }

    /** ⚠ From before such numbers were compared. */
    @Test
    void whatStandsUnderItsVeryNumberIsCorrectedThere() {
        engine.send(LAB, oru("C3", DOE, "A-1^LAB", "4.1", "F"));
        engine.send(LAB, oru("C4", ROE, "A-2", "5.1", "F"));
        engine.jdbc.sql("update report set number = 'A-1' where number = 'A-2'").update();

        engine.send(LAB, oru("C5", ROE, "A-1", "5.2", "C"));
        engine.send(LAB, oru("C6", DOE, "A-1^LAB", "4.2", "C"));

        assertThat(engine.values()).isEqualTo("M1 4.2 / M2 5.2");
    }
}
