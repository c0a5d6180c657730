/**
 * Measuring the engine, and killing it: what stands behind {@code bench} and its commands.
 *
 * <p>Both work on a real engine in a process of its own, over real sockets, and believe no number
 * that SQL does not confirm.
 *
 * <ul>
 *   <li><b>bench</b>: {@link org.chartbridge.bench.BenchRun} loads the engine ({@code LoadRun}, one
 *       message in flight on each connection), counts its rows ({@code WrittenRows}), asks it where
 *       the time went ({@code Metrics}), and measures in the same run what the same database takes
 *       when the same bytes are inserted set-based in groups, without an engine ({@code
 *       ReferenceInsert}).
 *   <li><b>kill</b>: {@link org.chartbridge.bench.KillTest} kills the engine, its PostgreSQL or
 *       both under load. Each sender writes down on disk what it sends before it sends it ({@code
 *       Ledger}); {@code KillCheck} compares these ledgers with the database.
 *   <li><b>deliver</b>: {@link org.chartbridge.bench.DeliveryBench} puts deliveries into the
 *       database ({@code StagedDeliveries}) and counts them at a partner that accepts at once.
 *   <li><b>hostile</b>: {@link org.chartbridge.bench.HostileRun} delivers to a {@link
 *       org.chartbridge.bench.HostilePartner} and kills everything meanwhile; what that partner has
 *       applied must be what was sent, once and in order.
 *   <li><b>loop</b>: {@link org.chartbridge.bench.LoopRun} plays an EMR, a lab and a specialist of
 *       the room {@code fakes} at their worst around an engine that is killed; each order must
 *       stand, for the EMR and in the chart, as the lab's ledger says.
 * </ul>
 *
 * <p>{@code EngineProcess} is an engine of our own with its own ports and its own data, removed
 * afterwards. {@code BenchMessages} makes the messages: invented, each different.
 *
 * <p>Nothing uses this room but the commands.
 */
@NullMarked
package org.chartbridge.bench;

import org.jspecify.annotations.NullMarked;
