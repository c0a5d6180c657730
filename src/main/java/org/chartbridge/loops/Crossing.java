package org.chartbridge.loops;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * How a referral stands by what was said of it, where a cancel and the other side's word (OSU^O51,
 * RRI) may have crossed.
 *
 * <p>⚠ A cancel stands until the other side says that it can't, or works on well after it; then
 * somebody has to ask, because a patient may be seen whom nobody expects to be.
 *
 * @param last the word that counts; null of none
 * @param goesOn whether the other side went on with what was cancelled
 * @param word how it stands
 */
record Crossing(@Nullable Said last, boolean goesOn, State word) {
    /** What of orders a filler says while it goes on. */
    private static final Set<String> GOES_ON = Set.of("active", "on-hold", "completed");

    /** RF1-1 by which the other side takes it, or may (table 0283). */
    private static final Set<String> TAKES = Set.of("accepted", "pending");

    /**
     * @param asker whoever refers
     */
    static Crossing of(List<Said> said, String asker) {
        var asked =
                Said.last(
                        said.stream()
                                .filter(one -> !one.filler() && one.partner().equals(asker))
                                .toList());
        if (asked == null || !asked.state().equals("cancelled")) return of(Said.last(said));
        var unable =
                Said.last(
                        said.stream()
                                .filter(one -> OrderWords.UNABLE.containsKey(one.control()))
                                .filter(one -> !isWellBefore(one, asked))
                                .toList());
        var last =
                Said.last(
                        said.stream()
                                .filter(one -> !one.equals(unable))
                                .filter(one -> !isCrossing(one, asked))
                                .toList());
        if (unable != null && (last == null || !isEndedAfter(last, unable)))
            return new Crossing(unable, false, State.CHANGE_REFUSED);
        if (last != null && !last.filler() && takes(last, asked))
            return new Crossing(last, true, State.CHANGE_REFUSED);
        if (last != null && last.state().equals("rejected"))
            return new Crossing(asked, false, State.CANCELLED);
        if (last == null || !last.filler()) return of(last);
        return GOES_ON.contains(last.state())
                ? new Crossing(last, true, State.CHANGE_REFUSED)
                // Whoever does not take it, or stops it, has heard enough.
                : new Crossing(asked, false, State.CANCELLED);
    }

    private static Crossing of(@Nullable Said last) {
        if (last == null) return new Crossing(null, false, State.ORDERED);
        var word =
                last.filler()
                        ? StatusOfReferral.of(last.control(), last.status(), last.state(), false)
                        : StatusOfReferral.ofReferral(last.state());
        return new Crossing(last, false, word == null ? State.ORDERED : word);
    }

    /** Whether a filler said that it goes on before it can have heard of the cancel. */
    private static boolean isCrossing(Said one, Said cancel) {
        return (one.filler() ? GOES_ON.contains(one.state()) : takes(one, cancel))
                && (one.at() == null
                        || cancel.at() == null
                        || !one.at().isAfter(cancel.at().plus(Standing.CLOCKS)));
    }

    private static boolean takes(Said one, Said cancel) {
        return !one.partner().equals(cancel.partner()) && TAKES.contains(one.state());
    }

    private static boolean isWellBefore(Said one, Said other) {
        return one.at() == null
                || (other.at() != null && one.at().isBefore(other.at().minus(Standing.CLOCKS)));
    }

    private static boolean isEndedAfter(Said one, Said other) {
        return one.filler()
                && !GOES_ON.contains(one.state())
                && one.at() != null
                && (other.at() == null || one.at().isAfter(other.at()));
    }
}
