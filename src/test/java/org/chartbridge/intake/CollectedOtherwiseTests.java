package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Observations;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ⚠ A second specimen under the order number of the first reads as a correction, and a critical
 * value goes into the history: whoever sent it is told, and the history says when each was taken.
 */
class CollectedOtherwiseTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String FIRST = "20261121080000";
    private static final String SECOND = "20261122140000";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void aPatient() {
        engine.send(EMR, adt("A28", "C0", "PID|1||" + DOE));
    }

    @ParameterizedTest
    @CsvSource({
        "F, F, " + SECOND + ", true",
        "C, F, " + SECOND + ", true",
        "F, C, " + SECOND + ", false",
        "F, A, " + SECOND + ", false",
        "P, F, " + SECOND + ", false",
        "X, F, " + SECOND + ", false",
        "F, F, " + FIRST + ", false",
        "F, F, 20261121080020, false",
        "F, F, 20261121, false",
        "F, F, '', false",
    })
    void aFinalValueOfAnotherSpecimenIsRemarked(
            String was, String status, String collected, boolean remarked) {
        engine.send(LAB, oru("C1", FIRST, "950", was));

        engine.send(LAB, oru("C2", collected, "12", status));

        assertThat(engine.values()).isEqualTo("M1 12");
        assertThat(engine.reasons("C2").contains("collected-otherwise")).isEqualTo(remarked);
    }

    @Test
    void theOneThatComesLateIsRemarkedToo() {
        engine.send(LAB, oru("C2", SECOND, "12", "F"));
        engine.send(LAB, oru("C1", FIRST, "950", "F"));

        assertThat(engine.values()).isEqualTo("M1 12");
        assertThat(engine.reasons("C1")).contains("collected-otherwise", "result-late");
    }

    @Test
    void theHistorySaysWhenEachWasTaken() {
        engine.send(LAB, oru("C1", FIRST, "950", "F"));
        engine.send(LAB, oru("C2", SECOND, "12", "F"));
        long series =
                engine.jdbc
                        .sql("select distinct series from observation")
                        .query(Long.class)
                        .single();

        assertThat(new Observations(engine.jdbc).historyAsSaid(series))
                .extracting(ObservationView::observedAsSent)
                .containsExactly(SECOND, FIRST);
    }

    private static String oru(String controlId, String collected, String value, String status) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|2026112308%s00||ORU^R01|%s|P|2.5.1
        PID|1||%s
        OBR|1||A-1|TROP^Troponin^L|||%s||||||||||||||||||%s
        OBX|1|NM|TROP^Troponin^L||%s|ng/L||HH|||%s
        """
                .formatted(
                        10 + Integer.parseInt(controlId.substring(1)),
                        controlId,
                        DOE,
                        collected,
                        status,
                        value,
                        status);
    }
}
