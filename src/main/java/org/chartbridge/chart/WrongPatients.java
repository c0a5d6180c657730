package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Results that a laboratory withdrew because they were posted for the wrong patient (OBX-11 W), and
 * that have not come for another patient under their number since: somebody has to see to it whose
 * they are (HL7-RULES §4). And final values of which it says afterwards that they can't be obtained
 * (X): table 0085 knows no such move, so the value stands ⚠, and somebody has to ask whether it
 * does. And what was withdrawn without having been there, and reports taken back as a whole whose
 * values stand. Computed when read.
 */
@Repository
public class WrongPatients {
    /** Withdrawals that are listed at most, the newest. */
    public static final int MAX_ROWS = 100;

    private final JdbcClient jdbc;

    public WrongPatients(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What one message withdrew under one order number.
     *
     * @param status OBX-11: W, or X of a final value that stands; {@code unmet} of what was not
     *     there; {@code whole} of a report that was taken back without its values
     * @param entryId the message that withdrew
     * @param firstEntry the message that had brought it; 0 where none had
     * @param masked initials and year of birth of whom it was posted for
     * @param number OBR-3, else OBR-2
     * @param tests names, in the order of the message
     */
    public record Row(
            String status,
            long entryId,
            long firstEntry,
            String partner,
            String masked,
            String number,
            List<String> tests,
            Instant since) {
        public Row {
            tests = List.copyOf(tests);
        }

        @Override
        public String toString() {
            return "Row[" + entryId + "]";
        }
    }

    /**
     * Withdrawals (D, W) charted since then of values that the chart never had, the newest first:
     * the laboratory took something back that may stand under another code or number.
     */
    public List<Row> unmet(Instant since) {
        return jdbc.sql(
                        """
                        select 'unmet' as status, w.entry_id, r.partner, r.number, 0 as first_entry,
                               coalesce(j.charted_at, j.settled_at) as charted,
                               concat_ws(' ', nullif(left(p.given_name, 1) || '.', '.'),
                                              nullif(left(p.family_name, 1) || '.', '.'),
                                              nullif(left(p.birth_date, 4), '')) as masked,
                               array_agg(distinct coalesce(nullif(w.code_text, ''), w.code)) as tests
                        from observation w
                        join journal j on j.id = w.entry_id
                        join report r on r.id = w.report_series
                        join patient_record p on p.id = w.record_id
                        where w.standing = 'withdrawal'
                          and w.recorded_at >= :since
                          and coalesce(j.charted_at, j.settled_at) >= :since
                          and not exists (
                              select
                              from observation o
                              where o.report_series = w.report_series
                                and o.series = w.series
                                and o.standing <> 'withdrawal')
                        group by w.entry_id, r.partner, r.number, j.id, p.id
                        order by w.entry_id desc
                        limit :most
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("most", MAX_ROWS)
                .query((row, _) -> row(row))
                .list();
    }

    /**
     * Reports that were cancelled or taken back as a whole (OBR-25 X, D, W) since then, without
     * OBX, and of which values still stand that were said before ⚠, the newest first.
     */
    public List<Row> whole(Instant since) {
        return jdbc.sql(
                        """
                        select 'whole' as status, x.entry_id, x.partner, x.number,
                               min(o.entry_id) as first_entry,
                               coalesce(j.charted_at, j.settled_at) as charted,
                               concat_ws(' ', nullif(left(p.given_name, 1) || '.', '.'),
                                              nullif(left(p.family_name, 1) || '.', '.'),
                                              nullif(left(p.birth_date, 4), '')) as masked,
                               array_agg(distinct coalesce(nullif(o.code_text, ''), o.code)) as tests
                        from report x
                        join journal j on j.id = x.entry_id
                        join patient_record p on p.id = x.record_id
                        join observation o on o.report_series = x.series and o.standing = 'current'
                        where x.status in ('D', 'W', 'X')
                          and x.recorded_at >= :since
                          and coalesce(j.charted_at, j.settled_at) >= :since
                          and o.value_text <> ''
                          and coalesce(o.issued_at, o.message_at) <= coalesce(x.issued_at, x.message_at)
                          and not exists (
                              select
                              from observation own
                              where own.report_series = x.series and own.entry_id = x.entry_id)
                        group by x.entry_id, x.partner, x.number, j.id, p.id
                        order by x.entry_id desc
                        limit :most
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("most", MAX_ROWS)
                .query((row, _) -> row(row))
                .list();
    }

    /** Withdrawals charted since then, the newest first. */
    public List<Row> since(Instant since) {
        return jdbc.sql(
                        """
                        select w.status, w.entry_id, r.partner, r.number,
                               min(o.entry_id) as first_entry,
                               coalesce(j.charted_at, j.settled_at) as charted,
                               concat_ws(' ', nullif(left(p.given_name, 1) || '.', '.'),
                                              nullif(left(p.family_name, 1) || '.', '.'),
                                              nullif(left(p.birth_date, 4), '')) as masked,
                               array_agg(distinct coalesce(nullif(w.code_text, ''), w.code)) as tests
                        from (
                            select * from observation
                            where standing = 'withdrawal' and status = 'W' and recorded_at >= :since
                            union all
                            select x.* from observation x
                            where x.standing = 'not-applied' and x.status = 'X' and x.recorded_at >= :since
                              and not exists (
                                  select
                                  from observation l
                                  where l.report_series = x.report_series
                                    and l.series = x.series
                                    and l.status <> 'X'
                                    and l.standing in ('current', 'repeat', 'withdrawal')
                                    and coalesce(l.issued_at, l.message_at) > coalesce(x.issued_at, x.message_at))
                        ) w
                        join journal j on j.id = w.entry_id
                        join report r on r.id = w.report_series
                        join patient_record p on p.id = w.record_id
                        join observation o
                          on o.report_series = w.report_series
                         and o.series = w.series
                         and (w.status = 'W' and o.standing = 'withdrawn' and o.replaced_by_entry = w.entry_id
                              or w.status = 'X' and o.standing = 'current' and o.status <> 'X')
                        where coalesce(j.charted_at, j.settled_at) >= :since
                          and not (w.status = 'W' and exists (
                              select
                              from report n
                              join patient_record q on q.id = n.record_id and q.person_id <> p.person_id
                              join observation v on v.report_series = n.series and v.standing = 'current'
                              where n.partner = r.partner
                                and n.number = r.number))
                        group by w.status, w.entry_id, r.partner, r.number, j.id, p.id
                        order by w.entry_id desc
                        limit :most
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("most", MAX_ROWS)
                .query((row, _) -> row(row))
                .list();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("status"),
                row.getLong("entry_id"),
                row.getLong("first_entry"),
                row.getString("partner"),
                row.getString("masked"),
                row.getString("number"),
                List.of((String[]) row.getArray("tests").getArray()),
                ChartRows.instant(row, "charted"));
    }
}
