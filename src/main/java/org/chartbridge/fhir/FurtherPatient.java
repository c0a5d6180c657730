package org.chartbridge.fhir;

import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.RecordView;
import org.chartbridge.chart.Repetitions;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Address.AddressType;
import org.hl7.fhir.r4.model.Address.AddressUse;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointUse;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.HumanName.NameUse;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.StringType;

import java.util.List;
import java.util.function.Consumer;

/**
 * What is known of a person beside name, address and numbers (v2-to-FHIR PID[Patient]): further
 * ones, numbers of other offices, and what FHIR keeps in extensions.
 */
final class FurtherPatient {
    private static final String EXTENSION = "http://hl7.org/fhir/StructureDefinition/patient-";

    private FurtherPatient() {}

    static void add(Patient patient, RecordView record) {
        for (var parts : several(record, DemographicField.OTHER_NAMES, 6)) name(patient, parts);
        for (var parts : several(record, DemographicField.OTHER_ADDRESSES, 8))
            address(patient.addAddress(), parts);
        for (var parts : several(record, DemographicField.OTHER_NUMBERS, 3)) number(patient, parts);
        PatientMapper.said(
                record,
                DemographicField.SOCIAL_SECURITY,
                number -> identifier(patient, number, "SS", "http://hl7.org/fhir/sid/us-ssn"));
        PatientMapper.said(
                record, DemographicField.LICENCE, number -> identifier(patient, number, "DL", ""));
        PatientMapper.said(
                record,
                DemographicField.MOTHERS_NAME,
                name ->
                        patient.addExtension(
                                EXTENSION + "mothersMaidenName", new StringType(name)));
        PatientMapper.said(
                record,
                DemographicField.BIRTH_PLACE,
                place ->
                        patient.addExtension(
                                EXTENSION + "birthPlace", new Address().setText(place)));
        var religion = PatientMapper.concept(record, DemographicField.RELIGION, "v2-0006");
        if (religion != null) patient.addExtension(EXTENSION + "religion", religion);
        var citizen = PatientMapper.concept(record, DemographicField.CITIZENSHIP, "");
        if (citizen != null)
            patient.addExtension()
                    .setUrl(EXTENSION + "citizenship")
                    .addExtension(new Extension("code", citizen));
    }

    private static List<List<String>> several(
            RecordView record, DemographicField field, int parts) {
        var stated = record.demographics().get(field);
        return stated == null ? List.of() : Repetitions.of(stated.code(), parts);
    }

    private static void name(Patient patient, List<String> parts) {
        var name = patient.addName();
        use(name, parts.get(0));
        said(parts.get(1), name::setFamily);
        said(parts.get(2), name::addGiven);
        said(parts.get(3), name::addGiven);
        said(parts.get(4), name::addSuffix);
        said(parts.get(5), name::addPrefix);
    }

    /** Table 0200 (v2-to-FHIR NameType). */
    static void use(HumanName name, String type) {
        switch (type) {
            case "L", "R" -> name.setUse(NameUse.OFFICIAL);
            case "D" -> name.setUse(NameUse.USUAL);
            case "M" -> name.setUse(NameUse.MAIDEN);
            case "N" -> name.setUse(NameUse.NICKNAME);
            case "MSK", "S" -> name.setUse(NameUse.ANONYMOUS);
            case "BAD" -> name.setUse(NameUse.OLD);
            case "NAV", "TEMP", "T" -> name.setUse(NameUse.TEMP);
            default -> {} // Nothing was said, or nothing that FHIR has a word for.
        }
    }

    /** What the lines in front leave out: type, street name, dwelling number, addressee. */
    static void further(Address address, RecordView record) {
        for (var parts : several(record, DemographicField.ADDRESS_FURTHER, 4)) {
            use(address, parts.get(0));
            for (var line : parts.subList(1, 4)) {
                boolean repeated =
                        address.getLine().stream().anyMatch(one -> one.getValue().contains(line));
                if (!line.isEmpty() && !repeated) address.addLine(line);
            }
        }
    }

    private static void address(Address address, List<String> parts) {
        use(address, parts.get(0));
        said(parts.get(1), address::addLine);
        said(parts.get(2), address::addLine);
        said(parts.get(3), address::setCity);
        said(parts.get(4), address::setState);
        said(parts.get(5), address::setPostalCode);
        said(parts.get(6), address::setCountry);
        said(parts.get(7), address::setDistrict);
    }

    /** Table 0190 (v2-to-FHIR AddressType). */
    static void use(Address address, String type) {
        switch (type) {
            case "H" -> address.setUse(AddressUse.HOME);
            case "B", "O" -> address.setUse(AddressUse.WORK);
            case "C" -> address.setUse(AddressUse.TEMP);
            case "BI" -> address.setUse(AddressUse.BILLING);
            case "BA" -> address.setUse(AddressUse.OLD);
            case "M", "SH" -> address.setType(AddressType.POSTAL);
            default -> {} // Nothing was said, or nothing that FHIR has a word for.
        }
    }

    private static void number(Patient patient, List<String> parts) {
        var telecom =
                patient.addTelecom()
                        .setSystem(ContactPointSystem.fromCode(parts.get(0)))
                        .setValue(parts.get(2));
        if (!parts.get(1).isEmpty()) telecom.setUse(ContactPointUse.fromCode(parts.get(1)));
    }

    private static void identifier(Patient patient, String number, String type, String system) {
        if (patient.getIdentifier().stream().anyMatch(known -> number.equals(known.getValue())))
            return;
        var identifier = new Identifier().setValue(number);
        if (!system.isEmpty()) identifier.setSystem(system);
        identifier.getType().addCoding().setSystem(CodeSystems.IDENTIFIER_TYPE).setCode(type);
        patient.addIdentifier(identifier);
    }

    private static void said(String text, Consumer<String> to) {
        if (!text.isEmpty()) to.accept(text);
    }
}
