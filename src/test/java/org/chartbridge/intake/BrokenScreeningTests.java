package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.partner.Partner;
import org.chartbridge.partner.ScreeningPolicy;
import org.chartbridge.partner.ScreeningPolicy.Act;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Orders while nothing can be screened ⚠: tables that had a fault when the engine started, or none
 * although they are asked for.
 */
class BrokenScreeningTests {
    private static final Partner WARNS = AdtEngine.EMR;
    private static final Partner HOLDS =
            AdtEngine.EMR.screened(new ScreeningPolicy(Act.HOLD, Act.WARN, Act.NONE, Act.HOLD));

    @TempDir private static Path broken = Path.of("set by JUnit");
    @TempDir private static Path none = Path.of("set by JUnit");
    private static AdtEngine faulty;
    private static AdtEngine without;
    private static int patients;

    private String patient = "";

    @BeforeAll
    static void start() throws IOException {
        var tables = Files.createDirectory(broken.resolve("screening"));
        Files.write(tables.resolve("classes.csv"), "class,nmaes\npenicillins,\n".getBytes(UTF_8));
        faulty = AdtEngine.screening(broken, "pharmacy/orders");
        without = AdtEngine.screening(none, "pharmacy/orders");
    }

    @AfterAll
    static void close() {
        faulty.close();
        without.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "B" + ++patients;
    }

    /** ⚠ Nothing was checked, which must not look as if nothing was found. */
    @Test
    void tablesWithAFaultAtTheStartAreToldWithEachOrder() {
        assertThat(faulty.send(WARNS, medication("NW")))
                .contains("MSA|AA", "not-screened", "nothing was checked");
        assertThat(sent(faulty)).isEqualTo("pharmacy/orders");
    }

    @Test
    void whatIsHeldWhenNobodyCouldCheckItIsHeldThen() {
        assertThat(faulty.send(HOLDS, medication("NW")))
                .contains("MSA|AA", "not-screened", "held-by-screening");
        assertThat(sent(faulty)).isEqualTo("pharmacy/orders~held");
    }

    @Test
    void contrastIsToldLikeMedicationAndOtherImagingIsNot() {
        assertThat(faulty.send(WARNS, imaging("CT CHEST W WO CONTRAST"))).contains("not-screened");
        assertThat(faulty.send(WARNS, imaging("XR CHEST 2 VIEWS"))).doesNotContain("not-screened");
    }

    @Test
    void aCancelIsNeitherWarnedOfNorHeld() {
        var answer = faulty.send(HOLDS, medication("CA"));

        assertThat(answer).contains("MSA|AA").doesNotContain("not-screened");
        assertThat(sent(faulty)).isEqualTo("pharmacy/orders");
    }

    @Test
    void noTablesAreAFaultOnlyForWhoAsksForScreening() {
        assertThat(without.send(WARNS, medication("NW"))).doesNotContain("not-screened");
        assertThat(sent(without)).isEqualTo("pharmacy/orders");

        anotherPatient();

        assertThat(without.send(HOLDS, medication("NW")))
                .contains("not-screened", "held-by-screening");
        assertThat(sent(without)).isEqualTo("pharmacy/orders~held");
    }

    private String sent(AdtEngine engine) {
        return engine.one(
                "select d.destination from delivery d join journal j on j.id = d.entry_id"
                        + " where j.control_id = '"
                        + patient
                        + "'");
    }

    private String medication(String control) {
        return message("OMP^O09", control) + "RXO|^Amoxicillin 500 mg|500||mg\n";
    }

    private String imaging(String service) {
        anotherPatient();
        return message("ORM^O01", "NW") + "OBR|1|O" + patient + "^EMR||IMG^" + service + "^L\n";
    }

    private String message(String type, String control) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|202611030900||"
                + type
                + "|"
                + patient
                + "|P|2.5.1\nPID|1||"
                + patient
                + "^^^CLINIC^MR||DOE^Jane||19710203|F\nORC|"
                + control
                + "|O"
                + patient
                + "^EMR|||||||20261103\n";
    }
}
