package org.chartbridge.loops;

import org.chartbridge.chart.ItemWord;
import org.chartbridge.chart.NamingOrders;
import org.chartbridge.chart.OneNumber;
import org.chartbridge.chart.OrderedReport;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.chart.ReferralView;
import org.chartbridge.chart.Source;
import org.chartbridge.mapping.OrderAnswer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One referral with every word, delivery and reply to it, and how it stands by them. */
final class FollowedReferral {
    private final Known known;
    private final ReferralLoop loop;
    private final ReferralView main;
    private final List<ReferralView> all = new ArrayList<>();
    private final String asker;
    private final Set<String> sentTo;
    private final Set<String> again;
    private final List<Step> steps = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();
    private final List<Sending> own = new ArrayList<>();
    private final List<Sending> placings = new ArrayList<>();

    /**
     * @param again words that change nothing, by {@link OrderWords#name}
     */
    private FollowedReferral(Known known, ReferralLoop loop, Set<String> again) {
        this.known = known;
        this.loop = loop;
        this.main = loop.referral();
        this.all.add(main);
        this.all.addAll(loop.answers());
        this.asker = main.source().partner();
        this.sentTo = sentTo();
        this.again = again;
    }

    static Loop of(Known known, ReferralLoop loop) {
        var again = again(known, loop);
        var stands = new FollowedReferral(known, loop, again).follow();
        // What is over may be referred anew under its number.
        return again.isEmpty() || stands.state() != State.CANCELLED
                ? stands
                : new FollowedReferral(known, loop, Set.of()).follow();
    }

    /**
     * The words by which somebody is referred once more under the number of what was sent, and
     * which wait for a person ⚠: as of an order.
     */
    private static Set<String> again(Known known, ReferralLoop loop) {
        var waiting = new HashSet<String>();
        boolean left = false;
        var main = loop.referral();
        for (var word : known.of(main)) {
            if (!word.trigger().equals("I12")) continue;
            var sent = known.sendings().of(word, main);
            if (sent.stream().anyMatch(its -> !its.isToPlace())) left = true;
            else if (!sent.isEmpty()) waiting.add(OrderWords.name(word));
        }
        return left ? waiting : Set.of();
    }

    private Loop follow() {
        hear();
        statuses();
        var numbers =
                all.stream()
                        .flatMap(one -> Stream.of(one.number(), one.externalNumber()))
                        .filter(number -> !number.isEmpty())
                        .toList();
        var since = Replies.orderedAgain(placings);
        var reports = reports(numbers, since);
        var naming =
                Replies.since(
                        since, known.replies().naming(numbers, this::isAnswering, said, steps));
        var crossing = Crossing.of(said, asker);
        var far = new HowFar(own);
        var state = state(crossing, far, reports, naming);
        return Loop.of(
                true,
                main.id(),
                known.care().person(),
                main.source(),
                performer(far),
                main.number().isEmpty() ? main.externalNumber() : main.number(),
                main.service(),
                main.priority(),
                main.clinician(),
                null,
                null,
                state,
                why(state, crossing, far),
                far.blocked(state),
                steps);
    }

    /** Every word and its deliveries, as steps and as what they say. */
    private void hear() {
        var deliveries = new SentSteps(steps, said);
        for (var one : all) {
            var who = one.source().partner();
            // ⚠ Whoever it was not sent to decides nothing about it, also with its number.
            boolean foreign = isForeign(who);
            boolean byAsker = who.equals(asker);
            var its = known.of(one);
            boolean onlyAsked = its.stream().allMatch(FollowedReferral::isAsked);
            var questions = questions(its, one);
            for (var word : its) {
                var sent = known.sendings().of(word, one);
                if (!foreign && isAgain(word)) {
                    steps.add(known.words().again(word));
                    for (var each : sent) if (each.isToPlace()) deliveries.toPlace(each);
                    continue;
                }
                if (questions.contains(OrderWords.name(word))) {
                    // ⚠ Whatever becomes of the question, the referral stands as it stood.
                    steps.add(question(word));
                    deliveries.add(word, sent, this::isOf);
                    continue;
                }
                steps.add(step(word, foreign, byAsker));
                if (foreign) continue;
                deliveries.add(word, sent, this::isOf);
                own.addAll(sent);
                if (byAsker && word.trigger().equals("I12")) placings.addAll(sent);
            }
            if (!foreign)
                for (var word : its)
                    if (!isAgain(word)
                            && !questions.contains(OrderWords.name(word))
                            && (byAsker || !word.state().isEmpty()))
                        said.add(known.words().said(word, onlyAsked));
        }
    }

