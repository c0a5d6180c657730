package org.chartbridge.delivery;

import org.chartbridge.delivery.Answers.Wanted;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.delivery.Outboxes.Security;
import org.chartbridge.delivery.Step.Begun;
import org.chartbridge.delivery.Step.Ended;
import org.chartbridge.delivery.Step.Standing;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The work on one destination under one claim, until nothing is left to do now. Runs on a thread of
 * its own, which may block.
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

    /** How often to read anew: one that was committed late may stand before those in memory. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** When to look again for one that waits until an earlier message is charted. */
    private static final Duration LOOK_FOR_EARLIER = Duration.ofMillis(500);

    /**
     * How long a stop waits for answers; what is unanswered then is sent again at the next start.
     */
    private static final Duration STOP = Duration.ofSeconds(2);

    /** How long the first answer of a window waits for the others. */
    private static final Duration GATHER = Duration.ofMillis(10);

    private static final long LOOK_FOR_STOP_MILLIS = 200;

    /** Why a drain ended. */
    sealed interface Ending {

        /** Nothing waits, or nothing may be sent: the next bell will say when to look again. */
        record Idle() implements Ending {}

        /** The head is to be tried again after a while. */
        record Wait(Duration time) implements Ending {}

        /** Another node has the claim. */
        record Elsewhere() implements Ending {}
    }

    private record Result(Flight flight, byte @Nullable [] answer, @Nullable Throwable failure) {}

    private final String destination;
    private final Outbox outbox;
    private final long epoch;
    private final Couriers.Place place;
    private final Couriers.Tools tools;
    private final DeliveryLimits limits;

    private final Deque<Letter> ready = new ArrayDeque<>();
    private final Map<String, Flight> inFlight = new LinkedHashMap<>();
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private final List<Ended> ended = new ArrayList<>();
    private boolean exhausted;
    private long lookedAt = System.nanoTime();
    private int failures;
    private boolean acceptedAny;
    private @Nullable Standing standing;
    private @Nullable Ending ending;
    private long stopAt;

    Drain(
            String destination,
            Outbox outbox,
            DeliveryStore.Claim claim,
            Couriers.Place place,
            Couriers.Tools tools) {
        this.destination = destination;
        this.outbox = outbox;
        this.epoch = claim.epoch();
        this.failures = claim.failures();
        this.place = place;
        this.tools = tools;
        this.limits = tools.limits();
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
            var begun = fill();
            if (!begun.isEmpty() || !ended.isEmpty() || standing != null) {
                if (write(begun)) begun.forEach(this::send);
                else lose();
            }
            if (!inFlight.isEmpty()) {
                if (!gather()) return new Ending.Idle();
            } else if (ending != null) {
                return ending;
            } else if (tools.stopping()) {
                return new Ending.Idle();
            } else if (begun.isEmpty() && ready.isEmpty() && !moreComes()) {
                if (!tools.store().anyWaits(destination)) return new Ending.Idle();
                // What that earlier message causes may be nothing, and ring for nothing.
                if (!place.takeSignal()) return new Ending.Wait(LOOK_FOR_EARLIER);
            }
        }
    }

    // ------------------------------------------------------------ what is next

    /** As many attempts as the window has room for. */
    private List<Begun> fill() {
        var begun = new ArrayList<Begun>();
        var ids = new ArrayList<>(inFlight.keySet());
        while (ending == null && !tools.stopping() && ids.size() < outbox.window()) {
            var letter = head(begun);
            if (letter == null) break;
            if (letter.open()) {
                letter = recovered(letter);
                if (letter == null) break;
            }
            var made = made(letter);
            if (made == null) break;
            var id = Line.controlId(made.content());
            if (id.isEmpty()) {
                pause("MSH-10 is empty, so no answer could be told from another; edit or skip it");
                break;
            }
            // Two with one id can't be told apart while both are unanswered.
            if (ids.contains(id)) break;
            if (!connected(made.endpoint(), ids.isEmpty())) break;
            ready.remove();
            ids.add(id);
            begun.add(new Begun(letter, letter.attempts() + 1, made));
        }
        return begun;
    }

    /** The next one, left where it is; null when nothing more may leave now. */
    private @Nullable Letter head(List<Begun> begun) {
        if (System.nanoTime() - lookedAt > LOOK_EVERY.toNanos()) {
            ready.clear();
            exhausted = false;
        }
        if (!ready.isEmpty()) return ready.peek();
        var underway = underway(begun);
        if (exhausted && !underway.isEmpty() && !place.takeSignal()) return null;
        lookedAt = System.nanoTime();
        ready.addAll(
                tools.store().next(destination, underway, limits.batch(), limits.batchBytes()));
        exhausted = ready.isEmpty();
        return ready.peek();
    }

    /** Those that still wait in the database but were taken up here. */
    private Set<Long> underway(List<Begun> begun) {
        var ids = new HashSet<Long>();
        for (var flight : inFlight.values()) ids.add(flight.letter().id());
        for (var one : begun) ids.add(one.letter().id());
        for (var one : ended) ids.add(one.letter().id());
        return ids;
    }

    /** Nothing is to leave: stands by for a while. */
    private boolean moreComes() throws InterruptedException {
        if (place.awaitSignal(LINGER)) return true;
        return head(List.of()) != null;
    }

    /** An attempt whose engine died before its answer came. Null when a person has to decide. */
    private @Nullable Letter recovered(Letter letter) {
        var made = letter.frozen();
        if (made == null) { // A person asked that it be made anew.
            var unknown = new Outcome.Unknown("the engine ended before an answer came");
            ended.add(new Ended(letter, letter.attempts(), unknown, null, false));
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
        ready.remove();
        ready.addFirst(again);
        return again;
    }

    private Made.@Nullable Ready made(Letter letter) {
        var frozen = letter.frozen();
        if (frozen != null) return frozen;
        return switch (outbox.make(letter.body())) {
            case Made.Ready made -> made;
            case Made.Failed(var why) -> {
                pause(why);
                yield null;
            }
        };
    }

    /** Whether there is a connection to this endpoint; if not, why is noted. */
    private boolean connected(Endpoint endpoint, boolean nothingInFlight) {
        var line = place.line();
        var security = outbox.security(endpoint);
        if (line != null && line.isOpen() && line.leadsTo(endpoint, security)) return true;
        if (!nothingInFlight) return false; // First the answers of the old one.
        place.hangUp();
        var why =
                switch (security) {
                    case Security.Plain() -> connect(endpoint, Optional.empty());
                    case Security.Secured(var tls) -> connect(endpoint, Optional.of(tls));
                    case Security.Missing(var words) -> words;
                };
        if (why == null) return true;
        failures++;
        tools.count(destination, new Outcome.Unsent(why));
        retry(why, tools.policy().wait(failures));
        return false;
    }

    /** Null when there is a connection now, else why there is none. */
    private @Nullable String connect(Endpoint endpoint, Optional<Tls> tls) {
        try {
            place.keep(
                    Line.open(
                            tools.network(),
                            destination,
                            endpoint,
                            tls,
                            outbox.charset(),
                            limits.connect()));
            return null;
        } catch (MllpFailure.Refused e) {
            return noConnection(endpoint, e);
        }
    }

    private static String noConnection(Endpoint endpoint, MllpFailure.Refused e) {
        var tls = e.tls();
        if (tls.isPresent()) return noTls(endpoint, tls.get());
        var text = String.valueOf(e.getMessage());
        if (text.contains("Connection refused")) return "nothing listens at " + endpoint.address();
        if (text.contains("timed out")) return "no connection in time to " + endpoint.address();
        if (text.contains("no such host")) return "no such host: " + endpoint.host();
        return "no connection to " + endpoint.address();
    }

    private static String noTls(Endpoint endpoint, TlsFailure why) {
        return "no TLS with " + endpoint.address() + ": " + why;
    }

    // ------------------------------------------------------------ sending

    private boolean write(List<Begun> begun) {
        var written =
                tools.commits().add(new Step(destination, epoch, ended, begun, standing)).join();
        for (var one : ended) tools.changed(one.letter().entryId());
        if (standing != null) tools.changed(0);
        ended.clear();
        standing = null;
        return written;
    }

    /** Somebody else claims the destination, or a person has paused it: nothing more begins. */
    private void lose() {
        ready.clear();
        if (ending == null) ending = new Ending.Elsewhere();
    }

    private void send(Begun begun) {
        var content = begun.made().content();
        var flight =
                new Flight(
                        begun.letter(),
                        begun.number(),
                        begun.made(),
                        Line.controlId(content),
                        Answers.wanted(content),
                        System.nanoTime() + limits.answer().toNanos());
        inFlight.put(flight.controlId(), flight);
        var line = place.line();
        if (line == null) {
            results.add(new Result(flight, null, new MllpFailure.HungUp(false, 0, "closed")));
            return;
        }
        try {
            if (flight.wanted() == Wanted.NEVER) {
                var _ =
                        line.post(content)
                                .whenComplete(
                                        (sent, failure) ->
                                                results.add(new Result(flight, null, failure)));
            } else {
                var _ =
                        line.send(content, flight.controlId())
                                .whenComplete(
                                        (answer, failure) ->
                                                results.add(new Result(flight, answer, failure)));
            }
        } catch (IllegalArgumentException e) { // Its text says which byte, not what is in it.
            results.add(new Result(flight, null, e));
        }
    }

    /** Waits for at least one attempt to end; false when the engine stops before that. */
    private boolean gather() throws InterruptedException {
        while (true) {
            var first = results.poll(pollMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                end(first);
                endOthers();
                return true;
            }
            if (overdue()) return true;
            if (!tools.stopping()) continue;
            if (stopAt == 0) stopAt = System.nanoTime() + STOP.toNanos();
            if (System.nanoTime() > stopAt) return false;
        }
    }

    /**
     * Waits a moment for the answers to the rest of the window, so that they share a commit: small
     * commits are what sending takes away from receiving.
     */
    private void endOthers() throws InterruptedException {
        long until = System.nanoTime() + GATHER.toNanos();
        while (!inFlight.isEmpty()) {
            var next = results.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) return;
            end(next);
        }
    }

    private long pollMillis() {
        long earliest = Long.MAX_VALUE;
        long now = System.nanoTime();
        for (var flight : inFlight.values()) earliest = Math.min(earliest, flight.deadline() - now);
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(earliest) + 1, 1, LOOK_FOR_STOP_MILLIS);
    }

    /** Ends what has waited too long. The connection goes with it: its answer may still come. */
    private boolean overdue() {
        long now = System.nanoTime();
        boolean any = false;
        for (var flight : List.copyOf(inFlight.values())) {
            if (now - flight.deadline() < 0) continue;
            any = true;
            if (flight.wanted() == Wanted.ON_ERROR) {
                settle(flight, new Outcome.Accepted("sent, and no error came"), null);
                continue;
            }
            place.hangUp();
            settle(flight, new Outcome.Unknown("no answer within " + words(limits.answer())), null);
        }
        return any;
    }

    private static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private void end(Result result) {
        var flight = result.flight();
        var current = inFlight.get(flight.controlId());
        if (current == null || !current.isSame(flight)) return; // It was given up before.
        var answer = result.answer();
        if (answer != null) {
            settle(flight, Answers.read(answer, outbox.charset()), answer);
            return;
        }
        settle(
                flight,
                switch (result.failure()) {
                    case null ->
                            new Outcome.Accepted(
                                    "sent; it asks for no answer (MSH-15 and MSH-16 NE)");
                    case MllpFailure.HungUp hungUp when !hungUp.maybeSent() ->
                            new Outcome.Unsent(
                                    hungUp.tls()
                                            .map(tls -> noTls(flight.made().endpoint(), tls))
                                            .orElse("the connection was gone before it was sent"));
                    case MllpFailure.HungUp hungUp ->
                            new Outcome.Unknown(
                                    hungUp.answerBytes() > 0
                                            ? "the connection ended in the middle of the answer"
                                            : "the connection ended before an answer came");
                    case IllegalArgumentException e ->
                            new Outcome.Refused(
                                    "MLLP can't carry it: " + String.valueOf(e.getMessage()));
                    case Throwable failure ->
                            new Outcome.Unknown(
                                    "sending failed (" + failure.getClass().getSimpleName() + ")");
                },
                null);
    }

    private void settle(Flight flight, Outcome outcome, byte @Nullable [] answer) {
        inFlight.remove(flight.controlId());
        decide(flight.letter(), flight.number(), flight.made(), outcome, answer, false);
    }

    // ------------------------------------------------------------ what follows

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
        var next = tools.policy().after(outcome, newOrder, outbox.deduplicates(), failures + 1);
        ended.add(new Ended(letter, number, outcome, answer, next instanceof NextStep.Done));
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
                    retry(outcome.words(), wait);
                }
            }
            case NextStep.AskOperator(var why) -> pause(why);
        }
    }

    private void retry(String problem, Duration wait) {
        ending = new Ending.Wait(wait);
        standing = new Standing.Waits(problem, failures, wait.toMillis());
        (failures == 1 ? log.atInfo() : log.atDebug())
                .addKeyValue("destination", destination)
                .addKeyValue("attempt", failures)
                .log("not delivered, trying again");
    }

    private void pause(String why) {
        ending = new Ending.Idle();
        standing = new Standing.Paused(why);
        log.atWarn()
                .addKeyValue("destination", destination)
                .log("destination paused until a person decides, see Deliveries in the console");
    }
}
