package org.chartbridge.partner;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a partner writes in its own words (HL7-RULES §4): in place of a value, which is then never
 * shown as a result, and beside one that nobody may miss.
 *
 * @param notPerformed {@code not-performed:} the partner's own words, in capital letters, beside
 *     those that laboratories everywhere use
 * @param criticalFlags {@code critical-flags:} what it writes in OBX-8 of a critical value beside
 *     LL, HH and AA, in capital letters
 */
public record ResultWords(Set<String> notPerformed, Set<String> criticalFlags) {

    /**
     * What laboratories write where there is no value: test not performed, quantity not sufficient,
     * cancelled.
     */
    static final Set<String> EVERYWHERE =
            Set.of(
                    "TNP",
                    "QNS",
                    "TEST NOT PERFORMED",
                    "NOT PERFORMED",
                    "TEST NOT DONE",
                    "NOT DONE",
                    "QUANTITY NOT SUFFICIENT",
                    "TEST CANCELLED",
                    "TEST CANCELED",
                    "CANCELLED",
                    "CANCELED",
                    "SPECIMEN REJECTED",
                    "SAMPLE REJECTED",
                    "DUPLICATE ORDER");

    /** The same, whatever words go on: {@code Cancelled by lab}. */
    static final Set<String> BEGINNINGS =
            Set.of(
                    "CANCELLED BY",
                    "CANCELED BY",
                    "TEST CANCELLED BY",
                    "TEST CANCELED BY",
                    "UNABLE TO PERFORM");

    /** No words but those. */
    public static final ResultWords STANDARD = new ResultWords(Set.of(), Set.of());

    /** Characters of such a word. */
    static final int MAX_WORD_CHARACTERS = 60;

    /** Characters of a flag; table 0078 has none of more than 5. */
    static final int MAX_FLAG_CHARACTERS = 20;

    /** Characters of a text that may say so: a longer one is a report that tells of it. */
    static final int MAX_TEXT_CHARACTERS = 500;

    /** What may stand between the word and the reason behind it. */
    private static final String BEFORE_REASON = ":;,.-–(/\n";

    public ResultWords {
        notPerformed = Set.copyOf(notPerformed);
        criticalFlags = Set.copyOf(criticalFlags);
    }

    static ResultWords of(Collection<String> notPerformed, Collection<String> criticalFlags) {
        return new ResultWords(inCapitals(notPerformed), inCapitals(criticalFlags));
    }

    /**
     * Whether one of the flags of a value is the partner's own for a critical one.
     *
     * @param flags OBX-8, repetitions joined by {@code ~}
     */
    public boolean sayCritical(String flags) {
        if (criticalFlags.isEmpty() || flags.isEmpty()) return false;
        for (var flag : flags.split("~", -1))
            if (criticalFlags.contains(inCapitals(flag))) return true;
        return false;
    }

    /**
     * Whether a text says that the test was not done: one of the words alone, or one with its
     * reason behind it, as in {@code QNS - hemolyzed}.
     */
    public boolean sayNotPerformed(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT_CHARACTERS) return false;
        var plain = withoutDots(text);
        return isOneOf(plain, EVERYWHERE, false)
                || isOneOf(plain, BEGINNINGS, true)
                || isOneOf(text, notPerformed, false);
    }

    /** {@code Q.N.S.} is QNS: letters, each with a dot behind it, in front of a text. */
    private static String withoutDots(String text) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        int from = at;
        var letters = new StringBuilder();
        while (at + 1 < text.length()
                && Character.isLetter(text.charAt(at))
                && text.charAt(at + 1) == '.') {
            letters.append(text.charAt(at));
            at += 2;
        }
        // The dot behind the last letter may be left out.
        if (at > from && at + 1 == text.length() && Character.isLetter(text.charAt(at)))
            letters.append(text.charAt(at++));
        return letters.length() < 2 ? text : letters + text.substring(at);
    }

    private static boolean isOneOf(String text, Set<String> words, boolean goesOn) {
        for (var word : words) if (begins(text, word, goesOn)) return true;
        return false;
    }

    private static boolean begins(String text, String word, boolean goesOn) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        for (int i = 0; i < word.length(); i++) {
            if (at == text.length()) return false;
            char sent = text.charAt(at++);
            if (Character.toUpperCase(sent) != word.charAt(i)) {
                if (word.charAt(i) != ' ' || !Character.isWhitespace(sent)) return false;
            }
            if (word.charAt(i) == ' ')
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        }
        if (goesOn && at < text.length() && Character.isWhitespace(text.charAt(at))) return true;
        boolean newLine = false;
        while (at < text.length() && Character.isWhitespace(text.charAt(at)))
            newLine |= text.charAt(at++) == '\n';
        return at == text.length() || newLine || BEFORE_REASON.indexOf(text.charAt(at)) >= 0;
    }

    private static Set<String> inCapitals(Collection<String> sent) {
        var words = new TreeSet<String>();
        for (var word : sent) words.add(inCapitals(word));
        return words;
    }

    private static String inCapitals(String word) {
        return word.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
    }
}
