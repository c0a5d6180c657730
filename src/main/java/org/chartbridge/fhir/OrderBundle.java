package org.chartbridge.fhir;

import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.Placed;
import org.chartbridge.placing.Placing.Result;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A transaction bundle: its ServiceRequests are ordered, and what they refer to goes along with
 * them. A Patient in it is looked up and never changed.
 */
final class OrderBundle {
    /** What may go along. */
    private static final Set<String> PARTS =
            Set.of(
                    "Patient",
                    "Coverage",
                    "Condition",
                    "Observation",
                    "Organization",
                    "Practitioner",
                    "PractitionerRole",
                    "Specimen");

    /** Entries of a bundle. */
    static final int MAX_ENTRIES = 10 * Placed.MAX_TESTS;

    private OrderBundle() {}

    /**
     * One order.
     *
     * @param at FHIRPath of the resource
     * @param ifNoneExist empty when it is to be placed in any case
     */
    record One(ServiceRequest request, String at, String ifNoneExist) {}

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
            if (!(entry.getResource() instanceof ServiceRequest request)) continue;
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
        for (int i = 0; i < bundle.getEntry().size(); i++)
            part(bundle.getEntry().get(i), "Bundle.entry[" + i + "]", parts, faults);
        if (orders.isEmpty() || orders.size() > Placed.MAX_TESTS)
            faults.add(
                    new Fault(
                            IssueType.REQUIRED,
                            "Bundle.entry",
                            "Wanted 1 to " + Placed.MAX_TESTS + " entries with a ServiceRequest."));
        return orders;
    }

    private static void part(
            Bundle.BundleEntryComponent entry,
            String at,
            Set<IBaseResource> parts,
            List<Fault> faults) {
        var resource = entry.getResource();
        if (resource instanceof ServiceRequest) return;
        if (resource == null || !PARTS.contains(resource.fhirType()))
            faults.add(
                    new Fault(
                            IssueType.NOTSUPPORTED,
                            at + ".resource",
                            "Wanted a ServiceRequest, or what one refers to."));
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

    /** What became of each entry, in its place. */
    static Bundle answer(Bundle asked, Result.Ordered ordered) {
        var answer = new Bundle().setType(BundleType.TRANSACTIONRESPONSE);
        var orders = ordered.orders().iterator();
        for (var entry : asked.getEntry()) {
            var its = answer.addEntry();
            if (!(entry.getResource() instanceof ServiceRequest)) {
                its.getResponse().setStatus("200 OK"); // It goes with the order.
                continue;
            }
            var resource = ServiceRequestMapper.of(orders.next());
            its.setResource(resource);
            its.getResponse()
                    .setStatus(ordered.before() ? "200 OK" : "201 Created")
                    .setLocation("ServiceRequest/" + resource.getIdElement().getIdPart())
                    .setLastModified(resource.getMeta().getLastUpdated());
            if (!ordered.warnings().isEmpty())
                its.getResponse().setOutcome(NotPlaced.warnings(ordered.warnings()));
        }
        return answer;
    }
}
