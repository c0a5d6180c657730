package org.chartbridge.loops;

import org.chartbridge.chart.GivenNumber;
import org.chartbridge.chart.ItemWord;
import org.chartbridge.chart.NamingOrders;
import org.chartbridge.chart.OneNumber;
import org.chartbridge.chart.OrderLoop;
import org.chartbridge.chart.OrderedReport;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.mapping.OrderAnswer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** One order with every word, delivery and report of it, and how it stands by them. */
final class FollowedOrder {
    private final Known known;
    private final OrderLoop loop;
    private final PlacedOrderView main;
    private final List<PlacedOrderView> all;
    private final Set<String> sentTo;
    private final Set<String> again;
    private final List<Step> steps = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();
    private final List<Sending> own = new ArrayList<>();
    private final List<Sending> placings = new ArrayList<>();
    private final List<OrderedReport> reports = new ArrayList<>();
    private final List<OrderedReport> asSent = new ArrayList<>();
    private final Loop stands;

    /**
     * @param again words that change nothing, by {@link OrderWords#name}
     */
    private FollowedOrder(Known known, OrderLoop loop, Set<String> again) {
        this.known = known;
        this.loop = loop;
        this.main = loop.order();
        this.all = statements(loop);
        this.sentTo = sentTo();
        this.again = again;
        this.stands = follow();
    }

    static FollowedOrder of(Known known, OrderLoop loop) {
        var again = again(known, loop);
        var order = new FollowedOrder(known, loop, again);
        // What is over may be ordered anew under its number.
        return again.isEmpty() || order.stands.state() != State.CANCELLED
                ? order
                : new FollowedOrder(known, loop, Set.of());
    }

    Loop loop() {
        return stands;
    }

    /** Reports that name its test only in the code in which it was sent. */
    List<OrderedReport> asSent() {
        return List.copyOf(asSent);
    }

    /** All that is said of an order, as its asker states it first. */
    static List<PlacedOrderView> statements(OrderLoop loop) {
        var all = new ArrayList<PlacedOrderView>(List.of(loop.order()));
        all.addAll(loop.others());
        return all;
    }

    /**
     * The words by which something is ordered once more under the number of what was sent, or by
     * which that is changed to another test, and which wait for a person, or are not sent as a
     * person decided ⚠. They change nothing of what somebody has and works on.
     */
    private static Set<String> again(Known known, OrderLoop loop) {
        var main = loop.order();
        var waiting = new HashSet<String>();
        boolean left = false;
        for (var one : statements(loop)) {
            if (!one.source().partner().equals(main.source().partner())) continue;
            for (var word : known.of(one)) {
                boolean another =
                        word.control().equals("XO") && !word.service().isOfTest(main.service());
                if (!another
                        && !word.control().isEmpty()
                        && !Standing.PLACES.contains(word.control())) continue;
                var sent = known.sendings().of(word, one);
                if (sent.stream().anyMatch(its -> !its.isToPlace())) left = true;
                else if (!sent.isEmpty()) waiting.add(OrderWords.name(word));
            }
        }
        return left ? waiting : Set.of();
    }

    /** What its asker says of it. */
    static List<PlacedOrderView> ofAsker(OrderLoop loop) {
        return statements(loop).stream()
                .filter(one -> one.source().partner().equals(loop.order().source().partner()))
                .toList();
    }

    /** What was asked for, OBR-4.1. */
    static Set<String> codes(OrderLoop loop) {
        return ofAsker(loop).stream().map(one -> one.service().code()).collect(Collectors.toSet());
    }

