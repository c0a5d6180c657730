package org.chartbridge.fhir;

import org.chartbridge.chart.PlacedOrderView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestPriority;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Specimen;
import org.jspecify.annotations.Nullable;

import java.util.Date;

/**
 * An order as a FHIR ServiceRequest (v2-to-FHIR ORC and OBR[ServiceRequest]), with the specimen,
 * the answers asked for at order entry and a visit without number contained in it.
 */
final class ServiceRequestMapper {
    private ServiceRequestMapper() {}

    static ServiceRequest of(PlacedOrderView view) {
        return of(view, null);
    }

    /**
     * The same of what may be an answer.
     *
     * @param answered the order, by id, that this is only the filler's word about; null for none
     */
    static ServiceRequest of(PlacedOrderView view, @Nullable Long answered) {
        var request = new ServiceRequest();
        request.setId(Long.toString(view.id()));
        request.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        request.setStatus(status(view));
        request.setIntent(
                answered == null ? ServiceRequestIntent.ORDER : ServiceRequestIntent.FILLERORDER);
        if (answered != null) request.addBasedOn(new Reference("ServiceRequest/" + answered));
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
        var due = Times.dateTime(view.due(), view.dueAsSent());
        if (due != null) request.setOccurrence(due);
        if (!view.clinician().isEmpty())
            request.setRequester(new Reference().setDisplay(view.clinician()));
        if (!view.reason().isEmpty())
            request.addReasonCode(new CodeableConcept().setText(view.reason()));
        if (!view.details().isEmpty()) request.addNote().setText(view.details());
        var specimen = specimen(view);
        if (specimen != null) request.addSpecimen().setResource(specimen);
        beside(request, view);
        return request;
    }

    private static void beside(ServiceRequest request, PlacedOrderView view) {
        var beside =
                new SupportingMapper(view.supporting(), view.personId(), view.source().partner());
        beside.numbers().forEach(request::addIdentifier);
        beside.parents().forEach(request::addBasedOn);
        beside.observations().forEach(one -> request.addSupportingInfo().setResource(one));
        var visit = beside.visit();
        if (visit != null) request.getEncounter().setResource(visit);
    }

    /** v2-to-FHIR OBR[Specimen]: OBR-7, OBR-15 or SPM-4; null when nothing is said of it. */
    private static @Nullable Specimen specimen(PlacedOrderView view) {
        var collected = Times.dateTime(view.collected(), view.collectedAsSent());
        if (collected == null && view.specimen().isEmpty()) return null;
        var specimen = new Specimen();
        specimen.setId("#specimen");
        specimen.setSubject(new Reference("Patient/" + view.personId()));
        if (!view.specimen().isEmpty())
            specimen.setType(new CodeableConcept().setText(view.specimen()));
        if (collected != null) specimen.getCollection().setCollected(collected);
        return specimen;
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
            case "mistake" -> ServiceRequestStatus.ENTEREDINERROR; // Said by a person here.
            default -> ServiceRequestStatus.ACTIVE;
        };
    }
}
