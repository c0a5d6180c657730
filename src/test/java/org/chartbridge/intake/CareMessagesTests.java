package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.ClinicalDocumentView;
import org.chartbridge.chart.Registrations;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Documents, orders of medication, referrals and problems, through the intake to the tables. Long
 * because each kind has messages of its own.
 */
class CareMessagesTests {
    private static final String PID = "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    @AutoClose private final AdtEngine engine = new AdtEngine();

    // ------------------------------------------------------------ documents

    /** ⚠ HL7-RULES §4: a shorter corrected text leaves no old last lines. */
    @Test
    void anEditReplacesTheWholeOfTheText() {
        engine.send(document("T02", "0800", "D1", "", text("first", "second")));

        engine.send(document("T08", "0900", "D1", "", text("first")));

        assertThat(contents()).containsExactly("D1 active: first");
    }

    @Test
    void aNotificationWithoutContentLeavesTheContent() {
        engine.send(document("T02", "0800", "D1", "", text("first")));

        engine.send(document("T03", "0900", "D1", "", "").replace("|DO", "|LA"));

        assertThat(contents()).containsExactly("D1 active: first");
        assertThat(engine.one("select completion from clinical_document")).isEqualTo("LA");
    }

    /** ⚠ A cancelled document leaves clinical views, its content too. */
    @Test
    void aCancelledDocumentIsGoneWithItsContent() {
        engine.send(document("T02", "0800", "D1", "", text("first")));

        engine.send(document("T11", "0900", "D1", "", ""));

        assertThat(engine.one("select status from clinical_document")).isEqualTo("ended");
        assertThat(contents()).isEmpty();
    }

    /** ⚠ A number that is used twice would put one patient's document into the other's chart. */
    @Test
    void aDocumentNumberOfAnotherPatientIsHeldUntilTheFirstIsCancelled() {
        var other = "PID|1||M2^^^CLINIC^MR||ROE^Rita||19820304|F";
        engine.send(document("T02", "0800", "D1", "", text("first")));

        engine.send(document("T02", "0810", "D1", "", text("second")).replace(PID, other));
        assertThat(engine.lastState()).isEqualTo("held");
        assertThat(engine.lastReasons()).containsExactly("document-of-another-patient");
        assertThat(contents()).containsExactly("D1 active: first");

        engine.send(document("T08", "0820", "D1", "", text("first again")));
        assertThat(engine.lastState()).isEqualTo("charted");
        engine.send(document("T11", "0830", "D1", "", ""));
        engine.send(document("T02", "0840", "D1", "", text("third")).replace(PID, other));
        assertThat(contents()).containsExactly("D1 active: third");
    }

    @Test
    void anotherSenderHasNumbersOfItsOwn() {
        engine.send(document("T02", "0800", "D1", "", text("first")));

        engine.send(
                AdtEngine.LAB,
                document("T02", "0810", "D1", "", text("second")).replace("M1^", "M2^"));

        assertThat(engine.lastState()).isEqualTo("charted");
    }

    /** ⚠ Both were gone. */
    @Test
    void ofTwoDocumentsThatReplaceOneAnotherTheLaterStands() {
        var first = document("T02", "0800", "D1", "", text("v1"));
        var second = document("T10", "0810", "D2", "D1", text("v2"));
        var restored = document("T10", "0820", "D1", "D2", text("v3 restored"));
        for (var messages :
                List.of(
                        List.of(first, second, restored),
                        List.of(restored, second, first),
                        List.of(second, restored)))
            try (var other = new AdtEngine()) {
                messages.forEach(other::send);
                // A change of state replaces nothing.
                other.send(document("T03", "0830", "D2", "", ""));

                assertThat(standing(other)).containsExactly("D1");
            }
    }

    private static List<String> standing(AdtEngine of) {
        var person = UUID.fromString(of.one("select person_id::text from patient_record"));
        return CareStatements.of(of.jdbc)
                .documents(Registrations.Search.of(person), 0, 10)
                .items()
                .stream()
                .filter(one -> one.active() && !one.isReplaced())
                .map(ClinicalDocumentView::number)
                .toList();
    }

