package org.chartbridge.loops;

import org.chartbridge.chart.OpenCare;
import org.chartbridge.chart.OrderLoop;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.chart.WatchedCare;
import org.chartbridge.loops.Loop.Expected;
import org.chartbridge.loops.Turnarounds.Usual;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.Turnaround;
import org.chartbridge.partner.Turnaround.Hold;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Orders and referrals of patients, each with its steps, as they stand now. */
@Service
public class OpenLoops {
    /** Patients whose care is in memory at a time. */
    static final int SLICE = 100;

    private final OpenCare care;
    private final LoopStore store;
    private final Turnarounds turnarounds;
    private final ObjectProvider<RoutesOverview> routes;

    OpenLoops(
            OpenCare care,
            LoopStore store,
            Turnarounds turnarounds,
            ObjectProvider<RoutesOverview> routes) {
        this.care = care;
        this.store = store;
        this.turnarounds = turnarounds;
        this.routes = routes;
    }

    /** Patients who may have something open, the worst and the newest first. */
    List<UUID> patients(Instant since, int most) {
        return care.patients(since, most);
    }

    /**
     * Gives what is open of these patients, a slice of them after another.
     *
     * @param since leaves out what was ordered before
     * @param taking gets each without its steps, which would fill the memory
     */
    void each(List<UUID> patients, Instant since, Consumer<Loop> taking) {
        var times = times();
        for (int from = 0; from < patients.size(); from += SLICE) {
            var slice = patients.subList(from, Math.min(from + SLICE, patients.size()));
            for (var loop : loops(care.care(slice), times))
                if (!loop.state().isClosed() && !loop.ordered().isBefore(since))
                    taking.accept(loop.with(List.of()));
        }
    }

    /** What people closed last, as far as that holds, the last first. */
    public List<Loop> closedByHand(int most) {
        return loops(care.care(store.closedLately(most))).stream()
                .filter(loop -> loop.state() == State.CLOSED)
                .sorted(Comparator.comparing(Loop::since, Comparator.reverseOrder()))
                .limit(most)
                .toList();
    }

    /** All orders and referrals of a patient, whether they are open or not. */
    public List<Loop> of(UUID person) {
        return loops(care.care(List.of(person)));
    }

    /**
     * How the orders and referrals of a patient stand: one state for all pages, for FHIR and for
     * whoever else asks.
     *
     * @param orders by id, in the words of {@link PlacedOrderView#state}
     * @param referrals by id, in the words of {@link ReferralLoop#state}
     * @param ordersHeld those orders that whoever ordered holds, by id
     * @param referralsHeld the same of referrals
     */
    public record Charted(
            Map<Long, String> orders,
            Map<Long, String> referrals,
            Set<Long> ordersHeld,
            Set<Long> referralsHeld) {
        /** Of whom nothing is followed. */
        public static final Charted NONE = new Charted(Map.of(), Map.of(), Set.of(), Set.of());

        public Charted {
            orders = Map.copyOf(orders);
            referrals = Map.copyOf(referrals);
            ordersHeld = Set.copyOf(ordersHeld);
            referralsHeld = Set.copyOf(referralsHeld);
        }
    }

    /** How they stand, whoever states them. */
    public Charted charted(UUID person) {
        var all = joined(List.of(person));
        var others = new HashMap<Long, List<Long>>();
        for (var one : all)
            for (var loop : one.orders())
                others.put(
                        loop.order().id(),
                        loop.others().stream().map(PlacedOrderView::id).toList());
        var orders = new HashMap<Long, String>();
        var referrals = new HashMap<Long, String>();
        var ordersHeld = new HashSet<Long>();
        var referralsHeld = new HashSet<Long>();
        for (var loop : loops(all)) {
            if (loop.isHeldByAsker()) (loop.referral() ? referralsHeld : ordersHeld).add(loop.id());
            var state = loop.charted();
            (loop.referral() ? referrals : orders).put(loop.id(), state);
            if (!loop.referral())
                for (var other : others.getOrDefault(loop.id(), List.of()))
                    orders.putIfAbsent(other, state);
        }
        return new Charted(orders, referrals, ordersHeld, referralsHeld);
    }

