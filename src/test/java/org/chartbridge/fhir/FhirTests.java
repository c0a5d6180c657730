package org.chartbridge.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.ChartSeed;
import org.chartbridge.chart.Documents;
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.Reports;
import org.chartbridge.database.TestDatabase;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The FHIR server over a real socket and a real database, without the login before it. */
class FhirTests {
    private static final FhirContext FHIR = context();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private static final AnnotationConfigServletWebServerApplicationContext SERVER =
            new AnnotationConfigServletWebServerApplicationContext();

    private final ChartSeed seed = SEED;
    private static final ChartSeed SEED = new ChartSeed(DATABASE.dataSource());
    private UUID person = new UUID(0, 0);
    private long record;
    private String mrn = "";

    @BeforeAll
    static void start() {
        SERVER.registerBean(
                TomcatServletWebServerFactory.class, () -> new TomcatServletWebServerFactory(0));
        SERVER.registerBean(JdbcClient.class, DATABASE::jdbc);
        SERVER.register(
                Persons.class,
                Reports.class,
                Observations.class,
                Documents.class,
                AuditTrail.class,
                ResultRequests.class,
                Registrations.class,
                CareStatements.class,
                RegistrationProvenance.class,
                PatientProvider.class,
                ObservationProvider.class,
                DiagnosticReportProvider.class,
                RegistrationRequests.class,
                OrdersStanding.class,
                ServiceRequestProvider.class,
                ProvenanceProvider.class,
                BinaryProvider.class,
                FhirConfiguration.class);
        SERVER.refresh();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        DATABASE.close();
    }

    @BeforeEach
    void onePatient() {
        person = seed.person();
        mrn = "M" + seed.next();
        record =
                seed.record(
                        person,
                        "CLINIC|MR|" + mrn,
                        "EXAMPLE" + mrn + "^Ada",
                        "1970-02",
                        ",{\"authority\":\"2.16.840.1.113883.4.1\",\"type\":\"SS\",\"value\":\"S%s\"}"
                                .formatted(mrn));
    }

    @Test
    void metadataSaysWhatIsOfferedAndNoMore() {
        var statement = read(CapabilityStatement.class, "/metadata");

        var rest = statement.getRestFirstRep();
        assertThat(rest.getResource().stream().map(r -> r.getType()))
                .contains("Patient", "Observation", "DiagnosticReport", "Provenance", "Binary");
        assertThat(rest.getResource().stream().flatMap(r -> r.getInteraction().stream()))
                .extracting(i -> i.getCode().toCode())
                .containsOnly("read", "vread", "history-instance", "search-type");
    }

    @Test
    void aPatientIsReadAsSentWithEveryIdentifier() {
        var patient = read(Patient.class, "/Patient/" + person);

        assertThat(patient.getIdElement().getIdPart()).isEqualTo(person.toString());
        assertThat(patient.getBirthDateElement().getValueAsString()).isEqualTo("1970-02");
        assertThat(patient.getIdentifier())
                .extracting(i -> i.getSystem() + " " + i.getValue())
                .containsExactly(
                        "urn:chartbridge:authority:CLINIC " + mrn,
                        "urn:oid:2.16.840.1.113883.4.1 S" + mrn);
        assertThat(patient.getNameFirstRep().getFamily()).isEqualTo("EXAMPLE" + mrn);
    }

    @Test
    void aPatientIsFoundByIdentifierInAllThreeForms() {
        assertThat(found("/Patient?identifier=" + mrn)).hasSize(1);
        assertThat(found("/Patient?identifier=" + q("urn:chartbridge:authority:CLINIC|" + mrn)))
                .hasSize(1);
        assertThat(found("/Patient?identifier=" + q("CLINIC|" + mrn))).hasSize(1);
        assertThat(found("/Patient?identifier=" + q("urn:oid:2.16.840.1.113883.4.1|S" + mrn)))
                .hasSize(1);
        assertThat(found("/Patient?identifier=" + q("|" + mrn))).isEmpty();
        assertThat(found("/Patient?identifier=" + q("OTHER|" + mrn))).isEmpty();
        assertThat(found("/Patient?identifier=nobody," + mrn)).hasSize(1);
        assertThat(found("/Patient?family=example" + mrn + "&given=a&birthdate=1970-02"))
                .hasSize(1);
        assertThat(found("/Patient?family=example" + mrn + "&birthdate=gt1970")).isEmpty();
        assertThat(found("/Patient?_id=" + person)).hasSize(1);
        assertThat(found("/Patient?_id=1")).isEmpty();
    }

