package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.JournalStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Alerts of orders, from messages through the intake to FHIR. */
class AlertsTests {
    private static final FhirEngine FHIR = new FhirEngine();
    private static int patients;

    private String patient = "";

    @AfterAll
    static void close() {
        FHIR.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "S" + ++patients;
    }

    @Test
    void anOrderAgainstAnAllergyIsADetectedIssueWithTheMessagesOfBoth() throws Exception {
        send(allergy("0800", "AL1|1|DA|^Penicillin|SV|Hives"));
        send(order("0900", "NW", "Amoxicillin 500 mg"));

        var issues = issues();

        assertThat(issues).hasSize(1);
        var issue = issues.getFirst();
        assertThat(issue.path("severity").asString()).isEqualTo("high");
        assertThat(issue.path("code").path("coding").path(0).path("code").asString())
                .isEqualTo("ALGY");
        assertThat(issue.path("implicated").path(0).path("display").asString())
                .matches("Amoxicillin 500 mg, emr message \\d+ RXO\\[1]");
        assertThat(issue.path("implicated").path(1).path("display").asString())
                .matches("Penicillin, emr message \\d+ AL1\\[1]");
        assertThat(FHIR.get("DetectedIssue/" + issue.path("id").asString()).path("id"))
                .isEqualTo(issue.path("id"));
    }

    /** ⚠ The allergy may be known only later. */
    @Test
    void anAllergyThatArrivesAfterTheOrderRaisesTheSameAlert() throws Exception {
        var messages =
                List.of(
                        order("0900", "NW", "Amoxicillin 500 mg"),
                        allergy("0800", "AL1|1|DA|^Penicillin|SV|Hives"));
        messages.forEach(this::send);

        assertThat(issues()).extracting(AlertsTests::kind).containsExactly("Allergy high");
    }

    @Test
    void anAllergyThatIsTakenBackClosesItsAlert() throws Exception {
        send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("0910", "IAM|1|DA|^Penicillin|SV|Hives|A"));
        assertThat(issues()).hasSize(1);

        send(allergy("0920", "IAM|1|DA|^Penicillin|SV|Hives|D"));

