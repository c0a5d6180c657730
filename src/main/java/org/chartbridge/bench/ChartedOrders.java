package org.chartbridge.bench;

import org.chartbridge.chart.CareStatements;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** How the chart says that orders stand, as the chart page would. */
final class ChartedOrders {
    private final JdbcClient jdbc;

    ChartedOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The placer's numbers of those of which an alert is open. */
    Set<String> overdue() {
        return Set.copyOf(
                jdbc.sql(
                                """
                                select distinct o.placer_number
                                from overdue v
                                join placed_order o on o.id = v.item_id
                                where v.closed_at is null and not v.referral
                                """)
                        .query(String.class)
                        .list());
    }

    /** By the placer's number; more than one where an order stands there more than once. */
    Map<String, List<String>> states() {
        var statements = CareStatements.of(jdbc);
        var states = new HashMap<String, List<String>>();
        for (var person :
                jdbc.sql("select distinct person_id from patient_record").query(UUID.class).list())
            for (var loop : statements.orders(person))
                states.computeIfAbsent(loop.order().placerNumber(), _ -> new ArrayList<>())
                        .add(loop.state());
        return states;
    }
}
