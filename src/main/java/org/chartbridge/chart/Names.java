package org.chartbridge.chart;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** What of a name or birth date counts when two patients are compared. */
final class Names {

    /**
     * Names that stand for somebody who is not identified, or for nobody at all, such as a control
     * that an instrument measures.
     */
    private static final Set<String> PLACEHOLDERS =
            Set.of(
                    "UNKNOWN",
                    "UNIDENTIFIED",
                    "UNNAMED",
                    "TRAUMA",
                    "BABY",
                    "BABYBOY",
                    "BABYGIRL",
                    "INFANT",
                    "NEWBORN",
                    "NB",
                    "TWIN",
                    "TRIPLET",
                    "BOY",
                    "GIRL",
                    "TEST",
                    "TESTPATIENT",
                    "ZZTEST",
                    "TEMP",
                    "TEMPORARY",
                    "CONTROL",
                    "CALIBRATOR",
                    "QC",
                    "LEVEL");

    private Names() {}

    /** Letters and digits without case and accents: O'Brien and OBRIEN are one name. */
    static String letters(String name) {
        var plain = new StringBuilder(name.length());
        boolean ascii = true;
        for (int i = 0; i < name.length() && ascii; i++) ascii = name.charAt(i) < 0x80;
        (ascii ? name : Normalizer.normalize(name, Normalizer.Form.NFD))
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(plain::appendCodePoint);
        return plain.toString().toUpperCase(Locale.ROOT);
    }

    /**
     * The first of several given names, as {@link #letters}; hyphens and apostrophes divide none.
     */
    static String firstWord(String name) {
        return letters(name.strip().split("\\s+", 2)[0]);
    }

    /** Whether one of the words of a name says that it is no name. */
    static boolean isPlaceholder(String name) {
        if (name.isEmpty()) return false;
        for (var word :
                Normalizer.normalize(name, Normalizer.Form.NFD).split("[^\\p{L}\\p{M}]+", -1))
            if (PLACEHOLDERS.contains(letters(word))) return true;
        return false;
    }

    /** Dates of unlike precision agree as far as both go; a missing one contradicts nothing. */
    static boolean datesAgree(String one, String other) {
        return one.startsWith(other) || other.startsWith(one);
    }
}
