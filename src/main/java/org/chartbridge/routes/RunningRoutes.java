package org.chartbridge.routes;

import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.RouteRunner;
import org.chartbridge.intake.Staged;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The newest version of every route, by its id. */
final class RunningRoutes implements RouteRunner {
    private final Map<String, Running> byId = new ConcurrentHashMap<>();

    @Override
    public Staged run(Arrival arrival) {
        while (true) {
            var running = byId.get(arrival.route());
            if (running == null) {
                return new Staged.Failed(
                        arrival.partner().folder() + ": " + arrival.route(),
                        "the route does not run; restore it in routes/"
                                + arrival.partner().folder());
            }
            // Empty when a newer version took its place between the two lines.
            var staged = running.run(arrival);
            if (staged.isPresent()) return staged.get();
        }
    }

    void put(Running running) {
        byId.put(running.plan().id(), running);
    }

    /** Takes a version out, unless a newer one already stands in its place. */
    void remove(Running running) {
        byId.remove(running.plan().id(), running);
    }
}
