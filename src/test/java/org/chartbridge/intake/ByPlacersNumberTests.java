package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Reports;
import org.chartbridge.chart.ResultSearch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.UUID;

/** Reports that have only the placer's number, and those of the filler (decision 0068). */
class ByPlacersNumberTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Rita||19800101|F";
    private static final String DAY = "20261122074500";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void registered() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
        engine.send(EMR, adt("A28", "A2", "PID|1||" + ROE));
    }

    @Test
    void aPreliminaryReportWithoutTheFillersNumberIsReplacedByTheFinalThatHasIt() {
        send("C1", "P1^EMR", "", DAY, "P", "4.1");
        send("C2", "P1", "F1^LAB", DAY, "F", "4.2");
        send("C3", "P1^EMR", "", DAY, "P", "4.0");

        assertThat(shown()).containsExactly("F1^LAB 4.2");
        assertThat(engine.one("select count(distinct series) from report")).isEqualTo("1");
        assertThat(engine.reasons("C3")).containsExactly("result-late");
    }

    /** What a later message leaves empty stays said (decision 67), the filler's number too. */
    @Test
    void theFillersNumberStaysWhereACorrectionNamesThePlacersOnly() {
        send("C1", "P1^EMR", "F1", DAY, "F", "4.1");
        send("C2", "P1^EMR", "F1^LAB", DAY, "F", "4.1");
        send("C3", "P1^EMR", "", DAY, "C", "4.2");

        var report =
                new Reports(engine.jdbc)
                        .find(
                                ResultSearch.of(
                                        engine.jdbc
                                                .sql("select distinct series from report")
                                                .query(Long.class)
                                                .single()),
                                0,
                                1)
                        .items()
                        .getFirst();

        assertThat(report.number()).isEqualTo("F1^LAB");
        assertThat(report.placerNumber()).isEqualTo("P1^EMR");
        assertThat(report.observations())
                .extracting(ObservationView::valueText)
                .containsExactly("4.2");
    }

    @Test
    void whatComesLateAndWithoutTheFillersNumberReplacesNothing() {
        send("C2", "P1", "F1", DAY, "F", "4.2");
        send("C1", "P1", "", DAY, "P", "4.1");

        assertThat(shown()).containsExactly("F1 4.2");
    }

    @Test
    void aSecondNumberOfTheFillerTakesApartWhatHadBecomeOne() {
        send("C1", "P1", "", DAY, "P", "4.1");
        send("C2", "P1", "F1", DAY, "F", "4.2");
        send("C3", "P1", "F2", DAY, "F", "4.3");
        send("C4", "P1", "F1", DAY, "C", "4.4");

        assertThat(shown()).containsExactly("F1 4.4", "F2 4.3", "P1 4.1");
        assertThat(engine.reasons("C3")).containsExactly("placer-number-of-several");
        assertThat(
                        engine.list(
                                """
                                select r.number || ' ' || n.text from note n
                                join observation o on o.id = n.target and o.report_series = n.report_series
                                join report r on r.series = n.report_series and r.entry_id = o.entry_id
                                order by 1
                                """))
                .containsExactly("F1 Says C2.", "F1 Says C4.", "F2 Says C3.", "P1 Says C1.");
    }

    @Test
    void aNumberThatIsUsedAgainIsAnotherReport() {
        send("C1", "P1", "F1", "20261022074500", "F", "4.1");
        send("C2", "P1", "", DAY, "P", "4.2");

        assertThat(shown()).containsExactly("F1 4.1", "P1 4.2");
    }

    @Test
    void anotherPatientsReportIsNotMeant() {
        send("C1", "P1", "", DAY, "P", "4.1");
        engine.send(LAB, message("C2", ROE, "P1", "F1", DAY, "F", "4.2"));

        assertThat(shown()).containsExactly("F1 4.2", "P1 4.1");
    }

    @Test
    void aWithdrawalByThePlacersNumberFreesTheFillersNumber() {
        send("C1", "P1", "F1", DAY, "F", "4.1");
        engine.send(LAB, message("C2", ROE, "P1", "F1", DAY, "F", "4.1"));
        assertThat(engine.reasons("C2")).contains("order-number-of-another-patient");

        send("C3", "P1", "", DAY, "W", "4.1");

        engine.becomes("C2", "charted");
        assertThat(engine.values()).isEqualTo("M2 4.1");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void whatOneMessageSaysSideBySideAreTwoReports() {
        engine.send(
                LAB,
                message("C1", DOE, "P1", "F1", DAY, "F", "4.1")
                        + request("P1", "", DAY, "F", "4.2", "Bedside."));

        assertThat(shown()).containsExactly("F1 4.1", "P1 4.2");
    }

    @Test
    void aReportOfTwoNumbersIsFiledWithAnotherPatientAsAWhole() {
        send("C1", "P1", "", DAY, "P", "4.1");
        send("C2", "P1", "F1", DAY, "F", "4.2");
        var before = engine.hash();

        long decision =
                engine.decisions.file(
                        Long.parseLong(engine.one("select distinct series from report")),
                        UUID.fromString(
                                engine.one(
                                        "select person_id from patient_record where id_value ="
                                                + " 'M1'")),
                        engine.record("M2"),
                        ANN);
        send("C3", "P1", "", DAY, "P", "4.0");

        assertThat(engine.values()).isEqualTo("M2 4.2");
        assertThat(engine.one("select count(distinct record_id) from report")).isEqualTo("1");

        engine.decisions.undo(decision, ANN);

        assertThat(engine.values()).isEqualTo("M1 4.2");
        assertThat(engine.hash()).isNotEqualTo(before);
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    private List<String> shown() {
        return engine.list(
                """
                select r.number || ' ' || o.value_text
                from observation o
                join report r on r.series = o.report_series and r.standing = 'current'
                where o.standing = 'current'
                order by 1
                """);
    }

    private void send(
            String id, String placer, String filler, String day, String status, String value) {
        engine.send(LAB, message(id, DOE, placer, filler, day, status, value));
    }

    private static String message(
            String id,
            String patient,
            String placer,
            String filler,
            String day,
            String status,
            String value) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|2026112208%02d00||ORU^R01|%s|P|2.5.1
        PID|1||%s
        %s\
        """
                .formatted(
                        Integer.parseInt(id.substring(1)),
                        id,
                        patient,
                        request(placer, filler, day, status, value, "Says " + id + "."));
    }

    private static String request(
            String placer, String filler, String day, String status, String value, String note) {
        return """
        OBR|1|%s|%s|K^Potassium^L|||%s||||||||||||||||||%s
        OBX|1|NM|K^Potassium^L||%s|mmol/L|||||%s
        NTE|1|L|%s
        """
                .formatted(placer, filler, day, status, value, status, note);
    }
}
