package org.chartbridge.intake;

import org.chartbridge.journal.JournalStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Charts what was stored and acknowledged first ({@code acknowledge: stored}), in the order of
 * arrival, and what was joined of parts. The look at start, after a crash, is the same as any
 * other. Messages that wait for their answer go first; but once in a while the backlog has its
 * turn, however busy the engine is.
 */
@Component
class Backlog implements SmartLifecycle {

    private static final int BATCH = 128;
    private static final long LOOK_EVERY_MILLIS = 2_000;
    private static final long TURN_AT_LEAST_EVERY_MILLIS = 1_000;
    private static final Duration STOP_LIMIT = Duration.ofMillis(500);
    private static final long LOOK_AT_ARRIVALS_EVERY_MILLIS = 25;

    /**
     * Above this, and where messages wait for each other, receiving has the processors for itself
     * but for the backlog's turns.
     */
    private static final double MANY_ARRIVALS_PER_SECOND = 1_000;

    /** Messages in a transaction on average: with more, they wait for each other. */
    private static final double ALONE = 2;

    private static final Logger log = LoggerFactory.getLogger(Backlog.class);

    private final Intake intake;
    private final JournalStore journal;
    private final PartnersInService partners;
    private final StageTimes times;
    private final Joining joining;
    private final Semaphore work = new Semaphore(0);
    private @Nullable Thread thread;
    private volatile boolean running;
    private long lookedAt = System.nanoTime();
    private long seenArrivals;
    private StageTimes.Groups seenGroups;

    Backlog(
            Intake intake,
            JournalStore journal,
            PartnersInService partners,
            StageTimes times,
            Joining joining) {
        this.joining = joining;
        this.intake = intake;
        this.journal = journal;
        this.partners = partners;
        this.times = times;
        this.seenGroups = times.groups();
    }

    @Override
    public void start() {
        running = true;
        intake.onStored(
                () -> {
                    if (work.availablePermits() == 0) work.release();
                });
        thread = Thread.ofPlatform().name("intake-backlog").daemon(true).start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        work.release();
        var runner = thread;
        if (runner == null) return;
        try {
            // It waits for a connection, or for a database that does not answer: nothing is lost by
            // leaving it there.
            if (!runner.join(STOP_LIMIT)) runner.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** With the listeners: after the routes are there, and ended before intake. */
    @Override
    public int getPhase() {
        return Intake.PHASE + 500;
    }

    private void run() {
        while (running) {
            try {
                int charted = chartSome();
                if (charted < BATCH)
                    // The result says only whether it was woken early; it looks in either case.
                    work.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.atWarn()
                        .addKeyValue("exception", e.getClass().getName())
                        .log("backlog could not be charted, looking again soon");
                pause();
            }
        }
    }

    private int chartSome() throws InterruptedException {
        long turn = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TURN_AT_LEAST_EVERY_MILLIS);
        while (running && arrivalsAreMany() && System.nanoTime() < turn)
            TimeUnit.MILLISECONDS.sleep(LOOK_AT_ARRIVALS_EVERY_MILLIS);
        joining.join();
        var entries = journal.received(BATCH);
        var settled = new ArrayList<CompletableFuture<?>>();
        for (var entry : entries) {
            var partner = partners.find(entry.entry().partner(), entry.entry().route());
            if (partner.isEmpty()) continue; // Folder or route is gone or refused: it waits.
            settled.add(intake.resume(entry, partner.get()));
        }
        for (var one : settled) {
            try {
                one.join();
            } catch (RuntimeException e) {
                log.atDebug().log("an entry of the backlog stays received");
            }
        }
        return settled.isEmpty() ? 0 : entries.size();
    }

    /** Whether more arrived since the last look than leaves time for the backlog. */
    private boolean arrivalsAreMany() {
        long now = System.nanoTime();
        long arrivals = intake.arrivals();
        long elapsed = Math.max(1, now - lookedAt);
        double perSecond = (arrivals - seenArrivals) * 1e9 / elapsed;
        var groups = times.groups();
        double together =
                (groups.messages() - seenGroups.messages())
                        / Math.max(1, groups.count() - seenGroups.count());
        lookedAt = now;
        seenArrivals = arrivals;
        seenGroups = groups;
        return perSecond > MANY_ARRIVALS_PER_SECOND && together > ALONE;
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