    @Test
    void anyOrderOfArrivalGivesTheSameDocuments() {
        var messages =
                List.of(
                        document("T02", "0800", "D1", "", text("first", "second")),
                        document("T08", "0810", "D1", "", text("first")),
                        document("T04", "0820", "D1", "", text("first")),
                        document("T02", "0830", "D2", "", text("wrong patient")),
                        document("T11", "0840", "D2", "", ""),
                        document("T10", "0850", "D3", "D1", text("better")));
        var wanted = of(messages);
        assertThat(wanted).contains("D1 active: first", "D3 active: better");
        var seed = System.nanoTime();
        System.out.println("CareMessagesTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 4; i++) {
            var shuffled = new ArrayList<>(messages);
            Collections.shuffle(shuffled, random);

            assertThat(of(shuffled)).as("seed " + seed).isEqualTo(wanted);
        }
    }

    private static List<String> of(List<String> messages) {
        try (var engine = new AdtEngine()) {
            messages.forEach(engine::send);
            return contents(engine);
        }
    }

    @Test
    void textAndFilesOfADocumentAreKeptOnceEach() {
        var pdf = "JVBERi0xLjQKJcOkw7zDtsOfCg==";
        engine.send(
                document(
                        "T02",
                        "0800",
                        "D1",
                        "",
                        text("see the file")
                                + "\nOBX|2|ED|F^Scan||^AP^PDF^Base64^"
                                + pdf
                                + "||||||F"));
        engine.send(
                document(
                        "T02",
                        "0801",
                        "D2",
                        "",
                        "OBX|1|ED|F^Scan||^AP^PDF^Base64^" + pdf + "||||||F"));

        assertThat(engine.list("select media_type from document_content order by 1"))
                .containsExactly("application/pdf", "text/plain");
        assertThat(engine.list("select split_part(files, ' ', 2) from document_body order by id"))
                .containsExactly("text/plain", "application/pdf");
    }

    @Test
    void aPointerIsNeverFetchedAndStaysAText() {
        engine.send(
                document(
                        "T02",
                        "0800",
                        "D1",
                        "",
                        "OBX|1|RP|F^Scan||\\\\\\\\server\\\\scan.pdf^host^PDF||||||F"));

        assertThat(contents().getFirst()).startsWith("D1 active: Scan: ").contains("server");
    }

    @Test
    void aDocumentWithoutNumberIsKnownByTypeAndTimeElseRefused() {
        engine.send(document("T02", "0800", "", "", text("first")));
        assertThat(engine.lastState()).isEqualTo("charted");

        var answer =
                engine.send(
                        document("T02", "0801", "", "", text("first"))
                                .replace("20261122070000|||||", "|||||"));

        assertThat(answer).contains("MSA|AE|").contains("document-number-missing");
    }

    @Test
    void aReplacementThatDoesNotSayOfWhatIsChartedAndFlagged() {
        engine.send(document("T10", "0800", "D3", "", text("better")));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(engine.lastReasons()).contains("document-parent-missing");
    }

    @Test
    void aLineThatWasDeletedIsNotInTheText() {
        engine.send(
                document(
                        "T02",
                        "0800",
                        "D1",
                        "",
                        "OBX|1|TX|N^Note||stays||||||F\nOBX|2|TX|N^Note||goes||||||D"));

        assertThat(contents()).containsExactly("D1 active: stays");
    }

    // ------------------------------------------------------------ medication

    @Test
    void theLaterWordAboutAPrescriptionStandsWhateverCameFirst() {
        engine.send(drug("RDE^O11", "0900", "ORC|DC|P1^EMR", "RXE|^BID|723^Amoxicillin^L|250||mg"));

        engine.send(drug("OMP^O09", "0800", "ORC|NW|P1^EMR", "RXO|723^Amoxicillin^L|500||mg"));

        assertThat(
                        engine.one(
                                "select state || ' ' || dose || ' ' || frequency from"
                                        + " medication_order"))
                .isEqualTo("cancelled 250 mg BID");
    }