    @Test
    void everyResourceIsTheSameInXmlAndJson() {
        var value = sodium();
        for (var path :
                List.of(
                        "/Patient/" + person,
                        "/Observation/" + value.series(),
                        "/DiagnosticReport/" + value.get("report_series"))) {
            var json = get(path, "application/fhir+json");
            var xml = get(path, "application/fhir+xml");

            assertThat(xml.headers().firstValue("Content-Type").orElse("")).contains("fhir+xml");
            assertThat(json(strict(FHIR.newXmlParser()).parseResource(xml.body())))
                    .isEqualTo(json(strict(FHIR.newJsonParser()).parseResource(json.body())));
        }
    }

    /** FHIR R4 §2.24.0.1: no characters below 32 but tab, line feed and return. */
    @Test
    void whatNoXmlCanCarryIsASpaceInEitherFormat() {
        var value =
                observation(
                        o ->
                                text(o, "a\u0001b\u001B[1mcd\uFFFFe \uD83D\uDE00")
                                        .set("value_type", "ST")
                                        .set("code", "X")
                                        .set("code_system", "L"));
        var path = "/Observation/" + value.series();

        for (var format : List.of("application/fhir+json", "application/fhir+xml")) {
            var body = get(path, format).body();
            var parser = format.endsWith("xml") ? FHIR.newXmlParser() : FHIR.newJsonParser();

            assertThat(strict(parser).parseResource(Observation.class, body).getValue().toString())
                    .startsWith("a b [1mcd e \uD83D\uDE00");
        }
    }

    @Test
    void anObservationSaysWhatTheLabSaid() {
        var value =
                observation(
                        o ->
                                o.set("value_text", "<5.10")
                                        .set("value_number", new BigDecimal("5.10"))
                                        .set("comparator", "<")
                                        .set("code", "K")
                                        .set("code_system", "L")
                                        .set(
                                                "alternate",
                                                "{\"code\":\"2823-3\",\"text\":\"Potassium\",\"system\":\"LN\"}")
                                        .set("flags", "LL~*")
                                        .set("sub_id", "1.2")
                                        .set("performer", "North Laboratory"));
        seed.note(value, "called to the ward");

        var read = read(Observation.class, "/Observation/" + value.series());

        assertThat(read.getStatus()).isEqualTo(Observation.ObservationStatus.FINAL);
        assertThat(read.getValueQuantity().getValue()).isEqualTo(new BigDecimal("5.10"));
        assertThat(read.getValueQuantity().getComparator().toCode()).isEqualTo("<");
        assertThat(read.getValueQuantity().getSystem()).isEqualTo("http://unitsofmeasure.org");
        assertThat(read.getCode().getCoding())
                .extracting(c -> c.getSystem() + " " + c.getCode())
                .containsExactly("urn:chartbridge:code:northlab:L K", "http://loinc.org 2823-3");
        assertThat(read.getInterpretation()).hasSize(2);
        assertThat(read.getInterpretation().getFirst().getCodingFirstRep().getCode())
                .isEqualTo("LL");
        assertThat(read.getInterpretation().getLast().hasCoding()).isFalse();
        assertThat(read.getInterpretation().getLast().getText()).isEqualTo("*");
        assertThat(read.getReferenceRangeFirstRep().getText()).isEqualTo("135-145");
        assertThat(read.getNoteFirstRep().getText()).isEqualTo("called to the ward");
        assertThat(read.getEffectiveDateTimeType().getValueAsString())
                .isEqualTo("2026-03-01T23:30:00-05:00");
        assertThat(read.getMeta().getVersionId()).isEqualTo("1");
        assertThat(read.getPerformerFirstRep().getDisplay()).isEqualTo("North Laboratory");
    }

    @Test
    void aDateWithoutTimeNeverShifts() {
        var value = observation(o -> o.collected("observed", "20260301"));

        var read = read(Observation.class, "/Observation/" + value.series());

        assertThat(read.getEffectiveDateTimeType().getValueAsString()).isEqualTo("2026-03-01");
    }

    @Test
    void aUnitIsUcumOnlyWhenTheLabSaysSo() {
        var value = observation(o -> o.set("unit_system", ""));

        var quantity = read(Observation.class, "/Observation/" + value.series()).getValueQuantity();

        assertThat(quantity.getUnit()).isEqualTo("mmol/L");
        assertThat(quantity.hasSystem()).isFalse();
        assertThat(quantity.hasCode()).isFalse();
    }

