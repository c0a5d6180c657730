package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.chart.ResultSearch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

import javax.sql.DataSource;

/** ⚠ The file of a report whose text was corrected says what it said before. */
class OutdatedDocumentTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    private final IdentityEngine engine = new IdentityEngine();
    private final AnnotationConfigApplicationContext chart =
            new AnnotationConfigApplicationContext();

    @BeforeEach
    void registered() {
        chart.registerBean(DataSource.class, engine::dataSource);
        chart.registerBean(JdbcClient.class, () -> JdbcClient.create(engine.dataSource()));
        chart.register(Reports.class);
        chart.refresh();
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
    }

    @AfterEach
    void close() {
        chart.close();
        engine.close();
    }

    @Test
    void aFileFromBeforeTheCorrectionIsMarked() {
        report("C1", "2107", "F", text("Nevus", "F") + file("one", "F"));
        assertThat(isOutdated()).isFalse();

        report("C2", "2207", "C", text("Melanoma", "C"));

        assertThat(isOutdated()).isTrue();
        assertThat(report().doubts())
                .singleElement()
                .satisfies(doubt -> assertThat(doubt.entryId()).isEqualTo(engine.entry("C2")));
    }

    @Test
    void inWhateverOrderTheyCome() {
        report("C2", "2207", "C", text("Melanoma", "C"));
        report("C1", "2107", "F", text("Nevus", "F") + file("one", "F"));

        assertThat(isOutdated()).isTrue();
    }

    @Test
    void theSameFileOnceMoreIsStillTheOldOne() {
        report("C1", "2107", "F", text("Nevus", "F") + file("one", "F"));
        report("C2", "2207", "C", text("Melanoma", "C") + file("one", "F"));

        assertThat(isOutdated()).isTrue();
    }

    @Test
    void oneThatComesWithTheCorrectionOrAfterItIsNot() {
        report("C1", "2107", "F", text("Nevus", "F") + file("one", "F"));
        report("C2", "2207", "C", text("Melanoma", "C") + file("two", "C"));
        assertThat(isOutdated()).isFalse();

        report("C3", "2307", "C", text("Melanoma in situ", "C"));
        assertThat(isOutdated()).isTrue();

        report("C4", "2407", "C", file("three", "C"));
        assertThat(isOutdated()).isFalse();
    }

    @Test
    void aValueThatWasOnlyPreliminaryMakesNoFileOld() {
        report("C1", "2107", "P", text("Nevus?", "P") + file("one", "F"));
        report("C2", "2207", "F", text("Nevus", "F"));

        assertThat(isOutdated()).isFalse();
    }

    private void report(String controlId, String dayAndHour, String status, String values) {
        engine.send(
                LAB,
                """
                MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|202611%s0000||ORU^R01|%s|P|2.5.1
                PID|1||%s
                OBR|1||S1|22634-0^Pathology^LN|||20261120074500|||||||||||||||||||%s
                %s\
                """
                        .formatted(dayAndHour, controlId, DOE, status, values));
    }

    private static String text(String words, String status) {
        return "OBX|1|TX|22634-0^Pathology report^LN||" + words + "||||||" + status + "\n";
    }

    private static String file(String content, String status) {
        var pdf =
                Base64.getEncoder()
                        .encodeToString(
                                ("%PDF-1.7 " + content).getBytes(StandardCharsets.US_ASCII));
        return "OBX|2|ED|PDF^Report^L||LAB^AP^PDF^Base64^" + pdf + "||||||" + status + "\n";
    }

    private boolean isOutdated() {
        var report = report();
        assertThat(report.documents()).hasSize(1);
        return report.isOutdated(report.documents().getFirst());
    }

    private ReportView report() {
        var person = UUID.fromString(engine.one("select id from person limit 1"));
        return chart.getBean(Reports.class).find(ResultSearch.of(person), 0, 10).items().getFirst();
    }
}
