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
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.Reports;
import org.chartbridge.fhir.Found.Paging;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Provenance;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.regex.Pattern;

/** Which message, and which segment of it, a report or a version of a value comes from. */
@Component
public class ProvenanceProvider implements IResourceProvider {
    private static final Pattern OF_OBSERVATION = Pattern.compile("observation-(\\d+)-(\\d+)");
    private static final Pattern OF_REPORT = Pattern.compile("report-(\\d+)");

    private static final Pattern OF_REGISTRATION =
            Pattern.compile(
                    "(patient|encounter|allergyintolerance|condition|coverage|account)-([0-9a-f-]+)");

    private final Reports reports;
    private final Observations observations;
    private final RegistrationProvenance registrations;
    private final AuditTrail audit;

    ProvenanceProvider(
            Reports reports,
            Observations observations,
            RegistrationProvenance registrations,
            AuditTrail audit) {
        this.registrations = registrations;
        this.reports = reports;
        this.observations = observations;
        this.audit = audit;
    }

    @Override
    public Class<Provenance> getResourceType() {
        return Provenance.class;
    }

    @Read
    public Provenance read(@IdParam IdType id) {
        var report = OF_REPORT.matcher(id.getIdPart());
        var observation = OF_OBSERVATION.matcher(id.getIdPart());
        var found =
                report.matches()
                        ? ofReport(Wanted.series(report.group(1)))
                        : observation.matches()
                                ? ofObservation(
                                        Wanted.series(observation.group(1)), observation.group(2))
                                : ofRegistration(id.getIdPart());
        return found.stream().findFirst().orElseThrow(() -> new ResourceNotFoundException(id));
    }

    /** By target: a Patient, an Encounter and the like, an Observation or one version of it. */
    @Search
    public IBundleProvider search(
            @RequiredParam(name = Provenance.SP_TARGET) ReferenceParam target,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Observations.MAX_VERSIONS);
        var id = new IdType(target.getValue());
        var type = id.getResourceType();
        var found =
                switch (type == null ? "" : type) {
                    case "DiagnosticReport" -> ofReport(Wanted.series(id.getIdPart()));
                    case "Observation" ->
                            ofObservation(Wanted.series(id.getIdPart()), id.getVersionIdPart());
                    default -> {
                        var ofOther = registrations.of(type, id.getIdPart());
                        if (ofOther == null)
                            throw new Refusal(
                                    "The parameter target is a Patient, Encounter,"
                                            + " AllergyIntolerance, Condition, Coverage, Account,"
                                            + " DiagnosticReport or Observation.");
                        yield ofOther;
                    }
                };
        var page = found.stream().skip(paging.offset()).limit(paging.limit()).toList();
        return Found.of(
                new Page<>(page, found.size(), paging.offset(), paging.limit()),
                provenance -> provenance);
    }

    private List<Provenance> ofRegistration(String id) {
        var m = OF_REGISTRATION.matcher(id);
        if (!m.matches()) return List.of();
        var type =
                switch (m.group(1)) {
                    case "patient" -> "Patient";
                    case "encounter" -> "Encounter";
                    case "allergyintolerance" -> "AllergyIntolerance";
                    case "condition" -> "Condition";
                    case "account" -> "Account";
                    default -> "Coverage";
                };
        var target = type.equals("Patient") ? m.group(2).replaceFirst("-\\d+$", "") : m.group(2);
        var found = registrations.of(type, target);
        return found == null
                ? List.of()
                : found.stream().filter(one -> one.getIdElement().getIdPart().equals(id)).toList();
    }

    private List<Provenance> ofReport(long series) {
        var view = reports.report(series);
        view.ifPresent(report -> audit.readsOverFhir(report.personId()));
        return view.map(ProvenanceMapper::of).stream().toList();
    }

    /**
     * Of one version, or of the current one.
     *
     * @param version null for the current one
     */
    private List<Provenance> ofObservation(long series, @Nullable String version) {
        var view = ServedVersions.of(observations.history(series)).version(version);
        view.ifPresent(observation -> audit.readsOverFhir(observation.personId()));
        return view.map(ProvenanceMapper::of).stream().toList();
    }
}
