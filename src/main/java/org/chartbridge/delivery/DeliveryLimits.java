package org.chartbridge.delivery;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * How long deliveries wait for what, and how much of them is in memory.
 *
 * @param connect how long a connection may take to come about
 * @param answer how long a partner may take to answer; then the connection is closed and the same
 *     bytes are sent again
 * @param firstWait before the second try; doubles with each further failure
 * @param longestWait beyond which waits don't grow
 * @param unreachableWait the same while no connection comes about: asking costs next to nothing,
 *     and somebody may be waiting for the partner to come back
 * @param deferrals how often in a row a partner may say "not now" before a person is asked
 * @param idle a connection without a message for so long is closed
 * @param batch deliveries of one destination in memory at most
 * @param batchBytes bytes of them at most; a single larger one is read alone
 * @param group destinations whose steps share a commit at most
 * @param sweep how often everything that waits is looked for, whether a bell rang or not
 */
@ConfigurationProperties("chartbridge.delivery")
public record DeliveryLimits(
        @DefaultValue("5s") Duration connect,
        @DefaultValue("30s") Duration answer,
        @DefaultValue("1s") Duration firstWait,
        @DefaultValue("60s") Duration longestWait,
        @DefaultValue("10s") Duration unreachableWait,
        @DefaultValue("20") int deferrals,
        @DefaultValue("5m") Duration idle,
        @DefaultValue("256") int batch,
        @DefaultValue("1048576") int batchBytes,
        @DefaultValue("128") int group,
        @DefaultValue("30s") Duration sweep) {

    /** The largest window that a route may ask for. */
    public static final int MAX_WINDOW = 1_000;

    public DeliveryLimits {
        if (deferrals < 1 || batch < 1 || batchBytes < 1 || group < 1)
            throw new IllegalArgumentException("chartbridge.delivery: limits start at 1");
        if (!connect.isPositive()
                || !answer.isPositive()
                || !firstWait.isPositive()
                || !longestWait.isPositive()
                || !unreachableWait.isPositive()
                || !idle.isPositive()
                || !sweep.isPositive())
            throw new IllegalArgumentException("chartbridge.delivery: times start above zero");
    }

    /** The limits that hold when nothing is set. */
    public static DeliveryLimits defaults() {
        return new DeliveryLimits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                20,
                Duration.ofMinutes(5),
                256,
                1 << 20,
                128,
                Duration.ofSeconds(30));
    }
}
