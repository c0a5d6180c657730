package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Made;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * One step of a drain, written in one commit: the outcomes of some attempts, and the attempts that
 * may leave next.
 *
 * @param epoch of the claim; with an older one no attempt begins
 * @param aside deliveries that can't be made, or follow one that can't: they wait beside
 * @param standing what to note of the destination; null when nothing changed
 */
record Step(
        String destination,
        long epoch,
        List<Ended> ended,
        List<Begun> begun,
        List<Long> aside,
        @Nullable Standing standing) {

    Step {
        ended = List.copyOf(ended);
        begun = List.copyOf(begun);
        aside = List.copyOf(aside);
    }

    /**
     * An attempt that has come to its end.
     *
     * @param settles whether the delivery is done with it
     * @param answer as it came; null when there was none
     * @param goesOn whether the answer is to become a message of its partner
     */
    record Ended(
            Letter letter,
            int number,
            Outcome outcome,
            byte @Nullable [] answer,
            boolean settles,
            boolean goesOn) {}

    /** An attempt that is to leave once this is committed. */
    record Begun(Letter letter, int number, Made.Ready made) {

        /** Null when it is the body itself. */
        byte @Nullable [] content() {
            return Arrays.equals(made.content(), letter.body()) ? null : made.content();
        }
    }

    /** How a destination fares. */
    sealed interface Standing {

        /** The head was accepted after failures. */
        record Well() implements Standing {}

        /**
         * The head is tried again.
         *
         * @param failures in a row
         * @param asks whether it will not end without a person
         */
        record Waits(String problem, int failures, long waitMillis, boolean asks)
                implements Standing {}

        /**
         * Nothing leaves until a person has decided.
         *
         * @param cause the delivery because of which, 0 for none
         * @param attempt its number
         */
        record Paused(String why, long cause, int attempt) implements Standing {}
    }
}
