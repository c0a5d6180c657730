package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Reads what journal entries said, whatever became of it. */
@Repository
public class ChartedEntries {
    /** Values of one journal entry that are listed. */
    public static final int MAX_FACTS_PER_ENTRY = 2_000;

    private final JdbcClient jdbc;

    ChartedEntries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What a journal entry said, whatever became of it, for the message page. What was withdrawn is
     * listed without its value.
     */
    public EntryFacts facts(long entryId) {
        var values = new HashMap<Long, List<EntryFacts.ObservationFact>>();
        var total = new long[1];
        jdbc.sql(
                        """
                        select o.*,
                               count(*) over () as total
                        from (
                            select distinct series
                            from report
                            where entry_id = :entry
                        ) r
                        join observation o on o.report_series = r.series and o.entry_id = :entry
                        order by o.id
                        limit :limit
                        """)
                .param("entry", entryId)
                .param("limit", MAX_FACTS_PER_ENTRY)
                .query(
                        row -> {
                            total[0] = row.getLong("total");
                            values.computeIfAbsent(
                                            row.getLong("report_series"), _ -> new ArrayList<>())
                                    .add(ChartRows.observationFact(row));
                        });
        var listed = values.values().stream().mapToLong(List::size).sum();
        var reports =
                jdbc.sql(
                                """
                                select r.*,
                                       p.person_id
                                from report r
                                join patient_record p on p.id = r.record_id
                                where r.entry_id = :entry
                                order by r.id
                                limit :limit
                                """)
                        .param("entry", entryId)
                        .param("limit", MAX_FACTS_PER_ENTRY)
                        .query(
                                (row, _) ->
                                        ChartRows.reportFact(
                                                row,
                                                values.getOrDefault(
                                                        row.getLong("series"), List.of())))
                        .list();
        return new EntryFacts(entryId, reports, total[0] - listed);
    }
}
