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
 * One number in other forms (decision 0086): what is said of a document, an order of medication, an
 * appointment or a dose is said of it however its number is written.
 */
class ItemNumbersTests {
    private static final String PID = "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    @AutoClose private final AdtEngine engine = new AdtEngine();

    // ------------------------------------------------------------ documents

    /** ⚠ A document of the wrong patient would go on standing. */
    @ParameterizedTest
    @CsvSource({"D1^EMR, D1", "D1, D1^EMR", "D1^EMR, D1^emr", "D1^EMR^1.2.3^ISO, D1^^1.2.3^ISO"})
    void aDocumentIsCancelledByEachFormOfItsNumber(String number, String form) {
        engine.send(document("T02", "0800", number, "", "first"));

        engine.send(document("T11", "0900", form, "", ""));

        assertThat(documents()).isEmpty();
        assertThat(engine.lastReasons()).isEmpty();
    }

    @Test
    void aDocumentIsReplacedByTheNumberWithoutItsNamespace() {
        engine.send(document("T02", "0800", "D1^EMR", "", "first"));

        engine.send(document("T10", "0900", "D2^EMR", "D1", "second"));

        assertThat(documents())
                .containsExactly("D1^EMR: first, replaced by D2^EMR", "D2^EMR: second");
        assertThat(engine.lastReasons()).isEmpty();
    }

    @Test
    void anEditUnderAnotherFormLeavesOneDocument() {
        engine.send(document("T02", "0800", "D1^EMR", "", "first"));

        engine.send(document("T08", "0900", "D1", "", "better"));

        assertThat(documents()).containsExactly("D1: better");
    }

    @Test
    void aNotificationUnderAnotherFormLeavesTheContent() {
        engine.send(document("T02", "0800", "D1^EMR", "", "first"));

        engine.send(document("T03", "0900", "D1", "", ""));

        assertThat(documents()).containsExactly("D1: first");
    }

    /** ⚠ Nobody can say which of them is meant: none leaves the chart, and somebody is told. */
    @Test
    void aNumberOfTwoNamespacesEndsNeitherWithoutOne() {
        engine.send(document("T02", "0800", "D1^EMR", "", "first"));
        engine.send(document("T02", "0810", "D1^RAD", "", "second"));

        engine.send(document("T11", "0900", "D1", "", ""));
        assertThat(engine.lastReasons()).containsExactly("nothing-to-cancel");
        engine.send(document("T10", "0910", "D3", "D1", "third"));

        assertThat(documents()).containsExactly("D1^EMR: first", "D1^RAD: second", "D3: third");
    }

    @Test
    void whatEndsOrReplacesADocumentThatIsNotKnownIsRemarked() {
        engine.send(document("T11", "0900", "D1", "", ""));
        assertThat(engine.lastReasons()).containsExactly("nothing-to-cancel");

        engine.send(document("T10", "0910", "D3", "D2", "third"));
        assertThat(engine.lastReasons()).containsExactly("document-parent-missing");
    }

    /** ⚠ As under the very number: one patient's document would be in another's chart. */
    @Test
    void aDocumentOfAnotherPatientIsHeldUnderEachFormOfItsNumber() {
        engine.send(document("T02", "0800", "D1^EMR", "", "first"));

        engine.send(document("T08", "0900", "D1", "", "better").replace("M1^", "M2^"));

        assertThat(engine.lastState()).isEqualTo("held");
        assertThat(engine.lastReasons()).containsExactly("document-of-another-patient");
    }

    // ------------------------------------------------------------ medication

    @ParameterizedTest
    @CsvSource({"P1^EMR, P1", "P1, P1^EMR", "P1^EMR^1.2.3^ISO, P1^^1.2.3^ISO"})
    void anOrderOfMedicationIsStoppedByEachFormOfItsNumber(String number, String form) {
        engine.send(drug("OMP^O09", "0800", "ORC|NW|" + number, "RXO|723^Amoxicillin^L|500||mg"));

        engine.send(drug("OMP^O09", "0900", "ORC|DC|" + form, "RXO|723^Amoxicillin^L|500||mg"));

        assertThat(medication()).containsExactly("Amoxicillin cancelled");
        assertThat(engine.lastReasons()).isEmpty();
    }

