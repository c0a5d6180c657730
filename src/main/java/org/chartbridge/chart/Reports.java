package org.chartbridge.chart;

import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads patients' reports as they stand, each with its values, notes and documents, as {@link
 * ClinicalView} lets them be seen. Reports are found by their series, the id of their first
 * version.
 */
@Repository
public class Reports {
    /** Reports on a page. */
    public static final int MAX_REPORTS = 50;

    /** Values that are read with one report. */
    public static final int MAX_OBSERVATIONS_PER_REPORT = 1_000;

    /** Notes that are read with one report, those about its values included. */
    public static final int MAX_NOTES_PER_REPORT = 2_000;

    /** Documents that are read with one report. */
    public static final int MAX_DOCUMENTS_PER_REPORT = 100;

    /**
     * What its filler calls a report is its number, also where the current version names the
     * placer's only: what is left empty stays said (decision 67).
     */
    private static final String REPORT =
            """
            select r.*,
                   coalesce(case when (r.says & %1$d) = %1$d
                                 then (select n.number
                                       from report n
                                       where n.series = r.series
                                         and (n.says & %2$d) <> 0
                                         and (n.says & %3$d) = 0
                                       order by length(n.number) desc, n.number
                                       limit 1) end,
                            r.number) as known_number,
                   p.person_id,
                   orderer.id as orderer_id,
                   orderer.authority as orderer_authority,
                   orderer.number as orderer_number,
                   orderer.family_name as orderer_family,
                   orderer.given_name as orderer_given,
                   interpreter.id as interpreter_id,
                   interpreter.authority as interpreter_authority,
                   interpreter.number as interpreter_number,
                   interpreter.family_name as interpreter_family,
                   interpreter.given_name as interpreter_given
            """
                    .formatted(
                            ReportWords.TWO_NUMBERS | ReportWords.BY_PLACER,
                            ReportWords.TWO_NUMBERS,
                            ReportWords.BY_PLACER);

    private final JdbcClient jdbc;

    private final Doubts doubts;

    public Reports(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.doubts = new Doubts(jdbc);
    }

    /** A patient's reports as they stand, the last collected first, each with all it holds. */
    public Page<ReportView> reports(UUID person, int offset, int limit) {
        return find(ResultSearch.of(person), offset, limit);
    }

    /** One report as it stands; empty when there is none, or when it was taken back. */
    public Optional<ReportView> report(long series) {
        return find(ResultSearch.of(series), 0, 1).items().stream().findFirst();
    }

    /** Reports as they stand that answer a search, the last collected first. */
    public Page<ReportView> find(ResultSearch search, int offset, int limit) {
        Page.check(offset, limit, MAX_REPORTS);
        var doubted =
                search.statuses() == null ? List.<ObservationView>of() : doubts.ofReports(search);
        var where = Conditions.ofReports(search, doubted);
        var bare =
                jdbc.sql(
                                REPORT
                                        + ClinicalView.CURRENT_REPORTS
                                        + """
                                        where %s
                                        order by r.collected_at desc nulls last, r.issued_at desc nulls last, r.id desc
                                        offset :offset
                                        limit :limit
                                        """
                                                .formatted(where.sql()))
                        .params(where.values())
                        .param("offset", offset)
                        .param("limit", limit)
                        .query((row, _) -> ChartRows.report(row))
                        .list();
        var total =
                jdbc.sql("select count(*) " + ClinicalView.CURRENT_REPORTS + "where " + where.sql())
                        .params(where.values())
                        .query(Long.class)
                        .single();
        return new Page<>(whole(bare), total, offset, limit);
    }

    /**
     * What was asked for, without what came of it: reports that stand on an OBR, the last collected
     * first, with no values, notes or documents.
     *
     * @param without series that are not wanted
     */
    public Page<ReportView> requests(
            ResultSearch search, Collection<Long> without, int offset, int limit) {
        Page.check(offset, limit, Registrations.MAX_ITEMS);
        var doubted =
                search.statuses() == null ? List.<ObservationView>of() : doubts.ofReports(search);
        var where = Conditions.ofReports(search, doubted);
        var from =
                ClinicalView.CURRENT_REPORTS
                        + """
                        where %s
                          and r.series <> all(:without)
                          and not (r.number like '@%%' and r.code = '' and r.code_text = :nobody)
                        """
                                .formatted(where.sql());
        var params = new HashMap<String, Object>(where.values());
        params.put("without", without.toArray(Long[]::new));
        params.put("nobody", ReportStatement.WITHOUT_ORDER);
        var total = jdbc.sql("select count(*) " + from).params(params).query(Long.class).single();
        if (total == 0) return new Page<>(List.of(), 0, offset, limit);
        params.put("offset", offset);
        params.put("limit", limit);
        var requests =
                jdbc.sql(
                                REPORT
                                        + from
                                        + """
                                        order by r.collected_at desc nulls last, r.issued_at desc nulls last, r.id desc
                                        offset :offset
                                        limit :limit
                                        """)
                        .params(params)
                        .query((row, _) -> ChartRows.report(row))
                        .list();
        return new Page<>(requests, total, offset, limit);
    }

