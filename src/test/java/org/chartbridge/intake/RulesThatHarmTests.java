package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.LocalDate;

/**
 * What HL7-RULES §4 and §6 mark with ⚠, because a patient is harmed when it goes wrong, and what no
 * other test does from the wire to the chart. Statuses: {@code StatusMovesTests}; withdrawn values:
 * {@code ChartReadsTests}; quality control: {@code ReportsTests}; who is matched: {@code
 * MatchingTests}; deleted visits: {@code VisitEventsTests}; words in place of values: {@code
 * NotPerformedTests}; analyzers: {@code ByOrderTests}.
 */
class RulesThatHarmTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Rita||19800101|F";
    private static final String COLLECTED = "20261122074500";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void twoPatients() {
        engine.send(EMR, adt("A28", "C0", "PID|1||" + DOE + "|||1 Main St^^Springfield||555-0100"));
        engine.send(EMR, adt("A28", "C1", "PID|1||" + ROE));
    }

    /** §4 ⚠: the same OBR-3 for another patient is never a version. */
    @Test
    void anOrderNumberOfAnotherPatientIsHeld() {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C3", ROE, "A-1", "9.9", "C"));

        assertThat(engine.state("C3")).isEqualTo("held");
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    /** §4 ⚠: W takes the value off; posting it for another patient is a new observation. */
    @ParameterizedTest
    @CsvSource({"W, charted, M2 4.1", "D, held, ''"})
    void aNumberThatWasPostedForTheWrongPatientMayComeForTheRightOne(
            String withdrawn, String becomes, String values) {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C3", DOE, "A-1", "", withdrawn));

        engine.send(LAB, oru("C4", ROE, "A-1", "4.1", "F"));

        assertThat(engine.state("C4")).isEqualTo(becomes);
        assertThat(engine.values()).isEqualTo(values);
        assertThat(
                        engine.jdbc
                                .sql("select count(*) from report where standing = 'current'")
                                .query(Long.class)
                                .single())
                .isEqualTo(becomes.equals("charted") ? 2 : 1);
    }

    /**
     * §4: when a final report comes again with other demographics the match is checked again, and
     * the values stay; an age-adjusted range with the same demographics is charted (A).
     */
    @ParameterizedTest
    @CsvSource({
        "M1^^^CLINIC^MR||DOE^Jane||19710203|F, charted, 4-6",
        "M1^^^CLINIC^MR||DOE^Jane||19170203|F, held, 3.5-5.1",
        "M1^^^CLINIC^MR||ROE^Jane||19710203|F, held, 3.5-5.1"
    })
    void demographicsThatAreCorrectedAfterAFinalAreMatchedAgain(
            String pid, String becomes, String range) {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C3", pid, "A-1", "4.1", "A").replace("3.5-5.1", "4-6"));

        assertThat(engine.state("C3")).isEqualTo(becomes);
        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(
                        engine.jdbc
                                .sql(
                                        "select reference_range from observation where standing ="
                                                + " 'current'")
                                .query(String.class)
                                .single())
                .isEqualTo(range);
    }

    /** §4: an archive reaches the chart and nobody else, and alerts nobody where it waits. */
    @Test
    void resultsFromBeforeTheInterfaceAreChartedAndReachNobody() {
        var archive = LAB.backLoading(LocalDate.parse("2026-11-22"));
        var old = oru("C2", DOE, "A-1", "7.9", "F").replace(COLLECTED, "20261121235959");
        var unknown =
                oru("C3", "M9^^^CLINIC^MR||POE^Ann||19710203|F", "A-2", "7.9", "F")
                        .replace(COLLECTED, "20261121235959")
                        .replace("|3.5-5.1|", "|3.5-5.1|HH");

        engine.send(archive, old);
        engine.send(archive, unknown);

        assertThat(engine.values()).isEqualTo("M1 7.9");
        assertThat(engine.deliveries()).isEmpty();
        assertThat(engine.one("select reasons::text from journal where control_id = 'C2'"))
                .contains("back-loaded");
        assertThat(engine.one("select critical::text from held_claim")).isEqualTo("false");

        engine.send(archive, oru("C4", DOE, "A-3", "4.1", "F"));
        assertThat(engine.deliveries()).containsExactly("C4");
    }

    /** §3 ⚠: results of controls reach no chart, and no partner as results of a patient. */
    @Test
    void qualityControlReachesNobody() {
        var control = oru("C2", DOE, "A-1", "7.9", "F") + "SPM|1|||BLD|||||||Q\n";

        engine.send(LAB, control);

        assertThat(engine.state("C2")).isEqualTo("ignored");
        assertThat(engine.values()).isEmpty();
        assertThat(engine.deliveries()).isEmpty();
    }

    /** §4 ⚠: as long as something of it stands, the number is that patient's. */
    @Test
    void aNumberOfWhichOnlyAPartIsWithdrawnIsHeldForAnotherPatient() {
        var both =
                oru("C2", DOE, "A-1", "4.1", "F") + "OBX|2|NM|2951-2^Sodium^LN||140|mmol/L|||||F\n";
        engine.send(LAB, both);
        engine.send(LAB, oru("C3", DOE, "A-1", "", "W"));

        engine.send(LAB, oru("C4", ROE, "A-1", "4.1", "F"));

        assertThat(engine.state("C4")).isEqualTo("held");
        assertThat(engine.values()).isEqualTo("M1 140");
    }

    /** §4 ⚠: the same OBR-3 collected more than 7 days apart is never a version. */
    @ParameterizedTest
    @CsvSource({
        "20261129074500, charted, M1 4.6",
        "20261129074501, held, M1 4.1",
        "20261115074500, charted, M1 4.6",
        "20261115074459, held, M1 4.1",
        "20251122074500, held, M1 4.1"
    })
    void anOrderNumberUsedAgainIsHeld(String collected, String becomes, String values) {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C3", DOE, "A-1", "4.6", "C").replace(COLLECTED, collected));

        assertThat(engine.state("C3")).isEqualTo(becomes);
        assertThat(engine.values()).isEqualTo(values);
    }

    /** §4: more than a week apart from every specimen of the order, whichever came first. */
    @Test
    void aCourseOfSpecimensIsOneOrderWhicheverCameFirst() {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C3", DOE, "A-1", "4.2", "C").replace(COLLECTED, "20261127074500"));

        engine.send(LAB, oru("C4", DOE, "A-1", "4.3", "C").replace(COLLECTED, "20261202074500"));
        engine.send(LAB, oru("C5", DOE, "A-1", "4.4", "C").replace(COLLECTED, "20261210074500"));

        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.state("C5")).isEqualTo("held");
        assertThat(engine.values()).isEqualTo("M1 4.3");
    }

    /** §4 ⚠: identity is OBR-3, OBR-4, OBX-3, OBX-4; not MSH-4, and OBX-1 never. */
    @Test
    void aSiteOfTheLabAndACounterOfTheSenderTellNoValuesApart() {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));

        engine.send(
                LAB,
                oru("C3", DOE, "A-1", "4.6", "C")
                        .replace("|NORTHLAB|", "|SOUTHSITE|")
                        .replace("OBX|1|", "OBX|7|"));

        assertThat(engine.values()).isEqualTo("M1 4.6");
    }

    /** §4 ⚠: a number is its laboratory's, and of one test: neither corrects the other. */
    @Test
    void theSameNumberOfAnotherSenderOrOfAnotherTestIsAnotherValue() {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));

        engine.send(EMR, oru("C3", DOE, "A-1", "5.2", "C"));
        engine.send(
                LAB,
                oru("C4", DOE, "A-1", "6.3", "F").replace("|A-1|2823-3^Potassium", "|A-1|X^Panel"));
        engine.send(
                LAB,
                oru("C5", DOE, "A-1", "7.4", "C").replace("|NM|2823-3^Potassium", "|NM|2^Other"));

        assertThat(engine.values()).isEqualTo("M1 4.1 / M1 5.2 / M1 6.3 / M1 7.4");
    }

    /** §4 ⚠: another sub-id is another value, however equal the counter. */
    @Test
    void anotherSubIdIsAnotherValue() {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));

        engine.send(
                LAB,
                oru("C3", DOE, "A-1", "4.6", "F")
                        .replace("Potassium^LN||4.6", "Potassium^LN|2|4.6"));

        assertThat(engine.values()).isEqualTo("M1 4.1 / M1 4.6");
    }

    /** §4 ⚠: lines are replaced as a unit; a shorter corrected report leaves no old last lines. */
    @Test
    void aShorterCorrectedTextLeavesNoOldLines() {
        engine.send(LAB, text("C2", "F", "Small nodule.", "Left lung.", "Malignant."));

        engine.send(LAB, text("C3", "C", "No nodule."));

        assertThat(engine.values()).isEqualTo("M1 No nodule.");
    }

    /** §4 ⚠: a resent old final with a fresh MSH-7 never replaces a correction. */
    @Test
    void anOldFinalThatIsSentAgainIsLate() {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C3", DOE, "A-1", "4.6", "C"));

        engine.send(LAB, oru("C4", DOE, "A-1", "4.1", "F"));

        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.values()).isEqualTo("M1 4.6");
    }

    /** §4 ⚠: D and W take the value out of what a clinician sees. */
    @ParameterizedTest
    @CsvSource({"D", "W"})
    void whatALabTakesBackIsGone(String status) {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", status));

        assertThat(engine.list("select standing from observation order by id"))
                .containsExactly("withdrawn", "withdrawal");
        assertThat(engine.deliveries()).as("the EMR hears of it").containsExactly("C2", "C3");
    }

    /** §4 ⚠: what confirms without a value confirms nothing that was taken back. */
    @ParameterizedTest
    @CsvSource({"D, U", "W, V"})
    void whatConfirmsWithoutAValueNeverBringsAWithdrawnOneBack(String withdrawn, String status) {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C3", DOE, "A-1", "", withdrawn));

        engine.send(LAB, oru("C4", DOE, "A-1", "", status));

        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.values()).isEmpty();
        assertThat(engine.list("select standing || value_text from observation order by id"))
                .containsExactly("withdrawn4.1", "withdrawal", "not-applied");
    }

    /** §6 ⚠: a lab's PID never changes the chart's demographics, and neither does its ADT. */
    @Test
    void aLabNeverChangesWhoThePatientIs() {
        var before = demographics();
        var claims = "M1^^^CLINIC^MR||DOE^Jane^Q||19710203|U|||9 Other St^^Shelbyville||555-9999";

        engine.send(LAB, oru("C2", claims, "A-1", "4.1", "F"));
        engine.send(LAB, adt("A08", "C3", "PID|1||" + claims));

        assertThat(engine.state("C2")).isEqualTo("charted");
        assertThat(engine.state("C3")).isEqualTo("charted");
        assertThat(demographics()).isEqualTo(before).contains("1 Main St").contains("555-0100");
    }

    /** §6 ⚠: a known identifier with another birth date or name is held. */
    @ParameterizedTest
    @CsvSource({
        "DOE^Jane||19710204|F, held",
        "ROE^Jane||19710203|F, held",
        "DOE^June||19710203|F, held",
        "DOE^Jane^^Jr||19710203|F, charted",
        "DOE^Jane|||F, held"
    })
    void aKnownNumberWithSomebodyElsesNameIsHeld(String who, String becomes) {
        engine.send(LAB, oru("C2", "M1^^^CLINIC^MR||" + who, "A-1", "4.1", "F"));

        assertThat(engine.state("C2")).isEqualTo(becomes);
    }

    /** §6 ⚠: name and birth date alone never match. */
    @Test
    void nameAndBirthDateAloneNeverMatch() {
        engine.send(LAB, oru("C2", "X9^^^OTHER^MR||DOE^Jane||19710203|F", "A-1", "4.1", "F"));

        assertThat(engine.state("C2")).isEqualTo("held");
        assertThat(engine.values()).isEmpty();
    }

    private String demographics() {
        return engine.one(
                "select family_name || given_name || middle_name || birth_date || sex || address ||"
                        + " phone from patient_record where id_value = 'M1'");
    }

    private static String text(String id, String status, String... lines) {
        var head = oru(id, DOE, "A-5", "x", status);
        var message = new StringBuilder(head.substring(0, head.indexOf("OBX|")));
        for (int i = 0; i < lines.length; i++)
            message.append(
                    "OBX|%d|TX|59776-5^Findings^LN||%s||||||%s\n"
                            .formatted(i + 1, lines[i], status));
        return message.toString();
    }
}
