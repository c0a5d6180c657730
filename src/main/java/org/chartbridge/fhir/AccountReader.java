package org.chartbridge.fhir;

import org.chartbridge.chart.PersonView;
import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.KnownPatient;
import org.chartbridge.placing.Placed.Guarantor;
import org.hl7.fhir.r4.model.Account;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who answers for the bill of a bundle's orders: Account.guarantor, as GT1. A RelatedPerson, an
 * Organization, or the patient.
 */
final class AccountReader {
    /** What may go along with an Account. */
    static final Set<String> PARTS = Set.of("Account", "RelatedPerson", "Organization", "Patient");

    /** Guarantors of one message. */
    static final int MAX_GUARANTORS = 10;

    private static final int MAX_VALUE = 200;

    /** Table 0063, by the codes of v3-RoleCode that RelatedPerson.relationship has. */
    private static final Map<String, String> RELATIONS =
            Map.ofEntries(
                    Map.entry("SPS", "SPO"),
                    Map.entry("HUSB", "SPO"),
                    Map.entry("WIFE", "SPO"),
                    Map.entry("DOMPART", "DOM"),
                    Map.entry("PRN", "PAR"),
                    Map.entry("MTH", "MTH"),
                    Map.entry("NMTH", "MTH"),
                    Map.entry("FTH", "FTH"),
                    Map.entry("NFTH", "FTH"),
                    Map.entry("CHILD", "CHD"),
                    Map.entry("SON", "CHD"),
                    Map.entry("DAU", "CHD"),
                    Map.entry("SIB", "SIB"),
                    Map.entry("BRO", "BRO"),
                    Map.entry("SIS", "SIS"),
                    Map.entry("GRPRN", "GRP"),
                    Map.entry("GUARD", "GRD"),
                    Map.entry("ONESELF", "SEL"));

    private static final String V2_0063 = "http://terminology.hl7.org/CodeSystem/v2-0063";

    private final ElementReader read;
    private final List<Fault> faults;
    private final String at;

    private AccountReader(String at, List<Fault> faults) {
        this.read = new ElementReader(at, faults);
        this.faults = faults;
        this.at = at;
    }

    /** An Account of a bundle and where it stands. */
    record Found(Account account, String at) {}

    /** The accounts of a bundle. */
    static List<Found> of(Bundle bundle) {
        var found = new ArrayList<Found>();
        for (int i = 0; i < bundle.getEntry().size(); i++)
            if (bundle.getEntry().get(i).getResource() instanceof Account account)
                found.add(new Found(account, "Bundle.entry[" + i + "].resource"));
        return found;
    }

    /** The guarantors of accounts, in their order, with a fault for each that can't be one. */
    static List<Guarantor> guarantors(List<Found> accounts, PersonView person, List<Fault> faults) {
        var all = new ArrayList<Guarantor>();
        for (var one : accounts) {
            var reader = new AccountReader(one.at(), faults);
            if (!one.account().hasGuarantor())
                reader.fault(
                        IssueType.REQUIRED,
                        "guarantor",
                        "An Account goes along for its guarantor; name one, or leave it out.");
            for (int i = 0; i < one.account().getGuarantor().size(); i++) {
                var guarantor = one.account().getGuarantor().get(i);
                var path = "guarantor[" + i + "]";
                if (guarantor.getOnHold())
                    reader.fault(
                            IssueType.NOTSUPPORTED,
                            path + ".onHold",
                            "A guarantor on hold can't be said in a message; leave it out.");
                all.add(reader.guarantor(guarantor.getParty(), path + ".party", person));
            }
        }
        if (all.size() > MAX_GUARANTORS)
            faults.add(
                    new Fault(
                            IssueType.TOOLONG,
                            accounts.getFirst().at() + ".guarantor",
                            "At most " + MAX_GUARANTORS + "."));
        return all;
    }

    private Guarantor guarantor(Reference party, String path, PersonView person) {
        var its = path + ".resolve()";
        return switch (party.getResource()) {
            case RelatedPerson related ->
                    person(
                            related.getNameFirstRep(),
                            related.getAddressFirstRep(),
                            related.getTelecom(),
                            relationship(related.getRelationship()),
                            its);
            case Organization organization -> organization(organization, its);
            case Patient patient ->
                    person(
                            patient.getNameFirstRep(),
                            patient.getAddressFirstRep(),
                            patient.getTelecom(),
                            "SEL",
                            its);
            case null, default -> {
                var id = new IdType(party.getReference() == null ? "" : party.getReference());
                if ("Patient".equals(id.getResourceType())
                        && person.id().equals(Wanted.person(id.getIdPart())))
                    yield KnownPatient.guarantor(person);
                fault(
                        IssueType.NOTFOUND,
                        path,
                        "A guarantor is a RelatedPerson or an Organization of the bundle, or the"
                                + " patient.");
                yield Guarantor.NONE;
            }
        };
    }

    private Guarantor person(
            HumanName name,
            Address address,
            List<ContactPoint> telecom,
            String relationship,
            String path) {
        var family = read.line(name.getFamily(), path + ".name.family", MAX_VALUE);
        if (family.isEmpty())
            fault(IssueType.REQUIRED, path + ".name.family", "A guarantor has a family name.");
        var given = name.getGiven();
        return new Guarantor(
                "",
                "",
                family,
                given.isEmpty()
                        ? ""
                        : read.line(given.getFirst().getValue(), path + ".name.given", MAX_VALUE),
                given.size() < 2
                        ? ""
                        : read.line(given.get(1).getValue(), path + ".name.given[1]", MAX_VALUE),
                "",
                "",
                address(address, path + ".address"),
                phone(telecom, path + ".telecom"),
                relationship);
    }

    private Guarantor organization(Organization organization, String path) {
        var name = read.line(organization.getName(), path + ".name", MAX_VALUE);
        if (name.isEmpty()) fault(IssueType.REQUIRED, path + ".name", "A guarantor has a name.");
        return new Guarantor(
                "",
                "",
                "",
                "",
                "",
                "",
                name,
                address(organization.getAddressFirstRep(), path + ".address"),
                phone(organization.getTelecom(), path + ".telecom"),
                "");
    }

    private Guarantor.Address address(Address address, String path) {
        var lines = address.getLine();
        return new Guarantor.Address(
                lines.isEmpty()
                        ? ""
                        : read.line(lines.getFirst().getValue(), path + ".line", MAX_VALUE),
                lines.size() < 2
                        ? ""
                        : read.line(lines.get(1).getValue(), path + ".line[1]", MAX_VALUE),
                read.line(address.getCity(), path + ".city", MAX_VALUE),
                read.line(address.getState(), path + ".state", MAX_VALUE),
                read.line(address.getPostalCode(), path + ".postalCode", MAX_VALUE),
                read.line(address.getCountry(), path + ".country", MAX_VALUE));
    }

    private String phone(List<ContactPoint> telecom, String path) {
        for (var one : telecom)
            if (one.getSystem() == ContactPointSystem.PHONE)
                return read.line(one.getValue(), path + ".value", MAX_VALUE);
        return "";
    }

    private static String relationship(List<CodeableConcept> concepts) {
        for (var concept : concepts)
            for (var coding : concept.getCoding()) {
                var code = coding.getCode();
                if (code == null) continue;
                if (V2_0063.equals(coding.getSystem())) return code;
                var known = RELATIONS.get(code);
                if (known != null) return known;
            }
        return concepts.isEmpty() ? "" : "OTH";
    }

    private void fault(IssueType type, String path, String remedy) {
        faults.add(new Fault(type, at + "." + path, remedy));
    }
}
