package org.chartbridge.routes;

import org.apache.camel.Message;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.Header;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Staged;
import org.chartbridge.ordering.Ordering;
import org.chartbridge.partner.Partner;
import org.chartbridge.routes.MllpComponent.MllpConsumer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** One version of a route, ready to work through messages. */
final class Running {
    private final Plan plan;
    private final String version;
    private final MllpConsumer consumer;
    private final Ordering ordering;
    private final ReentrantReadWriteLock inWork = new ReentrantReadWriteLock();
    private boolean drained;

    /**
     * A version that Camel has started.
     *
     * @param version its name in Camel
     * @param ordering what steps {@code order} and {@code refer} ask
     */
    Running(Plan plan, String version, MllpConsumer consumer, Ordering ordering) {
        this.plan = plan;
        this.version = version;
        this.consumer = consumer;
        this.ordering = ordering;
    }

    Plan plan() {
        return plan;
    }

    String version() {
        return version;
    }

    /** Waits for the messages in work; afterwards {@link #run} takes no more. */
    void drain() {
        inWork.writeLock().lock();
        try {
            drained = true;
        } finally {
            inWork.writeLock().unlock();
        }
    }

    /**
     * What the steps have staged; empty when this version takes no more, because there is a newer.
     */
    Optional<Staged> run(Arrival arrival) {
        return during(() -> staged(arrival));
    }

    /** What the steps of an outbox route want sent; empty as above. */
    Optional<Made> make(byte[] body, Charset charset) {
        return during(() -> made(body, charset));
    }

    private <T> Optional<T> during(Supplier<T> work) {
        inWork.readLock().lock();
        try {
            return drained ? Optional.empty() : Optional.of(work.get());
        } finally {
            inWork.readLock().unlock();
        }
    }

    private Staged staged(Arrival arrival) {
        var partner = arrival.partner();
        var staging = new Staging(arrival.raw(), partner.charset(), orderer(partner));
        var failure = work(staging, arrival.raw());
        return failure == null
                ? new Staged.Work(staging.charts(), staging.answers(), staging.deliveries())
                : new Staged.Failed(
                        step(staging), cause(failure), root(failure) instanceof NotPossible);
    }

    private Staging.Orderer orderer(Partner sender) {
        return new Staging.Orderer() {
            @Override
            public List<StagedDelivery> staged(byte[] body) {
                return ordering.staged(body, sender);
            }

            @Override
            public List<StagedDelivery> referred(byte[] body) {
                return ordering.referred(body, sender);
            }
        };
    }

    private Made made(byte[] body, Charset charset) {
        var staging = new Staging(body, charset);
        var failure = work(staging, body);
        if (failure != null)
            return new Made.Failed(
                    "step " + step(staging) + " failed: " + cause(failure),
                    root(failure) instanceof NotPossible);
        return staging.sends().size() == 1
                ? staging.sends().getFirst()
                : new Made.Failed(
                        plan.named()
                                + " reached "
                                + staging.sends().size()
                                + " sending steps; wanted exactly one for each delivery");
    }

    private @Nullable Throwable work(Staging staging, byte[] raw) {
        var exchange = consumer.createExchange(false);
        try {
            exchange.setProperty(Staging.PROPERTY, staging);
            var message = exchange.getMessage();
            message.setBody(raw);
            note(message, raw);
            consumer.getProcessor().process(exchange);
            return exchange.getException();
        } catch (Exception e) { // A step may throw whatever it likes.
            return e;
        }
    }

    /** What conditions see besides the message. */
    static void note(Message message, byte[] body) {
        Header.read(body)
                .ifPresent(
                        header -> {
                            message.setHeader("type", header.messageCode());
                            message.setHeader("trigger", header.triggerEvent());
                            message.setHeader("version", header.version());
                        });
    }

    private String step(Staging staging) {
        return plan.file() + ": " + (staging.step().isEmpty() ? plan.id() : staging.step());
    }

    // The exception's text may quote the message, so only its class is told.
    private static String cause(Throwable failure) {
        var root = root(failure);
        if (root instanceof NotPossible) return String.valueOf(root.getMessage());
        return root.getClass().getSimpleName() + "; correct the step";
    }

    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) root = root.getCause();
        return root;
    }
}