    @Test
    void twoNamespacesAreTwoOrdersOfMedication() {
        engine.send(drug("OMP^O09", "0800", "ORC|NW|P1^EMR", "RXO|723^Amoxicillin^L|500||mg"));
        engine.send(drug("OMP^O09", "0810", "ORC|NW|P1^ICU", "RXO|723^Amoxicillin^L|250||mg"));

        engine.send(drug("OMP^O09", "0900", "ORC|DC|P1^ICU", "RXO|723^Amoxicillin^L|250||mg"));

        assertThat(medication()).containsExactly("Amoxicillin active", "Amoxicillin cancelled");
    }

    @ParameterizedTest
    @CsvSource({"P1^EMR, P1", "P1, P1^EMR"})
    void anOrcAloneStopsItUnderEachFormOfItsNumber(String number, String form) {
        engine.send(drug("OMP^O09", "0800", "ORC|NW|" + number, "RXO|723^Amoxicillin^L|500||mg"));

        engine.send(drug("OMP^O09", "0900", "ORC|DC|" + form));

        assertThat(medication()).containsExactly("Amoxicillin cancelled");
        assertThat(engine.lastReasons()).isEmpty();
        assertThat(CareStatements.of(engine.jdbc).ordersAsTheyStand(all(engine), 0, 50).items())
                .isEmpty();
    }

    @Test
    void anOrcAloneWithoutANamespaceStopsNoneOfTwo() {
        engine.send(drug("OMP^O09", "0800", "ORC|NW|P1^EMR", "RXO|723^Amoxicillin^L|500||mg"));
        engine.send(drug("OMP^O09", "0810", "ORC|NW|P1^ICU", "RXO|723^Amoxicillin^L|250||mg"));

        engine.send(drug("OMP^O09", "0900", "ORC|DC|P1"));

        assertThat(medication()).containsExactly("Amoxicillin active", "Amoxicillin active");
        assertThat(engine.lastReasons()).containsExactly("nothing-to-cancel");
    }

    @ParameterizedTest
    @CsvSource({"''", "RXO|723^Amoxicillin^L|500||mg"})
    void aStopThatFindsNoOrderOfMedicationIsRemarked(String drug) {
        engine.send(drug("OMP^O09", "0900", "ORC|DC|P1", drug));

        assertThat(engine.lastReasons()).containsExactly("nothing-to-cancel");
    }

    // ------------------------------------------------------------ appointments, doses

    /** ⚠ It would stay booked for ever. */
    @ParameterizedTest
    @CsvSource({"F1^SCH, F1", "F1, F1^SCH", "F1^SCH^1.2.3^ISO, F1^^1.2.3^ISO"})
    void anAppointmentIsCancelledByEachFormOfItsNumber(String number, String form) {
        engine.send(appointment("S12", "0800", number));

        engine.send(appointment("S15", "0900", form));

        assertThat(appointments()).containsExactly("cancelled");
        assertThat(engine.lastReasons()).isEmpty();
    }

    @Test
    void aCancelThatFindsNoAppointmentIsRemarked() {
        engine.send(appointment("S12", "0800", "F1^SCH"));

        engine.send(appointment("S15", "0900", "F1^OR"));

        assertThat(appointments()).containsExactly("booked", "cancelled");
        assertThat(engine.lastReasons()).containsExactly("nothing-to-cancel");
    }

    @ParameterizedTest
    @CsvSource({"I1^EMR, I1", "I1, I1^EMR"})
    void aDoseIsTakenBackByEachFormOfItsNumber(String number, String form) {
        engine.send(dose("0800", number, "20260301", "A"));

        engine.send(dose("0900", form, "20260301", "D"));

        assertThat(doses()).isEmpty();
        assertThat(engine.lastReasons()).isEmpty();
    }

