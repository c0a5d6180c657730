package org.chartbridge.fhir;

import org.chartbridge.chart.MedicationOrderView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestIntent;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestStatus;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;

import java.math.BigDecimal;
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
        period(request, view);
        quantity(request, view.quantity());
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

    /** When to begin and to end (TQ1-7, TQ1-8): bounds of the dosage, whose rhythm is text. */
    private static void period(MedicationRequest request, MedicationOrderView view) {
        var starts = Times.dateTime(view.starts(), view.startsAsSent());
        var ends = Times.dateTime(view.ends(), view.endsAsSent());
        if (starts == null && ends == null) return;
        var bounds = new Period();
        if (starts != null) bounds.setStartElement(starts);
        if (ends != null) bounds.setEndElement(ends);
        request.getDosageInstructionFirstRep().getTiming().getRepeat().setBounds(bounds);
    }

    /** As amount and unit were joined: {@code 30 tablet}. What is no number stays in the chart. */
    private static void quantity(MedicationRequest request, String sent) {
        int blank = sent.indexOf(' ');
        var amount = blank < 0 ? sent : sent.substring(0, blank);
        if (!amount.matches("\\d{1,6}(\\.\\d{1,6})?")) return;
        var quantity = request.getDispenseRequest().getQuantity().setValue(new BigDecimal(amount));
        if (blank > 0) quantity.setUnit(sent.substring(blank + 1));
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