    /** Where a version of a report is stated: its OBR in its message. */
    public record Stated(long entryId, String path) {}

    /** Of each version of these reports, the report. */
    public Map<Stated, Long> versions(Collection<Long> series) {
        var versions = new HashMap<Stated, Long>();
        jdbc.sql("select series, entry_id, path from report where series = any(:series)")
                .param("series", series.toArray(Long[]::new))
                .query(
                        row -> {
                            versions.put(
                                    new Stated(row.getLong("entry_id"), row.getString("path")),
                                    row.getLong("series"));
                        });
        return versions;
    }

    /** Whether there ever was such a report: one that can't be read any more was taken back. */
    public boolean existed(long series) {
        return jdbc.sql("select exists (select from report where id = :series and series = id)")
                .param("series", series)
                .query(Boolean.class)
                .single();
    }

    /** The same reports with their current values, notes and documents. */
    private List<ReportView> whole(List<ReportView> bare) {
        if (bare.isEmpty()) return List.of();
        var series = bare.stream().map(ReportView::series).toArray(Long[]::new);
        var ids = bare.stream().map(ReportView::id).toArray(Long[]::new);
        var leftOut = new HashMap<Long, Long>();
        var observations =
                perReport(
                        ClinicalView.OBSERVATION
                                + """
                                from observation o
                                join report r on r.series = o.report_series and r.id = any(:ids)
                                join patient_record p on p.id = r.record_id
                                where o.report_series = any(:series)
                                  and o.standing = 'current'
                                """,
                        "series",
                        series,
                        ids,
                        MAX_OBSERVATIONS_PER_REPORT,
                        leftOut,
                        (row, _) -> ChartRows.observation(row));
        var notes =
                perReport(
                        ClinicalView.NOTES_OF_VALUES.formatted("o.standing = 'current'")
                                + """
                                union all
                                select n.id, n.source, n.text, n.entry_id, n.path, n.recorded_at, n.report_series, r.id
                                from report r
                                join note n on n.report_series = r.series and n.target in (r.id, r.notes_of)
                                where r.id = any(:ids)
                                """,
                        "id",
                        series,
                        ids,
                        MAX_NOTES_PER_REPORT,
                        leftOut,
                        (row, _) -> Map.entry(row.getLong("shown_at"), ChartRows.note(row)));
        var documents =
                perReport(
                        ClinicalView.DOCUMENT
                                + """
                                from document d
                                join document_content content on content.hash = d.content_hash
                                join observation o
                                  on o.report_series = d.report_series
                                 and coalesce(o.confirms, o.id) = d.observation_id
                                join report r on r.series = d.report_series and r.id = any(:ids)
                                join patient_record p on p.id = r.record_id
                                where d.report_series = any(:series)
                                  and o.standing = 'current'
                                """,
                        "id",
                        series,
                        ids,
                        MAX_DOCUMENTS_PER_REPORT,
                        leftOut,
                        (row, _) -> ChartRows.document(row));
        var doubted = doubts.among(observations.values().stream().flatMap(List::stream).toList());
        return bare.stream()
                .map(
                        report -> {
                            var own =
                                    Observations.byTarget(
                                            notes.getOrDefault(report.series(), List.of()));
                            return report.with(
                                    observations.getOrDefault(report.series(), List.of()).stream()
                                            .map(o -> Doubts.doubted(o, doubted))
                                            .map(
                                                    o ->
                                                            o.withNotes(
                                                                    own.getOrDefault(
                                                                            o.id(), List.of())))
                                            .toList(),
                                    own.getOrDefault(report.id(), List.of()),
                                    documents.getOrDefault(report.series(), List.of()),
                                    leftOut.getOrDefault(report.series(), 0L));
                        })
                .toList();
    }

    /**
     * What belongs to each of some reports, at most {@code limit} for each.
     *
     * @param leftOut counts what is beyond the limit, by report
     */
    private <T> Map<Long, List<T>> perReport(
            String select,
            String order,
            Long[] series,
            Long[] ids,
            int limit,
            Map<Long, Long> leftOut,
            RowMapper<T> mapper) {
        var found = new HashMap<Long, List<T>>();
        jdbc.sql(
                        """
                        select *
                        from (
                            select each.*,
                                   row_number() over (partition by report_series order by %s) as place,
                                   count(*) over (partition by report_series) as total
                            from (
                                %s
                            ) each
                        ) placed
                        where place <= :limit
                        order by report_series, place
                        """
                                .formatted(order, select))
                .param("series", series)
                .param("ids", ids)
                .param("limit", limit)
                .query(
                        row -> {
                            var report = row.getLong("report_series");
                            var place = row.getInt("place");
                            if (place == 1)
                                leftOut.merge(
                                        report,
                                        Math.max(0, row.getLong("total") - limit),
                                        Long::sum);
                            found.computeIfAbsent(report, _ -> new ArrayList<>())
                                    .add(mapper.mapRow(row, place));
                        });
        return found;
    }
}
