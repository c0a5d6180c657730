package org.chartbridge.loops;

import org.chartbridge.chart.ItemWord;
import org.chartbridge.mapping.OrderAnswer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * The steps of deliveries, and what was said in answer to them: an answer that is more than an
 * acknowledgement (ORR, ORL, ORG, RRI) is kept with its delivery and is no message of its own.
 */
final class SentSteps {
    private final List<Step> steps;
    private final List<Said> said;

    /**
     * @param steps are added to
     * @param said likewise
     */
    SentSteps(List<Step> steps, List<Said> said) {
        this.steps = steps;
        this.said = said;
    }

    /** The deliveries of a word; what they were answered with says something as well. */
    void add(ItemWord word, List<Sending> own, Predicate<OrderAnswer> about) {
        for (var one : own) {
            if (one.isToPlace()) {
                toPlace(one);
                continue;
            }
            step(one, one.stagedAt(), State.TO_SEND, "Waiting to be sent");
            if (one.sentAt() != null)
                step(one, one.sentAt(), one.isConfirmed() ? State.CONFIRMED : State.SENT, "Sent");
            if (one.isConfirmed()) step(one, one.settledAt(), State.CONFIRMED, one.words());
            // What a person said is there was answered, if at all, before they said so.
            var settled =
                    one.settledAt() == null || one.isConfirmed() ? one.sentAt() : one.settledAt();
            // ⚠ Who says that it has it goes back on its refusal.
            boolean counts = !one.isConfirmed() || !one.outcome().equals("refused");
            if (one.isRefused())
                step(one, settled, State.NOT_DELIVERED, "Not delivered: " + one.whyRefused());
            else if (one.state().equals("accepted"))
                step(one, settled, one.arrived(), one.arrived().word());
            for (var answer : one.answers())
                if (about.test(answer)) answered(one, answer, settled, word, counts);
                else if (answer.control().isEmpty())
                    step(
                            one,
                            settled,
                            null,
                            "Answered under another number (RF1-1 "
                                    + answer.status()
                                    + "): ask which referral is meant");
            // What was said of single orders stands, whatever was said of others or of all since.
            for (var its : one.said())
                for (var answer : its.answers())
                    if (about.test(answer)) answered(one, answer, its.at(), word, true);
            var later = one.later();
            if (later != null && later.answers().isEmpty())
                steps.add(
                        Step.of(
                                later.at(),
                                null,
                                later.isAcceptance() ? State.ACKNOWLEDGED : State.REJECTED,
                                (later.isAcceptance()
                                                ? "Acknowledged by the application"
                                                : "Rejected by the application")
                                        + ": "
                                        + later.words(),
                                one.partner(),
                                later.entryId(),
                                ""));
        }
    }

    /** What waits, or waited, for a person to say who is to do it. */
    void toPlace(Sending one) {
        step(
                one,
                one.stagedAt(),
                State.TO_PLACE,
                "Waits for a person"
                        + (one.state().equals("waiting") ? ": " + one.whyRefused() : ""));
        if (one.isDropped())
            step(
                    one,
                    one.settledAt() == null ? one.stagedAt() : one.settledAt(),
                    State.NOT_SENT,
                    "Not sent" + (one.words().isEmpty() ? "" : ": " + one.words()));
    }

    /**
     * What an answer says of one order.
     *
     * @param counts whether it also says how the order stands
     */
    private void answered(
            Sending one,
            OrderAnswer answer,
            @Nullable Instant settled,
            ItemWord word,
            boolean counts) {
        if (counts && !answer.state().isEmpty())
            said.add(
                    new Said(
                            true,
                            later(settled, word.saidAt()),
                            0,
                            one.partner(),
                            answer.control(),
                            answer.status(),
                            answer.state(),
                            answer.hindrance(),
                            answer.hindranceText()));
        var state = ofAnswer(answer);
        step(
                one,
                settled,
                state,
                OrderWords.UNABLE.getOrDefault(
                                answer.control(), state == null ? "Answered" : state.word())
                        + " in the answer itself ("
                        + (answer.control().isEmpty()
                                ? "RF1-1 " + answer.status()
                                : "ORC-1 " + answer.control())
                        + ")"
                        + (answer.hindranceText().isEmpty() ? "" : ": " + answer.hindranceText()));
    }

    private static @Nullable State ofAnswer(OrderAnswer answer) {
        if (Standing.isRefusal(answer.control())) return State.CHANGE_REFUSED;
        return switch (answer.state()) {
            case "refused" -> State.ofHindrance(answer.hindrance(), State.REJECTED);
            case "on-hold" -> State.ofHindrance(answer.hindrance(), State.ON_HOLD);
            case "cancelled" ->
                    Standing.AS_ASKED.contains(answer.control())
                            ? State.CANCELLED
                            : State.ofHindrance(answer.hindrance(), State.STOPPED);
            case "completed" -> State.RESULT_MISSING;
            case "active" ->
                    answer.hindranceText().isEmpty()
                            ? OrderWords.accepted(answer.control(), answer.status())
                            : State.ofHindrance(answer.hindrance(), State.ON_HOLD);
            case "" -> null;
            default -> StatusOfReferral.ofReferral(answer.state());
        };
    }

    /** An answer follows what it answers, whatever the sender's clock said. */
    private static @Nullable Instant later(@Nullable Instant answered, @Nullable Instant asked) {
        if (answered == null || asked == null) return answered;
        return answered.isAfter(asked) ? answered : asked.plusMillis(1);
    }

    private void step(Sending one, @Nullable Instant at, @Nullable State state, String words) {
        steps.add(
                new Step(
                        at,
                        null,
                        state,
                        words,
                        one.partner(),
                        one.entryId(),
                        "",
                        one.id(),
                        one.destination()));
    }
}
