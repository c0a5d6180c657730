package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A report or a note under an order number that nobody gave is charted, and says so: whatever it
 * answers stays open.
 */
class NumbersOfNothingTests {
    private static final AdtEngine ENGINE = new AdtEngine();
    private static final AtomicInteger PATIENTS = new AtomicInteger();
    private static final String REASON = "order-number-of-nothing";
    private static final Partner LAB = partner("northlab", true);

    private String patient = "";

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "N" + PATIENTS.incrementAndGet();
    }

    @ParameterizedTest
    @CsvSource({
        "P, charted",
        "P^EMR, charted",
        "X, charted " + REASON,
        "X^EMR, charted " + REASON,
        "'', charted"
    })
    void aReportNamesAnOrderThatSomebodyGave(String number, String wanted) {
        send(AdtEngine.EMR, order("P" + patient + "^EMR"));

        send(LAB, report(number.isEmpty() ? "" : number.replaceFirst("^.", "$0" + patient)));

        assertThat(became()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "P, '', charted",
        "R, '', charted",
        "E, '', charted",
        "X, '', charted " + REASON,
        "X, F, charted " + REASON,
        "P, F, charted",
        "'', F, charted",
        "'', '', charted"
    })
    void soDoesANote(String placer, String filler, String wanted) {
        send(AdtEngine.EMR, order("P" + patient));
        send(AdtEngine.EMR, referral());

        send(LAB, note(full(placer), full(filler)));

        assertThat(became()).isEqualTo(wanted);
    }

    /** Their numbers come from elsewhere: nothing is sent to them from here. */
    @Test
    void ofWhomNothingIsOrderedNothingIsSaid() {
        send(partner("eastlab", false), report("X" + patient));

        assertThat(became()).isEqualTo("charted");
    }

    /** What came first could not know; it is charted all the same, and keeps its remark. */
    @Test
    void anOrderThatComesAfterItsReportLeavesTheRemark() {
        send(LAB, report("P" + patient));
        assertThat(became()).isEqualTo("charted " + REASON);

        send(AdtEngine.EMR, order("P" + patient));
        send(LAB, report("P" + patient).replace("OBX|1", "OBX|2"));

        assertThat(became()).isEqualTo("charted");
    }

    private String full(String number) {
        return number.isEmpty() ? "" : number + patient;
    }

    private static void send(Partner from, String message) {
        ENGINE.send(from, message);
    }

    private static String became() {
        return ENGINE.one(
                """
                select trim(state || ' ' || coalesce((select r ->> 'reason'
                                                      from jsonb_array_elements(reasons) r
                                                      where r ->> 'reason' = 'order-number-of-nothing'), ''))
                from journal order by id desc limit 1
                """);
    }

    private String order(String number) {
        return header("ORM^O01", "EMR")
                + "ORC|NW|"
                + number
                + "\nOBR|1|"
                + number
                + "||K^Potassium^L\n";
    }

    /** R is its number, E that of whom it was sent to. */
    private String referral() {
        return header("REF^I12", "EMR")
                .replace(
                        "PID|",
                        "RF1||||||R%s|||||E%s\nPRD|RP|ORDWAY^ANN\nPID|"
                                .formatted(patient, patient));
    }

    private String report(String number) {
        return header("ORU^R01", "LIS")
                + "OBR|1|"
                + number
                + "|F"
                + PATIENTS.incrementAndGet()
                + "|K^Potassium^L|||20261120080000|||||||||||||||20261120090000|||F\n"
                + "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F\n";
    }

    private String note(String placer, String filler) {
        return header("MDM^T02", "LIS")
                + "TXA|1|CN|TX|20261120090000||||||||D%s||%s|%s||AU\n"
                        .formatted(patient, placer, filler)
                + "OBX|1|TX|CN^Note^L||Seen on Monday||||||F\n";
    }

    private String header(String type, String from) {
        return "MSH|^~\\&|%s|X|CB|CLINIC|20261120090000-0500||%s|N-%d|P|2.5.1\n"
                        .formatted(from, type, PATIENTS.incrementAndGet())
                + (type.startsWith("MDM") ? "EVN|T02|20261120090000\n" : "")
                + "PID|1||"
                + patient
                + "^^^CLINIC^MR||DOE^Jane||19710203|F\n";
    }

    private static Partner partner(String folder, boolean laboratory) {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                "sender: { application: LIS }\nzone: UTC\npatients: create\n".getBytes(UTF_8));
        if (laboratory) files.put("compendium.csv", "code\n2823-3\n".getBytes(UTF_8));
        return PartnerFile.read(new FolderFiles(folder, files), Map.of(), _ -> {}).orElseThrow();
    }
}
