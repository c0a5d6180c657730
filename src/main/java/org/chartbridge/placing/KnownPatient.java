package org.chartbridge.placing;

import org.chartbridge.chart.CoverageView;
import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.EncounterView;
import org.chartbridge.chart.GuarantorView;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.RecordView;
import org.chartbridge.chart.VisitField;
import org.chartbridge.placing.Placed.Guarantor.Address;

import java.util.ArrayList;
import java.util.List;

/** A patient of the chart as an order names them: numbers, name, address, as they stand now. */
public final class KnownPatient {
    /** Numbers that go along; the first is enough to find the record again. */
    static final int MAX_NUMBERS = 10;

    private KnownPatient() {}

    /** As PID has it; without numbers when the patient has none, and nothing can be ordered. */
    public static Placed.Patient of(PersonView person) {
        var record = person.main();
        return new Placed.Patient(
                numbers(record),
                record.familyName(),
                record.givenName(),
                record.middleName(),
                record.nameSuffix(),
                record.birthDate().replace("-", ""),
                record.sex(),
                record.text(DemographicField.STREET),
                record.text(DemographicField.CITY),
                record.text(DemographicField.STATE),
                record.text(DemographicField.POSTAL_CODE),
                record.text(DemographicField.COUNTRY),
                record.text(DemographicField.PHONE));
    }

    /** An insurance of the chart. */
    public static Placed.Insurance insurance(CoverageView view) {
        // The chart shows the id where no text came; it is no text (IN1-2.2).
        var text = view.planText().equals(view.plan()) ? "" : view.planText();
        return new Placed.Insurance(
                new Placed.Code(view.plan(), text, ""),
                view.insurerId(),
                view.insurer(),
                view.groupNumber(),
                view.memberNumber().isEmpty() ? view.policyNumber() : view.memberNumber(),
                view.relationship());
    }

    /** A guarantor of the chart. */
    public static Placed.Guarantor guarantor(GuarantorView view) {
        var name = view.nameParts();
        var address = view.addressParts();
        return new Placed.Guarantor(
                view.number(),
                view.numberAuthority(),
                name.isEmpty() ? "" : name.get(0),
                name.isEmpty() ? "" : name.get(1),
                name.isEmpty() ? "" : name.get(2),
                name.isEmpty() ? "" : name.get(3),
                name.isEmpty() ? view.name() : "",
                address.isEmpty()
                        ? Address.NONE
                        : new Address(
                                address.get(0),
                                address.get(1),
                                address.get(2),
                                address.get(3),
                                address.get(4),
                                address.get(5)),
                view.phone(),
                view.relationship());
    }

    /** Who answers for the own bill. */
    public static Placed.Guarantor guarantor(PersonView person) {
        var patient = of(person);
        return new Placed.Guarantor(
                "",
                "",
                patient.family(),
                patient.given(),
                patient.middle(),
                patient.suffix(),
                "",
                new Address(
                        patient.street(),
                        "",
                        patient.city(),
                        patient.state(),
                        patient.postalCode(),
                        patient.country()),
                patient.phone(),
                "SEL");
    }

    /** A visit of the chart. */
    public static Placed.Visit visit(EncounterView view) {
        return new Placed.Visit(
                view.code(VisitField.CLASS),
                view.text(VisitField.LOCATION),
                new Placed.OrderNumber(view.number(), view.authority()));
    }

    /**
     * The record's own number only goes first when PID-3 has no other of type MR: which one names a
     * record is decided by type, then by place.
     */
    private static List<Placed.PatientNumber> numbers(RecordView record) {
        var numbers = new ArrayList<Placed.PatientNumber>();
        if (record.isUnidentified()) return numbers;
        var own = new Placed.PatientNumber(record.idValue(), record.authority(), record.idType());
        numbers.add(own);
        for (var other : record.identifiers()) {
            var number = new Placed.PatientNumber(other.value(), other.authority(), other.type());
            // Another of this rank would name the record in its place.
            boolean names = own.type().equals("MR") || !other.type().matches("MR|PI");
            if (names && !number.equals(own) && numbers.size() < MAX_NUMBERS) numbers.add(number);
        }
        return numbers;
    }
}
