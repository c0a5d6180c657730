package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Reports of which nobody is known who ordered them, neither by the report (OBR-16, ORC-12) nor by
 * an order with their number: they are for a pool, so that somebody looks (HL7-RULES §4). Computed
 * when read.
 */
@Repository
public class WithoutOrderer {
    /** Reports that are listed at most, the newest. */
    public static final int MAX_ROWS = 200;

    private final JdbcClient jdbc;

    WithoutOrderer(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One of them.
     *
     * @param key the same for all versions of the report, also when it is charted anew
     * @param entryId the message of its current version
     * @param number OBR-3, else OBR-2
     * @param name of the test as sent, else its code
     * @param critical whether one of its values is flagged critical
     * @param since when its current version was charted
     */
    public record Row(
            String key,
            long entryId,
            UUID person,
            String partner,
            String number,
            String name,
            boolean critical,
            Instant since) {
        @Override
        public String toString() {
            return "Row[" + entryId + "]";
        }
    }

    /** Those charted since then: critical ones first, of these the newest. */
    public List<Row> since(Instant since) {
        return jdbc
                .sql(
                        """
                        select r.entry_id, r.partner, r.number, r.recorded_at, p.person_id, v.flags,
                               coalesce(nullif(r.code_text, ''), r.code) as name,
                               concat_ws('|', r.partner, r.number, r.code, r.code_text, r.code_system,
                                              p.authority, p.id_type, p.id_value, p.edition) as key
                        from report r
                        join patient_record p on p.id = r.record_id
                        cross join lateral (
                            select string_agg(o.flags, '~') as flags
                            from observation o
                            where o.report_series = r.series
                              and o.standing = 'current'
                            having count(*) > 0) v
                        where r.ordering_provider is null
                          and r.standing = 'current'
                          and r.recorded_at >= :since
                          and coalesce(r.collected_at >= r.message_at - interval '30 days', true)
                          and r.parent_number = ''
                          and not (r.number like '@%' and r.code = '')
                          and not exists (
                              select
                              from placed_order o
                              join patient_record q on q.id = o.record_id and q.person_id = p.person_id
                              where split_part(o.placer_number, '^', 1) = split_part(r.placer_number, '^', 1)
                                and o.placer_number <> ''
                                and o.clinician <> '')
                        order by r.recorded_at desc, r.id desc
                        limit :most
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("most", MAX_ROWS)
                .query(
                        (row, _) ->
                                new Row(
                                        hashed(row.getString("key")),
                                        row.getLong("entry_id"),
                                        row.getObject("person_id", UUID.class),
                                        row.getString("partner"),
                                        row.getString("number"),
                                        row.getString("name"),
                                        Results.hasCritical(row.getString("flags")),
                                        ChartRows.instant(row, "recorded_at")))
                .list()
                .stream()
                .sorted(Comparator.comparing((Row row) -> !row.critical()))
                .toList();
    }

    /** Holds no identifier, as keys stand in addresses and in the journal. */
    private static String hashed(String key) {
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