    /** A delivery is of one referral: what answers it may name another namespace. */
    private boolean isOf(OrderAnswer answer) {
        return answer.number().isEmpty() || entity(answer.number()).equals(entity(main.number()));
    }

    private boolean isAgain(ItemWord word) {
        return again.contains(OrderWords.name(word));
    }

    private boolean isForeign(String who) {
        return Sendings.isForeign(who, asker, sentTo);
    }

    /** ⚠ Who refers, and whoever it was not sent to, has not answered it. */
    private boolean isAnswering(String who) {
        return !who.equals(asker) && !isForeign(who);
    }

    private static Step step(ItemWord word, boolean foreign, boolean byAsker) {
        boolean silent = word.state().isEmpty() && !byAsker;
        var state = silent ? null : StatusOfReferral.ofReferral(word.state());
        var words = state == null ? "Answered" : foreign ? state.word() : ofReferrer(word, state);
        return Step.of(
                word.saidAt() == null ? word.recordedAt() : word.saidAt(),
                word.recordedAt(),
                foreign ? null : state,
                OrderWords.codes(foreign ? words + " by whom it was not sent to" : words, word),
                word.partner(),
                word.entryId(),
                word.path());
    }

    /**
     * The reports under its numbers, all among the steps.
     *
     * @param since when it was referred again; null when it was not
     * @return what counts
     */
    private List<OrderedReport> reports(List<String> numbers, @Nullable Instant since) {
        var counting = new ArrayList<OrderedReport>();
        for (var report : known.care().reports()) {
            if (!isUnder(report.placerNumber(), numbers)) continue;
            boolean answering = isAnswering(report.partner());
            boolean ofThis = known.replies().isSince(report, since);
            known.replies()
                    .reportSteps(
                            report,
                            !answering ? Replies.NOT_ASKED : ofThis ? "" : Replies.OF_THE_FIRST,
                            steps);
            if (answering && ofThis) counting.add(report);
        }
        return counting;
    }

    /** Whether it is one of these numbers, in whatever form, and no other referral's ⚠. */
    private boolean isUnder(String number, List<String> numbers) {
        if (numbers.contains(number)) return true;
        return numbers.stream().anyMatch(one -> OneNumber.isOne(number, one))
                && known.care().referrals().stream()
                        .map(ReferralLoop::referral)
                        .filter(other -> other.id() != main.id())
                        .noneMatch(
                                other ->
                                        OneNumber.isOne(number, other.number())
                                                || OneNumber.isOne(number, other.externalNumber()));
    }

    private String performer(HowFar far) {
        return far.partner()
                .or(
                        () ->
                                Stream.concat(
                                                loop.answers().stream().map(ReferralView::source),
                                                loop.statuses().stream()
                                                        .map(PlacedOrderView::source))
                                        .map(Source::partner)
                                        .filter(partner -> !partner.equals(asker))
                                        .findFirst())
                .orElse("");
    }

    /**
     * The words by which who refers asks how the referral stands (REF^I15), by {@link
     * OrderWords#name}: they say nothing of that. None where nothing else is known of it.
     */
    private Set<String> questions(List<ItemWord> words, ReferralView one) {
        var names =
                words.stream()
                        .filter(word -> word.trigger().equals("I15") && isAsked(word))
                        .filter(word -> word.partner().equals(asker))
                        .map(OrderWords::name)
                        .collect(Collectors.toSet());
        return one.id() == main.id() && names.size() == words.size() ? Set.of() : names;
    }

    /** Whether it says no more than that somebody is referred. */
    private static boolean isAsked(ItemWord word) {
        return word.state().isEmpty() || word.state().equals("requested");
    }

    private static Step question(ItemWord word) {
        return Step.of(
                word.saidAt() == null ? word.recordedAt() : word.saidAt(),
                word.recordedAt(),
                null,
                OrderWords.codes("Asked how it stands", word),
                word.partner(),
                word.entryId(),
                word.path());
    }

