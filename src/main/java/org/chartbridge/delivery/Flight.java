package org.chartbridge.delivery;

import org.chartbridge.delivery.Answers.Wanted;
import org.chartbridge.delivery.Outboxes.Made;

/**
 * An attempt on its way.
 *
 * @param controlId MSH-10 of what was sent, by which its answer is found
 * @param deadline by System.nanoTime(): when to stop waiting
 */
record Flight(
        Letter letter,
        int number,
        Made.Ready made,
        String controlId,
        Wanted wanted,
        long deadline) {

    /** Whether this is that attempt. */
    boolean isSame(Flight other) {
        return letter.id() == other.letter.id() && number == other.number;
    }

    /** Prints the delivery's id only. */
    @Override
    public String toString() {
        return "Flight[" + letter.id() + "]";
    }
}
