package org.chartbridge.routes;

import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.RouteRunner;
import org.chartbridge.intake.Staged;
import org.chartbridge.partner.Partner;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The newest version of every route, by its id. */
final class RunningRoutes implements RouteRunner {
    private final Map<String, Current> byId = new ConcurrentHashMap<>();

    /** A route and the version of its folder, whose settings it runs with. */
    private record Current(Partner partner, Running running) {}

    @Override
    public Staged run(Arrival arrival) {
        while (true) {
            var folder = arrival.partner().folder();
            var current = byId.get(arrival.route());
            if (current == null || !current.partner.folder().equals(folder))
                return new Staged.Failed(
                        folder + ": " + arrival.route(),
                        "the route does not run; restore it in routes/" + folder);
            if (!current.partner.version().equals(arrival.partner().version()))
                return new Staged.Superseded(current.partner);
            // Empty when a newer version took its place between the lines.
            var staged = current.running.run(arrival);
            if (staged.isPresent()) return staged.get();
        }
    }

    void put(Partner partner, Running running) {
        byId.put(running.plan().id(), new Current(partner, running));
    }

    /** Takes a version out, unless a newer one already stands in its place. */
    void remove(Running running) {
        byId.computeIfPresent(
                running.plan().id(),
                (_, current) -> current.running.equals(running) ? null : current);
    }
}
