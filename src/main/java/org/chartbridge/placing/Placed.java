package org.chartbridge.placing;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What is ordered for a patient here, over FHIR or on a page, before it is a message. Whatever is
 * not known is empty.
 *
 * @param account who entered it (ORC-10)
 * @param at when it was entered (MSH-7)
 * @param insurances who pays; the first goes first (IN1)
 */
public record Placed(
        Patient patient, String account, Instant at, List<Insurance> insurances, List<Test> tests) {

    /** Orders in one message. */
    public static final int MAX_TESTS = 100;

    public Placed {
        insurances = List.copyOf(insurances);
        tests = List.copyOf(tests);
        if (tests.isEmpty() || tests.size() > MAX_TESTS)
            throw new IllegalArgumentException("1 to " + MAX_TESTS + " orders");
    }

    /** A number and whose it is (EI). */
    public record OrderNumber(String value, String namespace) {
        public static final OrderNumber NONE = new OrderNumber("", "");

        /** As the chart keeps it. */
        public String charted() {
            return value.isEmpty() || namespace.isEmpty() ? value : value + "^" + namespace;
        }

        @Override
        public String toString() {
            return "OrderNumber";
        }
    }

    /** A code, its text and its coding system, as HL7 names that (CWE). */
    public record Code(String code, String text, String system) {
        public static final Code NONE = new Code("", "", "");

        public boolean isNothing() {
            return code.isEmpty() && text.isEmpty();
        }
    }

    /** Who orders (XCN). */
    public record Clinician(String number, String family, String given, String authority) {
        public static final Clinician NONE = new Clinician("", "", "", "");

        @Override
        public String toString() {
            return "Clinician";
        }
    }

    /** One of the patient's numbers (PID-3). */
    public record PatientNumber(String value, String authority, String type) {
        @Override
        public String toString() {
            return "PatientNumber";
        }
    }

    /**
     * Who it is for (PID), as the chart has it.
     *
     * @param numbers first the one that names the record
     * @param birthDate yyyyMMdd, or as much of it as is known
     */
    public record Patient(
            List<PatientNumber> numbers,
            String family,
            String given,
            String middle,
            String suffix,
            String birthDate,
            String sex,
            String street,
            String city,
            String state,
            String postalCode,
            String country,
            String phone) {
        public Patient {
            numbers = List.copyOf(numbers);
        }

        @Override
        public String toString() {
            return "Patient";
        }
    }

    /**
     * Who pays (IN1).
     *
     * @param relationship table 0063
     */
    public record Insurance(
            Code plan,
            String insurerNumber,
            String insurer,
            String groupNumber,
            String memberNumber,
            String relationship) {

        @Override
        public String toString() {
            return "Insurance";
        }
    }

    /**
     * One order.
     *
     * @param control ORC-1: NW, or CA for one that was placed before
     * @param number ORC-2; its value is given here when it is empty
     * @param group what the orders of one requisition have in common (ORC-4)
     * @param ordered when (ORC-9); null for when it was entered
     * @param alternate the same in another coding system
     * @param priority table 0485; empty for routine
     * @param start TQ1-7; null when nothing is said
     * @param reasons why (OBR-31); those of ICD-10 are diagnoses, too (DG1)
     * @param answers to the laboratory's questions (OBX)
     */
    public record Test(
            String control,
            OrderNumber number,
            OrderNumber group,
            Clinician orderer,
            @Nullable Instant ordered,
            Code code,
            Code alternate,
            String priority,
            @Nullable Instant start,
            List<Code> reasons,
            Specimen specimen,
            List<String> notes,
            List<Answer> answers) {
        public Test {
            reasons = List.copyOf(reasons);
            notes = List.copyOf(notes);
            answers = List.copyOf(answers);
        }

        /** The same with a number. */
        Test numbered(OrderNumber given) {
            return new Test(
                    control, given, group, orderer, ordered, code, alternate, priority, start,
                    reasons, specimen, notes, answers);
        }

        @Override
        public String toString() {
            return "Test[" + control + " " + code.code() + "]";
        }
    }

    /**
     * What it is done on (SPM).
     *
     * @param collected when it was taken; null when nobody said
     */
    public record Specimen(Code type, String number, @Nullable Instant collected) {
        public static final Specimen NONE = new Specimen(Code.NONE, "", null);

        boolean isNothing() {
            return type.isNothing() && number.isEmpty() && collected == null;
        }
    }

    /**
     * An answer to a question of the laboratory.
     *
     * @param type OBX-2: ST, NM, DT, TS or CWE
     * @param value OBX-5; of CWE its code
     * @param text OBX-5.2 of CWE
     * @param system OBX-5.3 of CWE
     * @param unit OBX-6 of NM
     */
    public record Answer(
            Code question, String type, String value, String text, String system, String unit) {

        public static Answer text(Code question, String value) {
            return new Answer(question, "ST", value, "", "", "");
        }

        @Override
        public String toString() {
            return "Answer[" + question.code() + "]";
        }
    }

    /** Says nothing of the patient. */
    @Override
    public String toString() {
        return "Placed" + tests;
    }
}
