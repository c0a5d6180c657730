package org.chartbridge.delivery;

import io.micrometer.core.instrument.MeterRegistry;

import org.chartbridge.delivery.Drain.Ending;
import org.chartbridge.mllp.MllpNetwork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

import javax.sql.DataSource;

/**
 * Starts the work on a destination when a bell rings for it, and looks for forgotten work from time
 * to time. One {@link Drain} works on a destination at a time, here and, by the claim, anywhere.
 */
public final class Couriers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Couriers.class);

    /** How long a bell waits whose destination another node has. */
    private static final Duration ELSEWHERE = Duration.ofSeconds(1);

    /** A bell that comes with the end of its wait must not find it a breath too early. */
    private static final Duration GRACE = Duration.ofMillis(5);

    private static final long LOOK_AT_PRESENCE_MILLIS = 1_000;

    /** Claims and first looks at once: a start with many destinations must not empty the pool. */
    private static final int CLAIMS_AT_ONCE = 3;

    private final DataSource dataSource;
    private final DeliveryStore store;
    private final Outboxes outboxes;
    private final DeliveryLimits limits;
    private final MeterRegistry meters;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Map<String, AtomicLong> waiting = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> ages = new ConcurrentHashMap<>();
    private final Semaphore claims = new Semaphore(CLAIMS_AT_ONCE);
    private @Nullable Tools tools;
    private @Nullable Bells bells;
    private @Nullable ScheduledExecutorService watch;
    private @Nullable Presence presence;
    private int node;
    private volatile boolean stopping;
    private volatile LongConsumer changed = _ -> {};

    public Couriers(
            DataSource dataSource,
            DeliveryStore store,
            Outboxes outboxes,
            DeliveryLimits limits,
            MeterRegistry meters) {
        this.dataSource = dataSource;
        this.store = store;
        this.outboxes = outboxes;
        this.limits = limits;
        this.meters = meters;
    }

    /** What all drains share. */
    record Tools(
            DeliveryStore store,
            Commits commits,
            MllpNetwork network,
            Policy policy,
            DeliveryLimits limits,
            Couriers couriers) {

        boolean stopping() {
            return couriers.stopping;
        }

        /** The deliveries of an entry have come further; 0 for a destination as a whole. */
        void changed(long entryId) {
            couriers.changed.accept(entryId);
        }

        void count(String destination, Outcome outcome) {
            couriers.meters
                    .counter(
                            "chartbridge.deliveries",
                            "destination",
                            destination,
                            "outcome",
                            outcome.word())
                    .increment();
        }
    }

    /** What is known here of one destination. */
    static final class Place {
        private final Semaphore signal = new Semaphore(0);
        private @Nullable CompletableFuture<Void> working;
        private long notBefore = System.nanoTime();
        private volatile @Nullable Line line;

        /** Something new waits. */
        private void signal() {
            if (signal.availablePermits() == 0) signal.release();
        }

        /** Whether something new waits since the last look. */
        boolean takeSignal() {
            return signal.drainPermits() > 0;
        }

        /** Waits for something new. */
        boolean awaitSignal(Duration time) throws InterruptedException {
            boolean came = signal.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
            signal.drainPermits();
            return came;
        }

        @Nullable Line line() {
            return line;
        }

        void keep(Line open) {
            line = open;
        }

        void hangUp() {
            var open = line;
            line = null;
            if (open != null) open.close();
        }
    }

    /** Is told the ids of entries whose deliveries have come further; must return at once. */
    public void onChange(LongConsumer listener) {
        changed = listener;
    }

    /** Begins to work; what waits is found by itself. */
    public synchronized void start(Bells ringing) {
        bells = ringing;
        stopping = false;
        tools =
                new Tools(
                        store,
                        new Commits(dataSource, store, limits),
                        new MllpNetwork(1, Runtime.getRuntime().maxMemory() / 8),
                        new Policy(limits),
                        limits,
                        this);
        node = store.newNode();
        var schedule =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("delivery-watch").factory());
        watch = schedule;
        var alive = new Presence(dataSource, store, node);
        presence = alive;
        alive.hold();
        var _ =
                schedule.scheduleWithFixedDelay(
                        guarded(alive::hold),
                        LOOK_AT_PRESENCE_MILLIS,
                        LOOK_AT_PRESENCE_MILLIS,
                        TimeUnit.MILLISECONDS);
        var _ =
                schedule.scheduleWithFixedDelay(
                        guarded(this::sweep), 0, limits.sweep().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets what is on its way be answered, then ends. Unanswered ones are sent again next time. */
    @Override
    public synchronized void close() {
        var shared = tools;
        if (shared == null) return;
        stopping = true;
        if (watch != null) watch.shutdownNow();
        places.values().forEach(Place::signal);
        long deadline = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
        for (var place : places.values()) {
            var work = working(place);
            if (work == null) continue;
            try {
                work.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (java.util.concurrent.ExecutionException
                    | java.util.concurrent.TimeoutException e) {
                log.atDebug().log("a destination is left with answers to come");
            }
        }
        places.values().forEach(Place::hangUp);
        shared.commits().close();
        shared.network().close();
        if (presence != null) presence.close();
        tools = null;
    }

    private static @Nullable CompletableFuture<Void> working(Place place) {
        synchronized (place) {
            return place.working;
        }
    }

    // ------------------------------------------------------------ bells

    /**
     * Deliveries were committed. True when nothing more need be done: it is being worked on here,
     * or waits for its next try anyway.
     */
    public boolean nudge(String destination) {
        var place = place(destination);
        synchronized (place) {
            if (place.working != null) {
                place.signal();
                return true;
            }
            return place.notBefore - System.nanoTime() > 0;
        }
    }

    /**
     * A bell rang.
     *
     * @return completes when the bell has done its work: nothing is left to do now, or another bell
     *     has been ordered for later
     */
    public CompletableFuture<Void> wake(String destination) {
        return wake(destination, false);
    }

    /** A person has decided: whatever waits is tried now. */
    public void resume(String destination) {
        var _ = wake(destination, true);
    }

    /** Looks for work in all destinations now, for example because routes have changed. */
    public void look() {
        var schedule = watch;
        if (schedule != null && !stopping) schedule.execute(guarded(this::sweep));
    }

    private CompletableFuture<Void> wake(String destination, boolean now) {
        var shared = tools;
        if (stopping || shared == null) return CompletableFuture.completedFuture(null);
        var place = place(destination);
        CompletableFuture<Void> work;
        synchronized (place) {
            if (place.working != null) {
                place.signal();
                return place.working;
            }
            if (!now && place.notBefore - System.nanoTime() > GRACE.toNanos())
                return CompletableFuture.completedFuture(null);
            work = new CompletableFuture<>();
            place.working = work;
        }
        var _ =
                Thread.ofVirtual()
                        .name("deliver " + destination)
                        .start(() -> work(destination, place, shared, work, now));
        return work;
    }

    private Place place(String destination) {
        return places.computeIfAbsent(destination, _ -> new Place());
    }

    private void work(
            String destination,
            Place place,
            Tools shared,
            CompletableFuture<Void> work,
            boolean now) {
        boolean again = now;
        while (true) {
            var ending = drain(destination, place, shared, again);
            again = false;
            synchronized (place) {
                // Rung while it was ending: nobody else would look.
                if (ending instanceof Ending.Idle && place.takeSignal() && !stopping) continue;
                place.working = null;
                if (ending instanceof Ending.Wait(var time))
                    place.notBefore = System.nanoTime() + time.toNanos();
            }
            var ringing = bells;
            if (ringing != null && !stopping)
                switch (ending) {
                    case Ending.Idle() -> {}
                    case Ending.Wait(var time) -> ringing.ringAfter(destination, time);
                    case Ending.Elsewhere() -> ringing.ringAfter(destination, ELSEWHERE);
                }
            work.complete(null);
            return;
        }
    }

    private Ending drain(String destination, Place place, Tools shared, boolean now) {
        var _ = place.takeSignal();
        var outbox = outboxes.find(destination).orElse(null);
        if (outbox == null) return new Ending.Idle(); // Its route, once it is there, rings.
        try {
            var claim = claim(destination, now);
            if (claim == null)
                return store.isClaimedElsewhere(destination, node)
                        ? new Ending.Elsewhere()
                        : new Ending.Idle();
            var drain = new Drain(destination, outbox, claim, place, shared);
            try {
                return drain.run();
            } finally {
                store.release(destination, claim.epoch(), drain.acceptedAny());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ending.Idle();
        } catch (RuntimeException e) { // The database, or a bug of ours: texts may hold content.
            place.hangUp();
            if (!stopping)
                log.atError()
                        .addKeyValue("destination", destination)
                        .addKeyValue("exception", root(e).getClass().getName())
                        .log("deliveries of a destination stopped, trying again");
            return new Ending.Wait(limits.firstWait());
        }
    }

    private DeliveryStore.@Nullable Claim claim(String destination, boolean now)
            throws InterruptedException {
        claims.acquire();
        try {
            return store.claim(destination, node, now, limits.longestWait()).orElse(null);
        } finally {
            claims.release();
        }
    }

    private static Throwable root(Throwable e) {
        var root = e;
        while (root.getCause() != null) root = root.getCause();
        return root;
    }

    // ------------------------------------------------------------ watching

    private void sweep() {
        var routed = outboxes.destinations();
        if (known.addAll(routed)) store.know(routed);
        for (var name : store.due(limits.longestWait())) {
            var _ = sweepWake(name);
        }
        measure();
        places.forEach(
                (name, place) -> {
                    var line = place.line();
                    if (working(place) == null && line != null && line.idleFor(limits.idle()))
                        place.hangUp();
                });
    }

    /** What the database calls due is looked at, whatever is remembered here. */
    private CompletableFuture<Void> sweepWake(String destination) {
        var place = place(destination);
        synchronized (place) {
            place.notBefore = System.nanoTime();
        }
        return wake(destination);
    }

    private void measure() {
        var found = store.backlogs();
        // Application acknowledgements wait where nobody has written a route yet: to be seen.
        if (known.addAll(found.keySet())) store.know(found.keySet());
        for (var name : waiting.keySet()) if (!found.containsKey(name)) gauge(name, 0, 0);
        found.forEach((name, backlog) -> gauge(name, backlog.waiting(), backlog.ageSeconds()));
    }

    private void gauge(String destination, long count, long ageSeconds) {
        waiting.computeIfAbsent(
                        destination,
                        name ->
                                Objects.requireNonNull(
                                        meters.gauge(
                                                "chartbridge.deliveries.waiting",
                                                java.util.List.of(
                                                        io.micrometer.core.instrument.Tag.of(
                                                                "destination", name)),
                                                new AtomicLong())))
                .set(count);
        ages.computeIfAbsent(
                        destination,
                        name ->
                                Objects.requireNonNull(
                                        meters.gauge(
                                                "chartbridge.deliveries.age",
                                                java.util.List.of(
                                                        io.micrometer.core.instrument.Tag.of(
                                                                "destination", name)),
                                                new AtomicLong())))
                .set(ageSeconds);
    }

    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) { // Else the schedule would end in silence.
                log.atWarn()
                        .addKeyValue("exception", e.getClass().getName())
                        .log("waiting deliveries could not be looked for, looking again soon");
            }
        };
    }

    /** For tests: how many destinations are worked on now. */
    int working() {
        var all = new ArrayList<Place>(places.values());
        return (int) all.stream().filter(place -> working(place) != null).count();
    }
}
