package org.chartbridge.routes;

import org.chartbridge.hl7.Header;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Staged;
import org.chartbridge.routes.MllpComponent.MllpConsumer;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** One version of a route, ready to work through messages. */
final class Running {
    private final RoutePlan plan;
    private final String version;
    private final MllpConsumer consumer;
    private final ReentrantReadWriteLock inWork = new ReentrantReadWriteLock();
    private boolean drained;

    /**
     * A version that Camel has started.
     *
     * @param version its name in Camel
     */
    Running(RoutePlan plan, String version, MllpConsumer consumer) {
        this.plan = plan;
        this.version = version;
        this.consumer = consumer;
    }

    RoutePlan plan() {
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
        inWork.readLock().lock();
        try {
            return drained ? Optional.empty() : Optional.of(work(arrival));
        } finally {
            inWork.readLock().unlock();
        }
    }

    private Staged work(Arrival arrival) {
        var exchange = consumer.createExchange(false);
        var staging = new Staging();
        try {
            exchange.setProperty(Staging.PROPERTY, staging);
            var message = exchange.getMessage();
            message.setBody(arrival.raw());
            Header.read(arrival.raw())
                    .ifPresent(
                            header -> {
                                message.setHeader("type", header.messageCode());
                                message.setHeader("trigger", header.triggerEvent());
                                message.setHeader("version", header.version());
                            });
            consumer.getProcessor().process(exchange);
            var failure = exchange.getException();
            return failure == null ? new Staged.Work(staging.charts()) : failed(staging, failure);
        } catch (Exception e) { // A step may throw whatever it likes.
            return failed(staging, e);
        }
    }

    // The exception's text may quote the message, so only its class is told.
    private Staged failed(Staging staging, Throwable failure) {
        var root = failure;
        while (root.getCause() != null) root = root.getCause();
        return new Staged.Failed(
                plan.file() + ": " + (staging.step().isEmpty() ? plan.id() : staging.step()),
                root.getClass().getSimpleName() + "; correct the step");
    }
}
