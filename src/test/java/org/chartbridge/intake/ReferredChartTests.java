package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.ordering.EnclosedChart;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.RoutesOverview;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

/** What of a chart travels with a referral, from messages to segments: decision 0037. */
class ReferredChartTests {
    private static final AdtEngine ENGINE = new AdtEngine();
    private static final Partner HEART =
            receiver("[problems, allergies, medications, results, documents]");
    private static final AnnotationConfigApplicationContext CONTEXT = context();
    private static final EnclosedChart CHART = CONTEXT.getBean(EnclosedChart.class);
    private static int patients;

    private String patient = "";
    private int messages;

    private static AnnotationConfigApplicationContext context() {
        var context = new AnnotationConfigApplicationContext();
        context.registerBean(JdbcClient.class, () -> ENGINE.jdbc);
        context.registerBean(DataSource.class, () -> ENGINE.dataSource);
        context.registerBean(
                Clock.class,
                () -> Clock.fixed(Instant.parse("2026-11-22T13:00:00Z"), ZoneOffset.UTC));
        context.registerBean(
                RoutesOverview.class,
                () ->
                        new Loaded(
                                List.of(
                                        HEART,
                                        receiver("skin", "[problems]"),
                                        receiver(
                                                "kidney",
                                                "[problems, allergies, medications, results],"
                                                        + " message: OMG^O19"))));
        context.registerBean(EnclosedChart.class);
        context.scan("org.chartbridge.chart");
        context.refresh();
        return context;
    }

    @AfterAll
    static void close() {
        CONTEXT.close();
        ENGINE.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "C" + ++patients;
    }

    // ------------------------------------------------------------ results

