package org.chartbridge.fhir;

import org.chartbridge.chart.CoverageView;
import org.chartbridge.chart.EncounterView;
import org.chartbridge.chart.PersonSearch;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.VisitStatus;
import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.KnownPatient;
import org.chartbridge.placing.Placed.Insurance;
import org.chartbridge.placing.Placed.Visit;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.springframework.stereotype.Component;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * For whom an order is, during which visit, and who pays: found in the chart by what the order
 * refers to. Nobody is registered by an order ⚠: a number that was mistyped would make a patient
 * without allergies.
 */
@Component
class OrderedFor {
    private static final String REMEDY =
            " Refer to Patient/ and an id of this server, or give subject.identifier or a Patient"
                    + " with an identifier that is in the chart; register who is new by ADT.";

    private final Persons persons;
    private final Registrations registrations;

    OrderedFor(Persons persons, Registrations registrations) {
        this.persons = persons;
        this.registrations = registrations;
    }

    /** The patient; empty with a fault told when there is none such, or more than one. */
    Optional<PersonView> patient(Reference subject, String path, List<Fault> faults) {
        var found = new LinkedHashMap<UUID, PersonView>();
        if (subject.getResource() instanceof Patient patient)
            patient.getIdentifier().forEach(its -> found.putAll(byNumber(its)));
        else if (subject.hasReference()) byReference(subject.getReference(), found);
        else if (subject.hasIdentifier()) found.putAll(byNumber(subject.getIdentifier()));
        if (found.size() == 1 && !found.values().iterator().next().isUnidentified()) {
            var person = found.values().iterator().next();
            if (subject.getResource() instanceof Patient patient && isSomebodyElse(patient, person))
                faults.add(
                        new Fault(
                                IssueType.BUSINESSRULE,
                                path,
                                "The patient of this number has another birth date in the chart, or"
                                        + " another family name and no birth date confirms it."
                                        + " Correct the number, or name and birth date; a change of"
                                        + " them comes by ADT."));
            return Optional.of(person);
        }
        faults.add(
                found.isEmpty()
                        ? new Fault(IssueType.NOTFOUND, path, "This patient is not known." + REMEDY)
                        : new Fault(
                                IssueType.MULTIPLEMATCHES,
                                path,
                                "This is not one patient with a number." + REMEDY));
        return Optional.empty();
    }

    /** ⚠ A mistyped number orders for a stranger: what the client says of its patient tells it. */
    private static boolean isSomebodyElse(Patient patient, PersonView person) {
        var born = patient.getBirthDateElement().getValueAsString();
        var families = new ArrayList<String>();
        for (var name : patient.getName()) if (name.hasFamily()) families.add(name.getFamily());
        return person.isContradicted(families, born == null ? "" : born);
    }

    private void byReference(String reference, Map<UUID, PersonView> found) {
        var conditional = "Patient?identifier=";
        if (reference.startsWith(conditional)) {
            var token =
                    URLDecoder.decode(
                            reference.substring(conditional.length()), StandardCharsets.UTF_8);
            int bar = token.indexOf('|');
            var identifier = new Identifier().setValue(token.substring(bar + 1));
            if (bar > 0) identifier.setSystem(token.substring(0, bar));
            found.putAll(byNumber(identifier));
            return;
        }
        var id = new IdType(reference);
        var person = Wanted.person(id.getIdPart());
        if (person == null || !"Patient".equals(id.getResourceType())) return;
        var its = persons.person(person);
        if (its.isEmpty()) its = persons.goneTo(person).flatMap(persons::person);
        its.ifPresent(view -> found.put(view.id(), view));
    }

    private Map<UUID, PersonView> byNumber(Identifier identifier) {
        if (!identifier.hasValue()) return Map.of();
        var authority =
                identifier.hasSystem() ? CodeSystems.authority(identifier.getSystem()) : null;
        var search =
                PersonSearch.all()
                        .with(new PersonSearch.IdentifierMatch(identifier.getValue(), authority));
        var found = new LinkedHashMap<UUID, PersonView>();
        persons.find(search, 0, 2).items().forEach(view -> found.put(view.id(), view));
        return found;
    }

    /** Who pays, in this order. */
    List<Insurance> insurances(
            List<Reference> references, UUID person, String path, List<Fault> faults) {
        var insurances = new ArrayList<Insurance>();
        for (int i = 0; i < references.size(); i++) {
            var reference = references.get(i);
            var its = path + "[" + i + "]";
            if (reference.getResource() instanceof Coverage coverage) {
                insurances.add(new ElementReader(its, faults).insurance(coverage, "resolve()"));
                continue;
            }
            var id = new IdType(reference.getReference() == null ? "" : reference.getReference());
            var known =
                    "Coverage".equals(id.getResourceType())
                            ? registrations
                                    .coverages(
                                            Registrations.Search.of(Wanted.series(id.getIdPart())),
                                            0,
                                            1)
                                    .items()
                            : List.<CoverageView>of();
            if (known.size() == 1 && known.getFirst().personId().equals(person))
                insurances.add(KnownPatient.insurance(known.getFirst()));
            else
                faults.add(
                        new Fault(
                                IssueType.NOTFOUND,
                                its,
                                "There is no such coverage of this patient; refer to one of this"
                                        + " server, or give it contained or in the bundle."));
        }
        return insurances;
    }

    /** During which visit it is ordered; that of no number can't be named in a message. */
    Visit visit(Reference reference, UUID person, String path, List<Fault> faults) {
        if (reference.isEmpty()) return Visit.NONE;
        var id = new IdType(reference.hasReference() ? reference.getReference() : "");
        var wanted =
                "Encounter".equals(id.getResourceType())
                        ? Registrations.Search.of(Wanted.series(id.getIdPart()))
                        : Registrations.Search.of(person);
        boolean named = reference.hasIdentifier() || "Encounter".equals(id.getResourceType());
        var found =
                !named
                        ? List.<EncounterView>of()
                        : registrations
                                .encounters(wanted, 0, Registrations.MAX_ITEMS)
                                .items()
                                .stream()
                                .filter(view -> view.personId().equals(person))
                                .filter(view -> !view.number().isEmpty())
                                .filter(view -> view.status() != VisitStatus.CANCELLED)
                                .filter(
                                        view ->
                                                reference.hasReference()
                                                        || isNumbered(
                                                                view, reference.getIdentifier()))
                                .toList();
        if (found.size() == 1) return KnownPatient.visit(found.getFirst());
        faults.add(
                new Fault(
                        found.isEmpty() ? IssueType.NOTFOUND : IssueType.MULTIPLEMATCHES,
                        path,
                        "This is not one visit of this patient that has a number and was not"
                                + " cancelled; refer to Encounter/ and an id of this server, or"
                                + " give encounter.identifier with its system."));
        return Visit.NONE;
    }

    private static boolean isNumbered(EncounterView view, Identifier identifier) {
        return view.number().equals(identifier.getValue())
                && (!identifier.hasSystem()
                        || view.authority().equals(CodeSystems.authority(identifier.getSystem())));
    }
}
