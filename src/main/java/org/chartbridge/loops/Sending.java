package org.chartbridge.loops;

import org.chartbridge.chart.OrderedReport;
import org.chartbridge.mapping.OrderAnswer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A delivery of orders or a referral.
 *
 * @param entryId the message that was sent on
 * @param destination {@code partner/queue}
 * @param state of the delivery: waiting, accepted or skipped
 * @param sentAt when it left first; null when it never did
 * @param outcome of the last attempt; empty when there is none yet
 * @param words the outcome for people
 * @param settledAt when it was accepted or skipped; null while it waits
 * @param answers what the answer itself says, where it was more than an acknowledgement (ORR, RRI)
 * @param later what the partner's application said of it last, after the answer; null for nothing
 * @param holds the orders, or the referral, that it was chosen for; empty of a copy, and of what
 *     was sent before that was kept
 * @param beside whether its message waits, or waited, to be placed: what nothing was chosen for is
 *     a copy then
 * @param arrived how far it is once it is accepted: a folder acknowledges nothing
 */
public record Sending(
        long id,
        long entryId,
        String destination,
        String state,
        Instant stagedAt,
        @Nullable Instant sentAt,
        String outcome,
        String words,
        @Nullable Instant settledAt,
        List<OrderAnswer> answers,
        @Nullable Later later,
        List<Held> holds,
        boolean beside,
        State arrived) {

    /** How many orders are kept of one delivery, and how long a number or a code may be there. */
    private static final int MAX_HELD = 200;

    private static final int MAX_CHARACTERS = 200;

    public Sending {
        answers = List.copyOf(answers);
        holds = List.copyOf(holds);
    }

    /**
     * An application acknowledgement that came after the answer.
     *
     * @param entryId of it
     * @param code MSA-1
     * @param words for people
     * @param answers what it says of single orders: then these decide, and not MSA-1
     */
    public record Later(
            long entryId, Instant at, String code, String words, List<OrderAnswer> answers) {
        public Later {
            answers = List.copyOf(answers);
        }

        boolean isAcceptance() {
            return code.equals("AA");
        }

        /** The entry only: words may quote the message. */
        @Override
        public String toString() {
            return "Later[" + entryId + "]";
        }
    }

    /**
     * One order of a delivery.
     *
     * @param number ORC-2.1, RF1-6.1; may be empty
     * @param what OBR-4.1; empty of a referral, and of what is named by its number alone
     * @param sentAs OBR-4.1 as it leaves, in the receiver's code; empty where that is not known
     */
    public record Held(String number, String what, String sentAs) {

        /** The orders or the referral of a message that waits here, by their numbers. */
        static List<Held> of(byte[] message) {
            return OrderAnswer.named(message).stream()
                    .map(one -> new Held(one.number(), one.what(), ""))
                    .toList();
        }

        private boolean isOf(String itsNumber) {
            var entity = itsNumber.replaceFirst("\\^.*", "");
            return number.equals(
                    entity.length() <= MAX_CHARACTERS
                            ? entity
                            : entity.substring(0, MAX_CHARACTERS));
        }

        /** Without the number: it is a patient's order. */
        @Override
        public String toString() {
            return "Held[" + what + "]";
        }
    }

    /**
     * Those of a message's deliveries that are of one order ⚠: what became of the others says
     * nothing of it, nor does a copy.
     *
     * @param all of one message
     * @param number the placer's, with {@code ^} and its namespace where it has one
     * @param what OBR-4.1; may be empty
     */
    static List<Sending> of(List<Sending> all, String number, String what) {
        if (all.stream().allMatch(one -> one.holds.isEmpty() && !one.beside)) return all;
        var numbered = all.stream().filter(one -> one.holds(number, "") || one.isCut()).toList();
        var exact = numbered.stream().filter(one -> one.holds(number, what)).toList();
        // A laboratory's code may stand where the clinic's stood.
        return exact.isEmpty() ? numbered : exact;
    }

    /**
     * @param what empty for whatever it is
     */
    private boolean holds(String number, String what) {
        return holds.stream()
                .filter(one -> one.isOf(number))
                .anyMatch(
                        one ->
                                what.isEmpty()
                                        || one.what.isEmpty()
                                        || one.what.equalsIgnoreCase(what));
    }

    /** Whether it holds more orders than are kept. */
    private boolean isCut() {
        return holds.size() >= MAX_HELD;
    }

    /** Whether it waits, or waited, for a person to say who is to do it. */
    boolean isToPlace() {
        return destination.contains("/orders-to-place");
    }

    /** Whether a person decided that it is not sent. */
    boolean isDropped() {
        return isToPlace() && state.equals("skipped");
    }

    /** Whether it asks for what a report of its receiver is of, in the receiver's own code. */
    boolean asksFor(OrderedReport report) {
        return report.partner().equals(partner())
                && holds.stream()
                        .anyMatch(
                                one ->
                                        !one.sentAs.isEmpty()
                                                && one.isOf(report.placerNumber())
                                                && report.tests().stream()
                                                        .anyMatch(
                                                                test ->
                                                                        test.code()
                                                                                .equalsIgnoreCase(
                                                                                        one.sentAs)));
    }

    String partner() {
        return destination.substring(0, Math.max(0, destination.indexOf('/')));
    }

    /** When the partner's application rejected what had been delivered; null when it did not. */
    @Nullable Instant rejectedAt() {
        return later == null || later.isAcceptance() || !later.answers().isEmpty()
                ? null
                : later.at();
    }

    /** When it turned out that nothing comes of it; null while something may. */
    @Nullable Instant failedSince() {
        return isRefused() ? stagedAt : rejectedAt();
    }

    /** Why nothing comes of it, for people. */
    String failure() {
        return later == null || rejectedAt() == null ? words : later.words();
    }

    /** Whether it will not arrive without a person. */
    boolean isRefused() {
        return state.equals("skipped")
                || isToPlace()
                || isAside()
                || (!state.equals("accepted") && outcome.equals("refused"));
    }

    /** Whether it waits beside its destination, because it can't be made or an alert holds it. */
    private boolean isAside() {
        return state.equals("waiting") && destination.contains("~");
    }

    /** Why it will not arrive, for people. */
    String whyRefused() {
        if (isToPlace() && !isDropped())
            return isAside()
                    ? "an alert holds it; decide under Alerts"
                    : "nobody was found who does it; decide under Worklist, Orders and referrals to"
                            + " place";
        if (!isAside()) return words;
        return destination.endsWith("~held")
                ? "an alert holds it; decide under Alerts"
                : "its route can't make it of this message, or it waits behind such a one of the"
                        + " same patient; see Worklist, Deliveries that can't be made";
    }
}