    /**
     * Reports of these patients, by series, that name a test only in the code in which the order
     * was sent to their partner, each with the order by id that it belongs to.
     */
    public Map<Long, Long> reportsAsSent(Collection<UUID> persons) {
        var all = care.care(List.copyOf(Set.copyOf(persons)));
        if (all.stream().noneMatch(OpenLoops::maySayMore)) return Map.of();
        var sendings = sendings(all);
        var reports = new HashMap<Long, Long>();
        for (var one : all) reports.putAll(Following.asSent(one, sendings));
        return reports;
    }

    /**
     * What fillers say of orders of these patients in the code in which they were sent, by id, each
     * with the order by id that it is about.
     */
    public Map<Long, Long> answersAsSent(Collection<UUID> persons) {
        var all = care.care(List.copyOf(Set.copyOf(persons)));
        if (all.stream().noneMatch(OpenLoops::mayAnswer)) return Map.of();
        var sendings = sendings(all);
        var answers = new HashMap<Long, Long>();
        for (var one : all)
            AnswersAsSent.of(one, sendings)
                    .forEach(
                            (order, its) -> {
                                for (var answer : its)
                                    for (var said : FollowedOrder.statements(answer))
                                        answers.put(said.id(), order);
                            });
        return answers;
    }

    private static boolean mayAnswer(WatchedCare one) {
        return one.orders().stream().anyMatch(OrderLoop::isAnswer);
    }

    /** What is known of patients, answers in the code that was sent with their orders. */
    private List<WatchedCare> joined(List<UUID> persons) {
        var all = care.care(persons);
        if (all.stream().noneMatch(OpenLoops::mayAnswer)) return all;
        var sendings = sendings(all);
        return all.stream().map(one -> AnswersAsSent.joined(one, sendings)).toList();
    }

    /** Whether a report may belong to an order by what was sent, or answered, alone. */
    private static boolean maySayMore(WatchedCare one) {
        return one.orders().stream().anyMatch(loop -> !loop.otherTests().isEmpty())
                || (!one.orders().isEmpty()
                        && one.reports().stream()
                                .anyMatch(report -> report.placerNumber().isEmpty()));
    }

    /** The loop that an order belongs to, as anybody states it, with who has seen its result. */
    public Optional<Loop> order(long id) {
        return care.patientOfOrder(id).flatMap(person -> one(person, false, id));
    }

    /** The same of a referral. */
    public Optional<Loop> referral(long id) {
        return care.patientOfReferral(id).flatMap(person -> one(person, true, id));
    }

    private Optional<Loop> one(UUID person, boolean referral, long id) {
        var all = joined(List.of(person));
        var main =
                all.stream()
                        .map(of -> referral ? mainReferral(of, id) : mainOrder(of, id))
                        .findFirst()
                        .orElse(id);
        return loops(all).stream()
                .filter(loop -> loop.referral() == referral && loop.id() == main)
                .findFirst()
                .map(this::withLooks);
    }

    private static long mainOrder(WatchedCare care, long id) {
        for (var loop : care.orders())
            if (loop.others().stream().anyMatch(one -> one.id() == id)) return loop.order().id();
        return id;
    }

    private static long mainReferral(WatchedCare care, long id) {
        for (var loop : care.referrals())
            if (loop.answers().stream().anyMatch(one -> one.id() == id))
                return loop.referral().id();
        return id;
    }

    private Loop withLooks(Loop loop) {
        var results =
                loop.steps().stream()
                        .filter(
                                step ->
                                        step.state() == State.FINAL
                                                || step.state() == State.PARTIAL)
                        .toList();
        if (results.isEmpty()) return loop;
        var since = charted(results);
        if (since == null) return loop;
        var steps = new ArrayList<>(loop.steps());
        for (var look :
                store.looks(loop.person(), results.stream().map(Step::entryId).toList(), since)) {
            steps.add(
                    Step.of(
                            look.at(),
                            null,
                            null,
                            look.entryId() == 0
                                    ? "Seen: opened the chart"
                                    : "Seen: opened the message",
                            look.account(),
                            look.entryId(),
                            ""));
        }
        // One message may state reports of several orders: only those of this one are signed by it.
        for (var one :
                store.signatures(loop.person(), results.stream().map(Step::entryId).toList()))
            if (results.stream()
                    .anyMatch(
                            step ->
                                    step.entryId() == one.entryId()
                                            && step.path().equals(one.path())))
                steps.add(
                        Step.of(
                                one.at(),
                                null,
                                null,
                                "Signed",
                                one.account(),
                                one.entryId(),
                                one.path()));
        return loop.with(steps);
    }

