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
 * does. And what was withdrawn without having been there, what was said of a value and had no
 * effect, and reports taken back as a whole whose values stand. Computed when read.
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
     * @param status OBX-11: W, or X of a final value that stands; {@code early} of an X that came
     *     after it, and by its times was said before it; {@code unmet} of what was not there;
     *     {@code behind} of what had no effect; {@code whole} of a report that was taken back
     *     without its values
     * @param entryId the message that withdrew, or had no effect
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
     * Withdrawals (D, W) charted since then that took nothing from the chart, the newest first: the
     * laboratory took something back that may stand under another code or number; or what had come
     * before stands, because by its times it was said after that ⚠.
     */
    public List<Row> unmet(Instant since) {
        return rows(
                since,
                """
                select 'unmet' as status, w.entry_id, r.partner, r.number, 0 as first_entry,
                       {WHOSE},
                       array_agg(distinct coalesce(nullif(w.code_text, ''), w.code)) as tests
                from observation w
                join journal j on j.id = w.entry_id
                join report r on r.id = w.report_series
                join patient_record p on p.id = w.record_id
                where w.standing = 'withdrawal'
                  and w.recorded_at >= :since
                  and coalesce(j.charted_at, j.settled_at) >= :since
                  and (not exists (
                          select
                          from observation o
                          where o.report_series = w.report_series
                            and o.series = w.series
                            and o.standing <> 'withdrawal')
                       or exists (
                          select
                          from observation o
                          where o.report_series = w.report_series
                            and o.series = w.series
                            and o.standing = 'current'
                            and o.status <> 'X'
                            and o.entry_id < w.entry_id))
                group by w.entry_id, r.partner, r.number, j.id, p.id
                order by w.entry_id desc
                limit :most
                """);
    }

    /**
     * What was said since then of values that the chart doesn't show, the newest first ⚠:
     * corrections (C, A) that by their times came before the value that stands, final values of
     * which nothing tells whether they came after a withdrawal, and final ones without any value.
     * Until the laboratory's next word about the value; what it corrected itself, certainly later,
     * needs none.
     */
    public List<Row> withoutEffect(Instant since) {
        return rows(
                since,
                """
                select 'behind' as status, c.entry_id, r.partner, r.number,
                       min(w.entry_id) as first_entry,
                       {WHOSE},
                       array_agg(distinct coalesce(nullif(c.code_text, ''), c.code)) as tests
                from (
                    select * from observation
                    where status = 'C' and standing in ('late', 'replaced', 'not-applied') and recorded_at >= :since
                    union all
                    select * from observation
                    where status = 'A' and standing in ('late', 'replaced') and recorded_at >= :since
                    union all
                    select * from observation
                    where standing = 'not-applied' and status in ('F', 'A', 'B', 'U', 'V') and not value_inherited
                      and recorded_at >= :since
                ) c
                join observation w
                  on w.report_series = c.report_series
                 and w.series = c.series
                 and (w.entry_id < c.entry_id and w.standing = 'withdrawal' and c.standing = 'not-applied'
                      -- Without a value it takes none from the chart, whichever came first.
                      or w.standing = 'current' and w.value_text <> ''
                         and c.standing = 'not-applied' and c.value_text = ''
                      or w.entry_id < c.entry_id and w.standing = 'current'
                         and (w.value_text, w.unit) is distinct from (c.value_text, c.unit)
                         and not (w.status in ('C', 'A')
                                  and coalesce(said_at(w.issued_at, w.issued_until, w.message_at)
                                               > said_at(c.issued_at, c.issued_until, c.message_at), false)))
                join journal j on j.id = c.entry_id
                join report r on r.id = c.report_series
                join patient_record p on p.id = c.record_id
                where coalesce(j.charted_at, j.settled_at) >= :since
                  and not exists (
                      select
                      from observation l
                      where l.report_series = c.report_series
                        and l.series = c.series
                        and l.standing in ('current', 'repeat', 'withdrawal')
                        and case when c.standing = 'not-applied' and c.value_text = ''
                                 then said_at(l.issued_at, l.issued_until, l.message_at)
                                      > said_at(c.issued_at, c.issued_until, c.message_at)
                                 else l.entry_id > c.entry_id end)
                group by c.entry_id, r.partner, r.number, j.id, p.id
                order by c.entry_id desc
                limit :most
                """);
    }

    /** Values that stand though their report, {@code x}, was taken back as a whole after them. */
    static final String STANDING =
            """
            join observation o on o.report_series = x.series and o.standing = 'current'
            where x.status in ('D', 'W', 'X')
              and o.value_text <> ''
              and (said_at(o.issued_at, o.issued_until, o.message_at) <= said_at(x.issued_at, x.issued_until, x.message_at)
                   or o.claimed_at is not null and x.claimed_at is null)
              -- Of what the message says itself, such as a comment with the reason, it says how that stands.
              and not exists (
                  select
                  from observation own
                  where own.report_series = x.series
                    and own.series = o.series
                    and own.entry_id = x.entry_id)
              and not exists (
                  select
                  from observation l
                  where l.report_series = o.report_series
                    and l.series = o.series
                    and l.standing = 'repeat'
                    and said_at(l.issued_at, l.issued_until, l.message_at) > said_at(x.issued_at, x.issued_until, x.message_at))
            """;

    /**
     * Reports that were cancelled or taken back as a whole (OBR-25 X, D, W) since then, without
     * OBX, and of which values still stand that were said before ⚠, the newest first.
     */
    public List<Row> whole(Instant since) {
        return rows(
                since,
                """
                select 'whole' as status, x.entry_id, x.partner, x.number,
                       min(o.entry_id) as first_entry,
                       {WHOSE},
                       array_agg(distinct coalesce(nullif(o.code_text, ''), o.code)) as tests
                from report x
                join journal j on j.id = x.entry_id
                join patient_record p on p.id = x.record_id
                %s
                  and x.recorded_at >= :since
                  and coalesce(j.charted_at, j.settled_at) >= :since
                group by x.entry_id, x.partner, x.number, j.id, p.id
                order by x.entry_id desc
                limit :most
                """
                        .formatted(STANDING));
    }

    /** Withdrawals charted since then, the newest first. */
    public List<Row> since(Instant since) {
        return rows(
                since,
                """
                select case when w.status = 'X' and w.standing = 'replaced' then 'early' else w.status end as status,
                       w.entry_id, r.partner, r.number,
                       min(o.entry_id) as first_entry,
                       {WHOSE},
                       array_agg(distinct coalesce(nullif(w.code_text, ''), w.code)) as tests
                from (
                    select * from observation
                    where standing = 'withdrawal' and status = 'W' and recorded_at >= :since
                    union all
                    select x.* from observation x
                    where x.standing = 'replaced' and x.status = 'X' and x.recorded_at >= :since
                      and exists (
                          select
                          from observation l
                          where l.report_series = x.report_series
                            and l.series = x.series
                            and l.status <> 'X'
                            and l.standing = 'current'
                            and l.entry_id < x.entry_id)
                      and not exists (
                          select
                          from observation l
                          where l.report_series = x.report_series
                            and l.series = x.series
                            and l.status <> 'X'
                            and l.standing in ('current', 'repeat')
                            and l.entry_id > x.entry_id)
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
                            and (l.claimed_at is null or x.claimed_at is not null)
                            and said_at(l.issued_at, l.issued_until, l.message_at) > said_at(x.issued_at, x.issued_until, x.message_at))
                ) w
                join journal j on j.id = w.entry_id
                join report r on r.id = w.report_series
                join patient_record p on p.id = w.record_id
                join observation o
                  on o.report_series = w.report_series
                 and o.series = w.series
                 and (w.status = 'W' and o.standing = 'withdrawn' and o.replaced_by_entry = w.entry_id
                      -- Where MSH-7 is a date only, nothing tells which of the two was said first.
                      or w.status = 'W' and o.standing = 'not-applied' and o.status <> 'X' and o.entry_id < w.entry_id
                      or w.status = 'X' and o.standing = 'current' and o.status <> 'X')
                where coalesce(j.charted_at, j.settled_at) >= :since
                  and not (w.status = 'W' and exists (
                      select
                      from report n
                      join patient_record q on q.id = n.record_id and q.person_id <> p.person_id
                      join observation v on v.report_series = n.series and v.standing = 'current'
                      where n.partner = r.partner
                        and n.entity = r.entity
                        and same_number(n.number, r.number)))
                group by 1, w.entry_id, r.partner, r.number, j.id, p.id
                order by w.entry_id desc
                limit :most
                """);
    }

    /** When it was charted, and whom it was about, by initials and year of birth. */
    private static final String WHOSE =
            """
            coalesce(j.charted_at, j.settled_at) as charted,
            concat_ws(' ', nullif(left(p.given_name, 1) || '.', '.'),
                           nullif(left(p.family_name, 1) || '.', '.'),
                           nullif(left(p.birth_date, 4), '')) as masked\
            """;

    private List<Row> rows(Instant since, String sql) {
        return jdbc.sql(sql.replace("{WHOSE}", WHOSE))
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
