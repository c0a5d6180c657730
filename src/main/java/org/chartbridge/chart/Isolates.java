package org.chartbridge.chart;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which values name what grew in a culture. Their laboratory tells them apart by OBX-4, and may
 * number them anew from one day to the next (HL7-RULES §4).
 */
final class Isolates {

    /**
     * LOINC: bacteria, fungi, mycobacteria, viruses or parasites identified, in the specimens of
     * routine microbiology, and the bare names of microorganisms.
     */
    private static final Set<String> LOINC =
            Set.of(
                    "543-9", "580-1", "600-7", "606-4", "610-6", "612-2", "619-7", "624-7", "625-4",
                    "626-2", "630-4", "634-6", "635-3", "6462-6", "6463-4", "11475-1", "41852-5",
                    "43409-2", "43411-8");

    /** What laboratories call such a test where they have no LOINC code. */
    private static final Pattern NAME =
            Pattern.compile(
                    "organism|isolate|keim|germe?\\b|(bacteria|bacterium|fungus|fungi|yeast|mycobacteri"
                        + "(um|a)).*\\b(identified|id)\\b");

    private static final List<String> BEGINS =
            List.of("organism", "isolate", "keim", "germ", "bacteri", "fung", "yeast", "mycobact");

    /** Nothing grew: several may say so without meaning one thing. */
    private static final Pattern NOTHING =
            Pattern.compile(
                    "\\b(no|not|none|negative|neg|pending|absent|normal|mixed|see)\\b|^\\W*$");

    /** Names of a group of organisms. */
    private static final Pattern GROUP =
            Pattern.compile(
                    "\\b(gram|rods?|bacill(i|us)|cocc(i|us)|yeasts?|coliforms?|fermenters?|growth|spp?"
                        + "|species|presumptive|probable)\\b");

    private Isolates() {}

    /** Whether a test asks what grew. */
    static boolean names(String code, String text, String loinc) {
        return LOINC.contains(loinc)
                || LOINC.contains(code)
                || (mayMatch(text) && NAME.matcher(text.toLowerCase(Locale.ROOT)).find());
    }

    /**
     * Spares nearly every test the pattern: whether a text has the beginning of one of its words.
     */
    private static boolean mayMatch(String text) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case 'o',
                        'O',
                        'i',
                        'I',
                        'k',
                        'K',
                        'g',
                        'G',
                        'b',
                        'B',
                        'f',
                        'F',
                        'y',
                        'Y',
                        'm',
                        'M' -> {
                    for (var begin : BEGINS)
                        if (text.regionMatches(true, i, begin, 0, begin.length())) return true;
                }
                default -> {}
            }
        }
        return false;
    }

    static boolean names(ObservationStatement statement) {
        var test = statement.test();
        return names(test.code(), test.text(), statement.translation().loinc());
    }

    /** Whether a value is the name of something that grew. */
    static boolean isNamed(String valueKey) {
        var text = valueKey.toLowerCase(Locale.ROOT);
        return text.chars().anyMatch(Character::isLetter) && !NOTHING.matcher(text).find();
    }

    /**
     * Whether two names are of one organism, or the later one only says more exactly what the first
     * called by its group: gram-negative rods that became E. coli are the same colony.
     */
    static boolean isSame(ObservationView was, ObservationView now) {
        var names = called(now);
        for (var name : called(was)) if (names.contains(name)) return true;
        var before = plain(was.valueText());
        return plain(now.valueText()).startsWith(before + " ")
                || (was.status().isPreliminary() && GROUP.matcher(before).find());
    }

    /** Whether an isolate is called so, by its name or one of its codes. */
    static boolean isCalled(ObservationView isolate, String name) {
        var wanted = plain(name);
        return called(isolate).contains(wanted)
                || isolate.valueCodings().stream()
                        .anyMatch(coding -> plain(coding.code()).equals(wanted));
    }

    private static Set<String> called(ObservationView isolate) {
        var names = new HashSet<String>();
        names.add(plain(isolate.valueText()));
        for (var coding : isolate.valueCodings()) {
            names.add(plain(coding.text()));
            if (!coding.code().isEmpty()) names.add(coding.code() + "^" + coding.system());
        }
        names.remove("");
        return names;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[\\s.,;:]+", " ").strip();
    }
}
