package org.chartbridge.routes;

import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.Yaml.Place;

import java.util.List;

/**
 * What a route file says of one route, besides its steps.
 *
 * @param id unique among all routes
 * @param file below the routes folder
 * @param place of the route's {@code from}
 * @param types MSH-9.1 values it takes; empty means all that no other route takes
 */
record RoutePlan(
        String id,
        String file,
        Place place,
        String description,
        Address address,
        List<String> types) {

    RoutePlan {
        types = List.copyOf(types);
    }

    /** For faults: {@code route "northlab-results" (northlab/results.yaml:5)}. */
    String named() {
        return "route \"" + id + "\" (" + file + ":" + place.line() + ")";
    }

    RoutesOverview.Route shown() {
        return new RoutesOverview.Route(
                id, file, place.line(), description, address.toString(), types);
    }
}