    @Test
    void aDoseThatIsSentAgainOrCorrectedUnderAnotherFormOfItsNumberIsOne() {
        engine.send(dose("0800", "I1^EMR", "20260301", "A"));
        engine.send(dose("0810", "I1", "20260301", "A"));
        assertThat(doses()).containsExactly("20260301");
        assertThat(engine.lastReasons()).isEmpty();

        engine.send(dose("0820", "I1^EMR", "20260302", "U"));

        assertThat(doses()).containsExactly("20260302");
    }

    @Test
    void dosesOfTwoNamespacesAreTwo() {
        engine.send(dose("0800", "I1^EMR", "20260301", "A"));

        engine.send(dose("0900", "I1^IIS", "20260301", "D"));

        assertThat(doses()).containsExactly("20260301");
        assertThat(engine.lastReasons()).containsExactly("dose-not-known");
    }

    // ------------------------------------------------------------ visits

    @ParameterizedTest
    @CsvSource({
        "V1^^^CLINIC, V1",
        "V1, V1^^^CLINIC",
        "V1^^^CLINIC&1.2.3&ISO, V1^^^&1.2.3&ISO",
        "V1^^^&1.2.3&ISO, V1^^^CLINIC"
    })
    void aVisitIsEndedByEachFormOfItsNumber(String number, String form) {
        engine.send(visit("A01", "0800", number));

        engine.send(visit("A03", "0900", form));

        assertThat(visits()).containsExactly("finished");
    }

    @ParameterizedTest
    @CsvSource({"V1^^^CLINIC, V1", "V1^^^CLINIC&1.2.3&ISO, V1^^^&1.2.3&ISO"})
    void aVisitIsCancelledByEachFormOfItsNumberInAnyOrder(String number, String form) {
        engine.send(visit("A11", "0900", form));

        engine.send(visit("A01", "0800", number));

        assertThat(visits()).containsExactly("cancelled");
    }

    @Test
    void visitsOfTwoAuthoritiesAreTwo() {
        engine.send(visit("A01", "0800", "V1^^^CLINIC"));
        engine.send(visit("A01", "0810", "V1^^^WARD"));

        engine.send(visit("A03", "0900", "V1^^^WARD"));

        assertThat(visits()).containsExactly("finished", "in-progress");
    }

    /** ⚠ Without its authority a number of another patient says nothing of this one's visit. */
    @Test
    void aVisitOfAnotherPatientIsNotMeantByItsNumberAlone() {
        engine.send(visit("A01", "0800", "V1^^^CLINIC"));

        engine.send(visit("A03", "0900", "V1").replace("M1^", "M2^"));

        assertThat(visits()).containsExactly("finished", "in-progress");
    }

    // ------------------------------------------------------------ any order

    @Test
    void anyOrderOfArrivalGivesTheSame() {
        var messages =
                List.of(
                        document("T02", "0800", "D1^EMR", "", "first"),
                        document("T08", "0810", "D1", "", "better"),
                        document("T02", "0820", "D2", "", "wrong patient"),
                        document("T11", "0830", "D2^emr", "", ""),
                        document("T02", "0840", "D3^EMR", "", "of one"),
                        document("T02", "0850", "D3^RAD", "", "of two"),
                        document("T11", "0900", "D3", "", ""),
                        drug("OMP^O09", "0801", "ORC|NW|P1^EMR", "RXO|723^Amoxicillin^L|500||mg"),
                        drug("OMP^O09", "0811", "ORC|DC|P1", "RXO|723^Amoxicillin^L|500||mg"),
                        drug("OMP^O09", "0802", "ORC|NW|P2", "RXO|5640^Ibuprofen^L|200||mg"),
                        drug("OMP^O09", "0812", "ORC|DC|P2^EMR"),
                        appointment("S12", "0803", "F1^SCH"),
                        appointment("S15", "0813", "F1"),
                        dose("0804", "I1^EMR", "20260301", "A"),
                        dose("0805", "I1", "20260302", "U"),
                        dose("0806", "I2", "20260303", "A"),
                        dose("0807", "I2^EMR", "20260303", "D"),
                        visit("A01", "0807", "V1^^^CLINIC"),
                        visit("A03", "0817", "V1"));
        var wanted = of(messages);
        assertThat(wanted)
                .containsExactly(
                        "D1: better",
                        "D3^EMR: of one",
                        "D3^RAD: of two",
                        "Amoxicillin cancelled",
                        "Ibuprofen cancelled",
                        "cancelled",
                        "20260302",
                        "finished");
        var seed = System.nanoTime();
        System.out.println("ItemNumbersTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            var shuffled = new ArrayList<>(messages);
            Collections.shuffle(shuffled, random);

            assertThat(of(shuffled)).as("seed " + seed).isEqualTo(wanted);
        }
    }