        assertThat(issues()).isEmpty();
    }

    @Test
    void anOrderThatIsStoppedClosesItsAlert() throws Exception {
        send(allergy("0800", "AL1|1|DA|^Penicillin"));
        send(order("0900", "NW", "Amoxicillin 500 mg"));
        assertThat(issues()).hasSize(1);

        send(order("0930", "DC", "Amoxicillin 500 mg"));

        assertThat(issues()).isEmpty();
    }

    @Test
    void noKnownAllergiesIsNoAllergyAndTakesNoneAway() throws Exception {
        send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("0910", "AL1|1|DA|NKDA^No known drug allergies"));
        assertThat(issues()).isEmpty();

        send(allergy("0920", "IAM|1|DA|^Penicillin|SV|Hives|A"));
        send(allergy("0930", "AL1|1|DA|NKDA^No known drug allergies"));

        assertThat(issues()).extracting(AlertsTests::kind).containsExactly("Allergy high");
    }

    /** ⚠ And what the merge brought goes with it when it is undone: nothing of it is stored. */
    @Test
    void aMergedPatientHasTheAllergiesOfBothNumbers() throws Exception {
        var first = patient;
        send(allergy("0800", "AL1|1|DA|^Penicillin"));
        patient = "S" + ++patients;
        send(order("0900", "NW", "Ampicillin 1 g"));
        assertThat(issues()).isEmpty();

        send(header("ADT^A40", "0930") + pid() + "MRG|" + first + "^^^CLINIC^MR||||||DOE^Jane\n");

        assertThat(issues()).extracting(AlertsTests::kind).containsExactly("Allergy high");
    }

    /** Decision 0074: the EMR goes on under the number that stays. */
    @Test
    void aListOfTheNumberThatStaysClosesTheAlertOfTheOther() throws Exception {
        var first = patient;
        send(allergy("0800", "AL1|1|DA|^Penicillin"));
        patient = "S" + ++patients;
        send(order("0900", "NW", "Ampicillin 1 g"));
        send(header("ADT^A40", "0930") + pid() + "MRG|" + first + "^^^CLINIC^MR||||||DOE^Jane\n");
        assertThat(issues()).hasSize(1);

        send(allergy("0940", "AL1|\"\""));

        assertThat(issues()).isEmpty();
    }

    /** ⚠ Before the merge it is somebody else's. */
    @Test
    void aStopUnderAnotherNumberOfAMergedPatientEndsTheDrugForAsLongAsTheyAreOne()
            throws Exception {
        var first = patient;
        send(allergy("0800", "AL1|1|DA|^Penicillin"));
        send(order("0900", "NW", "Ampicillin 1 g"));
        patient = "S" + ++patients;
        send(header("ADT^A28", "0905") + pid());
        send(stopOf(first, "0940", "Ampicillin 1 g"));
        assertThat(issues(first)).hasSize(1);

        send(header("ADT^A40", "0930") + pid() + "MRG|" + first + "^^^CLINIC^MR||||||DOE^Jane\n");

        assertThat(issues()).isEmpty();
        assertThat(medication())
                .extracting(one -> one.path("status").asString())
                .doesNotContain("active");
    }

    /** ⚠ By its number alone, and of another sender it would be nothing. */
    @Test
    void aStopByTheNumberAloneIsHeardUnderTheNumberThatSurvives() throws Exception {
        var first = patient;
        send(allergy("0800", "AL1|1|DA|^Penicillin"));
        send(order("0900", "NW", "Ampicillin 1 g"));
        patient = "S" + ++patients;
        send(header("ADT^A40", "0930") + pid() + "MRG|" + first + "^^^CLINIC^MR||||||DOE^Jane\n");
        assertThat(issues()).hasSize(1);

        send(header("ORM^O01", "0940") + pid() + "ORC|DC|O" + first + "^EMR\n");

        assertThat(issues()).isEmpty();
    }

    @Test
    void anInactiveAllergyNeitherAlertsNorIsActiveOverFhir() throws Exception {
        send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("0910", "IAM|1|DA|^Penicillin|SV|Hives|A|||||||||||I"));
        assertThat(issues()).isEmpty();
        assertThat(allergies())
                .extracting(one -> one.at("/clinicalStatus/coding/0/code").asString())
                .containsExactly("inactive");

        send(allergy("0920", "IAM|1|DA|^Penicillin|SV|Hives|U|||||||||||C"));
        assertThat(issues()).hasSize(1);

        send(allergy("0930", "IAM|1|DA|^Penicillin|SV|Hives|U|||||||||||E"));
        assertThat(issues()).isEmpty();
    }

    @Test
    void imagingWithContrastIsScreenedAsWell() throws Exception {
        send(allergy("0800", "AL1|1|DA|^IV contrast dye|SV"));

        send(
                header("ORM^O01", "0900")
                        + pid()
                        + "ORC|NW|I"
                        + patient
                        + "^EMR\nOBR|1|I"
                        + patient
                        + "^EMR||CTA^CT abdomen with contrast^L\n");

        assertThat(issues()).extracting(AlertsTests::kind).containsExactly("Allergy high");
    }

    /** ⚠ Never silence. */
    @Test
    void anUnknownDrugIsADetectedIssueToo() throws Exception {
        send(order("0900", "NW", "Zorblaxin 5 mg"));

        assertThat(issues()).extracting(AlertsTests::kind).containsExactly("Not screened moderate");
    }

    @Test
    void anOverrideIsAnEntryAndAMitigationAndCanBeTakenBack() throws Exception {
        send(allergy("0800", "AL1|1|DA|^Penicillin"));
        send(order("0900", "NW", "Ceftriaxone 1 g"));
        var key = issues().getFirst().path("id").asString().substring(32);
        var decisions = decisions();

        long decision =
                decisions.override(key, 1, Map.of("drug", "x"), new By("ann", "tolerated before"));

        var issue = issues().getFirst();
        assertThat(issue.path("status").asString()).isEqualTo("final");
        assertThat(issue.path("mitigation").path(0).path("action").path("text").asString())
                .isEqualTo("Overridden: tolerated before");
        assertThat(FHIR.engine.one("select kind from journal where id = " + decision))
                .isEqualTo("decision");
        assertThatThrownBy(() -> decisions.override(key, 1, Map.of(), new By("bob", "me too")))
                .isInstanceOf(NotPossible.class);

        decisions.undo(decision, new By("ann", "rash today"));

        assertThat(issues().getFirst().path("status").asString()).isEqualTo("preliminary");
        assertThatThrownBy(() -> decisions.undo(decision, new By("ann", "again")))
                .isInstanceOf(NotPossible.class);
        assertThat(new DecisionStore(FHIR.engine.jdbc).newest(9)).isEmpty();
    }

    // ---------------------------------------------------------------- messages

    private static AlertDecisions decisions() {
        return decisions(FHIR.engine);
    }

    static AlertDecisions decisions(AdtEngine engine) {
        return new AlertDecisions(
                new JournalStore(engine.jdbc),
                new DecisionStore(engine.jdbc),
                engine.dataSource,
                Clock.systemUTC());
    }

    private List<JsonNode> issues() throws IOException, InterruptedException {
        return issues(patient);
    }

    private List<JsonNode> issues(String number) throws IOException, InterruptedException {
        return found("DetectedIssue", number);
    }

    private List<JsonNode> allergies() throws IOException, InterruptedException {
        return found("AllergyIntolerance", patient);
    }

    private List<JsonNode> medication() throws IOException, InterruptedException {
        return found("MedicationRequest", patient);
    }

    private static List<JsonNode> found(String kind, String number)
            throws IOException, InterruptedException {
        var person =
                FHIR.engine.one(
                        "select person_id from patient_record where id_value = '" + number + "'");
        var all = new ArrayList<JsonNode>();
        for (var entry : FHIR.get(kind + "?patient=" + person).path("entry"))
            all.add(entry.path("resource"));
        return all;
    }

    /** The order of another number's, stopped under this one's. */
    private String stopOf(String number, String at, String drug) {
        return order(at, "DC", drug).replace("|O" + patient + "^EMR", "|O" + number + "^EMR");
    }

    private static String kind(JsonNode issue) {
        return issue.path("code").path("text").asString() + " " + issue.path("severity").asString();
    }

    private void send(String message) {
        assertThat(FHIR.engine.send(message)).contains("MSA|AA");
    }

    private String allergy(String at, String segments) {
        return header("ADT^A60", at) + pid() + segments + "\n";
    }

    private String order(String at, String control, String drug) {
        return header("OMP^O09", at)
                + pid()
                + "ORC|"
                + control
                + "|O"
                + patient
                + "^EMR|||||||20261103||||77^Ordway^Olga\nRXO|^"
                + drug
                + "|500||mg\n";
    }

    private String header(String type, String at) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103%s||%s|%s-%s-%s|P|2.5.1\n"
                .formatted(at, type, patient, at, type);
    }

    private String pid() {
        return "PID|1||" + patient + "^^^CLINIC^MR||DOE^Jane||19710203|F\n";
    }
}
