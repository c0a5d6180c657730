package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a step asks for that sends: deliver:partner/queue, or order.
 *
 * @param destination {@code partner/queue}
 * @param body as it is to be sent; null when it is the message's own bytes, as they came
 * @param orders keys of the orders that leave by it, {@link WhereOrdersWent#key}
 */
public record StagedDelivery(String destination, byte @Nullable [] body, List<String> orders) {

    public StagedDelivery {
        orders = List.copyOf(orders);
    }

    public StagedDelivery(String destination, byte @Nullable [] body) {
        this(destination, body, List.of());
    }

    /** Names the destination only: a body is about a patient. */
    @Override
    public String toString() {
        return "StagedDelivery[" + destination + "]";
    }
}
