package org.chartbridge.loops;

import org.chartbridge.chart.GivenNumber;
import org.chartbridge.chart.ItemWord;
import org.chartbridge.chart.NamingOrders;
import org.chartbridge.chart.OrderLoop;
import org.chartbridge.chart.OrderedReport;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.chart.ReferralView;
import org.chartbridge.chart.ReportWord;
import org.chartbridge.chart.Source;
import org.chartbridge.chart.WatchedCare;
import org.chartbridge.mapping.OrderAnswer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Says how the orders and referrals of a patient stand, with every step and the message behind it
 * (HL7-RULES §5, §7); long because the words of table 0119 are read here one by one. Pure: no
 * database, clock or network, and what arrived when changes nothing.
 *
 * <p>An acknowledgement is no acceptance; a filler's completion is no result ⚠; what the filler
 * stops, nobody here has cancelled ⚠. The later word stands, by the clock of who says it; but
 * whatever clock a filler has, its word about an order comes after the order.
 */
public final class Following {
    /** ORC-1 by which a placer asks for something (table 0119). */
    private static final Set<String> ASKS =
            Set.of("NW", "CA", "DC", "HD", "RL", "XO", "RP", "RO", "PA", "CH");

    /** Events of answers: whoever sends one is the filler. */
    private static final Set<String> ANSWERS = Set.of("O02", "O20", "O22", "O34", "O36", "O51");

    private static final String NOT_ASKED = ", not by whom it was sent to";

    /** A filler can't do what was asked; the order goes on as it was. */
    private static final Map<String, String> UNABLE =
            Map.of(
                    "UC", "Can't be cancelled any more",
                    "UD", "Can't be discontinued",
                    "UH", "Can't be put on hold",
                    "UR", "Can't be released",
                    "UX", "Can't be changed",
                    "UM", "Can't be replaced");

    private static final Comparator<Instant> EARLIEST =
            Comparator.nullsFirst(Comparator.naturalOrder());

    private final WatchedCare care;
    private final Map<Long, List<Sending>> sendings;
    private final Set<Long> replacing = new HashSet<>(); // Messages in which a filler does.

    private Following(WatchedCare care, Map<Long, List<Sending>> sendings) {
        this.care = care;
        this.sendings = sendings;
        for (var words : care.orderWords().values())
            for (var word : words) if (word.control().equals("RU")) replacing.add(word.entryId());
    }

    /**
     * All loops of a patient, those that are closed too.
     *
     * @param sendings deliveries of these orders and referrals, by the entry that was sent on
     */
    public static List<Loop> of(WatchedCare care, Map<Long, List<Sending>> sendings) {
        var following = new Following(care, sendings);
        var all = new ArrayList<Loop>();
        for (var loop : care.orders()) all.add(following.order(loop));
        for (var loop : care.referrals()) all.add(following.referral(loop));
        return all;
    }

    /** The entries whose deliveries are wanted. */
    public static Set<Long> entries(Collection<WatchedCare> all) {
        var entries = new LinkedHashSet<Long>();
        for (var care : all) {
            for (var words : care.orderWords().values())
                for (var word : words) entries.add(word.entryId());
            for (var words : care.referralWords().values())
                for (var word : words) entries.add(word.entryId());
        }
        return entries;
    }

    // ------------------------------------------------------------ orders

    private Loop order(OrderLoop loop) {
        var again = again(loop);
        var stands = order(loop, again);
        // What is over may be ordered anew under its number.
        return again.isEmpty() || stands.state() != State.CANCELLED
                ? stands
                : order(loop, Set.of());
    }

    /**
     * The words by which something is ordered once more under the number of what was sent, and
     * which wait for a person, or are not sent as a person decided ⚠. They change nothing of what
     * somebody has and works on.
     */
    private Set<String> again(OrderLoop loop) {
        var main = loop.order();
        var all = new ArrayList<PlacedOrderView>(List.of(main));
        all.addAll(loop.others());
        var waiting = new HashSet<String>();
        boolean left = false;
        for (var one : all) {
            if (!one.source().partner().equals(main.source().partner())) continue;
            for (var word : care.orderWords().getOrDefault(one.id(), List.of())) {
                if (!word.control().isEmpty() && !Standing.PLACES.contains(word.control()))
                    continue;
                var sent = sendings(word, one);
                if (sent.stream().anyMatch(its -> !its.isToPlace())) left = true;
                else if (!sent.isEmpty()) waiting.add(name(word));
            }
        }
        return left ? waiting : Set.of();
    }

    private static String name(ItemWord word) {
        return word.entryId() + " " + word.path();
    }

