package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.Count;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Offset;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.Registrations;
import org.chartbridge.fhir.Found.Paging;
import org.hl7.fhir.instance.model.api.IAnyResource;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.jspecify.annotations.Nullable;

import java.util.UUID;
import java.util.function.Function;

/**
 * What registration messages say of a patient, one resource type for each of these: read, and
 * searched by patient; a search gives what stands now.
 *
 * @param <V> as the chart shows it
 * @param <R> as FHIR does
 */
class RegistrationProvider<V, R extends IAnyResource> implements IResourceProvider {

    /** A read of the chart. */
    interface Reading<V> {
        Page<V> page(Registrations.Search search, int offset, int limit);
    }

    private final Class<R> type;
    private final Reading<V> reading;
    private final Function<V, UUID> person;
    private final Function<V, R> mapper;
    private final RegistrationRequests requests;
    private final AuditTrail audit;

    RegistrationProvider(
            Class<R> type,
            Reading<V> reading,
            Function<V, UUID> person,
            Function<V, R> mapper,
            RegistrationRequests requests,
            AuditTrail audit) {
        this.type = type;
        this.reading = reading;
        this.person = person;
        this.mapper = mapper;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Class<R> getResourceType() {
        return type;
    }

    @Read
    public R read(@IdParam IdType id) {
        var wanted = Registrations.Search.of(Wanted.series(id.getIdPart()));
        var view =
                reading.page(wanted, 0, 1).items().stream()
                        .findFirst()
                        .orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(person.apply(view));
        var resource = mapper.apply(view);
        if (resource instanceof MedicationRequest order) Versions.put(order);
        return resource;
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = IAnyResource.SP_RES_ID) @Nullable TokenOrListParam ids,
            @OptionalParam(
                            name = "patient",
                            chainWhitelist = {"", "identifier"})
                    @Nullable ReferenceParam patient,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Registrations.MAX_ITEMS);
        var search = requests.search(ids, patient);
        if (search.isEmpty()) return Found.nothing(paging);
        return Found.of(reading.page(search.get(), paging.offset(), paging.limit()), mapper);
    }
}
