/**
 * Delivery: messages on their way to partners.
 *
 * <p>A delivery is staged by a route and written in the one commit of the message that caused it
 * ({@link org.chartbridge.delivery.DeliveryStore#stage}). From then on PostgreSQL knows that it
 * waits; everything else may be lost.
 */
@NullMarked
package org.chartbridge.delivery;

import org.jspecify.annotations.NullMarked;
