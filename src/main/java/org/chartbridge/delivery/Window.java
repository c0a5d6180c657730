package org.chartbridge.delivery;

import org.chartbridge.delivery.Answers.Wanted;
import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.delivery.Outboxes.Security;
import org.chartbridge.delivery.Step.Begun;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.Tls;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The attempts of a destination that are on their way: connects, sends them, and waits for their
 * answers.
 */
final class Window {
    /**
     * How long a stop waits for answers; what is unanswered then is sent again at the next start.
     */
    private static final Duration STOP = Duration.ofSeconds(2);

    /** How long the first answer of a window waits for the others. */
    private static final Duration GATHER = Duration.ofMillis(10);

    private static final long LOOK_FOR_STOP_MILLIS = 200;

    private final Outbox outbox;
    private final Place place;
    private final Tools tools;
    private final Map<String, Flight> inFlight = new LinkedHashMap<>();
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private final List<Landed> landed = new ArrayList<>();
    private long stopAt;

    Window(Outbox outbox, Place place, Tools tools) {
        this.outbox = outbox;
        this.place = place;
        this.tools = tools;
    }

    private record Result(Flight flight, byte @Nullable [] answer, @Nullable Throwable failure) {}

    /**
     * An attempt that has come to its end.
     *
     * @param answer as it came; null when there was none
     */
    record Landed(Flight flight, Outcome outcome, byte @Nullable [] answer) {}

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    /** MSH-10 of what is on its way. */
    Set<String> controlIds() {
        return Set.copyOf(inFlight.keySet());
    }

    /** Whether there is a connection to this endpoint. */
    boolean leadsTo(Endpoint endpoint) {
        var line = place.line();
        return line != null && line.isOpen() && line.leadsTo(endpoint, outbox);
    }

    /** Null when there is a connection now, else why there is none. Ends the one before. */
    Outcome.@Nullable Unsent connect(String destination, Endpoint endpoint) {
        place.hangUp();
        try {
            switch (endpoint) {
                case Endpoint.Folder folder -> place.keep(FolderLine.open(folder));
                case Endpoint.Mllp mllp ->
                        place.keep(
                                MllpLine.open(
                                        tools.network(),
                                        destination,
                                        mllp,
                                        tls(endpoint),
                                        outbox.charset(),
                                        tools.limits().connect(),
                                        tools.late()));
                case Endpoint.Sftp sftp -> {
                    var _ = tls(endpoint); // SSH is its own; but the settings must fit.
                    place.keep(
                            SftpLine.open(
                                    sftp,
                                    outbox.login()
                                            .orElseThrow(
                                                    () ->
                                                            Line.CannotOpen.asking(
                                                                    "SFTP wants login")),
                                    tools.limits().connect(),
                                    FolderLine.MAX_FILES));
                }
                case Endpoint.Http http ->
                        place.keep(
                                HttpLine.open(
                                        http,
                                        tls(endpoint),
                                        outbox.login(),
                                        outbox.charset(),
                                        tools.limits().connect()));
            }
            return null;
        } catch (Line.CannotOpen e) {
            return e.outcome();
        }
    }

    private Optional<Tls> tls(Endpoint endpoint) throws Line.CannotOpen {
        return switch (outbox.security(endpoint)) {
            case Security.Plain() -> Optional.empty();
            case Security.Secured(var tls) -> Optional.of(tls);
            case Security.Missing(var words) -> throw Line.CannotOpen.asking(words);
        };
    }

    /** A new set of the deliveries that are on their way. */
    Set<Long> deliveryIds() {
        var ids = new HashSet<Long>();
        for (var flight : inFlight.values()) ids.add(flight.letter().id());
        return ids;
    }

    /** Sends one whose attempt is written. */
    void send(Begun begun) {
        var content = begun.made().content();
        var flight =
                new Flight(
                        begun.letter(),
                        begun.number(),
                        begun.made(),
                        Line.controlId(content),
                        Answers.wanted(content),
                        System.nanoTime() + tools.limits().answer().toNanos());
        inFlight.put(flight.controlId(), flight);
        var line = place.line();
        if (line == null) {
            results.add(new Result(flight, null, new MllpFailure.HungUp(false, 0, "closed")));
            return;
        }
        try {
            if (flight.wanted() == Wanted.NEVER || !line.answers()) {
                var _ =
                        line.post(content, flight.letter().name())
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
        } catch (IllegalArgumentException e) {
            results.add(new Result(flight, null, e));
        }
    }

    /** Waits for at least one attempt to end; none when the engine stops before that. */
    List<Landed> gather() throws InterruptedException {
        landed.clear();
        while (true) {
            var first = results.poll(pollMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                end(first);
                endOthers();
            } else {
                endOverdue();
            }
            if (!landed.isEmpty() || inFlight.isEmpty()) return List.copyOf(landed);
            if (!tools.stopping()) continue;
            if (stopAt == 0) stopAt = System.nanoTime() + STOP.toNanos();
            if (System.nanoTime() > stopAt) return List.of();
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
    private void endOverdue() {
        long now = System.nanoTime();
        for (var flight : List.copyOf(inFlight.values())) {
            if (now - flight.deadline() < 0) continue;
            if (flight.wanted() == Wanted.ON_ERROR) {
                land(flight, new Outcome.Accepted(Reached.NO_ERROR), null);
                continue;
            }
            var line = place.line();
            long sent = flight.deadline() - tools.limits().answer().toNanos();
            var heard = Optional.ofNullable(line).flatMap(its -> its.heardSince(sent));
            place.hangUp();
            var time = "no answer within " + words(tools.limits().answer());
            land(
                    flight,
                    heard.map(its -> new Outcome.Unknown(time + ": " + its.what(), its.remedy()))
                            .orElseGet(() -> new Outcome.Unknown(time)),
                    null);
        }
    }

    private static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private void end(Result result) {
        var flight = result.flight();
        var current = inFlight.get(flight.controlId());
        if (current == null || !current.isSame(flight)) return; // It was given up before.
        var answer = result.answer();
        var failure = result.failure();
        if (answer != null)
            land(flight, Answers.read(answer, outbox.charset(), flight.made().content()), answer);
        else if (failure instanceof HttpLine.Silent && flight.wanted() == Wanted.ON_ERROR)
            land(flight, new Outcome.Accepted(Reached.NO_ERROR), null);
        else if (failure != null)
            land(flight, Mishap.outcome(flight.made().endpoint(), failure), null);
        else land(flight, new Outcome.Accepted(unanswered(flight.made().endpoint())), null);
    }

    private static String unanswered(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Mllp _, Endpoint.Http _ -> Reached.NEVER;
            case Endpoint.Folder _, Endpoint.Sftp _ ->
                    "written to the folder; whoever collects it answers nothing";
        };
    }

    private void land(Flight flight, Outcome outcome, byte @Nullable [] answer) {
        inFlight.remove(flight.controlId());
        landed.add(new Landed(flight, outcome, answer));
    }
}