    /**
     * @param again words that change nothing, by {@link #name}
     */
    private Loop order(OrderLoop loop, Set<String> again) {
        var main = loop.order();
        var steps = new ArrayList<Step>();
        var said = new ArrayList<Said>();
        var own = new ArrayList<Sending>();
        var all = new ArrayList<PlacedOrderView>(List.of(main));
        all.addAll(loop.others());
        // What its filler added: nobody sent it there, and it is the filler's to end.
        boolean added = all.stream().anyMatch(one -> GivenNumber.is(one.placerNumber()));
        var sentTo = sentTo(main, all);
        var told = new HashSet<String>();
        for (var one : all) {
            // ⚠ Whoever it was not sent to decides nothing about it, also with its number.
            boolean foreign = isForeign(one.source().partner(), main.source().partner(), sentTo);
            var words = care.orderWords().getOrDefault(one.id(), List.of());
            boolean onlyPlaced =
                    words.stream().allMatch(word -> Standing.PLACES.contains(word.control()));
            for (var word : words) {
                // By number and by number and test, one word may be of two.
                if (!told.add(name(word))) continue;
                if (!foreign && again.contains(name(word))) {
                    steps.add(again(word));
                    for (var sent : sendings(word, one)) if (sent.isToPlace()) toPlace(sent, steps);
                    continue;
                }
                steps.add(foreign ? foreign(word) : step(word));
                if (foreign) continue;
                // ⚠ That others are told of it sends no order.
                boolean copy = isFiller(word);
                var sent =
                        sent(
                                word,
                                sendings(word, one),
                                answer -> !copy && isOf(answer, main, all),
                                steps,
                                said);
                if (!copy) own.addAll(sent);
            }
            if (!foreign)
                for (var word : words)
                    if (!again.contains(name(word))) said.add(said(word, onlyPlaced));
        }
        if (added) steps.replaceAll(step -> ofAdded(step, addedTo(all)));
        for (var report : reports(loop, own)) reportSteps(report, true, steps);
        // What a filler alone speaks of, nobody has asked for.
        boolean asked =
                care.orderWords().getOrDefault(main.id(), List.of()).stream()
                        .anyMatch(word -> !isFiller(word));
        var asker = asked ? main.source().partner() : "";
        var naming =
                naming(
                        all.stream().map(PlacedOrderView::placerNumber).toList(),
                        who -> !who.equals(asker),
                        steps);
        var standing = Standing.of(said);
        var reports = reports(loop, own);
        var state = orderState(standing, said, reports, own, naming, added);
        var filler = said.stream().filter(Said::filler).map(Said::partner).findFirst();
        var performer =
                own.stream()
                        .filter(one -> !one.isToPlace())
                        .map(Sending::partner)
                        .findFirst()
                        .or(() -> filler)
                        .or(() -> reports.stream().map(OrderedReport::partner).findFirst())
                        .orElse("");
        return loop(
                false,
                main.id(),
                main.source(),
                performer,
                main.placerNumber().isEmpty() ? main.fillerNumber() : main.placerNumber(),
                main.service(),
                main.priority(),
                main.clinician(),
                main.ordered(),
                main.due(),
                state,
                state == State.RECOLLECT
                        ? whyNotDone(reports)
                        : why(state, standing.standing(), own),
                steps);
    }

