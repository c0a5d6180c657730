package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.delivery.Step.Begun;
import org.chartbridge.delivery.Step.Ended;
import org.chartbridge.delivery.Step.Standing;
import org.chartbridge.delivery.Window.Landed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The work on one destination under one claim, until nothing is left to do now; long because an
 * attempt stands here from its claim to what became of it. Runs on a thread of its own, which may
 * block.
 *
 * <pre>
 *   fill the window ─► commit: outcomes so far, attempts that begin ─► send ─► wait for an answer ─┐
 *        ▲                                                                                         │
 *        └──────────────── nothing more begins once a head has to wait or a person is asked ◄──────┘
 * </pre>
 *
 * <p>With a window of 1 each message leaves after the answer to the one before. With more, those
 * behind one that fails may have arrived before it, and after a crash up to a window of messages is
 * sent a second time.
 */
final class Drain {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    /** How long to stand by for more before the claim is given up. */
    private static final Duration LINGER = Duration.ofMillis(500);

    /** When to look again for one that waits until an earlier message is charted. */
    private static final Duration LOOK_FOR_EARLIER = Duration.ofMillis(500);

    /** From one step to the next where a window is not filled. */
    private static final Duration BETWEEN_STEPS = Duration.ofMillis(20);

    private final String destination;
    private final Outbox outbox;
    private final long epoch;
    private final Place place;
    private final Tools tools;

    private final Supply supply;
    private final Window window;
    private final List<Ended> ended = new ArrayList<>();
    private final Aside aside;
    private int failures;
    private boolean asked;
    private boolean acceptedAny;
    private @Nullable Standing standing;
    private @Nullable Ending ending;
    private long steppedAt = System.nanoTime() - BETWEEN_STEPS.toNanos();

    Drain(String destination, Outbox outbox, Claims.Claim claim, Place place, Tools tools) {
        this.destination = destination;
        this.outbox = outbox;
        this.epoch = claim.epoch();
        this.failures = claim.failures();
        this.asked = claim.asked();
        this.place = place;
        this.tools = tools;
        this.supply = new Supply(destination, tools, place);
        this.window = new Window(outbox, place, tools);
        this.aside = new Aside(destination, tools.dataSource());
    }

    boolean acceptedAny() {
        return acceptedAny;
    }

    /**
     * Works until there is nothing to do now.
     *
     * @throws CompletionException when a step can't be written
     */
    Ending run() throws InterruptedException {
        while (true) {
            pace();
            var begun = fill();
            if (!begun.isEmpty() || !ended.isEmpty() || standing != null || !aside.isEmpty()) {
                steppedAt = System.nanoTime();
                if (write(begun)) begun.forEach(window::send);
                else lose();
            }
            if (!window.isEmpty()) {
                var landed = window.gather();
                if (landed.isEmpty()) return new Ending.Idle(); // The engine stops.
                for (var one : landed) decide(one);
            } else if (ending != null) {
                return ending;
            } else if (tools.stopping()) {
                return new Ending.Idle();
            } else if (begun.isEmpty() && supply.isEmpty() && !moreComes()) {
                if (!tools.store().anyWaits(destination)) return new Ending.Idle();
                // What that earlier message causes may be nothing, and ring for nothing.
                if (!place.takeSignal()) return new Ending.Wait(LOOK_FOR_EARLIER);
            }
        }
    }

    /**
     * Where several may be on their way, a window that would not be filled waits a moment for more.
     * While messages come in fast, each of their commits would else be followed by one of ours, and
     * receiving would slow down by half.
     */
    private void pace() throws InterruptedException {
        if (outbox.window() == 1 || !window.isEmpty() || !supply.isEmpty()) return;
        if (supply.lastRead() > outbox.window()) return; // There is plenty.
        if (ending != null || tools.stopping()) return;
        var left = steppedAt + BETWEEN_STEPS.toNanos() - System.nanoTime();
        if (left > 0) TimeUnit.NANOSECONDS.sleep(left);
    }

    // ------------------------------------------------------------ what is next

