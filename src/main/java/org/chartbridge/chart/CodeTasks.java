package org.chartbridge.chart;

import static org.chartbridge.chart.ChartRows.instant;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.util.List;

/** Tests that came without a LOINC code from partners that want to be told of it. */
@Repository
public class CodeTasks {
    /** Tests on the list, the most frequent first. */
    public static final int MAX_TASKS = 200;

    /**
     * Results that are counted, the newest; what is more frequent than this is at the top anyway.
     */
    public static final int MAX_COUNTED = 100_000;

    private final JdbcClient jdbc;

    CodeTasks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A test to be looked up.
     *
     * @param partner whose code it is
     * @param code OBX-3.1 as sent; may be empty
     * @param text OBX-3.2 as sent, of the last result
     * @param unit as sent; may be empty
     * @param results how many came with it
     * @param lastEntry the entry that brought the last of them
     */
    public record Task(
            String partner,
            String code,
            String text,
            String unit,
            long results,
            Instant first,
            Instant last,
            long lastEntry) {}

    /** What is to be looked up. A task whose row has been written since is still among them. */
    public List<Task> tasks() {
        return jdbc.sql(
                        """
                        select r.partner, o.code, o.unit,
                               case when o.code = '' then o.code_text else '' end as named,
                               (array_agg(o.code_text order by o.id desc))[1] as code_text,
                               count(*) as results,
                               min(o.recorded_at) as first_at,
                               max(o.recorded_at) as last_at,
                               max(o.entry_id) as last_entry
                        from (
                            select id, report_series, code, code_text, unit, recorded_at, entry_id
                            from observation
                            where code_row = :missing
                            order by id desc
                            limit :counted
                        ) o
                        join report r on r.id = o.report_series
                        group by r.partner, o.code, o.unit, named
                        order by results desc, r.partner, o.code, o.unit
                        limit :limit
                        """)
                .param("missing", Translation.MISSING)
                .param("counted", MAX_COUNTED)
                .param("limit", MAX_TASKS)
                .query(
                        (row, _) ->
                                new Task(
                                        row.getString("partner"),
                                        row.getString("code"),
                                        row.getString("code_text"),
                                        row.getString("unit"),
                                        row.getLong("results"),
                                        instant(row, "first_at"),
                                        instant(row, "last_at"),
                                        row.getLong("last_entry")))
                .list();
    }
}