    private Loop follow() {
        hear();
        // What its filler added: nobody sent it there, and it is the filler's to end.
        boolean added = all.stream().anyMatch(one -> GivenNumber.is(one.placerNumber()));
        if (added) {
            var to = addedTo();
            steps.replaceAll(step -> ofAdded(step, to));
        }
        var since = Replies.orderedAgain(placings);
        report(since);
        var naming = Replies.since(since, naming());
        var standing = Standing.of(said);
        var far = new HowFar(own);
        var state = state(standing, far, naming, added);
        return Loop.of(
                false,
                main.id(),
                known.care().person(),
                main.source(),
                performer(far),
                main.placerNumber().isEmpty() ? main.fillerNumber() : main.placerNumber(),
                main.service(),
                main.priority(),
                main.clinician(),
                main.ordered(),
                main.due(),
                state,
                why(state, far, standing),
                far.blocked(state),
                steps);
    }

    /** Every word and its deliveries, as steps and as what they say. */
    private void hear() {
        var words = known.words();
        var deliveries = new SentSteps(steps, said);
        var told = new HashSet<String>();
        for (var one : all) {
            // ⚠ Whoever it was not sent to decides nothing about it, also with its number.
            boolean foreign =
                    Sendings.isForeign(one.source().partner(), main.source().partner(), sentTo);
            var its = known.of(one);
            boolean onlyPlaced =
                    its.stream().allMatch(word -> Standing.PLACES.contains(word.control()));
            for (var word : its) {
                // By number and by number and test, one word may be of two.
                if (!told.add(OrderWords.name(word))) continue;
                var sent = known.sendings().of(word, one);
                if (!foreign && isAgain(word)) {
                    steps.add(words.again(word));
                    for (var each : sent) if (each.isToPlace()) deliveries.toPlace(each);
                    continue;
                }
                steps.add(foreign ? words.foreign(word) : words.step(word));
                if (foreign) continue;
                // ⚠ That others are told of it sends no order.
                boolean copy = words.isFiller(word);
                deliveries.add(word, sent, answer -> !copy && isOf(answer, sent));
                if (copy) continue;
                own.addAll(sent);
                if (word.control().isEmpty() || Standing.PLACES.contains(word.control()))
                    placings.addAll(sent);
            }
            if (!foreign)
                for (var word : its) if (!isAgain(word)) said.add(words.said(word, onlyPlaced));
        }
    }

    private boolean isAgain(ItemWord word) {
        return again.contains(OrderWords.name(word));
    }

    /**
     * @param since when it was ordered again; null when it was not
     */
    private void report(@Nullable Instant since) {
        for (var report : allReports()) {
            boolean counts = known.replies().isSince(report, since);
            known.replies().reportSteps(report, counts ? "" : Replies.OF_THE_FIRST, steps);
            if (counts) reports.add(report);
            if (!loop.reports().contains(report)) asSent.add(report);
        }
    }

    private List<NamingOrders> naming() {
        // What a filler alone speaks of, nobody has asked for.
        boolean asked = known.of(main).stream().anyMatch(word -> !known.words().isFiller(word));
        var asker = asked ? main.source().partner() : "";
        return known.replies()
                .naming(
                        all.stream().map(PlacedOrderView::placerNumber).toList(),
                        who -> !who.equals(asker),
                        said,
                        steps);
    }

    private String performer(HowFar far) {
        var filler = said.stream().filter(Said::filler).map(Said::partner).findFirst();
        return far.partner()
                .or(() -> filler)
                .or(() -> reports.stream().map(OrderedReport::partner).findFirst())
                .orElse("");
    }

    private String why(State state, HowFar far, Standing standing) {
        var notDone = state == State.RECOLLECT || state == State.RESULT_MISSING ? whyNotDone() : "";
        return notDone.isEmpty() ? far.why(state, standing.standing()) : notDone;
    }

