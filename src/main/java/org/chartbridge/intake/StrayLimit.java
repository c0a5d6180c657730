package org.chartbridge.intake;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;

/** Keeps a port scanner from filling the database with stray bytes. */
final class StrayLimit {

    private static final Logger log = LoggerFactory.getLogger(StrayLimit.class);

    private final int perMinute;
    private long minute = -1;
    private int admitted;

    StrayLimit(int perMinute) {
        this.perMinute = perMinute;
    }

    synchronized boolean admits() {
        long now = TimeUnit.NANOSECONDS.toMinutes(System.nanoTime());
        if (now != minute) {
            minute = now;
            admitted = 0;
        }
        if (++admitted == perMinute + 1)
            log.atWarn()
                    .addKeyValue("limit", perMinute)
                    .log(
                            "more stray bytes this minute than are kept"
                                    + " (chartbridge.intake.stray-per-minute)");
        return admitted <= perMinute;
    }
}
