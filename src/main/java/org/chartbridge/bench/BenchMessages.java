package org.chartbridge.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages of a load: ORU^R01 of version 2.5.1 with ten OBX, 1.3 to 1.5 kB, for 1,000 invented
 * patients. Every MSH-10, OBR-3 and value is different. Made by patching numbers into a copy of a
 * template, which takes about a microsecond.
 */
final class BenchMessages {
    static final int PATIENTS = 1_000;
    static final int OBSERVATIONS = 10;

    /** Numbers begin here, so that all have eight digits. */
    static final long FIRST = 10_000_000;

    /** What one OBX is about. */
    record Test(String code, String text, String unit, String range) {}

    static final List<Test> TESTS =
            List.of(
                    new Test("2345-7", "Glucose", "mg/dL", "70-99"),
                    new Test("2823-3", "Potassium", "mmol/L", "3.5-5.1"),
                    new Test("2951-2", "Sodium", "mmol/L", "136-145"),
                    new Test("2160-0", "Creatinine", "mg/dL", "0.6-1.2"),
                    new Test("3094-0", "Urea nitrogen", "mg/dL", "7-20"),
                    new Test("17861-6", "Calcium", "mg/dL", "8.5-10.2"),
                    new Test("1742-6", "Alanine transferase", "U/L", "7-56"),
                    new Test("1920-8", "Aspartate transferase", "U/L", "10-40"),
                    new Test("718-7", "Hemoglobin", "g/dL", "12.0-17.5"),
                    new Test("6690-2", "Leukocytes", "10*3/uL", "4.5-11.0"));

    private static final String NUMBER = "99999999";
    private static final String PATIENT = "7777";
    private static final String LETTERS = "QQQQ";

    private final String prefix;
    private final String sender;
    private final byte[] template;
    private final List<Integer> numbers;
    private final List<Integer> patients;
    private final List<Integer> names;
    private final AtomicLong next = new AtomicLong(FIRST);

    /**
     * A load.
     *
     * @param prefix begins every MSH-10 and OBR-3, 1 to 8 letters from A to P, so that runs differ
     * @param application MSH-3
     * @param facility MSH-4
     * @param messageTime MSH-7, OBR-7, OBR-22 as HL7 writes them
     */
    BenchMessages(String prefix, String application, String facility, String messageTime) {
        if (!prefix.matches("[A-P]{1,8}")) {
            throw new IllegalArgumentException("wanted 1 to 8 letters from A to P, got " + prefix);
        }
        this.prefix = prefix;
        this.sender = application + "|" + facility;
        this.template =
                text(prefix, application, facility, messageTime)
                        .getBytes(StandardCharsets.US_ASCII);
        this.numbers = places(NUMBER);
        this.patients = places(PATIENT);
        this.names = places(LETTERS);
    }

    /** One message and what it says. */
    record BenchMessage(long number, byte[] content) {}

    /** Letters that tell runs apart: the time in seconds and a number below 16. */
    static String prefix(Instant time, int run) {
        var letters = new StringBuilder();
        var rest = time.getEpochSecond() & 0xFFF_FFFF;
        for (var i = 0; i < 7; i++) {
            letters.append((char) ('A' + (rest & 15)));
            rest >>= 4;
        }
        return letters.append((char) ('A' + (run & 15))).toString();
    }

    /** The next one; from any thread. */
    BenchMessage next() {
        var number = next.getAndIncrement();
        return new BenchMessage(number, content(number));
    }

    byte[] content(long number) {
        var bytes = template.clone();
        for (var at : numbers) digits(bytes, at, NUMBER.length(), number);
        var patient = patient(number);
        for (var at : patients) digits(bytes, at, PATIENT.length(), patient);
        var name = name(patient).getBytes(StandardCharsets.US_ASCII);
        for (var at : names) System.arraycopy(name, 0, bytes, at, name.length);
        return bytes;
    }

    String prefix() {
        return prefix;
    }

    /** MSH-3 and MSH-4, as the journal writes them. */
    String sender() {
        return sender;
    }

    /** How many were made. */
    long made() {
        return next.get() - FIRST;
    }

    String controlId(long number) {
        return prefix + "-" + number;
    }

    /** OBR-3. */
    String orderNumber(long number) {
        return prefix + "F" + number;
    }

    /** The nth value, counted from 0. */
    static String value(long number, int n) {
        return number + "." + n;
    }

    static int patient(long number) {
        // A large step, so that neighbours in a group are different patients.
        return (int) (number * 617 % PATIENTS) + 1_000;
    }

    /** The identifier in PID-3. */
    static String patientNumber(int patient) {
        return "BENCH" + patient;
    }

    /** The patient's number in letters, part of the family name. */
    static String name(int patient) {
        var letters = new char[LETTERS.length()];
        var rest = patient;
        for (var i = letters.length - 1; i >= 0; i--) {
            letters[i] = (char) ('A' + rest % 10);
            rest /= 10;
        }
        return new String(letters);
    }

    private static String text(
            String prefix, String application, String facility, String messageTime) {
        var order = prefix + "F" + NUMBER;
        var text = new StringBuilder();
        text.append("MSH|^~\\&|%s|%s|CHARTBRIDGE|CLINIC|".formatted(application, facility))
                .append(messageTime)
                .append("||ORU^R01^ORU_R01|%s-%s|P|2.5.1\r".formatted(prefix, NUMBER))
                .append("PID|1||BENCH%s^^^BENCHLAB^MR||".formatted(PATIENT))
                .append("INVENTED%s^Bench^^^^^L||19700101|F|||1 Invented Way^^".formatted(LETTERS))
                .append("Nowhere^NY^10000^USA||^PRN^PH^^1^555^0100\r")
                .append("ORC|RE||%s|||||||||70001^INVENTED^Ordway^^^Dr\r".formatted(order))
                .append("OBR|1||%s|24323-8^Metabolic panel^LN|||".formatted(order))
                .append(messageTime)
                .append("|||||||||70001^INVENTED^Ordway^^^Dr||||||")
                .append(messageTime)
                .append("||LAB|F\r");
        for (var i = 0; i < OBSERVATIONS; i++) {
            var test = TESTS.get(i);
            text.append("OBX|%d|NM|%s^%s^LN||".formatted(i + 1, test.code(), test.text()))
                    .append(
                            "%s.%d|%s^^UCUM|%s|N|||F|||"
                                    .formatted(NUMBER, i, test.unit(), test.range()))
                    .append(messageTime)
                    .append("||||BENCH ANALYZER\r");
        }
        return text.toString();
    }

    private List<Integer> places(String mark) {
        var text = new String(template, StandardCharsets.US_ASCII);
        var places = new ArrayList<Integer>();
        for (var at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length())) {
            places.add(at);
        }
        return List.copyOf(places);
    }

    private static void digits(byte[] bytes, int at, int width, long number) {
        var rest = number;
        for (var i = at + width - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
