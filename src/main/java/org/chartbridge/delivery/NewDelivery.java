package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A delivery as it is first written.
 *
 * @param id from {@link DeliveryStore#nextId}; grows in the order of staging
 * @param entryId of the message that caused it
 * @param controlId MSH-10 of the body, storable
 * @param type MSH-9.1 and MSH-9.2 joined by {@code ^}
 * @param sizeBytes of the body
 * @param body null when it is the entry's raw bytes
 * @param orders keys of the orders that leave by it and are not claimed, {@link
 *     WhereOrdersWent#key}
 * @param chosen why it goes there: of each order or referral
 * @param behind the entry of what it follows, where that came later: it leaves after that; else 0
 */
public record NewDelivery(
        long id,
        long entryId,
        String destination,
        String controlId,
        String type,
        int sizeBytes,
        byte @Nullable [] body,
        Instant stagedAt,
        List<String> orders,
        List<Chosen> chosen,
        long behind) {

    /** Behind all that an entry caused itself. */
    private static final long LAST = 1L << 62;

    public NewDelivery {
        orders = List.copyOf(orders);
        chosen = List.copyOf(chosen);
    }

    /** One by which no order leaves. */
    public NewDelivery(
            long id,
            long entryId,
            String destination,
            String controlId,
            String type,
            int sizeBytes,
            byte @Nullable [] body,
            Instant stagedAt) {
        this(
                id,
                entryId,
                destination,
                controlId,
                type,
                sizeBytes,
                body,
                stagedAt,
                List.of(),
                List.of(),
                0);
    }

    /** Where it stands among those of its turn. */
    long place() {
        return behind == 0 ? id : LAST + entryId;
    }

    /** Prints the id only: a body is about a patient. */
    @Override
    public String toString() {
        return "NewDelivery[" + id + "]";
    }
}
