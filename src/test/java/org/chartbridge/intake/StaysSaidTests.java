package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.chart.NoteView;
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.chart.RequestField;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.UUID;

/**
 * What a later message does not say again stands: empty fields of an OBR, notes, text to which text
 * is appended; and a final value that later could not be obtained (decision 67).
 */
class StaysSaidTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String FULL =
            "OBR|1|ZO1^EMR|A-1|K^Potassium^L|R||20261122074500|||||||20261122075000|SER^Serum^HL70487"
                + "|77^Rao^Ann^^^^^^CLINIC|||||||||F||||||I10^Why^L|9&Path&Pat";
    private static final String BARE = "OBR|1||A-1|K^Potassium^L|||||||||||||||||||||C";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void aPatient() {
        engine.send(EMR, adt("A28", "C0", "PID|1||" + DOE));
    }

    /** ⚠ Else the order is unanswered again, and nobody gets the correction. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEmptyFieldOfALaterMessageErasesNothing(boolean laterFirst) {
        var first = oru("C1", FULL, "OBX|1|NM|K^K^L||30|mmol/L||HH|||F");
        var later = oru("C2", BARE, "OBX|1|NM|K^K^L||3|mmol/L||LL|||C");
        engine.send(LAB, laterFirst ? later : first);
        engine.send(LAB, laterFirst ? first : later);

        var report = report();
        assertThat(report.status()).isEqualTo("C");
        assertThat(report.placerNumber()).isEqualTo("ZO1^EMR");
        assertThat(report.collectedAsSent()).isEqualTo("20261122074500");
        assertThat(report.orderingProvider()).isNotNull();
        assertThat(report.interpreter()).isNotNull();
        assertThat(report.request())
                .containsKeys(
                        RequestField.SPECIMEN,
                        RequestField.REASON,
                        RequestField.PRIORITY,
                        RequestField.SPECIMEN_RECEIVED);
        assertThat(report.observations())
                .singleElement()
                .satisfies(value -> assertThat(value.valueText()).isEqualTo("3"))
                .satisfies(value -> assertThat(value.observedAsSent()).isEqualTo("20261122074500"));
        assertThat(
                        engine.one(
                                "select inherited -> 'placer-number' ->> 'entry' from report where"
                                        + " standing = 'current'"))
                .isEqualTo(Long.toString(engine.entry("C1")));
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void twoQuotationMarksEmptyAField() {
        engine.send(LAB, oru("C1", FULL, "OBX|1|NM|K^K^L||30|mmol/L||HH|||F"));
        engine.send(
                LAB,
                oru(
                        "C2",
                        "OBR|1|\"\"|A-1|K^Potassium^L|||\"\"|||||||\"\"|\"\"|\"\"|||||||||C||||||\"\"|\"\"",
                        "OBX|1|NM|K^K^L||3|mmol/L||LL|||C"));
        engine.send(LAB, oru("C3", BARE, "OBX|1|NM|K^K^L||3.1|mmol/L||LL|||C"));

        var report = report();
        assertThat(report.placerNumber()).isEmpty();
        assertThat(report.collectedAsSent()).isEmpty();
        assertThat(report.orderingProvider()).isNull();
        assertThat(report.interpreter()).isNull();
        assertThat(report.request()).containsOnlyKeys(RequestField.PRIORITY);
    }

    @Test
    void aVersionThatIsCurrentNoMoreHasOnlyWhatItSaid() {
        engine.send(LAB, oru("C1", FULL, "OBX|1|NM|K^K^L||30|mmol/L||HH|||F"));
        engine.send(LAB, oru("C2", BARE, "OBX|1|NM|K^K^L||3|mmol/L||LL|||C"));
        engine.send(LAB, oru("C3", BARE + "\nNTE|1||Hand.", "OBX|1|NM|K^K^L||4|mmol/L||LL|||C"));

        assertThat(
                        engine.list(
                                "select concat_ws(' ', standing, placer_number, collected_as_sent,"
                                        + " inherited is null) from report order by version"))
                .containsExactly(
                        "replaced ZO1^EMR 20261122074500 t",
                        "replaced   t",
                        "current ZO1^EMR 20261122074500 f");
    }

    @Test
    void notesStayWhereAReportComesAgainWithoutThem() {
        engine.send(
                LAB,
                oru(
                        "C1",
                        FULL + "\nNTE|1|L|Called to Dr Rao.",
                        "OBX|1|NM|K^K^L||9|mmol/L||HH|||F\nNTE|1|L|Haemolysed."));
        engine.send(
                LAB,
                oru(
                        "C2",
                        FULL,
                        "OBX|1|NM|K^K^L||9|mmol/L||HH|||F\nOBX|2|NM|NA^Na^L||140|mmol/L|||||F"));

        assertThat(texts(report().notes())).containsExactly("Called to Dr Rao.");
        assertThat(texts(report().observations().getFirst().notes()))
                .containsExactly("Haemolysed.");
        assertThat(
                        new Observations(engine.jdbc)
                                .history(report().observations().getFirst().series()))
                .allSatisfy(
                        value -> assertThat(texts(value.notes())).containsExactly("Haemolysed."));
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void otherNotesAnotherValueAndTwoQuotationMarksTakeNotesAway() {
        engine.send(
                LAB,
                oru(
                        "C1",
                        FULL + "\nNTE|1|L|One.",
                        "OBX|1|NM|K^K^L||9|mmol/L||HH|||F\nNTE|1|L|Of nine."));
        engine.send(LAB, oru("C2", FULL + "\nNTE|1|L|Two.", "OBX|1|NM|K^K^L||8|mmol/L||HH|||C"));
        assertThat(texts(report().notes())).containsExactly("Two.");
        assertThat(report().observations().getFirst().notes()).isEmpty();

        engine.send(LAB, oru("C3", FULL, "OBX|1|NM|K^K^L||8|mmol/L||HH|||C\nNTE|1|L|Of eight."));
        assertThat(texts(report().observations().getFirst().notes())).containsExactly("Of eight.");
        engine.send(
                LAB,
                oru(
                        "C4",
                        FULL + "\nNTE|1|L|\"\"",
                        "OBX|1|NM|K^K^L||8|mmol/L||HH|||C\nNTE|1|L|\"\""));

        assertThat(report().notes()).isEmpty();
        assertThat(report().observations().getFirst().notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsAppendedStandsBehindWhatStood(boolean laterFirst) {
        var first =
                oru("C1", FULL, "OBX|1|TX|DX^Diagnosis^L||Carcinoma.||||||F\nNTE|1|L|Seen by two.");
        var later = oru("C2", FULL, "OBX|1|TX|DX^Diagnosis^L||Addendum: ER positive.||||||B");
        var again = oru("C3", FULL, "OBX|1|TX|DX^Diagnosis^L||Addendum: ER positive.||||||B");
        var last = oru("C4", FULL, "OBX|1|TX|DX^Diagnosis^L||Carcinoma.||||||F");
        var all = List.of(first, later, again, last);
        for (var message : laterFirst ? all.reversed() : all) engine.send(LAB, message);

        var value = report().observations().getFirst();
        assertThat(value.valueText()).isEqualTo("Carcinoma.\nAddendum: ER positive.");
        assertThat(value.status().letter()).isEqualTo("B");
        assertThat(texts(value.notes())).containsExactly("Seen by two.");
        assertThat(new Observations(engine.jdbc).historyAsSaid(value.series()))
                .extracting(one -> one.valueText())
                .contains("Carcinoma.", "Carcinoma.\nAddendum: ER positive.");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void wholeTextThatIsCalledAppendedIsNotDoubledAndNumbersAreReplaced() {
        engine.send(
                LAB,
                oru(
                        "C1",
                        FULL,
                        "OBX|1|TX|DX^D^L||Carcinoma.||||||F\nOBX|2|NM|K^K^L||4|mmol/L|||||F"));
        engine.send(
                LAB,
                oru(
                        "C2",
                        FULL,
                        """
                        OBX|1|TX|DX^D^L||Carcinoma.||||||B
                        OBX|2|TX|DX^D^L||ER positive.||||||B
                        OBX|3|NM|K^K^L||5|mmol/L|||||B\
                        """));

        assertThat(report().observations())
                .extracting(one -> one.valueText())
                .containsExactly("Carcinoma.\nER positive.", "5");
        engine.send(LAB, oru("C3", FULL, "OBX|1|TX|DX^D^L||||||||U"));
        assertThat(report().observations().getFirst().valueText())
                .isEqualTo("Carcinoma.\nER positive.");
    }

    /** ⚠ Table 0085 knows no way from a final result to X: the value stands, and says so. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReportIsNotCancelledOverAFinalValueThatStands(boolean laterFirst) {
        var first = oru("C1", FULL, "OBX|1|NM|K^K^L||50|mmol/L||HH|||F");
        var later =
                oru(
                        "C2",
                        FULL.replace("||||||||F|", "||||||||X|"),
                        "OBX|1|ST|K^K^L||HEMOLYZED||||||X\nNTE|1|L|Please draw again.");
        engine.send(LAB, laterFirst ? later : first);
        engine.send(LAB, laterFirst ? first : later);

        assertThat(report().status()).isEqualTo("F");
        var value = report().observations().getFirst();
        assertThat(value.valueText()).isEqualTo("50");
        assertThat(texts(value.notes()))
                .singleElement()
                .satisfies(note -> assertThat(note).contains("HEMOLYZED", "Please draw again."));

        engine.send(LAB, oru("C3", FULL, "OBX|1|NM|K^K^L||5|mmol/L|||||C"));
        assertThat(report().observations().getFirst().notes()).isEmpty();
    }

    @Test
    void aReportWithoutAFinalValueIsCancelled() {
        engine.send(LAB, oru("C1", FULL, "OBX|1|NM|K^K^L||50|mmol/L||HH|||P"));
        engine.send(
                LAB,
                oru(
                        "C2",
                        FULL.replace("||||||||F|", "||||||||X|"),
                        "OBX|1|ST|K^K^L||HEMOLYZED||||||X"));

        assertThat(report().status()).isEqualTo("X");
    }

    private ReportView report() {
        return new Reports(engine.jdbc)
                .reports(
                        engine.jdbc
                                .sql("select person_id from patient_record")
                                .query(UUID.class)
                                .single(),
                        0,
                        9)
                .items()
                .getFirst();
    }

    private static List<String> texts(List<NoteView> notes) {
        return notes.stream().map(NoteView::text).toList();
    }

    private static String oru(String controlId, String request, String values) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|202611220%s00||ORU^R01|%s|P|2.5.1
        PID|1||%s
        %s
        %s
        """
                .formatted(
                        800 + Integer.parseInt(controlId.substring(1)),
                        controlId,
                        DOE,
                        request,
                        values);
    }
}
