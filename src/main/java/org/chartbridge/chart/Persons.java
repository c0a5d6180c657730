package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads patients: who they are, and who answers a search. */
@Repository
public class Persons {
    /** Patients on a page. */
    public static final int MAX_PERSONS = 200;

    /** That {@code patient_record p} is of {@code :persons}, or of whom one of them went into. */
    static final String ARE_PERSONS =
            """
            p.person_id = any(array(select unnest(:persons)
                                    union
                                    select person_id from patient_record where own_person = any(:persons)))\
            """;

    private final JdbcClient jdbc;

    Persons(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The patients who answer a search, by name. */
    public Page<PersonView> find(PersonSearch search, int offset, int limit) {
        Page.check(offset, limit, MAX_PERSONS);
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
                                    order by p.person_id, coalesce(p.own_person, p.person_id) <> p.person_id, p.id
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
        var total =
                jdbc.sql(
                                "select count(distinct p.person_id) from patient_record p where "
                                        + where.sql())
                        .params(where.values())
                        .query(Long.class)
                        .single();
        return new Page<>(persons(ids), total, offset, limit);
    }

    public Optional<PersonView> person(UUID id) {
        return persons(List.of(id)).stream().findFirst();
    }

    /** Where a person has gone whose records were joined to another's; empty when it has not. */
    public Optional<UUID> goneTo(UUID id) {
        return jdbc.sql(
                        """
                        select person_id
                        from patient_record
                        where own_person = :id and person_id <> :id
                        """)
                .param("id", id)
                .query(UUID.class)
                .optional();
    }

    /** Whose record this is: a journal entry names the record it was charted on. */
    public Optional<UUID> personOfRecord(long recordId) {
        return jdbc.sql("select person_id from patient_record where id = :id")
                .param("id", recordId)
                .query(UUID.class)
                .optional();
    }

    /** When numbers of these patients were merged away; empty where there is one number only. */
    private Map<Long, Moment> gone(Collection<List<RecordView>> persons) {
        var several =
                persons.stream()
                        .filter(records -> records.size() > 1)
                        .flatMap(List::stream)
                        .map(RecordView::id)
                        .toArray(Long[]::new);
        return several.length == 0 ? Map.of() : merges(jdbc, several);
    }

    /** The last word that each of these records was merged away. */
    static Map<Long, Moment> merges(JdbcClient jdbc, Long[] records) {
        var merges = new HashMap<Long, Moment>();
        jdbc.sql(
                        """
                        select *
                        from assertion
                        where record_id = any(:ids) and kind = 'merged' and withdrawn_by is null
                          and overruled_by is null
                        """)
                .param("ids", records)
                .query(
                        row -> {
                            var merge = IdentityStore.assertion(row);
                            merges.merge(
                                    merge.record(),
                                    merge.said(),
                                    (one, two) -> one.isAfter(two) ? one : two);
                        });
        return merges;
    }

    /**
     * Numbers that were sent with a record's own and are another patient's since, because a message
     * took them from it (A43, A37), are not shown as its own ⚠.
     */
    private void leaveOutMoved(Map<UUID, List<RecordView>> persons) {
        var ids =
                persons.values().stream()
                        .flatMap(List::stream)
                        .filter(record -> record.identifiers().size() > 1)
                        .map(RecordView::id)
                        .toArray(Long[]::new);
        if (ids.length == 0) return;
        var moved = new HashMap<Long, List<IdentifierView>>();
        jdbc.sql(
                        """
                        select p.id, n.id_value, n.authority, n.id_type
                        from patient_record p
                        cross join lateral (
                            select other_id as id from assertion
                            where record_id = p.id and kind = 'unlinked' and withdrawn_by is null
                            union all
                            select record_id from assertion
                            where other_id = p.id and kind = 'unlinked' and withdrawn_by is null
                        ) a
                        join patient_record n on n.id = a.id and n.person_id <> p.person_id
                        where p.id = any(:ids)
                        """)
                .param("ids", ids)
                .query(
                        row -> {
                            moved.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                                    .add(
                                            new IdentifierView(
                                                    row.getString(2),
                                                    row.getString(3),
                                                    row.getString(4)));
                        });
        if (moved.isEmpty()) return;
        for (var records : persons.values())
            records.replaceAll(
                    record -> record.without(moved.getOrDefault(record.id(), List.of())));
    }

    /** The record that stays shows what counts of all of the patient's numbers. */
    private static void survive(
            List<RecordView> records,
            Map<Long, Map<DemographicField, Stated>> stated,
            Map<Long, Moment> gone) {
        if (records.size() == 1) return;
        var main = records.getFirst();
        var others =
                records.stream()
                        .skip(1)
                        .map(
                                one ->
                                        new Surviving.OneNumber(
                                                stated.getOrDefault(one.id(), Map.of()),
                                                gone.get(one.id())))
                        .toList();
        var fields = new EnumMap<DemographicField, StatedView>(DemographicField.class);
        Surviving.of(stated.getOrDefault(main.id(), Map.of()), others)
                .forEach((field, said) -> fields.put(field, StatedView.of(said)));
        DemographicField.leaveOutFormer(fields, StatedView::entryId);
        records.set(0, main.with(fields));
    }

    /** These patients, in this order; who is not there is left out. */
    public List<PersonView> persons(List<UUID> ids) {
        if (ids.isEmpty()) return List.of();
        var records = new HashMap<UUID, List<RecordView>>();
        var stated = new HashMap<Long, Map<DemographicField, Stated>>();
        jdbc.sql(
                        """
                        select *
                        from patient_record
                        where person_id = any(:ids)
                        order by coalesce(own_person, person_id) <> person_id, id
                        """)
                .param("ids", ids.toArray(UUID[]::new))
                .query(
                        row -> {
                            records.computeIfAbsent(
                                            row.getObject("person_id", UUID.class),
                                            _ -> new ArrayList<>())
                                    .add(ChartRows.record(row));
                            stated.put(
                                    row.getLong("id"),
                                    RegistrationJson.statedDemographics(
                                            row.getString("demographics")));
                        });
        leaveOutMoved(records);
        var gone = gone(records.values());
        records.values().forEach(all -> survive(all, stated, gone));
        return ids.stream()
                .filter(records::containsKey)
                .map(id -> new PersonView(id, records.getOrDefault(id, List.of())))
                .toList();
    }
}