    /** As many attempts as the window has room for. */
    private List<Begun> fill() {
        var begun = new ArrayList<Begun>();
        var ids = new ArrayList<>(window.controlIds());
        while (ending == null && !tools.stopping() && ids.size() < outbox.window()) {
            if (!aside.hasRoom()) break;
            var letter = supply.head(underway(begun));
            if (letter == null) break;
            if (letter.open()) {
                letter = recovered(letter);
                if (letter == null) break;
            }
            if (aside.follows(letter)) {
                setAside();
                continue;
            }
            var made = made(letter);
            if (made == null) {
                if (ending == null) continue;
                break;
            }
            var id = Line.controlId(made.content());
            if (id.isEmpty()) {
                pause("MSH-10 is empty, so no answer could be told from another; edit or skip it");
                break;
            }
            // Two with one id can't be told apart while both are unanswered.
            if (ids.contains(id)) break;
            if (!connected(made.endpoint(), ids.isEmpty())) break;
            supply.take();
            ids.add(id);
            begun.add(new Begun(letter, letter.attempts() + 1, made));
        }
        return outbox.deduplicates() && !begun.isEmpty() ? known(begun) : begun;
    }

    /** The same, each with an MSH-10 by which the partner can't take it for another. */
    private List<Begun> known(List<Begun> begun) {
        var known = new ArrayList<Begun>();
        var taken = taken(begun);
        for (var one : begun) {
            var own = taken.contains(one.letter().id()) ? ControlIds.own(one) : Optional.of(one);
            if (own.isEmpty()) {
                pause(
                        "another message had its MSH-10, by which the partner discards repeats;"
                                + " edit or skip it");
                break;
            }
            known.add(own.get());
        }
        return known;
    }

    private Set<Long> taken(List<Begun> begun) {
        try (var connection = tools.dataSource().getConnection()) {
            return ControlIds.taken(connection, destination, outbox.window(), begun);
        } catch (SQLException e) {
            throw new IllegalStateException("what was sent before can't be read", e);
        }
    }

    /** Those that still wait in the database but were taken up here. */
    private Set<Long> underway(List<Begun> begun) {
        var ids = window.deliveryIds();
        for (var one : begun) ids.add(one.letter().id());
        for (var one : ended) ids.add(one.letter().id());
        ids.addAll(aside.ids());
        return ids;
    }

    /** Nothing is to leave: stands by for a while. */
    private boolean moreComes() throws InterruptedException {
        if (place.awaitSignal(LINGER)) return true;
        return supply.head(underway(List.of())) != null;
    }

    /** An attempt whose engine died before its answer came. Null when a person has to decide. */
    private @Nullable Letter recovered(Letter letter) {
        var made = letter.frozen();
        if (made == null) { // A person asked that it be made anew.
            var unknown = new Outcome.Unknown("the engine ended before an answer came");
            ended.add(new Ended(letter, letter.attempts(), unknown, null, false, false));
            return closed(letter);
        }
        decide(
                letter,
                letter.attempts(),
                made,
                new Outcome.Unknown("the engine ended before an answer came"),
                null,
                true);
        return ending == null ? closed(letter) : null;
    }

    private Letter closed(Letter head) {
        var again = head.closed();
        supply.replaceHead(again);
        return again;
    }

    private Made.@Nullable Ready made(Letter letter) {
        var frozen = letter.frozen();
        if (frozen != null) return frozen;
        return switch (Desk.made(
                outbox, letter.body(), letter.asReceived(), letter.sender(), letter.entryId())) {
            case Made.Ready made -> made;
            case Made.Failed(var why, var ofMessage) -> {
                if (ofMessage && aside.take(letter)) setAside();
                else pause(why);
                yield null;
            }
        };
    }

    /** Whether there is a connection to this endpoint; if not, why is noted. */
    private boolean connected(Endpoint endpoint, boolean nothingInFlight) {
        if (window.leadsTo(endpoint)) return true;
        if (!nothingInFlight) return false; // First the answers of the old one.
        var why = window.connect(destination, endpoint);
        if (why == null) return true;
        failures++;
        tools.count(destination, why);
        retry(why.words(), why.asks(), tools.policy().waitToConnect(failures));
        return false;
    }

