package org.chartbridge.console;

import org.chartbridge.delivery.DeliverySearch.DestinationView;

import java.util.regex.Pattern;

/**
 * A destination in words.
 *
 * @param routed whether an outbox route takes its deliveries
 * @param unmade how many wait aside, because they can't be made
 */
record ShownDestination(DestinationView destination, boolean routed, long unmade) {
    private static final Pattern NOBODY_HERE =
            Pattern.compile(
                    "nothing listens at"
                        + " (?:127(?:\\.\\d+){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]|localhost):(\\d+)");

    /** Whether nothing will leave until somebody has done something, here or at the partner. */
    public boolean asksPerson() {
        return destination.asksPerson() || (!routed && destination.waiting() > 0) || unmade > 0;
    }

    /** The state, as the tag shows it. */
    public String word() {
        if (destination.paused()) return "Paused";
        if (destination.waiting() == 0) return unmade > 0 ? "To act" : "Up to date";
        if (!routed) return "No route";
        if (destination.asksPerson()) return "To act";
        return destination.problem().isEmpty() && destination.behind() == null
                ? "Sending"
                : "Waiting";
    }

    /** The state whose colour and icon the tag has: a partner that is down is no fault of ours. */
    public String look() {
        if (destination.paused() || asksPerson()) return "held";
        if (destination.waiting() == 0 && unmade == 0) return "charted";
        return "received";
    }

    /**
     * For example {@code 1 waiting: nothing listens at 127.0.0.1:2577, run chartbridge listen
     * 2577}.
     */
    public String sentence() {
        if (unmade == 0) return ofTheQueue();
        return "%,d can't be made and %s aside for a person: decide on the page Worklist, can't be made. "
                        .formatted(unmade, unmade == 1 ? "waits" : "wait")
                + (destination.waiting() == 0 && !destination.paused()
                        ? "Nothing else waits"
                        : "Beside that: " + ofTheQueue());
    }

    private String ofTheQueue() {
        if (destination.paused())
            return waiting()
                    + ", a person is asked: "
                    + (destination.why().isEmpty() ? "no reason was noted" : destination.why());
        if (destination.waiting() == 0) return "nothing waits";
        if (destination.name().endsWith("~held"))
            return waiting() + " for a person: decide on the page Alerts";
        if (destination.name().endsWith("~unmade"))
            return waiting() + " for a person: decide on the page Worklist, can't be made";
        if (destination.name().endsWith("/orders-to-place"))
            return waiting() + " for a person: decide on the page Worklist, Orders to place";
        if (!routed)
            return waiting()
                    + ": no route takes them; write or restore one  from outbox:"
                    + destination.name()
                    + "  in routes/"
                    + destination.partner();
        if (destination.behind() != null)
            return waiting()
                    + ": message "
                    + destination.behind()
                    + " of the same partner came before and is not charted yet";
        if (destination.problem().isEmpty()) return waiting() + ", being sent";
        var nobody = NOBODY_HERE.matcher(destination.problem());
        return waiting()
                + ": "
                + destination.problem()
                + (nobody.matches() ? ", run chartbridge listen " + nobody.group(1) : "")
                + (destination.asksPerson() ? ". It is tried on, and goes on by itself then" : "");
    }

    private String waiting() {
        return "%,d waiting".formatted(destination.waiting());
    }
}
