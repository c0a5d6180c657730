package org.chartbridge.chart;

import static org.chartbridge.chart.Columns.longs;
import static org.chartbridge.chart.Columns.texts;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.RegistrationState.DocumentNumber;
import org.chartbridge.chart.RegistrationState.KnownItem;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.chartbridge.chart.RegistrationState.KnownVisit;
import org.chartbridge.chart.RegistrationState.ListScope;
import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reads what registration knows of the patients and visits of a group, under its locks. */
final class RegistrationReading {
    /** The records that the messages name, and those that a person said they mean. */
    private static final String NAMED =
            """
            with named as (
                select r.*
                from unnest(?, ?, ?) k(authority, id_type, id_value)
                join patient_record r using (authority, id_type, id_value)
                where r.edition = 0
                union
                select r.*
                from unnest(?) c(claim)
                join decision d on d.claim = c.claim::uuid and d.withdrawn_by is null
                join patient_record r on r.id = d.record_id
            )
            """;

    /**
     * The items of every list of some records, and what was said of those that are named by their
     * keys. Of what was charted before that was kept, the statement of its entry says it.
     */
    private static final String ITEMS =
            """
            select i.*
            from named r
            cross join (select ?::text[] as keys) k
            cross join lateral (
                %s
            ) i
            order by i.id
            """
                    .formatted(
                            Arrays.stream(ListKind.values())
                                    .map(RegistrationReading::itemsOf)
                                    .collect(Collectors.joining("union all\n")));

    private static final String OF_VISITS =
            """
            with named as (select * from unnest(?, ?) k(id, visit))
            """;

    private static final String ITEMS_OF_VISITS =
            ITEMS.replace("order by i.id", "where i.visit_id = r.visit\norder by i.id");

    private RegistrationReading() {}

    private static String itemsOf(ListKind kind) {
        return """
        select '%1$s' as kind, id, record_id, partner, visit_id, item_key, listed_recorded,
               listed_message, listed_entry, removed_recorded, removed_message, removed_entry,
               case when item_key = any(k.keys) then words::text end as words,
               case when item_key = any(k.keys) and words is null
                   then (select (w || jsonb_build_object('snapshot', s.said -> 'snapshot'))::text
                         from statement s
                         cross join lateral jsonb_array_elements(s.said -> 'items') w
                         where s.entry_id = listed_entry and s.record_id = r.id and s.kind = '%1$s'
                           and w ->> 'key' = item_key and w -> 'removed' is null
                         order by s.id desc
                         limit 1) end as said
        from %1$s
        where record_id = r.id
        """
                .formatted(kind.text());
    }

    static void read(Script script, ChartGroup chart, Collection<? extends ChartUpdate> updates) {
        var group = chart.registrations();
        var records = new LinkedHashSet<RecordKey>();
        var visits = new LinkedHashSet<VisitKey>();
        var accounts = new LinkedHashSet<VisitKey>();
        var documents = new LinkedHashSet<DocumentNumber>();
        var items = new LinkedHashSet<String>();
        for (var update : updates) {
            switch (update) {
                case Results _ -> {}
                case IdentityChange change -> visits.addAll(change.visits());
                case Several _ -> {} // Its parts stand beside it.
                case Registration registration -> {
                    records.add(registration.patient().key());
                    for (var list : registration.lists())
                        for (var item : list.items()) items.add(item.key());
                    documents.addAll(DocumentNumber.of(registration).keySet());
                    if (registration.visit() != null) {
                        visits.add(registration.visit().key());
                        accounts.addAll(registration.visit().accounts());
                    }
                }
            }
        }
        group.named(items);
        if (!records.isEmpty()) readPatients(script, group, chart, updates, records);
        if (!visits.isEmpty()) readVisits(script, group, visits, accounts);
        if (!documents.isEmpty()) readDocuments(script, group, documents);
    }

    /** Whose documents stand under these numbers. */
    private static void readDocuments(
            Script script, RegistrationGroup group, Collection<DocumentNumber> documents) {
        script.read(
                """
                select distinct d.partner, d.number, p.person_id, d.relation = 'replaces' as replaces
                from unnest(?, ?) k(partner, number)
                join clinical_document d
                  on d.partner = k.partner and split_part(d.number, '^', 1) = split_part(k.number, '^', 1)
                 and same_number(d.number, k.number) and d.number <> '' and d.status = 'active'
                join patient_record p on p.id = d.record_id
                """,
                row ->
                        group.know(
                                new DocumentNumber(
                                        row.getString("partner"), row.getString("number")),
                                row.getObject("person_id", UUID.class),
                                row.getBoolean("replaces")),
                texts(documents, DocumentNumber::partner),
                texts(documents, DocumentNumber::number));
    }

