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
import org.chartbridge.chart.Registrations;
import org.chartbridge.fhir.Found.Paging;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.IdType;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Insurances: read, and searched by patient; a search gives what is listed now. */
@Component
public class CoverageProvider implements IResourceProvider {
    private final Registrations registrations;
    private final RegistrationRequests requests;
    private final AuditTrail audit;

    CoverageProvider(Registrations registrations, RegistrationRequests requests, AuditTrail audit) {
        this.registrations = registrations;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Class<Coverage> getResourceType() {
        return Coverage.class;
    }

    @Read
    public Coverage read(@IdParam IdType id) {
        var wanted = Registrations.Search.of(Wanted.series(id.getIdPart()));
        var view =
                registrations.coverages(wanted, 0, 1).items().stream()
                        .findFirst()
                        .orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(view.personId());
        return CoverageMapper.of(view);
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = Coverage.SP_RES_ID) @Nullable TokenOrListParam ids,
            @OptionalParam(
                            name = "patient",
                            chainWhitelist = {"", "identifier"})
                    @Nullable ReferenceParam patient,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Registrations.MAX_ITEMS);
        var search = requests.search(ids, patient);
        if (search.isEmpty()) return Found.nothing(paging);
        return Found.of(
                registrations.coverages(search.get(), paging.offset(), paging.limit()),
                CoverageMapper::of);
    }
}
