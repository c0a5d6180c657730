package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.WrongPatients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** What could not be obtained (X), said before the final value and come after it. */
class NotObtainedBeforeTests {
    private static final String PATIENT = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void theFinalValueCameFirst() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + PATIENT));
        engine.send(LAB, oru("C3", PATIENT, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C2", PATIENT, "A-1", "hemolyzed", "X"));
    }

    @Test
    void itIsListedAsSaidBeforeUntilTheNextWord() {
        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(listed()).extracting(WrongPatients.Row::status).containsExactly("early");

        engine.send(LAB, oru("C4", PATIENT, "A-1", "4.1", "F"));

        assertThat(listed()).isEmpty();
    }

    @Test
    void aReasonHasNoUnitInTheHistory() {
        long series =
                engine.jdbc
                        .sql("select distinct series from observation")
                        .query(Long.class)
                        .single();

        assertThat(new Observations(engine.jdbc).historyAsSaid(series))
                .extracting(ObservationView::valueAndUnit)
                .containsExactly("4.1 mmol/L", "hemolyzed");
    }

    private List<WrongPatients.Row> listed() {
        return new WrongPatients(engine.jdbc).since(Instant.EPOCH);
    }
}
