package org.chartbridge.partner;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
public final class Nearest {
    static final int MAX_WORD_LENGTH = 64;

    private Nearest() {}

    /**
     * The known word with the fewest letters to change, if that is at most a third of it. Upper and
     * lower case don't count.
     */
    public static Optional<String> to(String word, Collection<String> known) {
        if (word.isEmpty() || word.length() > MAX_WORD_LENGTH) return Optional.empty();
        return known.stream()
                .filter(k -> distance(word, k) <= Math.max(1, k.length() / 3))
                .min(
                        Comparator.comparingInt((String k) -> distance(word, k))
                                .thenComparing(k -> k));
    }

    /** {@code did you mean "sender"?}, or else the words that there are. */
    public static String hint(String word, Collection<String> known) {
        return to(word, known)
                .map(near -> "did you mean \"" + near + "\"?")
                .orElse("wanted one of: " + String.join(", ", known));
    }

    // Letters to insert, delete, replace, or to swap with their neighbour (optimal string
    // alignment).
    private static int distance(String left, String right) {
        var a = left.toLowerCase(Locale.ROOT);
        var b = right.toLowerCase(Locale.ROOT);
        var d = new int[a.length() + 1][b.length() + 1];
        for (var i = 0; i <= a.length(); i++) d[i][0] = i;
        for (var j = 0; j <= b.length(); j++) d[0][j] = j;
        for (var i = 1; i <= a.length(); i++) {
            for (var j = 1; j <= b.length(); j++) {
                var same = a.charAt(i - 1) == b.charAt(j - 1);
                d[i][j] = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1);
                d[i][j] = Math.min(d[i][j], d[i - 1][j - 1] + (same ? 0 : 1));
                var swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
        return d[a.length()][b.length()];
    }
}
