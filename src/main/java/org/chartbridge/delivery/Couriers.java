package org.chartbridge.delivery;

import io.micrometer.core.instrument.MeterRegistry;

import org.chartbridge.mllp.MllpNetwork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import javax.sql.DataSource;

/**
 * Starts the work on a destination when a bell rings for it, and looks for forgotten work from time
 * to time; long because starting, stopping and handing over stand here together. One {@link Drain}
 * works on a destination at a time, here and, by the claim, anywhere.
 */
public final class Couriers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Couriers.class);

    /** How long a bell waits whose destination another node has. */
    private static final Duration ELSEWHERE = Duration.ofSeconds(1);

    /** A bell that comes with the end of its wait must not find it a breath too early. */
    private static final Duration GRACE = Duration.ofMillis(5);

    private static final long LOOK_AT_PRESENCE_MILLIS = 1_000;

    /** From the end of one wait between sweeps to the look of the next one, at most. */
    private static final Duration SWEEPING = Duration.ofSeconds(2);

    /** Counting what waits takes at most this part of the time: a lot may be waiting. */
    private static final long COUNTING_IS_ONE_OF = 50;

    private final DataSource dataSource;
    private final DeliveryStore store;
    private final Outboxes outboxes;
    private final DeliveryLimits limits;
    private final MeterRegistry meters;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final WaitingGauges gauges;
    private final Claims claiming;
    private @Nullable Tools tools;
    private @Nullable Bells bells;
    private @Nullable ScheduledExecutorService watch;
    private @Nullable Presence presence;
    private int node;
    private long countAgainAt = System.nanoTime();
    private volatile Runnable swept = () -> {};
    private volatile boolean stopping;
    private volatile LongConsumer changed = _ -> {};
    private volatile LateAnswers late = LateAnswers.NONE;
    private volatile AnswersOnward onward = AnswersOnward.NONE;

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
        this.gauges = new WaitingGauges(meters);
        this.claiming = store.claims();
    }

    /** Is told the ids of entries whose deliveries have come further; must return at once. */
    public void onChange(LongConsumer listener) {
        changed = listener;
    }

    /** Names what takes application acknowledgements that come on connections of ours. */
    public void onLateAnswer(LateAnswers taker) {
        late = taker;
    }

    /** Names what lets answers go on, before the work begins. */
    public void onAnswer(AnswersOnward taker) {
        onward = taker;
    }

    /** Begins to work; what waits is found by itself. */
    public synchronized void start(Bells ringing) {
        bells = ringing;
        stopping = false;
        tools =
                new Tools(
                        dataSource,
                        store,
                        new Commits(dataSource, store, limits),
                        new MllpNetwork(1, Runtime.getRuntime().maxMemory() / 8),
                        new Policy(limits),
                        limits,
                        meters,
                        () -> stopping,
                        entryId -> changed.accept(entryId),
                        (destination, peer, answer) -> late.came(destination, peer, answer),
                        onward);
        node = claiming.newNode();
        var schedule =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("delivery-watch").factory());
        watch = schedule;
        var alive = new Presence(dataSource, claiming, node);
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
            var work = place.working();
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

    // ------------------------------------------------------------ bells

    /**
     * Deliveries were committed. True when nothing more need be done: it is being worked on here,
     * or waits for its next try anyway.
     */
    public boolean nudge(String destination) {
        return place(destination).nudge();
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
        return switch (place.begin(now, GRACE)) {
            case Place.Begin.Already(var work) -> work;
            case Place.Begin.Later() -> CompletableFuture.completedFuture(null);
            case Place.Begin.Now(var work) -> {
                var _ =
                        Thread.ofPlatform()
                                .daemon()
                                .name("deliver " + destination)
                                .start(() -> work(destination, place, shared, work, now));
                yield work;
            }
        };
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
        Ending ending;
        do {
            ending = drain(destination, place, shared, again);
            again = false;
        } while (!place.end(
                ending instanceof Ending.Idle && !stopping,
                ending instanceof Ending.Wait(var time) ? time : null));
        var ringing = bells;
        if (ringing != null && !stopping)
            switch (ending) {
                case Ending.Idle() -> {}
                case Ending.Wait(var time) -> ringing.ringAfter(destination, time);
                case Ending.Elsewhere() -> ringing.ringAfter(destination, ELSEWHERE);
            }
        work.complete(null);
    }

    private Ending drain(String destination, Place place, Tools shared, boolean now) {
        var _ = place.takeSignal();
        var outbox = outboxes.find(destination).orElse(null);
        if (outbox == null) return new Ending.Idle(); // Its route, once it is there, rings.
        try {
            var claim = claiming.claim(destination, node, now, limits.longestWait()).orElse(null);
            if (claim == null)
                return claiming.isClaimedElsewhere(destination, node)
                        ? new Ending.Elsewhere()
                        : new Ending.Idle();
            var drain = new Drain(destination, outbox, claim, place, shared);
            try {
                return drain.run();
            } finally {
                claiming.release(destination, node, drain.acceptedAny());
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

    private static Throwable root(Throwable e) {
        var root = e;
        while (root.getCause() != null) root = root.getCause();
        return root;
    }

    // ------------------------------------------------------------ watching

    /** Calls back with each sweep, on its thread: not for long work. */
    public void whenSwept(Runnable listener) {
        swept = listener;
    }

    private void sweep() {
        var routed = outboxes.destinations();
        if (known.addAll(routed)) store.know(routed);
        for (var name : claiming.due(limits.longestWait())) {
            var _ = sweepWake(name);
        }
        wakeSoon();
        measure();
        swept.run();
        places.forEach(
                (name, place) -> {
                    var line = place.line();
                    if (place.working() == null && line != null && line.idleFor(limits.idle()))
                        place.hangUp();
                });
    }

    /** What the database calls due is looked at, whatever is remembered here. */
    private CompletableFuture<Void> sweepWake(String destination) {
        place(destination).hurry();
        return wake(destination);
    }

    /**
     * What is due before the next sweep is looked at when it is. Its bell was ordered by whoever
     * failed to send it, and may have been lost with that engine or its broker.
     */
    private void wakeSoon() {
        var schedule = watch;
        if (schedule == null) return;
        for (var soon : claiming.soon(limits.sweep().plus(SWEEPING))) {
            Runnable wake =
                    () -> {
                        var _ = wake(soon.destination());
                    };
            var _ = schedule.schedule(guarded(wake), soon.millis() + 1, TimeUnit.MILLISECONDS);
        }
    }

    private void measure() {
        long began = System.nanoTime();
        if (began - countAgainAt < 0) return;
        var found = store.backlogs();
        var asking = store.asking();
        long ended = System.nanoTime();
        countAgainAt = ended + COUNTING_IS_ONE_OF * (ended - began);
        // Application acknowledgements wait where nobody has written a route yet: to be seen.
        if (known.addAll(found.keySet())) store.know(found.keySet());
        gauges.show(found, asking);
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
        return (int) all.stream().filter(place -> place.working() != null).count();
    }
}
