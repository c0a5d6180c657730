package org.chartbridge.fhir;

import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.Placed;
import org.chartbridge.placing.Placed.Code;
import org.chartbridge.placing.Placed.OrderNumber;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Specimen;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Reads a ServiceRequest as an order. Asks nobody: what the chart has to say is looked up before
 * and after.
 */
final class OrderReader extends ElementReader {

    /** Elements that become a part of the message, or that change nothing of what is ordered. */
    private static final Set<String> TAKEN =
            Set.of(
                    "id",
                    "meta",
                    "language",
                    "text",
                    "contained",
                    "extension",
                    "identifier",
                    "requisition",
                    "status",
                    "intent",
                    "category",
                    "priority",
                    "doNotPerform",
                    "code",
                    "subject",
                    "encounter",
                    "occurrence[x]",
                    "authoredOn",
                    "requester",
                    "reasonCode",
                    "reasonReference",
                    "insurance",
                    "supportingInfo",
                    "specimen",
                    "note");

    /**
     * @param at FHIRPath of the resource
     */
    OrderReader(String at, List<Fault> faults) {
        super(at, faults);
    }

    /** The order itself; complete only when no fault was found. */
    Placed.Test test(ServiceRequest request) {
        only(
                request,
                "",
                TAKEN,
                "This element can't be sent with an order; leave it out, or say it in note.");
        if (request.getStatus() != ServiceRequest.ServiceRequestStatus.ACTIVE)
            fault(
                    IssueType.VALUE,
                    "status",
                    "Only what is active is ordered; set active when it is to be done.");
        if (request.getIntent() != ServiceRequest.ServiceRequestIntent.ORDER)
            fault(
                    IssueType.VALUE,
                    "intent",
                    "Only an order is ordered, no proposal and no plan; set order.");
        if (request.getDoNotPerform())
            fault(IssueType.NOTSUPPORTED, "doNotPerform", "What is not to be done is no order.");
        var codes = codes(request.getCode(), "code");
        if (codes.isEmpty() || codes.getFirst().code().isEmpty())
            fault(
                    IssueType.REQUIRED,
                    "code.coding",
                    "What is ordered needs a code, as a compendium.csv has it.");
        return new Placed.Test(
                "NW",
                number(request.getIdentifier()),
                request.hasRequisition()
                        ? number(request.getRequisition(), "requisition")
                        : OrderNumber.NONE,
                requester(request.getRequester()),
                authored(request.getAuthoredOnElement()),
                codes.isEmpty() ? Code.NONE : codes.getFirst(),
                codes.size() < 2 ? Code.NONE : codes.get(1),
                priority(request.hasPriority() ? request.getPriority().toCode() : null),
                start(request),
                reasons(request.getReasonCode(), request.getReasonReference()),
                specimen(request),
                notes(request.getNote()),
                answers(request.getSupportingInfo(), "supportingInfo"),
                List.of());
    }

    @Nullable Instant start(ServiceRequest request) {
        if (!request.hasOccurrence()) return null;
        if (request.getOccurrence() instanceof DateTimeType when)
            return instant(when, "occurrence");
        fault(
                IssueType.NOTSUPPORTED,
                "occurrence",
                "An order is for one time; use occurrenceDateTime.");
        return null;
    }

    private Placed.Specimen specimen(ServiceRequest request) {
        if (!request.hasSpecimen()) return Placed.Specimen.NONE;
        if (request.getSpecimen().size() > 1)
            fault(IssueType.NOTSUPPORTED, "specimen[1]", "An order has one specimen.");
        if (!(request.getSpecimenFirstRep().getResource() instanceof Specimen specimen)) {
            fault(
                    IssueType.NOTFOUND,
                    "specimen[0]",
                    "Give the Specimen contained or in the bundle.");
            return Placed.Specimen.NONE;
        }
        var path = "specimen[0].resolve()";
        var types = codes(specimen.getType(), path + ".type");
        var collected = specimen.getCollection().getCollected();
        if (collected != null && !(collected instanceof DateTimeType))
            fault(IssueType.NOTSUPPORTED, path + ".collection.collected", "Give one time.");
        return new Placed.Specimen(
                types.isEmpty() ? Code.NONE : types.getFirst(),
                line(
                        specimen.getIdentifierFirstRep().getValue(),
                        path + ".identifier.value",
                        MAX_VALUE),
                collected instanceof DateTimeType when
                        ? instant(when, path + ".collection.collected")
                        : null);
    }
}