    @Test
    void severalDrugsUnderOneNumberAreToldApartByTheDrug() {
        engine.send(
                drug(
                        "OMP^O09",
                        "0800",
                        "ORC|NW|P1^EMR",
                        "RXO|723^Amoxicillin^L|500||mg",
                        "RXO|5640^Ibuprofen^L|200||mg"));

        assertThat(engine.one("select count(*) from medication_order")).isEqualTo("2");
    }

    @Test
    void medicationInAnOrdinaryOrderStandsBesideItsTests() {
        engine.send(
                drug(
                        "ORM^O01",
                        "0800",
                        "ORC|NW|P1^EMR",
                        "RXO|723^Amoxicillin^L|500||mg",
                        "ORC|NW|P2^EMR",
                        "OBR|1|P2^EMR||2823-3^Potassium^LN"));

        assertThat(engine.one("select code from medication_order")).isEqualTo("723");
        assertThat(engine.one("select placer_number from placed_order")).isEqualTo("P2^EMR");
    }

    @Test
    void aDrugWithoutNameIsListedAndTheOthersAreCharted() {
        engine.send(
                drug(
                        "OMP^O09",
                        "0800",
                        "ORC|NW|P1^EMR",
                        "RXO||500||mg",
                        "ORC|NW|P2^EMR",
                        "RXO|5640^Ibuprofen^L"));

        assertThat(engine.lastReasons()).contains("order-not-screened");
        assertThat(engine.one("select code from medication_order")).isEqualTo("5640");
    }

