package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.util.LinkedHashSet;
import java.util.UUID;

/** Finds orders by their numbers, for results that name no patient. */
final class OrdersByNumber {
    private final JdbcClient jdbc;

    OrdersByNumber(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Decides whose the results are; asks the database once. */
    void find(ByOrder wanted) {
        var entities = new LinkedHashSet<String>();
        for (var number : wanted.numbers()) entities.add(ByOrder.entity(number));
        wanted.find(
                jdbc.sql(
                                """
                                select p.authority, p.id_type, p.id_value, p.person_id, o.partner, o.placer_number,
                                       o.filler_number, o.code, o.code_text, o.code_system,
                                       o.status = 'active' and o.state not in ('cancelled', 'refused') as open,
                                       o.item_key like 'stop %' as bare,
                                       coalesce(o.listed_recorded, o.listed_message) as said,
                                       coalesce(o.ordered_at, o.listed_message) as at
                                from (select id from placed_order
                                      where split_part(placer_number, '^', 1) = any(:numbers) and placer_number <> ''
                                      union
                                      select id from placed_order
                                      where split_part(filler_number, '^', 1) = any(:numbers) and filler_number <> '') f
                                join placed_order o on o.id = f.id
                                join patient_record p on p.id = o.record_id
                                where p.edition = 0
                                """)
                        .param("numbers", entities.toArray(String[]::new))
                        .query(
                                (row, _) ->
                                        new ByOrder.Known(
                                                new RecordKey(
                                                        row.getString("authority"),
                                                        row.getString("id_type"),
                                                        row.getString("id_value")),
                                                row.getObject("person_id", UUID.class),
                                                row.getString("partner"),
                                                row.getString("placer_number"),
                                                row.getString("filler_number"),
                                                Registrations.coding(row),
                                                row.getBoolean("open"),
                                                row.getBoolean("bare"),
                                                ChartRows.maybeInstant(row, "said"),
                                                ChartRows.maybeInstant(row, "at")))
                        .list());
    }
}
