package org.chartbridge.fhir;

import ca.uhn.fhir.rest.param.TokenOrListParam;

import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.RequestField;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.jspecify.annotations.Nullable;

import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The filler's order behind a report (HL7-RULES §5; v2-to-FHIR OBR[ServiceRequest] of ORU_R01): an
 * OBR says what was asked for, also where nobody sent us the order. It is made of the report when
 * it is read, so it can't contradict it.
 */
final class FillerOrderMapper {
    /** Tells them from orders that were sent, whose ids are numbers. */
    private static final Pattern ID = Pattern.compile("report-([1-9]\\d{0,17})");

    private FillerOrderMapper() {}

    static String id(ReportView view) {
        return "report-" + view.series();
    }

    /** The series of the report behind an id; empty when it is not one of these. */
    static Optional<Long> series(@Nullable String id) {
        if (id == null) return Optional.empty();
        var matcher = ID.matcher(id);
        return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** The same of all ids that a search names. */
    static List<Long> series(@Nullable TokenOrListParam ids) {
        return Wanted.ids(ids).stream().flatMap(id -> series(id).stream()).toList();
    }

    /**
     * The order.
     *
     * @param order the one that was sent and that this report belongs to, by id; null for none
     */
    static ServiceRequest of(ReportView view, @Nullable Long order) {
        var request = new ServiceRequest();
        request.setId(id(view));
        request.getMeta()
                .setLastUpdated(Date.from(view.recordedAt()))
                .setSource(CodeSystems.entry(view.entryId()));
        request.setStatus(status(view.status()));
        request.setIntent(ServiceRequestIntent.FILLERORDER);
        ReportMapper.numbers(view).forEach(request::addIdentifier);
        request.setSubject(new Reference("Patient/" + view.personId()));
        request.setCode(RequestMapper.service(view));
        if (order != null) request.addBasedOn(new Reference("ServiceRequest/" + order));
        var collected = Times.dateTime(view.collectedAt(), view.collectedAsSent());
        if (collected != null) request.setOccurrence(collected);
        if (view.orderingProvider() != null)
            request.setRequester(ReportMapper.provider(view.orderingProvider()));
        if (!view.parent().number().isEmpty()) request.addBasedOn(ReportMapper.parent(view));
        RequestMapper.numbers(view, RequestField.PARENTS).stream()
                .filter(number -> !number.equals(view.parent().number()))
                .map(SupportingMapper::order)
                .forEach(request::addBasedOn);
        RequestMapper.numbers(view, RequestField.FURTHER_NUMBERS)
                .forEach(number -> request.addIdentifier(Numbers.of("PLAC", number)));
        asked(request, view);
        request.addPerformer(new Reference().setDisplay(view.partner()));
        return request;
    }

    private static void asked(ServiceRequest request, ReportView view) {
        var group = RequestMapper.text(view, RequestField.GROUP);
        if (!group.isEmpty()) request.setRequisition(Numbers.of("PGN", group));
        ServiceRequestMapper.priority(request, RequestMapper.text(view, RequestField.PRIORITY));
        var ordered = RequestMapper.time(view, RequestField.ORDERED);
        if (ordered != null) request.setAuthoredOnElement(ordered);
        var reason = RequestMapper.concept(view, RequestField.REASON);
        if (reason != null) request.addReasonCode(reason);
        var specimen = RequestMapper.specimen(view);
        if (specimen != null) request.addSpecimen().setResource(specimen);
        var visit = RequestMapper.visit(view);
        if (visit != null) request.getEncounter().setResource(visit);
    }

    /** OBR-25, table 0123; where it was not sent, what is reported is done. */
    private static ServiceRequestStatus status(String letter) {
        return switch (letter) {
            case "F", "C", "" -> ServiceRequestStatus.COMPLETED;
            case "X" -> ServiceRequestStatus.REVOKED;
            default -> ServiceRequestStatus.ACTIVE;
        };
    }
}
