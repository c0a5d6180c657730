package org.chartbridge.intake;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * How much intake takes at once, and how long it waits.
 *
 * @param workers threads that read and map; {@code 0} means one for each processor
 * @param writers transactions that run at once
 * @param share messages of one partner in work at most, while others send too; further ones wait
 * @param groupMessages messages in one transaction at most
 * @param groupBytes raw bytes in one transaction at most
 * @param aloneBytes a message larger than this runs in a transaction of its own
 * @param outage how long messages wait for a database that is gone before their connections are
 *     closed without an answer
 * @param strayPerMinute how many pieces of stray bytes are kept in a minute; further ones are only
 *     counted in the log
 */
@ConfigurationProperties("chartbridge.intake")
public record IntakeLimits(
        @DefaultValue("0") int workers,
        @DefaultValue("2") int writers,
        @DefaultValue("16") int share,
        @DefaultValue("128") int groupMessages,
        @DefaultValue("4194304") int groupBytes,
        @DefaultValue("1048576") int aloneBytes,
        @DefaultValue("30s") Duration outage,
        @DefaultValue("120") int strayPerMinute) {

    public IntakeLimits {
        if (workers == 0) workers = Math.max(2, Runtime.getRuntime().availableProcessors());
        if (workers < 1 || writers < 1 || share < 1 || groupMessages < 1 || strayPerMinute < 1)
            throw new IllegalArgumentException("chartbridge.intake: limits start at 1");
    }

    /** The limits that hold when nothing is set. */
    public static IntakeLimits defaults() {
        return new IntakeLimits(0, 2, 16, 128, 4 << 20, 1 << 20, Duration.ofSeconds(30), 120);
    }
}
