package org.chartbridge.fhir;

import org.chartbridge.chart.IdentifierView;
import org.chartbridge.chart.PersonView;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;

import java.util.Date;

/** A person as a FHIR Patient (v2-to-FHIR PID[Patient]); all identifiers of all records. */
final class PatientMapper {
    private PatientMapper() {}

    static Patient patient(PersonView person) {
        var patient = new Patient();
        patient.setId(person.id().toString());
        patient.getMeta().setLastUpdated(Date.from(person.recordedAt()));
        patient.setActive(true);
        person.records().stream()
                .flatMap(record -> record.identifiers().stream())
                .distinct()
                .map(PatientMapper::identifier)
                .forEach(patient::addIdentifier);
        var record = person.main();
        var name = patient.addName();
        if (!record.familyName().isEmpty()) name.setFamily(record.familyName());
        if (!record.givenName().isEmpty()) name.addGiven(record.givenName());
        if (!record.middleName().isEmpty()) name.addGiven(record.middleName());
        if (!record.nameSuffix().isEmpty()) name.addSuffix(record.nameSuffix());
        if (!record.birthDate().isEmpty())
            patient.setBirthDateElement(new DateType(record.birthDate()));
        switch (record.sex()) {
            case "F" -> patient.setGender(AdministrativeGender.FEMALE);
            case "M" -> patient.setGender(AdministrativeGender.MALE);
            case "O", "A", "N" -> patient.setGender(AdministrativeGender.OTHER);
            case "U" -> patient.setGender(AdministrativeGender.UNKNOWN);
            default -> {} // Nothing was said, or nothing the table knows.
        }
        if (!record.address().isEmpty()) patient.addAddress().setText(record.address());
        if (!record.phone().isEmpty())
            patient.addTelecom()
                    .setSystem(ContactPoint.ContactPointSystem.PHONE)
                    .setValue(record.phone());
        return patient;
    }

    private static Identifier identifier(IdentifierView view) {
        var identifier = new Identifier().setValue(view.value());
        var system = CodeSystems.ofAuthority(view.authority());
        if (!system.isEmpty()) identifier.setSystem(system);
        if (!view.type().isEmpty())
            identifier
                    .getType()
                    .addCoding()
                    .setSystem(CodeSystems.IDENTIFIER_TYPE)
                    .setCode(view.type());
        return identifier;
    }
}