    /** The head can't be made, or follows one that can't: it waits beside, and the next leaves. */
    private void setAside() {
        supply.take();
        log.atWarn()
                .addKeyValue("destination", destination)
                .log("a delivery can't be made and waits for a person; what is behind it leaves");
    }

    // ------------------------------------------------------------ sending

    private boolean write(List<Begun> begun) {
        var written =
                tools.commits()
                        .add(new Step(destination, epoch, ended, begun, aside.ids(), standing))
                        .join();
        for (var one : ended) tools.changed(one.letter().entryId());
        if (ended.stream().anyMatch(Ended::goesOn)) tools.onward().noted();
        if (standing != null || !aside.isEmpty()) tools.changed(0);
        aside.written();
        ended.clear();
        standing = null;
        return written;
    }

    /** Somebody else claims the destination, or a person has paused it: nothing more begins. */
    private void lose() {
        supply.clear();
        if (ending == null) ending = new Ending.Elsewhere();
    }

    // ------------------------------------------------------------ what follows

    private void decide(Landed landed) {
        var flight = landed.flight();
        decide(
                flight.letter(),
                flight.number(),
                flight.made(),
                landed.outcome(),
                landed.answer(),
                false);
    }

    /**
     * Does what the policy says.
     *
     * @param atOnce whether a retry need not wait: it is not the partner who failed
     */
    private void decide(
            Letter letter,
            int number,
            Made.Ready made,
            Outcome outcome,
            byte @Nullable [] answer,
            boolean atOnce) {
        tools.count(destination, outcome);
        boolean newOrder = outcome instanceof Outcome.Unknown && Answers.isNewOrder(made.content());
        int deferrals =
                outcome instanceof Outcome.Deferred
                        ? tools.store().deferrals(destination, letter.id()) + 1
                        : 0;
        var next =
                tools.policy()
                        .after(outcome, newOrder, outbox.deduplicates(), failures + 1, deferrals);
        boolean done = next instanceof NextStep.Done;
        boolean goesOn = done && answer != null && tools.onward().wanted(destination, answer);
        ended.add(new Ended(letter, number, outcome, answer, done, goesOn));
        switch (next) {
            case NextStep.Done() -> {
                acceptedAny = true;
                if (failures == 0 || ending != null) return;
                failures = 0;
                standing = new Standing.Well();
                log.atInfo().addKeyValue("destination", destination).log("delivering again");
            }
            case NextStep.Retry(var wait) -> {
                if (atOnce) return;
                // Of several in flight the first failure speaks for all.
                if (ending == null) {
                    failures++;
                    var asked = tools.policy().asks(outcome, failures);
                    retry(asked.orElse(outcome.words()), asked.isPresent(), wait);
                }
            }
            case NextStep.AskOperator(var why) -> {
                // A person decides about it on the page Alerts; those behind it leave.
                if (!tools.store().isHeldBack(letter.id())) pause(why, letter.id(), number);
            }
        }
    }

    /** Tries on; while a person is asked, too, so that what they mend goes on by itself. */
    private void retry(String problem, boolean asks, Duration wait) {
        ending = new Ending.Wait(wait);
        standing = new Standing.Waits(problem, failures, wait.toMillis(), asks);
        if (asks && !asked)
            log.atWarn()
                    .addKeyValue("destination", destination)
                    .log("not delivered, and a person has to act, see Worklist in the console");
        asked = asks;
        (failures == 1 ? log.atInfo() : log.atDebug())
                .addKeyValue("destination", destination)
                .addKeyValue("attempt", failures)
                .log("not delivered, trying again");
    }

    private void pause(String why) {
        pause(why, 0, 0);
    }

    /**
     * Until a person has decided about a delivery.
     *
     * @param attempt after which
     */
    private void pause(String why, long cause, int attempt) {
        ending = new Ending.Idle();
        standing = new Standing.Paused(why, cause, attempt);
        log.atWarn()
                .addKeyValue("destination", destination)
                .log("destination paused until a person decides, see Deliveries in the console");
    }
}
