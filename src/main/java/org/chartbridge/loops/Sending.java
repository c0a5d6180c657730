package org.chartbridge.loops;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.OrderedReport;
import org.chartbridge.mapping.OrderAnswer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A delivery of orders or a referral.
 *
 * @param entryId the message that was sent on
 * @param destination {@code partner/queue}
 * @param state of the delivery: waiting, accepted, confirmed or skipped
 * @param sentAt when it left first; null when it never did
 * @param outcome of the last attempt; empty when there is none yet
 * @param words the outcome for people; of what waits to be placed, why it does; of what a person
 *     said is there, who said so and why
 * @param settledAt when it was accepted, confirmed or skipped; null while it waits
 * @param answers what the answer itself says, where it was more than an acknowledgement (ORR, RRI)
 * @param said what the partner's application said of it after the answer, first to last
 * @param holds the orders, or the referral, that it was chosen for; empty of a copy, and of what
 *     was sent before that was kept
 * @param left the orders of it as they left, where a report may ask for that; of a copy, all of its
 *     message
 * @param beside whether its message waits, or waited, to be placed: what nothing was chosen for is
 *     a copy then
 * @param arrived how far it is once it is accepted: a folder acknowledges nothing
 * @param blocked why nothing leaves its destination, while it waits there; null when all is well
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
        List<Later> said,
        List<Held> holds,
        List<Held> left,
        boolean beside,
        State arrived,
        @Nullable Blocked blocked) {

    /** How many orders are kept of one delivery, and how long a number or a code may be there. */
    private static final int MAX_HELD = 200;

    private static final int MAX_CHARACTERS = 200;

    public Sending {
        answers = List.copyOf(answers);
        said = List.copyOf(said);
        holds = List.copyOf(holds);
        left = List.copyOf(left);
    }

    /**
     * Why nothing leaves a destination.
     *
     * @param paused whether until a person decides; else it is tried on
     * @param why for people: who paused it and why, or what became of the last attempt
     * @param since when it was paused, or something was last delivered; null when nothing was
     * @param behind whether something else waits before it
     */
    public record Blocked(
            String destination,
            boolean paused,
            String why,
            @Nullable Instant since,
            boolean behind) {

        /** For people, with what helps. */
        String words() {
            var where =
                    behind ? "it waits in " + destination + " behind others: " : destination + ": ";
            return where
                    + (!paused
                            ? why + "; it is tried on, and leaves by itself when that is mended"
                            : (why.startsWith("paused by ") ? why : "paused, " + why)
                                    + "; decide there (Deliveries)");
        }
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

        /**
         * These orders with the codes in which they left: of several tests under one number the
         * first is the first that left. Where these are not as many, nothing says which is which,
         * and they stay as they are.
         *
         * @param message as it left
         */
        static List<Held> leaving(List<Held> ordered, byte[] message) {
            var there = of(message);
            var all = new ArrayList<Held>();
            for (var one : ordered) {
                var same = ordered.stream().filter(its -> its.isOf(one.number)).toList();
                var left = there.stream().filter(its -> its.isOf(one.number)).toList();
                long before = all.stream().filter(its -> its.isOf(one.number)).count();
                all.add(
                        same.size() == left.size()
                                ? new Held(one.number, one.what, left.get((int) before).what)
                                : one);
            }
            return all;
        }

        private boolean isOf(String itsNumber) {
            var entity = itsNumber.replaceFirst("\\^.*", "");
            return number.equals(
                    entity.length() <= MAX_CHARACTERS
                            ? entity
                            : entity.substring(0, MAX_CHARACTERS));
        }

        private boolean leftAs(List<CodingView> tests) {
            return !sentAs.isEmpty()
                    && tests.stream().anyMatch(test -> test.code().equalsIgnoreCase(sentAs));
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

    /** Whether it waits for somebody to be found who does it, and not because of an alert. */
    boolean waitsToBePlaced() {
        return isToPlace() && !isAside() && state.equals("waiting");
    }

    /** The same, with why it waits. */
    Sending because(String why) {
        return with(why, said);
    }

    /** The same, with what was said of it later, first to last. */
    Sending heard(List<Later> all) {
        return with(words, all);
    }

    private Sending with(String itsWords, List<Later> all) {
        return new Sending(
                id,
                entryId,
                destination,
                state,
                stagedAt,
                sentAt,
                outcome,
                itsWords,
                settledAt,
                answers,
                all,
                holds,
                left,
                beside,
                arrived,
                blocked);
    }

    /** Whether a person decided that it is not sent. */
    boolean isDropped() {
        return isToPlace() && state.equals("skipped");
    }

    /**
     * Whether it asks for what a report of its receiver is of, in the receiver's own code. ⚠ Of
     * several tests under one number each left in a code of its own.
     *
     * @param number the placer's, of the order that the report may answer
     * @param codes what was ordered, OBR-4.1
     */
    boolean asksFor(OrderedReport report, String number, Set<String> codes) {
        return asksFor(report.partner(), report.tests(), number, codes);
    }

    /**
     * The same of what else its receiver says.
     *
     * @param tests what it says that of
     */
    boolean asksFor(String who, List<CodingView> tests, String number, Set<String> codes) {
        if (!who.equals(partner())) return false;
        var numbered = left.stream().filter(one -> one.isOf(number)).toList();
        return numbered.stream()
                .filter(
                        one ->
                                one.what.isEmpty()
                                        ? numbered.size() == 1
                                        : codes.stream().anyMatch(one.what::equalsIgnoreCase))
                .anyMatch(one -> one.leftAs(tests));
    }

    String partner() {
        return destination.substring(0, Math.max(0, destination.indexOf('/')));
    }

    /** What the partner's application said last; null for nothing. */
    @Nullable Later later() {
        return said.isEmpty() ? null : said.getLast();
    }

    /** When the partner's application rejected what had been delivered; null when it did not. */
    @Nullable Instant rejectedAt() {
        var later = later();
        return later == null
                        || later.isAcceptance()
                        || !later.answers().isEmpty()
                        || isOvertaken(later.at())
                ? null
                : later.at();
    }

    /** Whether a person here said that the receiver has it. */
    boolean isConfirmed() {
        return state.equals("confirmed");
    }

    /** Whether a person said after that that the receiver has it. */
    private boolean isOvertaken(Instant at) {
        return isConfirmed() && settledAt != null && at.isBefore(settledAt);
    }

    /** Whether whoever was to get it may know of it. */
    boolean mayBeKnown() {
        return isConfirmed()
                || (sentAt != null && !outcome.equals("refused") && rejectedAt() == null);
    }

    /** When it turned out that nothing comes of it; null while something may. */
    @Nullable Instant failedSince() {
        return isRefused() ? stagedAt : rejectedAt();
    }

    /** Why nothing comes of it, for people. */
    String failure() {
        var later = later();
        return later == null || rejectedAt() == null ? words : later.words();
    }

    /** Whether it will not arrive without a person. */
    boolean isRefused() {
        return state.equals("skipped")
                || isToPlace()
                || isAside()
                || (state.equals("waiting") && outcome.equals("refused"));
    }

    /** Whether it waits beside its destination, because it can't be made or an alert holds it. */
    private boolean isAside() {
        return state.equals("waiting") && destination.contains("~");
    }

    /** Whether it was on its way, and nobody knows what became of it. */
    private boolean mayHaveArrived() {
        return sentAt != null && (outcome.isEmpty() || outcome.equals("unknown"));
    }

    /** Why it will not arrive, for people. */
    String whyRefused() {
        if (waitsToBePlaced())
            return (words.isEmpty() ? "it is still to be placed" : words)
                    + " (Worklist, Orders and referrals to place)";
        if (!isAside()) return words;
        // ⚠ Whoever reads that nothing left must not believe it where nobody knows.
        if (destination.endsWith("~held") && mayHaveArrived())
            return "it may have arrived, and an alert holds it; ask whoever was to get it, then"
                    + " decide under Alerts";
        return destination.endsWith("~held")
                ? "an alert holds it; decide under Alerts"
                : "its route can't make it of this message, or it waits behind such a one of the"
                        + " same patient; see Worklist, Deliveries that can't be made";
    }
}
