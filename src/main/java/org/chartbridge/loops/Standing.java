package org.chartbridge.loops;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What whoever ordered asked for last, and what the filler told last (HL7-RULES §5). Each counts by
 * its own clock. Two clocks are compared only where minutes make no difference ⚠: an answer follows
 * what it answers, and what hinders an order stands until the filler says otherwise, or until the
 * order is changed well after that.
 *
 * @param asked null where a filler alone speaks of it
 * @param told null while the filler is silent
 * @param refusal the filler's word that it can't do what was asked last; null when it can
 */
record Standing(@Nullable Said asked, @Nullable Said told, @Nullable Said refusal) {
    /** How far two clocks may be apart. */
    static final Duration CLOCKS = Duration.ofMinutes(5);

    /** As asked: the filler cancelled, discontinued or replaced what it was told to. */
    static final Set<String> AS_ASKED = Set.of("CR", "DR", "RQ", "RP");

    /** ORC-1 by which an order comes into being. */
    static final Set<String> PLACES = Set.of("NW", "RO", "CH");

    /** By its answer: what a filler can't do (table 0119). */
    private static final Map<String, Set<String>> CANT =
            Map.of(
                    "UC", Set.of("CA"),
                    "UD", Set.of("DC"),
                    "UH", Set.of("HD"),
                    "UR", Set.of("RL"),
                    "UX", Set.of("XO"),
                    "UM", Set.of("RP", "RO"));

    private static final Set<String> HINDERS = Set.of("on-hold", "cancelled", "refused");

    static Standing of(List<Said> said) {
        var asked = Said.last(said.stream().filter(one -> !one.filler()).toList());
        var told = Said.last(said.stream().filter(Said::filler).toList());
        return new Standing(asked, told, refusal(asked, said));
    }

    private static @Nullable Said refusal(@Nullable Said asked, List<Said> said) {
        if (asked == null) return null;
        long alike =
                said.stream()
                        .filter(one -> !one.filler() && one.control().equals(asked.control()))
                        .map(Said::at)
                        .distinct()
                        .count();
        return Said.last(
                said.stream()
                        .filter(Said::filler)
                        .filter(
                                one ->
                                        CANT.getOrDefault(one.control(), Set.of())
                                                .contains(asked.control()))
                        .filter(one -> alike == 1 || !isWellAfter(asked, one))
                        .toList());
    }

    /** Whether one was said after another, whatever the two clocks are. */
    private static boolean isWellAfter(Said one, Said other) {
        return one.at() != null
                && (other.at() == null || one.at().isAfter(other.at().plus(CLOCKS)));
    }

    boolean isCancelled() {
        return asked != null
                && asked.state().equals("cancelled")
                && refusal == null
                && !goesOn(asked);
    }

    boolean isHeldByPlacer() {
        return asked != null
                && asked.state().equals("on-hold")
                && refusal == null
                && !goesOn(asked);
    }

    /** Whether the filler works on it, though it was told to stop. */
    private boolean goesOn(Said stop) {
        return told != null
                && (told.state().equals("active") || told.state().equals("completed"))
                && isWellAfter(told, stop);
    }

    /**
     * What the filler told last, as far as it still stands in the way or helps; null for nothing.
     */
    @Nullable Said standing() {
        return told == null || isLifted(told) ? null : told;
    }

    /** Whether the order was changed since: nobody knows what the filler thinks of that. */
    private boolean isLifted(Said word) {
        if (asked == null) return false;
        if (word.control().equals("HR") && asked.control().equals("RL")) return true;
        if (!isWellAfter(asked, word)) return false;
        return PLACES.contains(asked.control())
                || (!word.state().equals("cancelled")
                        && (asked.control().equals("XO") || asked.control().equals("RL")));
    }

    /** Whether a filler's word is that it can't do what was asked. */
    static boolean isRefusal(String control) {
        return CANT.containsKey(control);
    }

    /** What fillers said since one of them last held, stopped or refused it. */
    static List<Said> undisturbed(List<Said> said) {
        var since = new ArrayList<Said>();
        for (var one : said.stream().filter(Said::filler).sorted(Said.ORDER).toList()) {
            if (HINDERS.contains(one.state())
                    || (!one.hindrance().isEmpty() && !isRefusal(one.control()))) since.clear();
            else since.add(one);
        }
        return since;
    }
}
