package org.chartbridge.fhir;

import org.chartbridge.chart.ImmunizationView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Immunization;
import org.hl7.fhir.r4.model.Immunization.ImmunizationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

import java.math.BigDecimal;
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
        immunization.setVaccineCode(
                Concepts.ofAll(
                        view.vaccine(), view.supporting().alternates(), view.source().partner()));
        var given = Times.dateTime(view.given(), view.givenAsSent());
        if (given != null) immunization.setOccurrence(given);
        else
            immunization.setOccurrence(
                    new StringType(view.givenAsSent().isEmpty() ? "unknown" : view.givenAsSent()));
        if (!view.origin().isEmpty()) immunization.setPrimarySource(view.origin().equals("00"));
        if (!view.number().isEmpty()) immunization.addIdentifier(Numbers.of("FILL", view.number()));
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
            immunization
                    .addPerformer()
                    .setActor(new Reference().setDisplay(view.clinician()))
                    .getFunction()
                    .addCoding(
                            new Coding(
                                    "http://terminology.hl7.org/CodeSystem/v2-0443",
                                    "AP",
                                    "Administering Provider"));
        dose(immunization, view.dose());
        if (view.expiresAsSent().matches("\\d{8}.*"))
            immunization.setExpirationDateElement(
                    new DateType(
                            view.expiresAsSent().replaceFirst("(....)(..)(..).*", "$1-$2-$3")));
        if (!view.details().isEmpty()) immunization.addNote().setText(view.details());
        var beside =
                new SupportingMapper(view.supporting(), view.personId(), view.source().partner());
        beside.numbers().forEach(immunization::addIdentifier);
        for (var observation : beside.observations()) {
            // Nothing in the dose refers to it, so it has the id that it goes over the wire with.
            observation.setId(observation.getId().substring(1));
            immunization.addContained(observation.addPartOf(new Reference("#")));
        }
        return immunization;
    }

    /**
     * As RXA-6 and RXA-7 were joined: {@code 0.5 mL}. What is no number stays in the chart only.
     */
    private static void dose(Immunization immunization, String dose) {
        int blank = dose.indexOf(' ');
        var amount = blank < 0 ? dose : dose.substring(0, blank);
        if (!amount.matches("\\d{1,6}(\\.\\d{1,6})?")) return;
        var quantity = immunization.getDoseQuantity().setValue(new BigDecimal(amount));
        if (blank > 0) quantity.setUnit(dose.substring(blank + 1));
    }

    private static ImmunizationStatus status(ImmunizationView view) {
        if (!view.active()) return ImmunizationStatus.ENTEREDINERROR;
        return view.isNotGiven() ? ImmunizationStatus.NOTDONE : ImmunizationStatus.COMPLETED;
    }
}
