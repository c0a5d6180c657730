package org.chartbridge.intake;

import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The door of messages that are made here: they go to the route that begins with {@code fhir} and
 * on like any other, journaled as that partner's. Only we write for it, so MSH-3 and MSH-4 decide
 * nothing.
 */
@Component
public class OwnDoor {
    /** What such a route begins with. */
    public static final String LISTENER = "fhir";

    /** After that whoever asked is told that nothing is known yet; the message goes on. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ObjectProvider<Reception> reception;
    private final ObjectProvider<RoutesOverview> overview;
    private final Clock clock;

    OwnDoor(
            ObjectProvider<Reception> reception,
            ObjectProvider<RoutesOverview> overview,
            Clock clock) {
        this.reception = reception;
        this.overview = overview;
        this.clock = clock;
    }

    /** In whose name messages of a type are made, and which route takes them. */
    public record Open(Partner partner, String route) {}

    /** Who takes messages of a type (MSH-9.1) that are made here; empty when no route does. */
    public Optional<Open> open(String type) {
        Optional<Open> rest = Optional.empty();
        for (var state : overview.getObject().partners())
            for (var route : state.routes()) {
                if (!route.listener().equals(LISTENER)) continue;
                var its = new Open(state.partner(), route.id());
                if (route.types().contains(type)) return Optional.of(its);
                if (route.types().isEmpty()) rest = Optional.of(its);
            }
        return rest;
    }

    /** What became of a message. */
    public sealed interface Outcome {

        /**
         * It is on disk and, where the partner's ACK promises that, charted or held.
         *
         * @param warnings what whoever sent it has to know
         */
        record Accepted(List<String> warnings) implements Outcome {
            public Accepted {
                warnings = List.copyOf(warnings);
            }
        }

        /** It is kept and does nothing: its content is faulty. */
        record Refused(String why) implements Outcome {}

        /** Nothing is promised; it may be sent again. */
        record Unknown() implements Outcome {}
    }

    /**
     * Hands a message over and waits for its answer.
     *
     * @param from as the journal names whom it came from
     */
    public Outcome send(byte[] message, Open to, String from) {
        var arrival = new Arrival(to.partner(), to.route(), from, clock.instant(), message);
        try {
            var reply =
                    reception
                            .getObject()
                            .receive(arrival)
                            .toCompletableFuture()
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return switch (reply) {
                case Reply.Answer(var content) -> outcome(content);
                case Reply.NoAnswer _ -> new Outcome.Accepted(List.of());
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Outcome.Unknown();
        } catch (ExecutionException | TimeoutException _) {
            return new Outcome.Unknown();
        }
    }

    private static Outcome outcome(byte[] content) {
        var answer = ReceivedAnswer.read(content, StandardCharsets.UTF_8).orElse(null);
        if (answer == null) return new Outcome.Unknown();
        var why =
                answer.findings().stream()
                        .filter(found -> !found.severity().equals("I"))
                        .map(found -> (found.place() + " " + found.text()).strip())
                        .toList();
        return answer.positive()
                ? new Outcome.Accepted(why)
                : new Outcome.Refused(String.join("; ", why));
    }
}
