package org.chartbridge.loops;

import jakarta.annotation.PreDestroy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks every minute (less often where a look takes seconds) for orders and referrals that are
 * overdue, raises and closes their alerts, and learns once an hour how long partners take. Costs
 * nothing where messages are received.
 */
@Component
public class Watching {
    static final Duration EVERY = Duration.ofMinutes(1);

    /** However long a look takes, the pause behind it is so many times as long. */
    static final int SHARE = 20;

    static final Duration LEARN_EVERY = Duration.ofHours(1);

    /** What was ordered before is on the page, and nobody is told of it again. */
    static final Duration BACK = Duration.ofDays(400);

    private static final Logger log = LoggerFactory.getLogger(Watching.class);

    private final OpenLoops loops;
    private final Overdue overdue;
    private final Turnarounds turnarounds;
    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("loops").factory());
    private Instant learnAgain = Instant.MIN;

    Watching(OpenLoops loops, Overdue overdue, Turnarounds turnarounds) {
        this.loops = loops;
        this.overdue = overdue;
        this.turnarounds = turnarounds;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        next(EVERY.dividedBy(2));
    }

    private void next(Duration wait) {
        var _ = thread.schedule(this::again, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void again() {
        long start = System.nanoTime();
        safely();
        var share = Duration.ofNanos(System.nanoTime() - start).multipliedBy(SHARE);
        if (!thread.isShutdown()) next(share.compareTo(EVERY) > 0 ? share : EVERY);
    }

    @PreDestroy
    void end() {
        thread.shutdownNow();
    }

    private void safely() {
        try {
            look(clock.instant());
        } catch (DataAccessException e) {
            log.atWarn().log("overdue orders could not be looked for; tried again in a minute");
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("overdue orders could not be looked for");
        }
    }

    /** Looks once. */
    public void look(Instant now) {
        if (!now.isBefore(learnAgain)) {
            turnarounds.learn(now);
            learnAgain = now.plus(LEARN_EVERY);
        }
        var found = loops.open(now.minus(BACK), now).loops();
        int raised = overdue.settle(found.stream().filter(l -> l.isOverdue(now)).toList(), now);
        if (raised > 0)
            log.atWarn().addKeyValue("count", raised).log("orders or referrals are overdue");
    }
}
