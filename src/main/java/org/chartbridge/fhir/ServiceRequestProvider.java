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
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.chart.ResultSearch;
import org.chartbridge.fhir.Found.Paging;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Orders: those that were sent, as they stand, behind them referrals with the state that the last
 * word gave them, and the laboratories' own for results that nobody sent an order for. One that was
 * sent stands in a list once ⚠: a report that belongs to it adds none, and its own is found by id
 * only.
 */
@Component
public class ServiceRequestProvider implements IResourceProvider {
    private final CareStatements care;
    private final Reports reports;
    private final OrdersStanding standing;
    private final RegistrationRequests requests;
    private final AuditTrail audit;

    ServiceRequestProvider(
            CareStatements care,
            Reports reports,
            OrdersStanding standing,
            RegistrationRequests requests,
            AuditTrail audit) {
        this.care = care;
        this.reports = reports;
        this.standing = standing;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Class<ServiceRequest> getResourceType() {
        return ServiceRequest.class;
    }

    @Read
    public ServiceRequest read(@IdParam IdType id) {
        var series = FillerOrderMapper.series(id.getIdPart());
        if (series.isPresent()) return ofFiller(series.get(), id);
        var referral = ReferralMapper.referral(id.getIdPart());
        if (referral.isPresent()) return ofReferral(referral.get(), id);
        var wanted = Registrations.Search.of(Wanted.series(id.getIdPart()));
        var view =
                care.ordersAsTheyStand(wanted, 0, 1).items().stream()
                        .findFirst()
                        .orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(view.personId());
        var request =
                ServiceRequestMapper.of(
                        standing.of(List.of(view)).getFirst(),
                        standing.answered(care, List.of(view.personId())).get(view.id()));
        Versions.put(request);
        return request;
    }

    private ServiceRequest ofReferral(long referral, IdType id) {
        var view =
                care.referrals(Registrations.Search.of(referral), 0, 1).items().stream()
                        .findFirst()
                        .orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(view.personId());
        return standing.ofReferrals(care.referrals(view.personId())).stream()
                .filter(
                        loop ->
                                loop.referral().id() == referral
                                        || loop.answers().stream()
                                                .anyMatch(one -> one.id() == referral))
                .map(loop -> ReferralMapper.of(view, loop.state()))
                .findFirst()
                .orElseGet(() -> ReferralMapper.of(view, view.state()));
    }

    /** Each referral once, as whoever refers states it, and not the answers to it ⚠. */
    private List<ServiceRequest> referrals(RegistrationRequests.Orders wanted) {
        var persons = new LinkedHashSet<>(wanted.persons());
        if (wanted.referrals().isPresent())
            care.referrals(wanted.referrals().get(), 0, Registrations.MAX_ITEMS)
                    .items()
                    .forEach(view -> persons.add(view.personId()));
        var ids = wanted.referrals().map(Registrations.Search::ids).orElse(List.of());
        var all =
                persons.stream()
                        .flatMap(person -> care.referrals(person).stream())
                        .filter(loop -> ids.isEmpty() || ids.contains(loop.referral().id()))
                        .toList();
        return standing.ofReferrals(all).stream()
                .map(loop -> ReferralMapper.of(loop.referral(), loop.state()))
                .toList();
    }

    private ServiceRequest ofFiller(long series, IdType id) {
        var found = reports.requests(ResultSearch.of(series), List.of(), 0, 1).items();
        if (found.isEmpty() && reports.existed(series)) throw new ResourceGoneException(id);
        if (found.isEmpty()) throw new ResourceNotFoundException(id);
        var report = found.getFirst();
        audit.readsOverFhir(report.personId());
        var orders = standing.ofReports(care, List.of(report.personId()));
        return FillerOrderMapper.of(report, orders.get(report.series()));
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = ServiceRequest.SP_RES_ID) @Nullable TokenOrListParam ids,
            @OptionalParam(
                            name = ServiceRequest.SP_PATIENT,
                            chainWhitelist = {"", "identifier"})
                    @Nullable ReferenceParam patient,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Registrations.MAX_ITEMS);
        var wanted = requests.orders(ids, patient);
        var resources = new ArrayList<ServiceRequest>();
        long sent = 0;
        if (wanted.sent().isPresent()) {
            var page = care.ordersAsTheyStand(wanted.sent().get(), paging.offset(), paging.limit());
            var answered =
                    standing.answered(
                            care, page.items().stream().map(PlacedOrderView::personId).toList());
            for (var view : standing.of(page.items()))
                resources.add(ServiceRequestMapper.of(view, answered.get(view.id())));
            sent = page.total();
        }
        var referrals = referrals(wanted);
        referrals.stream()
                .skip(Math.max(0, paging.offset() - sent))
                .limit(paging.limit() - resources.size())
                .forEach(resources::add);
        sent += referrals.size();
        var fillers = fillers(wanted, paging, sent, resources.size());
        fillers.requests
                .items()
                .forEach(
                        view ->
                                resources.add(
                                        FillerOrderMapper.of(
                                                view, fillers.orders.get(view.series()))));
        return Found.of(
                new Page<>(
                        resources,
                        sent + fillers.requests.total(),
                        paging.offset(),
                        paging.limit()),
                resource -> resource);
    }

    private record Fillers(Page<ReportView> requests, Map<Long, Long> orders) {}

    /** Those behind the {@code sent} orders, as far as the page has room for them. */
    private Fillers fillers(
            RegistrationRequests.Orders wanted, Paging paging, long sent, int onPage) {
        var none = new Page<ReportView>(List.of(), 0, 0, paging.limit());
        if (wanted.fillers().isEmpty()) return new Fillers(none, Map.of());
        var search = wanted.fillers().get();
        int room = paging.limit() - onPage;
        int from = (int) Math.max(0, paging.offset() - sent);
        if (!search.series().isEmpty()) {
            var found = reports.requests(search, List.of(), from, Math.max(1, room));
            var persons = found.items().stream().map(ReportView::personId).toList();
            return new Fillers(cut(found, room), standing.ofReports(care, persons));
        }
        var orders = standing.ofReports(care, search.persons());
        var found = reports.requests(search, orders.keySet(), from, Math.max(1, room));
        return new Fillers(cut(found, room), orders);
    }

    private static Page<ReportView> cut(Page<ReportView> page, int room) {
        return room > 0 ? page : new Page<>(List.of(), page.total(), page.offset(), page.limit());
    }
}
