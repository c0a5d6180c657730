package org.chartbridge.fhir;

import org.chartbridge.chart.PlacedOrderView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestPriority;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;

import java.util.Date;

/** An order as a FHIR ServiceRequest (v2-to-FHIR ORC and OBR[ServiceRequest]). */
final class ServiceRequestMapper {
    private ServiceRequestMapper() {}

    static ServiceRequest of(PlacedOrderView view) {
        var request = new ServiceRequest();
        request.setId(Long.toString(view.id()));
        request.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        request.setStatus(status(view));
        request.setIntent(ServiceRequestIntent.ORDER);
        request.setSubject(new Reference("Patient/" + view.personId()));
        request.setCode(Concepts.of(view.service(), null, view.source().partner()));
        if (!view.placerNumber().isEmpty())
            request.addIdentifier(Numbers.of("PLAC", view.placerNumber()));
        if (!view.fillerNumber().isEmpty())
            request.addIdentifier(Numbers.of("FILL", view.fillerNumber()));
        if (!view.groupNumber().isEmpty())
            request.setRequisition(Numbers.of("PGN", view.groupNumber()));
        priority(request, view.priority());
        var ordered = Times.dateTime(view.ordered(), view.orderedAsSent());
        if (ordered != null) request.setAuthoredOnElement(ordered);
        if (!view.clinician().isEmpty())
            request.setRequester(new Reference().setDisplay(view.clinician()));
        if (!view.reason().isEmpty())
            request.addReasonCode(new CodeableConcept().setText(view.reason()));
        if (!view.details().isEmpty()) request.addNote().setText(view.details());
        return request;
    }

    static void priority(ServiceRequest request, String code) {
        switch (code) {
            case "S", "STAT" -> request.setPriority(ServiceRequestPriority.STAT);
            case "A", "ASAP" -> request.setPriority(ServiceRequestPriority.ASAP);
            case "R" -> request.setPriority(ServiceRequestPriority.ROUTINE);
            default -> {} // Table 0485 has letters that FHIR has no priority for.
        }
    }

    private static ServiceRequestStatus status(PlacedOrderView view) {
        if (!view.active()) return ServiceRequestStatus.ENTEREDINERROR;
        return switch (view.state()) {
            case "on-hold" -> ServiceRequestStatus.ONHOLD;
            case "cancelled", "refused" -> ServiceRequestStatus.REVOKED;
            case "completed", "resulted" -> ServiceRequestStatus.COMPLETED;
            default -> ServiceRequestStatus.ACTIVE;
        };
    }
}
