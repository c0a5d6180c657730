package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.chart.ChangedResults;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** A number that comes with other digits is the same value; what was said stays in its history. */
class PrecisionTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void aPatient() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
    }

    @ParameterizedTest
    @CsvSource({"5.0, 5.00", "5.00, 5.0", "5, 5.0", "<5.0, <5", "0.50, .5"})
    void otherDigitsAreNoCorrection(String before, String after) {
        engine.send(LAB, oru("C2", DOE, "A-1", before, "F"));
        engine.send(LAB, oru("C3", DOE, "A-1", after, "F"));

        assertThat(versions())
                .isEqualTo("%s replaced false / %s current false".formatted(before, after));
        assertThat(new ChangedResults(engine.jdbc).since(Instant.EPOCH)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5.0, 5.01", "<5.0, 5.0", "5.0, 50", "-5, 5.0"})
    void anotherNumberIsOne(String before, String after) {
        engine.send(LAB, oru("C2", DOE, "A-1", before, "F"));
        engine.send(LAB, oru("C3", DOE, "A-1", after, "F"));

        assertThat(versions())
                .isEqualTo("%s replaced false / %s current true".formatted(before, after));
        assertThat(new ChangedResults(engine.jdbc).since(Instant.EPOCH)).hasSize(1);
    }

    @Test
    void anotherUnitIsOne() {
        engine.send(LAB, oru("C2", DOE, "A-1", "5.0", "F"));
        engine.send(LAB, oru("C3", DOE, "A-1", "5.00", "F").replace("mmol/L", "mg/dL"));

        assertThat(versions()).isEqualTo("5.0 replaced false / 5.00 current true");
    }

    /** Of text nothing says that it is a number. */
    @Test
    void inTextTheyAreAnotherText() {
        engine.send(LAB, oru("C2", DOE, "A-1", "1.1", "F").replace("|NM|", "|ST|"));
        engine.send(LAB, oru("C3", DOE, "A-1", "1.10", "F").replace("|NM|", "|ST|"));

        assertThat(versions()).isEqualTo("1.1 replaced false / 1.10 current true");
    }

    /** ⚠ With whatever digits it comes back. */
    @Test
    void anOldValueWithOtherDigitsDoesNotUndoACorrection() {
        engine.send(LAB, oru("C2", DOE, "A-1", "5.0", "F"));
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "C"));
        engine.send(LAB, oru("C4", DOE, "A-1", "5.00", "F"));

        assertThat(versions()).isEqualTo("5.0 replaced false / 4.1 current true / 5.00 late false");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    private String versions() {
        return engine.one(
                """
                select value_text || ' ' || standing || ' ' || corrected
                from observation
                order by version
                """);
    }
}
