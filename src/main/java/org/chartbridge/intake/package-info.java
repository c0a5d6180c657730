/**
 * Intake: from a received message to a committed outcome. A route's steps stage what is to be done;
 * whatever all connections have ready is then applied together in one transaction (group commit),
 * and every answer of the group is released by that commit.
 *
 * <p>A held message goes on by being received again: {@link org.chartbridge.intake.Decisions} sets
 * it back in the transaction of a person's decision, and the backlog charts it like any other that
 * is stored. {@code Recharting} takes a decision back (decision 0017).
 */
@NullMarked
package org.chartbridge.intake;

import org.jspecify.annotations.NullMarked;
