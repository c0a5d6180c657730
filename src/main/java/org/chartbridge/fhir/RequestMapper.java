package org.chartbridge.fhir;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.RequestField;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Specimen;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/**
 * What a result message says beside its results: the specimen and the visit, as resources that are
 * contained (v2-to-FHIR SPM[Specimen], OBR[Specimen], PV1[Encounter]). They are the word of this
 * message; the visit as registration says it is an Encounter of its own.
 */
final class RequestMapper {
    private RequestMapper() {}

    /** The specimen; null when nothing is said of it. */
    static @Nullable Specimen specimen(ReportView view) {
        var type = concept(view, RequestField.SPECIMEN);
        var number = text(view, RequestField.SPECIMEN_NUMBER);
        if (type == null && number.isEmpty()) return null;
        var specimen = new Specimen();
        specimen.setId("#specimen");
        specimen.setSubject(new Reference("Patient/" + view.personId()));
        if (type != null) specimen.setType(type);
        if (!number.isEmpty()) specimen.addIdentifier(Numbers.of(number));
        var collection = new Specimen.SpecimenCollectionComponent();
        var site = concept(view, RequestField.SPECIMEN_SITE);
        if (site != null) collection.setBodySite(site);
        var collected = time(view, RequestField.SPECIMEN_COLLECTED);
        if (collected == null)
            collected = Times.dateTime(view.collectedAt(), view.collectedAsSent());
        if (collected != null) collection.setCollected(collected);
        if (!collection.isEmpty()) specimen.setCollection(collection);
        var received = time(view, RequestField.SPECIMEN_RECEIVED);
        if (received != null) specimen.setReceivedTimeElement(received);
        return specimen;
    }

    /** The visit; null when nothing is said of it. How it stands a result doesn't say. */
    static @Nullable Encounter visit(ReportView view) {
        var said = view.request();
        if (!said.containsKey(RequestField.CLASS)
                && !said.containsKey(RequestField.VISIT)
                && !said.containsKey(RequestField.LOCATION)) return null;
        var visit = new Encounter();
        visit.setId("#visit");
        visit.setStatus(Encounter.EncounterStatus.UNKNOWN);
        var patientClass = said.get(RequestField.CLASS);
        visit.setClass_(
                EncounterMapper.patientClass(patientClass == null ? "" : patientClass.code()));
        visit.setSubject(new Reference("Patient/" + view.personId()));
        var number = said.get(RequestField.VISIT);
        if (number != null) {
            var identifier = number(number);
            identifier.getType().addCoding().setSystem(CodeSystems.IDENTIFIER_TYPE).setCode("VN");
            visit.addIdentifier(identifier);
        }
        var alternate = said.get(RequestField.ALTERNATE_VISIT);
        if (alternate != null) visit.addIdentifier(number(alternate));
        var begin = time(view, RequestField.ADMITTED);
        var end = time(view, RequestField.DISCHARGED);
        if (begin != null) visit.getPeriod().setStartElement(begin);
        if (end != null) visit.getPeriod().setEndElement(end);
        var location = text(view, RequestField.LOCATION);
        if (!location.isEmpty())
            visit.addLocation().setLocation(new Reference().setDisplay(location));
        return visit;
    }

    private static Identifier number(FieldValue said) {
        var identifier = new Identifier().setValue(said.text());
        return said.system().isEmpty()
                ? identifier
                : identifier.setSystem(CodeSystems.ofAuthority(said.system()));
    }

    /** OBR-4 with all its codings. */
    static CodeableConcept service(ReportView view) {
        var service =
                Concepts.of(
                        new CodingView(view.code(), view.codeText(), view.codeSystem()),
                        view.alternate(),
                        view.partner());
        var further = view.request().get(RequestField.FURTHER_CODE);
        if (further != null)
            Concepts.add(
                    service,
                    new CodingView(further.code(), further.text(), further.system()),
                    view.partner());
        return service;
    }

    /** Numbers that stand in one field; none when it was not sent. */
    static List<String> numbers(ReportView view, RequestField field) {
        var all = text(view, field);
        return all.isEmpty() ? List.of() : List.of(all.split("~"));
    }

    static String text(ReportView view, RequestField field) {
        var said = view.request().get(field);
        return said == null ? "" : said.text();
    }

    static @Nullable CodeableConcept concept(ReportView view, RequestField field) {
        var said = view.request().get(field);
        return said == null ? null : concept(said, view.partner());
    }

    private static CodeableConcept concept(FieldValue said, String partner) {
        return Concepts.of(new CodingView(said.code(), said.text(), said.system()), null, partner);
    }

    static @Nullable DateTimeType time(ReportView view, RequestField field) {
        var said = view.request().get(field);
        if (said == null) return null;
        try {
            return Times.dateTime(Instant.parse(said.code()), said.text());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
