package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.chart.NoteView;
import org.chartbridge.chart.Reports;
import org.chartbridge.chart.ValueDoubt;
import org.chartbridge.chart.WrongPatients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

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

    @ParameterizedTest
    @CsvSource({
        "20261122074500, F, false",
        "20261123070000, F, false",
        "20261124, F, true",
        "20271122074500, C, true",
        "20271122074500, S, false",
        "'', F, false",
    })
    void aSpecimenThatWasNotTakenYetIsRemarked(String collected, String status, boolean remarked) {
        engine.send(
                LAB,
                IdentityEngine.oru("C1", DOE, "A-1", "4.1", status)
                        .replace("|20261122074500|", "|" + collected + "|")
                        .replace("|".repeat(19) + status, "|".repeat(18) + status));

        assertThat(engine.reasons("C1").contains("collected-in-future")).isEqualTo(remarked);
        assertThat(engine.state("C1")).isEqualTo("charted");
    }

    @Test
    void theOrderOfArrivalPlaysNoPart() {
        engine.send(LAB, oru("C2", "20261122080200", "4.1", "C"));
        engine.send(LAB, oru("C1", "20271122080100", "7.1", "F"));

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.reasons("C1")).contains("issued-in-future", "result-late");
    }

    /** ⚠ Nothing is reported before it is; a correction of the same day would stay behind. */
    @ParameterizedTest
    @CsvSource({
        "20261122200000, 20261122080200, C, M1 4.1",
        "20261122200000, 20261122080200, W, ''",
        "20261122081700, '', C, M1 4.1",
    })
    void aTimeThatIsHoursAheadOfItsMessageDecidesNothing(
            String issued, String issuedLater, String status, String values) {
        var first = oru("C1", issued, "7.1", "F");
        var later = oru("C2", issuedLater, "4.1", status);

        engine.send(LAB, first);
        engine.send(LAB, later);

        assertThat(engine.values()).isEqualTo(values);
        assertThat(engine.reasons("C1")).contains("issued-in-future");
        assertThat(engine.rebuilt().isEqual()).isTrue();
        try (var other = new IdentityEngine()) {
            other.send(EMR, adt("A28", "C0", "PID|1||" + DOE));
            other.send(LAB, later);
            other.send(LAB, first);
            assertThat(other.values()).isEqualTo(values);
        }
    }

    /** The clocks of a laboratory, or MSH-7 as a date only. */
    @ParameterizedTest
    @CsvSource({"20261122080100, 20261122081400", "20261122, 20261122200000"})
    void aTimeThatMayLieBeforeItsMessageIsTrue(String sent, String issued) {
        engine.send(
                LAB, oru("C1", issued, "7.1", "F").replace("|20261122080100|", "|" + sent + "|"));

        assertThat(engine.reasons("C1")).doesNotContain("issued-in-future");
    }

    /** ⚠ The value is back. */
    @ParameterizedTest
    @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
    void thatItCouldNotBeObtainedGoesWhenTheValueIsSaidAgain(String order) {
        var messages =
                List.of(
                        oru("C1", "20261122080100", "7.1", "F"),
                        oru("C2", "20261122080200", "", "X"),
                        oru("C3", "20261122080300", "7.1", "F"));

        for (int i = 0; i < 3; i++) engine.send(LAB, messages.get(order.charAt(i) - '0'));

        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(notes()).isEmpty();
    }

    @Test
    void untilThenItStandsBesideTheValue() {
        engine.send(LAB, oru("C1", "20261122080100", "7.1", "F"));
        engine.send(LAB, oru("C2", "20261122080200", "", "X"));

        assertThat(notes()).singleElement().asString().contains("could not be obtained");
    }

    /** ⚠ A wrong value may stand, and nobody may miss it. */
    @ParameterizedTest
    @CsvSource({"C, C", "A, A", "C, D", "C, W"})
    void aCorrectionWithoutEffectIsListedUntilTheNextWord(String status, String next) {
        engine.send(LAB, oru("C1", "20261122080100", "7.1", "F"));
        engine.send(LAB, oru("C2", "20261122080000", "4.1", status));

        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(engine.reasons("C2")).contains("result-late");
        assertThat(withoutEffect()).containsExactly("A-1");

        engine.send(LAB, oru("C3", "20261122080200", "4.1", next));

        assertThat(withoutEffect()).isEmpty();
    }

    /** An old final never undoes a correction, so the value that was said before stands still. */
    @Test
    void thatItsValueIsSaidAgainAsFinalDoesNotCloseIt() {
        engine.send(LAB, oru("C1", "20261122080100", "7.1", "F"));
        engine.send(LAB, oru("C2", "20261122080000", "4.1", "C"));
        engine.send(LAB, oru("C3", "20261122080200", "4.1", "F"));

        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(withoutEffect()).containsExactly("A-1");
    }

    @Test
    void aCorrectionThatTheLaboratoryCorrectedAgainIsNotListed() {
        engine.send(LAB, oru("C1", "20261122080000", "7.1", "F"));
        engine.send(LAB, oru("C3", "20261122080300", "4.3", "C"));
        engine.send(LAB, oru("C2", "20261122080200", "4.2", "C"));

        assertThat(engine.values()).isEqualTo("M1 4.3");
        assertThat(withoutEffect()).isEmpty();
    }

    /** The value that stands came later than the correction, which did its work. */
    @Test
    void aCorrectionThatIsFollowedIsNotListed() {
        engine.send(LAB, oru("C1", "20261122080000", "7.1", "F"));
        engine.send(LAB, oru("C2", "20261122080100", "4.2", "C"));
        engine.send(LAB, oru("C3", "20261122080200", "4.3", "C"));

        assertThat(withoutEffect()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"D", "W"})
    void aResultBehindAWithdrawalOfThatDayIsListed(String status) {
        engine.send(LAB, oru("C1", "", "7.1", status).replace("|20261122080100|", "|20261122|"));
        engine.send(LAB, oru("C2", "", "4.1", "F"));

        assertThat(engine.values()).isEmpty();
        assertThat(engine.reasons("C2")).contains("result-status-not-applied");
        assertThat(withoutEffect()).containsExactly("A-1");
        assertThat(engine.withdrawn().unmet(Instant.EPOCH)).isEmpty();

        engine.send(
                LAB,
                oru("C3", "20261123080000", "4.1", "F")
                        .replace("|20261122080300|", "|20261123080100|"));

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(withoutEffect()).isEmpty();
    }

    private List<String> withoutEffect() {
        return engine.withdrawn().withoutEffect(Instant.EPOCH).stream()
                .map(WrongPatients.Row::number)
                .toList();
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
        assertThat(withoutEffect()).isEmpty();
        assertThat(engine.withdrawn().since(Instant.EPOCH)).hasSize(status.equals("W") ? 1 : 0);
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

    @ParameterizedTest
    @CsvSource({
        "F, 20261122080300, 0",
        "C, 20261122080300, 0",
        "D, 20261122080300, 0",
        "F, 20261122080130, 1",
    })
    void theValuesOfAReportThatIsTakenBackAreMarkedUntilTheyAreSaidAgain(
            String status, String issued, int marked) {
        engine.send(LAB, oru("C1", "20261122080100", "7.1", "F"));
        assertThat(doubts()).isEmpty();

        engine.send(LAB, whole("C2", "W"));
        assertThat(doubts()).singleElement().asString().contains("took it back as a whole");

        engine.send(LAB, oru("C3", issued, "7.1", status));
        assertThat(doubts()).hasSize(marked);
        assertThat(engine.withdrawn().whole(Instant.EPOCH)).hasSize(marked);
    }

    private List<String> notes() {
        var person =
                engine.jdbc.sql("select person_id from patient_record").query(UUID.class).single();
        return new Reports(engine.jdbc)
                .reports(person, 0, 10).items().stream()
                        .flatMap(report -> report.observations().stream())
                        .flatMap(value -> value.notes().stream())
                        .map(NoteView::text)
                        .toList();
    }

    /** ⚠ The reason often stands in an OBX of its own: that is no word about the values. */
    @ParameterizedTest
    @CsvSource({
        "X, TX|COMM^Comment^L||Specimen mislabeled.||||||F",
        "X, TX|COMM^Comment^L||Specimen mislabeled.||||||X",
        "W, TX|COMM^Comment^L||Wrong patient.||||||F",
        "X, NM|NA^Sodium^L||||||||X",
    })
    void whatAReportThatIsTakenBackSaysBesideMarksItsValuesAllTheSame(String status, String obx) {
        engine.send(LAB, oru("C1", "20261122080100", "7.1", "F"));
        engine.send(LAB, whole("C2", status) + "\nOBX|1|" + obx);

        assertThat(engine.reasons("C2")).contains("report-taken-back-without-values");
        assertThat(doubts()).hasSize(1);
        assertThat(engine.withdrawn().whole(Instant.EPOCH)).hasSize(1);
    }

    /** ⚠ HL7-RULES §4: a shorter corrected report leaves no old last lines, unmarked. */
    @ParameterizedTest
    @CsvSource({
        "F, C, 1", "P, F, 1", "F, F, 0",
    })
    void aLineThatTheCorrectedTextLeavesOutIsMarkedUntilItIsSaidAgain(
            String before, String status, int marked) {
        engine.send(LAB, lines("C1", before, "DIAGNOSIS:", "Carcinoma.", "Margins positive."));
        assertThat(doubts()).isEmpty();

        engine.send(
                LAB,
                lines("C2", status, "DIAGNOSIS:", marked == 0 ? "Carcinoma." : "No carcinoma."));
        assertThat(doubts()).hasSize(marked);

        engine.send(LAB, lines("C3", "C", "DIAGNOSIS:", "No carcinoma.", "Margins positive."));
        assertThat(doubts()).isEmpty();
    }

    private static String lines(String controlId, String status, String... texts) {
        var report = oru(controlId, "", "", "F");
        var message = new StringBuilder(report.substring(0, report.indexOf("OBX")));
        for (int i = 1; i <= texts.length; i++)
            message.append(
                    "OBX|%d|TX|22634-0^Pathology^LN|%d|%s||||||%s\n"
                            .formatted(i, i, texts[i - 1], status));
        return message.toString();
    }

    @Test
    void aReportWhoseOnlyValueIsCancelledWithItIsNotDoubted() {
        engine.send(LAB, oru("C1", "20261122080100", "7.1", "P"));
        engine.send(LAB, whole("C2", "X") + "\nOBX|1|NM|K^Potassium^L||||||||X");

        assertThat(engine.reasons("C2")).doesNotContain("report-taken-back-without-values");
        assertThat(doubts()).isEmpty();
    }

    private List<String> doubts() {
        var person =
                engine.jdbc.sql("select person_id from patient_record").query(UUID.class).single();
        return new Reports(engine.jdbc)
                .reports(person, 0, 10).items().stream()
                        .flatMap(report -> report.doubts().stream())
                        .map(ValueDoubt::words)
                        .toList();
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
