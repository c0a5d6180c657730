package org.chartbridge.routes;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

import org.chartbridge.intake.ChartEvents;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Tells the address {@code chart.events} which entries were settled, ids only, and listens there to
 * what all nodes tell. An event is a text message: the ids, with commas between; empty when there
 * were more than could be told. It is not kept: who was not there reads the database.
 */
final class EventFeed implements ChartEvents, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventFeed.class);

    /** Ids that may wait to be told; beyond, events say only that something changed. */
    private static final int MAX_WAITING = 10_000;

    private static final int MAX_IDS = 1_000;

    /** What happens within so long is one event. */
    private static final long GATHER_MILLIS = 50;

    private static final long LISTEN_MILLIS = 250;
    private static final long RECONNECT_EVERY_MILLIS = 2_000;

    private final Broker broker;
    private final BlockingQueue<Long> changed = new LinkedBlockingQueue<>(MAX_WAITING);
    private final AtomicLong count = new AtomicLong();
    private volatile boolean missed;
    private volatile boolean stopping;
    private volatile boolean gone;
    private @Nullable Thread teller;
    private @Nullable Thread listener;

    EventFeed(Broker broker) {
        this.broker = broker;
    }

    void start() {
        teller = Thread.ofPlatform().daemon().name("events-tell").start(this::telling);
        listener = Thread.ofPlatform().daemon().name("events-listen").start(this::listening);
    }

    @Override
    public long count() {
        return count.get();
    }

    @Override
    public void changed(long entryId) {
        if (!changed.offer(entryId)) missed = true;
    }

    @Override
    public void close() {
        stopping = true;
        for (var thread : new @Nullable Thread[] {teller, listener}) {
            if (thread == null) continue;
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void telling() {
        while (!stopping) {
            try (var connection = broker.connections().createConnection();
                    var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
                var producer = session.createProducer(session.createTopic(Broker.EVENTS));
                producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
                while (!stopping) producer.send(session.createTextMessage(next()));
            } catch (JMSException e) {
                tellHere();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The text of the next event; waits until there is one. */
    private String next() throws InterruptedException {
        var ids = new ArrayList<Long>();
        ids.add(changed.take());
        TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
        changed.drainTo(ids, MAX_IDS - 1);
        boolean more = missed || changed.size() >= MAX_IDS;
        if (more) {
            missed = false;
            changed.clear();
        }
        return more ? "" : text(ids);
    }

    private static String text(List<Long> ids) {
        return ids.stream()
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    /** Without a broker this node still knows of itself. */
    private void tellHere() {
        if (stopping) return;
        if (!gone) log.atDebug().log("no broker; events stay on this node");
        gone = true;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECONNECT_EVERY_MILLIS);
        try {
            while (!stopping && System.nanoTime() < until) {
                if (changed.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS) == null) continue;
                changed.clear();
                count.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listening() {
        while (!stopping) {
            try (var connection = broker.connections().createConnection();
                    var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                    var consumer = session.createConsumer(session.createTopic(Broker.EVENTS))) {
                connection.start();
                gone = false;
                while (!stopping)
                    if (consumer.receive(LISTEN_MILLIS) != null) count.incrementAndGet();
            } catch (JMSException e) {
                if (stopping) return;
                try {
                    TimeUnit.MILLISECONDS.sleep(RECONNECT_EVERY_MILLIS);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }
}
