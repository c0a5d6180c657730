/**
 * Orders on their way to laboratories, and referrals on theirs: who gets one and why, in which
 * words it is sent, and what nobody could place.
 *
 * <pre>
 *  step order ─► {@link org.chartbridge.ordering.Ordering} ─► a delivery for each laboratory
 *                     │                                      (in its words, {@link org.chartbridge.ordering.LabMessage})
 *                     └─ nobody does it, two do, a question is open
 *                          ─► a delivery that waits in {@code sender/orders-to-place}
 *                               ─► {@link org.chartbridge.ordering.OrdersToPlace}: a person chooses, or the tables do once they are mended
 *  step refer ─► {@link org.chartbridge.ordering.Referring} ─► a delivery to whom it is for, or one that waits likewise
 * </pre>
 *
 * <p>What is staged is committed with the message that ordered, frozen and delivered as any other
 * delivery (decision 0033).
 */
@NullMarked
package org.chartbridge.ordering;

import org.jspecify.annotations.NullMarked;
