package org.chartbridge.access;

import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;

/**
 * Slows guessing down: after a few failed logins each further one has to wait twice as long. Kept
 * by account and address together, so that nobody can lock another out, and in memory only.
 */
@Component
class LoginDelays {
    /** Mistypings that cost nothing. */
    static final int FREE_FAILURES = 3;

    static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    static final Duration MAX_DELAY = Duration.ofMinutes(5);

    /** A guesser who stays away this long starts anew. */
    static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(30);

    /** Pairs of account and address that are remembered; the oldest is forgotten for a new one. */
    static final int MAX_REMEMBERED = 10_000;

    private record Failures(int count, Instant last) {}

    private final Clock clock;
    private final LinkedHashMap<String, Failures> failures = new LinkedHashMap<>();

    LoginDelays() {
        this(Clock.systemUTC());
    }

    LoginDelays(Clock clock) {
        this.clock = clock;
    }

    /** How long this one still has to wait; zero when it may try now. */
    synchronized Duration left(String key) {
        var known = failures.get(key);
        if (known == null) return Duration.ZERO;
        var left = Duration.between(clock.instant(), known.last().plus(delay(known.count())));
        return left.isNegative() ? Duration.ZERO : left;
    }

    synchronized void failed(String key) {
        var now = clock.instant();
        var known = failures.remove(key);
        var before =
                known != null && known.last().plus(FORGOTTEN_AFTER).isAfter(now)
                        ? known.count()
                        : 0;
        failures.put(key, new Failures(before + 1, now));
        if (failures.size() > MAX_REMEMBERED) failures.pollFirstEntry();
    }

    synchronized void succeeded(String key) {
        failures.remove(key);
    }

    synchronized int remembered() {
        return failures.size();
    }

    private static Duration delay(int count) {
        if (count < FREE_FAILURES) return Duration.ZERO;
        var doublings = Math.min(count - FREE_FAILURES, 20);
        var delay = FIRST_DELAY.multipliedBy(1L << doublings);
        return delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
    }
}