    private static void readPatients(
            Script script,
            RegistrationGroup group,
            ChartGroup chart,
            Collection<? extends ChartUpdate> updates,
            Collection<RecordKey> records) {
        var authorities = texts(records, RecordKey::authority);
        var claims = texts(updates, update -> chart.claim(update).toString());
        var types = texts(records, RecordKey::type);
        var values = texts(records, RecordKey::value);
        script.read(
                NAMED
                        + """
                        select r.id, r.person_id, r.authority, r.id_type, r.id_value, r.entry_id, r.family_name,
                               r.given_name, r.middle_name, r.name_suffix, r.birth_date, r.sex, r.address, r.phone,
                               r.identifiers::text as identifiers, r.demographics::text as demographics, r.edition,
                               r.claimed, r.claim_hash, r.demographics = '{}' as on_claim
                        from named r
                        """,
                row -> group.know(patient(row)),
                authorities,
                types,
                values,
                claims);
        script.read(
                NAMED
                        + """
                        select l.*
                        from named r
                        join patient_list l on l.record_id = r.id
                        """,
                row -> group.know(row.getLong("record_id"), list(row)),
                authorities,
                types,
                values,
                claims);
        script.read(
                NAMED + ITEMS,
                row -> group.know(row.getLong("record_id"), scope(row), namedItem(row)),
                authorities,
                types,
                values,
                claims,
                texts(group.named(), key -> key));
    }

    /**
     * Also those whose number has another authority: it may have come in another form. Which of
     * them are the same is decided by whose they are.
     */
    private static void readVisits(
            Script script,
            RegistrationGroup group,
            Collection<VisitKey> visits,
            Collection<VisitKey> accounts) {
        var kinds = texts(visits, key -> key.kind().text());
        var givers = texts(visits, VisitKey::authority);
        var numbers = texts(visits, VisitKey::number);
        script.read(
                """
                select e.id, e.number_kind, e.authority, e.number, e.record_id, p.person_id
                from unnest(?, ?, ?) k(number_kind, authority, number)
                join encounter e
                  on e.number_kind = k.number_kind and e.number = k.number
                 and (e.authority = k.authority or k.number_kind <> 'admitted')
                join patient_record p on p.id = e.record_id
                """,
                row ->
                        group.know(
                                new KnownVisit(
                                        row.getLong("id"),
                                        new VisitKey(
                                                VisitKey.Kind.of(row.getString("number_kind")),
                                                row.getString("authority"),
                                                row.getString("number")),
                                        row.getLong("record_id"),
                                        row.getObject("person_id", UUID.class),
                                        List.of())),
                kinds,
                givers,
                numbers);
        script.read(
                """
                select s.visit_id, s.entry_id, s.partner, s.path, s.trigger, s.happened_at, s.entered_at,
                       s.message_at, s.said::text as said
                from (select distinct e.id
                      from unnest(?, ?, ?) k(number_kind, authority, number)
                      join encounter e
                        on e.number_kind = k.number_kind and e.number = k.number
                       and (e.authority = k.authority or k.number_kind <> 'admitted')) e
                join statement s on s.visit_id = e.id and s.kind = 'encounter'
                order by s.id
                """,
                row -> group.know(row.getLong("visit_id"), version(row)),
                kinds,
                givers,
                numbers);
        var named = new LinkedHashSet<>(visits);
        named.addAll(accounts);
        VisitHomes.read(script, named, group.moves());
    }

    /** The lists of visits that are with a number which no message of the group names. */
    static void readElsewhere(Connection connection, RegistrationGroup group) throws SQLException {
        var visits = group.elsewhere();
        if (visits.isEmpty()) return;
        var records = longs(visits, KnownVisit::recordId);
        var ids = longs(visits, KnownVisit::id);
        new Script()
                .read(
                        OF_VISITS
                                + """
                                select l.*
                                from named r
                                join patient_list l on l.record_id = r.id and l.visit_id = r.visit
                                """,
                        row -> group.know(row.getLong("record_id"), list(row)),
                        records,
                        ids)
                .read(
                        OF_VISITS + ITEMS_OF_VISITS,
                        row -> group.know(row.getLong("record_id"), scope(row), namedItem(row)),
                        records,
                        ids,
                        texts(group.named(), key -> key))
                .send(connection);
    }

