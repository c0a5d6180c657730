package org.chartbridge.loops;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.Source;
import org.chartbridge.partner.Turnaround.Hold;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * An order or a referral and how it stands.
 *
 * @param referral whether it is a referral, else an order
 * @param id of what its sender states of it
 * @param asker the partner who ordered or referred
 * @param performer the partner who is to do it; empty while nobody is known
 * @param number the placer's, else the filler's
 * @param ordered when, else when it was said or charted
 * @param due when it is to be done, where who ordered said so
 * @param since how long it stands so; null when nobody said when
 * @param why in the words of whoever hinders it; empty when there are none
 * @param expected until when an answer is expected; null when nothing is known
 * @param blocked why it does not leave, where it waits to be sent; null when nothing is known
 * @param closed that a person closed it; null when nobody did
 * @param steps in the order in which they happened
 */
public record Loop(
        boolean referral,
        long id,
        UUID person,
        String asker,
        String performer,
        String number,
        CodingView service,
        String priority,
        String clinician,
        Instant ordered,
        @Nullable Instant due,
        State state,
        @Nullable Instant since,
        String why,
        @Nullable Expected expected,
        Sending.@Nullable Blocked blocked,
        @Nullable ByHand closed,
        List<Step> steps) {

    public Loop {
        steps = List.copyOf(steps);
    }

    /**
     * One as its steps say that it stands, which nobody has closed.
     *
     * @param source who ordered or referred, and in which message
     * @param steps in any order
     */
    static Loop of(
            boolean referral,
            long id,
            UUID person,
            Source source,
            String performer,
            String number,
            CodingView service,
            String priority,
            String clinician,
            @Nullable Instant ordered,
            @Nullable Instant due,
            State state,
            String why,
            Sending.@Nullable Blocked blocked,
            List<Step> steps) {
        var sorted = steps.stream().sorted(Step.ORDER).toList();
        var said = source.saidAt() == null ? source.recordedAt() : source.saidAt();
        var first = sorted.isEmpty() ? null : sorted.getFirst().at();
        return new Loop(
                referral,
                id,
                person,
                source.partner(),
                performer,
                number,
                service,
                priority,
                clinician,
                ordered != null ? ordered : first != null && first.isBefore(said) ? first : said,
                due,
                state,
                since(sorted, state),
                why,
                null,
                blocked,
                null,
                sorted);
    }

    /** Since when it stands so: what is said again and again is not new each time. */
    private static @Nullable Instant since(List<Step> steps, State state) {
        Instant since = null;
        boolean same = false;
        for (var step : steps) {
            if (step.state() == null) continue;
            if (step.state() == state && !same) since = step.at();
            same = step.state() == state;
        }
        return since;
    }

    /**
     * Until when an answer is expected.
     *
     * @param because whose word that is
     * @param hold what it waits for, where its state has a clock of its own; null for the answer
     */
    public record Expected(Instant until, Duration within, String because, @Nullable Hold hold) {

        /** The clock, as the database spells it. */
        String clock() {
            return hold == null ? "" : hold.key();
        }
    }

    /** From when on an answer can be expected: what is to be done later is not late before. */
    Instant counts() {
        return due != null && due.isAfter(ordered) ? due : ordered;
    }

    public boolean isOverdue(Instant now) {
        return !state.isClosed() && expected != null && expected.until().isBefore(now);
    }

    /** As the chart says it, and FHIR: in the words of its orders or of its referrals. */
    String charted() {
        return referral ? referralState() : orderState();
    }

    /** Whether whoever ordered, or referred, holds it, and not the receiver. */
    boolean isHeldByAsker() {
        return state == State.HELD_BY_ASKER;
    }

    /** In the words of {@link org.chartbridge.chart.ReferralLoop#state}. */
    private String referralState() {
        return switch (state) {
            case FINAL, RESULT_MISSING -> "completed";
            case CANCELLED, NOT_SENT, STOPPED -> "cancelled";
            case REJECTED -> "rejected";
            case EXPIRED -> "expired";
            case PENDING -> "pending";
            case SPECIMEN_REJECTED,
                    AOE_MISSING,
                    ABN_REQUIRED,
                    PAYMENT,
                    ON_HOLD,
                    HELD_BY_ASKER,
                    TO_PLACE ->
                    "on-hold";
            // Whoever books, or goes on with what was cancelled, has taken it.
            case ACCEPTED, SCHEDULED, IN_PROCESS, PARTIAL, NO_SHOW, UNBOOKED, CHANGE_REFUSED ->
                    "accepted";
            case CLOSED -> closedState();
            default -> "requested";
        };
    }

    /** In the words of {@link org.chartbridge.chart.PlacedOrderView#state}. */
    private String orderState() {
        return switch (state) {
            case FINAL -> "resulted";
            case CANCELLED, NOT_SENT, STOPPED -> "cancelled";
            case REJECTED -> "refused";
            case SPECIMEN_REJECTED,
                    AOE_MISSING,
                    ABN_REQUIRED,
                    PAYMENT,
                    ON_HOLD,
                    HELD_BY_ASKER,
                    TO_PLACE ->
                    "on-hold";
            case RECOLLECT -> "recollect";
            case PARTIAL -> "in-progress";
            case RESULT_MISSING -> "completed";
            case CLOSED -> closedState();
            default -> "active";
        };
    }

    /** The same of what a person closed. */
    private String closedState() {
        return closed == null
                ? "cancelled"
                : switch (closed.why()) {
                    case ANSWERED -> "completed";
                    case MISTAKE -> "mistake";
                    case NO_SHOW, NOT_PERFORMED, OTHER -> "cancelled";
                };
    }

    /** Asked for at once (table 0485, 0280). */
    public boolean isUrgent() {
        return !urgency().isEmpty();
    }

    /** How urgent it is, for people: at once, or as soon as possible; empty of what is not. */
    public String urgency() {
        return switch (priority) {
            case "S", "STAT" -> "STAT";
            case "A", "ASAP" -> "ASAP";
            default -> "";
        };
    }

    /** The same with until when an answer is expected. */
    Loop expecting(@Nullable Expected until) {
        return with(state, since, why, until, closed, steps);
    }

    /** The same with other steps. */
    Loop with(List<Step> others) {
        return with(state, since, why, expected, closed, others);
    }

    /** The same, closed by a person if that holds. */
    Loop closed(ByHand by, List<Step> others) {
        return by.holds()
                ? with(State.CLOSED, by.at(), by.reason(), null, by, others)
                : with(state, since, why, expected, by, others);
    }

    private Loop with(
            State itsState,
            @Nullable Instant from,
            String because,
            @Nullable Expected until,
            @Nullable ByHand by,
            List<Step> others) {
        return new Loop(
                referral, id, person, asker, performer, number, service, priority, clinician,
                ordered, due, itsState, from, because, until, blocked, by, others);
    }

    /** What it is told apart by, also after the chart was built anew. */
    public String key() {
        return String.join(
                "|",
                referral ? "referral" : "order",
                asker,
                number,
                service.code().isEmpty() ? service.text() : service.code());
    }

    /**
     * The worst first: overdue and to be acted on, to be acted on, overdue, the rest; among these
     * what is urgent, what was expected first, what is oldest.
     */
    public static Comparator<Loop> worstFirst(Instant now) {
        return Comparator.comparingInt((Loop loop) -> loop.rank(now))
                .thenComparing(loop -> !loop.isUrgent())
                .thenComparing(
                        loop -> loop.expected == null ? null : loop.expected.until(),
                        Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(Loop::ordered)
                .thenComparing(Loop::key);
    }

    private int rank(Instant now) {
        if (state.isClosed()) return 4;
        if (state.mustAct()) return isOverdue(now) ? 0 : 1;
        return isOverdue(now) ? 2 : 3;
    }

    /** The id only. */
    @Override
    public String toString() {
        return "Loop[" + id + "]";
    }
}
