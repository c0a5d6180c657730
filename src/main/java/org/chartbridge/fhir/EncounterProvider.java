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
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.IdType;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Visits as they stand: read, and searched by patient. */
@Component
public class EncounterProvider implements IResourceProvider {
    private final Registrations registrations;
    private final RegistrationRequests requests;
    private final AuditTrail audit;

    EncounterProvider(
            Registrations registrations, RegistrationRequests requests, AuditTrail audit) {
        this.registrations = registrations;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Class<Encounter> getResourceType() {
        return Encounter.class;
    }

    @Read
    public Encounter read(@IdParam IdType id) {
        var wanted = Registrations.Search.of(Wanted.series(id.getIdPart()));
        var view =
                registrations.encounters(wanted, 0, 1).items().stream()
                        .findFirst()
                        .orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(view.personId());
        return EncounterMapper.of(view);
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = Encounter.SP_RES_ID) @Nullable TokenOrListParam ids,
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
                registrations.encounters(search.get(), paging.offset(), paging.limit()),
                EncounterMapper::of);
    }
}
