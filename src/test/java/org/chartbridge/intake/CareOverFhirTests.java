package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What messages say of care, as FHIR tells it: nothing lost, nothing brought back. */
class CareOverFhirTests {
    private static final FhirEngine FHIR = new FhirEngine();
    private static final AtomicInteger SENT = new AtomicInteger();

    @AfterAll
    static void close() {
        FHIR.close();
    }

    /** ⚠ An empty PID-29 takes nothing back, PID-30 N does. */
    @Test
    void aDeathThatWasTakenBackIsNone() throws Exception {
        send("ADT^A08", "0800", death("D1", "20260401", "Y"));
        assertThat(patient("D1").path("deceasedDateTime").asString("")).startsWith("2026-04-01");

        send("ADT^A08", "0900", death("D1", "", "N"));
        assertThat(patient("D1").path("deceasedDateTime").isMissingNode()).isTrue();
        assertThat(patient("D1").path("deceasedBoolean").asBoolean(true)).isFalse();

        send("ADT^A08", "1000", death("D1", "20260402", ""));
        assertThat(patient("D1").path("deceasedDateTime").asString("")).startsWith("2026-04-02");
    }

    @ParameterizedTest
    @CsvSource({
        "CVX, http://hl7.org/fhir/sid/cvx",
        "cvx, http://hl7.org/fhir/sid/cvx",
        "C4, http://www.ama-assn.org/go/cpt",
        "CPT, http://www.ama-assn.org/go/cpt",
        "HCPCS, http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "NDC, http://hl7.org/fhir/sid/ndc",
        "MVX, http://hl7.org/fhir/sid/mvx",
        "L, urn:chartbridge:code:emr:L"
    })
    void aSystemThatEverybodyKnowsHasItsName(String system, String uri) throws Exception {
        var id = "S" + SENT.get();
        send("VXU^V04", "0800", pid(id), "RXA|0|1|20260301||08^HepB^" + system + "|1");

        var coding = only("Immunization", id).path("vaccineCode").path("coding").path(0);

        assertThat(coding.path("system").asString("")).isEqualTo(uri);
    }

    /** ⚠ Codings of one concept are synonyms: the second organism would be lost. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "true, 112283007^Escherichia coli^SCT, 3092008^Staphylococcus aureus^SCT",
                "false, 112283007^Escherichia coli^SCT, 3092008^Staphylococcus aureus^SCT",
                "true, EC^Escherichia coli^L^112283007^E coli^SCT, 3092008^Staphylococcus"
                        + " aureus^SCT^SA^S aureus^L"
            })
    void eachOrganismIsAConceptOfItsOwn(boolean twice, String one, String other) throws Exception {
        var id = "O" + SENT.get();
        var obx = "OBX|%d|CE|ORG^Organism^L||%s||||||F\n";
        send(
                "ORU^R01",
                "0800",
                pid(id),
                "OBR|1||F" + id + "|CULT^Culture^L|||20260301080000",
                twice
                        ? obx.formatted(1, one) + obx.formatted(2, other) + "NTE|1|L|MRSA"
                        : obx.formatted(1, one + "~" + other));

        var organism = only("Observation", id);

        assertThat(texts(organism.path("component"), "valueCodeableConcept"))
                .containsExactly("Escherichia coli", "Staphylococcus aureus");
        assertThat(organism.path("valueCodeableConcept").path("text").asString(""))
                .isEqualTo("Escherichia coli; Staphylococcus aureus");
        assertThat(organism.path("component").path(0).path("code").path("coding").isMissingNode())
                .as("obs-7")
                .isTrue();
        if (twice)
            assertThat(organism.path("note").path(0).path("text").asString(""))
                    .isEqualTo("Staphylococcus aureus: MRSA");
    }

    @Test
    void twoCodingsOfOneOrganismStayOneConcept() throws Exception {
        send(
                "ORU^R01",
                "0800",
                pid("P1"),
                "OBR|1||FP1|CULT^Culture^L|||20260301080000",
                "OBX|1|CE|ORG^Organism^L||112283007^Escherichia coli^SCT^EC^E coli^L||||||F");

        var organism = only("Observation", "P1");

        assertThat(organism.path("component").isMissingNode()).isTrue();
        assertThat(organism.path("valueCodeableConcept").path("coding")).hasSize(2);
    }

    /** ⚠ Nobody said that the replaced one counts again. */
    @Test
    void aDocumentStaysSupersededWhenItsReplacementIsCancelled() throws Exception {
        send("MDM^T02", "0800", pid("R1"), txa("R1-1", ""), "OBX|1|TX|N^Note||old||||||F");
        send("MDM^T10", "0810", pid("R1"), txa("R1-2", "R1-1"), "OBX|1|TX|N^Note||new||||||F");
        assertThat(statuses("R1")).containsExactlyInAnyOrder("superseded", "current");

        send("MDM^T11", "0820", pid("R1"), txa("R1-2", ""));

        assertThat(FHIR.engine.lastReasons()).containsExactly("replacement-cancelled");
        assertThat(statuses("R1")).containsExactly("superseded");
        var old = only("DocumentReference", "R1");
        var cancelled =
                FHIR.get(
                        "DocumentReference/"
                                + FHIR.engine.one(
                                        "select id from clinical_document where number = 'R1-2'"));
        assertThat(cancelled.path("status").asString("")).isEqualTo("entered-in-error");
        var relation = cancelled.path("relatesTo").path(0);
        assertThat(relation.path("code").asString("")).isEqualTo("replaces");
        assertThat(relation.path("target").path("reference").asString(""))
                .isEqualTo("DocumentReference/" + old.path("id").asString(""));
        assertThat(
                        FHIR.engine.one(
                                "select count(*) from clinical_document where number = 'R1-1' and"
                                        + " status = 'active'"))
                .isEqualTo("1");
    }

