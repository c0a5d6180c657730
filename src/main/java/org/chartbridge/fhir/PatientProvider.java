package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.Count;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Offset;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.param.DateAndListParam;
import ca.uhn.fhir.rest.param.StringParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonSearch;
import org.chartbridge.chart.Persons;
import org.chartbridge.fhir.Found.Paging;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Patients: read, and searched by identifier, name, birth date. */
@Component
public class PatientProvider implements IResourceProvider {
    private final Persons persons;
    private final AuditTrail audit;

    PatientProvider(Persons persons, AuditTrail audit) {
        this.persons = persons;
        this.audit = audit;
    }

    @Override
    public Class<Patient> getResourceType() {
        return Patient.class;
    }

    @Read
    public Patient read(@IdParam IdType id) {
        var person = Wanted.person(id.getIdPart());
        if (person == null) throw new ResourceNotFoundException(id);
        audit.readsOverFhir(person);
        var view = persons.person(person);
        if (view.isPresent()) return PatientMapper.patient(view.get());
        return persons.goneTo(person)
                .map(stays -> PatientMapper.gone(person, stays))
                .orElseThrow(() -> new ResourceNotFoundException(id));
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = Patient.SP_RES_ID) @Nullable TokenOrListParam ids,
            @OptionalParam(name = Patient.SP_IDENTIFIER) @Nullable TokenOrListParam identifier,
            @OptionalParam(name = Patient.SP_FAMILY) @Nullable StringParam family,
            @OptionalParam(name = Patient.SP_GIVEN) @Nullable StringParam given,
            @OptionalParam(name = Patient.SP_BIRTHDATE) @Nullable DateAndListParam birthDate,
            @Offset @Nullable Integer offset,
            @Count @Nullable Integer count) {
        var paging = Paging.of(offset, count, Persons.MAX_PERSONS);
        var wanted = Wanted.persons(ids);
        if (ids != null && wanted.isEmpty()) return Found.nothing(paging);
        var dates = Wanted.dates("birthdate", birthDate);
        if (!dates.times().isEmpty()) throw new Refusal("The parameter birthdate is a date.");
        var search =
                new PersonSearch(
                        wanted,
                        Wanted.identifiers("identifier", identifier),
                        Wanted.prefix("family", family),
                        Wanted.prefix("given", given),
                        dates.days());
        audit.readsOverFhir(null);
        return Found.of(
                persons.find(search, paging.offset(), paging.limit()), PatientMapper::patient);
    }
}