    @Test
    void aLabsOwnCodeAndUnitComeWithTheirLoincAndUcum() {
        var value =
                observation(
                        o ->
                                o.set("code", "GLU")
                                        .set("code_system", "L")
                                        .set("unit", "mg/dl")
                                        .set("unit_system", "")
                                        .set("loinc", "2345-7")
                                        .set("ucum", "mg/dL"));

        var read = read(Observation.class, "/Observation/" + value.series());

        assertThat(read.getCode().getCoding())
                .extracting(c -> c.getSystem() + " " + c.getCode())
                .containsExactly("urn:chartbridge:code:northlab:L GLU", "http://loinc.org 2345-7");
        assertThat(read.getValueQuantity().getUnit()).isEqualTo("mg/dl");
        assertThat(read.getValueQuantity().getSystem()).isEqualTo("http://unitsofmeasure.org");
        assertThat(read.getValueQuantity().getCode()).isEqualTo("mg/dL");
    }

    @Test
    void whatWasNotPerformedHasAReasonAndNoValue() {
        var cancelled = observation(o -> o.set("status", "X").set("value_text", "hemolysed"));
        var inWords = observation(o -> o.set("value_text", "QNS").set("not_performed", true));
        var empty = observation(o -> text(o, ""));
        var pending = observation(o -> text(o, "").set("status", "I"));

        var read = read(Observation.class, "/Observation/" + cancelled.series());
        var words = read(Observation.class, "/Observation/" + inWords.series());
        var nothing = read(Observation.class, "/Observation/" + empty.series());
        var later = read(Observation.class, "/Observation/" + pending.series());

        assertThat(read.getStatus()).isEqualTo(Observation.ObservationStatus.CANCELLED);
        assertThat(read.hasValue()).isFalse();
        assertThat(read.getDataAbsentReason().getCodingFirstRep().getCode())
                .isEqualTo("not-performed");
        assertThat(read.getDataAbsentReason().getText()).isEqualTo("hemolysed");
        assertThat(words.hasValue()).isFalse();
        assertThat(words.getDataAbsentReason().getText()).isEqualTo("QNS");
        assertThat(nothing.getDataAbsentReason().getCodingFirstRep().getCode())
                .isEqualTo("unknown");
        assertThat(later.getStatus()).isEqualTo(Observation.ObservationStatus.REGISTERED);
        assertThat(later.hasDataAbsentReason()).isFalse();
    }

    @Test
    void codedAndTextValuesKeepAllTheirCodings() {
        var coded =
                observation(
                        o ->
                                text(o, "Positive")
                                        .set("value_type", "CE")
                                        .set(
                                                "value_codings",
                                                "[{\"code\":\"10828004\",\"text\":\"Positive\",\"system\":\"SNM\"},{\"code\":\"POS\",\"text\":\"pos\",\"system\":\"99LAB\"},{\"code\":\"G-A200\",\"text\":\"\",\"system\":\"SNM\"}]"));
        var text = observation(o -> text(o, "first line\nsecond line").set("value_type", "TX"));

        var concept =
                read(Observation.class, "/Observation/" + coded.series()).getValueCodeableConcept();

        assertThat(concept.getCoding())
                .extracting(c -> c.getSystem() + " " + c.getCode())
                .containsExactly(
                        "http://snomed.info/sct 10828004",
                        "urn:chartbridge:code:northlab:99LAB POS",
                        "urn:chartbridge:code:northlab:SNM G-A200");
        assertThat(
                        read(Observation.class, "/Observation/" + text.series())
                                .getValueStringType()
                                .getValue())
                .isEqualTo("first line\nsecond line");
    }

    @Test
    void whatIsMeasuredAndNoNumberKeepsItsUnit() {
        var units =
                Map.of(
                        "10-20", "10-20 /hpf",
                        "4,5", "4,5 /hpf",
                        "1:128", "1:128 /hpf",
                        "5 /hpf", "5 /hpf",
                        "Negative", "Negative");

        units.forEach(
                (text, wanted) -> {
                    var sent = observation(o -> text(o, text).set("unit", "/hpf"));
                    assertThat(
                                    read(Observation.class, "/Observation/" + sent.series())
                                            .getValueStringType()
                                            .getValue())
                            .isEqualTo(wanted);
                });
    }

