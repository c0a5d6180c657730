package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;

/**
 * Results that stood in the chart and were withdrawn or corrected since, with the time in which the
 * value before was to be seen (HL7-RULES §4: who saw it is told). No value leaves this class.
 *
 * <p>When is taken from the journal, not from the facts: these are written anew when a decision is
 * taken back, and what was seen before then stays seen.
 */
@Repository
public class ChangedResults {
    /** Changes that are read at most, the newest. */
    public static final int MAX_CHANGES = 5_000;

    private final JdbcClient jdbc;

    public ChangedResults(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What became of the value. */
    public enum Kind {
        WRONG_PATIENT,
        REFILED,
        DELETED,
        CORRECTED
    }

    /**
     * One value that changed.
     *
     * @param entryId the message that changed it
     * @param path the OBX there
     * @param record the patient record it hangs on
     * @param test name of the test as sent, else its code
     * @param shownFrom when the first of the values before was charted
     * @param shownUntil when the change was charted, always later
     */
    public record Change(
            long entryId,
            String path,
            Kind kind,
            long record,
            String test,
            Instant shownFrom,
            Instant shownUntil) {
        @Override
        public String toString() {
            return "Change[" + entryId + "]";
        }
    }

    /**
     * Changes charted since then, the newest message first. A value counts as corrected when its
     * text, unit, flags, range or document differs from the one before; a preliminary value may
     * become another final one without a notice. What was never current counts for nothing: such a
     * change was charted before what it changes.
     */
    public List<Change> since(Instant since) {
        return jdbc.sql(
                        """
                        select c.entry_id, c.path, c.status, c.standing, c.record_id,
                               coalesce(nullif(c.code_text, ''), c.code) as test,
                               min(coalesce(was.charted_at, was.settled_at)) as shown_from,
                               coalesce(is_now.charted_at, is_now.settled_at) as shown_until
                        from observation c
                        join journal is_now on is_now.id = c.entry_id
                        join observation o
                          on o.report_series = c.report_series
                         and o.series = c.series
                         and o.replaced_by_entry = c.entry_id
                         and o.id <> c.id
                        join journal was on was.id = o.entry_id
                        where c.recorded_at >= :since
                          and (c.standing = 'withdrawal' or c.corrected or c.status = 'C')
                          and coalesce(is_now.charted_at, is_now.settled_at) >= :since
                          and (c.standing = 'withdrawal' and o.standing = 'withdrawn'
                               or c.standing <> 'withdrawal' and o.standing in ('replaced', 'late')
                                  and o.status not in ('I', 'R', 'P', 'S')
                                  and ((o.value_text, o.unit, o.flags, o.reference_range)
                                       <> (c.value_text, c.unit, c.flags, c.reference_range)
                                       or exists (
                                           select from document d
                                           where d.report_series = o.report_series
                                             and d.observation_id = coalesce(o.confirms, o.id)
                                             and not exists (
                                                 select from document n
                                                 where n.report_series = c.report_series
                                                   and n.observation_id = coalesce(c.confirms, c.id)
                                                   and n.content_hash = d.content_hash))))
                        group by c.id, is_now.id
                        having min(coalesce(was.charted_at, was.settled_at))
                               < coalesce(is_now.charted_at, is_now.settled_at)
                        union all
                        select a.entry_id, o.path, '', 'filed', a.record_id,
                               coalesce(nullif(o.code_text, ''), o.code),
                               coalesce(was.charted_at, was.settled_at), decided.settled_at
                        from assertion a
                        join journal decided on decided.id = a.entry_id
                        join report r
                          on r.partner = a.authority and r.number = a.number and r.version = 1
                        join observation o on o.report_series = r.series and o.standing = 'current'
                        join journal was on was.id = o.entry_id
                        where a.kind = 'filed' and a.record_id <> a.other_id
                          and a.withdrawn_by is null and a.recorded_at >= :since
                          and coalesce(was.charted_at, was.settled_at) < decided.settled_at
                        order by 1 desc, 2
                        limit :most
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("most", MAX_CHANGES)
                .query((row, _) -> change(row))
                .list();
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                row.getLong("entry_id"),
                row.getString("path"),
                kind(row.getString("standing"), row.getString("status")),
                row.getLong("record_id"),
                row.getString("test"),
                ChartRows.instant(row, "shown_from"),
                ChartRows.instant(row, "shown_until"));
    }

    private static Kind kind(String standing, String status) {
        if (standing.equals("filed")) return Kind.REFILED;
        if (!standing.equals("withdrawal")) return Kind.CORRECTED;
        return status.equals(ObservationStatus.WRONG_PATIENT.letter())
                ? Kind.WRONG_PATIENT
                : Kind.DELETED;
    }

    /** Which persons these records are and were, under all that was ever asserted of them. */
    public Kinship kinship(Collection<Long> records) {
        var ids = records.stream().distinct().toArray(Long[]::new);
        var own = new HashMap<Long, UUID>();
        var now = new HashMap<Long, UUID>();
        if (ids.length == 0) return new Kinship(own, now, List.of());
        jdbc.sql(
                        AROUND
                                + """
                                select p.id, p.person_id, coalesce(p.own_person, p.person_id) as own_person
                                from around
                                join patient_record p on p.id = around.id
                                """)
                .param("records", ids)
                .query(
                        row -> {
                            own.put(row.getLong("id"), row.getObject("own_person", UUID.class));
                            now.put(row.getLong("id"), row.getObject("person_id", UUID.class));
                        });
        var joined =
                jdbc.sql(
                                AROUND
                                        + """
                                        select distinct a.id, a.record_id, a.other_id,
                                               least(u.decided_at, o.decided_at) as until,
                                               least(a.recorded_at, coalesce(j.charted_at, j.settled_at)) as joined
                                        from around
                                        join assertion a on a.record_id = around.id and a.kind in ('merged', 'linked')
                                        left join journal j on j.id = a.entry_id
                                        left join decision u on u.entry_id = a.withdrawn_by
                                        left join decision o on o.entry_id = a.overruled_by
                                        """)
                        .param("records", ids)
                        .query(
                                (row, _) ->
                                        new Kinship.Joined(
                                                row.getLong("record_id"),
                                                row.getLong("other_id"),
                                                ChartRows.instant(row, "joined"),
                                                ChartRows.maybeInstant(row, "until")))
                        .list();
        return new Kinship(own, now, joined);
    }

    private static final String AROUND =
            """
            with recursive around (id) as (
                select unnest(:records::bigint[])
                union
                select j.id
                from around
                cross join lateral (
                    select other_id from assertion where record_id = around.id and kind in ('merged', 'linked')
                    union all
                    select record_id from assertion where other_id = around.id and kind in ('merged', 'linked')
                ) j(id)
            )
            """;
}
