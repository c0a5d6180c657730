package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/**
 * Patients whose birth date registration changed after results had been charted under their number:
 * whether these were matched rightly has to be looked at again (HL7-RULES §4, decision 48). What
 * their own PID said stands in their bytes only. Computed when read.
 */
@Repository
public class ChangedBirthDates {
    /** Changes that are looked at at most, the newest. */
    static final int MAX_CHANGES = 200;

    /** Messages of one patient that are looked at at most, the newest. */
    static final int MAX_MESSAGES = 20;

    private final JdbcClient jdbc;

    ChangedBirthDates(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A message whose results were charted before.
     *
     * @param tests names, as sent
     */
    public record Earlier(long entryId, String partner, List<String> tests, Instant since) {
        public Earlier {
            tests = List.copyOf(tests);
        }
    }

    /**
     * A number of a patient whose birth date was changed.
     *
     * @param record as it stands now
     * @param changedBy the message that changed it last
     * @param earlier messages with results from before, the newest first
     */
    public record Row(
            RecordView record,
            UUID person,
            long changedBy,
            Instant changedAt,
            List<Earlier> earlier) {
        public Row {
            earlier = List.copyOf(earlier);
        }

        /** The record's id only. */
        @Override
        public String toString() {
            return "Row[" + record.id() + "]";
        }
    }

    /** Those changed since then, the last change first; none without earlier results. */
    public List<Row> since(Instant since) {
        var rows = new LinkedHashMap<Long, Row>();
        var earlier = new LinkedHashMap<Long, List<Earlier>>();
        jdbc.sql(
                        """
                        with change as (
                            select j.record_id, max(j.id) as id, max(j.received_at) as at
                            from (select id, record_id, received_at
                                  from journal
                                  where reasons @> '[{"reason": "birth-date-changed"}]'
                                    and state = 'charted'
                                    and received_at >= :since
                                  order by id desc
                                  limit :changes) j
                            group by j.record_id
                        )
                        select p.*, c.id as changed_by, c.at as changed_at,
                               e.entry_id as earlier, e.partner as earlier_partner, e.tests, e.since
                        from change c
                        join patient_record p on p.id = c.record_id
                        cross join lateral (
                            select r.entry_id, r.partner, min(r.recorded_at) as since,
                                   array_agg(distinct coalesce(nullif(r.code_text, ''), r.code)) as tests
                            from report r
                            join journal j on j.id = r.entry_id and j.released_by is null
                            where r.record_id = p.id
                              and r.standing = 'current'
                              and r.entry_id < c.id
                              and exists (select from observation o
                                          where o.report_series = r.series and o.standing = 'current')
                            group by r.entry_id, r.partner
                            order by r.entry_id desc
                            limit :messages) e
                        order by c.id desc, e.entry_id desc
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("changes", MAX_CHANGES)
                .param("messages", MAX_MESSAGES)
                .query(
                        row -> {
                            long id = row.getLong("id");
                            if (!rows.containsKey(id))
                                rows.put(
                                        id,
                                        new Row(
                                                ChartRows.record(row),
                                                row.getObject("person_id", UUID.class),
                                                row.getLong("changed_by"),
                                                ChartRows.instant(row, "changed_at"),
                                                List.of()));
                            earlier.computeIfAbsent(id, _ -> new ArrayList<>())
                                    .add(
                                            new Earlier(
                                                    row.getLong("earlier"),
                                                    row.getString("earlier_partner"),
                                                    List.of(
                                                            (String[])
                                                                    row.getArray("tests")
                                                                            .getArray()),
                                                    ChartRows.instant(row, "since")));
                        });
        return rows.values().stream()
                .map(
                        row ->
                                new Row(
                                        row.record(),
                                        row.person(),
                                        row.changedBy(),
                                        row.changedAt(),
                                        earlier.getOrDefault(row.record().id(), List.of())))
                .toList();
    }
}
