/**
 * Loops: orders and referrals followed until they are answered, or until somebody has to ask.
 *
 * <p>How one stands is never stored. {@link org.chartbridge.loops.Following}, a pure function of
 * what senders said, of deliveries and of results, says it whenever it is read, so that any order
 * of arrival gives the same and what is taken back opens its loop again (decision 0034). What is
 * stored is only what can't be computed: that somebody was told of a loop that is overdue ({@link
 * org.chartbridge.loops.Overdue}), and how long a partner usually takes ({@link
 * org.chartbridge.loops.Turnarounds}).
 */
@NullMarked
package org.chartbridge.loops;

import org.jspecify.annotations.NullMarked;
