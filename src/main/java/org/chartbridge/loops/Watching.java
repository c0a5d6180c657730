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

    /** A look that takes longer is told of. */
    static final Duration LONG = Duration.ofSeconds(3);

    static final Duration LEARN_EVERY = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(Watching.class);

    private final OpenList open;
    private final Overdue overdue;
    private final Turnarounds turnarounds;
    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("loops").factory());
    private Instant learnAgain = Instant.MIN;

    Watching(OpenList open, Overdue overdue, Turnarounds turnarounds) {
        this.open = open;
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
        var took = Duration.ofNanos(System.nanoTime() - start);
        if (took.compareTo(LONG) > 0)
            log.atInfo()
                    .addKeyValue("elapsedMs", took.toMillis())
                    .log("a look for overdue orders takes long, so the next one waits");
        var share = took.multipliedBy(SHARE);
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
        overdue.settle(open.look(now), now)
                .forEach(
                        (clock, count) ->
                                log.atWarn()
                                        .addKeyValue("count", count)
                                        .addKeyValue(
                                                "waitingFor", clock.isEmpty() ? "answer" : clock)
                                        .log("orders or referrals are overdue"));
    }
}
