package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;
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

    /**
     * One version of a value that has a sub-id.
     *
     * @param isolate OBX-4 of the isolate that it names or is of
     * @param said what it is called there and then (OBR-26.3)
     */
    private record Value(
            ObservationView view,
            Timeline.Version version,
            String isolate,
            String placerNumber,
            String parentNumber,
            String said) {

        boolean isNumbered(Value of) {
            return view.partner().equals(of.view.partner())
                    && view.personId().equals(of.view.personId())
                    && (OrderLoops.isSameNumber(of.parentNumber, view.reportNumber())
                            || OrderLoops.isSameNumber(of.parentNumber, placerNumber));
        }

        @Override
        public String toString() {
            return "Value[" + view.id() + "]";
        }
    }

    /** Current values as they were read, each with its doubt where there is one. */
    List<ObservationView> doubted(List<ObservationView> values) {
        if (values.stream().allMatch(value -> value.subId().isEmpty())) return values;
        return doubted(values, of(values.stream().map(ObservationView::personId).toList()));
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

    /** The same of whoever a search is about. */
    Map<Long, ObservationView> of(ResultSearch search) {
        if (!search.persons().isEmpty()) return of(search.persons());
        return of(
                jdbc.sql(
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
                        .list());
    }

    /** Of these patients' current values, by id, those that are in doubt. */
    Map<Long, ObservationView> of(Collection<UUID> persons) {
        if (persons.isEmpty()) return Map.of();
        var named = new ArrayList<Value>();
        var others = new LinkedHashMap<Long, List<Value>>();
        jdbc.sql(VALUES)
                .param("persons", persons.stream().distinct().toArray(UUID[]::new))
                .query((row, _) -> value(row))
                .list()
                .forEach(
                        value -> {
                            if (value.view().isNameOfIsolate()) named.add(value);
                            if (!value.view().isNameOfIsolate() || !value.parentNumber().isEmpty())
                                others.computeIfAbsent(
                                                value.view().series(), _ -> new ArrayList<>(1))
                                        .add(value);
                        });
        if (named.isEmpty() || others.isEmpty()) return Map.of();
        named.sort(Comparator.comparing(Value::version, Timeline.OLDEST_FIRST));
        var doubted = new HashMap<Long, ObservationView>();
        for (var versions : others.values()) {
            for (var one : versions) {
                var view = one.view();
                if (view.standing() != Standing.CURRENT) continue;
                var doubt = doubt(versions, named);
                if (doubt != null) doubted.put(view.id(), view.doubted(doubt));
            }
        }
        return doubted;
    }

    /** What is current, or says the same again. */
    private static @Nullable IsolateDoubt doubt(List<Value> versions, List<Value> named) {
        var last =
                versions.stream()
                        .filter(CorrectedIsolates::stands)
                        .max(Comparator.comparing(Value::version, Timeline.OLDEST_FIRST))
                        .orElseThrow();
        var culture = named.stream().filter(one -> one.isNumbered(last)).toList();
        if (culture.stream().anyMatch(one -> one.isolate().equals(last.isolate())))
            return doubt(last, culture);
        // Under one OBR with what grew.
        if (last.view().isNameOfIsolate()) return null;
        long series = last.view().reportSeries();
        return doubt(
                last, named.stream().filter(one -> one.view().reportSeries() == series).toList());
    }

    private static boolean stands(Value value) {
        var standing = value.view().standing();
        return standing == Standing.CURRENT || standing == Standing.REPEAT;
    }

    /**
     * @param culture every name of an isolate there, the oldest first
     */
    private static @Nullable IsolateDoubt doubt(Value last, List<Value> culture) {
        var here = culture.stream().filter(one -> one.isolate().equals(last.isolate())).toList();
        var was = meant(last, culture, here);
        if (was == null) return null;
        Value now = null;
        for (var one : here) {
            if (one.view().standing() != Standing.CURRENT || !names(one)) continue;
            if (Isolates.isSame(was.view(), one.view())) return null;
            now = one;
        }
        var by = (now == null ? here.getLast() : now).view();
        var replaced = by.replacedByEntry();
        var replacedAt = by.replacedAt();
        return new IsolateDoubt(
                last.isolate(),
                by.reportNumber(),
                now == null ? "" : by.valueText(),
                replaced == null ? by.entryId() : replaced,
                replacedAt == null ? by.recordedAt() : replacedAt);
    }

    /**
     * The organism that was meant: by its name (OBR-26.3), where the culture ever had it; else what
     * stood under its number when it was said, or came there first.
     *
     * @return null where the culture never named one
     */
    private static @Nullable Value meant(Value last, List<Value> culture, List<Value> here) {
        Value stood = null;
        for (var one : here) {
            if (!names(one)) continue;
            if (stood == null
                    || one.view().entryId() == last.view().entryId()
                    || one.version().said().against(last.version().said()) <= 0) stood = one;
        }
        if (stood == null || last.said().isEmpty()) return stood;
        Value called = null;
        for (var one : culture) {
            if (!names(one) || !Isolates.isCalled(one.view(), last.said())) continue;
            called = one;
            boolean isHereNow =
                    one.isolate().equals(last.isolate())
                            && one.view().standing() == Standing.CURRENT;
            if (isHereNow) break;
        }
        return called == null ? stood : called;
    }

    private static boolean names(Value value) {
        return !value.view().isNotPerformed() && Isolates.isNamed(value.view().valueText());
    }

    private static Value value(ResultSet row) throws SQLException {
        var subId = row.getString("sub_id");
        int end = subId.indexOf('/');
        return new Value(
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
                Objects.requireNonNull(first.doubt()));
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
