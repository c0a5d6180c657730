/**
 * Intake: from a received message to a committed outcome. A route's steps stage what is to be done;
 * whatever all connections have ready is then applied together in one transaction (group commit),
 * and every answer of the group is released by that commit.
 */
@NullMarked
package org.chartbridge.intake;

import org.jspecify.annotations.NullMarked;