    @Test
    void aCorrectedValueIsReadCorrectedAndItsVersionsAreKept() {
        var first = sodium();
        var second = seed.again(first).set("value_text", "130").set("corrected", true);
        second.set("value_number", new BigDecimal("130")).write();
        first.becomes("replaced", second);
        seed.again(second).set("standing", "late").write();
        var path = "/Observation/" + first.series();

        var now = read(Observation.class, path);
        var before = read(Observation.class, path + "/_history/1");
        var history = bundle(path + "/_history");

        assertThat(now.getStatus()).isEqualTo(Observation.ObservationStatus.CORRECTED);
        assertThat(now.getMeta().getVersionId()).isEqualTo("2");
        assertThat(before.getValueQuantity().getValue()).isEqualTo(new BigDecimal("140"));
        assertThat(history.getType()).isEqualTo(Bundle.BundleType.HISTORY);
        assertThat(history.getEntry()).hasSize(2);
        assertThat(failure(path + "/_history/3", 404)).isNotEmpty();
        assertThat(found("/Observation?patient=" + person + "&status=corrected")).hasSize(1);
        assertThat(found("/Observation?patient=" + person + "&status=final")).isEmpty();
    }

    /** ⚠ A susceptibility whose culture names another organism by now is no final result. */
    @Test
    void whatIsOfACorrectedIsolateIsServedAsUnknownWithAWord() {
        var culture = seed.report(record, "K-1", "202603010800").write();
        var coli = organism(culture, "Escherichia coli").write();
        var report = seed.report(record, "S-1", "202603010800").set("parent_number", "K-1").write();
        var value = seed.observation(report, "202603010800").set("sub_id", "1").write();
        var path = "/Observation/" + value.series();
        assertThat(read(Observation.class, path).getStatus())
                .isEqualTo(Observation.ObservationStatus.FINAL);

        var other =
                seed.again(coli)
                        .set("value_text", "Staphylococcus aureus")
                        .set("status", "C")
                        .set("corrected", true)
                        .set("issued_at", ChartSeed.at("2026-03-02T11:00:00Z"))
                        .write();
        coli.becomes("replaced", other);

        var now = read(Observation.class, path);
        assertThat(now.getStatus()).isEqualTo(Observation.ObservationStatus.UNKNOWN);
        assertThat(now.getNoteFirstRep().getText())
                .startsWith("Not valid until the laboratory reports it again")
                .contains("is Staphylococcus aureus now");
        assertThat(now.getMeta().getVersionId()).isEqualTo("1-" + other.get("entry_id"));
        assertThat(now.getMeta().getLastUpdated()).isEqualTo("2026-03-02T12:00:00Z");
        for (var version : List.of("1", now.getMeta().getVersionId()))
            assertThat(read(Observation.class, path + "/_history/" + version).getStatus())
                    .isEqualTo(Observation.ObservationStatus.UNKNOWN);
        var whole = read(DiagnosticReport.class, "/DiagnosticReport/" + report.series());
        assertThat(whole.getStatus()).isEqualTo(DiagnosticReport.DiagnosticReportStatus.UNKNOWN);
        assertThat(whole.getConclusion()).startsWith("Not valid until");
        for (var type : List.of("Observation", "DiagnosticReport")) {
            var search = "/" + type + "?patient=" + person + "&status=";
            assertThat(found(search + "unknown")).hasSize(1);
            assertThat(found(search + "final")).hasSize(type.equals("Observation") ? 0 : 1);
            assertThat(found(search + "final,unknown")).hasSize(type.equals("Observation") ? 1 : 2);
        }
        assertThat(found("/Observation?patient=" + person)).hasSize(2);
    }

    private ChartSeed.Row organism(ChartSeed.Row culture, String name) {
        return seed.observation(culture, "202603010800")
                .set("code", "600-7")
                .set("code_text", "Organism")
                .set("sub_id", "1")
                .set("value_type", "ST")
                .set("value_text", name)
                .set("unit", "")
                .without("value_number");
    }

    @Test
    void whatWasTakenBackIsGoneEverywhere() {
        var first = sodium();
        var document = seed.document(first, "%PDF-1.4 gone");
        var deletion = seed.again(first).set("status", "D").set("standing", "withdrawal").write();
        first.becomes("withdrawn", deletion);
        var path = "/Observation/" + first.series();

        failure(path, 410);
        failure(path + "/_history/1", 410);
        failure(path + "/_history", 410);
        failure("/Binary/" + document, 404);
        assertThat(found("/Observation?patient=" + person)).isEmpty();
        assertThat(found("/Observation?_id=" + first.series())).isEmpty();
        assertThat(found("/Provenance?target=Observation/" + first.series())).isEmpty();
        failure("/Provenance/observation-" + first.series() + "-1", 404);
        failure("/DiagnosticReport/" + first.get("report_series"), 410);
        assertThat(found("/DiagnosticReport?patient=" + person)).isEmpty();
    }

