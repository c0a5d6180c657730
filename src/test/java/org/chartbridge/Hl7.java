package org.chartbridge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Pattern;

/** Messages of invented patients for tests that talk to a running engine. */
final class Hl7 {
    private static final Pattern MSA = Pattern.compile("\rMSA\\|([A-Z]{2})\\|([^|\r]*)");

    private Hl7() {}

    /** A report with one value. */
    static byte[] result(String facility, String controlId, String value) {
        return result(facility, controlId, "MRN" + controlId, "Probe^Petra", value);
    }

    static byte[] result(String facility, String controlId, String mrn, String name, String value) {
        return bytes(
                """
                MSH|^~\\&|LIS|%s|CB|CLINIC|20260105120000||ORU^R01|%s|P|2.5.1|||||||
                PID|1||%s^^^%s^MR||%s||19700203|F
                OBR|1||F%s|24323-8^Panel^LN|||20260105110000|||||||||||||||20260105113000||LAB|F
                OBX|1|NM|2951-2^Sodium^LN||%s|mmol/L|135-145||||F
                """
                        .formatted(facility, controlId, mrn, facility, name, controlId, value));
    }

    /** Lines as segments, characters as Latin-1. */
    static byte[] bytes(String lines) {
        return lines.replace('\n', '\r').getBytes(ISO_8859_1);
    }

    /** {@code AA 4711}: code and control id of an answer. */
    static String code(byte[] answer) {
        var msa = MSA.matcher(new String(answer, ISO_8859_1));
        return msa.find() ? msa.group(1) + " " + msa.group(2) : "no MSA";
    }
}
