package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Numbers of orders or referrals of one patient, with and without their namespace. One without
 * agrees with one that has it where only one has, as does one with a universal id with one that has
 * a namespace ({@link OneNumber}): a function of all of them, so that their order decides nothing.
 */
final class Numbers {
    private final Map<String, Forms> named = new HashMap<>();

    /**
     * In what a number is counted, in small letters.
     *
     * @param further as others name it who don't count
     */
    private record Forms(Set<String> namespaces, Set<String> universals, Set<String> further) {
        Forms() {
            this(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        }

        Set<String> ofKind(String namespace) {
            return OneNumber.isUniversal(namespace) ? universals : namespaces;
        }

        /** Whether it is one number, and this is it. */
        boolean are(String namespace) {
            if (namespaces.size() > 1 || universals.size() > 1) return false;
            var its = ofKind(namespace);
            return namespace.isEmpty()
                    || its.contains(namespace)
                    || (its.isEmpty()
                            && further.stream()
                                            .filter(
                                                    one ->
                                                            OneNumber.isUniversal(one)
                                                                    == OneNumber.isUniversal(
                                                                            namespace))
                                            .count()
                                    < 2);
        }

        String one() {
            return (namespaces.isEmpty() ? universals : namespaces).iterator().next();
        }
    }

    Numbers(Collection<String> numbers) {
        add(numbers);
    }

    /**
     * @param given what was asked for under them: where these have a namespace, no other counts ⚠
     * @param said how others name them
     */
    Numbers(Collection<String> given, Collection<String> said) {
        add(given);
        var others = new ArrayList<String>();
        for (var number : said) {
            var known = named.get(ByOrder.entity(number));
            if (known == null) others.add(number);
            else if (number.contains("^")) known.further().add(namespace(number));
        }
        add(others);
    }

    private void add(Collection<String> numbers) {
        for (var number : numbers) {
            var namespace = namespace(number);
            if (namespace.isEmpty()) continue;
            named.computeIfAbsent(ByOrder.entity(number), _ -> new Forms())
                    .ofKind(namespace)
                    .add(namespace);
        }
    }

    /**
     * The number with its namespace, in small letters, where that is known, else as it is; only to
     * be compared.
     */
    String named(String number) {
        var entity = ByOrder.entity(number);
        var namespace = namespace(number);
        var found = named.get(entity);
        if (found != null && found.are(namespace)) namespace = found.one();
        return namespace.isEmpty() ? entity : entity + "^" + namespace;
    }

    private static String namespace(String number) {
        return OneNumber.namespace(number).toLowerCase(Locale.ROOT);
    }

    /** Whether both are there and mean the same. */
    boolean areSame(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && named(one).equals(named(other));
    }
}
