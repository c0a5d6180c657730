package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.chart.WrongPatients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** ⚠ An OBR-22 that can't be true must not keep what comes later from the chart. */
class ImpossibleTimesTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void aPatient() {
        engine.send(EMR, adt("A28", "C0", "PID|1||" + DOE));
    }

    @ParameterizedTest
    @CsvSource({
        "20271122080100, 20261122080200, C, M1 4.1",
        "20271122080100, '', C, M1 4.1",
        "20271122080100, 20261122080200, D, ''",
        "20271122080100, 20261122080200, W, ''",
        "20261124080100, 20261122080200, F, M1 4.1",
        "2027, 20261122080200, C, M1 4.1",
    })
    void whatComesAfterATimeInTheFutureIsLater(
            String issued, String issuedLater, String status, String values) {
        engine.send(LAB, oru("C1", issued, "7.1", "F"));
        engine.send(LAB, oru("C2", issuedLater, "4.1", status));

        assertThat(engine.values()).isEqualTo(values);
        assertThat(engine.reasons("C1")).contains("issued-in-future");
    }

    @Test
    void theOrderOfArrivalPlaysNoPart() {
        engine.send(LAB, oru("C2", "20261122080200", "4.1", "C"));
        engine.send(LAB, oru("C1", "20271122080100", "7.1", "F"));

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.reasons("C1")).contains("issued-in-future", "result-late");
    }

    /** MSH-7 in another zone, or a date only. */
    @Test
    void aTimeThatIsHoursAheadMayBeTrue() {
        engine.send(LAB, oru("C1", "20261122200000", "7.1", "F"));
        engine.send(LAB, oru("C2", "20261122200500", "4.1", "C"));

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.reasons("C1")).doesNotContain("issued-in-future");
    }

    @Test
    void aCorrectionThatDoesNotBecomeCurrentIsRemarked() {
        engine.send(LAB, oru("C1", "20261122080500", "7.1", "F"));
        engine.send(LAB, oru("C2", "20261122080200", "4.1", "C"));

        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(engine.reasons("C2")).contains("result-late");
    }

    @ParameterizedTest
    @CsvSource({"D", "W"})
    void aWithdrawalThatTakesNothingFromTheChartIsRemarked(String status) {
        engine.send(LAB, oru("C1", "20261122080500", "7.1", "F"));
        engine.send(LAB, oru("C2", "20261122080200", "7.1", status));

        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(engine.reasons("C2")).contains("withdrawal-before-value");
    }

    /** ⚠ A date counts from its first moment in the order, and must not lose by that. */
    @ParameterizedTest
    @CsvSource({"C, M1 4.1", "A, M1 4.1", "D, ''", "W, ''"})
    void aMessageThatIsSentWithADateOnlyTakesTheValueOfThatDayBack(String status, String values) {
        engine.send(LAB, oru("C1", "", "7.1", "F"));
        engine.send(LAB, oru("C2", "", "4.1", status).replace("|20261122080200|", "|20261122|"));

        assertThat(engine.values()).isEqualTo(values);
    }

    /** ⚠ Clocks go back in New York: 01:10 may be twenty minutes after 01:50. */
    @ParameterizedTest
    @CsvSource({"C, M1 4.1", "W, ''"})
    void inTheHourThatComesTwiceTheCorrectionStands(String status, String values) {
        engine.send(
                LAB,
                oru("C1", "20261101015000", "7.1", "F")
                        .replace("|20261122080100|", "|20261101015500|"));
        engine.send(
                LAB,
                oru("C2", "20261101011000", "4.1", status)
                        .replace("|20261122080200|", "|20261101011200|"));

        assertThat(engine.values()).isEqualTo(values);
    }

    @ParameterizedTest
    @CsvSource({"X", "D", "W"})
    void aReportThatIsTakenBackAsAWholeIsRemarkedAndListed(String status) {
        engine.send(LAB, oru("C1", "20261122080100", "7.1", "F"));
        engine.send(LAB, whole("C2", status));

        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(engine.reasons("C2")).contains("report-taken-back-without-values");
        assertThat(engine.withdrawn().whole(Instant.EPOCH))
                .extracting(WrongPatients.Row::number)
                .containsExactly("A-1");

        engine.send(LAB, oru("C3", "20261122080300", "7.1", "D"));

        assertThat(engine.withdrawn().whole(Instant.EPOCH)).isEmpty();
    }

    @Test
    void aReportWithoutValuesThatIsCancelledIsNotListed() {
        engine.send(LAB, whole("C1", "X"));

        assertThat(engine.reasons("C1")).doesNotContain("report-taken-back-without-values");
        assertThat(engine.withdrawn().whole(Instant.EPOCH)).isEmpty();
    }

    private static String whole(String controlId, String status) {
        var report = oru(controlId, "20261122080200", "", "F");
        report = report.substring(0, report.indexOf("OBX")).strip();
        return report.substring(0, report.length() - 1) + status;
    }

    private static String oru(String controlId, String issued, String value, String status) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|202611220%s00||ORU^R01|%s|P|2.5.1
        PID|1||%s
        OBR|1||A-1|BMP^Basic^L|||20261122074500|||||||||||||||%s|||F
        OBX|1|NM|K^Potassium^L||%s|mmol/L||HH|||%s
        """
                .formatted(
                        800 + Integer.parseInt(controlId.substring(1)),
                        controlId,
                        DOE,
                        issued,
                        value,
                        status);
    }
}
