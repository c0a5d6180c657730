package org.chartbridge.intake;

import org.chartbridge.delivery.AnswersOnward;
import org.chartbridge.delivery.NotedAnswers;
import org.chartbridge.delivery.NotedAnswers.Noted;
import org.chartbridge.hl7.Header;
import org.chartbridge.mapping.OrderAnswer;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hands answers to deliveries that say something of orders (ORR, ORL, ORG, RRI) to the route of
 * their partner that begins with {@code answers}, as messages of that partner: journaled, charted
 * and sent on like any other (decision 82). A second time, as after a kill, it is the repeat of a
 * message that is known.
 */
@Component
public class AnsweredDeliveries implements AnswersOnward {
    private static final Logger log = LoggerFactory.getLogger(AnsweredDeliveries.class);

    /** What such a route begins with. */
    public static final String LISTENER = "answers";

    /** Before the number of the delivery, where the journal names whom a message came from. */
    private static final String PEER = "answer to delivery ";

    /** How many are read at once. */
    static final int AT_ONCE = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean working = new AtomicBoolean();
    private final ObjectProvider<Reception> reception;
    private final ObjectProvider<RoutesOverview> overview;
    private final NotedAnswers answers;

    AnsweredDeliveries(
            ObjectProvider<Reception> reception,
            ObjectProvider<RoutesOverview> overview,
            NotedAnswers answers) {
        this.reception = reception;
        this.overview = overview;
        this.answers = answers;
    }

    /** Whether a message came as the answer to a delivery. */
    static boolean is(Arrival arrival) {
        return arrival.peer().startsWith(PEER);
    }

    @Override
    public boolean wanted(String destination, byte[] answer) {
        return taking(destination, answer).isPresent() && !OrderAnswer.read(answer).isEmpty();
    }

    private record Taking(Partner partner, String route) {}

    /** The route that takes an answer: the one that names its type, else the one without types. */
    private Optional<Taking> taking(String destination, byte[] answer) {
        var folder = destination.substring(0, Math.max(0, destination.indexOf('/')));
        var type = Header.read(answer).map(Header::messageCode).orElse("");
        Optional<Taking> rest = Optional.empty();
        for (var state : overview.getObject().partners()) {
            if (!state.partner().folder().equals(folder)) continue;
            for (var route : state.routes()) {
                if (!route.listener().equals(LISTENER)) continue;
                var its = new Taking(state.partner(), route.id());
                if (route.types().contains(type)) return Optional.of(its);
                if (route.types().isEmpty()) rest = Optional.of(its);
            }
        }
        return rest;
    }

    @Override
    public void noted() {
        asked.set(true);
        if (!working.compareAndSet(false, true)) return;
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("answers-onward")
                        .start(
                                () -> {
                                    try {
                                        while (asked.getAndSet(false)) handOn();
                                    } catch (InterruptedException _) {
                                        Thread.currentThread().interrupt();
                                    } catch (RuntimeException e) {
                                        log.atWarn()
                                                .addKeyValue("exception", e.getClass().getName())
                                                .log("answers could not go on, tried again soon");
                                    } finally {
                                        working.set(false);
                                    }
                                    if (asked.get()) noted();
                                });
    }

    /** Hands on all that wait, in order; what can't go on now waits, and is tried again. */
    private void handOn() throws InterruptedException {
        long behind = 0;
        while (true) {
            var some = answers.waiting(behind, AT_ONCE);
            for (var one : some) handOn(one);
            if (some.size() < AT_ONCE) return;
            behind = some.getLast().deliveryId();
        }
    }

    private void handOn(Noted one) throws InterruptedException {
        var to = taking(one.destination(), one.answer()).orElse(null);
        if (to == null) {
            log.atWarn()
                    .addKeyValue("deliveryId", one.deliveryId())
                    .addKeyValue("destination", one.destination())
                    .log("an answer waits: no route of its partner begins with answers any more");
            return;
        }
        var peer = PEER + one.deliveryId();
        var arrival = new Arrival(to.partner, to.route, peer, one.endedAt(), one.answer());
        try {
            var _ =
                    reception
                            .getObject()
                            .receive(arrival)
                            .toCompletableFuture()
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            log.atWarn()
                    .addKeyValue("deliveryId", one.deliveryId())
                    .log("an answer could not be journaled, tried again soon");
            return;
        }
        var id = Header.read(one.answer()).map(Header::controlId).orElse("");
        if (!answers.journaled(one, to.partner.folder(), id, peer))
            log.atWarn()
                    .addKeyValue("deliveryId", one.deliveryId())
                    .log("an answer is not found in the journal, tried again soon");
    }
}
