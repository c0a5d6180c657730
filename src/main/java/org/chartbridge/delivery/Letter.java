package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Made;
import org.jspecify.annotations.Nullable;

/**
 * A waiting delivery as a drain reads it.
 *
 * @param place order among the deliveries of its entry
 * @param sender the partner whose message caused it
 * @param body as it was staged
 * @param asReceived whether that is the message as it came
 * @param attempts how many were made; the number of the last one
 * @param frozen what was made for the first attempt; null when the route is still to run
 * @param open whether the last attempt has no outcome: its engine died, or lost its claim
 */
record Letter(
        long id,
        long entryId,
        long place,
        String sender,
        byte[] body,
        boolean asReceived,
        int attempts,
        Made.@Nullable Ready frozen,
        boolean open) {

    /** The same, its last attempt having an outcome. */
    Letter closed() {
        return new Letter(id, entryId, place, sender, body, asReceived, attempts, frozen, false);
    }

    /** The same at each attempt; sorts as deliveries of a destination leave. */
    String name() {
        return "%019d-%03d".formatted(entryId, place);
    }

    /** Prints the id only: a letter is about a patient. */
    @Override
    public String toString() {
        return "Letter[" + id + "]";
    }
}
