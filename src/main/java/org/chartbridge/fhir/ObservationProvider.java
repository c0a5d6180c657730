package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.Count;
import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Offset;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.param.DateAndListParam;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.SimpleBundleProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Observations;
import org.chartbridge.fhir.Found.Paging;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Observation;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Values: read as they stand and as they were, and searched by patient. */
@Component
public class ObservationProvider implements IResourceProvider {
    private final Observations observations;
    private final ResultRequests requests;
    private final AuditTrail audit;

    ObservationProvider(Observations observations, ResultRequests requests, AuditTrail audit) {
        this.observations = observations;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Class<Observation> getResourceType() {
        return Observation.class;
    }

    /** A value as it stands, or one of its versions. */
    @Read(version = true)
    public Observation read(@IdParam IdType id) {
        var view =
                served(id)
                        .version(id.getVersionIdPart())
                        .orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(view.personId());
        return ObservationMapper.observation(view);
    }

    /** What was served as this value, the newest first. */
    @History
    public IBundleProvider history(@IdParam IdType id) {
        var versions = served(id).newestFirst();
        audit.readsOverFhir(versions.getFirst().personId());
        return new SimpleBundleProvider(
                versions.stream().map(ObservationMapper::observation).toList());
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = Observation.SP_RES_ID) @Nullable TokenOrListParam ids,
            @OptionalParam(
                            name = Observation.SP_PATIENT,
                            chainWhitelist = {"", "identifier"})
                    @Nullable ReferenceParam patient,
            @OptionalParam(name = Observation.SP_CODE) @Nullable TokenOrListParam code,
            @OptionalParam(name = Observation.SP_DATE) @Nullable DateAndListParam date,
            @OptionalParam(name = Observation.SP_STATUS) @Nullable TokenOrListParam status,
            @OptionalParam(name = Observation.SP_CATEGORY) @Nullable TokenOrListParam category,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Observations.MAX_OBSERVATIONS);
        var statuses = Wanted.statuses(status);
        var search =
                requests.search(
                        ids,
                        patient,
                        code,
                        date,
                        statuses == null ? null : Statuses.letters(statuses, false),
                        statuses == null ? null : Statuses.letters(statuses, true),
                        statuses == null || statuses.contains("unknown"));
        if (search.isEmpty() || !Wanted.isLaboratory(category, "laboratory", CodeSystems.CATEGORY))
            return Found.nothing(paging);
        return Found.of(
                observations.find(search.get(), paging.offset(), paging.limit()),
                ObservationMapper::observation);
    }

    private ServedVersions served(IdType id) {
        var series = Wanted.series(id.getIdPart());
        var served = ServedVersions.of(observations.history(series));
        if (!served.newestFirst().isEmpty()) return served;
        if (observations.existed(series)) throw new ResourceGoneException(id);
        throw new ResourceNotFoundException(id);
    }
}
