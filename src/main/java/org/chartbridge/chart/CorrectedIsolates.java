package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Susceptibilities, and whatever else is said of an isolate, whose culture was corrected since, so
 * that another organism may stand under their number now ⚠ (HL7-RULES §4). Computed when read, from
 * what was said and by its times, so that no order of arrival, merge or undo leaves one behind.
 */
@Repository
public class CorrectedIsolates {
    /** Patients with reports of reports that are looked through for the list, the newest. */
    public static final int MAX_PERSONS = 2_000;

    private static final String VALUES =
            """
            select o.*,
                   r.partner,
                   r.number as report_number,
                   r.placer_number,
                   r.parent_number,
                   p.person_id
            from patient_record p
            join report r on r.record_id = p.id and r.standing = 'current'
            join observation o on o.report_series = r.series and o.sub_id <> ''
            where p.person_id = any(:persons)
              and o.standing in ('current', 'repeat', 'replaced', 'withdrawn')
              and (r.parent_number <> ''
                   or exists (select from observation c
                              where c.report_series = r.series
                                and c.sub_id <> ''
                                and c.standing in ('replaced', 'withdrawn')))
            """;

    private final JdbcClient jdbc;

    public CorrectedIsolates(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Of these patients' current values, by id, those that are in doubt. */
    Map<Long, ObservationView> of(Collection<UUID> persons) {
        if (persons.isEmpty()) return Map.of();
        return WhichIsolate.doubted(
                jdbc.sql(VALUES)
                        .param("persons", persons.stream().distinct().toArray(UUID[]::new))
                        .query((row, _) -> value(row))
                        .list());
    }

    private static WhichIsolate.Value value(ResultSet row) throws SQLException {
        var subId = row.getString("sub_id");
        int end = subId.indexOf('/');
        return new WhichIsolate.Value(
                ChartRows.observation(row),
                ChartRows.version(row),
                end < 0 ? subId : subId.substring(0, end),
                row.getString("placer_number"),
                row.getString("parent_number"),
                row.getString("parent_value"));
    }

    /** Reports charted since then of which something is in doubt, the newest first. */
    public List<Row> since(Instant since) {
        var persons =
                jdbc.sql(
                                """
                                select p.person_id
                                from (
                                    select r.record_id, r.recorded_at
                                    from report r
                                    where r.parent_number <> ''
                                      and r.recorded_at >= :since
                                    union all
                                    select o.record_id, o.recorded_at
                                    from observation o
                                    where (o.standing = 'withdrawal' or o.corrected or o.status = 'C')
                                      and o.sub_id <> ''
                                      and o.recorded_at >= :since
                                ) lately
                                join patient_record p on p.id = lately.record_id
                                group by p.person_id
                                order by max(lately.recorded_at) desc
                                limit :most
                                """)
                        .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                        .param("most", MAX_PERSONS)
                        .query(UUID.class)
                        .list();
        var reports = new LinkedHashMap<Long, List<ObservationView>>();
        of(persons).values().stream()
                .sorted(Comparator.comparingLong(ObservationView::id))
                .forEach(
                        value ->
                                reports.computeIfAbsent(
                                                value.reportSeries(), _ -> new ArrayList<>())
                                        .add(value));
        if (reports.isEmpty()) return List.of();
        var masked = masked(reports.values().stream().map(one -> one.getFirst().personId()));
        return reports.values().stream()
                .map(values -> row(values, masked))
                .sorted(Comparator.comparing((Row row) -> row.doubt().since()).reversed())
                .toList();
    }

    private static Row row(List<ObservationView> values, Map<UUID, String> masked) {
        var first = values.getFirst();
        return new Row(
                first.personId(),
                first.entryId(),
                first.partner(),
                masked.getOrDefault(first.personId(), ""),
                first.reportNumber(),
                values.stream()
                        .map(value -> value.codeText().isEmpty() ? value.code() : value.codeText())
                        .distinct()
                        .toList(),
                (IsolateDoubt) Objects.requireNonNull(first.doubt()));
    }

    private Map<UUID, String> masked(Stream<UUID> persons) {
        var masked = new HashMap<UUID, String>();
        jdbc.sql(
                        """
                        select distinct on (p.person_id)
                               p.person_id,
                               concat_ws(' ', nullif(left(p.given_name, 1) || '.', '.'),
                                              nullif(left(p.family_name, 1) || '.', '.'),
                                              nullif(left(p.birth_date, 4), '')) as masked
                        from patient_record p
                        where p.person_id = any(:persons)
                        order by p.person_id, p.id
                        """)
                .param("persons", persons.distinct().toArray(UUID[]::new))
                .query(
                        row -> {
                            masked.put(
                                    row.getObject("person_id", UUID.class),
                                    row.getString("masked"));
                        });
        return masked;
    }

    /**
     * A report of which something is in doubt, for the list of those that somebody has to ask for.
     *
     * @param entryId the message that reported it
     * @param masked initials and year of birth
     * @param number the report's, OBR-3
     * @param tests names, in the order of the message
     */
    public record Row(
            UUID person,
            long entryId,
            String partner,
            String masked,
            String number,
            List<String> tests,
            IsolateDoubt doubt) {
        public Row {
            tests = List.copyOf(tests);
        }

        @Override
        public String toString() {
            return "Row[" + entryId + "]";
        }
    }
}
