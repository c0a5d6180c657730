package org.chartbridge.chart;

import static org.chartbridge.database.Columns.texts;

import org.chartbridge.database.Script;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says of two charts whether they are equal, and of what they differ in; long because of its
 * statements. Compared is everything that stands in a fact but what tells only when and in which
 * order things came: ids of our own, when something was recorded, which entry replaced another.
 * Patients are named by their number, messages by MSH-10, so that charts of two databases compare;
 * orders by their number without its namespace, which may have come later. Of two numbers that are
 * linked because they are one, whichever came last did it.
 *
 * <p>Works on whatever chart the connection's search path names. A new column is compared by
 * itself; a new table has to be named here, which a test demands.
 */
public final class ChartHash {

    /**
     * A record as text: {@code M1^^^CLINIC^MR}, with its edition where a number was given twice.
     */
    private static final String RECORD =
            """
            coalesce($.id_value || '^^^' || $.authority || '^' || $.id_type
                     || case when $.edition = 0 then '' else '#' || $.edition end, '?')\
            """;

    private static final String PROVIDER =
            "$.authority || '|' || $.number || '|' || $.family_name || '|' || $.given_name";

    private static final String VISIT =
            "coalesce($.number_kind || ':' || $.authority || ':' || $.number, '')";

    /** Which entry a value came from is left out of the registers of V5. */
    private static final String WITHOUT_ENTRY =
            "regexp_replace($::text, '\"entry\": \\d+', '\"entry\": 0', 'g')::jsonb";

    /** Statements that give patient, key, entry and what is said, by kind. */
    private static final Map<String, String> KINDS = kinds();

    /** Tables that are no facts of a patient, or stand in the facts of others. */
    static final Set<String> NOT_COMPARED =
            Set.of(
                    "account",
                    "answer_onward",
                    "application_answer",
                    "attempt",
                    "audit",
                    "decision",
                    "delivery",
                    "delivery_decision",
                    "destination",
                    "document_content",
                    "flyway_schema_history",
                    "folder_file",
                    "folder_version",
                    "held_claim",
                    "held_code",
                    "held_order",
                    "journal",
                    "message_part",
                    "new_number",
                    "order_request",
                    "order_sent",
                    "order_waiting",
                    "overdue",
                    "person",
                    "provider",
                    "raw_message",
                    "rebuild",
                    "rebuild_difference",
                    "receipt",
                    "same_number",
                    "stray_bytes",
                    "turnaround");

    private ChartHash() {}

    /**
     * A fact as it is compared.
     *
     * @param patient the record it hangs on
     * @param key what tells it from the other facts of its kind and patient
     * @param entry the message or decision it came from
     * @param said a JSON object
     */
    public record Fact(String patient, String key, long entry, String said) {
        @Override
        public String toString() {
            return "Fact[" + entry + "]";
        }
    }

    /** The kinds of facts, named as their tables. */
    public static Set<String> names() {
        return KINDS.keySet();
    }

    /** The whole chart in one hash, and how many facts it has. */
    public record Whole(String hash, long facts) {}

    /** The hash of a whole chart. */
    public static Whole of(Connection connection) throws SQLException {
        var found = new ArrayList<Whole>();
        var all = new ArrayList<String>();
        KINDS.keySet().forEach(kind -> all.add(sums(kind)));
        new Script()
                .read(
                        WHOLE.formatted("(" + String.join("\nunion all\n", all) + ")"),
                        row -> found.add(new Whole(row.getString(1), row.getLong(2))))
                .send(connection);
        return found.getFirst();
    }

    /** The hash over sums that were written into a table by {@link #sumInto}. */
    public static Whole of(Connection connection, String table, String side) throws SQLException {
        var found = new ArrayList<Whole>();
        new Script()
                .read(
                        WHOLE.formatted(
                                "(select kind, patient, facts, hash from "
                                        + table
                                        + " where side = ?)"),
                        row -> found.add(new Whole(row.getString(1), row.getLong(2))),
                        side)
                .send(connection);
        return found.getFirst();
    }

    private static final String WHOLE =
            """
            select md5(coalesce(string_agg(kind || '|' || patient || '|' || facts || '|' || hash, E'\\n'
                                           order by kind collate "C", patient collate "C"), '')),
                   coalesce(sum(facts), 0)
            from %s sums
            """;

