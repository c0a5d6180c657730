package org.chartbridge.loops;

import org.jspecify.annotations.Nullable;

/**
 * What a word in the language of orders says of a referral (360X; HL7 v2.5.1 tables 0119 and 0038,
 * decision 0062). ⚠ What can't be done is told by ORC-1, also where ORC-5 says CA beside it.
 */
final class StatusOfReferral {
    private StatusOfReferral() {}

    /**
     * How the referral stands by it.
     *
     * @param control ORC-1
     * @param status ORC-5
     * @param state as of an order
     * @param byAsker whether whoever refers says it
     * @return null when it says nothing of that
     */
    static @Nullable State of(String control, String status, String state, boolean byAsker) {
        if (OrderWords.UNABLE.containsKey(control)) return State.CHANGE_REFUSED;
        if (control.equals("UA") || control.equals("DE")) return State.REJECTED;
        return switch (state) {
            case "refused" -> State.REJECTED;
            case "cancelled" ->
                    byAsker || Standing.AS_ASKED.contains(control)
                            ? State.CANCELLED
                            : State.STOPPED;
            case "on-hold" -> byAsker ? State.HELD_BY_ASKER : State.ON_HOLD;
            case "completed" -> State.RESULT_MISSING;
            case "active" ->
                    // Accepting, 360X says that it is in process, whatever has begun.
                    control.equals("OK") && status.equals("IP")
                            ? State.ACCEPTED
                            : OrderWords.accepted(control, status);
            default -> ofReferral(state);
        };
    }

    /** For people. */
    static String words(String control, @Nullable State state) {
        if (state == null) return "Status told";
        return OrderWords.UNABLE.getOrDefault(
                control,
                state == State.RESULT_MISSING ? "Completed by whom it was sent to" : state.word());
    }

    /** How it stands by its own words (RF1-1). */
    static State ofReferral(String state) {
        return switch (state) {
            case "accepted" -> State.ACCEPTED;
            case "pending" -> State.PENDING;
            case "rejected" -> State.REJECTED;
            case "expired" -> State.EXPIRED;
            case "cancelled" -> State.CANCELLED;
            default -> State.ORDERED;
        };
    }
}