    /**
     * What was said of a referral as of an order (360X, decision 0062): OSU^O51, ORG^O20. Where an
     * order was placed under its number as well, only who the referral was sent to means it ⚠.
     */
    private void statuses() {
        var told = new HashSet<String>();
        for (var one : loop.statuses()) {
            var who = one.source().partner();
            boolean foreign =
                    isForeign(who) || (!sentTo.contains(who) && isOrdered(one.placerNumber()));
            for (var word : known.of(one)) {
                if (!told.add(OrderWords.name(word))) continue;
                boolean byAsker = who.equals(asker) && OrderWords.asks(word);
                var state =
                        StatusOfReferral.of(word.control(), word.status(), word.state(), byAsker);
                var words = StatusOfReferral.words(word.control(), state);
                if (!word.hindranceText().isEmpty()) words += ": " + word.hindranceText();
                words = OrderWords.codes(words, word);
                steps.add(
                        Step.of(
                                word.saidAt() == null ? word.recordedAt() : word.saidAt(),
                                word.recordedAt(),
                                foreign ? null : state,
                                foreign ? words + ", by whom it was not sent to" : words,
                                word.partner(),
                                word.entryId(),
                                word.path()));
                if (foreign || state == null) continue;
                said.add(
                        new Said(
                                !byAsker,
                                word.saidAt(),
                                word.entryId(),
                                word.partner(),
                                word.control(),
                                word.status(),
                                word.state(),
                                word.hindrance(),
                                word.hindranceText()));
            }
        }
    }

    /** Whether somebody placed an order under a number. */
    private boolean isOrdered(String number) {
        return known.care().orders().stream()
                .filter(one -> OneNumber.isOne(number, one.order().placerNumber()))
                .flatMap(one -> known.of(one.order()).stream())
                .anyMatch(word -> Standing.PLACES.contains(word.control()));
    }

    /** Why a referral stands so; a refusal that says nothing is said to say nothing. */
    private String why(State state, Crossing crossing, HowFar far) {
        var last = crossing.last();
        var why = far.why(state, last);
        if (!why.isEmpty() || last == null) return why;
        if (crossing.goesOn())
            return "it was cancelled here, and the other side went on with it: ask there";
        boolean bySending = far.refusedSince() != null;
        boolean byOther = last.filler() || !last.partner().equals(asker);
        return byOther && !bySending && (state == State.REJECTED || state == State.STOPPED)
                ? "no reason was said (ORC-16, NTE): ask there, or refer to somebody else"
                : "";
    }

    private static String ofReferrer(ItemWord word, State state) {
        if (state != State.ORDERED)
            return state.word()
                    + (word.hindranceText().isEmpty() ? "" : ": " + word.hindranceText());
        return word.trigger().equals("I13") ? "Referral changed" : "Referred";
    }

    /** To whom it was sent from here; nobody when it goes some other way. */
    private Set<String> sentTo() {
        var partners = new LinkedHashSet<String>();
        for (var one : all) {
            if (!one.source().partner().equals(asker)) continue;
            for (var word : known.of(one))
                for (var sent : known.sendings().of(word, one))
                    if (!sent.isToPlace()) partners.add(sent.partner());
        }
        return partners;
    }

    private State state(
            Crossing crossing, HowFar far, List<OrderedReport> reports, List<NamingOrders> naming) {
        var last = crossing.last();
        var word = crossing.word();
        boolean unheard = false;
        if (word == State.CANCELLED && last != null) {
            boolean byAsker = last.partner().equals(asker);
            // ⚠ I14 of the other side confirms a cancel, or nobody here has asked for it.
            if (!byAsker && last.control().isEmpty() && !isCancelledHere()) return State.STOPPED;
            unheard = byAsker && far.isUnheard(last, said);
            if (!unheard) return word;
        }
        // ⚠ A letter that says why is no consult note.
        if (word == State.REJECTED) return word;
        if (Replies.isDocumented(naming)
                || reports.stream().anyMatch(r -> r.isFinal() && r.performed())) return State.FINAL;
        if (unheard) return far.unheard();
        if (word.mustAct()) return word;
        if (reports.stream().anyMatch(one -> !one.isStatusOnly())
                || naming.stream().anyMatch(NamingOrders::isUnfinished)) return State.PARTIAL;
        var booked = Replies.appointment(naming);
        if (booked != null && (booked.mustAct() || booked.compareTo(word) > 0)) return booked;
        var refused = far.refusedSince();
        boolean answeredSince =
                refused != null && last != null && last.at() != null && last.at().isAfter(refused);
        if (refused != null && !answeredSince) {
            var placed = far.last();
            return placed != null && placed.isToPlace() ? far.state() : far.unheard();
        }
        var sent = far.state();
        return sent.compareTo(word) > 0 ? sent : word;
    }

    private boolean isCancelledHere() {
        return said.stream()
                .anyMatch(one -> one.partner().equals(asker) && one.state().equals("cancelled"));
    }

    private static String entity(String number) {
        return number.split("\\^", 2)[0];
    }
}
