package org.chartbridge.routes;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.OwnNumber;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.Yaml.Place;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A route that takes deliveries to a partner.
 *
 * @param destination {@code partner/queue}
 * @param window how many may be unanswered at a time
 * @param patientId by which number the receiver knows patients; null as they were sent
 * @param endpoints where its steps send, by the text of their uri
 * @param edits the files of its edit steps, by the text of their uri
 */
record OutboxPlan(
        String id,
        String file,
        Place place,
        String description,
        String destination,
        int window,
        @Nullable OwnNumber patientId,
        Map<String, Endpoint> endpoints,
        Map<String, EditScript> edits)
        implements Plan {

    OutboxPlan {
        endpoints = Map.copyOf(endpoints);
        edits = Map.copyOf(edits);
    }

    @Override
    public RoutesOverview.Route shown() {
        return new RoutesOverview.Route(
                id,
                file,
                place.line(),
                description,
                endpoints.values().stream()
                        .map(Endpoint::address)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", ", "sends to ", "")),
                List.of());
    }
}