    /** ⚠ A drug that was stopped must not stand beside the one in its place. */
    @ParameterizedTest
    @CsvSource({"RDE^O11, true", "OMP^O09, true", "RDE^O11, false", "OMP^O09, false"})
    void anOrcAloneStopsItsMedicationBesideOthersAndByItself(String type, boolean beside) {
        engine.send(drug("OMP^O09", "0800", "ORC|NW|P1^EMR", "RXO|855332^Warfarin^L|5||mg"));

        assertThat(
                        beside
                                ? engine.send(
                                        drug(
                                                type,
                                                "0900",
                                                "ORC|DC|P1^EMR",
                                                "ORC|NW|P2^EMR",
                                                "RXO|1049221^Oxycodone^L|10||mg"))
                                : engine.send(drug(type, "0900", "ORC|DC|P1^EMR")))
                .contains("MSA|AA|");

        assertThat(engine.lastReasons()).isEmpty();
        assertThat(CareStatements.of(engine.jdbc).medicationNumbered("emr", "P1^EMR"))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.state()).isEqualTo("cancelled");
                            assertThat(one.dose()).isEqualTo("5 mg");
                        });
    }

    /** ⚠ It would go on standing as active. */
    @Test
    void anOrcThatStopsMedicationWithoutItsNumberIsRefused() {
        assertThat(
                        engine.send(
                                drug(
                                        "RDE^O11",
                                        "0900",
                                        "ORC|DC",
                                        "ORC|NW|P2^EMR",
                                        "RXO|1049221^Oxycodone^L|10||mg")))
                .contains("MSA|AE|")
                .contains("order-detail-missing");
    }

    @Test
    void anOrderOfMedicationWithoutDrugSegmentIsRefused() {
        assertThat(engine.send(drug("RDE^O11", "0800", "ORC|NW|P1^EMR")))
                .contains("MSA|AE|")
                .contains("order-segment-missing");
    }

    // ------------------------------------------------------------ referrals, problems

    @Test
    void theAnswerToAReferralIsKeptAsItsSendersOwn() {
        engine.send(referral("REF^I12", "0800", "RF1|P|R||||R1^EMR"));

        engine.send(AdtEngine.LAB, referral("RRI^I12", "0900", "RF1|A|R||||R1^EMR|||||X9"));

        assertThat(engine.list("select partner || ' ' || state from referral order by 1"))
                .containsExactly("emr requested", "northlab accepted");
    }

    @Test
    void aCancelledReferralStaysCancelledWhenTheRequestComesLate() {
        engine.send(referral("REF^I14", "0900", "RF1|P|R||||R1^EMR"));

        engine.send(referral("REF^I12", "0800", "RF1|P|R||||R1^EMR"));

        assertThat(engine.one("select state from referral")).isEqualTo("cancelled");
    }

    @Test
    void diagnosesOfAReferralReplaceNoListOfDiagnoses() {
        engine.send(
                AdtTests.message(
                        "C1",
                        "A01",
                        "0700",
                        "",
                        PID,
                        "PV1|1|I|||||||||||||||||V1",
                        "DG1|1||J18.9^Pneumonia^I10"));

        engine.send(
                referral("REF^I12", "0800", "RF1|P|R||||R1^EMR\nDG1|1||R00.2^Palpitations^I10"));

        assertThat(engine.list("select code from condition where status = 'active'"))
                .containsExactly("J18.9");
        assertThat(engine.one("select details from referral")).isEqualTo("Diagnosis: Palpitations");
    }

    @Test
    void aReferralWithoutRf1IsRefused() {
        assertThat(engine.send(referral("REF^I12", "0800", "PRD|RP|Ordway^Olga")))
                .contains("MSA|AE|")
                .contains("referral-missing");
    }

    @Test
    void aDeletedProblemLeavesTheList() {
        engine.send(problem("PC1", "0800", "PRB|AD|20261122|J45^Asthma^I10|1"));

        engine.send(problem("PC3", "0900", "PRB||20261122|J45^Asthma^I10|1"));

        assertThat(engine.one("select status from condition")).isEqualTo("ended");
    }

    @Test
    void aProblemMessageWithoutProblemIsRefused() {
        assertThat(engine.send(problem("PC1", "0800", "GOL|AD|20261122|G^Goal^L")))
                .contains("MSA|AE|")
                .contains("problem-missing");
    }

    // ------------------------------------------------------------ messages

    private static String document(
            String trigger, String time, String number, String parent, String obx) {
        return header("MDM^" + trigger, trigger + time + number, time)
                + PID
                + "\nTXA|1|CN^Consultation|TX|20261122070000|||||77^Ordway^Olga|||%s|%s||||DO\n%s"
                        .formatted(number, parent, obx);
    }

    private static String text(String... lines) {
        var obx = new ArrayList<String>();
        for (var line : lines)
            obx.add("OBX|%d|TX|N^Note||%s||||||F".formatted(obx.size() + 1, line));
        return String.join("\n", obx);
    }

    private static String drug(String type, String time, String... segments) {
        return header(type, "X" + time + type.substring(0, 3), time)
                + PID
                + "\n"
                + String.join("\n", segments);
    }

    private static String referral(String type, String time, String rf1) {
        return header(type, "F" + time, time) + rf1.split("\n", 2)[0] + "\n" + PID + rest(rf1);
    }

    private static String rest(String rf1) {
        var parts = rf1.split("\n", 2);
        return parts.length == 1 ? "" : "\n" + parts[1];
    }

    private static String problem(String trigger, String time, String segment) {
        return header("PPR^" + trigger, "B" + time, time) + PID + "\n" + segment;
    }

    private static String header(String type, String controlId, String time) {
        return "MSH|^~\\&|EMR|CLINIC|CHARTBRIDGE|CLINIC|20261122%s00||%s|%s|P|2.5.1\n"
                .formatted(time, type, controlId);
    }

    private List<String> contents() {
        return contents(engine);
    }

    private static List<String> contents(AdtEngine engine) {
        return engine.list(
                """
                select d.number || ' ' || d.status || ': ' || convert_from(c.content, 'UTF8')
                from clinical_document d
                join document_body b using (record_id, partner, visit_id, item_key)
                join document_content c on encode(c.hash, 'hex') = split_part(b.files, ' ', 1)
                where d.status = 'active' and b.status = 'active'
                order by d.number
                """);
    }
}
