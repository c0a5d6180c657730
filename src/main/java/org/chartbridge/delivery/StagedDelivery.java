package org.chartbridge.delivery;

import org.chartbridge.hl7.Fault;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * What a step asks for that sends: deliver:partner/queue, or order.
 *
 * @param destination {@code partner/queue}
 * @param body as it is to be sent; null when it is the message's own bytes, as they came
 * @param orders what leaves by it that has a number
 * @param chosen why it goes there: of each order or referral; empty where nothing was chosen
 * @param waits why it waits for a person, as its sender is told; null when it leaves
 * @param again asks the step again; null where its answer holds whatever others send
 */
public record StagedDelivery(
        String destination,
        byte @Nullable [] body,
        List<Leaving> orders,
        List<Chosen> chosen,
        @Nullable Fault waits,
        @Nullable Again again) {

    public StagedDelivery {
        orders = List.copyOf(orders);
        chosen = List.copyOf(chosen);
    }

    public StagedDelivery(String destination, byte @Nullable [] body) {
        this(destination, body, List.of(), List.of(), null, null);
    }

    /** The same with another body. */
    public StagedDelivery with(byte[] other) {
        return new StagedDelivery(destination, other, orders, chosen, waits, again);
    }

    /** What a step asks for instead, together with what else it asked for. */
    public interface Again {

        /**
         * Asks no database.
         *
         * @param went where orders went meanwhile that were taken for new, by their key
         */
        List<StagedDelivery> given(Map<String, String> went);
    }

    /** Names the destination only: a body is about a patient. */
    @Override
    public String toString() {
        return "StagedDelivery[" + destination + "]";
    }
}
