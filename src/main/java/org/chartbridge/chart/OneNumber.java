package org.chartbridge.chart;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether two numbers can be one. A number is kept as EI.1, with {@code ^} and its namespace (EI.2)
 * or, where it has none, its universal id (EI.3) behind it. Who leaves the namespace out, writes it
 * in other letters or sends the universal id in its place means the same number; two namespaces are
 * two numbers, and so are two universal ids (decision 0075).
 */
public final class OneNumber {
    /**
     * How a universal id looks, an OID or a UUID: its type (EI.4) is not kept. In V70 likewise
     * ({@code same_number}).
     */
    private static final Pattern UNIVERSAL =
            Pattern.compile("[0-2](\\.[0-9]+)+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private OneNumber() {}

    /** Whether nothing says that they are two; an empty one is no number. */
    public static boolean isOne(String one, String other) {
        return !one.isEmpty()
                && !other.isEmpty()
                && hasOneEntity(one, other)
                && !contradict(namespace(one), namespace(other));
    }

    /**
     * What a number means among others: itself, in whatever letters its namespace is, else all that
     * nothing tells from it. Empty where it is none of them, and where it could be either of two
     * that contradict each other ⚠: nobody can say which.
     */
    public static List<String> meant(String number, Collection<String> known) {
        var itself =
                known.stream()
                        .filter(one -> hasOneEntity(one, number))
                        .filter(one -> namespace(one).equalsIgnoreCase(namespace(number)))
                        .distinct()
                        .toList();
        if (!itself.isEmpty()) return itself;
        var alike = known.stream().filter(one -> isOne(number, one)).distinct().toList();
        boolean several =
                alike.stream().anyMatch(one -> known.stream().anyMatch(its -> areTwo(one, its)))
                        || known.stream().anyMatch(its -> areTwo(number, its));
        return several ? List.of() : alike;
    }

    /** Whether they are two though EI.1 is the same. */
    static boolean areTwo(String one, String other) {
        return hasOneEntity(one, other) && contradict(namespace(one), namespace(other));
    }

    /** Whether both say what they are counted in, and the same: one number for every partner. */
    static boolean isNamedAlike(String one, String other) {
        return one.contains("^")
                && hasOneEntity(one, other)
                && namespace(one).equalsIgnoreCase(namespace(other));
    }

    private static boolean hasOneEntity(String one, String other) {
        return ByOrder.entity(one).equals(ByOrder.entity(other));
    }

    private static boolean contradict(String one, String other) {
        return !one.isEmpty()
                && !other.isEmpty()
                && !one.equalsIgnoreCase(other)
                && isUniversal(one) == isUniversal(other);
    }

    static boolean isUniversal(String namespace) {
        return UNIVERSAL.matcher(namespace).matches();
    }

    /** Empty where it has none. */
    static String namespace(String number) {
        int end = number.indexOf('^');
        return end < 0 ? "" : number.substring(end + 1);
    }
}
