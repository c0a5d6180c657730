package org.chartbridge.chart;

import static org.chartbridge.chart.Columns.flags;
import static org.chartbridge.chart.Columns.ints;
import static org.chartbridge.chart.Columns.longs;
import static org.chartbridge.chart.Columns.texts;
import static org.chartbridge.chart.Columns.times;

import org.chartbridge.chart.RegistrationFacts.ItemRow;
import org.chartbridge.chart.RegistrationFacts.ListRow;
import org.chartbridge.chart.RegistrationFacts.StatementRow;
import org.chartbridge.chart.RegistrationFacts.VisitRow;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what registration adds, a group at a time; part of {@link ChartStore}, under whose locks
 * it works. Statements are added; records, visits and lists are set to how they stand after the
 * last of them. Reading is {@link RegistrationReading}'s.
 */
final class RegistrationStore {
    private RegistrationStore() {}

    static void write(Script script, List<Facts> facts) {
        var statements = new ArrayList<StatementRow>();
        var patients = new LinkedHashMap<Long, KnownPatient>();
        var visits = new LinkedHashMap<Long, VisitRow>();
        var moved = new ArrayList<VisitHomes.Moved>(0);
        var lists = new LinkedHashMap<Object, ListRow>();
        var items = new LinkedHashMap<Long, ItemRow>();
        var contents = new LinkedHashMap<String, DocumentContent>();
        var recordedAt = "";
        for (var one : facts) {
            var rows = one.registration;
            if (rows == null) continue;
            recordedAt = one.recordedAt.toString();
            statements.addAll(rows.statements);
            for (var patient : rows.patients) patients.put(patient.record().id(), patient);
            for (var visit : rows.visits) visits.put(visit.id(), visit);
            moved.addAll(rows.moved);
            for (var list : rows.lists)
                lists.put(List.of(list.recordId(), list.list().scope()), list);
            for (var content : rows.contents) contents.put(content.hash(), content);
            for (var item : rows.items)
                items.merge(item.item().id(), item, RegistrationStore::last);
        }
        if (statements.isEmpty()) return;
        if (!contents.isEmpty()) FactRows.writeContents(script, List.copyOf(contents.values()));
        writeStatements(script, statements, recordedAt);
        writePatients(script, patients.values());
        writeVisits(script, visits.values(), recordedAt);
        for (var one : moved) VisitHomes.bringLists(script, List.of(one));
        writeLists(script, lists.values());
        for (var table : ItemTable.values()) writeItems(script, table, items, recordedAt);
    }

    /** How an item stands at last, with what was last said of it. */
    private static ItemRow last(ItemRow before, ItemRow after) {
        return after.statement() != null
                ? after
                : new ItemRow(
                        after.item(),
                        after.recordId(),
                        after.list(),
                        after.onList(),
                        before.statement());
    }

    private static void writeStatements(Script script, List<StatementRow> rows, String recordedAt) {
        script.run(
                """
                insert into statement (id, entry_id, recorded_at, path, record_id, visit_id, partner, kind,
                    trigger, weight, happened_at, entered_at, message_at, said)
                select id, e, ?::timestamptz, path, r, v, partner, kind, trigger, weight,
                       happened::timestamptz, entered::timestamptz, message::timestamptz, said::jsonb
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, e, path, r, v, partner, kind, trigger, weight, happened, entered, message, said)
                """,
                recordedAt,
                longs(rows, StatementRow::id),
                longs(rows, StatementRow::entryId),
                texts(rows, StatementRow::path),
                longs(rows, StatementRow::recordId),
                longs(rows, StatementRow::visitId),
                texts(rows, StatementRow::partner),
                texts(rows, StatementRow::kind),
                texts(rows, StatementRow::trigger),
                ints(rows, StatementRow::weight),
                times(rows, row -> row.times().happened()),
                times(rows, row -> row.times().recorded()),
                times(rows, row -> row.times().message()),
                texts(rows, StatementRow::said));
    }

