package org.chartbridge.delivery;

/**
 * An order or a referral that leaves by a delivery.
 *
 * @param key {@link WhereOrdersWent#key}
 * @param first whether none of this number may have been sent before: two that are both new on two
 *     connections are decided by the database, see {@link SentOrders#claim}
 * @param patient by which numbers the message names its patient, see {@link
 *     WhereOrdersWent#isOfAnother}; empty where it is not the first
 */
public record Leaving(String key, boolean first, String patient) {

    /** Whether it is the first only. */
    @Override
    public String toString() {
        return "Leaving[first=" + first + "]";
    }
}
