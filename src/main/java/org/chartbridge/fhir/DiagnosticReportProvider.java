package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.Count;
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
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.fhir.Found.Paging;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.IdType;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;

/**
 * Reports: read as they stand, and searched by patient. Earlier versions are not offered: a report
 * points to its values, and those know their own history.
 */
@Component
public class DiagnosticReportProvider implements IResourceProvider {
    private final Reports reports;
    private final CareStatements care;
    private final OrdersStanding standing;
    private final ResultRequests requests;
    private final AuditTrail audit;

    DiagnosticReportProvider(
            Reports reports,
            CareStatements care,
            OrdersStanding standing,
            ResultRequests requests,
            AuditTrail audit) {
        this.reports = reports;
        this.care = care;
        this.standing = standing;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Class<DiagnosticReport> getResourceType() {
        return DiagnosticReport.class;
    }

    @Read
    public DiagnosticReport read(@IdParam IdType id) {
        var series = Wanted.series(id.getIdPart());
        var view = reports.report(series);
        if (view.isEmpty() && reports.existed(series)) throw new ResourceGoneException(id);
        var report = view.orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(report.personId());
        return ReportMapper.report(
                report, standing.ofReports(care, List.of(report.personId())).get(report.series()));
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = DiagnosticReport.SP_RES_ID) @Nullable TokenOrListParam ids,
            @OptionalParam(
                            name = DiagnosticReport.SP_PATIENT,
                            chainWhitelist = {"", "identifier"})
                    @Nullable ReferenceParam patient,
            @OptionalParam(name = DiagnosticReport.SP_CODE) @Nullable TokenOrListParam code,
            @OptionalParam(name = DiagnosticReport.SP_DATE) @Nullable DateAndListParam date,
            @OptionalParam(name = DiagnosticReport.SP_STATUS) @Nullable TokenOrListParam status,
            @OptionalParam(name = DiagnosticReport.SP_CATEGORY) @Nullable TokenOrListParam category,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Reports.MAX_REPORTS);
        var statuses = Wanted.statuses(status);
        var search =
                requests.search(
                        ids,
                        patient,
                        code,
                        date,
                        statuses == null ? null : Statuses.reportLetters(statuses),
                        null,
                        statuses == null || statuses.contains("unknown"));
        if (search.isEmpty() || !Wanted.isLaboratory(category, "LAB", CodeSystems.SECTION))
            return Found.nothing(paging);
        var found = reports.find(search.get(), paging.offset(), paging.limit());
        var orders =
                standing.ofReports(care, found.items().stream().map(ReportView::personId).toList());
        return Found.of(found, report -> ReportMapper.report(report, orders.get(report.series())));
    }
}
