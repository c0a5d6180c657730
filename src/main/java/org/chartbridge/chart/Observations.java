package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads values as they stand and as they were, as {@link ClinicalView} lets them be seen. They are
 * found by their series, the id of their first version.
 */
@Repository
public class Observations {
    /** Observations on a page of a search. */
    public static final int MAX_OBSERVATIONS = 500;

    /** Versions of one value that are read, the newest. */
    public static final int MAX_VERSIONS = 200;

    /**
     * Every version {@code o} of the observation {@code :series}. The report's first version {@code
     * r} is enough: partner and number are its identity.
     */
    private static final String EVERY_VERSION =
            """
            from observation first
            join observation o on o.report_series = first.report_series and o.series = first.series
            join report r on r.id = first.report_series
            join patient_record p on p.id = o.record_id
            """;

    private final JdbcClient jdbc;

    private final Doubts doubts;

    public Observations(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.doubts = new Doubts(jdbc);
    }

    /** One value as it stands; empty when there is none, or when it was taken back. */
    public Optional<ObservationView> observation(long series) {
        return find(ResultSearch.of(series), 0, 1).items().stream().findFirst();
    }

    /** Values as they stand that answer a search, the last collected first, with their notes. */
    public Page<ObservationView> find(ResultSearch search, int offset, int limit) {
        Page.check(offset, limit, MAX_OBSERVATIONS);
        var doubted = search.isOfAnyStatus() ? Map.<Long, ObservationView>of() : doubts.of(search);
        var where = Conditions.ofObservations(search, doubted.values());
        var found =
                jdbc.sql(
                                ClinicalView.OBSERVATION
                                        + ClinicalView.CURRENT_OBSERVATIONS
                                        + """
                                        where %s
                                        order by %s
                                        offset :offset
                                        limit :limit
                                        """
                                                .formatted(where.sql(), ClinicalView.NEWEST_FIRST))
                        .params(where.values())
                        .param("offset", offset)
                        .param("limit", limit)
                        .query((row, _) -> ChartRows.observation(row))
                        .list();
        var total =
                jdbc.sql(
                                "select count(*) "
                                        + ClinicalView.CURRENT_OBSERVATIONS
                                        + "where "
                                        + where.sql())
                        .params(where.values())
                        .query(Long.class)
                        .single();
        return new Page<>(
                withNotes(
                        search.isOfAnyStatus()
                                ? doubts.doubted(found)
                                : Doubts.doubted(found, doubted)),
                total,
                offset,
                limit);
    }

    /** Whether there ever was such a value: one that can't be read any more was taken back. */
    public boolean existed(long series) {
        return jdbc.sql(
                        """
                        select exists (
                            select
                            from observation first
                            join observation o on o.report_series = first.report_series and o.series = first.series
                            where first.id = :series
                              and first.series = first.id
                              and o.standing in ('current', 'replaced', 'withdrawn')
                        )
                        """)
                .param("series", series)
                .query(Boolean.class)
                .single();
    }

    /**
     * A value and what it was before, the newest version first: every statement a clinician may see
     * ({@link ClinicalView} says which), each with its standing and with the entry that replaced
     * it. Versions count by arrival. Empty when the value was taken back.
     */
    public List<ObservationView> history(long series) {
        return views(versions(series, ClinicalView.FOR_CLINICIANS));
    }

    /**
     * The same as it was said, the last said first, whenever it arrived: in the order that decides
     * which version is current ({@link Timeline}).
     */
    public List<ObservationView> historyAsSaid(long series) {
        return views(
                versions(series, ClinicalView.FOR_CLINICIANS).stream()
                        .sorted(
                                Comparator.comparing(Statement::version, Timeline.OLDEST_FIRST)
                                        .reversed())
                        .toList());
    }

    /** Every statement about a value, withdrawn ones too. For audit roles only. */
    public List<ObservationView> everyVersion(long series) {
        return views(versions(series, "true"));
    }

    private record Statement(Timeline.Version version, ObservationView view) {}

    private List<Statement> versions(long series, String condition) {
        return jdbc.sql(
                        ClinicalView.OBSERVATION
                                + EVERY_VERSION
                                + """
                                where first.id = :series
                                  and first.series = first.id
                                  and %s
                                order by o.version desc
                                limit :limit
                                """
                                        .formatted(condition))
                .param("series", series)
                .param("limit", MAX_VERSIONS)
                .query(
                        (row, _) ->
                                new Statement(ChartRows.version(row), ChartRows.observation(row)))
                .list();
    }

    private List<ObservationView> views(List<Statement> statements) {
        return withNotes(doubts.doubted(statements.stream().map(Statement::view).toList()));
    }

    private List<ObservationView> withNotes(List<ObservationView> observations) {
        if (observations.isEmpty()) return List.of();
        var notes =
                jdbc.sql(
                                ClinicalView.NOTES_OF_VALUES.formatted("o.id = any(:targets)")
                                        + "order by id")
                        .param(
                                "series",
                                observations.stream()
                                        .map(ObservationView::reportSeries)
                                        .distinct()
                                        .toArray(Long[]::new))
                        .param(
                                "targets",
                                observations.stream().map(ObservationView::id).toArray(Long[]::new))
                        .query((row, _) -> Map.entry(row.getLong("shown_at"), ChartRows.note(row)))
                        .list();
        var own = byTarget(notes);
        return observations.stream()
                .map(o -> o.withNotes(own.getOrDefault(o.id(), List.of())))
                .toList();
    }

    static Map<Long, List<NoteView>> byTarget(List<Map.Entry<Long, NoteView>> notes) {
        var byTarget = new HashMap<Long, List<NoteView>>();
        for (var note : notes)
            byTarget.computeIfAbsent(note.getKey(), _ -> new ArrayList<>()).add(note.getValue());
        return byTarget;
    }
}