    @Test
    void finalResultsTravelWithUnitRangeFlagAndNote() {
        result(
                "R1",
                "20261120",
                "F",
                "OBX|1|NM|2951-2^Sodium^LN||151|mmol/L|136-145|H|||F",
                "NTE|1||Repeated.");

        assertThat(sent())
                .contains("||R1" + patient + "|BMP^Panel^L|||20261120")
                .contains("OBX|1|NM|2951-2^Sodium^LN||151|mmol/L|136-145|H|||F|")
                .contains("NTE|1||Repeated.\r")
                .contains("1 value\r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "R", "S", "I", "O", "N", "X"})
    void whatIsNoFinalValueNeverTravels(String status) {
        result("R1", "20261120", "P", "OBX|1|NM|K^Potassium^L||6.6|mmol/L|||||" + status);

        assertThat(sent()).doesNotContain("6.6", "OBX|").contains(": nothing\r");
    }

    /** ⚠ Of a report that is half done only the values that are final go along. */
    @Test
    void besideAFinalValueAPreliminaryOneStaysHere() {
        result(
                "R1",
                "20261120",
                "P",
                "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F",
                "OBX|2|NM|NA^Sodium^L||199|mmol/L|||||P");

        assertThat(sent()).contains("||4.1|").doesNotContain("199").contains("1 value\r");
    }

    /** ⚠ HL7-RULES §4: D and W leave every view, and so does their history. */
    @ParameterizedTest
    @ValueSource(strings = {"D", "W"})
    void aWithdrawnResultNeverTravels(String status) {
        result("R1", "20261120", "F", "OBX|1|NM|K^Potassium^L||6.6|mmol/L|||||F");
        result("R1", "20261120", "C", "OBX|1|NM|K^Potassium^L||6.6|mmol/L|||||" + status);

        assertThat(sent()).doesNotContain("6.6").contains(": nothing\r");
    }

    @Test
    void ofACorrectedResultTheLastVersionTravels() {
        result("R1", "20261120", "F", "OBX|1|NM|K^Potassium^L||6.6|mmol/L|||||F");
        result("R1", "20261120", "C", "OBX|1|NM|K^Potassium^L||4.6|mmol/L|||||C");

        assertThat(sent()).contains("||4.6|").doesNotContain("6.6").contains("1 value\r");
    }

    @ParameterizedTest
    @CsvSource({"20260825, 1", "20260822, 0", "20250101, 0"})
    void resultsOlderThanTheReceiverWantsStayHere(String collected, int values) {
        result("R1", collected, "F", "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F");

        assertThat(sent()).contains(values == 0 ? ": nothing\r" : ": 1 value\r");
    }

    @Test
    void aReportThatNoLongerFitsStaysHereAsAWholeAndTheNoteCounts() {
        result("R1", "20261119", "F", values(200));
        result("R2", "20261120", "F", values(101));

        var sent = sent();

        assertThat(sent).contains("||R2" + patient).doesNotContain("||R1" + patient);
        assertThat(sent).endsWith("101 values, left out: 200 more values of results\r");
    }

    @Test
    void reportsBeforeTheNewestFiftyAreSaidToBeLeftOut() {
        for (int i = 0; i < 51; i++)
            result("R" + i, "20261120", "F", "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F");

        assertThat(sent()).endsWith("50 values, left out: reports before the newest 50\r");
    }

    /** A preliminary report among the newest doesn't hide that there were more. */
    @Test
    void reportsBeforeTheNewestFiftyAreSaidAlsoWhereNotAllOfThoseTravel() {
        for (int i = 0; i < 51; i++)
            result("R" + i, "20261120", "F", "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F");
        result("P1", "20261121", "P", "OBX|1|NM|K^Potassium^L||6.6|mmol/L|||||P");

        assertThat(sent()).endsWith("49 values, left out: reports before the newest 50\r");
    }

    @Test
    void aPdfInsideAResultStaysHere() {
        result(
                "R1",
                "20261120",
                "F",
                "OBX|1|ED|PDF^Report^L||LIS^application^pdf^Base64^" + pdf(9) + "||||||F");

        assertThat(sent()).doesNotContain("Base64");
    }

    // ------------------------------------------------------------ lists

    @Test
    void problemsAndAllergiesOfTheListTravelAndWhatIsOverDoesNot() {
        emr("PPR^PC1", "PRB|AD|20261101|I10^Hypertension^I10|P1");
        emr("PPR^PC1", "PRB|AD|20261101|J45^Asthma^I10|P2");
        emr("PPR^PC3", "PRB|DE|20261102|J45^Asthma^I10|P2");
        emr(
                "ADT^A60",
                "PV1|1|O",
                "IAM|1|DA|7980^Penicillin^RXNORM|SV|Hives|A|A1",
                "IAM|2|DA|1191^Aspirin^RXNORM|MO||A|A2",
                "IAM|3|DA|2670^Codeine^RXNORM|MO||A|A3||||||||||I^Inactive^HL70438");
        emr("ADT^A60", "PV1|1|O", "IAM|2|DA|1191^Aspirin^RXNORM|MO||D|A2");

        var sent = sent();

        assertThat(sent)
                .contains("|I10^Hypertension^I10|")
                .contains("AL1|1|DA|7980^Penicillin^RXNORM|SV|Hives\r")
                .doesNotContain("Asthma", "Aspirin", "Codeine")
                .contains("1 problem, 1 allergy\r");
    }

    /** A diagnosis of one visit is no problem of a life. */
    @Test
    void diagnosesOfVisitsStayHere() {
        emr(
                "ADT^A01",
                "PV1|1|I|W^1^A||||||||||||||||V" + patient + "^^^CLINIC",
                "DG1|1||R07^Chest pain^I10");

        assertThat(sent()).doesNotContain("Chest pain").contains(": nothing\r");
    }

    /** ⚠ What an order is to rule out the patient may not have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ORM^O01;ORC|NW|O1\nOBR|1|O1||TSH^TSH^L\nDG1|1||C73^Thyroid cancer^I10||20261101|W",
                "OML^O21;ORC|NW|O1\nOBR|1|O1||TSH^TSH^L\nDG1|1||C73^Thyroid cancer^I10",
                "OMG^O19;ORC|NW|O1\nOBR|1|O1||TSH^TSH^L\nDG1|1||C73^Thyroid cancer^I10",
                "DFT^P03;FT1|1|||20261101||CG|99213\nDG1|1||C73^Thyroid cancer^I10"
            })
    void theReasonOfAnOrderIsNoProblem(String message) {
        int end = message.indexOf(';');
        emr(message.substring(0, end), message.substring(end + 1));

        assertThat(sent()).doesNotContain("Thyroid cancer").contains(": nothing\r");
    }

    @Test
    void aProblemOfTheListTravelsAlsoWhereAnOrderGivesItAsItsReason() {
        emr("ADT^A31", "DG1|1||E03.9^Hypothyroidism^I10||20261101|W");
        emr("ORM^O01", "ORC|NW|O1", "OBR|1|O1||TSH^TSH^L", "DG1|1||E03.9^Hypothyroidism^I10|||W");

        assertThat(sent()).contains("|E03.9^Hypothyroidism^I10|").contains(": 1 problem\r");
    }

    @Test
    void medicationThatIsTakenTravelsWithItsInstructionAndWhatHasEndedDoesNot() {
        medication("NW", "M1", "Metformin 500 mg", "20261101", "");
        medication("NW", "M2", "Amoxicillin 500 mg", "20261001", "20261008");
        medication("NW", "M3", "Warfarin 5 mg", "20261101", "");
        medication("CA", "M3", "Warfarin 5 mg", "20261101", "");
        medication("NW", "M4", "Ibuprofen 400 mg", "20261101", "");
        medication("DC", "M4", "Ibuprofen 400 mg", "20261101", "");

        var sent = sent();

        assertThat(sent)
                .contains("|10160-0^History of medication use^LN|")
                .contains(
                        "OBX|1|CE|10160-0^History of medication use^LN|1|^Metformin 500 mg||||||F|")
                .doesNotContain("Amoxicillin", "Warfarin", "Ibuprofen")
                .contains("1 medication\r");
    }

    @Test
    void beyondAHundredTheNoteSaysHowManyMoreThereAre() {
        emr(
                "ADT^A60",
                IntStream.rangeClosed(1, 103)
                        .mapToObj(
                                i -> "IAM|%1$d|DA|A%1$d^Substance %1$d^L|MI||A|A%1$d".formatted(i))
                        .toArray(String[]::new));

        var sent = sent();

        assertThat(sent.lines().filter(line -> line.startsWith("AL1|"))).hasSize(100);
        assertThat(sent).endsWith("100 allergies, left out: 3 more allergies\r");
    }

    // ------------------------------------------------------------ letters

    @Test
    void aSignedLetterTravelsAsPdf() {
        document("D1", "LA", "", pdf(300));

        assertThat(sent())
                .contains("||" + number("D1") + "|CN^Consult note")
                .contains(
                        "OBX|1|ED|CN^Consult note||^application^pdf^Base64^"
                                + pdf(300)
                                + "||||||F\r")
                .contains("1 document\r");
    }

    @ParameterizedTest
    @CsvSource({"DI,", "IN,", "IP,", "PA,", "LA,R", "LA,V"})
    void whatIsNotSignedOrNotForEverybodyStaysHere(String completion, String confidentiality) {
        document("D1", completion, confidentiality == null ? "" : confidentiality, pdf(300));

        assertThat(sent()).doesNotContain("Base64").contains(": nothing\r");
    }

    @Test
    void aLetterThatWasReplacedOrCancelledStaysHere() {
        document("D1", "LA", "", pdf(300));
        document("MDM^T10", "D2", "D1", "LA", "", pdf(400));
        document("D3", "LA", "", pdf(500));
        document("MDM^T11", "D3", "", "CA", "", "");

        assertThat(sent())
                .contains(pdf(400))
                .doesNotContain(pdf(300), pdf(500))
                .contains(": 1 document\r");
    }

    @Test
    void moreThanThreeLettersAreLeftOutAndCounted() {
        for (int i = 1; i <= 5; i++) document("D" + i, "LA", "", pdf(300 + i));

        assertThat(sent()).endsWith(": 3 documents, left out: 2 more documents\r");
    }

    /** One that is too big doesn't keep the small one behind it. */
    @Test
    void aLetterThatIsTooBigIsLeftOutAndASmallerOneTravels() {
        document("D1", "LA", "", pdf(200));
        document("D2", "LA", "", pdf(4_000_001));

        var sent = sent();

        assertThat(sent).contains(pdf(200)).endsWith(": 1 document, left out: 1 more document\r");
        assertThat(sent.length()).isLessThan(5_000);
    }

    // ------------------------------------------------------------ whose, and who gets it

    /** ⚠ Nothing of another person, also where numbers and names are alike. */
    @Test
    void nothingOfAnotherPersonTravels() {
        var here = patient;
        patient = here + "X";
        result("R1", "20261120", "F", "OBX|1|NM|K^Potassium^L||6.6|mmol/L|||||F");
        emr("PPR^PC1", "PRB|AD|20261101|I10^Hypertension^I10|P1");
        document("D1", "LA", "", pdf(300));
        patient = here;

        assertThat(sent()).doesNotContain("6.6", "Hypertension", "Base64").contains(": nothing\r");
    }

    @Test
    void whatWasChartedUnderAnotherNumberOfAMergedPatientTravels() {
        var kept = patient;
        patient = kept + "OLD";
        result("R1", "20261120", "F", "OBX|1|NM|K^Potassium^L||4.4|mmol/L|||||F");
        var old = patient;
        patient = kept;
        emr("ADT^A40", "MRG|" + old + "^^^CLINIC^MR");

        assertThat(sent()).contains("||4.4|").contains(": 1 value\r");
    }

    @Test
    void whoeverWantsOnlyProblemsGetsNothingElse() {
        emr("PPR^PC1", "PRB|AD|20261101|I10^Hypertension^I10|P1");
        result("R1", "20261120", "F", "OBX|1|NM|K^Potassium^L||4.4|mmol/L|||||F");

        assertThat(sentTo("skin/referrals", "REF^I12"))
                .contains("Hypertension")
                .doesNotContain("4.4")
                .contains(": 1 problem\r");
    }

    @ParameterizedTest
    @CsvSource({"heart/referrals, REF^I13", "heart/results, REF^I12", "nobody/referrals, REF^I12"})
    void aChangeAnotherQueueAndAnUnknownReceiverGetTheMessageAsItWas(String to, String type) {
        emr("PPR^PC1", "PRB|AD|20261101|I10^Hypertension^I10|P1");

        assertThat(sentTo(to, type)).doesNotContain("Hypertension", "Added from the chart");
    }

    /** A message that was charted for nobody, such as a test, says nothing of anybody. */
    @Test
    void aReferralThatWasNotChartedTakesNothingAlong() {
        emr("PPR^PC1", "PRB|AD|20261101|I10^Hypertension^I10|P1");
        var referral = referral("REF^I12");

        var made =
                new String(
                        CHART.with("heart/referrals", 0, referral.getBytes(UTF_8), UTF_8), UTF_8);

        assertThat(made).isEqualTo(referral);
    }

    // ------------------------------------------------------------ as an order (360X)

    /** ⚠ DG1 is a reason there, and an OBR that is not said to be a result another order. */
    @Test
    void inAnOrderTheChartIsEarlierResultsAndTheProblemsAreNoReasons() {
        emr("PPR^PC1", "PRB|AD|20261101|I10^Hypertension^I10|P1");
        emr("ADT^A60", "PV1|1|O", "IAM|1|DA|7980^Penicillin^RXNORM|SV|Hives|A|A1");
        medication("NW", "M1", "Metformin 500 mg", "20261101", "");
        result("R1", "20261120", "F", "OBX|1|NM|2951-2^Sodium^LN||151|mmol/L|136-145|H|||F");
        var referral = referral("REF^I12");
        assertThat(ENGINE.send(referral.replace('\r', '\n'))).contains("MSA|AA|");
        long entry = Long.parseLong(ENGINE.one("select max(id) from journal"));

        var sent =
                new String(
                                CHART.with(
                                        "kidney/referrals",
                                        entry,
                                        asOrder("NW").getBytes(UTF_8),
                                        UTF_8),
                                UTF_8)
                        .replace('\r', '\n');

        assertThat(sent)
                .contains("\nAL1|1|DA|7980^Penicillin^RXNORM|SV|Hives\nORC|NW|F")
                .contains("\nDG1|1||R07^Chest pain^I10\nPID|1||" + patient + "^^^CLINIC^MR|")
                .contains("\nORC|RE\nOBR|2|||11450-4^Problem list - Reported^LN|")
                .contains(
                        "\n"
                                + "OBX|1|CE|11450-4^Problem list -"
                                + " Reported^LN|1|I10^Hypertension^I10||||||F\n")
                .contains("|10160-0^History of medication use^LN|")
                .contains("||R1" + patient + "|BMP^Panel^L|||20261120")
                .contains(
                        "\n"
                                + "NTE|1||Added from the chart at 20261122130000+0000: 1 problem, 1"
                                + " allergy, 1 value, 1 medication\n"
                                + "DG1|1||R07");
        assertThat(sent.lines().filter(line -> line.startsWith("PID|"))).hasSize(2);
        assertThat(sent.lines().filter(line -> line.startsWith("ORC|RE"))).hasSize(3);
        assertThat(sent.lines().filter(line -> line.startsWith("DG1|"))).hasSize(1);

        assertThat(CHART.with("kidney/referrals", entry, asOrder("CA").getBytes(UTF_8), UTF_8))
                .isEqualTo(asOrder("CA").getBytes(UTF_8));
    }

    private String asOrder(String control) {
        return (header("EMR", "OMG^O19").replaceFirst("-\\d+\\|P", "-0|P")
                        + pid()
                        + "ORC|"
                        + control
                        + "|F%1$s\nOBR|1|F%1$s||57133-1^Referral note^LN\n".formatted(patient)
                        + "DG1|1||R07^Chest pain^I10\n")
                .replaceFirst("\\|20261121[0-9]{6}-0500", "|20261121")
                .replace('\n', '\r');
    }

    // ------------------------------------------------------------ tools

    private String sent() {
        return sentTo("heart/referrals", "REF^I12");
    }

    private String sentTo(String destination, String type) {
        var referral = referral(type);
        assertThat(ENGINE.send(referral.replace('\r', '\n'))).contains("MSA|AA|");
        long entry = Long.parseLong(ENGINE.one("select max(id) from journal"));
        return new String(CHART.with(destination, entry, referral.getBytes(UTF_8), UTF_8), UTF_8);
    }

    private String referral(String type) {
        return (header("EMR", type) + "RF1||||||F" + patient + "^EMR\nPRD|RT|Hart^Holly\n" + pid())
                .replace('\n', '\r');
    }

    private void result(String number, String collected, String status, String... obx) {
        assertThat(
                        ENGINE.send(
                                AdtEngine.LAB,
                                header("LIS", "ORU^R01")
                                        + pid()
                                        + "OBR|1||"
                                        + number
                                        + patient
                                        + "|BMP^Panel^L|||"
                                        + collected
                                        + "|".repeat(18)
                                        + status
                                        + "\n"
                                        + String.join("\n", obx)))
                .contains("MSA|AA|");
    }

    private void medication(String control, String number, String drug, String from, String until) {
        emr(
                "OMP^O09",
                "ORC|" + control + "|" + number + patient + "^EMR|||||||20261101",
                "TQ1|1||BID||||" + from + "|" + until,
                "RXO|^" + drug + "|1||TAB");
    }

    private void document(String number, String completion, String confidentiality, String pdf) {
        document("MDM^T02", number, "", completion, confidentiality, pdf);
    }

    private void document(
            String type,
            String number,
            String parent,
            String completion,
            String confidentiality,
            String pdf) {
        var txa =
                "TXA|1|CN^Consult note|AP|20261120||||||||%s|%s||||%s|%s"
                        .formatted(
                                number(number),
                                parent.isEmpty() ? "" : number(parent),
                                completion,
                                confidentiality);
        if (pdf.isEmpty()) emr(type, txa);
        else emr(type, txa, "OBX|1|ED|N^Note||^application^pdf^Base64^" + pdf + "||||||F");
    }

    /** A document's number is of one patient. */
    private String number(String document) {
        return document + patient + "^EMR";
    }

    private void emr(String type, String... segments) {
        assertThat(ENGINE.send(header("EMR", type) + pid() + String.join("\n", segments)))
                .contains("MSA|AA|");
    }

    private static String values(int number) {
        return IntStream.rangeClosed(1, number)
                .mapToObj(i -> "OBX|%1$d|NM|T%1$d^Test %1$d^L||%1$d|mmol/L|||||F".formatted(i))
                .collect(Collectors.joining("\n"));
    }

    /** So many bytes that begin and end as a PDF does, in Base64. */
    private static String pdf(int bytes) {
        var content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        System.arraycopy("%PDF-1.4".getBytes(UTF_8), 0, content, 0, 8);
        System.arraycopy("%%EOF".getBytes(UTF_8), 0, content, bytes - 5, 5);
        return Base64.getEncoder().encodeToString(content);
    }

    private String header(String from, String type) {
        return "MSH|^~\\&|%s|X|CB|CLINIC|20261121%06d-0500||%s|%s-%d|P|2.5.1\n"
                .formatted(from, ++messages, type, patient, messages);
    }

    private String pid() {
        return "PID|1||" + patient + "^^^CLINIC^MR||DOE^Jane||19710203|F\n";
    }

    private static Partner receiver(String parts) {
        return receiver("heart", parts);
    }

    private static Partner receiver(String folder, String parts) {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                ("name: X\nsender: any\nzone: America/New_York\nreferrals: { chart: "
                                + parts
                                + ", days: 90 }\n")
                        .getBytes(UTF_8));
        files.put("providers.csv", "id,family,given,specialty\n1,Hart,Holly,\n".getBytes(UTF_8));
        return PartnerFile.read(
                        new FolderFiles(folder, files),
                        Map.of(),
                        fault -> {
                            throw new AssertionError(fault);
                        })
                .orElseThrow();
    }

    /** Folders that are loaded, without routes. */
    private record Loaded(List<Partner> all) implements RoutesOverview {
        @Override
        public List<PartnerState> partners() {
            return all.stream()
                    .map(one -> new PartnerState(one, Instant.EPOCH, List.of()))
                    .toList();
        }

        @Override
        public List<FileFault> faults() {
            return List.of();
        }

        @Override
        public List<Port> ports() {
            return List.of();
        }
    }
}
