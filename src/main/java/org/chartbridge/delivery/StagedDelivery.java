package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What a step {@code deliver:partner/queue} asks for.
 *
 * @param destination {@code partner/queue}
 * @param body as it is to be sent; null when it is the message's own bytes, as they came
 */
public record StagedDelivery(String destination, byte @Nullable [] body) {

    /** Names the destination only: a body is about a patient. */
    @Override
    public String toString() {
        return "StagedDelivery[" + destination + "]";
    }
}
