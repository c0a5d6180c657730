/**
 * Routes: what an analyst writes in {@code routes/}, running. The only room that knows Apache
 * Camel.
 *
 * <p>{@link RouteFolders} loads partner folders and keeps what runs; {@link RouteFile} decides what
 * a route may say, {@link RouteSource} where it begins and {@link RouteSteps} what it does, by the
 * lists in {@link Words}; {@link CamelSteps} lets Camel work through the steps. The wire is not
 * Camel's: {@link Listeners} hold the ports, {@link Dispatch} gives each frame to the partner and
 * route that claim it in the {@link DispatchTable}, and hands it to intake.
 *
 * <pre>
 *  mllp port ─► Dispatch ─► Reception (intake) ─ ─► RunningRoutes ─► steps ─► Staged
 *                  ▲                                     ▲
 *                  └───────────── RouteFolders ──────────┘
 * </pre>
 *
 * <p>Who may call is said in {@code ports.yaml}: {@link PortsFile} reads it, {@link PortRules}
 * decides, {@link Listeners} opens ports accordingly. {@link RoutesCheck} does all of this and
 * opens nothing.
 *
 * <p>Steps only say what is to be done ({@link Staging}). They run again when a message is released
 * or its group is retried, so no step may act on the world.
 */
@NullMarked
package org.chartbridge.routes;

import org.jspecify.annotations.NullMarked;
