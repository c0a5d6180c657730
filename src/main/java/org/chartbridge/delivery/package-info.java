/**
 * Delivery: messages on their way to partners, in order, until accepted or handed to a person.
 *
 * <p>A delivery is staged by a route and written in the one commit of the message that caused it
 * ({@link DeliveryStore#stage}). From then on PostgreSQL knows that it waits; everything else may
 * be lost.
 *
 * <pre>
 *  intake: one commit ─► bell ─► Couriers: claim the destination (owner, epoch)
 *                                    │
 *                                    ▼
 *          ┌── commit: outcome of the last, attempt of the next ──┐
 *          │                                                      ▼
 *       answer ◄──── partner ◄──── frozen bytes ◄──── connection  ({@link Line})
 * </pre>
 *
 * <p>Where to start reading: {@link Outcome} says what can become of an attempt and {@link Policy}
 * what follows from it; {@link Drain} is the work on one destination ({@link Supply} is what waits,
 * {@link Window} what is on its way), {@link Couriers} starts it; {@link Claims} says who may send;
 * {@link Desk} is what a person may do. The outbox route and the broker live in {@code routes},
 * behind {@link Outboxes} and {@link Bells}.
 *
 * <p>Promises of this room:
 *
 * <ul>
 *   <li>Deliveries of a destination leave in the order of their entries. One that can't be
 *       delivered waits at the head, and those behind it wait with it. What one sender sent leaves
 *       in the order it was sent, also where several engines share the work.
 *   <li>One that its route can't make of its message waits aside ({@link SetAside}), and with it
 *       whatever is behind it about the same patient; all else leaves (decision 0045).
 *   <li>No byte leaves before its attempt is written, under the epoch of the claim.
 *   <li>What was made for the first attempt is frozen, with its endpoint. Later attempts send the
 *       same bytes with the same MSH-10, whatever the route says by then.
 *   <li>A partner that discards what it knows by MSH-10 gets everything exactly once.
 * </ul>
 */
@NullMarked
package org.chartbridge.delivery;

import org.jspecify.annotations.NullMarked;
