package org.chartbridge.routes;

import org.chartbridge.partner.Partner;
import org.chartbridge.routes.DispatchTable.Entry;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A version of a partner that runs. */
record LoadedFolder(Partner partner, Instant at, List<Running> routes) {
    /** Ids of all routes, by the plans that have them. */
    List<Plan> plans() {
        return routes.stream().map(Running::plan).toList();
    }

    List<Entry> entries() {
        return routes.stream()
                .flatMap(r -> r.plan() instanceof RoutePlan p ? Stream.of(p) : Stream.empty())
                .map(plan -> new Entry(partner, plan))
                .toList();
    }

    List<OutboxPlan> outboxes() {
        return routes.stream()
                .flatMap(r -> r.plan() instanceof OutboxPlan p ? Stream.of(p) : Stream.empty())
                .toList();
    }
}
