package org.chartbridge.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.PersonName;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.RegistrationSeed;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.Reports;
import org.chartbridge.database.TestDatabase;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.UUID;

/** What registration charted, over FHIR: a real socket and a real database. */
class RegistrationFhirTests {
    private static final FhirContext FHIR = context();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private static final AnnotationConfigServletWebServerApplicationContext SERVER =
            new AnnotationConfigServletWebServerApplicationContext();
    private static final Instant AT = Instant.parse("2026-11-03T13:00:00Z");

    private static UUID person = new UUID(0, 0);
    private static UUID without = new UUID(0, 0);

    @BeforeAll
    static void start() {
        SERVER.registerBean(
                TomcatServletWebServerFactory.class, () -> new TomcatServletWebServerFactory(0));
        SERVER.registerBean(JdbcClient.class, DATABASE::jdbc);
        SERVER.register(
                Persons.class,
                Reports.class,
                Observations.class,
                Registrations.class,
                CareStatements.class,
                AuditTrail.class,
                ResultRequests.class,
                RegistrationRequests.class,
                RegistrationProvenance.class,
                PatientProvider.class,
                RegistrationProviders.class,
                OrdersStanding.class,
                ServiceRequestProvider.class,
                ProvenanceProvider.class,
                FhirConfiguration.class);
        SERVER.refresh();
        var seed = seed("M1", "DOE", 100).write("Dr. Ordway", AT);
        person = seed.person();
        without = seed("M2", "POE", 200).noAllergies(AT).person();
    }

    private static RegistrationSeed seed(String number, String family, long firstEntry) {
        return new RegistrationSeed(
                DATABASE.dataSource(),
                new RecordKey("CLINIC", "MR", number),
                new PersonName(family, "Jane", "", ""),
                "1971-02-03",
                firstEntry);
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        DATABASE.close();
    }

    @Test
    void aPatientHasAddressTelephoneLanguageAndMaritalStatus() {
        var patient = read(Patient.class, "/Patient/" + person);

        assertThat(patient.getAddressFirstRep().getLine().getFirst().getValue())
                .isEqualTo("9 New Rd");
        assertThat(patient.getAddressFirstRep().getCity()).isEqualTo("Shelbyville");
        assertThat(patient.getTelecomFirstRep().getValue()).isEqualTo("555-0199");
        assertThat(patient.getMaritalStatus().getCodingFirstRep().getSystem())
                .isEqualTo("http://terminology.hl7.org/CodeSystem/v2-0002");
        assertThat(patient.getCommunicationFirstRep().getLanguage().getText()).isEqualTo("English");
        assertThat(patient.getGeneralPractitionerFirstRep().getDisplay()).isEqualTo("Dr. Ordway");
    }

    /** DESIGN §6: merged-away is inactive, with a link to who stays; its id lives on. */
    @Test
    void aMergedAwayPatientIsInactiveAndLeadsToTheOneWhoStays() {
        var gone = seed("M3", "DOE", 300).write("Dr. Ordway", AT).person();
        var stays = seed("M4", "DOE", 400).write("Dr. Ordway", AT).person();
        DATABASE.jdbc()
                .sql(
                        """
                        update patient_record set own_person = person_id, person_id = :stays
                        where person_id = :gone
                        """)
                .param("stays", stays)
                .param("gone", gone)
                .update();

        var patient = read(Patient.class, "/Patient/" + gone);

        assertThat(patient.getActive()).isFalse();
        assertThat(patient.getLinkFirstRep().getType()).isEqualTo(Patient.LinkType.REPLACEDBY);
        assertThat(patient.getLinkFirstRep().getOther().getReference())
                .isEqualTo("Patient/" + stays);
        assertThat(read(Patient.class, "/Patient/" + stays).getIdentifier())
                .extracting(org.hl7.fhir.r4.model.Identifier::getValue)
                .contains("M3", "M4");
        assertThat(bundle("/Encounter?patient=" + gone).getTotal())
                .as("by the old id too")
                .isEqualTo(bundle("/Encounter?patient=" + stays).getTotal())
                .isPositive();
    }

    @Test
    void aVisitIsReadAndFoundByPatient() {
        var found = bundle("/Encounter?patient=" + person);
        var visit = (Encounter) found.getEntryFirstRep().getResource();

        assertThat(found.getTotal()).isEqualTo(1);
        assertThat(visit.getStatus()).isEqualTo(Encounter.EncounterStatus.INPROGRESS);
        assertThat(visit.getClass_().getCode()).isEqualTo("IMP");
        assertThat(visit.getIdentifierFirstRep().getValue()).isEqualTo("V-1-M1");
        assertThat(visit.getLocationFirstRep().getLocation().getDisplay())
                .isEqualTo("WARD · 1 · Dr. Ordway");
        assertThat(visit.getPeriod().getStartElement().getValueAsString())
                .isEqualTo("2026-11-03T09:00:00-05:00");
        assertThat(read(Encounter.class, "/Encounter/" + visit.getIdElement().getIdPart()).getId())
                .contains(visit.getIdElement().getIdPart());
    }

