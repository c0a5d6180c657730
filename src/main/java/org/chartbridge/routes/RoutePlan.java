package org.chartbridge.routes;

import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.Yaml.Place;

import java.util.List;
import java.util.Map;

/**
 * A route that takes messages from a port or a folder, or orders that are placed here.
 *
 * @param types MSH-9.1 values it takes; empty means all that no other route takes
 * @param delivers the destinations that its steps name
 * @param edits the files of its edit steps, by the text of their uri
 */
record RoutePlan(
        String id,
        String file,
        Place place,
        String description,
        Door door,
        List<String> types,
        List<Delivers> delivers,
        Map<String, EditScript> edits)
        implements Plan {

    RoutePlan {
        types = List.copyOf(types);
        delivers = List.copyOf(delivers);
        edits = Map.copyOf(edits);
    }

    /** A step {@code deliver:partner/queue}, and where it stands. */
    record Delivers(String destination, Place place) {}

    @Override
    public RoutesOverview.Route shown() {
        return new RoutesOverview.Route(
                id, file, place.line(), description, door.toString(), types);
    }
}
