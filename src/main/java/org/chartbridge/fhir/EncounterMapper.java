package org.chartbridge.fhir;

import org.chartbridge.chart.EncounterView;
import org.chartbridge.chart.StatedView;
import org.chartbridge.chart.VisitField;
import org.chartbridge.chart.VisitStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

import java.util.Date;
import java.util.function.Consumer;

/** A visit as a FHIR Encounter (v2-to-FHIR PV1[Encounter], PV2[Encounter]). */
final class EncounterMapper {
    private static final String ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String PARTICIPATION =
            "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

    private static final String PLANNED =
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.";
    private static final String ARRIVAL =
            "http://hl7.org/fhir/StructureDefinition/encounter-modeOfArrival";

    private EncounterMapper() {}

    static Encounter of(EncounterView view) {
        var encounter = new Encounter();
        encounter.setId(Long.toString(view.id()));
        encounter.getMeta().setLastUpdated(Date.from(view.recordedAt()));
        encounter.setSubject(new Reference("Patient/" + view.personId()));
        encounter.setStatus(Encounter.EncounterStatus.fromCode(view.status().text()));
        encounter.setClass_(patientClass(view.code(VisitField.CLASS)));
        if (!view.number().isEmpty()) {
            var identifier = number(view.number(), view.authority());
            identifier
                    .getType()
                    .setText("visit number")
                    .addCoding(new Coding(CodeSystems.IDENTIFIER_TYPE, "VN", "Visit number"));
            encounter.addIdentifier(identifier);
        }
        var alternate = view.fields().get(VisitField.ALTERNATE_NUMBER);
        if (alternate != null && !alternate.text().isEmpty())
            encounter.addIdentifier(number(alternate.text(), alternate.system()));
        var service = concept(view, VisitField.SERVICE, "0069");
        if (service != null) encounter.setServiceType(service);
        var priority = concept(view, VisitField.ADMISSION_TYPE, "0007");
        if (priority != null) encounter.addType(priority);
        participant(encounter, view, VisitField.ATTENDING, "ATND", "attender");
        participant(encounter, view, VisitField.REFERRING, "REF", "referrer");
        participant(encounter, view, VisitField.CONSULTING, "CON", "consultant");
        participant(encounter, view, VisitField.ADMITTING, "ADM", "admitter");
        var begin = time(view, VisitField.ADMITTED);
        var end = time(view, VisitField.DISCHARGED);
        if (begin != null) encounter.getPeriod().setStartElement(begin);
        if (end != null && view.status() == VisitStatus.FINISHED)
            encounter.getPeriod().setEndElement(end);
        if (!view.text(VisitField.REASON).isEmpty())
            encounter.addReasonCode().setText(view.text(VisitField.REASON));
        if (!view.text(VisitField.LOCATION).isEmpty())
            encounter
                    .addLocation()
                    .setLocation(new Reference().setDisplay(view.text(VisitField.LOCATION)))
                    .setStatus(
                            view.status() == VisitStatus.IN_PROGRESS
                                    ? Encounter.EncounterLocationStatus.ACTIVE
                                    : null);
        expected(encounter, view);
        said(concept(view, VisitField.VISIT_PRIORITY, "0217"), encounter::setPriority);
        hospitalization(encounter, view);
        return encounter;
    }

    /** Plans are no period: R4 has extensions for them (v2-to-FHIR PV2-8, PV2-9). */
    private static void expected(Encounter encounter, EncounterView view) {
        var begin = time(view, VisitField.EXPECTED);
        var end = time(view, VisitField.EXPECTED_DISCHARGE);
        if (begin != null) encounter.addExtension(PLANNED + "plannedStartDate", begin);
        if (end != null) encounter.addExtension(PLANNED + "plannedEndDate", end);
        var arrival = concept(view, VisitField.ARRIVAL, "0430");
        if (arrival != null && arrival.hasCoding())
            encounter.addExtension(ARRIVAL, arrival.getCodingFirstRep());
    }

    private static void hospitalization(Encounter encounter, EncounterView view) {
        var stay = new Encounter.EncounterHospitalizationComponent();
        var announced = view.fields().get(VisitField.PREADMIT_NUMBER);
        if (announced != null && !announced.text().isEmpty())
            stay.setPreAdmissionIdentifier(number(announced.text(), announced.system()));
        said(concept(view, VisitField.READMISSION, "0092"), stay::setReAdmission);
        said(concept(view, VisitField.ADMIT_SOURCE, "0023"), stay::setAdmitSource);
        said(concept(view, VisitField.AMBULATORY, "0009"), stay::addSpecialArrangement);
        said(concept(view, VisitField.VIP, "0099"), stay::addSpecialCourtesy);
        said(concept(view, VisitField.DISPOSITION, "0112"), stay::setDischargeDisposition);
        if (!view.text(VisitField.DISCHARGED_TO).isEmpty())
            stay.setDestination(new Reference().setDisplay(view.text(VisitField.DISCHARGED_TO)));
        if (!stay.isEmpty()) encounter.setHospitalization(stay);
    }

    private static void said(@Nullable CodeableConcept concept, Consumer<CodeableConcept> to) {
        if (concept != null) to.accept(concept);
    }

    private static Identifier number(String number, String authority) {
        var identifier = new Identifier().setValue(number);
        var system = CodeSystems.ofAuthority(authority);
        return system.isEmpty() ? identifier : identifier.setSystem(system);
    }

    /** PV1-2, table 0004; a letter that FHIR has no word for keeps its own table. */
    static Coding patientClass(String code) {
        return switch (code) {
            case "I" -> new Coding(ACT, "IMP", "inpatient encounter");
            case "O" -> new Coding(ACT, "AMB", "ambulatory");
            case "E" -> new Coding(ACT, "EMER", "emergency");
            case "P" -> new Coding(ACT, "PRENC", "pre-admission");
            case "" ->
                    new Coding(
                            "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
                            "UNK",
                            "unknown");
            default -> new Coding("http://terminology.hl7.org/CodeSystem/v2-0004", code, null);
        };
    }

    private static @Nullable CodeableConcept concept(
            EncounterView view, VisitField field, String table) {
        var stated = view.fields().get(field);
        if (stated == null || stated.text().isEmpty()) return null;
        var concept = new CodeableConcept().setText(stated.text());
        if (!stated.code().isEmpty())
            concept.addCoding(
                    new Coding(
                            "http://terminology.hl7.org/CodeSystem/v2-" + table,
                            stated.code(),
                            null));
        return concept;
    }

    private static void participant(
            Encounter encounter, EncounterView view, VisitField field, String role, String word) {
        StatedView stated = view.fields().get(field);
        if (stated == null || stated.text().isEmpty()) return;
        var who = new Reference().setDisplay(stated.text());
        if (!stated.code().isEmpty())
            who.setIdentifier(
                    new Identifier()
                            .setSystem(CodeSystems.ofAuthority(stated.system()))
                            .setValue(stated.code()));
        var participant = encounter.addParticipant().setIndividual(who);
        participant.addType().setText(word).addCoding(new Coding(PARTICIPATION, role, word));
    }

    private static org.hl7.fhir.r4.model.@Nullable DateTimeType time(
            EncounterView view, VisitField field) {
        return Times.dateTime(view.instant(field), view.text(field));
    }
}
