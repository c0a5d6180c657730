package org.chartbridge.chart;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Numbers of orders or referrals of one patient, with and without their namespace. One without
 * agrees with one that has it where only one has: a function of all of them, so that their order
 * decides nothing.
 */
final class Numbers {
    private static final String SEVERAL = "^";

    private final Map<String, String> named = new HashMap<>();

    Numbers(Collection<String> numbers) {
        Set<String> all = new HashSet<>(numbers);
        for (var number : all) {
            int at = number.indexOf('^');
            if (at < 0) continue;
            named.merge(number.substring(0, at), number, (_, _) -> SEVERAL);
        }
    }

    /** The number with its namespace, where that is known, else as it is. */
    String named(String number) {
        if (number.contains("^")) return number;
        var found = named.get(number);
        return found == null || found.equals(SEVERAL) ? number : found;
    }

    /** Whether both are there and mean the same. */
    boolean areSame(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && named(one).equals(named(other));
    }
}
