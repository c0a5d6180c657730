package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads patients' charts: what console and FHIR show. Long because it holds every clinical read, so
 * that the rule of what a clinician may see (HL7-RULES §4) is in one place only:
 *
 * <ul>
 *   <li>only {@code current} versions of {@code current} reports are results;
 *   <li>{@code replaced}, {@code late} and {@code repeat} versions are history of a current value;
 *   <li>what D or W took back is in no clinical read, its history neither; of a series that knew a
 *       withdrawal only what came after it is history ({@link #everyVersion} is for audit);
 *   <li>{@code withdrawal}, {@code not-shown} and {@code not-applied} versions are never shown.
 * </ul>
 *
 * <p>Reports and observations are found by their series, the id of their first version.
 */
@Repository
public class PatientCharts {
    /** Patients on a page. */
    public static final int MAX_PERSONS = 200;

    /** Reports on a page. */
    public static final int MAX_REPORTS = 50;

    /** Observations on a page of a search. */
    public static final int MAX_OBSERVATIONS = 500;

    /** How far into a list a page may begin. */
    public static final int MAX_OFFSET = 100_000;

    /** Values that are read with one report. */
    public static final int MAX_OBSERVATIONS_PER_REPORT = 1_000;

    /** Notes that are read with one report, those about its values included. */
    public static final int MAX_NOTES_PER_REPORT = 2_000;

    /** Documents that are read with one report. */
    public static final int MAX_DOCUMENTS_PER_REPORT = 100;

    /** Versions of one value that are read, the newest. */
    public static final int MAX_VERSIONS = 200;

    /** Tests of one patient that are read together. */
    public static final int MAX_TESTS = 500;

    /** Values of one test that are read together, the newest. */
    public static final int MAX_VALUES_PER_TEST = 200;

    /** Values of one journal entry that are listed. */
    public static final int MAX_FACTS_PER_ENTRY = 2_000;

    /** The last collected first; what has no time comes last. */
    private static final String NEWEST_FIRST =
            """
            o.observed_at desc nulls last, o.issued_at desc nulls last, o.message_at desc nulls last, o.id desc\
            """;

    /** {@link TestKey} in SQL. */
    private static final String TEST_PARTNER =
            "case when o.code_system in ('LN', 'SCT') then '' else r.partner end";

    private static final String TEST_CODE =
            "case when o.code = '' then o.code_text else o.code end";

    private static final String TEST_KEY =
            TEST_PARTNER + ", o.code_system, " + TEST_CODE + ", o.sub_id";

    private static final String OBSERVATION =
            """
            select o.*,
                   r.partner,
                   r.number as report_number,
                   p.person_id
            """;

    /** Every current value there is. */
    private static final String CURRENT_OBSERVATIONS =
            """
            from patient_record p
            join report r on r.record_id = p.id and r.standing = 'current'
            join observation o on o.report_series = r.series and o.standing = 'current'
            """;

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

    /** Of versions {@code o} with their report {@code r}: what a clinician may see. */
    private static final String FOR_CLINICIANS =
            """
            o.standing in ('current', 'replaced', 'late', 'repeat')
            and exists (
                select
                from report c
                where c.record_id = r.record_id
                  and c.series = o.report_series
                  and c.standing = 'current'
            )
            and exists (
                select
                from observation c
                where c.report_series = o.report_series
                  and c.series = o.series
                  and c.standing = 'current'
            )
            and (
                o.standing = 'current'
                or not exists (
                    select
                    from observation gone
                    where gone.report_series = o.report_series
                      and gone.series = o.series
                      and gone.standing in ('withdrawn', 'withdrawal')
                      and (gone.version > o.version or o.standing <> 'replaced')
                )
            )
            """;

    private static final String REPORT =
            """
            select r.*,
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
            """;

    /** A report of which a withdrawal left nothing goes too: that a test was done is a result. */
    private static final String CURRENT_REPORTS =
            """
            from patient_record p
            join report r
              on r.record_id = p.id
             and r.standing = 'current'
             and (not exists (select from observation o
                              where o.report_series = r.series and o.standing = 'withdrawal')
                  or exists (select from observation o
                             where o.report_series = r.series and o.standing = 'current'))
            left join provider orderer on orderer.id = r.ordering_provider
            left join provider interpreter on interpreter.id = r.interpreter
            """;

    private static final String DOCUMENT =
            """
            select d.*,
                   p.person_id,
                   content.media_type,
                   content.size_bytes
            """;

    private final JdbcClient jdbc;

    public PatientCharts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    // ---------------------------------------------------------------- persons

    /** The patients who answer a search, by name. */
    public Page<PersonView> findPersons(PersonSearch search, int offset, int limit) {
        check(offset, limit, MAX_PERSONS);
        var where = Conditions.of(search);
        var ids =
                jdbc.sql(
                                """
                                with found as (
                                    select distinct p.person_id
                                    from patient_record p
                                    where %s
                                ), named as (
                                    select distinct on (p.person_id)
                                           p.person_id,
                                           lower(p.family_name) as family,
                                           lower(p.given_name) as given,
                                           p.birth_date
                                    from found
                                    join patient_record p on p.person_id = found.person_id
                                    order by p.person_id, p.id
                                )
                                select person_id
                                from named
                                order by family, given, birth_date, person_id
                                offset :offset
                                limit :limit
                                """
                                        .formatted(where.sql()))
                        .params(where.values())
                        .param("offset", offset)
                        .param("limit", limit)
                        .query(UUID.class)
                        .list();
        var total = count("select count(distinct p.person_id) from patient_record p where ", where);
        return new Page<>(persons(ids), total, offset, limit);
    }

    public Optional<PersonView> person(UUID id) {
        return persons(List.of(id)).stream().findFirst();
    }

    /** Whose record this is: a journal entry names the record it was charted on. */
    public Optional<UUID> personOfRecord(long recordId) {
        return jdbc.sql("select person_id from patient_record where id = :id")
                .param("id", recordId)
                .query(UUID.class)
                .optional();
    }

    private List<PersonView> persons(List<UUID> ids) {
        if (ids.isEmpty()) return List.of();
        var records = new HashMap<UUID, List<RecordView>>();
        jdbc.sql(
                        """
                        select *
                        from patient_record
                        where person_id = any(:ids)
                        order by id
                        """)
                .param("ids", ids.toArray(UUID[]::new))
                .query(
                        row -> {
                            records.computeIfAbsent(
                                            row.getObject("person_id", UUID.class),
                                            _ -> new ArrayList<>())
                                    .add(ChartRows.record(row));
                        });
        return ids.stream()
                .filter(records::containsKey)
                .map(id -> new PersonView(id, records.getOrDefault(id, List.of())))
                .toList();
    }

    // ---------------------------------------------------------------- reports

    /** A patient's reports as they stand, the last collected first, each with all it holds. */
    public Page<ReportView> reports(UUID person, int offset, int limit) {
        return findReports(ResultSearch.of(person), offset, limit);
    }

    /** One report as it stands; empty when there is none, or when it was taken back. */
    public Optional<ReportView> report(long series) {
        return findReports(ResultSearch.of(series), 0, 1).items().stream().findFirst();
    }

    /** Reports as they stand that answer a search, the last collected first. */
    public Page<ReportView> findReports(ResultSearch search, int offset, int limit) {
        check(offset, limit, MAX_REPORTS);
        var where = Conditions.ofReports(search);
        var bare =
                jdbc.sql(
                                REPORT
                                        + CURRENT_REPORTS
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
        var total = count("select count(*) " + CURRENT_REPORTS + "where ", where);
        return new Page<>(whole(bare), total, offset, limit);
    }

    /** Whether there ever was such a report: one that can't be read any more was taken back. */
    public boolean reportExisted(long series) {
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
                        OBSERVATION
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
                        """
                        select n.*
                        from note n
                        left join observation o on o.id = n.target
                        where n.report_series = any(:series)
                          and (n.target = any(:ids) or o.standing = 'current')
                        """,
                        "id",
                        series,
                        ids,
                        MAX_NOTES_PER_REPORT,
                        leftOut,
                        (row, _) -> Map.entry(row.getLong("target"), ChartRows.note(row)));
        var documents =
                perReport(
                        DOCUMENT
                                + """
                                from document d
                                join document_content content on content.hash = d.content_hash
                                join observation o on o.id = d.observation_id
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
        return bare.stream()
                .map(
                        report -> {
                            var own = notesOf(notes.getOrDefault(report.series(), List.of()));
                            return report.with(
                                    observations.getOrDefault(report.series(), List.of()).stream()
                                            .map(o -> o.withNotes(of(own, o.id())))
                                            .toList(),
                                    of(own, report.id()),
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

    // ---------------------------------------------------------------- observations

    /** One value as it stands; empty when there is none, or when it was taken back. */
    public Optional<ObservationView> observation(long series) {
        return findObservations(ResultSearch.of(series), 0, 1).items().stream().findFirst();
    }

    /** Values as they stand that answer a search, the last collected first, with their notes. */
    public Page<ObservationView> findObservations(ResultSearch search, int offset, int limit) {
        check(offset, limit, MAX_OBSERVATIONS);
        var where = Conditions.ofObservations(search);
        var found =
                jdbc.sql(
                                OBSERVATION
                                        + CURRENT_OBSERVATIONS
                                        + """
                                        where %s
                                        order by %s
                                        offset :offset
                                        limit :limit
                                        """
                                                .formatted(where.sql(), NEWEST_FIRST))
                        .params(where.values())
                        .param("offset", offset)
                        .param("limit", limit)
                        .query((row, _) -> ChartRows.observation(row))
                        .list();
        var total = count("select count(*) " + CURRENT_OBSERVATIONS + "where ", where);
        return new Page<>(withNotes(found), total, offset, limit);
    }

    /** Whether there ever was such a value: one that can't be read any more was taken back. */
    public boolean observationExisted(long series) {
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
     * (the class comment says which), each with its standing and with the entry that replaced it.
     * Empty when the value was taken back.
     */
    public List<ObservationView> history(long series) {
        return versions(series, FOR_CLINICIANS);
    }

    /** Every statement about a value, withdrawn ones too. For audit roles only. */
    public List<ObservationView> everyVersion(long series) {
        return versions(series, "true");
    }

    private List<ObservationView> versions(long series, String condition) {
        return withNotes(
                jdbc.sql(
                                OBSERVATION
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
                        .query((row, _) -> ChartRows.observation(row))
                        .list());
    }

    private List<ObservationView> withNotes(List<ObservationView> observations) {
        if (observations.isEmpty()) return List.of();
        var notes =
                jdbc.sql(
                                """
                                select *
                                from note
                                where report_series = any(:series)
                                  and target = any(:targets)
                                order by id
                                """)
                        .param(
                                "series",
                                observations.stream()
                                        .map(ObservationView::reportSeries)
                                        .distinct()
                                        .toArray(Long[]::new))
                        .param(
                                "targets",
                                observations.stream().map(ObservationView::id).toArray(Long[]::new))
                        .query((row, _) -> Map.entry(row.getLong("target"), ChartRows.note(row)))
                        .list();
        var own = notesOf(notes);
        return observations.stream().map(o -> o.withNotes(of(own, o.id()))).toList();
    }

    // ---------------------------------------------------------------- tests over time

    /**
     * All tests of a patient by name, each with its values, the last collected first, corrections
     * applied. Latest values and values over time are both read by this, so they can't disagree.
     * Values come without their notes.
     *
     * @param valuesPerTest how many at most; 1 for the latest only
     * @return at most {@link #MAX_TESTS}; the total says how many there are
     */
    public Page<TestView> tests(UUID person, int valuesPerTest) {
        return tests(person, null, valuesPerTest);
    }

    /** One test of a patient over time; empty when there is no current value. */
    public Optional<TestView> test(UUID person, TestKey key, int values) {
        return tests(person, key, values).items().stream().findFirst();
    }

    private Page<TestView> tests(UUID person, @Nullable TestKey only, int valuesPerTest) {
        check(0, valuesPerTest, MAX_VALUES_PER_TEST);
        var filter =
                only == null ? "" : "and (" + TEST_KEY + ") = (:partner, :system, :code, :subId)";
        var statement =
                jdbc.sql(
                                """
                                select *
                                from (
                                    select o.*,
                                           r.partner,
                                           r.number as report_number,
                                           p.person_id,
                                           row_number() over (partition by %1$s order by %2$s) as place,
                                           count(*) over (partition by %1$s) as total,
                                           dense_rank() over (order by %1$s) as test
                                    %3$s
                                    where p.person_id = :person
                                    %4$s
                                ) placed
                                where place <= :values
                                order by test, place
                                """
                                        .formatted(
                                                TEST_KEY,
                                                NEWEST_FIRST,
                                                CURRENT_OBSERVATIONS,
                                                filter))
                        .param("person", person)
                        .param("values", valuesPerTest);
        if (only != null) {
            statement
                    .param("partner", only.partner())
                    .param("system", only.codeSystem())
                    .param("code", only.code())
                    .param("subId", only.subId());
        }
        var values = new LinkedHashMap<Long, List<ObservationView>>();
        var totals = new HashMap<Long, Long>();
        statement.query(
                row -> {
                    var test = row.getLong("test");
                    totals.put(test, row.getLong("total"));
                    if (values.size() == MAX_TESTS && !values.containsKey(test)) return;
                    values.computeIfAbsent(test, _ -> new ArrayList<>())
                            .add(ChartRows.observation(row));
                });
        var tests =
                values.entrySet().stream()
                        .map(
                                test ->
                                        new TestView(
                                                test.getValue().getFirst().testKey(),
                                                test.getValue(),
                                                totals.getOrDefault(test.getKey(), 0L)))
                        .sorted(TestView.BY_NAME)
                        .toList();
        return new Page<>(tests, totals.size(), 0, MAX_TESTS);
    }

    /**
     * For each value of a report, by series, the value of the same test that was collected before
     * it, corrections applied. What was not performed or came without a value is passed over; a
     * value without time has no before.
     */
    public Map<Long, ObservationView> previousValues(long reportSeries) {
        var previous = new HashMap<Long, ObservationView>();
        jdbc.sql(
                        """
                        with test as (
                            select o.series as for_series,
                                   o.observed_at as before,
                                   p.person_id,
                                   %1$s as partner,
                                   o.code_system,
                                   %5$s as code,
                                   o.sub_id
                            %2$s
                            where p.id = (select record_id from report where id = :report)
                              and o.report_series = :report
                              and o.observed_at is not null
                        )
                        select distinct on (test.for_series)
                               test.for_series,
                               o.*,
                               r.partner,
                               r.number as report_number,
                               p.person_id
                        from test
                        join patient_record p on p.person_id = test.person_id
                        join report r on r.record_id = p.id and r.standing = 'current'
                        join observation o on o.report_series = r.series and o.standing = 'current'
                        where (%3$s) = (test.partner, test.code_system, test.code, test.sub_id)
                          and o.observed_at < test.before
                          and o.value_text <> ''
                          and o.status <> 'X'
                        order by test.for_series, %4$s
                        """
                                .formatted(
                                        TEST_PARTNER,
                                        CURRENT_OBSERVATIONS,
                                        TEST_KEY,
                                        NEWEST_FIRST,
                                        TEST_CODE))
                .param("report", reportSeries)
                .query(
                        row -> {
                            previous.put(row.getLong("for_series"), ChartRows.observation(row));
                        });
        return previous;
    }

    // ---------------------------------------------------------------- documents

    /**
     * A document with its content; empty when there is none, or when what carried it was taken back
     * or was never shown.
     */
    public Optional<DocumentFile> document(long id) {
        return jdbc.sql(
                        DOCUMENT
                                + """
                                       , content.content
                                from document d
                                join document_content content on content.hash = d.content_hash
                                join observation o on o.id = d.observation_id
                                join report r on r.id = o.report_series
                                join patient_record p on p.id = d.record_id
                                where d.id = :id
                                  and %s
                                """
                                        .formatted(FOR_CLINICIANS))
                .param("id", id)
                .query(
                        (row, _) ->
                                new DocumentFile(ChartRows.document(row), row.getBytes("content")))
                .optional();
    }

    // ---------------------------------------------------------------- facts of an entry

    /**
     * What a journal entry said, whatever became of it, for the message page. What was withdrawn is
     * listed without its value.
     */
    public EntryFacts facts(long entryId) {
        var values = new HashMap<Long, List<EntryFacts.ObservationFact>>();
        var total = new long[1];
        jdbc.sql(
                        """
                        select o.*,
                               count(*) over () as total
                        from (
                            select distinct series
                            from report
                            where entry_id = :entry
                        ) r
                        join observation o on o.report_series = r.series and o.entry_id = :entry
                        order by o.id
                        limit :limit
                        """)
                .param("entry", entryId)
                .param("limit", MAX_FACTS_PER_ENTRY)
                .query(
                        row -> {
                            total[0] = row.getLong("total");
                            values.computeIfAbsent(
                                            row.getLong("report_series"), _ -> new ArrayList<>())
                                    .add(ChartRows.observationFact(row));
                        });
        var listed = values.values().stream().mapToLong(List::size).sum();
        var reports =
                jdbc.sql(
                                """
                                select r.*,
                                       p.person_id
                                from report r
                                join patient_record p on p.id = r.record_id
                                where r.entry_id = :entry
                                order by r.id
                                limit :limit
                                """)
                        .param("entry", entryId)
                        .param("limit", MAX_FACTS_PER_ENTRY)
                        .query(
                                (row, _) ->
                                        ChartRows.reportFact(
                                                row,
                                                values.getOrDefault(
                                                        row.getLong("series"), List.of())))
                        .list();
        return new EntryFacts(entryId, reports, total[0] - listed);
    }

    // ---------------------------------------------------------------- of all of these

    private long count(String select, Conditions where) {
        return jdbc.sql(select + where.sql()).params(where.values()).query(Long.class).single();
    }

    private static Map<Long, List<NoteView>> notesOf(List<Map.Entry<Long, NoteView>> notes) {
        var byTarget = new HashMap<Long, List<NoteView>>();
        for (var note : notes)
            byTarget.computeIfAbsent(note.getKey(), _ -> new ArrayList<>()).add(note.getValue());
        return byTarget;
    }

    private static List<NoteView> of(Map<Long, List<NoteView>> notes, long target) {
        return notes.getOrDefault(target, List.of());
    }

    private static void check(int offset, int limit, int max) {
        if (offset < 0 || offset > MAX_OFFSET || limit < 1 || limit > max)
            throw new IllegalArgumentException(
                    "wanted an offset of 0 to %d and a limit of 1 to %d, got %d and %d"
                            .formatted(MAX_OFFSET, max, offset, limit));
    }
}
