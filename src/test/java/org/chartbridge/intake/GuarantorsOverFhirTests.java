package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Who answers for the bill (GT1), read over FHIR: a real intake, database and socket. */
class GuarantorsOverFhirTests {
    private static final FhirEngine FHIR = new FhirEngine(new AdtEngine());

    private static String person = "";

    @BeforeAll
    static void somebodyHasTwo() {
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103070000||ADT^A04^ADT_A01|GF-1|P|2.5.1
                PID|1||GF-1^^^CLINIC^MR||GUNN^Greta||20150102|F
                PV1|1|O
                GT1|1|G-77^^^CLINIC|GUNN^Gustav^G^JR||1 Main St^Apt 2^Springfield^IL^62701^USA|555-0100|||||FTH||20250101|20301231
                GT1|2||||9 Long Rd^^Dover^DE||||||||||||||||Invented Trust^L
                """);
        person = FHIR.engine.one("select person_id from patient_record where id_value = 'GF-1'");
    }

    @AfterAll
    static void stop() {
        FHIR.close();
    }

    private static List<JsonNode> accounts() throws Exception {
        var all = new ArrayList<JsonNode>();
        for (var entry : FHIR.get("Account?patient=" + person).path("entry"))
            all.add(entry.path("resource"));
        return all;
    }

    @Test
    void aPersonIsARelatedPersonInTheAccount() throws Exception {
        var account = accounts().getFirst();

        assertThat(account.path("status").asString()).isEqualTo("active");
        assertThat(account.path("subject").path(0).path("reference").asString())
                .isEqualTo("Patient/" + person);
        var guarantor = account.path("guarantor").path(0);
        assertThat(guarantor.path("period").path("start").asString()).startsWith("2025-01-01");
        assertThat(guarantor.path("period").path("end").asString()).startsWith("2030-12-31");
        var who = account.path("contained").path(0);
        assertThat(guarantor.path("party").path("reference").asString())
                .isEqualTo("#" + who.path("id").asString());
        assertThat(who.path("resourceType").asString()).isEqualTo("RelatedPerson");
        assertThat(who.path("patient").path("reference").asString()).isEqualTo("Patient/" + person);
        assertThat(who.path("name").path(0).path("family").asString()).isEqualTo("GUNN");
        assertThat(who.path("name").path(0).path("given").toString())
                .isEqualTo("[\"Gustav\",\"G\"]");
        assertThat(who.path("relationship").path(0).path("coding").path(0).path("code").asString())
                .isEqualTo("FTH");
        assertThat(who.path("address").path(0).path("city").asString()).isEqualTo("Springfield");
        assertThat(who.path("telecom").path(0).path("value").asString()).isEqualTo("555-0100");
        assertThat(who.path("identifier").path(0).path("system").asString())
                .isEqualTo("urn:chartbridge:authority:CLINIC");
    }

    @Test
    void anOrganizationIsOne() throws Exception {
        var who = accounts().get(1).path("contained").path(0);

        assertThat(who.path("resourceType").asString()).isEqualTo("Organization");
        assertThat(who.path("name").asString()).isEqualTo("Invented Trust");
        assertThat(accounts().get(1).path("guarantor").path(0).has("period")).isFalse();
    }

    @Test
    void oneIsReadByItsIdAndSaysWhereItComesFrom() throws Exception {
        var id = accounts().getFirst().path("id").asString();

        assertThat(FHIR.get("Account/" + id).path("id").asString()).isEqualTo(id);
        var provenance = FHIR.get("Provenance?target=Account/" + id).path("entry");
        assertThat(provenance.toString()).contains("GT1[1]");
    }

    @Test
    void whoIsOnTheListNoMoreIsNotFoundAmongAPatients() throws Exception {
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103080000||ADT^A04^ADT_A01|GF-2|P|2.5.1
                PID|1||GF-2^^^CLINIC^MR||GUNN^Gerda||20150102|F
                PV1|1|O
                GT1|1||GUNN^Gustav
                """);
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103090000||ADT^A08^ADT_A01|GF-3|P|2.5.1
                PID|1||GF-2^^^CLINIC^MR||GUNN^Gerda||20150102|F
                PV1|1|O
                GT1|1||GUNN^Gudrun
                """);
        var other = FHIR.engine.one("select person_id from patient_record where id_value = 'GF-2'");

        var found = FHIR.get("Account?patient=" + other);

        assertThat(found.toString()).contains("Gudrun").doesNotContain("Gustav");
    }
}