    @Test
    void allergiesAreFoundByIdentifierAndNoKnownAllergyIsNone() {
        var found = bundle("/AllergyIntolerance?patient.identifier=M1");

        assertThat(found.getEntry()).hasSize(2);
        var allergy = (AllergyIntolerance) found.getEntryFirstRep().getResource();
        assertThat(allergy.getCode().getText()).isEqualTo("Penicillin");
        assertThat(allergy.getClinicalStatus().getCodingFirstRep().getCode()).isEqualTo("active");
        assertThat(allergy.getCriticality().toCode()).isEqualTo("high");
        assertThat(allergy.getReactionFirstRep().getManifestationFirstRep().getText())
                .isEqualTo("Hives");
        assertThat(bundle("/AllergyIntolerance?patient=" + without).getEntry()).isEmpty();
    }

    @Test
    void diagnosesPointToTheirVisit() {
        var condition =
                (Condition) bundle("/Condition?patient=" + person).getEntryFirstRep().getResource();

        assertThat(condition.getCode().getCodingFirstRep().getSystem())
                .isEqualTo("http://hl7.org/fhir/sid/icd-10-cm");
        assertThat(condition.getCategoryFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("encounter-diagnosis");
        assertThat(status("/" + condition.getEncounter().getReference())).isEqualTo(200);
    }

    @Test
    void coverageSaysWhoPaysAndUntilWhen() {
        var coverage =
                (Coverage) bundle("/Coverage?patient=" + person).getEntryFirstRep().getResource();

        assertThat(coverage.getPayorFirstRep().getDisplay()).isEqualTo("Acme Health Dr. Ordway");
        assertThat(coverage.getSubscriberId()).isEqualTo("POL-30");
        assertThat(coverage.getOrder()).isEqualTo(1);
        assertThat(coverage.getPeriod().getEndElement().getValueAsString()).isEqualTo("2026-12-31");
        assertThat(coverage.getRelationship().getCodingFirstRep().getCode()).isEqualTo("self");
    }

    @Test
    void provenanceNamesEntryAndSegmentOfEverything() {
        for (var type : new String[] {"Encounter", "AllergyIntolerance", "Condition", "Coverage"}) {
            var id =
                    bundle("/" + type + "?patient=" + person)
                            .getEntryFirstRep()
                            .getResource()
                            .getIdElement()
                            .getIdPart();
            var provenance =
                    (Provenance)
                            bundle("/Provenance?target=" + type + "/" + id)
                                    .getEntryFirstRep()
                                    .getResource();

            assertThat(provenance.getEntityFirstRep().getWhat().getIdentifier().getValue())
                    .as(type)
                    .matches("10\\d#(PV1|AL1\\[1]|DG1\\[1]|IN1\\[1])");
            assertThat(status("/Provenance/" + provenance.getIdElement().getIdPart()))
                    .isEqualTo(200);
        }
        var ofPatient = bundle("/Provenance?target=Patient/" + person);
        assertThat(ofPatient.getEntry()).hasSize(1);
        var provenance = (Provenance) ofPatient.getEntryFirstRep().getResource();
        assertThat(provenance.getEntity())
                .extracting(entity -> entity.getWhat().getIdentifier().getValue())
                .contains("104#PID-11.3", "104#PID-13");
        assertThat(status("/Provenance/" + provenance.getIdElement().getIdPart())).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/Encounter",
                "/AllergyIntolerance?code=1",
                "/Coverage?patient=Group/1",
                "/Condition?patient=x&patient=y"
            })
    void aSearchWithoutAPatientOrWithMoreIsRefused(String path) {
        assertThat(status(path)).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/Encounter/1", "/AllergyIntolerance/x", "/Condition/0", "/Coverage/999999"})
    void whatIsNotThereIsNotFound(String path) {
        assertThat(status(path)).isEqualTo(404);
    }

    // ------------------------------------------------------------------ asking

    private static HttpResponse<String> get(String path) {
        var server = java.util.Objects.requireNonNull(SERVER.getWebServer());
        var uri = URI.create("http://127.0.0.1:" + server.getPort() + "/fhir" + path);
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(uri).header("Accept", "application/fhir+json").build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int status(String path) {
        return get(path).statusCode();
    }

    private static <T extends Resource> T read(Class<T> type, String path) {
        var response = get(path);
        assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
        return FHIR.newJsonParser()
                .setParserErrorHandler(new StrictErrorHandler())
                .parseResource(type, response.body());
    }

    private static Bundle bundle(String path) {
        return read(Bundle.class, path);
    }

    private static FhirContext context() {
        var context = FhirContext.forR4();
        context.getParserOptions().setStripVersionsFromReferences(false);
        return context;
    }
}
