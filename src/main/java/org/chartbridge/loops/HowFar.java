package org.chartbridge.loops;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far an order or a referral has come by its deliveries.
 *
 * @param own its deliveries, in the order in which they were asked for
 */
record HowFar(List<Sending> own) {
    HowFar {
        own = List.copyOf(own);
    }

    /**
     * The last one counts: an order may be sent again after it was changed or mended. A change that
     * waits here ⚠ counts also where the order, which was asked for before, left later. That a
     * person does not send a change ⚠ ends nothing of what was sent before.
     */
    @Nullable Sending last() {
        boolean left = own.stream().anyMatch(one -> !one.isToPlace());
        var last =
                own.stream()
                        .filter(one -> !left || !one.isDropped())
                        .max(Comparator.comparing(Sending::stagedAt).thenComparingLong(Sending::id))
                        .orElse(null);
        int next = last == null ? 0 : own.indexOf(last) + 1;
        for (var one : own.subList(next, own.size()))
            if (one.isToPlace() && !one.isDropped()) last = one;
        return last;
    }

    /**
     * When what was not delivered was to be sent, or the application rejected it; null when neither
     * is so of the last one. A change that waits here is never answered.
     */
    @Nullable Instant refusedSince() {
        var last = last();
        if (last == null || last.failedSince() == null) return null;
        boolean changes = own.stream().anyMatch(one -> !one.isToPlace());
        return last.isToPlace() && changes ? Instant.MAX : last.failedSince();
    }

    /**
     * Whether the placer cancelled, and who was sent the order does not know ⚠. An order that never
     * left, or was refused, needs no cancel; nor does one that its filler has stopped.
     */
    boolean isUnheard(Said last, List<Said> said) {
        if (last.filler()) return false;
        // A cancel of what nobody has ordered or answered: that there is such an order is not said.
        if (said.stream().allMatch(one -> !one.filler() && one.state().equals("cancelled")))
            return false;
        var filler = Said.last(said.stream().filter(Said::filler).toList());
        if (filler != null && filler.state().equals("cancelled")) return false;
        var cancel = own.stream().filter(one -> one.entryId() == last.entryId()).toList();
        var before = own.stream().filter(one -> one.entryId() != last.entryId()).toList();
        boolean left = before.isEmpty() || before.stream().anyMatch(Sending::mayBeKnown);
        if (!cancel.isEmpty()) return left && new HowFar(cancel).refusedSince() != null;
        // One that waits to be placed, or went nowhere, is heard by nobody.
        return left && !before.isEmpty();
    }

    /** How it stands by its deliveries alone. */
    State state() {
        var last = last();
        if (last == null) return State.ORDERED;
        if (last.isToPlace()) return last.isDropped() ? State.NOT_SENT : State.TO_PLACE;
        if (last.failedSince() != null) return failed(last);
        if (last.isConfirmed()) return State.CONFIRMED;
        if (last.state().equals("accepted")) return last.arrived();
        return last.sentAt() == null ? State.TO_SEND : State.SENT;
    }

    /** How it stands when nothing comes of what was sent last. */
    State unheard() {
        var last = last();
        return last == null || last.failedSince() == null ? State.NOT_DELIVERED : failed(last);
    }

    private static State failed(Sending one) {
        return one.isRefused() ? State.NOT_DELIVERED : State.REJECTED;
    }

    /** Why what is to be sent does not leave; null when nothing is known, or it has left. */
    Sending.@Nullable Blocked blocked(State state) {
        var sent = last();
        return sent != null && (state == State.TO_SEND || state == State.SENT)
                ? sent.blocked()
                : null;
    }

    /** Why it stands so, in the words of whoever hinders it; empty for nothing. */
    String why(State state, @Nullable Said word) {
        var sent = last();
        if (state == State.REJECTED && sent != null && sent.rejectedAt() != null)
            return sent.failure();
        if (state == State.CONFIRMED) return sent == null ? "" : sent.words();
        var blocked = blocked(state);
        if (blocked != null) return blocked.words();
        if (state == State.NOT_SENT || state == State.TO_PLACE)
            return sent == null ? "" : sent.whyRefused();
        if (state == State.NOT_DELIVERED)
            return own.stream()
                    .filter(Sending::isRefused)
                    .map(Sending::whyRefused)
                    .reduce((_, later) -> later)
                    .orElse("the cancel was not sent; it may wait under Orders to place");
        // What a report says, no hold of before has said.
        if (word == null || state == State.RECOLLECT) return "";
        if (state == State.RESULT_MISSING && !word.state().equals("completed")) return "";
        return word.hindranceText();
    }

    /** To whom it was sent; empty for nobody. */
    Optional<String> partner() {
        return own.stream().filter(one -> !one.isToPlace()).map(Sending::partner).findFirst();
    }
}