    private static void writePatients(Script script, Collection<KnownPatient> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                update patient_record r
                set family_name = k.family, given_name = k.given, middle_name = k.middle,
                    name_suffix = k.suffix, birth_date = k.birth, sex = k.sex, address = k.address,
                    phone = k.phone, identifiers = k.identifiers::jsonb, demographics = k.stated::jsonb
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, family, given, middle, suffix, birth, sex, address, phone, identifiers, stated)
                where r.id = k.id
                """,
                longs(rows, row -> row.record().id()),
                texts(rows, row -> row.text(DemographicField.FAMILY)),
                texts(rows, row -> row.text(DemographicField.GIVEN)),
                texts(rows, row -> row.text(DemographicField.MIDDLE)),
                texts(rows, row -> row.text(DemographicField.SUFFIX)),
                texts(rows, row -> row.text(DemographicField.BIRTH_DATE)),
                texts(rows, row -> row.text(DemographicField.SEX)),
                texts(rows, KnownPatient::address),
                texts(rows, KnownPatient::anyPhone),
                texts(rows, row -> Json.identifiers(row.identifiersInOrder())),
                texts(rows, row -> RegistrationJson.stated(row.stated())));
    }

    private static void writeVisits(Script script, Collection<VisitRow> rows, String recordedAt) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into encounter (id, record_id, number_kind, authority, number, partner, entry_id,
                    recorded_at, path, status, class, location, admission_type, attending, service,
                    disposition, reason, account, admitted_at, admitted_as_sent, discharged_at,
                    discharged_as_sent, fields)
                select id, r, kind, authority, number, partner, e, ?::timestamptz, path, status, class,
                       location, admission_type, attending, service, disposition, reason, account,
                       admitted_at::timestamptz, admitted, discharged_at::timestamptz, discharged,
                       fields::jsonb
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, r, kind, authority, number, partner, e, path, status, class, location,
                       admission_type, attending, service, disposition, reason, account, admitted_at,
                       admitted, discharged_at, discharged, fields)
                on conflict (id) do update
                set record_id = excluded.record_id, partner = excluded.partner, entry_id = excluded.entry_id,
                    recorded_at = excluded.recorded_at, path = excluded.path, status = excluded.status,
                    class = excluded.class, location = excluded.location,
                    admission_type = excluded.admission_type, attending = excluded.attending,
                    service = excluded.service, disposition = excluded.disposition,
                    reason = excluded.reason, account = excluded.account,
                    admitted_at = excluded.admitted_at, admitted_as_sent = excluded.admitted_as_sent,
                    discharged_at = excluded.discharged_at,
                    discharged_as_sent = excluded.discharged_as_sent, fields = excluded.fields
                """,
                recordedAt,
                longs(rows, VisitRow::id),
                longs(rows, VisitRow::recordId),
                texts(rows, row -> row.key().kind().text()),
                texts(rows, row -> row.key().authority()),
                texts(rows, row -> row.key().number()),
                texts(rows, row -> row.now().last().partner()),
                longs(rows, row -> row.now().last().entryId()),
                texts(rows, row -> row.now().last().path()),
                texts(rows, row -> row.now().status().text()),
                texts(rows, row -> code(row, VisitField.CLASS)),
                texts(rows, row -> text(row, VisitField.LOCATION)),
                texts(rows, row -> code(row, VisitField.ADMISSION_TYPE)),
                texts(rows, row -> text(row, VisitField.ATTENDING)),
                texts(rows, row -> code(row, VisitField.SERVICE)),
                texts(rows, row -> code(row, VisitField.DISPOSITION)),
                texts(rows, row -> text(row, VisitField.REASON)),
                texts(rows, row -> text(row, VisitField.ACCOUNT)),
                texts(rows, row -> time(row, VisitField.ADMITTED)),
                texts(rows, row -> text(row, VisitField.ADMITTED)),
                texts(rows, row -> time(row, VisitField.DISCHARGED)),
                texts(rows, row -> text(row, VisitField.DISCHARGED)),
                texts(rows, row -> RegistrationJson.statedOfVisit(row.now().fields())));
    }

    private static String text(VisitRow row, VisitField field) {
        var stated = row.now().fields().get(field);
        return stated == null ? "" : stated.value().text();
    }

    private static String code(VisitRow row, VisitField field) {
        var stated = row.now().fields().get(field);
        if (stated == null) return "";
        return stated.value().code().isEmpty() ? stated.value().text() : stated.value().code();
    }

    private static @Nullable String time(VisitRow row, VisitField field) {
        var stated = row.now().fields().get(field);
        return stated == null || stated.value().code().isEmpty() ? null : stated.value().code();
    }

    private static void writeLists(Script script, Collection<ListRow> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into patient_list (record_id, kind, partner, visit_id, whole_recorded, whole_message,
                    whole_entry, none_known, none_recorded, none_message, none_entry, none_path)
                select r, kind, partner, v, whole_recorded::timestamptz, whole_message::timestamptz,
                       whole_entry, none_known, none_recorded::timestamptz, none_message::timestamptz,
                       none_entry, none_path
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(r, kind, partner, v, whole_recorded, whole_message, whole_entry, none_known,
                       none_recorded, none_message, none_entry, none_path)
                on conflict (record_id, kind, partner, visit_id) do update
                set whole_recorded = excluded.whole_recorded, whole_message = excluded.whole_message,
                    whole_entry = excluded.whole_entry, none_known = excluded.none_known,
                    none_recorded = excluded.none_recorded, none_message = excluded.none_message,
                    none_entry = excluded.none_entry, none_path = excluded.none_path
                """,
                longs(rows, ListRow::recordId),
                texts(rows, row -> row.list().scope().kind().text()),
                texts(rows, row -> row.list().scope().partner()),
                longs(rows, row -> row.list().scope().visitId()),
                times(rows, row -> row.list().snapshot().recorded()),
                times(rows, row -> row.list().snapshot().message()),
                longs(rows, row -> row.list().snapshot().entryId()),
                flags(rows, row -> row.list().noneKnown()),
                times(rows, row -> row.list().noneSaid().recorded()),
                times(rows, row -> row.list().noneSaid().message()),
                longs(rows, row -> row.list().noneSaid().entryId()),
                texts(rows, row -> row.list().nonePath()));
    }

    private static void writeItems(
            Script script, ItemTable table, Map<Long, ItemRow> items, String recordedAt) {
        var told = new ArrayList<ItemRow>();
        var moved = new ArrayList<ItemRow>();
        for (var row : items.values()) {
            if (row.list().scope().kind() != table.kind()) continue;
            (row.statement() == null ? moved : told).add(row);
        }
        if (!told.isEmpty()) script.run(table.upsert(), columns(table, told, recordedAt).toArray());
        if (!moved.isEmpty())
            script.run(
                    table.move(),
                    longs(moved, row -> row.item().id()),
                    texts(moved, RegistrationStore::status),
                    times(moved, row -> row.item().removed().recorded()),
                    times(moved, row -> row.item().removed().message()),
                    longs(moved, row -> row.item().removed().entryId()));
    }

    private static List<@Nullable Object> columns(
            ItemTable table, List<ItemRow> rows, String recordedAt) {
        var all = new ArrayList<@Nullable Object>();
        all.add(longs(rows, row -> row.item().id()));
        all.add(longs(rows, ItemRow::recordId));
        all.add(texts(rows, row -> row.list().scope().partner()));
        all.add(longs(rows, row -> row.list().scope().visitId()));
        all.add(texts(rows, row -> row.item().key()));
        all.add(longs(rows, RegistrationStore::saidBy));
        all.add(texts(rows, row -> recordedAt));
        all.add(texts(rows, row -> row.statement() == null ? "" : row.statement().path()));
        all.add(texts(rows, RegistrationStore::status));
        all.add(times(rows, row -> row.item().listed().recorded()));
        all.add(times(rows, row -> row.item().listed().message()));
        all.add(longs(rows, row -> row.item().listed().entryId()));
        all.add(times(rows, row -> row.item().removed().recorded()));
        all.add(times(rows, row -> row.item().removed().message()));
        all.add(longs(rows, row -> row.item().removed().entryId()));
        all.add(texts(rows, row -> RegistrationJson.words(row.item().said())));
        for (int i = 0; i < table.columns(); i++) {
            int column = i;
            all.add(
                    texts(
                            rows,
                            row ->
                                    table.value(
                                            column,
                                            row.statement() == null
                                                    ? Map.of()
                                                    : row.statement().fields())));
        }
        return all;
    }

    /**
     * The entry whose words the item has: that which listed it last, else that which removed it.
     */
    private static long saidBy(ItemRow row) {
        var listed = row.item().listed();
        return listed.equals(Moment.NEVER) ? row.item().removed().entryId() : listed.entryId();
    }

    private static String status(ItemRow row) {
        return row.onList() ? "active" : "ended";
    }
}
