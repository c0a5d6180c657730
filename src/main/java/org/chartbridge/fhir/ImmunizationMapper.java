package org.chartbridge.fhir;

import org.chartbridge.chart.ImmunizationView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Immunization;
import org.hl7.fhir.r4.model.Immunization.ImmunizationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

import java.util.Date;

/** An immunization as a FHIR Immunization (v2-to-FHIR RXA[Immunization]). */
final class ImmunizationMapper {
    private ImmunizationMapper() {}

    static Immunization of(ImmunizationView view) {
        var immunization = new Immunization();
        immunization.setId(Long.toString(view.id()));
        immunization.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        immunization.setStatus(status(view));
        immunization.setPatient(new Reference("Patient/" + view.personId()));
        immunization.setVaccineCode(Concepts.of(view.vaccine(), null, view.source().partner()));
        var given = Times.dateTime(view.given(), view.givenAsSent());
        if (given != null) immunization.setOccurrence(given);
        else
            immunization.setOccurrence(
                    new StringType(view.givenAsSent().isEmpty() ? "unknown" : view.givenAsSent()));
        if (!view.origin().isEmpty()) immunization.setPrimarySource(view.origin().equals("00"));
        if (!view.number().isEmpty()) immunization.addIdentifier(Numbers.of(view.number()));
        if (!view.reason().isEmpty())
            immunization.setStatusReason(new CodeableConcept().setText(view.reason()));
        if (!view.lot().isEmpty()) immunization.setLotNumber(view.lot());
        if (!view.route().isEmpty())
            immunization.setRoute(new CodeableConcept().setText(view.route()));
        if (!view.site().isEmpty())
            immunization.setSite(new CodeableConcept().setText(view.site()));
        if (!view.manufacturer().isEmpty())
            immunization.setManufacturer(new Reference().setDisplay(view.manufacturer()));
        if (!view.clinician().isEmpty())
            immunization.addPerformer().setActor(new Reference().setDisplay(view.clinician()));
        if (!view.details().isEmpty()) immunization.addNote().setText(view.details());
        return immunization;
    }

    private static ImmunizationStatus status(ImmunizationView view) {
        if (!view.active()) return ImmunizationStatus.ENTEREDINERROR;
        return view.isNotGiven() ? ImmunizationStatus.NOTDONE : ImmunizationStatus.COMPLETED;
    }
}
