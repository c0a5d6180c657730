package org.chartbridge.routes;

import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.Yaml.Place;

import java.util.Map;

/** What a route file says of one route, besides its steps. */
sealed interface Plan permits RoutePlan, OutboxPlan {

    /** Unique among all routes. */
    String id();

    /** Below the routes folder. */
    String file();

    /** Of the route's {@code from}. */
    Place place();

    /** The files of its edit steps, by the text of their uri. */
    Map<String, EditScript> edits();

    /** As screens list it. */
    RoutesOverview.Route shown();

    /** For faults: {@code route "northlab-results" (northlab/results.yaml:5)}. */
    default String named() {
        return "route \"" + id() + "\" (" + file() + ":" + place().line() + ")";
    }
}
