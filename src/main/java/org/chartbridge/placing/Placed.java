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
 * @param guarantors who answers for the bill (GT1)
 * @param visit during which it was ordered (PV1)
 */
public record Placed(
        Patient patient,
        String account,
        Instant at,
        List<Insurance> insurances,
        List<Guarantor> guarantors,
        Visit visit,
        List<? extends Order> orders) {

    /** Orders in one message. */
    public static final int MAX_ORDERS = 100;

    public Placed {
        insurances = List.copyOf(insurances);
        guarantors = List.copyOf(guarantors);
        orders = List.copyOf(orders);
        if (orders.isEmpty() || orders.size() > MAX_ORDERS)
            throw new IllegalArgumentException("1 to " + MAX_ORDERS + " orders");
        if (orders.stream().map(Object::getClass).distinct().count() > 1)
            throw new IllegalArgumentException("tests and medication are two messages");
    }

    /** Orders of no visit. */
    public Placed(
            Patient patient,
            String account,
            Instant at,
            List<Insurance> insurances,
            List<Guarantor> guarantors,
            List<? extends Order> orders) {
        this(patient, account, at, insurances, guarantors, Visit.NONE, orders);
    }

    /**
     * A visit, as the chart has it.
     *
     * @param patientClass PV1-2, table 0004
     * @param location in words (PV1-3.9)
     * @param number PV1-19, and whose it is
     */
    public record Visit(String patientClass, String location, OrderNumber number) {
        public static final Visit NONE = new Visit("", "", OrderNumber.NONE);

        @Override
        public String toString() {
            return "Visit";
        }
    }

    /** Whether medication is ordered, not tests. */
    public boolean isMedication() {
        return orders.getFirst() instanceof Drug;
    }

    /** What every order has. */
    public sealed interface Order permits Test, Drug {
        /** ORC-1: NW, or CA and the like for one that was placed before. */
        String control();

        /** ORC-2; its value is given here when it is empty. */
        OrderNumber number();

        /** What the orders of one requisition have in common (ORC-4). */
        OrderNumber group();

        Clinician orderer();

        /** When (ORC-9); null for when it was entered. */
        @Nullable Instant ordered();

        Code code();

        /** The same with a number. */
        Order numbered(OrderNumber given);
    }

    /** The same, entered at another time. */
    Placed at(Instant other) {
        return new Placed(patient, account, other, insurances, guarantors, visit, orders);
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
     * Who answers for the bill (GT1): a person, or an organization.
     *
     * @param number GT1-2, and whose it is
     * @param relationship table 0063
     */
    public record Guarantor(
            String number,
            String authority,
            String family,
            String given,
            String middle,
            String suffix,
            String organization,
            Address address,
            String phone,
            String relationship) {
        public static final Guarantor NONE =
                new Guarantor("", "", "", "", "", "", "", Address.NONE, "", "");

        /** GT1-5. */
        public record Address(
                String street,
                String second,
                String city,
                String state,
                String postalCode,
                String country) {
            public static final Address NONE = new Address("", "", "", "", "", "");

            @Override
            public String toString() {
                return "Address";
            }
        }

        @Override
        public String toString() {
            return "Guarantor";
        }
    }

    /**
     * One test.
     *
     * @param alternate the same in another coding system
     * @param priority table 0485; empty for routine
     * @param start TQ1-7; null when nothing is said
     * @param reasons why (OBR-31); those of ICD-10 are diagnoses, too (DG1)
     * @param answers to the laboratory's questions (OBX)
     * @param copies who else gets the result (OBR-28)
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
            List<Answer> answers,
            List<Clinician> copies)
            implements Order {
        public Test {
            reasons = List.copyOf(reasons);
            notes = List.copyOf(notes);
            answers = List.copyOf(answers);
            copies = List.copyOf(copies);
        }

        @Override
        public Test numbered(OrderNumber given) {
            return new Test(
                    control, given, group, orderer, ordered, code, alternate, priority, start,
                    reasons, specimen, notes, answers, copies);
        }

        @Override
        public String toString() {
            return "Test[" + control + " " + code.code() + "]";
        }
    }

    /**
     * One medication.
     *
     * @param code what is to be given (RXO-1)
     * @param alternate the same in another coding system, or in other words
     * @param priority table 0485; empty for routine
     * @param reasons why (RXO-20)
     * @param answers what is told along (OBX)
     */
    public record Drug(
            String control,
            OrderNumber number,
            OrderNumber group,
            Clinician orderer,
            @Nullable Instant ordered,
            Code code,
            Code alternate,
            Dosage dosage,
            Dispensing dispensing,
            String priority,
            List<Code> reasons,
            List<String> notes,
            List<Answer> answers)
            implements Order {
        public Drug {
            reasons = List.copyOf(reasons);
            notes = List.copyOf(notes);
            answers = List.copyOf(answers);
        }

        @Override
        public Drug numbered(OrderNumber given) {
            return new Drug(
                    control,
                    given,
                    group,
                    orderer,
                    ordered,
                    code,
                    alternate,
                    dosage,
                    dispensing,
                    priority,
                    reasons,
                    notes,
                    answers);
        }

        @Override
        public String toString() {
            return "Drug[" + control + " " + code.code() + "]";
        }
    }

    /**
     * How much, in what form, by which way and how often.
     *
     * @param least RXO-2, of one time
     * @param most RXO-3; empty when it is the same
     * @param unit RXO-4
     * @param form RXO-5
     * @param instructions in words, for whoever gives or takes it (RXO-7)
     * @param route RXR-1
     * @param site RXR-2
     * @param method RXR-4
     * @param timing when
     */
    public record Dosage(
            String least,
            String most,
            Code unit,
            Code form,
            List<String> instructions,
            Code route,
            Code site,
            Code method,
            Timing timing) {
        public static final Dosage NONE =
                new Dosage(
                        "",
                        "",
                        Code.NONE,
                        Code.NONE,
                        List.of(),
                        Code.NONE,
                        Code.NONE,
                        Code.NONE,
                        Timing.NONE);

        public Dosage {
            instructions = List.copyOf(instructions);
        }
    }

    /**
     * When medication is given (TQ1).
     *
     * @param repeats how often, table 0335 (TQ1-3)
     * @param duration for how long (TQ1-6), with its unit in UCUM
     * @param begins TQ1-7, as HL7 writes times, to its precision
     * @param ends TQ1-8, alike
     * @param condition when it is needed (TQ1-10)
     * @param occurrences how many times altogether (TQ1-14)
     */
    public record Timing(
            String repeats,
            String duration,
            String durationUnit,
            String begins,
            String ends,
            String condition,
            String occurrences) {
        public static final Timing NONE = new Timing("", "", "", "", "", "", "");

        boolean isNothing() {
            return equals(NONE);
        }
    }

    /**
     * What the pharmacy is to hand out.
     *
     * @param amount RXO-11
     * @param unit RXO-12
     * @param refills RXO-13
     * @param substitution RXO-9, table 0161
     */
    public record Dispensing(String amount, Code unit, String refills, String substitution) {
        public static final Dispensing NONE = new Dispensing("", Code.NONE, "", "");
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
        return "Placed" + orders;
    }
}