    /** Writes, for each kind and patient, how many facts there are and the sum of their hashes. */
    public static void sumInto(Connection connection, String table, String side)
            throws SQLException {
        for (var kind : KINDS.keySet())
            new Script()
                    .run(
                            "insert into %s (side, kind, patient, facts, hash) select ?, s.* from (%s) s"
                                    .formatted(table, sums(kind)),
                            side)
                    .send(connection);
    }

    /** The order of facts is not compared, so their hashes are added up. */
    private static String sums(String kind) {
        return """
        select '%s'::text as kind, patient, count(*) as facts,
               sum(('x' || substr(md5(key || said::text), 1, 16))::bit(64)::bigint::numeric) as hash
        from (%s) f
        group by patient
        """
                .formatted(kind, KINDS.get(kind));
    }

    /** The facts of one kind about these patients. */
    public static List<Fact> facts(Connection connection, String kind, Collection<String> patients)
            throws SQLException {
        var facts = new ArrayList<Fact>();
        new Script()
                .read(
                        "select patient, key, coalesce(entry, 0), said from (%s) f where patient = any(?) order by key"
                                .formatted(KINDS.get(kind)),
                        row ->
                                facts.add(
                                        new Fact(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getLong(3),
                                                row.getString(4))),
                        (Object) texts(patients, patient -> patient))
                .send(connection);
        return facts;
    }

