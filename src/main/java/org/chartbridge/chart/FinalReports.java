package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * Reports that are final as they stand, for whoever has to sign them; without their values. What
 * final means, and when a report changed last, is as {@link ReportView} says it.
 */
@Repository
public class FinalReports {
    /** Reports that are looked at at most, the newest. */
    public static final int MAX_ROWS = 5_000;

    private final JdbcClient jdbc;

    FinalReports(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One of them.
     *
     * @param entryId the message of its current version
     * @param path its OBR in that message
     * @param number OBR-3, else OBR-2
     * @param name of the test as sent, else its code
     * @param orderer OBR-16, else whoever placed an order of its number; empty when nobody is known
     * @param flags of its values as sent, joined by ~
     * @param changedAt when anything of it as it stands was charted last
     */
    public record Row(
            long series,
            long entryId,
            String path,
            UUID person,
            String partner,
            String number,
            String name,
            String orderer,
            String flags,
            Instant changedAt) {

        public boolean isCritical() {
            return Results.hasCritical(flags);
        }

        @Override
        public String toString() {
            return "Row[" + entryId + "]";
        }
    }

    /**
     * Those charted since then, the newest first. What was collected more than 30 days before it
     * was sent comes from an archive and is no news (HL7-RULES §4).
     */
    public List<Row> since(Instant since) {
        return jdbc.sql(
                        """
                        select r.series, r.entry_id, r.path, r.partner, r.number, p.person_id,
                               coalesce(nullif(r.code_text, ''), r.code) as name,
                               coalesce(
                                   nullif(btrim(concat_ws(' ', orderer.given_name, orderer.family_name)), ''),
                                   nullif(orderer.number, ''),
                                   placed.clinician,
                                   '') as orderer,
                               coalesce(v.flags, '') as flags,
                               greatest(r.recorded_at, v.at, n.at, d.at) as changed_at
                        """
                                + ClinicalView.CURRENT_REPORTS
                                + """
                                left join lateral (
                                    select string_agg(o.flags, '~') as flags,
                                           max(o.recorded_at) as at,
                                           bool_or(o.status in ('I', 'R', 'S', 'P')) as early
                                    from observation o
                                    where o.report_series = r.series
                                      and o.standing = 'current') v on true
                                left join lateral (
                                    select max(n.recorded_at) as at
                                    from note n
                                    left join observation o on o.id = n.target
                                    where n.report_series = r.series
                                      and (n.target = r.id or o.standing = 'current')) n on true
                                left join lateral (
                                    select max(d.recorded_at) as at
                                    from document d
                                    join observation o on o.id = d.observation_id
                                    where d.report_series = r.series
                                      and o.standing = 'current') d on true
                                left join lateral (
                                    select o.clinician
                                    from placed_order o
                                    join patient_record q on q.id = o.record_id and q.person_id = p.person_id
                                    where r.ordering_provider is null
                                      and split_part(o.placer_number, '^', 1) = split_part(r.placer_number, '^', 1)
                                      and o.placer_number <> ''
                                      and o.clinician <> ''
                                    order by o.id
                                    limit 1) placed on true
                                where r.recorded_at >= :since
                                  and r.status in ('', 'F', 'C', 'X')
                                  and not coalesce(v.early, false)
                                  and coalesce(r.collected_at >= r.message_at - interval '30 days', true)
                                order by r.recorded_at desc, r.id desc
                                limit :most
                                """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("most", MAX_ROWS)
                .query(
                        (row, _) ->
                                new Row(
                                        row.getLong("series"),
                                        row.getLong("entry_id"),
                                        row.getString("path"),
                                        row.getObject("person_id", UUID.class),
                                        row.getString("partner"),
                                        row.getString("number"),
                                        row.getString("name"),
                                        row.getString("orderer"),
                                        row.getString("flags"),
                                        ChartRows.instant(row, "changed_at")))
                .list();
    }
}
