package org.chartbridge.fhir;

import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.IdentifierView;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.RecordView;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointUse;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.function.Consumer;

/** A person as a FHIR Patient (v2-to-FHIR PID[Patient]); all identifiers of all records. */
final class PatientMapper {
    private static final String DATA_ABSENT_REASON =
            "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

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
        if (person.isUnidentified())
            patient.addIdentifier().addExtension(DATA_ABSENT_REASON, new CodeType("unknown"));
        var record = person.main();
        var name = patient.addName();
        FurtherPatient.use(name, record.text(DemographicField.NAME_TYPE));
        if (!record.familyName().isEmpty()) name.setFamily(record.familyName());
        if (!record.givenName().isEmpty()) name.addGiven(record.givenName());
        if (!record.middleName().isEmpty()) name.addGiven(record.middleName());
        if (!record.nameSuffix().isEmpty()) name.addSuffix(record.nameSuffix());
        var prefix = record.text(DemographicField.PREFIX);
        if (!prefix.isEmpty()) name.addPrefix(prefix);
        if (!record.birthDate().isEmpty())
            patient.setBirthDateElement(new DateType(record.birthDate()));
        switch (record.sex()) {
            case "F" -> patient.setGender(AdministrativeGender.FEMALE);
            case "M" -> patient.setGender(AdministrativeGender.MALE);
            case "O", "A", "N" -> patient.setGender(AdministrativeGender.OTHER);
            case "U" -> patient.setGender(AdministrativeGender.UNKNOWN);
            default -> {} // Nothing was said, or nothing the table knows.
        }
        address(patient, record);
        telecom(patient, record);
        further(patient, record);
        FurtherPatient.add(patient, record);
        return patient;
    }

    /** One that was merged away: says only where to look. */
    static Patient gone(UUID person, UUID stays) {
        var patient = new Patient();
        patient.setId(person.toString());
        patient.setActive(false);
        patient.addLink().setType(LinkType.REPLACEDBY).setOther(new Reference("Patient/" + stays));
        return patient;
    }

    /** The line as lists show it, and its parts where the clinic's own system sent them. */
    private static void address(Patient patient, RecordView record) {
        if (record.address().isEmpty()) return;
        var address = patient.addAddress().setText(record.address());
        if (record.demographics().isEmpty()) return;
        for (var field :
                new DemographicField[] {DemographicField.STREET, DemographicField.ADDRESS_LINE})
            if (!record.text(field).isEmpty()) address.addLine(record.text(field));
        FurtherPatient.further(address, record);
        said(record, DemographicField.CITY, address::setCity);
        said(record, DemographicField.STATE, address::setState);
        said(record, DemographicField.POSTAL_CODE, address::setPostalCode);
        said(record, DemographicField.COUNTRY, address::setCountry);
        said(record, DemographicField.COUNTY, address::setDistrict);
    }

    private static void telecom(Patient patient, RecordView record) {
        if (record.demographics().isEmpty()) {
            if (!record.phone().isEmpty()) phone(patient, record.phone(), null);
            return;
        }
        said(
                record,
                DemographicField.PHONE,
                number -> phone(patient, number, ContactPointUse.HOME));
        said(
                record,
                DemographicField.MOBILE,
                number -> phone(patient, number, ContactPointUse.MOBILE));
        said(
                record,
                DemographicField.WORK_PHONE,
                number -> phone(patient, number, ContactPointUse.WORK));
        said(
                record,
                DemographicField.EMAIL,
                address ->
                        patient.addTelecom().setSystem(ContactPointSystem.EMAIL).setValue(address));
    }

    private static void phone(Patient patient, String number, @Nullable ContactPointUse use) {
        var telecom = patient.addTelecom().setSystem(ContactPointSystem.PHONE).setValue(number);
        if (use != null) telecom.setUse(use);
    }

    private static void further(Patient patient, RecordView record) {
        var married = concept(record, DemographicField.MARITAL_STATUS, "v2-0002");
        if (married != null) patient.setMaritalStatus(married);
        var language = concept(record, DemographicField.LANGUAGE, "");
        if (language != null) patient.addCommunication().setLanguage(language).setPreferred(true);
        var order = record.text(DemographicField.BIRTH_ORDER);
        if (order.matches("\\d{1,2}")) patient.setMultipleBirth(new IntegerType(order));
        else if (record.text(DemographicField.MULTIPLE_BIRTH).equalsIgnoreCase("Y"))
            patient.setMultipleBirth(new BooleanType(true));
        var death = record.demographics().get(DemographicField.DEATH_TIME);
        var died =
                death == null || death.code().isEmpty()
                        ? null
                        : Times.dateTime(Instant.parse(death.code()), death.text());
        var deceased = record.text(DemographicField.DECEASED);
        if (died != null && !record.isDeathTakenBack()) patient.setDeceased(died);
        else if (deceased.equalsIgnoreCase("Y") || deceased.equalsIgnoreCase("N"))
            patient.setDeceased(new BooleanType(deceased.equalsIgnoreCase("Y")));
        said(
                record,
                DemographicField.PRIMARY_CARE,
                name -> patient.addGeneralPractitioner().setDisplay(name));
    }

    static void said(RecordView record, DemographicField field, Consumer<String> to) {
        if (!record.text(field).isEmpty()) to.accept(record.text(field));
    }

    /**
     * @param table of the code, when its own system was not sent
     */
    static @Nullable CodeableConcept concept(
            RecordView record, DemographicField field, String table) {
        var stated = record.demographics().get(field);
        if (stated == null || stated.text().isEmpty()) return null;
        var concept = new CodeableConcept().setText(stated.text());
        if (stated.code().isEmpty()) return concept;
        var system =
                stated.system().isEmpty() && !table.isEmpty()
                        ? "http://terminology.hl7.org/CodeSystem/" + table
                        : CodeSystems.uri(stated.system(), stated.code(), stated.partner());
        var coding = new Coding().setCode(stated.code());
        if (!system.isEmpty()) coding.setSystem(system);
        return concept.addCoding(coding);
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
