package org.chartbridge.loops;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * That a person closed an order or a referral because no message will answer it (decision 0063). It
 * holds until somebody says that the order goes on: a later word is charted as ever, and ends or
 * reopens it.
 *
 * @param decision the entry of the journal
 * @param key of the loop as it was seen
 * @param known the messages of the loop that whoever closed it knew of: others may contradict
 * @param reason in words
 * @param holds whether nothing has contradicted it since
 */
public record ByHand(
        long decision,
        String key,
        Set<Long> known,
        Instant at,
        String account,
        Why why,
        String reason,
        boolean holds) {

    /** Why nothing will answer it. */
    public enum Why {
        NO_SHOW("Patient did not come"),
        NOT_PERFORMED("Will not be performed, says who was asked"),
        ANSWERED("Answered on paper or by telephone"),
        MISTAKE("Ordered by mistake"),
        OTHER("Another reason");

        private final String word;

        Why(String word) {
            this.word = word;
        }

        /** For people. */
        public String word() {
            return word;
        }

        /** As the database spells it. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        /** The one of this id; empty when there is none. */
        public static Optional<Why> of(String id) {
            return Arrays.stream(values()).filter(one -> one.id().equals(id)).findFirst();
        }
    }

    /** Whoever says this, ordered it again or works on it. What says that it ends agrees. */
    private static final Set<State> GOES_ON =
            EnumSet.of(
                    State.ORDERED,
                    State.PENDING,
                    State.ACCEPTED,
                    State.SCHEDULED,
                    State.IN_PROCESS,
                    State.PARTIAL,
                    State.FINAL,
                    State.SPECIMEN_REJECTED,
                    State.AOE_MISSING,
                    State.ABN_REQUIRED,
                    State.PAYMENT,
                    State.ON_HOLD,
                    State.HELD_BY_ASKER,
                    State.RESULT_MISSING,
                    State.CHANGE_REFUSED);

    public ByHand {
        known = Set.copyOf(known);
    }

    /** The messages that have said something of a loop. */
    public static SortedSet<Long> known(Loop loop) {
        var entries = new TreeSet<Long>();
        for (var step : loop.steps()) if (step.entryId() > 0) entries.add(step.entryId());
        return entries;
    }

    /** What a closing is kept by: the loop as it stood when these messages were known. */
    public static String key(SortedSet<Long> known, Loop loop) {
        return "closed-"
                + UUID.nameUUIDFromBytes((loop.key() + known).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The loop with what a person said of it among its steps, and closed if that holds.
     *
     * @param closings those that were not taken back, by one of the messages they knew
     */
    static Loop of(Loop loop, Map<Long, List<ByHand>> closings) {
        var last =
                closings.isEmpty()
                        ? null
                        : known(loop).stream()
                                .flatMap(entry -> closings.getOrDefault(entry, List.of()).stream())
                                .filter(one -> one.key.equals(key(new TreeSet<>(one.known), loop)))
                                .max(Comparator.comparing(ByHand::at))
                                .orElse(null);
        if (last == null) return loop;
        boolean holds =
                !loop.state().isClosed() && loop.steps().stream().noneMatch(last::isContradictedBy);
        var steps = new ArrayList<>(loop.steps());
        int place = (int) steps.stream().takeWhile(step -> !last.isBefore(step.at())).count();
        steps.add(
                place,
                Step.of(
                        last.at,
                        null,
                        holds ? State.CLOSED : null,
                        "Closed by hand: " + last.reason,
                        last.account,
                        0,
                        ""));
        return loop.closed(
                new ByHand(
                        last.decision,
                        last.key,
                        last.known,
                        last.at,
                        last.account,
                        last.why,
                        last.reason,
                        holds),
                steps);
    }

    /** By a message that was not known; of what was said in an answer to us, by our clock. */
    private boolean isContradictedBy(Step step) {
        if (!GOES_ON.contains(step.state())) return false;
        return step.deliveryId() > 0 ? isBefore(step.at()) : !known.contains(step.entryId());
    }

    private boolean isBefore(@Nullable Instant time) {
        return time != null && time.isAfter(at);
    }

    /** The decision only: reasons may name people. */
    @Override
    public String toString() {
        return "ByHand[" + decision + "]";
    }
}
