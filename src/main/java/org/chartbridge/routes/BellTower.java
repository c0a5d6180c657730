package org.chartbridge.routes;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;

import org.apache.activemq.artemis.api.jms.ActiveMQJMSConstants;
import org.chartbridge.delivery.Bells;
import org.chartbridge.delivery.Couriers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Rings over the broker, and answers its bells: a bell is acknowledged when the work it asked for
 * is done, so that it goes to another node when this one dies.
 *
 * <p>While the broker is gone bells ring inside this process only, and deliveries go on; what other
 * nodes should have heard is found by the sweep.
 */
final class BellTower implements Bells, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BellTower.class);

    private static final String DESTINATION = "destination";
    private static final long RECONNECT_EVERY_MILLIS = 2_000;

    /** How long a look for bells takes when none comes; acknowledgements wait as long at most. */
    private static final long LISTEN_MILLIS = 50;

    private final Broker broker;
    private final Couriers couriers;

    /** What is to be rung, and after how many milliseconds. */
    private final Map<String, Long> toRing = new ConcurrentHashMap<>();

    private final Queue<Message> answered = new ConcurrentLinkedQueue<>();
    private final Semaphore work = new Semaphore(0);
    private final ScheduledExecutorService inside =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("bells-inside").factory());
    private @Nullable Thread ringer;
    private @Nullable Thread listener;
    private volatile boolean stopping;
    private volatile boolean gone;

    BellTower(Broker broker, Couriers couriers) {
        this.broker = broker;
        this.couriers = couriers;
    }

    void start() {
        ringer = Thread.ofPlatform().daemon().name("bells-ring").start(this::ringing);
        listener = Thread.ofPlatform().daemon().name("bells-listen").start(this::listening);
    }

    /** Whether the broker can't be reached at present. */
    boolean isGone() {
        return gone;
    }

    @Override
    public void ring(Collection<String> destinations) {
        for (var destination : destinations)
            if (!couriers.nudge(destination)) order(destination, 0);
    }

    @Override
    public void ringAfter(String destination, Duration wait) {
        order(destination, Math.max(1, wait.toMillis()));
    }

    private void order(String destination, long afterMillis) {
        toRing.merge(destination, afterMillis, Math::min);
        if (work.availablePermits() == 0) work.release();
    }

    @Override
    public void close() {
        stopping = true;
        work.release();
        inside.shutdownNow();
        for (var thread : new @Nullable Thread[] {ringer, listener}) {
            try {
                if (thread != null) thread.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ------------------------------------------------------------ ringing

    private void ringing() {
        while (!stopping) {
            try (var connection = broker.connections().createConnection();
                    var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
                var producer = session.createProducer(session.createQueue(Broker.BELLS));
                while (!stopping) {
                    work.acquire();
                    for (var destination : Set.copyOf(toRing.keySet()))
                        ring(session, producer, destination);
                }
            } catch (JMSException e) {
                lost(e);
                ringInside();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void ring(Session session, MessageProducer producer, String destination)
            throws JMSException {
        var after = toRing.remove(destination);
        if (after == null) return;
        try {
            var bell = session.createMessage();
            bell.setStringProperty(DESTINATION, destination);
            producer.setDeliveryDelay(after);
            producer.send(bell);
        } catch (JMSException e) {
            order(destination, after);
            throw e;
        }
    }

    /** Without a broker: until it is back, and then once more for what nobody took. */
    private void ringInside() {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECONNECT_EVERY_MILLIS);
        while (!stopping && System.nanoTime() < until) {
            for (var destination : Set.copyOf(toRing.keySet())) {
                var after = toRing.remove(destination);
                if (after == null) continue;
                var _ = inside.schedule(() -> wake(destination), after, TimeUnit.MILLISECONDS);
            }
            try {
                // Woken or not, it looks again.
                var _ = work.tryAcquire(LISTEN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    // ------------------------------------------------------------ listening

    private void listening() {
        while (!stopping) {
            // Each bell is answered by itself: one destination may take hours.
            try (var connection = broker.connections().createConnection();
                    var session =
                            connection.createSession(
                                    false, ActiveMQJMSConstants.INDIVIDUAL_ACKNOWLEDGE);
                    var consumer = session.createConsumer(session.createQueue(Broker.BELLS))) {
                listen(connection, consumer);
            } catch (JMSException e) {
                lost(e);
                answered.clear(); // They are rung again.
                pause();
            }
        }
    }

    private void listen(Connection connection, MessageConsumer consumer) throws JMSException {
        connection.start();
        reached();
        while (!stopping) {
            var bell = consumer.receive(LISTEN_MILLIS);
            for (var done = answered.poll(); done != null; done = answered.poll())
                done.acknowledge();
            if (bell == null) continue;
            var destination = Objects.requireNonNullElse(bell.getStringProperty(DESTINATION), "");
            if (destination.isEmpty()) bell.acknowledge(); // Not one of ours.
            else answer(bell, destination);
        }
    }

    private void answer(Message bell, String destination) {
        var _ =
                couriers.wake(destination)
                        .whenComplete(
                                (_, _) -> {
                                    // A stopping engine leaves its work to whoever comes next.
                                    if (!stopping) answered.add(bell);
                                });
    }

    private void wake(String destination) {
        var _ = couriers.wake(destination);
    }

    private void reached() {
        if (gone) log.atInfo().log("broker is back");
        gone = false;
    }

    private void lost(JMSException e) {
        if (stopping) return;
        if (!gone)
            log.atWarn()
                    .addKeyValue("broker", broker.description())
                    .addKeyValue("exception", e.getClass().getSimpleName())
                    .log(
                            "broker can't be reached; deliveries go on, other nodes hear of them"
                                    + " late");
        gone = true;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RECONNECT_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