    @Test
    void aReportPointsToItsValuesAndItsDocument() throws Exception {
        var provider = seed.provider("NPI", "1234567893", "READER", "Rhea");
        var report =
                seed.report(record, "F-" + mrn, "202603010800")
                        .set("interpreter", provider)
                        .write();
        var value = seed.observation(report, "202603010800").write();
        var document = seed.document(value, "%PDF-1.4 invented");
        seed.note(report, "fasting");

        var bundle = bundle("/DiagnosticReport?patient=" + person);
        var read = (DiagnosticReport) bundle.getEntryFirstRep().getResource();

        assertThat(read.getIdentifier())
                .extracting(i -> i.getType().getCodingFirstRep().getCode() + " " + i.getValue())
                .containsExactly("PLAC P-F-" + mrn, "FILL F-" + mrn);
        assertThat(read.getResultsInterpreterFirstRep().getDisplay()).isEqualTo("Rhea READER");
        assertThat(read.getBasedOn()).hasSize(1);
        assertThat(resolves(read.getBasedOnFirstRep().getReference())).isTrue();
        assertThat(resolves(read.getSubject().getReference())).isTrue();
        assertThat(read.getResult()).hasSize(1);
        assertThat(resolves(read.getResultFirstRep().getReference())).isTrue();
        var form = read.getPresentedFormFirstRep();
        assertThat(form.getContentType()).isEqualTo("application/pdf");
        assertThat(form.getUrl()).isEqualTo("Binary/" + document);
        var raw = get("/" + form.getUrl(), "*/*");
        assertThat(raw.body()).isEqualTo("%PDF-1.4 invented");
        assertThat(raw.headers().firstValue("Content-Type").orElse("")).contains("application/pdf");
        assertThat(raw.headers().firstValue("Content-Disposition").orElse(""))
                .startsWithIgnoringCase("attachment");
        var resource = get("/" + form.getUrl(), "application/fhir+json").body();
        assertThat(FHIR.newJsonParser().parseResource(Binary.class, resource).getContentType())
                .isEqualTo("application/pdf");
    }

