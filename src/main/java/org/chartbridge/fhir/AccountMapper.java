package org.chartbridge.fhir;

import org.chartbridge.chart.GuarantorView;
import org.hl7.fhir.r4.model.Account;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;

import java.util.Date;
import java.util.List;

/**
 * Who answers for a patient's bills (GT1), as an Account with one guarantor: who that is stands in
 * it, a RelatedPerson, or an Organization where GT1-21 names one. Read as orders take it (the
 * element {@code Account.guarantor} of a bundle).
 */
final class AccountMapper {
    /** GT1-11, table 0063. */
    private static final String RELATIONSHIP = "http://terminology.hl7.org/CodeSystem/v2-0063";

    private static final String WHO = "guarantor";

    private AccountMapper() {}

    static Account of(GuarantorView view) {
        var account = new Account();
        account.setId(Long.toString(view.id()));
        account.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        account.setStatus(
                view.active() ? Account.AccountStatus.ACTIVE : Account.AccountStatus.INACTIVE);
        account.addSubject(new Reference("Patient/" + view.personId()));
        var who = view.nameParts().isEmpty() ? organization(view) : person(view);
        who.setId(WHO);
        account.addContained(who);
        var guarantor = account.addGuarantor().setParty(new Reference("#" + WHO));
        var begins = Times.dateTime(view.begins(), view.beginsAsSent());
        var ends = Times.dateTime(view.ends(), view.endsAsSent());
        if (begins == null && ends == null) return account;
        var period = new Period();
        if (begins != null) period.setStartElement(begins);
        if (ends != null) period.setEndElement(ends);
        guarantor.setPeriod(period);
        return account;
    }

    private static DomainResource person(GuarantorView view) {
        var person = new RelatedPerson().setPatient(new Reference("Patient/" + view.personId()));
        var name = new HumanName();
        var parts = view.nameParts();
        if (!parts.get(0).isEmpty()) name.setFamily(parts.get(0));
        for (var given : parts.subList(1, 3)) if (!given.isEmpty()) name.addGiven(given);
        if (!parts.get(3).isEmpty()) name.addSuffix(parts.get(3));
        person.addName(name);
        if (!view.number().isEmpty()) person.addIdentifier(identifier(view));
        if (!view.relationship().isEmpty())
            person.addRelationship(
                    new CodeableConcept()
                            .addCoding(new Coding(RELATIONSHIP, view.relationship(), null)));
        if (!view.phone().isEmpty()) person.addTelecom(phone(view));
        if (!view.address().isEmpty()) person.addAddress(address(view));
        return person;
    }

    private static DomainResource organization(GuarantorView view) {
        var organization = new Organization().setName(view.name());
        if (!view.number().isEmpty()) organization.addIdentifier(identifier(view));
        if (!view.phone().isEmpty()) organization.addTelecom(phone(view));
        if (!view.address().isEmpty()) organization.addAddress(address(view));
        return organization;
    }

    private static Identifier identifier(GuarantorView view) {
        var identifier = new Identifier().setValue(view.number());
        var system = CodeSystems.ofAuthority(view.numberAuthority());
        if (!system.isEmpty()) identifier.setSystem(system);
        return identifier;
    }

    private static ContactPoint phone(GuarantorView view) {
        return new ContactPoint().setSystem(ContactPointSystem.PHONE).setValue(view.phone());
    }

    private static Address address(GuarantorView view) {
        var address = new Address().setText(view.address());
        var parts = view.addressParts();
        if (parts.isEmpty()) return address;
        for (var line : List.of(parts.get(0), parts.get(1)))
            if (!line.isEmpty()) address.addLine(line);
        if (!parts.get(2).isEmpty()) address.setCity(parts.get(2));
        if (!parts.get(3).isEmpty()) address.setState(parts.get(3));
        if (!parts.get(4).isEmpty()) address.setPostalCode(parts.get(4));
        if (!parts.get(5).isEmpty()) address.setCountry(parts.get(5));
        return address;
    }
}
