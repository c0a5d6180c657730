package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;

/** Finds current values that are not valid as they stand, when a chart is read. */
final class Doubts {
    private static final String TAKEN_BACK =
            """
            select o.id, x.entry_id, x.recorded_at
            from report x
            join patient_record p on p.id = x.record_id
            """
                    + WrongPatients.STANDING
                    + """
                      and p.person_id = any(:persons)
                    order by x.entry_id
                    """;

    /** Lines of texts that the lines before them, said later, have no more. */
    private static final String LEFT_OUT =
            """
            select o.id, x.entry_id, x.recorded_at
            from patient_record p
            join report r on r.record_id = p.id and r.standing = 'current'
            join observation o
              on o.report_series = r.series
             and o.standing = 'current'
             and o.value_type in ('TX', 'FT')
             and o.sub_id ~ '^[1-9][0-9]{0,3}$'
            join observation x
              on x.report_series = o.report_series
             and x.code = o.code
             and x.code_system = o.code_system
             and x.standing = 'current'
             and x.sub_id ~ '^[1-9][0-9]{0,3}$'
             and lpad(x.sub_id, 4, '0') < lpad(o.sub_id, 4, '0')
             and said_at(x.issued_at, x.issued_until, x.message_at) > said_at(o.issued_at, o.issued_until, o.message_at)
             and (x.corrected or x.status in ('C', 'A')
                  or o.status in ('P', 'R', 'S', 'I') and x.status not in ('P', 'R', 'S', 'I'))
            where p.person_id = any(:persons)
              and not exists (
                  select
                  from observation own
                  where own.report_series = o.report_series
                    and own.series = o.series
                    and (own.entry_id = x.entry_id
                         or said_at(own.issued_at, own.issued_until, own.message_at)
                            >= said_at(x.issued_at, x.issued_until, x.message_at)))
            order by x.entry_id
            """;

    private final JdbcClient jdbc;
    private final CorrectedIsolates isolates;

    Doubts(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.isolates = new CorrectedIsolates(jdbc);
    }

    /** Of the patients whom a search is about, their current values, by id, that are in doubt. */
    Map<Long, ObservationView> of(ResultSearch search) {
        var persons = persons(search);
        return both(both(takenBack(persons), leftOut(persons)), isolates.of(persons));
    }

    /** The same whose report has the status {@code unknown} for it. */
    Collection<ObservationView> ofReports(ResultSearch search) {
        return isolates.of(persons(search)).values();
    }

    /** Current values as they were read, each with its doubt where there is one. */
    List<ObservationView> doubted(List<ObservationView> values) {
        return doubted(values, among(values));
    }

    /** Of the patients of these current values all that are in doubt, by id. */
    Map<Long, ObservationView> among(Collection<ObservationView> values) {
        var persons = values.stream().map(ObservationView::personId).distinct().toList();
        return values.stream().allMatch(value -> value.subId().isEmpty())
                ? takenBack(persons)
                : both(both(takenBack(persons), leftOut(persons)), isolates.of(persons));
    }

    static List<ObservationView> doubted(
            List<ObservationView> values, Map<Long, ObservationView> doubted) {
        if (doubted.isEmpty()) return values;
        return values.stream().map(value -> doubted(value, doubted)).toList();
    }

    static ObservationView doubted(ObservationView value, Map<Long, ObservationView> doubted) {
        var its = doubted.get(value.id());
        return its == null ? value : value.doubted(its.doubt());
    }

    private Map<Long, ObservationView> takenBack(Collection<UUID> persons) {
        return doubted(TAKEN_BACK, persons, TakenBackDoubt::new);
    }

    private Map<Long, ObservationView> leftOut(Collection<UUID> persons) {
        return doubted(LEFT_OUT, persons, LeftOutDoubt::new);
    }

    private Map<Long, ObservationView> doubted(
            String sql, Collection<UUID> persons, BiFunction<Long, Instant, ValueDoubt> doubt) {
        if (persons.isEmpty()) return Map.of();
        var doubts = new HashMap<Long, ValueDoubt>(0);
        jdbc.sql(sql)
                .param("persons", persons.stream().distinct().toArray(UUID[]::new))
                .query(
                        row -> {
                            doubts.put(
                                    row.getLong("id"),
                                    doubt.apply(
                                            row.getLong("entry_id"),
                                            row.getTimestamp("recorded_at").toInstant()));
                        });
        if (doubts.isEmpty()) return Map.of();
        var doubted = new HashMap<Long, ObservationView>();
        jdbc.sql(
                        ClinicalView.OBSERVATION
                                + ClinicalView.CURRENT_OBSERVATIONS
                                + "where o.id = any(:ids)")
                .param("ids", doubts.keySet().toArray(Long[]::new))
                .query((row, _) -> ChartRows.observation(row))
                .list()
                .forEach(view -> doubted.put(view.id(), view.doubted(doubts.get(view.id()))));
        return doubted;
    }

    private static Map<Long, ObservationView> both(
            Map<Long, ObservationView> some, Map<Long, ObservationView> others) {
        if (some.isEmpty()) return others;
        if (others.isEmpty()) return some;
        var all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    private List<UUID> persons(ResultSearch search) {
        if (!search.persons().isEmpty()) return List.copyOf(search.persons());
        return jdbc.sql(
                        """
                        select m.person_id
                        from report f
                        join patient_record m on m.id = f.record_id
                        where f.id = any(:series)
                        union
                        select m.person_id
                        from observation f
                        join patient_record m on m.id = f.record_id
                        where f.id = any(:series)
                        """)
                .param("series", search.series().toArray(Long[]::new))
                .query(UUID.class)
                .list();
    }
}
