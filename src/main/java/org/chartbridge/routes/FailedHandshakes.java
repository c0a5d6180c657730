package org.chartbridge.routes;

import org.chartbridge.mllp.TlsFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Tells of handshakes that failed at a web address, a line each. Whoever calls again and again does
 * not fill the log: of more than {@value #MAX_A_MINUTE} in a minute only the number is told.
 */
final class FailedHandshakes {
    static final int MAX_A_MINUTE = 60;

    private static final Logger log = LoggerFactory.getLogger(FailedHandshakes.class);

    private final Address listener;
    private final InstantSource clock;
    private Instant until = Instant.MIN;
    private int told;

    FailedHandshakes(Address listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    synchronized void failed(String peer, TlsFailure why) {
        var now = clock.instant();
        if (now.isAfter(until)) {
            if (told > MAX_A_MINUTE)
                log.atWarn()
                        .addKeyValue("listener", listener)
                        .addKeyValue("count", told - MAX_A_MINUTE)
                        .log("more handshakes failed in a minute than were told one by one");
            until = now.plus(Duration.ofMinutes(1));
            told = 0;
        }
        if (++told > MAX_A_MINUTE) return;
        log.atWarn()
                .addKeyValue("listener", listener)
                .addKeyValue("peer", peer)
                .log("no TLS: {}", why);
    }
}
