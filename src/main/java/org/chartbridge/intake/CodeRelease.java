package org.chartbridge.intake;

import org.chartbridge.journal.HeldCodes;
import org.chartbridge.journal.HeldCodes.Test;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Partner.UnknownCodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets messages go on that waited for a code ({@code codes: hold}) when their partner's folder has
 * the rows: exactly those of which every test is known now. What waited behind them in their orders
 * follows when they are charted. Likewise those that a step of the route could not do, and those
 * that a fault of ours held, when the folder is loaded: at each start, so after an update too.
 *
 * <p>It looks when a folder is loaded, and once in a while, for a message that was read by the
 * version before and held after the look. Partners that hold nothing are looked at only after their
 * folder was loaded.
 */
@Component
public class CodeRelease implements SmartLifecycle {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofMillis(500);

    /** After so long no message is on its way that was read by the version before. */
    private static final Duration IN_FLIGHT = Duration.ofMinutes(2);

    private static final Logger log = LoggerFactory.getLogger(CodeRelease.class);

    private final Intake intake;
    private final HeldCodes held;
    private final Map<String, Watched> looking = new ConcurrentHashMap<>();
    private final Set<String> fresh = ConcurrentHashMap.newKeySet();
    private final Semaphore work = new Semaphore(0);
    private final Duration pause;
    private @Nullable Thread thread;
    private volatile boolean running;

    @org.springframework.beans.factory.annotation.Autowired
    CodeRelease(Intake intake, HeldCodes held) {
        this(intake, held, LOOK_EVERY);
    }

    CodeRelease(Intake intake, HeldCodes held, Duration pause) {
        this.intake = intake;
        this.held = held;
        this.pause = pause;
    }

    private record Watched(Partner partner, long since) {}

    /** A version of a partner's folder runs now. Returns at once. */
    public void loaded(Partner partner) {
        fresh.add(partner.folder());
        looking.put(partner.folder(), new Watched(partner, System.nanoTime()));
        work.release();
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("intake-codes").daemon(true).start(this::run);
    }

    private void run() {
        while (running) {
            try {
                // Whether it was woken or time has passed, it looks.
                boolean _ = work.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                int _ = work.drainPermits();
                for (var watched : List.copyOf(looking.values())) if (running) look(watched);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.atWarn()
                        .addKeyValue("exception", e.getClass().getName())
                        .log("messages that wait for codes could not be looked at, trying again");
            }
        }
    }

    private void look(Watched watched) {
        var partner = watched.partner();
        int released = release(partner);
        // Once for each version: what still can't be done would come back for ever.
        if (fresh.remove(partner.folder())) released += held.releaseOfSteps(partner.folder());
        if (!holds(partner) && System.nanoTime() - watched.since() > IN_FLIGHT.toNanos())
            looking.remove(partner.folder(), watched);
        if (released == 0) return;
        log.atInfo()
                .addKeyValue("partner", partner.folder())
                .addKeyValue("messages", released)
                .log("codes are known now, or a route is mended: messages go on");
        intake.lookAtStored();
    }

    private int release(Partner partner) {
        if (!holds(partner)) return held.releaseAll(partner.folder());
        int released = 0;
        for (var page = held.waiting(partner.folder(), 0);
                !page.isEmpty();
                page = held.waiting(partner.folder(), page.lastEntry().getKey())) {
            var known = new ArrayList<Long>();
            page.forEach(
                    (entry, tests) -> {
                        if (tests.stream().allMatch(test -> isKnown(test, partner)))
                            known.add(entry);
                    });
            if (!known.isEmpty()) held.release(known);
            released += known.size();
        }
        return released;
    }

    private static boolean holds(Partner partner) {
        return partner.codes().unknown() == UnknownCodes.HOLD;
    }

    private static boolean isKnown(Test test, Partner partner) {
        var at = test.saidAt();
        var day = at == null ? LocalDate.MAX : at.atZone(partner.zone()).toLocalDate();
        return partner.codes().table().find(test.code(), test.text(), test.unit(), day).isPresent();
    }

    @Override
    public void stop() {
        running = false;
        work.release();
        var runner = thread;
        if (runner == null) return;
        try {
            if (!runner.join(STOP_LIMIT)) runner.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** With the backlog: ended before intake. */
    @Override
    public int getPhase() {
        return Intake.PHASE + 500;
    }
}