    @Test
    void provenanceNamesTheEntryTheSegmentAndThePartner() {
        var value = sodium();
        var path = "/Provenance?target=Observation/" + value.series();

        var provenance = (Provenance) bundle(path).getEntryFirstRep().getResource();
        var ofReport = found("/Provenance?target=DiagnosticReport/" + value.get("report_series"));

        assertThat(provenance.getEntityFirstRep().getWhat().getIdentifier().getValue())
                .isEqualTo(value.get("entry_id") + "#OBX[1]");
        assertThat(provenance.getAgentFirstRep().getWho().getDisplay()).isEqualTo("northlab");
        assertThat(provenance.getRecorded()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(provenance.getTargetFirstRep().getReference())
                .isEqualTo("Observation/" + value.series() + "/_history/1");
        assertThat(resolves(provenance.getTargetFirstRep().getReference())).isTrue();
        assertThat(resolves("Provenance/" + provenance.getIdElement().getIdPart())).isTrue();
        assertThat(ofReport).hasSize(1);
        failure("/Provenance?target=Practitioner/" + person, 400);
        failure("/Provenance", 400);
    }

    @Test
    void resultsAreSearchedByPatientCodeAndDate() {
        var value = observation(o -> o.set("code", "NA").set("code_system", "99 LAB"));
        var own = "/Observation?patient=" + person;

        assertThat(found("/Observation?patient=Patient/" + person)).hasSize(1);
        assertThat(found("/Observation?patient.identifier=" + q("CLINIC|" + mrn))).hasSize(1);
        assertThat(found("/Observation?patient.identifier=nobody")).isEmpty();
        assertThat(found("/DiagnosticReport?patient.identifier=" + mrn)).hasSize(1);
        assertThat(found(own + "&code=NA")).hasSize(1);
        assertThat(found(own + "&code=" + q("urn:chartbridge:code:northlab:99%20LAB|NA")))
                .hasSize(1);
        assertThat(found(own + "&code=" + q("urn:chartbridge:code:southlab:99%20LAB|NA")))
                .isEmpty();
        assertThat(found(own + "&code=" + q("http://loinc.org|NA"))).isEmpty();
        assertThat(found(own + "&code=" + q("|NA"))).isEmpty();
        assertThat(found(own + "&code=X,NA")).hasSize(1);
        assertThat(found(own + "&date=2026-03-01")).hasSize(1);
        assertThat(found(own + "&date=ge2026-02&date=lt2026-04")).hasSize(1);
        assertThat(found(own + "&date=ge2026-02&date=lt2026-03")).isEmpty();
        assertThat(found(own + "&date=" + q("2026-03-01T23:30-05:00"))).hasSize(1);
        assertThat(found(own + "&date=" + q("2026-03-02T04:30:00Z"))).hasSize(1);
        assertThat(found(own + "&date=" + q("gt2026-03-02T04:30:00Z"))).isEmpty();
        assertThat(found(own + "&category=laboratory")).hasSize(1);
        assertThat(found(own + "&category=vital-signs")).isEmpty();
        assertThat(found("/Observation?_id=" + value.series() + ",1,x")).hasSize(1);
        assertThat(found("/DiagnosticReport?patient=" + person + "&status=final&category=LAB"))
                .hasSize(1);
        assertThat(found("/DiagnosticReport?patient=" + person + "&status=partial")).isEmpty();
        assertThat(found("/DiagnosticReport?patient=" + person + "&code=BMP")).hasSize(1);
        assertThat(found("/Observation?patient=" + new UUID(7, 7))).isEmpty();
    }

    @Test
    void aResultThatNobodyOrderedHasTheLaboratorysOwnOrder() {
        var orderer = seed.provider("NPI", "1234567893", "ASKER", "Ann");
        var report =
                seed.report(record, "F-" + mrn, "202603010800")
                        .set("ordering_provider", orderer)
                        .write();
        seed.report(record, "@20260301", "20260301")
                .set("placer_number", "")
                .set("code", "")
                .set("code_text", "Observations without an order")
                .write();

        var orders = found("/ServiceRequest?patient=" + person);

        assertThat(orders).hasSize(1);
        var read = read(ServiceRequest.class, "/ServiceRequest/report-" + report.series());
        assertThat(read.getIntent()).isEqualTo(ServiceRequest.ServiceRequestIntent.FILLERORDER);
        assertThat(read.getStatus()).isEqualTo(ServiceRequest.ServiceRequestStatus.COMPLETED);
        assertThat(read.getIdentifier())
                .extracting(i -> i.getType().getCodingFirstRep().getCode() + " " + i.getValue())
                .containsExactly("PLAC P-F-" + mrn, "FILL F-" + mrn);
        assertThat(read.getCode().getCodingFirstRep().getCode()).isEqualTo("BMP");
        assertThat(read.getRequester().getDisplay()).isEqualTo("Ann ASKER");
        assertThat(found("/ServiceRequest?_id=report-" + report.series())).hasSize(1);
        assertThat(found("/ServiceRequest?_id=report-0,report-x")).isEmpty();
    }

    /** ⚠ Twice in a list looks like two orders. */
    @Test
    void anOrderThatWasSentStandsOnceInAListAndItsReportIsBasedOnIt() {
        long order = placed("P-F-" + mrn, "BMP");
        long other = placed("P-F-" + mrn + "-2", "CBC");
        var report = seed.report(record, "F-" + mrn, "202603010800").write();
        var unsolicited = seed.report(record, "G-" + mrn, "202603010900").write();

        var all = found("/ServiceRequest?patient=" + person);
        var first = bundle("/ServiceRequest?patient=" + person + "&_count=2");
        var second = bundle("/ServiceRequest?patient=" + person + "&_count=2&_offset=2");

        assertThat(all)
                .extracting(each -> each.getResource().getIdElement().getIdPart())
                .containsExactlyInAnyOrder(
                        Long.toString(order),
                        Long.toString(other),
                        "report-" + unsolicited.series());
        assertThat(first.getTotal()).isEqualTo(3);
        assertThat(first.getEntry()).hasSize(2);
        assertThat(second.getEntry()).hasSize(1);
        assertThat(
                        read(DiagnosticReport.class, "/DiagnosticReport/" + report.series())
                                .getBasedOnFirstRep()
                                .getReference())
                .isEqualTo("ServiceRequest/" + order);
        assertThat(
                        read(ServiceRequest.class, "/ServiceRequest/report-" + report.series())
                                .getBasedOnFirstRep()
                                .getReference())
                .isEqualTo("ServiceRequest/" + order);
    }

    @Test
    void theOrderBehindAWithdrawnReportIsGone() {
        var report = seed.report(record, "F-" + mrn, "202603010800").write();
        seed.observation(report, "202603010800").set("standing", "withdrawal").write();

        assertThat(found("/ServiceRequest?patient=" + person)).isEmpty();
        failure("/ServiceRequest/report-" + report.series(), 410);
        failure("/ServiceRequest/report-4711", 404);
    }

    private long placed(String placer, String code) {
        long id = seed.next();
        DATABASE.jdbc()
                .sql(
                        """
                        insert into placed_order (
                            id, record_id, partner, visit_id, item_key, entry_id, recorded_at, path,
                            status, listed_entry, removed_entry, code, code_text, code_system,
                            placer_number, filler_number, group_number, state, control,
                            state_as_sent, priority, ordered_as_sent, collected_as_sent, clinician,
                            reason, specimen, details)
                        values (:id, :record, 'emr', 0, :placer, :id, now(), 'OBR[1]', 'active', :id,
                                0, :code, '', 'L', :placer, '', '', 'active', 'NW', '', '', '', '',
                                '', '', '', '')
                        """)
                .param("id", id)
                .param("record", record)
                .param("placer", placer)
                .param("code", code)
                .update();
        return id;
    }

    @Test
    void aLongListComesInPagesThatLinkToTheNext() {
        var report = seed.report(record, "F-" + mrn, "202603010800").write();
        for (var n = 0; n < 7; n++) seed.observation(report, "20260301080" + n).write();

        var seen = new ArrayList<String>();
        var path = "/Observation?patient=" + person + "&_count=3";
        var first = bundle(path);
        var page = first;
        for (var pages = 1; ; pages++) {
            page.getEntry().forEach(e -> seen.add(e.getResource().getIdElement().getIdPart()));
            var next = page.getLink("next");
            if (next == null) break;
            assertThat(pages).isLessThan(4);
            page = bundle(next.getUrl().substring(base().length()));
        }

        assertThat(first.getTotal()).isEqualTo(7);
        assertThat(first.getEntry()).hasSize(3);
        assertThat(first.getLink("self").getUrl()).contains("patient=" + person);
        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
        assertThat(bundle("/Observation?patient=" + person + "&_count=100000").getEntry())
                .hasSize(7);
        failure("/Observation?patient=" + person + "&_offset=99999999", 400);
        failure("/Observation?patient=" + person + "&_offset=-1", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/Patient?name=x",
                "/Patient?identifer=4711",
                "/Patient?family:exact=Example",
                "/Patient?family:missing=true",
                "/Patient?identifier=a&identifier=b",
                "/Patient?birthdate=yesterday",
                "/Patient?birthdate=ap1970",
                "/Patient?birthdate=2026-03-01T10:00:00Z",
                "/Patient?_sort=family",
                "/Patient?_include=*",
                "/Patient?identifier=",
                "/Observation",
                "/Observation?code=2951-2",
                "/Observation?patient=Device/1",
                "/Observation?patient=1&date=2026-03-01T10:00",
                "/Observation?patient=1&_count=0",
                "/Observation?patient=1&_count=x",
                "/Observation?patient.name=x",
                "/Observation?patient=1&subject=2",
                "/metadata?x=1"
            })
    void whatWouldBeOverlookedIsRefused(String path) {
        failure(path, 400);
    }

    @Test
    void anUnknownParameterIsRefusedByNameAndTheKnownOnesAreSaid() {
        assertThat(failure("/Patient?identifer=4711", 400))
                .contains("identifer", "identifier")
                .doesNotContain("4711");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/Patient/4711-EXAMPLE",
                "/Patient/00000000-0000-0000-0000-000000004711",
                "/Observation/4711",
                "/Observation/EXAMPLE",
                "/Observation/99999999999999999999",
                "/DiagnosticReport/4711",
                "/Provenance/EXAMPLE",
                "/Binary/4711",
                "/Medication/4711",
                "/EXAMPLE/4711"
            })
    void whatIsNotThereIsNotFoundInWordsThatSayNothing(String path) {
        assertThat(failure(path, 404)).doesNotContain("EXAMPLE", "4711");
    }

