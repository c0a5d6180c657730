package org.chartbridge.fhir;

import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.Placed;
import org.chartbridge.placing.Placing.Result;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A transaction bundle: its ServiceRequests or MedicationRequests are ordered, and what they refer
 * to goes along with them. A Patient in it is looked up and never changed.
 */
final class OrderBundle {
    /** What may go along. */
    private static final Set<String> PARTS =
            Set.of(
                    "Patient",
                    "Coverage",
                    "Condition",
                    "Medication",
                    "Observation",
                    "Organization",
                    "Practitioner",
                    "PractitionerRole",
                    "Specimen");

    /** Entries of a bundle. */
    static final int MAX_ENTRIES = 10 * Placed.MAX_ORDERS;

    private OrderBundle() {}

    /**
     * One order.
     *
     * @param request a ServiceRequest or a MedicationRequest
     * @param at FHIRPath of the resource
     * @param ifNoneExist empty when it is to be placed in any case
     */
    record One(DomainResource request, String at, String ifNoneExist) {

        Reference subject() {
            return request instanceof MedicationRequest medication
                    ? medication.getSubject()
                    : test().getSubject();
        }

        List<Reference> insurance() {
            return request instanceof MedicationRequest medication
                    ? medication.getInsurance()
                    : test().getInsurance();
        }

        Reference encounter() {
            return request instanceof MedicationRequest medication
                    ? medication.getEncounter()
                    : test().getEncounter();
        }

        boolean isMedication() {
            return request instanceof MedicationRequest;
        }

        /** What is ordered; complete only when no fault was found. */
        Placed.Order read(List<Fault> faults, Instant now) {
            return request instanceof MedicationRequest medication
                    ? new MedicationReader(at, faults, now).drug(medication)
                    : new OrderReader(at, faults).test(test());
        }

        private ServiceRequest test() {
            return (ServiceRequest) request;
        }
    }

    private static boolean isOrder(@Nullable Resource resource) {
        return resource instanceof ServiceRequest || resource instanceof MedicationRequest;
    }

    /**
     * The orders of a bundle, with a fault for each entry that is neither one nor a part of one.
     */
    static List<One> orders(Bundle bundle, List<Fault> faults) {
        var orders = new ArrayList<One>();
        if (bundle.getType() != BundleType.TRANSACTION)
            faults.add(
                    new Fault(
                            IssueType.NOTSUPPORTED,
                            "Bundle.type",
                            "Only a transaction is taken: all of it or nothing."));
        if (bundle.getEntry().size() > MAX_ENTRIES) {
            faults.add(
                    new Fault(IssueType.TOOLONG, "Bundle.entry", "At most " + MAX_ENTRIES + "."));
            return orders;
        }
        var parts = Collections.newSetFromMap(new IdentityHashMap<IBaseResource, Boolean>());
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            var entry = bundle.getEntry().get(i);
            if (!isOrder(entry.getResource())) continue;
            var request = (DomainResource) entry.getResource();
            var at = "Bundle.entry[" + i + "]";
            if (entry.getRequest().getMethod() != HTTPVerb.POST)
                faults.add(
                        new Fault(
                                IssueType.NOTSUPPORTED,
                                at + ".request.method",
                                "An order is placed by POST."));
            var condition = entry.getRequest().getIfNoneExist();
            orders.add(new One(request, at + ".resource", condition == null ? "" : condition));
            collect(request, parts);
        }
        for (var account : AccountReader.of(bundle)) {
            parts.add(account.account());
            collect(account.account(), parts);
        }
        for (int i = 0; i < bundle.getEntry().size(); i++)
            part(bundle.getEntry().get(i), "Bundle.entry[" + i + "]", parts, faults);
        if (orders.isEmpty() || orders.size() > Placed.MAX_ORDERS)
            faults.add(
                    new Fault(
                            IssueType.REQUIRED,
                            "Bundle.entry",
                            "Wanted 1 to "
                                    + Placed.MAX_ORDERS
                                    + " entries with a ServiceRequest or a MedicationRequest."));
        for (var one : orders)
            if (one.isMedication() != orders.getFirst().isMedication())
                faults.add(
                        new Fault(
                                IssueType.NOTSUPPORTED,
                                one.at(),
                                "A bundle orders tests or medication, not both; send two."));
        return orders;
    }

    private static void part(
            Bundle.BundleEntryComponent entry,
            String at,
            Set<IBaseResource> parts,
            List<Fault> faults) {
        var resource = entry.getResource();
        if (isOrder(resource)) return;
        if (resource == null
                || !(PARTS.contains(resource.fhirType())
                        || AccountReader.PARTS.contains(resource.fhirType())))
            faults.add(
                    new Fault(
                            IssueType.NOTSUPPORTED,
                            at + ".resource",
                            "Wanted a ServiceRequest or MedicationRequest, or what one"
                                    + " refers to."));
        else if (!parts.contains(resource))
            faults.add(
                    new Fault(
                            IssueType.NOTSUPPORTED,
                            at + ".resource",
                            "No order of the bundle refers to this; leave it out, or refer to its"
                                    + " fullUrl."));
    }

    /** Everything that is referred to, from one to the next. */
    private static void collect(Base from, Set<IBaseResource> parts) {
        for (var property : from.children())
            for (var value : property.getValues()) {
                if (value instanceof Reference reference) {
                    var there = reference.getResource();
                    if (there instanceof Base base && parts.add(there)) collect(base, parts);
                }
                collect(value, parts);
            }
    }

    /** The orders as they stand in the chart, in their places. */
    static List<? extends DomainResource> resources(Result.Ordered ordered) {
        return ordered.medication().isEmpty()
                ? ordered.orders().stream().map(ServiceRequestMapper::of).toList()
                : ordered.medication().stream().map(MedicationRequestMapper::of).toList();
    }

    /**
     * What became of each entry, in its place.
     *
     * @param warnings null when there are none
     */
    static Bundle answer(
            Bundle asked, Result.Ordered ordered, @Nullable OperationOutcome warnings) {
        var answer = new Bundle().setType(BundleType.TRANSACTIONRESPONSE);
        var orders = resources(ordered).iterator();
        for (var entry : asked.getEntry()) {
            var its = answer.addEntry();
            if (!isOrder(entry.getResource())) {
                its.getResponse().setStatus("200 OK"); // It goes with the order.
                continue;
            }
            var resource = orders.next();
            its.setResource(resource);
            its.getResponse()
                    .setStatus(ordered.before() ? "200 OK" : "201 Created")
                    .setLocation(resource.fhirType() + "/" + resource.getIdElement().getIdPart())
                    .setLastModified(resource.getMeta().getLastUpdated());
            if (warnings != null) its.getResponse().setOutcome(warnings);
        }
        return answer;
    }
}