    @Test
    void aCancelByTheNumberAloneIsNoOrderOfItsOwn() throws Exception {
        send("OML^O21", "0800", pid("Q1"), "ORC|NW|Q1^EMR", "OBR|1|Q1^EMR||K^Potassium^L");
        send("OML^O21", "0810", pid("Q1"), "ORC|CA|Q1^EMR");
        send("OML^O21", "0810", pid("Q2"), "ORC|CA|Q2^EMR");

        var order = only("ServiceRequest", "Q1");

        assertThat(order.path("status").asString("")).isEqualTo("revoked");
        assertThat(order.path("code").path("text").asString("")).isEqualTo("Potassium");
        assertThat(all("ServiceRequest", "Q2")).as("of which nothing else is known").hasSize(1);
    }

    @Test
    void aNumberThatWasMovedIsThatOfItsPatientOnly() throws Exception {
        send("ADT^A28", "0800", pid("B8").replace("^MR|", "^MR~SS8^^^SSA^SS|"));
        send("ADT^A28", "0810", pid("B9"));

        send(
                "ADT^A43",
                "0820",
                "PID|1|B9^^^CLINIC^MR|SS8^^^SSA^SS||DOE^Jane||19710203|F",
                "MRG|SS8^^^SSA^SS|||B8^^^CLINIC^MR");

        assertThat(identifiers("B8")).containsExactly("B8");
        assertThat(identifiers("B9")).containsExactlyInAnyOrder("B9", "SS8");
        assertThat(identifiers("SS8")).containsExactlyInAnyOrder("B9", "SS8");
    }

    // ------------------------------------------------------------ messages and what came of them

    private static void send(String type, String time, String... segments) {
        var id = "F" + SENT.incrementAndGet();
        FHIR.engine.send(
                "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261122%s00||%s|%s|P|2.5.1\n%s"
                        .formatted(time, type, id, String.join("\n", segments)));
        assertThat(FHIR.engine.lastState()).as(type).isEqualTo("charted");
    }

    private static String pid(String number) {
        return "PID|1||%s^^^CLINIC^MR||DOE^Jane||19710203|F".formatted(number);
    }

    private static String death(String number, String time, String died) {
        return pid(number) + "|".repeat(21) + time + "|" + died;
    }

    private static String txa(String number, String parent) {
        return "TXA|1|CN^Consultation|TX|20261122070000|||||77^Ordway^Olga|||%s|%s||||DO"
                .formatted(number, parent);
    }

    private static JsonNode patient(String number) throws Exception {
        var found = FHIR.get("Patient?identifier=" + number).path("entry");
        assertThat(found).as(number).hasSize(1);
        return found.path(0).path("resource");
    }

    private static List<String> identifiers(String number) throws Exception {
        var all = new ArrayList<String>();
        for (var one : patient(number).path("identifier")) all.add(one.path("value").asString(""));
        return all;
    }

    private static List<JsonNode> all(String type, String number) throws Exception {
        var all = new ArrayList<JsonNode>();
        var of = "?patient=Patient/" + patient(number).path("id").asString("");
        for (var entry : FHIR.get(type + of).path("entry"))
            if (entry.path("resource").path("resourceType").asString("").equals(type))
                all.add(entry.path("resource"));
        return all;
    }

    private static JsonNode only(String type, String number) throws Exception {
        var all = all(type, number);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static List<String> statuses(String number) throws Exception {
        return all("DocumentReference", number).stream()
                .map(one -> one.path("status").asString(""))
                .toList();
    }

    private static List<String> texts(JsonNode nodes, String name) {
        var texts = new ArrayList<String>();
        for (var node : nodes) texts.add(node.path(name).path("text").asString(""));
        return texts;
    }
}