    @Test
    void errorsRepeatNoValueOfTheRequest() {
        for (var path :
                List.of(
                        "/Patient?birthdate=EXAMPLE",
                        "/Patient?EXAMPLE%20Ada%201970=1",
                        "/Patient?birthdate=1970-13-41EXAMPLE",
                        "/Observation?patient=x&date=EXAMPLE",
                        "/Patient?_count=EXAMPLE")) {
            assertThat(failure(path, 400)).doesNotContain("EXAMPLE", "1970");
        }
    }

    @Test
    void aBrokenDatabaseIsAnErrorThatTellsNothing() {
        DATABASE.jdbc().sql("alter table patient_record rename to hidden").update();
        try {
            assertThat(failure("/Patient?identifier=" + mrn, 500))
                    .doesNotContain(mrn, "patient_record", "sql");
        } finally {
            DATABASE.jdbc().sql("alter table hidden rename to patient_record").update();
        }
        assertThat(found("/Patient?identifier=" + mrn)).hasSize(1);
    }

    @Test
    void nothingIsWritten() throws Exception {
        for (var method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            var request =
                    HttpRequest.newBuilder(URI.create(base() + "/Patient/" + person))
                            .header("Content-Type", "application/fhir+json")
                            .method(
                                    method,
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"resourceType\":\"Patient\"}"))
                            .build();
            var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).as(method).isBetween(400, 405);
            assertThat(response.body()).contains("OperationOutcome");
        }
        assertThat(read(Patient.class, "/Patient/" + person).getActive()).isTrue();
    }

    @Test
    void nothingIsCachedAndEveryReadIsInTheAuditTrail() {
        var response = get("/Patient/" + person, "application/fhir+json");

        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(response.headers().firstValue("X-Powered-By")).isEmpty();
        assertThat(
                        DATABASE.jdbc()
                                .sql("select count(*) from audit where person_id = :person")
                                .param("person", person)
                                .query(Long.class)
                                .single())
                .isOne();
    }

    // ------------------------------------------------------------------ arranging

    private ChartSeed.Row sodium() {
        return observation(UnaryOperator.identity());
    }

    private ChartSeed.Row observation(UnaryOperator<ChartSeed.Row> change) {
        var report = seed.report(record, "F-" + seed.next(), "202603012330").write();
        return change.apply(seed.observation(report, "202603012330")).write();
    }

    private static ChartSeed.Row text(ChartSeed.Row row, String text) {
        return row.set("value_text", text).without("value_number");
    }

    // ------------------------------------------------------------------ asking

    private static String base() {
        var server = java.util.Objects.requireNonNull(SERVER.getWebServer());
        return "http://127.0.0.1:" + server.getPort() + "/fhir";
    }

    private static HttpResponse<String> get(String path, String accept) {
        try {
            var request =
                    HttpRequest.newBuilder(URI.create(base() + path)).header("Accept", accept);
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is there, parsed strictly, and the same after another round through the parser. */
    private static <T extends Resource> T read(Class<T> type, String path) {
        var response = get(path, "application/fhir+json");
        assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
        var parser = strict(FHIR.newJsonParser());
        var resource = parser.parseResource(type, response.body());
        assertThat(json(parser.parseResource(json(resource)))).isEqualTo(json(resource));
        return resource;
    }

    private static Bundle bundle(String path) {
        return read(Bundle.class, path);
    }

    private static List<Bundle.BundleEntryComponent> found(String path) {
        var bundle = bundle(path);
        assertThat(bundle.getTotal()).as(path).isEqualTo(bundle.getEntry().size());
        return bundle.getEntry();
    }

    /** The text of an OperationOutcome. */
    private static String failure(String path, int status) {
        var response = get(path, "application/fhir+json");
        assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(status);
        var outcome =
                strict(FHIR.newJsonParser()).parseResource(OperationOutcome.class, response.body());
        assertThat(response.body().toLowerCase(Locale.ROOT))
                .doesNotContain("exception", "org.chartbridge", "select ", "hapi-");
        return outcome.getIssueFirstRep().getDiagnostics();
    }

    private static boolean resolves(String reference) {
        return get("/" + reference, "application/fhir+json").statusCode() == 200;
    }

    private static FhirContext context() {
        var context = FhirContext.forR4();
        context.getParserOptions().setStripVersionsFromReferences(false);
        return context;
    }

    private static IParser strict(IParser parser) {
        return parser.setParserErrorHandler(new StrictErrorHandler());
    }

    private static String json(IBaseResource resource) {
        return FHIR.newJsonParser().encodeResourceToString(resource);
    }

    private static String q(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
