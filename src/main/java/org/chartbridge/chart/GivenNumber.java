package org.chartbridge.chart;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The placer's number of an order that its filler adds and asks a number for (ORC-1 SN; HL7 v2.5.1
 * §4.5.1.1). It is made of what the filler says: whoever asks twice, also on two connections in one
 * moment, gets the same, and a chart that is built anew has the same.
 */
public final class GivenNumber {
    /** Whose numbers are those that are given here. */
    public static final String NAMESPACE = "CHARTBRIDGE";

    /** Tells them from those of orders that are placed here, CB and CP. */
    private static final String STEM = "CS";

    /** Without letters that are taken for figures. */
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /** Five bits each: one in a million million of two orders has the number of the other. */
    private static final int CHARACTERS = 12;

    private GivenNumber() {}

    /**
     * The number with its namespace.
     *
     * @param partner who fills it
     * @param patient ⚠ fillers use a number again: it must not name orders of two patients
     * @param filler ORC-3, OBR-3
     * @param test what tells the tests of one filler's number apart
     */
    public static String of(String partner, RecordKey patient, String filler, String test) {
        var said =
                String.join(
                        "\n",
                        partner,
                        patient.authority(),
                        patient.type(),
                        patient.value(),
                        filler,
                        test);
        var hash = sha256().digest(said.getBytes(StandardCharsets.UTF_8));
        var text = new StringBuilder(STEM);
        for (int i = 0; i < CHARACTERS; i++)
            text.append(ALPHABET.charAt(Math.floorMod(hash[i], ALPHABET.length())));
        return text + "^" + NAMESPACE;
    }

    /** Whether it was given to a filler. */
    public static boolean is(String number) {
        return number.startsWith(STEM) && number.endsWith("^" + NAMESPACE);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