    private static List<String> of(List<String> messages) {
        try (var engine = new AdtEngine()) {
            messages.forEach(engine::send);
            var all = new ArrayList<>(documents(engine));
            all.addAll(medication(engine));
            all.addAll(appointments(engine));
            all.addAll(doses(engine));
            all.addAll(visits(engine));
            return all;
        }
    }

    // ------------------------------------------------------------ as it is read

    private List<String> documents() {
        return documents(engine);
    }

    private static List<String> documents(AdtEngine engine) {
        var care = CareStatements.of(engine.jdbc);
        return care.documents(all(engine), 0, 50).items().stream()
                .map(one -> one.number() + ": " + care.text(one).strip() + replaced(one))
                .sorted()
                .toList();
    }

    private static String replaced(ClinicalDocumentView one) {
        return one.replacedBy().isEmpty() ? "" : ", replaced by " + one.replacedBy();
    }

    private List<String> medication() {
        return medication(engine);
    }

    private static List<String> medication(AdtEngine engine) {
        return CareStatements.of(engine.jdbc).medication(all(engine), 0, 50).items().stream()
                .map(one -> one.drug().text() + " " + one.state())
                .sorted()
                .toList();
    }

    private List<String> appointments() {
        return appointments(engine);
    }

    private static List<String> appointments(AdtEngine engine) {
        return engine.list("select state from appointment where status = 'active' order by state");
    }

    private List<String> doses() {
        return doses(engine);
    }

    private static List<String> doses(AdtEngine engine) {
        return engine.list(
                """
                select given_as_sent
                from immunization
                where status = 'active'
                order by given_as_sent
                """);
    }

    private List<String> visits() {
        return visits(engine);
    }

    private static List<String> visits(AdtEngine engine) {
        return engine.list("select status from encounter order by status");
    }

    private static Registrations.Search all(AdtEngine engine) {
        return new Registrations.Search(
                engine.list("select distinct person_id from patient_record").stream()
                        .map(UUID::fromString)
                        .toList(),
                List.of(),
                false);
    }

    // ------------------------------------------------------------ messages

    private static String document(
            String trigger, String time, String number, String parent, String text) {
        return header("MDM^" + trigger, trigger + time, time)
                + PID
                + "\nTXA|1|CN^Consultation|TX|20261122070000|||||77^Ordway^Olga|||%s|%s||||DO"
                        .formatted(number, parent)
                + (text.isEmpty() ? "" : "\nOBX|1|TX|N^Note||" + text + "||||||F");
    }

    private static String drug(String type, String time, String... segments) {
        return header(type, "X" + time, time) + PID + "\n" + String.join("\n", segments);
    }

    private static String appointment(String trigger, String time, String number) {
        return header("SIU^" + trigger, "S" + time, time)
                + "SCH||%s|||||CHECKUP||||^^30^20261210090000\n".formatted(number)
                + PID;
    }

    private static String dose(String time, String number, String day, String action) {
        return header("VXU^V04", "V" + time, time)
                + PID
                + "\nORC|RE||%s\nRXA|0|1|%s||03^MMR^CVX|999||||||||||||||CP|%s"
                        .formatted(number, day, action);
    }

    private static String visit(String trigger, String time, String number) {
        return header("ADT^" + trigger, "A" + time, time)
                + "EVN||20261122%s00\n".formatted(time)
                + PID
                + "\nPV1|1|I|||||||||||||||||"
                + number;
    }

    private static String header(String type, String controlId, String time) {
        return "MSH|^~\\&|EMR|CLINIC|CHARTBRIDGE|CLINIC|20261122%s00||%s|%s|P|2.5.1\n"
                .formatted(time, type, controlId);
    }
}
