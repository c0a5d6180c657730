package org.chartbridge.fhir;

import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.ResultSearch;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What searches for visits, allergies, conditions and coverage have in common. */
@Component
class RegistrationRequests {
    private final ResultRequests requests;
    private final AuditTrail audit;

    RegistrationRequests(ResultRequests requests, AuditTrail audit) {
        this.requests = requests;
        this.audit = audit;
    }

    /** The search to make, written to the audit trail; empty when nothing can answer it. */
    Optional<Registrations.Search> search(
            @Nullable TokenOrListParam ids, @Nullable ReferenceParam patient) {
        if (ids == null && patient == null)
            throw new Refusal(
                    "Say whose: patient, patient.identifier or _id is needed in this search.");
        var wanted = Wanted.series(ids);
        var of = patient == null ? List.<UUID>of() : requests.persons(patient);
        if (ids != null && wanted.isEmpty()) return Optional.empty();
        if (patient != null && of.isEmpty()) return Optional.empty();
        if (of.isEmpty()) audit.readsOverFhir(null);
        else of.forEach(audit::readsOverFhir);
        return Optional.of(new Registrations.Search(of, wanted, ids != null));
    }

    /**
     * Which orders are wanted.
     *
     * @param sent those that were sent
     * @param referrals by id; empty for none
     * @param persons whose referrals are wanted, where none is named
     * @param fillers those behind reports
     */
    record Orders(
            Optional<Registrations.Search> sent,
            Optional<Registrations.Search> referrals,
            List<UUID> persons,
            Optional<ResultSearch> fillers) {}

    /** The searches to make for orders, written to the audit trail as one. */
    Orders orders(@Nullable TokenOrListParam ids, @Nullable ReferenceParam patient) {
        var sent = search(ids, patient);
        var series = FillerOrderMapper.series(ids);
        var referred = ReferralMapper.referrals(ids);
        var of = patient == null ? List.<UUID>of() : requests.persons(patient);
        if (patient != null && of.isEmpty())
            return new Orders(sent, Optional.empty(), List.of(), Optional.empty());
        boolean othersToo = ids == null || !series.isEmpty() || !referred.isEmpty();
        if (sent.isEmpty() && othersToo) {
            if (of.isEmpty()) audit.readsOverFhir(null);
            else of.forEach(audit::readsOverFhir);
        }
        return new Orders(
                sent,
                referred.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Registrations.Search(of, referred, true)),
                ids == null ? of : List.of(),
                ids != null && series.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new ResultSearch(of, series, List.of(), List.of(), List.of())));
    }
}
