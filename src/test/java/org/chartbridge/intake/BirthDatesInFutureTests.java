package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** ⚠ A birth date that can't be is none: nobody is matched by it. */
class BirthDatesInFutureTests {
    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @ParameterizedTest
    @ValueSource(strings = {"21710203", "2171", "217102"})
    void theMastersIsNotCharted(String birthDate) {
        engine.send(EMR, adt("A28", "A1", pid("19710203")));
        engine.send(EMR, adt("A31", "A2", pid(birthDate)));

        assertThat(engine.one("select birth_date from patient_record")).isEqualTo("1971-02-03");
        assertThat(engine.reasons("A2")).containsExactly("birth-date-in-future");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void theSameImpossibleDateOnBothSidesIsNoMatch() {
        engine.send(EMR, adt("A28", "A1", pid("21710203")));
        engine.send(LAB, oru("C2", "M1^^^CLINIC^MR||DOE^Jane||21710203|F", "A-1", "4.1", "F"));

        assertThat(engine.reasons("C2"))
                .contains("patient-match-uncertain", "birth-date-in-future");
        assertThat(engine.values()).isEmpty();
    }

    @Test
    void whoIsBornTodayIsBorn() {
        var today = LocalDate.now(ZoneOffset.UTC).format(DateTimeFormatter.BASIC_ISO_DATE);

        engine.send(EMR, adt("A28", "A1", pid(today)));

        assertThat(engine.reasons("A1")).isEmpty();
        assertThat(engine.one("select birth_date from patient_record"))
                .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
    }

    private static String pid(String birthDate) {
        return "PID|1||M1^^^CLINIC^MR||DOE^Jane||%s|F".formatted(birthDate);
    }
}