    private static KnownPatient patient(ResultSet row) throws SQLException {
        var record =
                new KnownRecord(
                        row.getLong("id"),
                        row.getObject("person_id", UUID.class),
                        new RecordKey(
                                row.getString("authority"),
                                row.getString("id_type"),
                                row.getString("id_value")),
                        new PersonName(
                                row.getString("family_name"),
                                row.getString("given_name"),
                                row.getString("middle_name"),
                                row.getString("name_suffix")),
                        row.getString("birth_date"),
                        row.getLong("edition"),
                        null,
                        new Claimed(
                                row.getLong("claimed"),
                                row.getLong("claim_hash"),
                                row.getBoolean("on_claim")));
        var identifiers = new ArrayList<RecordKey>();
        for (var view : ChartRows.identifiers(row.getString("identifiers")))
            if (!view.value().isEmpty())
                identifiers.add(new RecordKey(view.authority(), view.type(), view.value()));
        var stated = RegistrationJson.statedDemographics(row.getString("demographics"));
        if (stated.isEmpty())
            return KnownPatient.onClaim(
                    record,
                    new PatientClaim(
                            record.key(),
                            "PID-3",
                            identifiers,
                            new PersonName(
                                    row.getString("family_name"),
                                    row.getString("given_name"),
                                    row.getString("middle_name"),
                                    row.getString("name_suffix")),
                            row.getString("birth_date"),
                            row.getString("sex"),
                            row.getString("address"),
                            row.getString("phone"),
                            false),
                    "",
                    row.getLong("entry_id"));
        return new KnownPatient(
                record,
                row.getLong("entry_id"),
                stated,
                false,
                java.util.Set.copyOf(identifiers),
                java.util.Map.of());
    }

    static KnownList list(ResultSet row) throws SQLException {
        return new KnownList(
                scope(row),
                moment(row, "whole"),
                row.getBoolean("none_known"),
                moment(row, "none"),
                row.getString("none_path"),
                java.util.Map.of());
    }

    static ListScope scope(ResultSet row) throws SQLException {
        return new ListScope(
                ListKind.of(row.getString("kind")),
                row.getString("partner"),
                row.getLong("visit_id"));
    }

    static KnownItem item(ResultSet row) throws SQLException {
        return new KnownItem(
                row.getLong("id"),
                row.getString("item_key"),
                moment(row, "listed"),
                moment(row, "removed"));
    }

    /** An item with what was said of it. */
    private static KnownItem namedItem(ResultSet row) throws SQLException {
        var item = item(row);
        var words = row.getString("words");
        var said =
                words != null
                        ? RegistrationJson.words(words)
                        : RegistrationJson.word(row.getString("said"), item.listed());
        return new KnownItem(item.id(), item.key(), item.listed(), item.removed(), said);
    }

    static VisitTimeline.Version version(ResultSet row) throws SQLException {
        return new VisitTimeline.Version(
                row.getLong("entry_id"),
                row.getString("partner"),
                row.getString("path"),
                // What an order or a result says of its visit describes it (R01, O01 and the like).
                VisitEvent.of(row.getString("trigger")).orElse(VisitEvent.UPDATE),
                times(row),
                RegistrationJson.visit(row.getString("said")));
    }

    /** When a move was said. */
    static EventTimes moved(ResultSet row) throws SQLException {
        return new EventTimes(null, instant(row, "entered_at"), instant(row, "message_at"));
    }

    static EventTimes times(ResultSet row) throws SQLException {
        return new EventTimes(
                instant(row, "happened_at"),
                instant(row, "entered_at"),
                instant(row, "message_at"));
    }

    private static Moment moment(ResultSet row, String name) throws SQLException {
        long entry = row.getLong(name + "_entry");
        return entry == 0
                ? Moment.NEVER
                : new Moment(
                        Moment.MASTER,
                        instant(row, name + "_recorded"),
                        instant(row, name + "_message"),
                        entry);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
