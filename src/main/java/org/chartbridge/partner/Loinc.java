package org.chartbridge.partner;

import java.util.OptionalInt;

/** Tells codes of LOINC from others by their form: digits, a dash, and the check digit. */
public final class Loinc {

    /** Digits before the dash; today's codes have at most five. */
    private static final int MAX_DIGITS = 7;

    private Loinc() {}

    /** Whether a text is formed as LOINC's codes are, and its check digit is right. */
    public static boolean isCode(String text) {
        var check = checkDigit(text);
        return check.isPresent() && check.getAsInt() == text.charAt(text.length() - 1) - '0';
    }

    /**
     * The digit that belongs behind the dash, mod 10 (LOINC Users' Guide, appendix on check
     * digits); empty for a text that is not formed as a code at all.
     */
    static OptionalInt checkDigit(String text) {
        int dash = text.length() - 2;
        if (dash < 1 || dash > MAX_DIGITS || text.charAt(dash) != '-') return OptionalInt.empty();
        if (!isDigit(text.charAt(dash + 1))) return OptionalInt.empty();
        int sum = 0;
        for (int i = dash - 1, place = 0; i >= 0; i--, place++) {
            if (!isDigit(text.charAt(i))) return OptionalInt.empty();
            int digit = text.charAt(i) - '0';
            int doubled = place % 2 == 0 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return OptionalInt.of((10 - sum % 10) % 10);
    }

    private static boolean isDigit(char one) {
        return one >= '0' && one <= '9';
    }
}
