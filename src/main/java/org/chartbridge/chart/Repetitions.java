package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Several names, addresses or numbers in the code of one {@link FieldValue}: parts with {@code ^}
 * between, repetitions with {@code ~}, as v2 writes them.
 *
 * <ul>
 *   <li>a name: type (table 0200), family, given, middle, suffix, prefix
 *   <li>an address: type (table 0190), street, second line, city, state, postal code, country,
 *       county
 *   <li>a number: system and use as FHIR has them, and the number
 * </ul>
 */
public final class Repetitions {
    private Repetitions() {}

    /** What stands between parts is no part of a name: it becomes a blank. */
    public static String part(String text) {
        return text.replace('^', ' ').replace('~', ' ');
    }

    public static String join(List<String> parts) {
        return String.join("^", parts);
    }

    public static String all(List<String> repetitions) {
        return String.join("~", repetitions);
    }

    /**
     * The repetitions, each of as many parts.
     *
     * @param parts what is missing behind the last is empty
     */
    public static List<List<String>> of(String code, int parts) {
        var all = new ArrayList<List<String>>();
        if (code.isEmpty()) return all;
        for (var repetition : code.split("~", -1)) {
            var cut = new ArrayList<>(List.of(repetition.split("\\^", -1)));
            while (cut.size() < parts) cut.add("");
            all.add(cut);
        }
        return all;
    }
}