    private static @Nullable Instant charted(List<Step> results) {
        return results.stream()
                .map(Step::chartedAt)
                .filter(java.util.Objects::nonNull)
                .min(java.util.Comparator.naturalOrder())
                .orElse(null);
    }

    /** How long partners say they take, and how long they took. */
    private record Times(Map<String, Turnaround> said, Map<String, Usual> usual) {}

    private Times times() {
        return new Times(said(), turnarounds.usual());
    }

    private List<Loop> loops(Collection<WatchedCare> all) {
        return loops(all, times());
    }

    private Map<Long, List<Sending>> sendings(Collection<WatchedCare> all) {
        return store.sendings(Following.entries(all), Following.reported(all));
    }

    private List<Loop> loops(Collection<WatchedCare> all, Times times) {
        var sendings = sendings(all);
        var loops = new ArrayList<Loop>();
        for (var one : all)
            for (var loop : Following.of(one, sendings))
                loops.add(loop.expecting(expected(loop, times.said, times.usual)));
        var closings = store.closings(loops);
        return loops.stream().map(loop -> ByHand.of(loop, closings)).toList();
    }

    /** What partners say of themselves; none while routes are not loaded. */
    private Map<String, Turnaround> said() {
        var all = new HashMap<String, Turnaround>();
        var overview = routes.getIfAvailable();
        if (overview != null)
            for (var state : overview.partners())
                all.put(state.partner().folder(), state.partner().expect());
        return all;
    }

    static @Nullable Expected expected(
            Loop loop, Map<String, Turnaround> said, Map<String, Usual> usual) {
        var hold = loop.state().hold();
        if (hold != null) return held(loop, hold, said);
        // Of an order that was sent to nobody from here, the asker may say what it expects.
        for (var partner : List.of(loop.performer(), loop.asker())) {
            var expect = said.getOrDefault(partner, Turnaround.UNKNOWN).of(loop.service().code());
            if (expect.isPresent()) return within(loop, expect.get(), "partner.yaml of " + partner);
        }
        var learned = learned(loop.performer(), loop.service().code(), usual);
        if (learned == null) return null;
        return within(loop, learned.atMost(), "%d like it, answered".formatted(learned.answered()));
    }

    /** Of an order that nobody is known to do, where only one partner ever did such. */
    private static @Nullable Usual learned(
            String performer, String code, Map<String, Usual> usual) {
        if (code.isEmpty()) return null;
        if (!performer.isEmpty()) return usual.get(Turnarounds.key(performer, code));
        var any =
                usual.entrySet().stream()
                        .filter(one -> one.getKey().endsWith(Turnarounds.key("", code)))
                        .map(Map.Entry::getValue)
                        .limit(2)
                        .toList();
        return any.size() == 1 ? any.getFirst() : null;
    }

    private static Expected within(Loop loop, Duration time, String because) {
        return new Expected(loop.counts().plus(time), time, because, null);
    }

    /** From when it stands so, by the limit of who does it, else of who asked, else the usual. */
    private static Expected held(Loop loop, Hold hold, Map<String, Turnaround> said) {
        var from = loop.since() == null ? loop.ordered() : loop.since();
        for (var partner : List.of(loop.performer(), loop.asker())) {
            var limit = said.getOrDefault(partner, Turnaround.UNKNOWN).of(hold);
            if (limit.isPresent())
                return new Expected(
                        from.plus(limit.get()),
                        limit.get(),
                        "holds of partner.yaml of " + partner,
                        hold);
        }
        return new Expected(
                from.plus(hold.usual()), hold.usual(), "the usual limit of " + hold.key(), hold);
    }
}
