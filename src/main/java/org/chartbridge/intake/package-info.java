/**
 * Intake: from a received message to a committed outcome. A route's steps stage what is to be done;
 * whatever all connections have ready is then applied together in one transaction (group commit),
 * and every answer of the group is released by that commit.
 *
 * <p>A held message goes on by being received again: {@link org.chartbridge.intake.Decisions} sets
 * it back in the transaction of a person's decision, and the backlog charts it like any other that
 * is stored. {@code Recharting} takes a decision back (decision 0017).
 *
 * <p>{@link org.chartbridge.intake.CodeRelease} lets orders go on that waited for a code (decision
 * 0022).
 *
 * <p>{@link org.chartbridge.intake.AlertDecisions} writes what people decide about alerts (decision
 * 0035).
 *
 * <p>{@link org.chartbridge.intake.LateAlerts} holds back what was ordered before its alert was
 * opened (decision 0055).
 *
 * <p>{@code ChartAnswers} answers queries in a reading transaction of their own (decision 0023).
 *
 * <p>{@link org.chartbridge.intake.Rebuild} makes the chart anew from the journal, beside the live
 * one, and says how they differ (decision 0020): {@code RebuildSpace} is its database, {@code
 * Replay} charts entry by entry by the same code, {@code RebuildDifferences} names what differs.
 */
@NullMarked
package org.chartbridge.intake;

import org.jspecify.annotations.NullMarked;
