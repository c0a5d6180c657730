package org.chartbridge.chart;

import org.chartbridge.chart.RegistrationState.KnownItem;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Tells one immunization from others of its sender: vaccine and day, and the filler's number
 * (ORC-3) where there is one. A number that is used for another vaccine or day is another dose, so
 * that none ever takes another's place; only a correction (RXA-21 U, table 0206) does, and by what
 * it says of the number. Pure: what stands follows from the latest times, in any order of arrival.
 */
public final class Doses {
    private static final String NUMBERED = " # ";
    private static final String CORRECTED = "# ";

    private Doses() {}

    /**
     * The key of a dose.
     *
     * @param dose vaccine and day
     * @param number empty when it has none
     */
    public static String key(String dose, String number) {
        return number.isEmpty() ? dose : dose + NUMBERED + number;
    }

    /** Stands for all doses of a number, which a correction takes back. */
    public static String corrected(String number) {
        return CORRECTED + number;
    }

    /**
     * The key of a further dose of one vaccine and day that a message says beside the first without
     * a number: as if it had one that no other dose has.
     *
     * @param place 2 for the second
     */
    public static String further(String dose, int place) {
        return key(dose, "/" + place + " " + dose);
    }

    /** Whether nothing but vaccine and day tells it from others. */
    public static boolean isWithoutNumber(String key) {
        return number(key).isEmpty() && !isCorrection(key);
    }

    static boolean isCorrection(String key) {
        return key.startsWith(CORRECTED);
    }

    static String number(String key) {
        int at = key.lastIndexOf(NUMBERED);
        return at < 0 ? "" : key.substring(at + NUMBERED.length());
    }

    private static String dose(String key) {
        int at = key.lastIndexOf(NUMBERED);
        return at < 0 ? key : key.substring(0, at);
    }

    /**
     * Whether a dose was taken back under another key: by vaccine and day without its number, under
     * a number that nothing was charted by, or by a correction of the number.
     */
    static boolean isTakenBack(KnownItem item, Map<String, KnownItem> all) {
        var number = number(item.key());
        if (number.isEmpty()) {
            for (var other : all.values())
                if (other.listed().equals(Moment.NEVER)
                        && !number(other.key()).isEmpty()
                        && dose(other.key()).equals(item.key())
                        && isRemoved(item, other)) return true;
            return false;
        }
        if (isRemoved(item, all.get(dose(item.key())))) return true;
        var numbers = new Numbers(all.keySet().stream().map(Doses::said).toList());
        for (var other : all.values()) {
            var key = other.key();
            if (key.equals(item.key()) || !numbers.areSame(number, said(key))) continue;
            if (isCorrection(key) && isRemoved(item, other)) return true;
            // The same dose, its number in another form: what was said last stands.
            if (dose(key).equals(dose(item.key()))
                    && (isRemoved(item, other) || other.listed().isAfter(item.listed())))
                return true;
        }
        return false;
    }

    /** The number of a dose, or that of a correction. */
    private static String said(String key) {
        return isCorrection(key) ? key.substring(CORRECTED.length()) : number(key);
    }

    private static boolean isRemoved(KnownItem item, @Nullable KnownItem other) {
        return other != null && other.removed().isAfter(item.listed());
    }

    /** Whether both have the number and are not one dose. */
    static boolean shareNumber(String one, String other) {
        return !dose(one).equals(dose(other)) && OneNumber.isOne(number(one), number(other));
    }

    /** Whether to take one back is to take the other back. */
    static boolean areOne(String one, String other) {
        return dose(one).equals(dose(other))
                && (number(one).isEmpty()
                        || number(other).isEmpty()
                        || OneNumber.isOne(number(one), number(other)));
    }
}