    /** Why there is no value, in the laboratories' words. */
    private static String whyNotDone(List<OrderedReport> reports) {
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
    private static List<OrderedReport> reports(OrderLoop loop, List<Sending> own) {
        var reports = new ArrayList<OrderedReport>(loop.reports());
        var others = new ArrayList<OrderedReport>(loop.otherTests());
        others.removeIf(report -> own.stream().noneMatch(sent -> sent.asksFor(report)));
        reports.addAll(others);
        return reports;
    }

    private static State orderState(
            Standing standing,
            List<Said> said,
            List<OrderedReport> reports,
            List<Sending> own,
            List<NamingOrders> naming,
            boolean added) {
        boolean hasFinal = reports.stream().anyMatch(OrderedReport::isFinal);
        boolean performed = reports.stream().anyMatch(r -> r.isFinal() && r.performed());
        var asked = standing.asked();
        if (asked != null && standing.isCancelled()) {
            boolean unheard = (added && own.isEmpty()) || isUnheard(asked, said, own);
            if (!unheard) return State.CANCELLED;
            return performed || isDocumented(naming) ? State.FINAL : unheard(own);
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
        if (performed || (isDocumented(naming) && !refused)) return State.FINAL;
        if (hasFinal) {
            if (word != null && word.hindrance().equals("specimen")) return State.SPECIMEN_REJECTED;
            return reports.stream().anyMatch(OrderedReport::valued)
                    ? State.RECOLLECT
                    : State.RESULT_MISSING;
        }
        if (refusesChange) return State.CHANGE_REFUSED;
        if (refused && word != null) return State.ofHindrance(word.hindrance(), State.REJECTED);
        if (word != null && !word.hindrance().isEmpty() && !Standing.isRefusal(word.control()))
            return State.ofHindrance(word.hindrance(), State.ON_HOLD);
        if (told.equals("on-hold") || standing.isHeldByPlacer()) return State.ON_HOLD;
        if (!reports.isEmpty() || naming.stream().anyMatch(NamingOrders::isUnfinished))
            return State.PARTIAL;
        if (told.equals("completed")) return State.RESULT_MISSING;
        var booked = appointment(naming);
        if (booked != null && booked != State.SCHEDULED) return booked;
        return furthest(said, own, booked);
    }

    /** How far an order has come that nothing hinders. */
    private static State furthest(List<Said> said, List<Sending> own, @Nullable State booked) {
        var refused = refusedSince(own);
        var state = sent(own);
        for (var one : Standing.undisturbed(said)) {
            // ⚠ What was accepted before says nothing of a change that was not delivered.
            if (refused != null && (one.at() == null || !one.at().isAfter(refused))) continue;
            var far = accepted(one.control(), one.status());
            if (far != null && far.compareTo(state) > 0) state = far;
        }
        return booked != null && booked.compareTo(state) > 0 ? booked : state;
    }

    /** What a filler's word says of an order that goes on; null for nothing. */
    private static @Nullable State accepted(String control, String status) {
        if (UNABLE.containsKey(control)) return null;
        return switch (status) {
            case "IP" -> State.IN_PROCESS;
            case "SC" -> State.SCHEDULED;
            case "A" -> State.PARTIAL;
            default ->
                    switch (control) {
                        case "DE", "SR", "" -> null;
                        default -> State.ACCEPTED;
                    };
        };
    }

    /**
     * The last one counts: an order may be sent again after it was changed or mended. That a person
     * does not send a change ⚠ ends nothing of what was sent before.
     */
    private static @Nullable Sending lastSent(List<Sending> own) {
        boolean left = own.stream().anyMatch(one -> !one.isToPlace());
        return own.stream()
                .filter(one -> !left || !one.isDropped())
                .max(Comparator.comparing(Sending::stagedAt).thenComparingLong(Sending::id))
                .orElse(null);
    }

    /**
     * When what was not delivered was to be sent, or the application rejected it; null when neither
     * is so of the last one.
     */
    private static @Nullable Instant refusedSince(List<Sending> own) {
        var last = lastSent(own);
        return last == null ? null : last.failedSince();
    }

    /**
     * Whether the placer cancelled, and who was sent the order does not know ⚠. An order that never
     * left, or was refused, needs no cancel; nor does one that its filler has stopped.
     */
    private static boolean isUnheard(Said last, List<Said> said, List<Sending> own) {
        if (last.filler()) return false;
        // A cancel of what nobody has ordered or answered: that there is such an order is not said.
        if (said.stream().allMatch(one -> !one.filler() && one.state().equals("cancelled")))
            return false;
        var filler = Said.last(said.stream().filter(Said::filler).toList());
        if (filler != null && filler.state().equals("cancelled")) return false;
        var cancel = own.stream().filter(one -> one.entryId() == last.entryId()).toList();
        var before = own.stream().filter(one -> one.entryId() != last.entryId()).toList();
        boolean left =
                before.isEmpty()
                        || before.stream()
                                .anyMatch(
                                        one ->
                                                one.sentAt() != null
                                                        && !one.outcome().equals("refused")
                                                        && one.rejectedAt() == null);
        if (!cancel.isEmpty()) return left && refusedSince(cancel) != null;
        // One that waits to be placed, or went nowhere, is heard by nobody.
        return left && !before.isEmpty();
    }

    private static State sent(List<Sending> own) {
        var last = lastSent(own);
        if (last == null) return State.ORDERED;
        if (last.isToPlace()) return last.isDropped() ? State.NOT_SENT : State.TO_PLACE;
        if (last.failedSince() != null) return failed(last);
        if (last.state().equals("accepted")) return last.arrived();
        return last.sentAt() == null ? State.TO_SEND : State.SENT;
    }

    private static State failed(Sending one) {
        return one.isRefused() ? State.NOT_DELIVERED : State.REJECTED;
    }

    /** How it stands when nothing comes of what was sent last. */
    private static State unheard(List<Sending> own) {
        var last = lastSent(own);
        return last == null || last.failedSince() == null ? State.NOT_DELIVERED : failed(last);
    }

    private static String why(State state, @Nullable Said last, List<Sending> own) {
        var sent = lastSent(own);
        if (state == State.REJECTED && sent != null && sent.rejectedAt() != null)
            return sent.failure();
        if (state == State.NOT_SENT || state == State.TO_PLACE)
            return sent == null ? "" : sent.whyRefused();
        if (state == State.NOT_DELIVERED)
            return own.stream()
                    .filter(Sending::isRefused)
                    .map(Sending::whyRefused)
                    .reduce((_, later) -> later)
                    .orElse("the cancel was not sent; it may wait under Orders to place");
        // What a report says, no hold of before has said.
        if (last == null || state == State.RECOLLECT) return "";
        if (state == State.RESULT_MISSING && !last.state().equals("completed")) return "";
        return last.hindranceText();
    }

    private Step step(ItemWord word) {
        var at = word.saidAt() == null ? word.recordedAt() : word.saidAt();
        boolean filler = isFiller(word);
        var said = filler ? ofFiller(word) : ofPlacer(word);
        var text =
                word.hindranceText().isEmpty()
                        ? said.words
                        : said.words + ": " + word.hindranceText();
        return Step.of(
                at,
                word.recordedAt(),
                said.state,
                codes(text, word),
                word.partner(),
                word.entryId(),
                word.path());
    }

    /** What orders or refers a second time under one number and changes nothing. */
    private Step again(ItemWord word) {
        var step = word.control().isEmpty() && word.state().equals("requested") ? null : step(word);
        var words = step == null ? codes("Referred", word) : step.words();
        return Step.of(
                word.saidAt() == null ? word.recordedAt() : word.saidAt(),
                word.recordedAt(),
                State.ORDERED,
                words + ", once more under this number",
                word.partner(),
                word.entryId(),
                word.path());
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
    private String addedTo(List<PlacedOrderView> all) {
        var parents = new LinkedHashSet<String>();
        for (var one : all) parents.addAll(one.supporting().parents());
        if (parents.isEmpty()) beside(all, Following::isOfAccession, parents);
        if (parents.isEmpty()) beside(all, PlacedOrderView::isOfSpecimenOf, parents);
        return String.join(", ", parents);
    }

    private static boolean isOfAccession(PlacedOrderView one, PlacedOrderView other) {
        return !one.fillerNumber().isEmpty()
                && one.fillerNumber().equals(other.fillerNumber())
                && one.source().partner().equals(other.source().partner());
    }

    private void beside(
            List<PlacedOrderView> all,
            BiPredicate<PlacedOrderView, PlacedOrderView> belong,
            Set<String> numbers) {
        for (var loop : care.orders()) {
            if (loop.order().id() == all.getFirst().id()) continue;
            var others = new ArrayList<PlacedOrderView>(List.of(loop.order()));
            others.addAll(loop.others());
            for (var other : others)
                for (var one : all)
                    if (belong.test(one, other))
                        numbers.add(
                                loop.order().placerNumber().isEmpty()
                                        ? other.fillerNumber()
                                        : loop.order().placerNumber());
        }
    }

    private static String codes(String text, ItemWord word) {
        var codes = new ArrayList<String>();
        if (!word.control().isEmpty()) codes.add("ORC-1 " + word.control());
        if (!word.status().isEmpty())
            codes.add((word.control().isEmpty() ? "RF1-1 " : "ORC-5 ") + word.status());
        return codes.isEmpty() ? text : text + " (" + String.join(", ", codes) + ")";
    }

    private record Words(@Nullable State state, String words) {}

    private static Words ofPlacer(ItemWord word) {
        return switch (word.control()) {
            case "CA" -> new Words(State.CANCELLED, "Cancellation asked for");
            case "DC" -> new Words(State.CANCELLED, "Discontinued");
            case "HD" -> new Words(State.ON_HOLD, "Put on hold by who ordered");
            case "RL" -> new Words(State.ORDERED, "Released by who ordered");
            case "XO" -> new Words(State.ORDERED, "Order changed");
            case "RP" -> new Words(State.CANCELLED, "Replaced by who ordered");
            default -> new Words(State.ORDERED, "Ordered");
        };
    }

    private static Words ofFiller(ItemWord word) {
        var unable = UNABLE.get(word.control());
        if (unable != null) return new Words(State.CHANGE_REFUSED, unable);
        return switch (word.state()) {
            case "cancelled" ->
                    Standing.AS_ASKED.contains(word.control())
                            ? new Words(State.CANCELLED, "Cancelled as asked for")
                            : named(State.ofHindrance(word.hindrance(), State.STOPPED));
            case "refused" -> named(State.ofHindrance(word.hindrance(), State.REJECTED));
            case "on-hold" -> named(State.ofHindrance(word.hindrance(), State.ON_HOLD));
            case "completed" -> new Words(State.RESULT_MISSING, "Completed by the filler");
            default -> {
                if (word.control().equals("RO"))
                    yield new Words(State.ACCEPTED, "Placed by the filler in the place of another");
                if (!word.hindrance().isEmpty())
                    yield named(State.ofHindrance(word.hindrance(), State.ON_HOLD));
                var far = accepted(word.control(), word.status());
                yield far == null ? new Words(null, "Status told") : named(far);
            }
        };
    }

    private static Words named(State state) {
        return new Words(state, state.word());
    }

    /**
     * Whether a filler says it. A filler that replaces an order of its own accord says RU, and RO
     * of what stands in its place (HL7 v2.5.1 §4.5.1.1): RO beside RU is no placer's word ⚠.
     */
    private boolean isFiller(ItemWord word) {
        if (word.control().equals("RO") && replacing.contains(word.entryId())) return true;
        return ANSWERS.contains(word.trigger())
                || !(word.control().isEmpty() || ASKS.contains(word.control()));
    }

    /**
     * @param onlyPlaced whether nothing but the order itself was said: then every filler's word
     *     comes after it, whatever the clocks say ⚠
     */
    private Said said(ItemWord word, boolean onlyPlaced) {
        return new Said(
                isFiller(word),
                onlyPlaced ? null : word.saidAt(),
                word.entryId(),
                word.partner(),
                word.control(),
                word.status(),
                word.state(),
                word.hindrance(),
                word.hindranceText());
    }

    // ------------------------------------------------------------ referrals

    private Loop referral(ReferralLoop loop) {
        var again = again(loop);
        var stands = referral(loop, again);
        return again.isEmpty() || stands.state() != State.CANCELLED
                ? stands
                : referral(loop, Set.of());
    }

    /** The same of a referral. */
    private Set<String> again(ReferralLoop loop) {
        var waiting = new HashSet<String>();
        boolean left = false;
        var main = loop.referral();
        for (var word : care.referralWords().getOrDefault(main.id(), List.of())) {
            if (!word.trigger().equals("I12")) continue;
            var sent = sendings(word, main);
            if (sent.stream().anyMatch(its -> !its.isToPlace())) left = true;
            else if (!sent.isEmpty()) waiting.add(name(word));
        }
        return left ? waiting : Set.of();
    }

    private Loop referral(ReferralLoop loop, Set<String> again) {
        var main = loop.referral();
        var steps = new ArrayList<Step>();
        var said = new ArrayList<Said>();
        var own = new ArrayList<Sending>();
        var all = new ArrayList<ReferralView>(List.of(main));
        all.addAll(loop.answers());
        var sentTo = sentTo(main, all);
        for (var one : all) {
            var who = one.source().partner();
            // ⚠ Whoever it was not sent to decides nothing about it, also with its number.
            boolean foreign = isForeign(who, main.source().partner(), sentTo);
            var words = care.referralWords().getOrDefault(one.id(), List.of());
            boolean onlyAsked = words.stream().allMatch(word -> word.state().equals("requested"));
            for (var word : words) {
                if (!foreign && again.contains(name(word))) {
                    steps.add(again(word));
                    for (var sent : sendings(word, one)) if (sent.isToPlace()) toPlace(sent, steps);
                    continue;
                }
                var state = ofReferral(word.state());
                steps.add(
                        Step.of(
                                word.saidAt() == null ? word.recordedAt() : word.saidAt(),
                                word.recordedAt(),
                                foreign ? null : state,
                                codes(
                                        foreign
                                                ? state.word() + " by whom it was not sent to"
                                                : ofReferrer(word, state),
                                        word),
                                word.partner(),
                                word.entryId(),
                                word.path()));
                if (foreign) continue;
                own.addAll(
                        sent(
                                word,
                                sendings(word, one),
                                answer ->
                                        answer.number().isEmpty()
                                                || isSame(answer.number(), main.number()),
                                steps,
                                said));
            }
            if (!foreign)
                for (var word : words)
                    if (!again.contains(name(word))) said.add(said(word, onlyAsked));
        }
        var numbers =
                all.stream()
                        .flatMap(
                                one ->
                                        java.util.stream.Stream.of(
                                                one.number(), one.externalNumber()))
                        .filter(number -> !number.isEmpty())
                        .toList();
        var reports =
                care.reports().stream()
                        .filter(report -> numbers.contains(report.placerNumber()))
                        .toList();
        var asker = main.source().partner();
        // ⚠ Who refers, and whoever it was not sent to, has not answered it.
        Predicate<String> answering = who -> !who.equals(asker) && !isForeign(who, asker, sentTo);
        for (var report : reports) reportSteps(report, answering.test(report.partner()), steps);
        reports = reports.stream().filter(one -> answering.test(one.partner())).toList();
        var naming = naming(numbers, answering, steps);
        var last = Said.last(said);
        var state = referralState(last, said, reports, own, naming);
        var performer =
                own.stream()
                        .filter(one -> !one.isToPlace())
                        .map(Sending::partner)
                        .findFirst()
                        .or(
                                () ->
                                        loop.answers().stream()
                                                .map(one -> one.source().partner())
                                                .filter(p -> !p.equals(main.source().partner()))
                                                .findFirst())
                        .orElse("");
        return loop(
                true,
                main.id(),
                main.source(),
                performer,
                main.number().isEmpty() ? main.externalNumber() : main.number(),
                main.service(),
                main.priority(),
                main.clinician(),
                null,
                null,
                state,
                why(state, last, own),
                steps);
    }

    private static String ofReferrer(ItemWord word, State state) {
        if (state != State.ORDERED) return state.word();
        return word.trigger().equals("I13") ? "Referral changed" : "Referred";
    }

    /** To whom it was sent from here; nobody when it goes some other way. */
    private Set<String> sentTo(PlacedOrderView main, List<PlacedOrderView> all) {
        var partners = new LinkedHashSet<String>();
        for (var one : all) {
            if (!one.source().partner().equals(main.source().partner())) continue;
            for (var word : care.orderWords().getOrDefault(one.id(), List.of()))
                for (var sent : sendings(word, one))
                    if (!sent.isToPlace()) partners.add(sent.partner());
        }
        return partners;
    }

    private static boolean isForeign(String who, String asker, Set<String> sentTo) {
        return !sentTo.isEmpty() && !who.equals(asker) && !sentTo.contains(who);
    }

    private Step foreign(ItemWord word) {
        var step = step(word);
        return Step.of(
                step.at(),
                step.chartedAt(),
                null,
                step.words() + ", by whom it was not sent to",
                step.who(),
                step.entryId(),
                step.path());
    }

    /** The same of a referral. */
    private Set<String> sentTo(ReferralView main, List<ReferralView> all) {
        var partners = new LinkedHashSet<String>();
        for (var one : all) {
            if (!one.source().partner().equals(main.source().partner())) continue;
            for (var word : care.referralWords().getOrDefault(one.id(), List.of()))
                for (var sent : sendings(word, one))
                    if (!sent.isToPlace()) partners.add(sent.partner());
        }
        return partners;
    }

    private static State referralState(
            @Nullable Said last,
            List<Said> said,
            List<OrderedReport> reports,
            List<Sending> own,
            List<NamingOrders> naming) {
        var word = ofReferral(last == null ? "requested" : last.state());
        boolean unheard = word == State.CANCELLED && last != null && isUnheard(last, said, own);
        if (word == State.CANCELLED && !unheard) return word;
        // ⚠ A letter that says why is no consult note.
        if (word == State.REJECTED) return word;
        if (isDocumented(naming) || reports.stream().anyMatch(r -> r.isFinal() && r.performed()))
            return State.FINAL;
        if (unheard) return unheard(own);
        if (word.mustAct()) return word;
        if (!reports.isEmpty() || naming.stream().anyMatch(NamingOrders::isUnfinished))
            return State.PARTIAL;
        var booked = appointment(naming);
        if (booked != null) return booked;
        var refused = refusedSince(own);
        boolean answeredSince =
                refused != null && last != null && last.at() != null && last.at().isAfter(refused);
        if (refused != null && !answeredSince) {
            var placed = lastSent(own);
            return placed != null && placed.isToPlace() ? sent(own) : unheard(own);
        }
        var sent = sent(own);
        return sent.compareTo(word) > 0 ? sent : word;
    }

    private static State ofReferral(String state) {
        return switch (state) {
            case "accepted" -> State.ACCEPTED;
            case "pending" -> State.PENDING;
            case "rejected" -> State.REJECTED;
            case "expired" -> State.EXPIRED;
            case "cancelled" -> State.CANCELLED;
            default -> State.ORDERED;
        };
    }

    // ------------------------------------------------------------ what both have

    /** The deliveries of a word; what they were answered with says something as well. */
    private List<Sending> sent(
            ItemWord word,
            List<Sending> own,
            Predicate<OrderAnswer> about,
            List<Step> steps,
            List<Said> said) {
        for (var one : own) {
            if (one.isToPlace()) {
                toPlace(one, steps);
                continue;
            }
            add(steps, one, one.stagedAt(), State.TO_SEND, "Waiting to be sent");
            if (one.sentAt() != null) add(steps, one, one.sentAt(), State.SENT, "Sent");
            var settled = one.settledAt() == null ? one.sentAt() : one.settledAt();
            if (one.isRefused())
                add(steps, one, settled, State.NOT_DELIVERED, "Not delivered: " + one.whyRefused());
            else if (one.state().equals("accepted"))
                add(steps, one, settled, one.arrived(), one.arrived().word());
            for (var answer : one.answers())
                if (about.test(answer)) answered(one, answer, settled, word, steps, said);
            var later = one.later();
            if (later == null) continue;
            if (later.answers().isEmpty())
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
            for (var answer : later.answers())
                if (about.test(answer)) answered(one, answer, later.at(), word, steps, said);
        }
        return own;
    }

    private static void toPlace(Sending one, List<Step> steps) {
        add(steps, one, one.stagedAt(), State.TO_PLACE, "Waits for a person");
        if (one.isDropped())
            add(
                    steps,
                    one,
                    one.settledAt() == null ? one.stagedAt() : one.settledAt(),
                    State.NOT_SENT,
                    "Not sent" + (one.words().isEmpty() ? "" : ": " + one.words()));
    }

    /** What an answer says of one order. */
    private static void answered(
            Sending one,
            OrderAnswer answer,
            @Nullable Instant settled,
            ItemWord word,
            List<Step> steps,
            List<Said> said) {
        var at = later(settled, word.saidAt());
        said.add(
                new Said(
                        true,
                        at,
                        0,
                        one.partner(),
                        answer.control(),
                        answer.status(),
                        answer.state(),
                        answer.hindrance(),
                        answer.hindranceText()));
        var state = ofAnswer(answer);
        add(
                steps,
                one,
                settled,
                state,
                UNABLE.getOrDefault(answer.control(), state == null ? "Answered" : state.word())
                        + " in the answer itself ("
                        + (answer.control().isEmpty()
                                ? "RF1-1 " + answer.status()
                                : "ORC-1 " + answer.control())
                        + ")"
                        + (answer.hindranceText().isEmpty() ? "" : ": " + answer.hindranceText()));
    }

    /** The deliveries of a message to others. */
    private List<Sending> sendings(ItemWord word) {
        return sendings.getOrDefault(word.entryId(), List.of()).stream()
                .filter(one -> one.isToPlace() || !one.partner().equals(word.partner()))
                .toList();
    }

    private List<Sending> sendings(ItemWord word, PlacedOrderView order) {
        return Sending.of(sendings(word), order.placerNumber(), order.service().code());
    }

    private List<Sending> sendings(ItemWord word, ReferralView referral) {
        return Sending.of(sendings(word), referral.number(), "");
    }

    /** Of several tests under one number an answer is about the one that it names. */
    private boolean isOf(OrderAnswer answer, PlacedOrderView main, List<PlacedOrderView> all) {
        if (answer.number().isEmpty()) return true;
        if (!isSame(answer.number(), main.placerNumber())) return false;
        if (answer.tests().isEmpty() || all.stream().anyMatch(one -> isNamed(answer, one)))
            return true;
        return care.orders().stream()
                .filter(one -> one.order().id() != main.id())
                .noneMatch(one -> isSame(answer.number(), one.order().placerNumber()));
    }

    private static boolean isNamed(OrderAnswer answer, PlacedOrderView order) {
        var service = order.service();
        return answer.tests().stream()
                .anyMatch(
                        test ->
                                (!test.code().isEmpty()
                                                && test.code().equalsIgnoreCase(service.code()))
                                        || (!test.text().isEmpty()
                                                && test.text().equalsIgnoreCase(service.text())));
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
                            ? accepted(answer.control(), answer.status())
                            : State.ofHindrance(answer.hindrance(), State.ON_HOLD);
            default -> ofReferral(answer.state());
        };
    }

    /** An answer follows what it answers, whatever the sender's clock said. */
    private static @Nullable Instant later(@Nullable Instant answered, @Nullable Instant asked) {
        if (answered == null || asked == null) return answered;
        return answered.isAfter(asked) ? answered : asked.plusMillis(1);
    }

    private static boolean isSame(String one, String other) {
        var first = one.split("\\^", 2);
        var second = other.split("\\^", 2);
        return first[0].equals(second[0]) && (first.length != second.length || one.equals(other));
    }

    private static void add(
            List<Step> steps,
            Sending one,
            @Nullable Instant at,
            @Nullable State state,
            String words) {
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

    /**
     * @param counts whether it is an answer; else it is shown and changes nothing
     */
    private void reportSteps(OrderedReport report, boolean counts, List<Step> steps) {
        for (var word : care.reportWords().getOrDefault(report.series(), List.of()))
            steps.add(
                    Step.of(
                            word.saidAt() == null ? word.recordedAt() : word.saidAt(),
                            word.recordedAt(),
                            !counts
                                    ? null
                                    : !word.isFinal()
                                            ? State.PARTIAL
                                            : report.performed() ? State.FINAL : State.RECOLLECT,
                            words(word, report) + (counts ? "" : NOT_ASKED),
                            word.partner(),
                            word.entryId(),
                            word.path()));
    }

    private static String words(ReportWord word, OrderedReport report) {
        var name =
                !word.isFinal()
                        ? "Preliminary result"
                        : word.correcting()
                                ? "Corrected result"
                                : report.performed() ? "Final result" : "Report without a result";
        return name
                + ": "
                + report.name()
                + (word.status().isEmpty() ? "" : " (OBR-25 " + word.status() + ")")
                + (report.performed() || report.why().isEmpty() ? "" : ": " + report.why());
    }

    /**
     * What names these numbers, all of it among the steps.
     *
     * @param deciding whose documents answer it: those of others are shown and change nothing ⚠
     * @return what counts
     */
    private List<NamingOrders> naming(
            List<String> numbers, Predicate<String> deciding, List<Step> steps) {
        var all =
                care.naming().stream()
                        .filter(one -> one.names(numbers.toArray(String[]::new)))
                        .toList();
        var counting =
                all.stream()
                        .filter(one -> one.appointment() || deciding.test(one.partner()))
                        .toList();
        for (var one : all)
            steps.add(
                    Step.of(
                            one.saidAt() == null ? one.recordedAt() : one.saidAt(),
                            one.recordedAt(),
                            one.appointment()
                                    ? ofAppointment(one)
                                    : !counting.contains(one)
                                            ? null
                                            : one.isUnfinished() ? State.PARTIAL : State.FINAL,
                            one.appointment()
                                    ? ofAppointment(one).word()
                                            + (one.when().isEmpty() ? "" : " for " + one.when())
                                            + (one.title().isEmpty() ? "" : ", " + one.title())
                                    : (one.isUnfinished() ? "Unfinished document: " : "Document: ")
                                            + one.title()
                                            + (counting.contains(one) ? "" : NOT_ASKED),
                            one.partner(),
                            one.entryId(),
                            one.path()));
        return counting;
    }

    private static boolean isDocumented(List<NamingOrders> naming) {
        return naming.stream().anyMatch(one -> !one.appointment() && !one.isUnfinished());
    }

    /** How the last said appointment stands; one that is booked goes before those that are not. */
    private static @Nullable State appointment(List<NamingOrders> naming) {
        var all = naming.stream().filter(NamingOrders::appointment).toList();
        if (all.isEmpty()) return null;
        if (all.stream().anyMatch(one -> one.state().equals("booked"))) return State.SCHEDULED;
        return all.stream()
                .max(Comparator.comparing(NamingOrders::saidAt, EARLIEST))
                .map(Following::ofAppointment)
                .orElse(null);
    }

    private static State ofAppointment(NamingOrders one) {
        return switch (one.state()) {
            case "cancelled" -> State.UNBOOKED;
            case "no-show" -> State.NO_SHOW;
            default -> State.SCHEDULED;
        };
    }

    private Loop loop(
            boolean referral,
            long id,
            Source source,
            String performer,
            String number,
            org.chartbridge.chart.CodingView service,
            String priority,
            String clinician,
            @Nullable Instant ordered,
            @Nullable Instant due,
            State state,
            String why,
            List<Step> steps) {
        steps.sort(
                Comparator.comparing(Step::at, EARLIEST)
                        .thenComparing(
                                Step::state, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(Step::words)
                        .thenComparing(Step::who));
        var said = source.saidAt() == null ? source.recordedAt() : source.saidAt();
        var first = steps.isEmpty() ? null : steps.getFirst().at();
        return new Loop(
                referral,
                id,
                care.person(),
                source.partner(),
                performer,
                number,
                service,
                priority,
                clinician,
                ordered != null ? ordered : first != null && first.isBefore(said) ? first : said,
                due,
                state,
                since(steps, state),
                why,
                null,
                null,
                steps);
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
}