    /** Why there is no value, in the laboratories' words. */
    private String whyNotDone() {
        return reports.stream()
                .filter(report -> report.isFinal() && !report.performed())
                .map(OrderedReport::why)
                .filter(words -> !words.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /**
     * What is reported under its number by whom it was sent to, in the code that it was sent in.
     */
    private List<OrderedReport> allReports() {
        var counting = new ArrayList<>(loop.reports());
        var others = new ArrayList<>(loop.otherTests());
        var codes = codes(loop);
        others.removeIf(
                report ->
                        own.stream()
                                .noneMatch(
                                        sent -> sent.asksFor(report, main.placerNumber(), codes)));
        counting.addAll(others);
        for (var report : known.care().reports())
            if (!counting.contains(report) && isUnderGivenNumber(report)) counting.add(report);
        return counting;
    }

    /**
     * Whether a report comes under the laboratory's number alone, and the answer to a delivery
     * (ORR, ORL, ORG) gave that number to this order. ⚠ Where it gave it to several, the test has
     * to agree.
     */
    private boolean isUnderGivenNumber(OrderedReport report) {
        if (!report.placerNumber().isEmpty()) return false;
        var given = new ArrayList<OrderAnswer>();
        for (var one : own)
            if (one.partner().equals(report.partner())) {
                given.addAll(one.answers());
                for (var later : one.said()) given.addAll(later.answers());
            }
        given.removeIf(answer -> !OneNumber.isOne(answer.filler(), report.number()));
        var ours = given.stream().filter(one -> !one.number().isEmpty() && isOf(one, own)).toList();
        if (ours.isEmpty()) return false;
        return ours.size() == given.size()
                || ours.stream()
                        .flatMap(one -> one.tests().stream())
                        .anyMatch(test -> report.tests().stream().anyMatch(test::isOfTest));
    }

    private State state(Standing standing, HowFar far, List<NamingOrders> naming, boolean added) {
        boolean hasFinal = reports.stream().anyMatch(OrderedReport::isFinal);
        boolean performed = reports.stream().anyMatch(r -> r.isFinal() && r.performed());
        var asked = standing.asked();
        if (asked != null && standing.isCancelled()) {
            boolean unheard = (added && own.isEmpty()) || far.isUnheard(asked, said);
            if (!unheard) return State.CANCELLED;
            return performed || Replies.isDocumented(naming) ? State.FINAL : far.unheard();
        }
        var word = standing.standing();
        var told = word == null ? "active" : word.state();
        if (word != null && told.equals("cancelled")) {
            boolean wanted =
                    Standing.AS_ASKED.contains(word.control())
                            || said.stream()
                                    .anyMatch(
                                            one ->
                                                    !one.filler()
                                                            && one.state().equals("cancelled"));
            if (wanted) return State.CANCELLED;
            return State.ofHindrance(word.hindrance(), added ? State.CANCELLED : State.STOPPED);
        }
        boolean refused = told.equals("refused");
        boolean refusesChange = word != null && word.equals(standing.refusal());
        // ⚠ Why it is not done may come as a letter: that is no result.
        if (performed || (Replies.isDocumented(naming) && !refused)) return State.FINAL;
        if (hasFinal) {
            if (word != null && word.hindrance().equals("specimen")) return State.SPECIMEN_REJECTED;
            return reports.stream().anyMatch(one -> one.valued() || one.isTakenOff())
                    ? State.RECOLLECT
                    : State.RESULT_MISSING;
        }
        if (refusesChange) return State.CHANGE_REFUSED;
        if (refused && word != null) return State.ofHindrance(word.hindrance(), State.REJECTED);
        if (word != null && !word.hindrance().isEmpty() && !Standing.isRefusal(word.control()))
            return State.ofHindrance(word.hindrance(), State.ON_HOLD);
        if (told.equals("on-hold")) return State.ON_HOLD;
        if (standing.isHeldByPlacer()) return State.HELD_BY_ASKER;
        if (reports.stream().anyMatch(one -> !one.isStatusOnly())
                || naming.stream().anyMatch(NamingOrders::isUnfinished)) return State.PARTIAL;
        if (told.equals("completed")) return State.RESULT_MISSING;
        var booked = Replies.appointment(naming);
        if (booked != null && booked != State.SCHEDULED) return booked;
        return furthest(far, booked);
    }

    /** How far an order has come that nothing hinders. */
    private State furthest(HowFar sent, @Nullable State booked) {
        var refused = sent.refusedSince();
        var state = sent.state();
        for (var one : Standing.undisturbed(said)) {
            // ⚠ What was accepted before says nothing of a change that was not delivered.
            if (refused != null && (one.at() == null || !one.at().isAfter(refused))) continue;
            var far = OrderWords.accepted(one.control(), one.status());
            if (far != null && far.compareTo(state) > 0) state = far;
        }
        for (var one : reports) {
            var far = OrderWords.reported(one.status());
            if (far != null && far.compareTo(state) > 0 && known.replies().isSince(one, refused))
                state = far;
        }
        return booked != null && booked.compareTo(state) > 0 ? booked : state;
    }

    /** A step of an order that its filler added. */
    private static Step ofAdded(Step step, String to) {
        boolean adds = step.words().contains("ORC-1 SN");
        return new Step(
                step.at(),
                step.chartedAt(),
                step.state() == State.STOPPED ? State.CANCELLED : step.state(),
                adds
                        ? "Added by the filler" + (to.isEmpty() ? "" : " to " + to) + " (ORC-1 SN)"
                        : step.words(),
                step.who(),
                step.entryId(),
                step.path(),
                step.deliveryId(),
                step.destination());
    }

    /**
     * Its parents (ORC-8, OBR-29), else the orders of the same accession, else of the same specimen
     * (SPM-2); empty for none.
     */
    private String addedTo() {
        var parents = new LinkedHashSet<String>();
        for (var one : all) parents.addAll(one.supporting().parents());
        if (parents.isEmpty()) beside(FollowedOrder::isOfAccession, parents);
        if (parents.isEmpty()) beside(PlacedOrderView::isOfSpecimenOf, parents);
        return String.join(", ", parents);
    }

    private static boolean isOfAccession(PlacedOrderView one, PlacedOrderView other) {
        return !one.fillerNumber().isEmpty()
                && one.fillerNumber().equals(other.fillerNumber())
                && one.source().partner().equals(other.source().partner());
    }

    private void beside(BiPredicate<PlacedOrderView, PlacedOrderView> belong, Set<String> numbers) {
        for (var each : known.care().orders()) {
            if (each.order().id() == main.id()) continue;
            for (var other : statements(each))
                for (var one : all)
                    if (belong.test(one, other))
                        numbers.add(
                                each.order().placerNumber().isEmpty()
                                        ? other.fillerNumber()
                                        : each.order().placerNumber());
        }
    }

    /** To whom it was sent from here; nobody when it goes some other way. */
    private Set<String> sentTo() {
        var partners = new LinkedHashSet<String>();
        for (var one : all) {
            if (!one.source().partner().equals(main.source().partner())) continue;
            for (var word : known.of(one))
                for (var sent : known.sendings().of(word, one))
                    if (!sent.isToPlace()) partners.add(sent.partner());
        }
        return partners;
    }

    /**
     * Of several tests under one number an answer is about the one that it names, else about the
     * one that left in its code.
     */
    private boolean isOf(OrderAnswer answer, List<Sending> sent) {
        if (answer.number().isEmpty()) return true;
        if (!OneNumber.isOne(answer.number(), main.placerNumber())) return false;
        if (answer.tests().isEmpty() || all.stream().anyMatch(one -> isNamed(answer, one)))
            return true;
        var others =
                known.care().orders().stream()
                        .filter(one -> one.order().id() != main.id())
                        .filter(one -> OneNumber.isOne(answer.number(), one.order().placerNumber()))
                        .flatMap(one -> statements(one).stream())
                        .toList();
        if (others.isEmpty()) return true;
        var codes = codes(loop);
        return others.stream().noneMatch(one -> isNamed(answer, one))
                && sent.stream()
                        .anyMatch(
                                one ->
                                        one.asksFor(
                                                one.partner(),
                                                answer.tests(),
                                                main.placerNumber(),
                                                codes));
    }

    private static boolean isNamed(OrderAnswer answer, PlacedOrderView order) {
        return answer.tests().stream().anyMatch(order.service()::isOfTest);
    }
}