    private static Map<String, String> kinds() {
        var kinds = new LinkedHashMap<String, String>();
        kinds.put(
                "patient_record",
                """
                select %s as patient, '' as key, p.entry_id as entry,
                       to_jsonb(p) - '{id, person_id, own_person, entry_id, recorded_at, path, authority, id_type,
                                       id_value, edition, claimed, claim_hash}'::text[]
                       || jsonb_build_object(
                              'demographics', %s,
                              'person', (select min(%s) from patient_record l
                                         where l.person_id = p.person_id
                                           and coalesce(l.own_person, l.person_id) = p.person_id)) as said
                from patient_record p
                """
                        .formatted(
                                record("p"),
                                WITHOUT_ENTRY.replace("$", "p.demographics"),
                                record("l")));
        kinds.put(
                "assertion",
                """
                select case when same then least(one, other) else one end as patient,
                       kind || '|' || case when same then greatest(one, other)
                                           else other || '|' || control_id end as key,
                       entry,
                       case when same then said - 'path' || jsonb_build_object('other', greatest(one, other))
                            else said end as said
                from (select %s as one, %s as other, a.kind, a.entry_id as entry,
                             coalesce(j.control_id, '') as control_id,
                             a.kind = 'linked' and a.entered_at is null and a.message_at is null as same,
                             to_jsonb(a) - '{id, entry_id, recorded_at, record_id, other_id, overruled_by}'::text[]
                             || jsonb_build_object('other', %s, 'overruled', a.overruled_by is not null) as said
                      from assertion a
                      left join patient_record p on p.id = a.record_id
                      left join patient_record q on q.id = a.other_id
                      left join journal j on j.id = a.entry_id
                      where a.withdrawn_by is null) l
                """
                        .formatted(record("p"), record("q"), record("q")));
        // Numbers and orderer are those of the message that came first; as said they are in
        // reports.
        kinds.put(
                "clinical_order",
                """
                select %s as patient, o.partner || '|' || o.code as key,
                       o.entry_id as entry,
                       to_jsonb(o) - '{id, entry_id, recorded_at, record_id, path, ordering_provider, placer_number,
                                       filler_number}'::text[] as said
                from clinical_order o
                left join patient_record p on p.id = o.record_id
                """
                        .formatted(record("p")));
        kinds.put(
                "report",
                """
                select %s as patient, r.partner || '|' || r.number || '|' || r.code || '|' || r.control_id || '|' || r.path as key,
                       r.entry_id as entry,
                       to_jsonb(r) - '{id, series, version, replaced_by_entry, replaced_at, entry_id, recorded_at, record_id,
                                       order_id, content_hash, ordering_provider, interpreter, notes_of}'::text[]
                       || jsonb_build_object('ordering_provider', %s, 'interpreter', %s, 'inherited', %s) as said
                from report r
                left join patient_record p on p.id = r.record_id
                left join provider v on v.id = r.ordering_provider
                left join provider w on w.id = r.interpreter
                """
                        .formatted(
                                record("p"),
                                provider("v"),
                                provider("w"),
                                WITHOUT_ENTRY.replace("$", "r.inherited")));
        kinds.put(
                "observation",
                """
                select %s as patient, r.partner || '|' || r.code || '|' || o.control_id || '|' || o.path as key,
                       o.entry_id as entry,
                       to_jsonb(o) - '{id, series, version, replaced_by_entry, replaced_at, entry_id, recorded_at, record_id,
                                       report_series, content_hash, confirms, notes_of}'::text[]
                       || jsonb_build_object('noted_before', o.notes_of is not null) as said
                from observation o
                left join patient_record p on p.id = o.record_id
                left join report r on r.id = o.report_series
                """
                        .formatted(record("p")));
        kinds.put(
                "note",
                """
                select %s as patient, r.partner || '|' || r.code || '|' || coalesce(j.control_id, '') || '|' || n.path as key,
                       n.entry_id as entry,
                       to_jsonb(n) - '{id, entry_id, recorded_at, report_series, target}'::text[]
                       || jsonb_build_object('target', coalesce(o.path, t.path)) as said
                from note n
                left join report r on r.id = n.report_series
                left join patient_record p on p.id = r.record_id
                left join observation o on o.id = n.target
                left join report t on t.id = n.target
                left join journal j on j.id = n.entry_id
                """
                        .formatted(record("p")));
        kinds.put(
                "document",
                """
                select %s as patient, r.partner || '|' || r.code || '|' || coalesce(j.control_id, '') || '|' || d.path as key,
                       d.entry_id as entry,
                       to_jsonb(d) - '{id, entry_id, recorded_at, record_id, report_series, observation_id}'::text[] as said
                from document d
                left join patient_record p on p.id = d.record_id
                left join report r on r.id = d.report_series
                left join journal j on j.id = d.entry_id
                """
                        .formatted(record("p")));
        kinds.put(
                "statement",
                """
                select %s as patient, s.kind || '|' || coalesce(j.control_id, '') || '|' || s.path as key, s.entry_id as entry,
                       to_jsonb(s) - '{id, entry_id, recorded_at, record_id, visit_id}'::text[]
                       || jsonb_build_object('visit', %s) as said
                from statement s
                left join patient_record p on p.id = s.record_id
                left join encounter e on e.id = s.visit_id
                left join journal j on j.id = s.entry_id
                where s.trigger <> ''
                """
                        .formatted(record("p"), VISIT.replace("$", "e")));
        kinds.put(
                "encounter",
                """
                select %s as patient, %s as key, e.entry_id as entry,
                       to_jsonb(e) - '{id, entry_id, record_id, recorded_at}'::text[]
                       || jsonb_build_object('fields', %s) as said
                from encounter e
                left join patient_record p on p.id = e.record_id
                """
                        .formatted(
                                record("p"),
                                VISIT.replace("$", "e"),
                                WITHOUT_ENTRY.replace("$", "e.fields")));
        kinds.put(
                "patient_list",
                """
                select %s as patient, l.kind || '|' || l.partner || '|' || %s as key, l.whole_entry as entry,
                       to_jsonb(l) - '{record_id, visit_id, whole_entry, none_entry}'::text[] as said
                from patient_list l
                left join patient_record p on p.id = l.record_id
                left join encounter e on e.id = l.visit_id
                """
                        .formatted(record("p"), VISIT.replace("$", "e")));
        for (var kind : ListKind.values())
            kinds.put(
                    kind.text(),
                    """
                    select %s as patient, i.partner || '|' || i.item_key || '|' || %s as key, i.entry_id as entry,
                           to_jsonb(i) - '{id, record_id, visit_id, entry_id, recorded_at, listed_entry, removed_entry, words}'::text[] as said
                    from %s i
                    left join patient_record p on p.id = i.record_id
                    left join encounter e on e.id = i.visit_id
                    """
                            .formatted(record("p"), VISIT.replace("$", "e"), kind.text()));
        return kinds;
    }

    private static String record(String alias) {
        return RECORD.replace("$", alias);
    }

    private static String provider(String alias) {
        return PROVIDER.replace("$", alias);
    }
}
