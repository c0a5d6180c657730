package org.chartbridge.fhir;

import org.chartbridge.chart.MedicationOrderView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestIntent;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestStatus;
import org.hl7.fhir.r4.model.Reference;

import java.util.Date;

/**
 * An order of medication as a FHIR MedicationRequest (v2-to-FHIR ORC, RXO and
 * RXE[MedicationRequest]). What was sent as dose, form and frequency stands in words.
 */
final class MedicationRequestMapper {
    private MedicationRequestMapper() {}

    static MedicationRequest of(MedicationOrderView view) {
        var request = new MedicationRequest();
        request.setId(Long.toString(view.id()));
        request.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        request.setStatus(status(view));
        request.setIntent(MedicationRequestIntent.ORDER);
        request.setSubject(new Reference("Patient/" + view.personId()));
        request.setMedication(
                Concepts.ofAll(
                        view.drug(), view.supporting().alternates(), view.source().partner()));
        if (!view.placerNumber().isEmpty())
            request.addIdentifier(Numbers.of("PLAC", view.placerNumber()));
        if (!view.fillerNumber().isEmpty())
            request.addIdentifier(Numbers.of("FILL", view.fillerNumber()));
        var ordered = Times.dateTime(view.ordered(), view.orderedAsSent());
        if (ordered != null) request.setAuthoredOnElement(ordered);
        if (!view.clinician().isEmpty())
            request.setRequester(new Reference().setDisplay(view.clinician()));
        if (!view.reason().isEmpty())
            request.addReasonCode(new CodeableConcept().setText(view.reason()));
        if (!view.sig().isEmpty()) {
            var dosage = request.addDosageInstruction().setText(view.sig());
            if (!view.route().isEmpty())
                dosage.setRoute(new CodeableConcept().setText(view.route()));
            if (!view.site().isEmpty()) dosage.setSite(new CodeableConcept().setText(view.site()));
        }
        if (view.refills().matches("\\d{1,4}"))
            request.getDispenseRequest()
                    .setNumberOfRepeatsAllowed(Integer.parseInt(view.refills()));
        if (!view.details().isEmpty()) request.addNote().setText(view.details());
        var beside =
                new SupportingMapper(view.supporting(), view.personId(), view.source().partner());
        beside.numbers().forEach(request::addIdentifier);
        beside.observations().forEach(one -> request.addSupportingInformation().setResource(one));
        return request;
    }

    private static MedicationRequestStatus status(MedicationOrderView view) {
        if (!view.active()) return MedicationRequestStatus.ENTEREDINERROR;
        return switch (view.state()) {
            case "on-hold" -> MedicationRequestStatus.ONHOLD;
            case "cancelled" -> MedicationRequestStatus.CANCELLED;
            case "completed" -> MedicationRequestStatus.COMPLETED;
            default -> MedicationRequestStatus.ACTIVE;
        };
    }
}
