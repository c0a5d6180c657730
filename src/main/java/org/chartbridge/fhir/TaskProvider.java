package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.Count;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Offset;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.Registrations;
import org.chartbridge.fhir.Found.Paging;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenLoops;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Optional;

/**
 * How orders and referrals stand, as they do when asked: each is one Task, whoever spoke of it.
 * Nothing is stored, so nothing can be written.
 */
@Component
class TaskProvider implements IResourceProvider {
    private final OpenLoops loops;
    private final ResultRequests requests;
    private final AuditTrail audit;

    TaskProvider(OpenLoops loops, ResultRequests requests, AuditTrail audit) {
        this.loops = loops;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Class<Task> getResourceType() {
        return Task.class;
    }

    @Read
    public Task read(@IdParam IdType id) {
        var of = TaskMapper.of(id.getIdPart());
        if (of == null) throw new ResourceNotFoundException(id);
        var loop = loop(of).orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(loop.person());
        return TaskMapper.of(loop);
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = Task.SP_FOCUS) @Nullable ReferenceParam focus,
            @OptionalParam(name = Task.SP_BASED_ON) @Nullable ReferenceParam basedOn,
            @OptionalParam(
                            name = Task.SP_PATIENT,
                            chainWhitelist = {"", "identifier"})
                    @Nullable ReferenceParam patient,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Registrations.MAX_ITEMS);
        var said = new ArrayList<ReferenceParam>();
        if (focus != null) said.add(focus);
        if (basedOn != null) said.add(basedOn);
        if (said.size() + (patient == null ? 0 : 1) != 1)
            throw new Refusal("Say one of focus, based-on, patient and patient.identifier.");
        var all = new ArrayList<Loop>();
        if (patient != null)
            for (var person : requests.persons(patient)) {
                audit.readsOverFhir(person);
                all.addAll(loops.of(person));
            }
        else
            request(said.getFirst())
                    .ifPresent(
                            loop -> {
                                audit.readsOverFhir(loop.person());
                                all.add(loop);
                            });
        int from = Math.min(paging.offset(), all.size());
        int until = Math.min(from + paging.limit(), all.size());
        return Found.of(
                new Page<>(all.subList(from, until), all.size(), paging.offset(), paging.limit()),
                TaskMapper::of);
    }

    /** Of a laboratory's own order (report-…) there is none: nobody waits for it. */
    private Optional<Loop> request(ReferenceParam reference) {
        var type = reference.getResourceType();
        if (type != null && !type.equals("ServiceRequest")) return Optional.empty();
        var id = reference.getIdPart();
        if (id == null) return Optional.empty();
        var referral = ReferralMapper.referral(id);
        if (referral.isPresent()) return loops.referral(referral.get());
        long order = Wanted.series(id);
        return order > 0 ? loops.order(order) : Optional.empty();
    }

    private Optional<Loop> loop(TaskMapper.Of of) {
        return of.referral() ? loops.referral(of.id()) : loops.order(of.id());
    }
}
