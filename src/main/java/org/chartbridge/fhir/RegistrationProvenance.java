package org.chartbridge.fhir;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.Source;
import org.chartbridge.chart.StatedView;
import org.hl7.fhir.r4.model.Provenance;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Where a patient's demographics, a visit or an item of a list comes from. */
@Component
class RegistrationProvenance {
    private final Persons persons;
    private final Registrations registrations;
    private final AuditTrail audit;

    RegistrationProvenance(Persons persons, Registrations registrations, AuditTrail audit) {
        this.persons = persons;
        this.registrations = registrations;
        this.audit = audit;
    }

    private record Found(UUID person, Source source) {}

    /**
     * Of a target by its type and id.
     *
     * @return null when registration knows no such type
     */
    @Nullable List<Provenance> of(@Nullable String type, String id) {
        if (type == null) return null;
        if (type.equals("Patient")) {
            var person = Wanted.person(id);
            return person == null ? List.of() : ofPatient(person);
        }
        var wanted = Registrations.Search.of(Wanted.series(id));
        var found =
                switch (type) {
                    case "Encounter" ->
                            registrations.encounters(wanted, 0, 1).items().stream()
                                    .map(
                                            view ->
                                                    new Found(
                                                            view.personId(),
                                                            new Source(
                                                                    view.partner(),
                                                                    view.entryId(),
                                                                    view.path(),
                                                                    null,
                                                                    view.recordedAt())))
                                    .findFirst();
                    case "AllergyIntolerance" ->
                            registrations.allergies(wanted, 0, 1).items().stream()
                                    .map(view -> new Found(view.personId(), view.source()))
                                    .findFirst();
                    case "Condition" ->
                            registrations.conditions(wanted, 0, 1).items().stream()
                                    .map(view -> new Found(view.personId(), view.source()))
                                    .findFirst();
                    case "Coverage" ->
                            registrations.coverages(wanted, 0, 1).items().stream()
                                    .map(view -> new Found(view.personId(), view.source()))
                                    .findFirst();
                    case "Account" ->
                            registrations.guarantors(wanted, 0, 1).items().stream()
                                    .map(view -> new Found(view.personId(), view.source()))
                                    .findFirst();
                    default -> Optional.<Found>empty();
                };
        if (found.isEmpty())
            return List.of("Encounter", "AllergyIntolerance", "Condition", "Coverage", "Account")
                            .contains(type)
                    ? List.of()
                    : null;
        audit.readsOverFhir(found.get().person());
        return List.of(ProvenanceMapper.of(type, Wanted.series(id), found.get().source()));
    }

    /** One for each entry whose word stands in any field. */
    private List<Provenance> ofPatient(UUID id) {
        var person = persons.person(id);
        if (person.isEmpty()) return List.of();
        audit.readsOverFhir(id);
        var byEntry = new TreeMap<Long, List<StatedView>>();
        for (var stated : person.get().main().demographics().values())
            byEntry.computeIfAbsent(stated.entryId(), _ -> new ArrayList<>()).add(stated);
        if (byEntry.isEmpty()) byEntry.put(person.get().main().entryId(), brought(person.get()));
        return byEntry.entrySet().stream()
                .map(one -> ProvenanceMapper.of(person.get(), one.getKey(), one.getValue()))
                .toList();
    }

    /** Nobody but the first message spoke of the patient. */
    private static List<StatedView> brought(PersonView person) {
        var record = person.main();
        return List.of(new StatedView("", "", "", "", record.entryId(), record.path(), null));
    }
}
