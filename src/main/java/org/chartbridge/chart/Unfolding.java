package org.chartbridge.chart;

import org.chartbridge.database.Script;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Takes out of the chart what some messages charted, so that they can be charted anew as if one
 * decision had never been; long because of its statements. Facts of a report, a visit, a patient's
 * demographics and lists follow from all messages about them together: so with a message go all
 * others that had a say in the same ({@link #together}), and all of them come back. With a
 * patient's orders go the results, because some may name no patient but the order.
 *
 * <p>Works in the caller's transaction; the raw bytes in the journal are what everything comes back
 * from.
 */
@Component
public class Unfolding {

    /** Messages that one undo charts anew at most: they are one transaction. */
    public static final int MAX_ENTRIES = 5_000;

    /** Whose message can't be taken out alone, with it. */
    private static final String TOGETHER =
            """
            with asked as (select id from unnest(?) k(id)),
            mine as (select s.* from asked a join statement s on s.entry_id = a.id and s.trigger <> ''),
            record as (select distinct record_id from mine),
            visit as (
                select visit_id from mine where kind = 'encounter'
                union
                select e.id from record r join encounter e on e.record_id = r.record_id
            ),
            brought as (
                select p.id
                from asked a
                join journal j on j.id = a.id
                join patient_record p on p.id = j.record_id and p.entry_id = a.id
                union
                select id from unnest(?) k(id)
            )
            select o.entry_id
            from asked a
            join report r on r.entry_id = a.id
            join report o on o.partner = r.partner and o.entity = r.entity and o.series = r.series
            union
            select o.entry_id
            from asked a
            join report r on r.entry_id = a.id and (r.says & %1$d) <> 0
            join report o on o.series = r.series and (o.says & %1$d) <> 0
            union
            select s.entry_id
            from record r
            join statement s on s.record_id = r.record_id and s.trigger <> ''
            union
            select s.entry_id
            from visit v
            join statement s on s.visit_id = v.visit_id and s.kind = 'encounter'
            union
            select r.entry_id
            from record
            join report r on r.record_id = record.record_id
            where exists (select from placed_order o where o.record_id = r.record_id)
            union
            select r.entry_id from brought b join report r on r.record_id = b.id
            union
            select s.entry_id from brought b join statement s on s.record_id = b.id and s.trigger <> ''
            """
                    .formatted(ReportWords.TWO_NUMBERS);

    /** What was taken out: records that come back under their ids. */
    public record Unfolded(Map<RecordKey, Recording.Former> former, Set<RecordKey> keys) {}

    /**
     * All messages that have to be charted anew when these are.
     *
     * @param brought records that a decision brought and that go with it
     */
    public Set<Long> together(
            Connection connection, Collection<Long> entries, Collection<Long> brought)
            throws SQLException {
        var all = new TreeSet<>(entries);
        int before = -1;
        while (before != all.size() && all.size() <= MAX_ENTRIES) {
            before = all.size();
            new Script()
                    .read(TOGETHER, row -> all.add(row.getLong(1)), array(all), array(brought))
                    .send(connection);
        }
        return all;
    }

    /**
     * Messages whose facts stand in a report or visit together with those of a record that is
     * another person now.
     *
     * @param records all records of the persons that were one
     */
    public Set<Long> entangled(Connection connection, Collection<Long> records)
            throws SQLException {
        var entries = new TreeSet<Long>();
        new Script()
                .read(
                        """
                        select o.entry_id
                        from (select r.partner, array_agg(distinct r.entity) as entities, r.series
                              from unnest(?) k(id)
                              join report r on r.record_id = k.id
                              join patient_record p on p.id = r.record_id
                              group by r.partner, r.series
                              having count(distinct p.person_id) > 1) torn
                        join report o
                          on o.partner = torn.partner and o.entity = any(torn.entities)
                         and o.series = torn.series
                        union
                        select o.entry_id
                        from unnest(?) k(id)
                        join statement s on s.record_id = k.id and s.kind = 'encounter'
                        join encounter e on e.id = s.visit_id
                        join patient_record p on p.id = s.record_id
                        join patient_record h on h.id = e.record_id and h.person_id <> p.person_id
                        join statement o on o.visit_id = e.id and o.kind = 'encounter'
                        """,
                        row -> entries.add(row.getLong(1)),
                        array(records),
                        array(records))
                .send(connection);
        return entries;
    }

    /** Messages that reported something under an order number. */
    public Set<Long> under(Connection connection, IdentityStore.Reported number)
            throws SQLException {
        var entries = new TreeSet<Long>();
        new Script()
                .read(
                        """
                        select o.entry_id
                        from report r
                        join report o on o.partner = r.partner and o.entity = r.entity and o.series = r.series
                        where r.partner = ? and r.number = ?
                        union
                        select o.entry_id
                        from report r
                        join report o on o.series = r.series and (o.says & %1$d) <> 0
                        where r.partner = ? and r.number = ? and (r.says & %1$d) <> 0
                        """
                                .formatted(ReportWords.TWO_NUMBERS),
                        row -> entries.add(row.getLong(1)),
                        number.partner(),
                        number.number(),
                        number.partner(),
                        number.number())
                .send(connection);
        return entries;
    }

    /** Takes the facts of these messages out, all of which were found {@link #together}. */
    public Unfolded unfold(
            Connection connection, Collection<Long> entries, Collection<Long> brought)
            throws SQLException {
        var former = new HashMap<RecordKey, Recording.Former>();
        var keys = new TreeSet<RecordKey>();
        var gone = new TreeSet<Long>();
        var ids = array(entries);
        new Script()
                .read(
                        """
                        select p.id, p.authority, p.id_type, p.id_value, p.edition,
                               coalesce(p.own_person, p.person_id) as own_person,
                               (p.entry_id = any(?) or p.id = any(?))
                               and not exists (select from assertion a
                                               where a.record_id = p.id and a.withdrawn_by is null)
                               and not exists (select from assertion a
                                               where a.other_id = p.id and a.withdrawn_by is null)
                               as goes
                        from (select record_id from journal where id = any(?)
                              union
                              select id from unnest(?) k(id)) j(record_id)
                        join patient_record p on p.id = j.record_id
                        """,
                        row -> take(row, former, keys, gone),
                        ids,
                        array(brought),
                        ids,
                        array(brought))
                .send(connection);
        var records = new TreeSet<Long>();
        var visits = new TreeSet<Long>();
        new Script()
                .read(
                        "select record_id, visit_id from statement where entry_id = any(?) and"
                                + " trigger <> ''",
                        row -> {
                            records.add(row.getLong(1));
                            visits.add(row.getLong(2));
                        },
                        (Object) ids)
                .send(connection);
        var script = new Script();
        deleteResults(script, ids);
        deleteRegistration(script, ids, array(records), array(visits));
        script.run("delete from patient_record where id = any(?)", (Object) array(gone));
        script.send(connection);
        return new Unfolded(former, keys);
    }

    private static void take(
            ResultSet row,
            Map<RecordKey, Recording.Former> former,
            Set<RecordKey> keys,
            Set<Long> gone)
            throws SQLException {
        var key =
                new RecordKey(
                        row.getString("authority"),
                        row.getString("id_type"),
                        row.getString("id_value"));
        keys.add(key);
        if (!row.getBoolean("goes")) return;
        gone.add(row.getLong("id"));
        if (row.getLong("edition") == 0)
            former.put(
                    key,
                    new Recording.Former(
                            row.getLong("id"), row.getObject("own_person", UUID.class)));
    }

    private static void deleteResults(Script script, long[] entries) {
        for (var table : new String[] {"note", "document", "observation"})
            script.run(
                    """
                    delete from %s
                    where report_series = any(select series from report where entry_id = any(?))
                    """
                            .formatted(table),
                    (Object) entries);
        script.run(
                "delete from clinical_order where id = any(select order_id from report where"
                        + " entry_id = any(?))",
                (Object) entries);
        script.run("delete from report where entry_id = any(?)", (Object) entries);
    }

    /** Demographics, visits and lists of every patient that one of the messages spoke of. */
    private static void deleteRegistration(
            Script script, long[] entries, long[] records, long[] visits) {
        if (records.length == 0) return;
        // What the record was first brought with, before its master spoke.
        script.run(
                """
                update patient_record p
                set family_name = coalesce(s.said #>> '{family,text}', ''),
                    given_name = coalesce(s.said #>> '{given,text}', ''),
                    middle_name = coalesce(s.said #>> '{middle,text}', ''),
                    name_suffix = coalesce(s.said #>> '{suffix,text}', ''),
                    birth_date = coalesce(s.said #>> '{birth-date,text}', ''),
                    sex = coalesce(s.said #>> '{sex,text}', ''),
                    address = coalesce(s.said #>> '{street,text}', ''),
                    phone = coalesce(s.said #>> '{phone,text}', '')
                from statement s
                where p.id = any(?) and s.record_id = p.id and s.trigger = '' and s.kind = 'demographics'
                """,
                (Object) records);
        // Of one that its master brought, and that stays because others are joined to it or kept
        // apart from it, nothing was said before the message that comes back.
        script.run(
                """
                update patient_record p
                set family_name = '', given_name = '', middle_name = '', name_suffix = '', birth_date = '',
                    sex = '', address = '', phone = ''
                where p.id = any(?) and p.entry_id = any(?)
                  and exists (select from statement s
                              where s.record_id = p.id and s.entry_id = p.entry_id
                                and s.kind = 'demographics' and s.trigger <> '')
                  and not exists (select from statement s
                                  where s.record_id = p.id and s.kind = 'demographics' and s.trigger = '')
                """,
                records,
                entries);
        script.run(
                "update patient_record set demographics = '{}' where id = any(?)",
                (Object) records);
        script.run("delete from patient_list where record_id = any(?)", (Object) records);
        for (var kind : ListKind.values())
            script.run(
                    "delete from %s where record_id = any(?)".formatted(kind.text()),
                    (Object) records);
        // Those of a visit are where it is, which may be with a patient of whom nothing was said.
        deleteOfVisits(script, "patient_list", visits);
        for (var kind : ListKind.values()) deleteOfVisits(script, kind.text(), visits);
        script.run(
                "delete from encounter where id = any(?) or record_id = any(?)", visits, records);
        script.run(
                """
                delete from statement
                where entry_id = any(?) and trigger <> '' or record_id = any(?) and trigger = ''
                """,
                entries,
                records);
    }

    private static void deleteOfVisits(Script script, String table, long[] visits) {
        script.run(
                """
                delete from %s l
                using encounter e
                where e.id = any(?) and l.record_id = e.record_id and l.visit_id = e.id
                """
                        .formatted(table),
                (Object) visits);
    }

    private static long[] array(Collection<Long> ids) {
        return ids.stream().mapToLong(Long::longValue).toArray();
    }
}
