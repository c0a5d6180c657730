package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.loops.ByHand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Orders that come over FHIR: a real socket, intake and database, no route. */
class OrdersOverFhirTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final FhirEngine FHIR = new FhirEngine(AdtEngine.screening("pharmacy/orders"));

    private static final String ORDER =
            """
            {"resourceType": "ServiceRequest", "status": "active", "intent": "order",
             "identifier": [{"type": {"coding": [{"code": "PLAC"}]}, "system": "urn:oid:1.2.3", "value": "%s"}],
             "subject": {"identifier": {"system": "urn:chartbridge:authority:CLINIC", "value": "FO-1"}},
             "priority": "stat", "authoredOn": "2026-11-03T08:00:00-05:00",
             "requester": {"display": "Ordway, Olga"},
             "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]},
             "reasonCode": [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E87.5"}]}],
             "note": [{"text": "%s"}]}
            """;

    @BeforeAll
    static void somebodyIsKnown() {
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103070000||ADT^A04^ADT_A01|FO-ADT|P|2.5.1
                PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F
                PV1|1|O
                """);
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103070000||ADT^A04^ADT_A01|FO-ADT-2|P|2.5.1
                PID|1||FO-2^^^CLINIC^MR||FOXGLOVE^Felix||19610102|M
                PV1|1|O
                AL1|1|DA|^Penicillin|SV|Hives
                """);
    }

    @AfterAll
    static void stop() {
        FHIR.close();
    }

    private static String order(String number) {
        return ORDER.formatted(number, "fasting");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private static String lastMessage() {
        return FHIR.engine
                .one(
                        "select convert_from(content, 'UTF8') from raw_message order by entry_id"
                                + " desc limit 1")
                .replace('\r', '\n');
    }

    private static int entries() {
        return Integer.parseInt(FHIR.engine.one("select count(*) from journal"));
    }

    @Test
    void anOrderIsAMessageLikeAnyOtherAndIsReadAgain() throws Exception {
        var answer = FHIR.post("ServiceRequest", order("FO-A"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var id = json(answer).path("id").asString();
        assertThat(answer.headers().firstValue("Location").orElse(""))
                .contains("ServiceRequest/" + id);
        assertThat(lastMessage())
                .contains("|OML^O21^OML_O21|")
                .contains("PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F")
                .contains("ORC|NW|FO-A^1.2.3")
                .contains("|^Ordway^Olga")
                .contains("TQ1|1||||||||S")
                .contains("|2823-3^Potassium^LN|")
                .contains("DG1|1||E87.5^^I10C")
                .contains("NTE|1||fasting");
        var read = FHIR.get("ServiceRequest/" + id);
        assertThat(read.path("status").asString()).isEqualTo("active");
        assertThat(read.path("identifier").path(0).path("system").asString())
                .isEqualTo("urn:oid:1.2.3");
        assertThat(FHIR.engine.lastState()).isEqualTo("charted");
        assertThat(
                        FHIR.engine.one(
                                "select convert_from(content, 'UTF8') from order_request r join"
                                    + " journal j on j.control_id = r.control_id order by j.id desc"
                                    + " limit 1"))
                .as("what was asked for is kept as it came")
                .isEqualTo(order("FO-A"));
    }

    @Test
    void theSameNumberTwiceIsOneOrder() throws Exception {
        var first = FHIR.post("ServiceRequest", order("FO-B"));
        int before = entries();

        var again = FHIR.post("ServiceRequest", order("FO-B"));
        var asked =
                FHIR.post(
                        "ServiceRequest",
                        order("FO-B"),
                        "If-None-Exist",
                        "identifier=urn:oid:1.2.3|FO-B");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(asked.statusCode()).isEqualTo(200);
        assertThat(json(again).path("id")).isEqualTo(json(first).path("id"));
        assertThat(entries()).isEqualTo(before);
    }

    @Test
    void anotherOrderOfTheSameNumberIsRefused() throws Exception {
        FHIR.post("ServiceRequest", order("FO-C"));

        var other = FHIR.post("ServiceRequest", order("FO-C").replace("2823-3", "2951-2"));

        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(json(other).path("issue").path(0).path("expression").path(0).asString())
                .isEqualTo("ServiceRequest.identifier");
    }

    @Test
    void anOrderWithoutNumberGetsOneOfOurs() throws Exception {
        var answer =
                FHIR.post(
                        "ServiceRequest",
                        order("x").replaceFirst("\"identifier\": \\[\\{\"type.*\\n", "\n"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(lastMessage()).containsPattern("ORC\\|NW\\|CB\\d+\\^CHARTBRIDGE\\|");
    }

    @Test
    void noValueBeginsASegmentOrAField() throws Exception {
        var answer =
                FHIR.post(
                        "ServiceRequest",
                        ORDER.formatted("FO-D", "a|b^c~d\\\\e&f\\r\\nOBX|1|ST|X||evil\\rPID|2"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(lastMessage().lines().filter(line -> line.startsWith("OBX"))).isEmpty();
        assertThat(lastMessage().lines().filter(line -> line.startsWith("PID"))).hasSize(1);
        assertThat(lastMessage()).contains("NTE|1||a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f\\.br\\OBX");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"FO-1\"; \"FO-NOBODY\"; ServiceRequest.subject; not known",
                "\"active\"; \"draft\"; ServiceRequest.status; set active",
                "\"order\"; \"proposal\"; ServiceRequest.intent; set order",
                "\"code\": \"2823-3\",; ; ServiceRequest.code.coding; needs a code",
                "\"PLAC\"; \"FILL\"; ServiceRequest.identifier[0].type; placer's number",
                "\"priority\"; \"quantityQuantity\": {\"value\": 1}, \"priority\";"
                        + " ServiceRequest.quantity; leave it out",
                "\"note\"; \"encounter\": {\"reference\": \"Encounter/999\"}, \"note\";"
                        + " ServiceRequest.encounter; not one visit",
                "\"note\"; \"specimen\": [{\"reference\": \"Specimen/1\"}], \"note\";"
                        + " ServiceRequest.specimen[0]; contained",
                "\"note\"; \"insurance\": [{\"reference\": \"Coverage/1\"}], \"note\";"
                        + " ServiceRequest.insurance[0]; no such coverage",
            })
    void aFaultIsToldWithItsPlaceAndNothingIsOrdered(
            String what, String instead, String place, String remedy) throws Exception {
        int before = entries();

        var answer =
                FHIR.post(
                        "ServiceRequest",
                        order("FO-E").replace(what, instead == null ? "" : instead));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        var issue = json(answer).path("issue").path(0);
        assertThat(issue.path("expression").path(0).asString()).isEqualTo(place);
        assertThat(issue.path("diagnostics").asString()).contains(remedy);
        assertThat(entries()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"\"status\",\"statsu\"", "\"active\",\"whenever\"", "{,"})
    void whatIsNoFhirIsRefusedWithoutRepeatingIt(String what, String instead) throws Exception {
        var body = order("FO-F");

        var answer =
                FHIR.post("ServiceRequest", body.replace(what, instead == null ? "" : instead));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("whenever").doesNotContain("FO-F");
    }

    @Test
    void aBundleIsOneMessageWithWhatItsOrdersReferTo() throws Exception {
        var answer = FHIR.post("", bundle("FO-1"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var entries = json(answer).path("entry");
        assertThat(entries.path(0).path("response").path("status").asString()).isEqualTo("200 OK");
        assertThat(entries.path(2).path("response").path("status").asString())
                .isEqualTo("201 Created");
        assertThat(entries.path(3).path("response").path("location").asString())
                .startsWith("ServiceRequest/");
        assertThat(lastMessage())
                .contains("IN1|1|PLAN-7|4400|Invented Health")
                .contains("ORC|NW|FB-1^EMR||REQ-1^EMR")
                .contains("ORC|NW|FB-2^EMR||REQ-1^EMR")
                .contains("OBX|1|CWE|49541-6^Fasting status^LN||Y^Yes^HL70136||||||O")
                .contains("SPM|1|||SER^Serum^HL70487");
    }

    @Test
    void aBundleWithOneFaultOrdersNothing() throws Exception {
        int before = entries();

        var answer =
                FHIR.post("", bundle("FO-1").replace("\"2345-7\"", "\"\"").replace("FB-", "FC-"));
        var stranger = FHIR.post("", bundle("FO-NOBODY").replace("FB-", "FD-"));

        assertThat(answer.statusCode()).isBetween(400, 422);
        assertThat(stranger.statusCode()).isEqualTo(422);
        assertThat(entries()).isEqualTo(before);
    }

    /** ⚠ A mistyped number orders for a stranger. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            textBlock =
                    """
                    "birthDate": "2015-01-02"                                         ; 422
                    "name": [{"family": "Foxglove"}], "birthDate": "2015-01-02"       ; 422
                    "name": [{"family": "Andersson", "given": ["Bo"]}]                ; 422
                    "name": [{"family": "FOXGLOVE"}]                                  ; 200
                    "name": [{"text": "Somebody Else"}]                               ; 200
                    "name": [{"family": "Married"}], "birthDate": "1960-01-02"        ; 200
                    """)
    void aPatientWhoIsDescribedAsSomebodyElseIsNotOrderedFor(String described, int status)
            throws Exception {
        int before = entries();
        var number = "FE-" + Integer.toHexString(described.hashCode());

        var answer =
                FHIR.post(
                        "",
                        bundle("FO-1")
                                .replace(
                                        "\"value\": \"FO-1\"}]",
                                        "\"value\": \"FO-1\"}], " + described)
                                .replace("FB-", number));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        if (status == 422) {
            assertThat(answer.body())
                    .contains("has another birth date in the chart", "comes by ADT")
                    .doesNotContain("Andersson", "2015");
            assertThat(entries()).isEqualTo(before);
        }
    }

    private static String bundle(String patient) {
        return """
        {"resourceType": "Bundle", "type": "transaction", "entry": [
         {"fullUrl": "urn:uuid:0a000000-0000-0000-0000-000000000001",
          "resource": {"resourceType": "Patient", "identifier": [{"system": "urn:chartbridge:authority:CLINIC", "value": "%s"}]},
          "request": {"method": "PUT", "url": "Patient?identifier=%s"}},
         {"fullUrl": "urn:uuid:0a000000-0000-0000-0000-000000000002",
          "resource": {"resourceType": "Coverage", "status": "active",
           "beneficiary": {"reference": "urn:uuid:0a000000-0000-0000-0000-000000000001"},
           "payor": [{"display": "Invented Health", "identifier": {"value": "4400"}}],
           "class": [{"type": {"coding": [{"code": "plan"}]}, "value": "PLAN-7"}]},
          "request": {"method": "POST", "url": "Coverage"}},
         %s, %s]}
        """
                .formatted(
                        patient,
                        patient,
                        ordered("1", "2823-3", ""),
                        ordered(
                                "2",
                                "2345-7",
                                """
                                "contained": [
                                 {"resourceType": "Specimen", "id": "s", "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0487", "code": "SER", "display": "Serum"}]}},
                                 {"resourceType": "Observation", "id": "a", "status": "final",
                                  "code": {"coding": [{"system": "http://loinc.org", "code": "49541-6", "display": "Fasting status"}]},
                                  "valueBoolean": true}],
                                "specimen": [{"reference": "#s"}], "supportingInfo": [{"reference": "#a"}],
                                """));
    }

    // ---------------------------------------------------------------- who answers for the bill

    private static void withGuarantor() {
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103071000||ADT^A04^ADT_A01|FO-GT1|P|2.5.1
                PID|1||FO-3^^^CLINIC^MR||FOXGLOVE^Flora||20160102|F
                PV1|1|O
                GT1|1|G-3^^^CLINIC|FOXGLOVE^Fiona||7 Invented Way^^Springfield^IL^62701|555-0100|||||MTH
                GT1|2||FOXGLOVE^Former|||||||||||20200101
                """);
    }

    @Test
    void theGuarantorOfTheChartGoesAlong() throws Exception {
        withGuarantor();
        for (var number : new String[] {"FG-1", "FG-2"}) {
            var answer = FHIR.post("ServiceRequest", order(number).replace("FO-1", "FO-3"));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            // Not what the chart has from the order before, nor who was one until 2020.
            assertThat(lastMessage().lines().filter(line -> line.startsWith("GT1|")))
                    .containsExactly(
                            "GT1|1|G-3^^^CLINIC|FOXGLOVE^Fiona||7 Invented"
                                    + " Way^^Springfield^IL^62701|555-0100|||||MTH");
        }
    }

    @Test
    void theGuarantorOfTheBundleGoesBeforeThatOfTheChart() throws Exception {
        withGuarantor();

        var answer = FHIR.post("", withAccount("FG-3", "FO-3", "FO-3", ADULT));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(lastMessage().lines().filter(line -> line.startsWith("GT1|")))
                .containsExactly(
                        "GT1|1||BRAMBLE^Bea||9 Made-up Lane^^Springfield|555-0199|||||GRD");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    FO-2; {"resourceType": "RelatedPerson", "name": [{"family": "BRAMBLE"}]}; of another patient
                    FO-3; {"resourceType": "RelatedPerson", "name": [{"given": ["Bea"]}]}; has a family name
                    FO-3; {"resourceType": "Organization"}; has a name
                    FO-3; {"resourceType": "Practitioner"}; is a RelatedPerson
                    """)
    void anAccountThatCannotBeSaidInAMessageOrdersNothing(
            String subject, String guarantor, String told) throws Exception {
        withGuarantor();
        int before = entries();

        var answer = FHIR.post("", withAccount("FG-4", "FO-3", subject, guarantor));

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains(told, "Bundle.entry[1].resource");
        assertThat(entries()).isEqualTo(before);
    }

    private static final String ADULT =
            """
            {"resourceType": "RelatedPerson", "name": [{"family": "BRAMBLE", "given": ["Bea"]}],
             "relationship": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "GUARD"}]}],
             "telecom": [{"system": "phone", "value": "555-0199"}],
             "address": [{"line": ["9 Made-up Lane"], "city": "Springfield"}]}
            """;

    private static String withAccount(
            String number, String patient, String subject, String guarantor) {
        return """
        {"resourceType": "Bundle", "type": "transaction", "entry": [
         {"resource": %s, "request": {"method": "POST", "url": "ServiceRequest"}},
         {"resource": {"resourceType": "Account", "status": "active",
           "subject": [{"identifier": {"system": "urn:chartbridge:authority:CLINIC", "value": "%s"}}],
           "guarantor": [{"party": {"reference": "urn:uuid:0b000000-0000-0000-0000-000000000001"}}]},
          "request": {"method": "POST", "url": "Account"}},
         {"fullUrl": "urn:uuid:0b000000-0000-0000-0000-000000000001", "resource": %s,
          "request": {"method": "POST", "url": "RelatedPerson"}}]}
        """
                .formatted(order(number).replace("FO-1", patient), subject, guarantor);
    }

    private static String ordered(String number, String code, String further) {
        return """
        {"resource": {"resourceType": "ServiceRequest", %s "status": "active", "intent": "order",
          "identifier": [{"system": "EMR", "value": "FB-%s"}],
          "requisition": {"system": "EMR", "value": "REQ-1"},
          "subject": {"reference": "urn:uuid:0a000000-0000-0000-0000-000000000001"},
          "insurance": [{"reference": "urn:uuid:0a000000-0000-0000-0000-000000000002"}],
          "code": {"coding": [{"system": "http://loinc.org", "code": "%s"}]}},
         "request": {"method": "POST", "url": "ServiceRequest"}}
        """
                .formatted(further, number, code);
    }

    // ---------------------------------------------------------------- medication

    private static final String METFORMIN =
            """
            {"coding": [{"system": "http://example.org/local", "code": "M5", "display": "Metf"},
              {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "6809", "display": "Metformin"}]}\
            """;

    private static String drug(String number, String patient, String code) {
        return """
        {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "priority": "urgent",
         "identifier": [{"system": "urn:oid:1.2.3", "value": "%s"}],
         "groupIdentifier": {"system": "EMR", "value": "RX-7"},
         "contained": [{"resourceType": "Medication", "id": "m", "code": %s,
           "form": {"coding": [{"system": "http://snomed.info/sct", "code": "385055001", "display": "Tablet"}]}}],
         "medicationReference": {"reference": "#m"},
         "subject": {"identifier": {"value": "%s"}},
         "requester": {"display": "Ordway, Olga"},
         "reasonCode": [{"text": "Otitis media"}],
         "note": [{"text": "Blister pack"}],
         "dosageInstruction": [{"text": "Take with food",
           "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d",
             "boundsPeriod": {"start": "2006-11-03", "end": "2046-11-10"}}},
           "asNeededCodeableConcept": {"text": "pain"},
           "route": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0162", "code": "PO", "display": "Oral"}]},
           "doseAndRate": [{"doseRange": {"low": {"value": 1, "unit": "tablet"}, "high": {"value": 2, "unit": "tablet"}}}]}],
         "dispenseRequest": {"quantity": {"value": 21, "unit": "tablet"}, "numberOfRepeatsAllowed": 2},
         "substitution": {"allowedBoolean": false}}
        """
                .formatted(number, code, patient);
    }

    private static JsonNode outcome(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).path("issue");
    }

    private static HttpResponse<String> prescribe(String number, String patient, String code)
            throws Exception {
        return FHIR.post(
                "MedicationRequest",
                drug(number, patient, code),
                "Prefer",
                "return=OperationOutcome");
    }

    @Test
    void medicationIsOrderedAsAMessageWithEachElementInItsField() throws Exception {
        var answer = FHIR.post("MedicationRequest", drug("FM-A", "FO-1", METFORMIN));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(lastMessage())
                .contains("|OMP^O09^OMP_O09|")
                .contains("ORC|NW|FM-A^1.2.3||RX-7^EMR|")
                .contains("TQ1|1||PRNTID||||20061103|20461110|A|pain")
                .contains(
                        "RXO|6809^Metformin^RXNORM^M5^Metf^http://example.org/local|1|2|^tablet|385055001^Tablet^SCT||^Take"
                            + " with food; as needed: pain||N||21|^tablet|2|||||||^Otitis media")
                .contains("NTE|1||Blister pack")
                .contains("RXR|PO^Oral^HL70162");
        var read = FHIR.get("MedicationRequest/" + json(answer).path("id").asString());
        var coding = read.path("medicationCodeableConcept").path("coding").path(0);
        assertThat(coding.path("system").asString())
                .isEqualTo("http://www.nlm.nih.gov/research/umls/rxnorm");
        assertThat(read.path("dosageInstruction").path(0).path("text").asString())
                .isEqualTo("1-2 tablet · Tablet · Oral · PRNTID · Take with food; as needed: pain");
        assertThat(read.path("dispenseRequest").path("numberOfRepeatsAllowed").asInt())
                .isEqualTo(2);
    }

    @Test
    void theSameMedicationTwiceIsOneOrderAndAnotherOfItsNumberIsRefused() throws Exception {
        FHIR.post("MedicationRequest", drug("FM-B", "FO-1", METFORMIN));
        FHIR.post("ServiceRequest", order("FM-L"));
        int before = entries();

        var again = FHIR.post("MedicationRequest", drug("FM-B", "FO-1", METFORMIN));
        var other =
                FHIR.post("MedicationRequest", drug("FM-B", "FO-1", "{\"text\": \"Ibuprofen\"}"));
        var test = FHIR.post("MedicationRequest", drug("FM-L", "FO-1", METFORMIN));

        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(test.statusCode()).as("the number is a test's").isEqualTo(409);
        assertThat(entries()).isEqualTo(before);
    }

    /** ⚠ Found by its code alone: no word of the text names the drug. */
    @Test
    void medicationAgainstAnAllergyIsHeldAndTheAnswerSaysWhatToDo() throws Exception {
        var issues =
                outcome(
                        prescribe(
                                "FM-C",
                                "FO-2",
                                "{\"coding\": [{\"system\":"
                                        + " \"http://www.nlm.nih.gov/research/umls/rxnorm\","
                                        + " \"code\": \"723\"}]}"));

        assertThat(issues.path(0).path("severity").asString()).isEqualTo("warning");
        assertThat(issues.path(0).path("expression").path(0).asString())
                .isEqualTo("MedicationRequest.medication");
        assertThat(issues.path(0).path("diagnostics").asString()).startsWith("allergy, high");
        assertThat(issues.path(1).path("diagnostics").asString())
                .contains("not sent on", "page Alerts");
        assertThat(FHIR.engine.one("select destination from delivery order by id desc limit 1"))
                .isEqualTo("pharmacy/orders~held");
        assertThat(FHIR.engine.lastState()).isEqualTo("charted");
    }

    @Test
    void anUnknownDrugIsAnsweredAsNotScreenedAndAKnownOneByNothing() throws Exception {
        var unknown = outcome(prescribe("FM-D", "FO-1", "{\"text\": \"Zorblaxin 5 mg\"}"));
        var unasked =
                FHIR.post("MedicationRequest", drug("FM-K", "FO-1", "{\"text\": \"Zorblaxin\"}"));
        var known = FHIR.post("MedicationRequest", drug("FM-E", "FO-1", METFORMIN));

        assertThat(unknown.path(0).path("diagnostics").asString()).startsWith("not screened");
        assertThat(known.body()).contains("MedicationRequest").doesNotContain("not screened");
        assertThat(outcome(unasked).path(0).path("diagnostics").asString())
                .as("without Prefer as well")
                .startsWith("not screened");
        assertThat(unasked.headers().firstValue("Location").orElse(""))
                .containsPattern("/MedicationRequest/\\d+");
    }

    @Test
    void aBundleOfMedicationIsOneMessageAndTellsEachWarning() throws Exception {
        var answer =
                FHIR.post(
                        "",
                        bundleOf(
                                drug("FM-F", "FO-1", METFORMIN),
                                drug("FM-G", "FO-1", "{\"text\": \"Zorblaxin\"}")));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var entry = json(answer).path("entry").path(1).path("response");
        assertThat(entry.path("location").asString()).startsWith("MedicationRequest/");
        assertThat(answer.body()).contains("Bundle.entry[1].resource.medication");
        assertThat(lastMessage()).contains("FM-F^1.2.3").contains("FM-G^1.2.3");
    }

    @Test
    void testsAndMedicationInOneBundleAreRefused() throws Exception {
        int before = entries();

        var answer = FHIR.post("", bundleOf(order("FM-H"), drug("FM-I", "FO-1", METFORMIN)));

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("send two");
        assertThat(entries()).isEqualTo(before);
    }

    private static String bundleOf(String... resources) {
        return Arrays.stream(resources)
                .map(
                        one ->
                                "{\"resource\": %s, \"request\": {\"method\": \"POST\", \"url\": \"x\"}}"
                                        .formatted(one))
                .collect(
                        Collectors.joining(
                                ",",
                                "{\"resourceType\": \"Bundle\", \"type\": \"transaction\","
                                        + " \"entry\": [",
                                "]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"active\"; \"draft\"; MedicationRequest.status; set active",
                "\"FO-1\"; \"FO-NOBODY\"; MedicationRequest.subject; not known",
                "\"#m\"; \"Medication/1\"; MedicationRequest.medication; contained",
                "\"note\"; \"priorPrescription\": {\"display\": \"x\"}, \"note\";"
                        + " MedicationRequest.priorPrescription; leave it out",
                "\"asNeededCodeableConcept\"; \"maxDosePerLifetime\": {\"value\": 4},"
                    + " \"asNeededCodeableConcept\";"
                    + " MedicationRequest.dosageInstruction[0].maxDosePerLifetime; leave it out",
                "\"frequency\": 3; \"frequency\": 3, \"frequencyMax\": 4;"
                    + " MedicationRequest.dosageInstruction[0].timing.repeat.frequencyMax; text",
                "\"end\": \"2046-11-10\"; \"end\": \"2006-11-10\";"
                        + " MedicationRequest.dosageInstruction[0].timing.repeat.bounds.end; over",
                "\"periodUnit\": \"d\"; \"periodUnit\": \"wk\";"
                        + " MedicationRequest.dosageInstruction[0].timing.repeat.frequency; text",
                "\"repeat\"; \"code\": {\"coding\": [{\"code\": \"BID\"}]}, \"repeat\";"
                        + " MedicationRequest.dosageInstruction[0].timing; different things",
                "\"low\": {\"value\": 1,; \"low\": {;"
                        + " MedicationRequest.dosageInstruction[0].doseAndRate[0].dose.low.value;"
                        + " number",
                "\"value\": 21, \"unit\": \"tablet\"; \"value\": 21;"
                        + " MedicationRequest.dispenseRequest.quantity.unit; needs its unit",
                "\"numberOfRepeatsAllowed\"; \"expectedSupplyDuration\": {\"value\": 7},"
                        + " \"numberOfRepeatsAllowed\";"
                        + " MedicationRequest.dispenseRequest.expectedSupplyDuration; leave it out",
                "\"form\"; \"ingredient\": [{\"itemCodeableConcept\": {\"text\": \"x\"}}],"
                    + " \"form\"; MedicationRequest.medication.resolve().ingredient; code and form",
            })
    void ofMedicationWhatCantBeCarriedIsRefusedByName(
            String what, String instead, String place, String remedy) throws Exception {
        int before = entries();
        var body = drug("FM-J", "FO-1", METFORMIN);
        assertThat(body).contains(what);

        var answer = FHIR.post("MedicationRequest", body.replace(what, instead));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        var issue = json(answer).path("issue").path(0);
        assertThat(issue.path("expression").path(0).asString()).isEqualTo(place);
        assertThat(issue.path("diagnostics").asString()).containsIgnoringCase(remedy);
        assertThat(entries()).isEqualTo(before);
    }

    // ---------------------------------------------------------------- ended by PUT

    private static HttpResponse<String> put(String body, String... headers) throws Exception {
        var resource = JSON.readTree(body);
        return FHIR.send(
                "PUT",
                resource.path("resourceType").asString() + "/" + resource.path("id").asString(),
                body,
                headers);
    }

    private static String read(HttpResponse<String> placed, String type) throws Exception {
        return FHIR.get(type + "/" + json(placed).path("id").asString()).toString();
    }

    @Test
    void anOrderIsEndedByPutAsItsOwnMessageOnceMore() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FP-A")), "ServiceRequest");
        var tag = JSON.readTree(read).path("meta").path("versionId").asString();

        var ended = put(read.replace("active", "revoked"), "If-Match", "W/\"" + tag + "\"");
        int before = entries();
        var again = put(ended.body());

        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
        assertThat(json(ended).path("status").asString()).isEqualTo("revoked");
        assertThat(lastMessage())
                .contains("|OML^O21^OML_O21|")
                .contains("ORC|CA|FP-A^1.2.3|")
                .contains("|2823-3^Potassium^LN|")
                .contains("DG1|1||E87.5^^I10C");
        assertThat(again.statusCode()).as("ended before").isEqualTo(200);
        assertThat(entries()).isEqualTo(before);
    }

    /** ⚠ A client that looks at the answer's code alone believes that it goes on. */
    @Test
    void anEndedOrderIsNotRevived() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FP-R")), "ServiceRequest");
        var ended = put(read.replace("active", "revoked"));
        int before = entries();

        var revived = put(ended.body().replace("revoked", "active"));

        assertThat(revived.statusCode()).as(revived.body()).isEqualTo(409);
        assertThat(revived.body()).contains("order anew");
        assertThat(entries()).isEqualTo(before);
    }

    @Test
    void whatElseIsAskedOfAnOrderThatEndsIsRefusedByName() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FP-U")), "ServiceRequest");
        var urgent =
                JSON.readTree(read).path("priority").asString("").equals("stat") ? "asap" : "stat";
        int before = entries();

        var answer =
                put(
                        read.replace("active", "revoked")
                                .replaceAll("\"priority\":\\s*\"[a-z]+\",?", "")
                                .replaceFirst("\\{", "{\"priority\": \"" + urgent + "\","));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("ServiceRequest.status", "ended by itself");
        assertThat(entries()).isEqualTo(before);
    }

    /** R4 has a statusReason for medication only. */
    @Test
    void anElementThatTheResourceDoesNotHaveIsNamed() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FP-E")), "ServiceRequest");

        var answer =
                put(
                        read.replace("active", "revoked")
                                .replaceFirst(
                                        "\\{",
                                        "{\"statusReason\":{\"text\":\"patient declined\"},"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("R4 has no element statusReason")
                .doesNotContain("declined");
    }

    /** ⚠ What a person closed here was told to nobody: the cancel has still to leave. */
    @ParameterizedTest
    @CsvSource({"NO_SHOW, revoked, FP-H1", "ANSWERED, completed, FP-H2"})
    void anOrderThatWasClosedByHandIsStillEndedByAMessage(
            ByHand.Why why, String shown, String number) throws Exception {
        var read = read(FHIR.post("ServiceRequest", order(number)), "ServiceRequest");
        FHIR.close(JSON.readTree(read).path("id").asLong(), why);
        read = FHIR.get("ServiceRequest/" + JSON.readTree(read).path("id").asString()).toString();
        assertThat(JSON.readTree(read).path("status").asString()).isEqualTo(shown);

        var ended = put(read.replace("\"" + shown + "\"", "\"revoked\""));

        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
        assertThat(lastMessage()).contains("ORC|CA|" + number + "^1.2.3|");
    }

    @Test
    void oneOrderOfABundleEndsAndTheOthersStay() throws Exception {
        var placed =
                FHIR.post(
                        "",
                        bundleOf(drug("FP-B", "FO-1", METFORMIN), drug("FP-C", "FO-1", METFORMIN)));
        var first = json(placed).path("entry").path(0).path("resource");
        var other = json(placed).path("entry").path(1).path("resource").path("id").asString();

        var ended =
                put(
                        first.toString()
                                .replace(
                                        "\"active\"",
                                        "\"stopped\", \"statusReason\": {\"text\": \"Nausea\"}"));

        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
        assertThat(json(ended).path("status").asString()).isEqualTo("cancelled");
        assertThat(json(ended).path("dosageInstruction").path(0).path("text").asString())
                .as("what was said of it stays")
                .contains("PRNTID");
        assertThat(lastMessage())
                .contains("ORC|DC|FP-B^1.2.3|")
                .contains("^Nausea")
                .doesNotContain("FP-C");
        assertThat(FHIR.get("MedicationRequest/" + other).path("status").asString())
                .isEqualTo("active");
    }

    @Test
    void whatWasReadBeforeAnotherChangeIsNotEnded() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FP-D")), "ServiceRequest");
        int before = entries();

        var answer = put(read.replace("active", "revoked"), "If-Match", "W/\"0123456789abcdef\"");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(412);
        assertThat(answer.body()).contains("read it again");
        assertThat(entries()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"active\"; \"completed\"; 422; end it and order anew",
                "Ordway, Olga; Invented, Ina; 422; only priority",
                "2823-3; 2951-2; 422; another one",
                "FP-E; FP-Z; 422; another one",
            })
    void whatIsNoEndOfThisOrderIsRefused(String what, String instead, int status, String words)
            throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FP-E")), "ServiceRequest");
        int before = entries();

        var answer = put(read.replace(what, instead));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
        assertThat(entries()).isEqualTo(before);
    }

    @Test
    void whatOthersOrderedIsTheirsToEnd() throws Exception {
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103080000||OML^O21|FP-OML|P|2.5.1
                PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F
                ORC|NW|FP-F^EMR
                OBR|1|FP-F^EMR||2823-3^Potassium^LN
                """);
        var id = FHIR.engine.one("select id from placed_order where placer_number = 'FP-F^EMR'");
        var read = FHIR.get("ServiceRequest/" + id).toString();

        var answer = put(read.replace("active", "revoked"));
        var nobody = put(read.replace("active", "revoked").replace("\"" + id + "\"", "\"999999\""));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).contains("placed by emr");
        assertThat(nobody.statusCode()).as(nobody.body()).isEqualTo(404);
    }

    @Test
    void whatWasAnsweredCantBeEnded() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FP-G")), "ServiceRequest");
        FHIR.engine.send(
                AdtEngine.LAB,
                """
                MSH|^~\\&|LIS|NORTHLAB|||20461103090000||ORU^R01|FP-ORU|P|2.5.1
                PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F
                ORC|RE|FP-G^1.2.3|L-77
                OBR|1|FP-G^1.2.3|L-77|2823-3^Potassium^LN|||20461103080000|||||||||||||||20461103090000|||F
                OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|||||F
                """);

        var answer = put(read.replace("active", "revoked"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("has been answered");
    }

    // ---------------------------------------------------------------- held and changed

    @Test
    void aChangeIsToldItsLaboratoryWithTheWholeOrder() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FX-A")), "ServiceRequest");
        var tag = JSON.readTree(read).path("meta").path("versionId").asString();
        var changed =
                read.replace("\"stat\"", "\"routine\"")
                        .replace("fasting", "not fasting")
                        .replace(
                                "\"intent\"",
                                "\"occurrenceDateTime\": \"2026-12-01T09:00:00-05:00\", \"intent\"")
                        .replace(
                                "\"intent\"",
                                """
                                "contained": [{"resourceType": "Observation", "id": "a", "status": "final",
                                  "code": {"coding": [{"system": "http://loinc.org", "code": "49541-6", "display": "Fasting status"}]},
                                  "valueBoolean": false}],
                                "supportingInfo": [{"reference": "#a"}], "intent"\
                                """);

        var answer =
                put(changed, "If-Match", "W/\"" + tag + "\"", "Prefer", "return=OperationOutcome");
        int before = entries();
        var again = put(changed);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .contains("ORC-1 XO: priority (TQ1-9), time (TQ1-7), note (NTE), answers (OBX)");
        assertThat(lastMessage())
                .contains("ORC|XO|FX-A^1.2.3|", "|2823-3^Potassium^LN|", "DG1|1||E87.5^^I10C")
                .contains("TQ1|1||||||20261201090000-0500||R\n")
                .contains("NTE|1||not fasting\n")
                .doesNotContain("NTE|1||fasting")
                .contains("OBX|1|CWE|49541-6^Fasting status^LN||N^No^HL70136||||||O");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(entries()).as("nothing changes any more").isEqualTo(before);
    }

    @Test
    void whatIsReadAndSentBackChangesNothing() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FX-B")), "ServiceRequest");
        int before = entries();

        var answer = put(read, "Prefer", "return=OperationOutcome");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("nothing sent");
        assertThat(entries()).isEqualTo(before);
    }

    @Test
    void anOrderIsHeldAndGoesOn() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FX-C")), "ServiceRequest");

        var held = put(read.replace("\"active\"", "\"on-hold\""));
        assertThat(held.statusCode()).as(held.body()).isEqualTo(200);
        assertThat(lastMessage()).contains("ORC|HD|FX-C^1.2.3|");
        assertThat(json(held).path("status").asString()).isEqualTo("on-hold");
        int before = entries();
        assertThat(put(held.body()).statusCode()).isEqualTo(200);
        assertThat(entries()).as("held before").isEqualTo(before);
        assertThat(put(held.body().replace("\"stat\"", "\"asap\"")).statusCode()).isEqualTo(422);

        var released = put(held.body().replace("\"on-hold\"", "\"active\""));
        assertThat(released.statusCode()).as(released.body()).isEqualTo(200);
        assertThat(lastMessage()).contains("ORC|RL|FX-C^1.2.3|");
        assertThat(json(released).path("status").asString()).isEqualTo("active");
    }

    /** An answer that the laboratory waits for is a change, and holds nothing once more. */
    @Test
    void whatTheLaboratoryHoldsIsChangedAndNotHeldAgain() throws Exception {
        var placed = FHIR.post("ServiceRequest", order("FX-D"));
        FHIR.engine.send(
                AdtEngine.LAB,
                """
                MSH|^~\\&|LIS|NORTHLAB|||20461103090000||ORR^O02|FX-ORR|P|2.5.1
                PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F
                ORC|OH|FX-D^1.2.3|L-78||HD
                """);
        var read = FHIR.get("ServiceRequest/" + json(placed).path("id").asString()).toString();

        var answer = put(read.replace("fasting", "not fasting"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(lastMessage()).contains("ORC|XO|FX-D^1.2.3|", "NTE|1||not fasting");
    }

    /** ⚠ Two quotation marks delete in HL7; a line break would begin a segment. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    \\"\\"             ; NTE|1||\\n
                    a|b\\nORC^NW~c&d   ; NTE|1||a\\F\\b\\.br\\ORC\\S\\NW\\R\\c\\T\\d\\n
                    """)
    void aNoteIsATextAndNothingElse(String note, String wanted) throws Exception {
        var read =
                read(FHIR.post("ServiceRequest", order("FX-N" + note.length())), "ServiceRequest");

        var answer = put(read.replace("fasting", note));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(lastMessage())
                .contains("ORC|XO|FX-N")
                .contains(wanted.replace("\\n", "\n"))
                .doesNotContain("\nORC^NW");
    }

    @Test
    void whatHasPreliminaryResultsIsNotChangedAnyMore() throws Exception {
        var read = read(FHIR.post("ServiceRequest", order("FX-P")), "ServiceRequest");
        FHIR.engine.send(
                AdtEngine.LAB,
                """
                MSH|^~\\&|LIS|NORTHLAB|||20461103090000||ORU^R01|FX-ORU|P|2.5.1
                PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F
                OBR|1|FX-P^1.2.3|L-79|2823-3^Potassium^LN|||20461103080000|||||||||||||||20461103090000|||P
                OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|||||P
                """);

        var answer = put(read.replace("fasting", "not fasting"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("in-progress", "order anew");
    }

    @ParameterizedTest
    @CsvSource({"on-hold, fasting", "active, not fasting"})
    void whatWasEndedIsNeitherHeldNorChanged(String status, String note) throws Exception {
        var read =
                read(FHIR.post("ServiceRequest", order("FX-E" + note.length())), "ServiceRequest");
        put(read.replace("active", "revoked"));
        int before = entries();

        var answer = put(read.replace("\"active\"", "\"" + status + "\"").replace("fasting", note));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("order anew");
        assertThat(entries()).isEqualTo(before);
    }

    // ---------------------------------------------------------------- the visit

    @Test
    void theVisitOfAnOrderStandsInItsMessageAsTheChartHasIt() throws Exception {
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103070000||ADT^A01^ADT_A01|FV-ADT|P|2.5.1
                PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F
                PV1|1|I|W1^12^3||||||||||||||||V-77^^^CLINIC
                """);
        var visits = FHIR.engine.one("select count(*) from encounter");
        var named =
                order("FV-A")
                        .replace(
                                "\"priority\"",
                                "\"encounter\": {\"identifier\": {\"value\": \"V-77\"}},"
                                        + " \"priority\"");

        var answer = FHIR.post("ServiceRequest", named);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(lastMessage()).containsPattern("PV1\\|1\\|I\\|[^|]*\\|{16}V-77\\^\\^\\^CLINIC");
        assertThat(FHIR.engine.one("select count(*) from encounter")).isEqualTo(visits);
        assertThat(FHIR.engine.one("select status from encounter where number = 'V-77'"))
                .isEqualTo("in-progress");
    }

    // ---------------------------------------------------------------- how it stands

    private static JsonNode task(String order) throws Exception {
        var found = FHIR.get("Task?focus=ServiceRequest/" + order).path("entry");
        assertThat(found).hasSize(1);
        return found.path(0).path("resource");
    }

    private static String state(JsonNode task) {
        return task.path("status").asString()
                + " "
                + task.path("businessStatus").path("coding").path(0).path("code").asString();
    }

    /** ⚠ */
    @Test
    void aDocumentFromBeforeTheCorrectionOfItsReportSaysSo() throws Exception {
        var before =
                """
                MSH|^~\\&|LIS|NORTHLAB|||20461103090000||ORU^R01|FD-1|P|2.5.1
                PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F
                OBR|1||FD-L|PATH^Pathology^L|||20461103||||||||||||||||||F
                OBX|1|TX|DX^Diagnosis^L||Nevus||||||F
                OBX|2|ED|PDF^Report^L||LAB^AP^PDF^Base64^JVBERi0xLjcgeA==||||||F
                """;
        FHIR.engine.send(AdtEngine.LAB, before);
        FHIR.engine.send(
                AdtEngine.LAB,
                before.replace("0900", "1000")
                        .replace("FD-1", "FD-2")
                        .replace("Nevus||||||F", "Melanoma||||||C")
                        .replaceAll("OBX\\|2.*\n", ""));

        var reports = FHIR.get("DiagnosticReport?patient.identifier=FO-1&code=PATH").path("entry");

        assertThat(reports.size()).isEqualTo(1);
        var report = reports.path(0).path("resource");
        assertThat(report.path("presentedForm").path(0).path("title").asString())
                .endsWith("(made before the correction of this report)");
        assertThat(report.path("conclusion").asString())
                .contains("before the laboratory corrected");
    }

    /** What the laboratory said under this number, by id. */
    private static String answerTo(String number) throws Exception {
        for (var entry :
                FHIR.get("ServiceRequest?patient.identifier=FO-1&_count=1000").path("entry")) {
            var resource = entry.path("resource");
            if (resource.toString().contains("\"" + number + "\"")
                    && resource.path("intent").asString().equals("filler-order"))
                return resource.path("id").asString();
        }
        throw new AssertionError("no answer to " + number);
    }

    @Test
    void howAnOrderStandsIsATaskAndWhatHindersItHoldsTheOrder() throws Exception {
        var id = json(FHIR.post("ServiceRequest", order("FT-A"))).path("id").asString();
        FHIR.engine
                .jdbc
                .sql("update delivery set destination = 'northlab/orders' where id = :last")
                .param("last", Long.parseLong(FHIR.engine.one("select max(id) from delivery")))
                .update();
        var sent = task(id);
        FHIR.engine.send(
                AdtEngine.LAB,
                """
                MSH|^~\\&|LIS|NORTHLAB|||20461103090000||ORL^O22|FT-ORL|P|2.5.1
                PID|1||FO-1^^^CLINIC^MR||FOXGLOVE^Fiona||19600102|F
                ORC|UA|FT-A^1.2.3|L-91|||||||||||||^Prepayment required
                OBR|1|FT-A^1.2.3|L-91|2823-3^Potassium^LN
                """);

        var held = task(id);

        assertThat(state(sent)).isEqualTo("requested to-send");
        assertThat(sent.path("focus").path("reference").asString())
                .isEqualTo("ServiceRequest/" + id);
        assertThat(state(held)).isEqualTo("on-hold payment");
        assertThat(held.path("statusReason").path("text").asString())
                .isEqualTo("Prepayment required");
        assertThat(held.path("note").size()).isGreaterThan(1);
        assertThat(FHIR.get("ServiceRequest/" + id).path("status").asString()).isEqualTo("on-hold");
        assertThat(state(FHIR.get("Task/" + held.path("id").asString())))
                .isEqualTo("on-hold payment");
        // What the laboratory says of it is no second order.
        var own = FHIR.get("ServiceRequest/" + answerTo("FT-A"));
        assertThat(own.path("intent").asString()).isEqualTo("filler-order");
        assertThat(own.path("basedOn").path(0).path("reference").asString())
                .isEqualTo("ServiceRequest/" + id);
        var asked = FHIR.get("ServiceRequest/" + id);
        assertThat(asked.path("intent").asString()).isEqualTo("order");
        assertThat(asked.has("basedOn")).isFalse();
        assertThat(FHIR.get("Task?patient.identifier=FO-1").path("total").asInt()).isGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Task; 400",
                "Task?focus=ServiceRequest/1&patient=x; 400",
                "Task?status=requested; 400",
                "Task/order-999999; 404",
                "Task/7; 404",
            })
    void aTaskThatIsNotThereOrNotAskedForRightlyIsNotFound(String path, int status)
            throws Exception {
        assertThat(FHIR.send("GET", path, "").statusCode()).isEqualTo(status);
        assertThat(FHIR.get("Task?focus=Patient/1").path("total").asInt()).isZero();
    }
}
