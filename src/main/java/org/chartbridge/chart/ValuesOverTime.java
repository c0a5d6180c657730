package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads the current values of one test over time, corrections applied: {@link TestKey}. */
@Repository
public class ValuesOverTime {
    /** Tests of one patient that are read together. */
    public static final int MAX_TESTS = 500;

    /** Values of one test that are read together, the newest. */
    public static final int MAX_VALUES_PER_TEST = 200;

    /** {@link TestKey} in SQL. */
    private static final String TEST_PARTNER =
            "case when o.code_system in ('LN', 'SCT') then '' else r.partner end";

    private static final String TEST_CODE =
            "case when o.code = '' then o.code_text else o.code end";

    private static final String TEST_KEY =
            TEST_PARTNER + ", o.code_system, " + TEST_CODE + ", o.sub_id";

    private final JdbcClient jdbc;

    private final Doubts doubts;

    ValuesOverTime(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.doubts = new Doubts(jdbc);
    }

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
        Page.check(0, valuesPerTest, MAX_VALUES_PER_TEST);
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
                                                ClinicalView.NEWEST_FIRST,
                                                ClinicalView.CURRENT_OBSERVATIONS,
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
        var doubted = doubts.among(values.values().stream().flatMap(List::stream).toList());
        var tests =
                values.entrySet().stream()
                        .map(
                                test ->
                                        new TestView(
                                                test.getValue().getFirst().testKey(),
                                                Doubts.doubted(test.getValue(), doubted),
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
                            where p.person_id = (select m.person_id from report f join patient_record m on m.id = f.record_id
                                                 where f.id = :report)
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
                          and not o.not_performed
                        order by test.for_series, %4$s
                        """
                                .formatted(
                                        TEST_PARTNER,
                                        ClinicalView.CURRENT_OBSERVATIONS,
                                        TEST_KEY,
                                        ClinicalView.NEWEST_FIRST,
                                        TEST_CODE))
                .param("report", reportSeries)
                .query(
                        row -> {
                            previous.put(row.getLong("for_series"), ChartRows.observation(row));
                        });
        return previous;
    }
}
