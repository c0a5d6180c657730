package org.chartbridge.delivery;

import java.time.Duration;
import java.util.Collection;

/**
 * Says that a destination has work; implemented where the broker lives. A bell carries the name of
 * a destination and nothing else, and a lost one delays work until the next sweep at most.
 */
public interface Bells {

    /** Deliveries were committed. Returns at once; may be called from any thread. */
    void ring(Collection<String> destinations);

    /** There is something to try again after a while. Returns at once. */
    void ringAfter(String destination, Duration wait);
}
