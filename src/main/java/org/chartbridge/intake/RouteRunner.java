package org.chartbridge.intake;

/**
 * Runs the steps of the route that took a message; implemented where the routes live. Called on
 * intake's own threads, never on a connection's event loop. Must not act on the world: it only says
 * what is to be done.
 */
public interface RouteRunner {

    /**
     * What the steps have staged, in the version of the folder that the arrival's partner was read
     * from; {@link Staged.Superseded} when there is a newer. Does not throw: a step that fails is
     * {@link Staged.Failed}.
     */
    Staged run(Arrival arrival);
}
