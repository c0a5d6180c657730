package org.chartbridge.chart;

import org.chartbridge.chart.AfterMerge.Ended;
import org.chartbridge.chart.AfterMerge.Merge;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.ListScope;
import org.chartbridge.chart.Registrations.NoneKnown;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Reads what {@link AfterMerge} decides by. Of most patients no number was merged away, and one
 * statement says so.
 */
final class MergedLists {
    /** The others are orders and referrals, which are joined by their own numbers. */
    private static final Set<ListKind> KINDS =
            EnumSet.of(
                    ListKind.ALLERGY,
                    ListKind.CONDITION,
                    ListKind.COVERAGE,
                    ListKind.GUARANTOR,
                    ListKind.IMMUNIZATION,
                    ListKind.APPOINTMENT,
                    ListKind.CLINICAL_DOCUMENT);

    private static final String MERGES =
            """
            select a.*
            from patient_record p
            join assertion a
              on a.record_id = p.id and a.kind = 'merged' and a.withdrawn_by is null
                 and a.overruled_by is null
            """;

    private MergedLists() {}

    /**
     * What is active by the list of an old number only.
     *
     * @param table of whatever kind
     */
    static Ended ended(JdbcClient jdbc, String table, Registrations.Search search) {
        var kind = KINDS.stream().filter(one -> one.text().equals(table)).findFirst().orElse(null);
        if (kind == null) return Ended.NOTHING;
        var merges =
                merges(
                        jdbc.sql(
                                        MERGES
                                                + """
                                                where (cardinality(:persons) = 0 or %s)
                                                  and (cardinality(:ids) = 0
                                                       or p.person_id = any(array(select o.person_id
                                                                                  from %s i
                                                                                  join patient_record o on o.id = i.record_id
                                                                                  where i.id = any(:ids))))
                                                """
                                                        .formatted(Persons.ARE_PERSONS, table))
                                .param("persons", search.persons().toArray(UUID[]::new))
                                .param("ids", search.ids().toArray(Long[]::new)));
        if (merges.isEmpty()) return Ended.NOTHING;
        return new AfterMerge(merges).ended(lists(jdbc, kind, merges));
    }

    private static List<Merge> merges(JdbcClient.StatementSpec statement) {
        var merges = new ArrayList<Merge>();
        statement.query(
                row -> {
                    var said = IdentityStore.assertion(row);
                    merges.add(
                            new Merge(
                                    said.record(),
                                    said.other(),
                                    said.said(),
                                    said.path().isEmpty()));
                });
        return merges;
    }

    private static Map<Long, Map<ListScope, KnownList>> lists(
            JdbcClient jdbc, ListKind kind, List<Merge> merges) {
        var records = new HashSet<Long>();
        for (var merge : merges) {
            records.add(merge.gone());
            records.add(merge.stays());
        }
        var ids = records.toArray(Long[]::new);
        var lists = new HashMap<Long, Map<ListScope, KnownList>>();
        jdbc.sql(
                        """
                        select *
                        from patient_list
                        where record_id = any(:records) and kind = :kind and visit_id = 0
                        """)
                .param("records", ids)
                .param("kind", kind.text())
                .query(
                        row -> {
                            put(lists, row.getLong("record_id"), RegistrationReading.list(row));
                        });
        jdbc.sql(
                        """
                        select '%1$s' as kind, id, record_id, partner, visit_id, item_key, listed_recorded,
                               listed_message, listed_entry, removed_recorded, removed_message, removed_entry
                        from %1$s
                        where record_id = any(:records) and visit_id = 0
                        order by id
                        """
                                .formatted(kind.text()))
                .param("records", ids)
                .query(
                        row -> {
                            var item = RegistrationReading.item(row);
                            var scope = RegistrationReading.scope(row);
                            var its =
                                    lists.computeIfAbsent(
                                            row.getLong("record_id"), _ -> new HashMap<>());
                            var list = its.getOrDefault(scope, KnownList.empty(scope));
                            var items = new LinkedHashMap<>(list.items());
                            items.put(item.key(), item);
                            its.put(scope, list.with(items));
                        });
        return lists;
    }

    private static void put(
            Map<Long, Map<ListScope, KnownList>> lists, long record, KnownList list) {
        lists.computeIfAbsent(record, _ -> new HashMap<>()).put(list.scope(), list);
    }

    /** Who says that there are none in a list, and of which record, for {@link #noneKnown}. */
    private record NoneSaid(long record, KnownList list, NoneKnown word) {}

    /** Who says that there are none, unless it is superseded by what is said of another number. */
    static List<NoneKnown> noneKnown(JdbcClient jdbc, UUID person) {
        var lists = new HashMap<Long, Map<ListScope, KnownList>>();
        var all = new ArrayList<NoneSaid>();
        jdbc.sql(
                        """
                        select l.*, p.recorded_at
                        from patient_record p
                        join patient_list l on l.record_id = p.id and l.none_entry <> 0
                        where p.person_id = :person
                        order by l.kind, l.partner
                        """)
                .param("person", person)
                .query(
                        row -> {
                            var list = RegistrationReading.list(row);
                            put(lists, row.getLong("record_id"), list);
                            if (list.noneKnown())
                                all.add(
                                        new NoneSaid(
                                                row.getLong("record_id"), list, noneKnown(row)));
                        });
        if (all.isEmpty()) return List.of();
        var merges =
                new AfterMerge(
                        merges(
                                jdbc.sql(MERGES + "where p.person_id = :person")
                                        .param("person", person)));
        return all.stream()
                .filter(one -> !merges.isNoneSaidSince(one.record(), one.list(), lists))
                .map(NoneSaid::word)
                .toList();
    }

    private static NoneKnown noneKnown(ResultSet row) throws SQLException {
        return new NoneKnown(
                ListKind.of(row.getString("kind")),
                new Source(
                        row.getString("partner"),
                        row.getLong("none_entry"),
                        row.getString("none_path"),
                        Registrations.said(row, "none"),
                        ChartRows.instant(row, "recorded_at")));
    }
}
