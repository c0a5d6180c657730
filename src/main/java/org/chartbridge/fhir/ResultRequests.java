package org.chartbridge.fhir;

import ca.uhn.fhir.rest.param.DateAndListParam;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonSearch;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.ResultSearch;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What searches for reports and searches for observations have in common. */
@Component
class ResultRequests {
    /** Patients whose results one search by identifier may give. */
    static final int MAX_PERSONS_OF_IDENTIFIER = 20;

    private final Persons persons;
    private final AuditTrail audit;

    ResultRequests(Persons persons, AuditTrail audit) {
        this.persons = persons;
        this.audit = audit;
    }

    /**
     * The search to make, written to the audit trail; empty when nothing can answer it.
     *
     * @param statuses letters of values that are no correction; null for any
     * @param correctedStatuses letters of values that are one; null for any
     * @param doubtful whether status unknown is among the wanted ones
     */
    Optional<ResultSearch> search(
            @Nullable TokenOrListParam ids,
            @Nullable ReferenceParam patient,
            @Nullable TokenOrListParam code,
            @Nullable DateAndListParam date,
            @Nullable List<String> statuses,
            @Nullable List<String> correctedStatuses,
            boolean doubtful) {
        if (ids == null && patient == null)
            throw new Refusal(
                    "Say whose results: patient, patient.identifier or _id is needed in this"
                            + " search.");
        var dates = Wanted.dates("date", date);
        var codes = Wanted.codes(code);
        var series = Wanted.series(ids);
        var of = patient == null ? List.<UUID>of() : persons(patient);
        if (ids != null && series.isEmpty()) return Optional.empty();
        if (patient != null && of.isEmpty()) return Optional.empty();
        if (of.isEmpty()) audit.readsOverFhir(null);
        else of.forEach(audit::readsOverFhir);
        return Optional.of(
                new ResultSearch(
                        of,
                        series,
                        codes,
                        dates.days(),
                        dates.times(),
                        statuses,
                        correctedStatuses,
                        doubtful));
    }

    /** The patients of a reference or an identifier; none when there is none such. */
    List<UUID> persons(ReferenceParam patient) {
        if (patient.getChain() == null) return Wanted.person(patient);
        var identifier = Wanted.identifier("patient.identifier", patient.getValue());
        var found = persons.find(PersonSearch.all().with(identifier), 0, MAX_PERSONS_OF_IDENTIFIER);
        if (found.hasNext())
            throw new Refusal(
                    "More than %d patients go by this patient.identifier; add its system."
                            .formatted(MAX_PERSONS_OF_IDENTIFIER));
        return found.items().stream().map(PersonView::id).toList();
    }
}
