package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * Orders that came after results under their number, which are charted for another patient: one of
 * the two is wrong, and nobody can tell which (HL7-RULES §5) ⚠. Computed when read: one is gone
 * when the two are one patient, the results are withdrawn or filed with the other, or the order is
 * cancelled.
 */
@Repository
public class OrdersOfOthers {
    /** Orders that are listed at most, the newest. */
    static final int MAX_ROWS = 100;

    private final JdbcClient jdbc;

    OrdersOfOthers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An order and results under its number.
     *
     * @param entryId the message with the order
     * @param ordered for whom
     * @param reported for whom the results are
     * @param series the report
     */
    public record Row(
            long entryId,
            String number,
            String test,
            UUID ordered,
            UUID reported,
            long series,
            long resultEntry,
            Instant since) {
        /** The message only. */
        @Override
        public String toString() {
            return "Row[" + entryId + "]";
        }
    }

    /** Those charted since then, the newest first. */
    public List<Row> since(Instant since) {
        return jdbc.sql(
                        """
                        select distinct on (j.id, o.placer_number, r.series)
                               j.id, o.placer_number, coalesce(nullif(o.code_text, ''), o.code) as test,
                               p.person_id as ordered, q.person_id as reported, r.series, r.entry_id,
                               coalesce(j.charted_at, j.settled_at) as since
                        from (select * from journal
                              where reasons @> '[{"reason": "results-of-another-patient"}]'
                                and state = 'charted' and received_at >= :since
                              order by id desc
                              limit :most) j
                        join placed_order o
                          on o.entry_id = j.id and o.placer_number <> '' and o.status = 'active'
                         and o.state not in ('cancelled', 'refused')
                        join patient_record p on p.id = o.record_id
                        join clinical_order c
                          on split_part(c.placer_number, '^', 1) = split_part(o.placer_number, '^', 1)
                         and c.placer_number <> ''
                         and same_number(c.placer_number, o.placer_number)
                        join report r on r.order_id = c.id and r.standing = 'current'
                        join patient_record q on q.id = r.record_id and q.person_id <> p.person_id
                        where exists (select from observation v
                                      where v.report_series = r.series and v.standing = 'current')
                          and not exists (select from assertion a
                                          where a.kind = 'filed' and a.withdrawn_by is null
                                            and a.authority = r.partner and same_number(a.number, r.number))
                        order by j.id desc, o.placer_number, r.series
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("most", MAX_ROWS)
                .query(
                        (row, _) ->
                                new Row(
                                        row.getLong("id"),
                                        row.getString("placer_number"),
                                        row.getString("test"),
                                        row.getObject("ordered", UUID.class),
                                        row.getObject("reported", UUID.class),
                                        row.getLong("series"),
                                        row.getLong("entry_id"),
                                        ChartRows.instant(row, "since")))
                .list();
    }
}
