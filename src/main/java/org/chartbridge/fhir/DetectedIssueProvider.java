package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.Count;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Offset;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.RequiredParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.Registrations;
import org.chartbridge.fhir.Found.Paging;
import org.chartbridge.journal.Overrides;
import org.chartbridge.screening.Alert;
import org.chartbridge.screening.Screener;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.IdType;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Alerts of a patient's orders, as they stand when asked. An id is the patient's and the alert's,
 * so that one can be read again; what has closed by itself is not there any more.
 */
@Component
class DetectedIssueProvider implements IResourceProvider {
    private static final int UUID_LENGTH = 32;

    private final Screener screener;
    private final Overrides overrides;
    private final ResultRequests requests;
    private final AuditTrail audit;

    DetectedIssueProvider(
            Screener screener, Overrides overrides, ResultRequests requests, AuditTrail audit) {
        this.screener = screener;
        this.overrides = overrides;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Class<DetectedIssue> getResourceType() {
        return DetectedIssue.class;
    }

    @Read
    public DetectedIssue read(@IdParam IdType id) {
        var text = id.getIdPart();
        if (!text.matches("[0-9a-f]{64}")) throw new ResourceNotFoundException(id);
        var person =
                UUID.fromString(
                        text.substring(0, UUID_LENGTH)
                                .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
        audit.readsOverFhir(person);
        for (var alert : screener.alerts(person))
            if (alert.key().equals(text.substring(UUID_LENGTH))) return mapped(alert);
        throw new ResourceNotFoundException(id);
    }

    @Search
    public IBundleProvider search(
            @RequiredParam(
                            name = "patient",
                            chainWhitelist = {"", "identifier"})
                    ReferenceParam patient,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Registrations.MAX_ITEMS);
        var all = new ArrayList<Alert>();
        for (var person : requests.persons(patient)) {
            audit.readsOverFhir(person);
            all.addAll(screener.alerts(person));
        }
        int from = Math.min(paging.offset(), all.size());
        int until = Math.min(from + paging.limit(), all.size());
        return Found.of(
                new Page<>(all.subList(from, until), all.size(), paging.offset(), paging.limit()),
                this::mapped);
    }

    private DetectedIssue mapped(Alert alert) {
        var decided = overrides.of(List.of(alert.key())).get(alert.key());
        return DetectedIssueMapper.of(alert, decided);
    }
}
