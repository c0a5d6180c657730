package org.chartbridge.loops;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A word about an order or a referral, of whoever said it.
 *
 * @param at to compare by; null when it comes before whatever has a time
 * @param entryId the message; 0 of an answer to a delivery
 */
record Said(
        boolean filler,
        @Nullable Instant at,
        long entryId,
        String partner,
        String control,
        String status,
        String state,
        String hindrance,
        String hindranceText) {

    private static final Comparator<Instant> EARLIEST =
            Comparator.nullsFirst(Comparator.naturalOrder());

    /** Whoever says several things in one second or minute, says the graver last ⚠. */
    private static final List<Set<String>> GRAVER =
            List.of(
                    Set.of("active", "requested"),
                    Set.of("pending"),
                    Set.of("accepted"),
                    Set.of("completed"),
                    Set.of("on-hold"),
                    Set.of("expired"),
                    Set.of("cancelled"),
                    Set.of("refused", "rejected"));

    /** The same of a placer's ORC-1: an order, then what is done with it. */
    private static final List<Set<String>> LATER =
            List.of(
                    Set.of("NW", "RO", "CH"),
                    Set.of("XO"),
                    Set.of("HD"),
                    Set.of("RL"),
                    Set.of("CA", "DC", "RP"));

    /** The later last; the same whatever arrived first. */
    static final Comparator<Said> ORDER =
            Comparator.comparing(Said::at, EARLIEST)
                    .thenComparing(Said::filler)
                    .thenComparingInt(Said::rank)
                    .thenComparing(Said::partner)
                    .thenComparing(Said::control)
                    .thenComparing(Said::state);

    private int rank() {
        boolean answers = filler || control.isEmpty();
        var words = answers ? GRAVER : LATER;
        var word = answers ? state : control;
        for (int i = 0; i < words.size(); i++) if (words.get(i).contains(word)) return i;
        return 0;
    }

    /** The last of these; null of none. */
    static @Nullable Said last(List<Said> said) {
        return said.stream().max(ORDER).orElse(null);
    }

    /** Without what a filler says in its own words. */
    @Override
    public String toString() {
        return "Said[" + control + " " + state + ", " + entryId + "]";
    }
}
