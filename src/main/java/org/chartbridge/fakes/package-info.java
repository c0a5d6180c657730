/**
 * Fake partners: a lab, an EMR and a specialist that behave as a script says, on real sockets.
 *
 * <p>{@link org.chartbridge.fakes.ScriptFile} reads a {@link org.chartbridge.fakes.Script} or says
 * with line and remedy what is wrong in it. {@link org.chartbridge.fakes.FakePartner} plays it: it
 * answers what comes ({@code Answering}), and for each order or referral that it took it goes a
 * {@link org.chartbridge.fakes.Course}, step by step: accepted, preliminary, final, corrected. What
 * it got, what it sent and how each order stands in its eyes is on disk before anybody is told
 * ({@link org.chartbridge.fakes.PartnerLedger}), so that a proof can compare it with the engine.
 *
 * <p>Chance is drawn from the script's seed and the number of the order or message, not from when
 * it comes, so that the same seed gives the same run.
 *
 * <p>Everybody in it is invented. Nothing uses this room but commands and bench.
 */
@NullMarked
package org.chartbridge.fakes;

import org.jspecify.annotations.NullMarked;
