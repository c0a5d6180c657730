package org.chartbridge.chart;

import static org.chartbridge.database.Columns.contents;
import static org.chartbridge.database.Columns.flags;
import static org.chartbridge.database.Columns.ids;
import static org.chartbridge.database.Columns.ints;
import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.numbers;
import static org.chartbridge.database.Columns.texts;
import static org.chartbridge.database.Columns.times;

import org.chartbridge.database.Columns;
import org.chartbridge.database.Copy;
import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;

/**
 * Writes the facts of a group, one statement a table; long because of these statements. Values of
 * results, of which there are most, are copied ({@link Copy}) before all others. Times travel as
 * microseconds ({@link Columns#times}), what all rows share as one value.
 */
final class FactRows {

    private static final String OBSERVATION =
            """
            observation (id, series, version, standing, corrected, replaced_by_entry,
                replaced_at, entry_id, recorded_at, path, record_id, report_series, code, code_text,
                code_system, alternate, sub_id, status, value_type, value_text, value_inherited,
                value_number, comparator, value_codings, unit, unit_system, reference_range, flags,
                method, performer, observed_at, observed_as_sent, analyzed_at, issued_at, issued_until,
                message_at, claimed_at, control_id, content_hash, loinc, ucum, code_row, not_performed,
                parent_value, instance, words, own_text, noted, notes_of)
            """;

    private final Providers providers;

    FactRows(Providers providers) {
        this.providers = providers;
    }

    /** Writes what the group's updates added and moved; call once, after the last update. */
    void write(Script script, ChartGroup group) {
        var facts = group.facts();
        if (facts.isEmpty()) return;
        long now = Columns.micros(facts.getFirst().recordedAt);
        writeRecords(script, now, rows(facts, f -> f.records));
        writeClaims(script, rows(facts, f -> f.claims));
        writeAssertions(script, now, rows(facts, f -> f.assertions));
        RegistrationStore.write(script, facts);
        writeOrders(script, now, rows(facts, f -> f.orders));
        writeReports(script, now, rows(facts, f -> f.reports));
        writeObservations(script, now, rows(facts, f -> f.observations));
        writeNotes(script, now, rows(facts, f -> f.notes));
        writeDocuments(script, now, rows(facts, f -> f.documents));
        for (var one : facts) regroup(script, one);
        move(script, now, "report", rows(facts, f -> f.reportMoves));
        move(script, now, "observation", rows(facts, f -> f.observationMoves));
        confirm(script, rows(facts, f -> f.confirmations));
        join(script, rows(facts, f -> f.joined));
        keepNotes(script, rows(facts, f -> f.keptNotes));
        complete(script, rows(facts, f -> f.completions));
        time(script, facts);
    }

    /** A row and the facts it belongs to, which know the entry. */
    private record Row<T>(Facts facts, T row) {
        long entryId() {
            return facts.entryId;
        }
    }

    private static <T> List<Row<T>> rows(List<Facts> facts, Function<Facts, List<T>> rows) {
        var all = new ArrayList<Row<T>>();
        for (var one : facts) for (var row : rows.apply(one)) all.add(new Row<>(one, row));
        return all;
    }

    private void writeRecords(Script script, long now, List<Row<Facts.RecordRow>> rows) {
        if (rows.isEmpty()) return;
        var persons = texts(rows, r -> r.row().personId().toString());
        var entries = longs(rows, Row::entryId);
        script.run(
                """
                insert into person (id, entry_id, recorded_at)
                select p::uuid, e, now from unnest(?, ?)
                     k(p, e),
                     (select to_timestamp(? / 1e6::float8)) recorded(now)
                on conflict (id) do nothing
                """,
                persons,
                entries,
                now);
        script.run(
                """
                insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type,
                    id_value, family_name, given_name, middle_name, name_suffix, birth_date, sex, address,
                    phone, identifiers, claimed, claim_hash)
                select id, p::uuid, e, now, path, authority, id_type, id_value, family, given,
                       middle, suffix, birth, sex, address, phone, identifiers::jsonb, claimed, claim_hash
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, p, e, path, authority, id_type, id_value, family, given, middle, suffix,
                       birth, sex, address, phone, identifiers, claimed, claim_hash),
                     (select to_timestamp(? / 1e6::float8)) recorded(now)
                """,
                longs(rows, r -> r.row().id()),
                persons,
                entries,
                texts(rows, r -> r.row().claim().path()),
                texts(rows, r -> r.row().claim().key().authority()),
                texts(rows, r -> r.row().claim().key().type()),
                texts(rows, r -> r.row().claim().key().value()),
                texts(rows, r -> r.row().claim().name().family()),
                texts(rows, r -> r.row().claim().name().given()),
                texts(rows, r -> r.row().claim().name().middle()),
                texts(rows, r -> r.row().claim().name().suffix()),
                texts(rows, r -> r.row().claim().birthDate()),
                texts(rows, r -> r.row().claim().sex()),
                texts(rows, r -> r.row().claim().address()),
                texts(rows, r -> r.row().claim().phone()),
                texts(rows, r -> Json.identifiers(r.row().claim().identifiers())),
                longs(rows, r -> r.row().claimed().at()),
                longs(rows, r -> r.row().claimed().hash()),
                now);
    }

    /** What records are known by when an earlier claim comes late; of several the last counts. */
    private static void writeClaims(Script script, List<Row<Facts.RecordRow>> rows) {
        if (rows.isEmpty()) return;
        var last = new LinkedHashMap<Long, Row<Facts.RecordRow>>();
        for (var row : rows) last.put(row.row().id(), row);
        var claims = last.values();
        script.run(
                """
                update patient_record r
                set entry_id = k.e, path = k.path, family_name = k.family, given_name = k.given,
                    middle_name = k.middle, name_suffix = k.suffix, birth_date = k.birth, sex = k.sex,
                    address = k.address, phone = k.phone, identifiers = k.identifiers::jsonb,
                    claimed = k.claimed, claim_hash = k.claim_hash
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, e, path, family, given, middle, suffix, birth, sex, address, phone, identifiers,
                       claimed, claim_hash)
                where r.id = k.id
                """,
                longs(claims, r -> r.row().id()),
                longs(claims, Row::entryId),
                texts(claims, r -> r.row().claim().path()),
                texts(claims, r -> r.row().claim().name().family()),
                texts(claims, r -> r.row().claim().name().given()),
                texts(claims, r -> r.row().claim().name().middle()),
                texts(claims, r -> r.row().claim().name().suffix()),
                texts(claims, r -> r.row().claim().birthDate()),
                texts(claims, r -> r.row().claim().sex()),
                texts(claims, r -> r.row().claim().address()),
                texts(claims, r -> r.row().claim().phone()),
                texts(claims, r -> Json.identifiers(r.row().claim().identifiers())),
                longs(claims, r -> r.row().claimed().at()),
                longs(claims, r -> r.row().claimed().hash()));
    }

    private void writeAssertions(Script script, long now, List<Row<Assertion>> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into assertion (id, entry_id, recorded_at, path, kind, record_id, other_id, entered_at,
                    message_at, number_kind, authority, number)
                select id, e, now, path, kind, r, o, to_timestamp(entered / 1e6::float8),
                       to_timestamp(message / 1e6::float8), number_kind, authority, number
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, e, path, kind, r, o, entered, message, number_kind, authority, number),
                     (select to_timestamp(? / 1e6::float8)) recorded(now)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, Row::entryId),
                texts(rows, r -> r.row().path()),
                texts(rows, r -> r.row().kind().word()),
                longs(rows, r -> r.row().record()),
                longs(rows, r -> r.row().other()),
                times(rows, r -> r.row().entered()),
                times(rows, r -> r.row().message()),
                texts(rows, r -> r.row().visit() == null ? "" : r.row().visit().kind().text()),
                texts(rows, r -> r.row().visit() == null ? "" : r.row().visit().authority()),
                texts(rows, r -> r.row().visit() == null ? "" : r.row().visit().number()),
                now);
    }

    private void writeOrders(Script script, long now, List<Row<Facts.OrderRow>> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into clinical_order (id, entry_id, recorded_at, path, record_id, partner,
                    placer_number, filler_number, code, code_text, code_system, ordering_provider)
                select id, e, now, path, r, partner, placer, filler, code, text, system, provider
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, e, path, r, partner, placer, filler, code, text, system, provider),
                     (select to_timestamp(? / 1e6::float8)) recorded(now)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, Row::entryId),
                texts(rows, r -> r.row().statement().path()),
                longs(rows, r -> r.row().recordId()),
                texts(rows, r -> r.row().partner()),
                texts(rows, r -> r.row().statement().placerNumber()),
                texts(rows, r -> r.row().statement().fillerNumber()),
                texts(rows, r -> r.row().statement().service().code()),
                texts(rows, r -> r.row().statement().service().text()),
                texts(rows, r -> r.row().statement().service().system()),
                ids(rows, r -> id(r.row().statement().orderingProvider())),
                now);
    }

    private void writeReports(Script script, long now, List<Row<Facts.ReportRow>> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into report (id, series, version, standing, replaced_by_entry, replaced_at, entry_id,
                    recorded_at, path, record_id, order_id, partner, number, placer_number, code, code_text,
                    code_system, alternate, status, collected_at, collected_as_sent, issued_at, issued_until, message_at,
                    claimed_at, control_id, content_hash, ordering_provider, interpreter, parent_number, parent_test,
                    action, request, whole, says)
                select id, series, version, standing, nullif(by, 0),
                       case when by = 0 then null else now end, e, now, path, r, o,
                       partner, number, placer, code, text, system, alternate::jsonb, status,
                       to_timestamp(collected / 1e6::float8), collected_as_sent, to_timestamp(issued / 1e6::float8), to_timestamp(until / 1e6::float8), to_timestamp(message / 1e6::float8),
                       to_timestamp(claimed / 1e6::float8), control, hash, provider, interpreter, parent_number, parent_test, action,
                       request::jsonb, whole, says
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                            ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, series, version, standing, by, e, path, r, o, partner, number, placer,
                       code, text, system, alternate, status, collected, collected_as_sent, issued,
                       until, message, claimed, control, hash, provider, interpreter, parent_number, parent_test, action,
                       request, whole, says),
                     (select to_timestamp(? / 1e6::float8)) recorded(now)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, r -> r.row().series()),
                ints(rows, r -> r.row().version()),
                texts(rows, r -> r.row().place().standing().text()),
                longs(rows, r -> r.row().place().replacedBy()),
                longs(rows, Row::entryId),
                texts(rows, r -> r.row().statement().path()),
                longs(rows, r -> r.row().recordId()),
                longs(rows, r -> r.row().orderId()),
                texts(rows, r -> r.row().partner()),
                texts(rows, r -> r.row().statement().number()),
                texts(rows, r -> r.row().statement().placerNumber()),
                texts(rows, r -> r.row().statement().service().code()),
                texts(rows, r -> r.row().statement().service().text()),
                texts(rows, r -> r.row().statement().service().system()),
                texts(rows, r -> Json.concept(r.row().statement().service().alternate())),
                texts(rows, r -> r.row().statement().status()),
                times(rows, r -> r.row().statement().collected().instant()),
                texts(rows, r -> r.row().statement().collected().asSent()),
                times(rows, r -> r.row().statement().said().issued()),
                times(rows, r -> r.row().statement().said().until()),
                times(rows, r -> r.row().statement().said().message()),
                times(rows, r -> r.row().statement().said().claimed()),
                texts(rows, r -> r.row().statement().said().controlId()),
                longs(rows, r -> r.row().contentHash()),
                ids(rows, r -> id(r.row().statement().orderingProvider())),
                ids(rows, r -> id(r.row().statement().interpreter())),
                texts(rows, r -> r.row().statement().parent().number()),
                texts(rows, r -> r.row().statement().parent().test()),
                texts(rows, r -> r.row().statement().parent().action()),
                texts(rows, r -> RegistrationJson.saidOfRequest(r.row().statement().request())),
                flags(rows, r -> r.row().statement().whole()),
                ints(rows, r -> r.row().says()),
                now);
    }

    private static void writeObservations(
            Script script, long now, List<Row<Facts.ObservationRow>> rows) {
        if (rows.isEmpty()) return;
        var copy = new Copy(OBSERVATION);
        for (var r : rows) {
            var row = r.row();
            var statement = row.statement();
            var place = row.place();
            var value = row.value();
            var test = statement.test();
            var said = statement.said();
            var translation = statement.translation();
            copy.row()
                    .number(row.id())
                    .number(row.series())
                    .integer(row.version())
                    .text(place.standing().text())
                    .flag(place.corrected())
                    .numberOrNull(place.replacedBy());
            if (place.replacedBy() == 0) copy.none();
            else copy.micros(now);
            copy.number(r.entryId())
                    .micros(now)
                    .text(statement.path())
                    .number(row.recordId())
                    .number(row.reportSeries())
                    .text(test.code())
                    .text(test.text())
                    .text(test.system())
                    .json(Json.concept(test.alternate()))
                    .text(statement.subId())
                    .text(statement.status().letter())
                    .text(value.type())
                    .text(value.text())
                    .flag(row.inherited())
                    .decimal(value.number())
                    .text(value.comparator())
                    .json(Json.concepts(value.codings()))
                    .text(row.unit())
                    .text(row.unitSystem())
                    .text(statement.range())
                    .text(statement.flags())
                    .text(statement.method())
                    .text(statement.performer())
                    .time(statement.observed().instant())
                    .text(statement.observed().asSent())
                    .time(statement.analyzed().instant())
                    .time(said.issued())
                    .time(said.until())
                    .time(said.message())
                    .time(said.claimed())
                    .text(said.controlId())
                    .number(row.contentHash())
                    .text(translation.loinc())
                    .text(translation.ucum())
                    .integer(translation.row())
                    .flag(value.notPerformed())
                    .text(statement.parentValue())
                    .text(statement.instance())
                    .flag(row.words())
                    .text(row.ownText())
                    .flag(row.noted())
                    .numberOrNull(row.notesOf());
        }
        script.copy(copy);
    }

    private void writeNotes(Script script, long now, List<Row<Facts.NoteRow>> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into note (id, entry_id, recorded_at, path, report_series, target, source, text)
                select id, e, now, path, report, target, source, text
                from unnest(?, ?, ?, ?, ?, ?, ?)
                     k(id, e, path, report, target, source, text),
                     (select to_timestamp(? / 1e6::float8)) recorded(now)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, Row::entryId),
                texts(rows, r -> r.row().statement().path()),
                longs(rows, r -> r.row().reportSeries()),
                longs(rows, r -> r.row().target()),
                texts(rows, r -> r.row().statement().source()),
                texts(rows, r -> r.row().statement().text()),
                now);
    }

    /** Contents that registration brings; each is kept once. */
    static void writeContents(Script script, List<DocumentContent> contents) {
        script.run(
                """
                insert into document_content (hash, media_type, size_bytes, content)
                select distinct on (h) h, type, octet_length(content), content
                from unnest(?, ?, ?) k(h, type, content)
                order by h
                on conflict (hash) do nothing
                """,
                contents(contents, c -> HexFormat.of().parseHex(c.hash())),
                texts(contents, DocumentContent::mediaType),
                contents(contents, DocumentContent::content));
    }

    private void writeDocuments(Script script, long now, List<Row<Facts.DocumentRow>> rows) {
        if (rows.isEmpty()) return;
        var hashes = contents(rows, r -> r.row().contentHash());
        script.run(
                """
                insert into document_content (hash, media_type, size_bytes, content)
                select distinct on (h) h, type, octet_length(content), content
                from unnest(?, ?, ?) k(h, type, content)
                order by h
                on conflict (hash) do nothing
                """,
                hashes,
                texts(rows, r -> r.row().statement().mediaType()),
                contents(rows, r -> r.row().statement().content()));
        script.run(
                """
                insert into document (id, entry_id, recorded_at, path, record_id, report_series,
                    observation_id, title, declared_type, content_hash)
                select id, e, now, path, r, report, observation, title, declared, h
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, e, path, r, report, observation, title, declared, h),
                     (select to_timestamp(? / 1e6::float8)) recorded(now)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, Row::entryId),
                texts(rows, r -> r.row().statement().path()),
                longs(rows, r -> r.row().recordId()),
                longs(rows, r -> r.row().reportSeries()),
                longs(rows, r -> r.row().observationId()),
                texts(rows, r -> r.row().statement().title()),
                texts(rows, r -> r.row().statement().declaredType()),
                hashes,
                now);
    }

    /** What is of another report than before. */
    private static void regroup(Script script, Facts facts) {
        if (!facts.placers.isEmpty())
            script.run(
                    """
                    update clinical_order o set placer_number = k.number
                    from unnest(?, ?) k(id, number)
                    where o.id = k.id and o.placer_number = ''
                    """,
                    facts.placers.stream().mapToLong(Facts.Placer::orderId).toArray(),
                    facts.placers.stream().map(Facts.Placer::number).toArray(String[]::new));
        if (!facts.droppedOrders.isEmpty())
            script.run(
                    "delete from clinical_order where id = any(?)",
                    (Object) facts.droppedOrders.stream().mapToLong(Long::longValue).toArray());
        if (!facts.says.isEmpty())
            script.run(
                    """
                    update report r set says = k.says
                    from unnest(?, ?) k(id, says)
                    where r.id = k.id
                    """,
                    facts.says.stream().mapToLong(Facts.Says::id).toArray(),
                    facts.says.stream().mapToInt(Facts.Says::says).toArray());
        if (!facts.movedReports.isEmpty())
            script.run(
                    """
                    update report r set series = k.series, order_id = k.order_id
                    from unnest(?, ?, ?) k(id, series, order_id)
                    where r.id = k.id
                    """,
                    facts.movedReports.stream().mapToLong(Facts.MovedReport::id).toArray(),
                    facts.movedReports.stream().mapToLong(Facts.MovedReport::series).toArray(),
                    facts.movedReports.stream().mapToLong(Facts.MovedReport::orderId).toArray());
        if (!facts.ordersOf.isEmpty())
            script.run(
                    """
                    insert into clinical_order (id, entry_id, recorded_at, path, record_id, partner, placer_number,
                                                filler_number, code, code_text, code_system, ordering_provider)
                    select k.id, r.entry_id, r.recorded_at, r.path, r.record_id, r.partner, r.placer_number,
                           case when r.says & %d = 0 then r.number else '' end, r.code, r.code_text, r.code_system,
                           r.ordering_provider
                    from unnest(?, ?) k(id, report)
                    join report r on r.id = k.report
                    """
                            .formatted(ReportWords.BY_PLACER),
                    facts.ordersOf.stream().mapToLong(Facts.OrderOf::id).toArray(),
                    facts.ordersOf.stream().mapToLong(Facts.OrderOf::report).toArray());
        var reports = facts.movedReports;
        var moved = facts.movedValues;
        if (!moved.isEmpty()) {
            var ids = moved.stream().mapToLong(Facts.MovedValue::id).toArray();
            var series = moved.stream().mapToLong(Facts.MovedValue::reportSeries).toArray();
            var before = moved.stream().mapToLong(Facts.MovedValue::reportBefore).toArray();
            script.run(
                    """
                    update observation o
                    set report_series = k.report, series = k.series, version = k.version
                    from unnest(?, ?, ?, ?) k(id, report, series, version)
                    where o.id = k.id
                    """,
                    ids,
                    series,
                    moved.stream().mapToLong(Facts.MovedValue::series).toArray(),
                    moved.stream().mapToInt(Facts.MovedValue::version).toArray());
            script.run(
                    """
                    update document d set report_series = k.report
                    from unnest(?, ?, ?) k(id, report, before)
                    where d.report_series = k.before and d.observation_id = k.id
                    """,
                    ids,
                    series,
                    before);
            moveNotes(script, ids, series, before);
        }
        if (!reports.isEmpty())
            moveNotes(
                    script,
                    reports.stream().mapToLong(Facts.MovedReport::id).toArray(),
                    reports.stream().mapToLong(Facts.MovedReport::series).toArray(),
                    reports.stream().mapToLong(Facts.MovedReport::before).toArray());
    }

    private static void moveNotes(Script script, long[] targets, long[] series, long[] before) {
        script.run(
                """
                update note n set report_series = k.report
                from unnest(?, ?, ?) k(target, report, before)
                where n.report_series = k.before and n.target = k.target
                """,
                targets,
                series,
                before);
    }

    /** The last move of a version in the group is the one that counts. */
    private static void move(Script script, long now, String table, List<Row<Facts.Move>> rows) {
        if (rows.isEmpty()) return;
        var last = new LinkedHashMap<Long, Row<Facts.Move>>();
        for (var row : rows) last.put(row.row().id(), row);
        var moves = last.values();
        script.run(
                table.equals("report")
                        ? """
                           update report set standing = k.standing, replaced_by_entry = nullif(k.by, 0),
                               replaced_at = case when k.by = 0 then null else now end
                           from unnest(?, ?, ?, ?)
                        k(id, standing, corrected, by),
                        (select to_timestamp(? / 1e6::float8)) recorded(now)
                           where report.id = k.id
                        """
                        : """
                           update observation set standing = k.standing, corrected = k.corrected,
                               replaced_by_entry = nullif(k.by, 0),
                               replaced_at = case when k.by = 0 then null else now end
                           from unnest(?, ?, ?, ?)
                        k(id, standing, corrected, by),
                        (select to_timestamp(? / 1e6::float8)) recorded(now)
                           where observation.id = k.id
                        """,
                longs(moves, r -> r.row().id()),
                texts(moves, r -> r.row().place().standing().text()),
                flags(moves, r -> r.row().place().corrected()),
                longs(moves, r -> r.row().place().replacedBy()),
                now);
    }

    /**
     * Versions without a value of their own follow the one that they confirm; what that one never
     * changes (codings, translation) is copied here.
     */
    private static void confirm(Script script, List<Row<Facts.Confirmation>> rows) {
        if (rows.isEmpty()) return;
        var last = new LinkedHashMap<Long, Row<Facts.Confirmation>>();
        for (var row : rows) last.put(row.row().id(), row);
        var values = last.values();
        script.run(
                """
                update observation o
                set value_type = k.type, value_text = k.text, value_number = k.number,
                    comparator = k.comparator, not_performed = k.absent, unit = k.unit, unit_system = k.system,
                    flags = k.flags, flags_inherited = k.its_flags, reference_range = k.range,
                    range_inherited = k.its_range, confirms = nullif(k.confirms, 0),
                    value_codings = s.value_codings, loinc = coalesce(s.loinc, ''),
                    ucum = coalesce(s.ucum, ''), code_row = coalesce(s.code_row, 0)
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, type, text, number, comparator, absent, unit, system, flags, its_flags, range,
                       its_range, confirms)
                left join observation s on s.id = k.confirms
                where o.id = k.id
                """,
                longs(values, r -> r.row().id()),
                texts(values, r -> r.row().value().type()),
                texts(values, r -> r.row().value().text()),
                numbers(values, r -> r.row().value().number()),
                texts(values, r -> r.row().value().comparator()),
                flags(values, r -> r.row().value().notPerformed()),
                texts(values, r -> r.row().value().unit()),
                texts(values, r -> r.row().value().unitSystem()),
                texts(values, r -> r.row().value().flags()),
                flags(values, r -> r.row().value().flagsInherited()),
                texts(values, r -> r.row().value().range()),
                flags(values, r -> r.row().value().rangeInherited()),
                longs(values, r -> r.row().value().confirms()));
    }

    private static void join(Script script, List<Row<Facts.Joined>> rows) {
        if (rows.isEmpty()) return;
        var last = new LinkedHashMap<Long, Facts.Joined>();
        for (var row : rows) last.put(row.row().id(), row.row());
        var values = last.values();
        script.run(
                """
                update observation o
                set value_text = k.text
                from unnest(?, ?) k(id, text)
                where o.id = k.id
                """,
                longs(values, Facts.Joined::id),
                texts(values, Facts.Joined::text));
    }

    private static void keepNotes(Script script, List<Row<Facts.KeptNotes>> rows) {
        if (rows.isEmpty()) return;
        var last = new LinkedHashMap<Long, Facts.KeptNotes>();
        for (var row : rows) last.put(row.row().id(), row.row());
        var notes = last.values();
        script.run(
                """
                update observation o
                set notes_of = nullif(k.other, 0)
                from unnest(?, ?) k(id, other)
                where o.id = k.id
                """,
                longs(notes, Facts.KeptNotes::id),
                longs(notes, Facts.KeptNotes::of));
    }

    /**
     * Fields that a version leaves empty are copied from the one that says them, and taken out
     * again where it is current no more: {@code inherited} names them, with the entry of each.
     */
    private static void complete(Script script, List<Row<Facts.Completion>> rows) {
        if (rows.isEmpty()) return;
        var last = new LinkedHashMap<Long, Facts.Completion>();
        for (var row : rows) last.put(row.row().id(), row.row());
        var completions = last.values();
        script.run(
                """
                update report r
                set collected_at = case when k.sources -> 'collected' is not null then collected.collected_at
                                        when r.inherited -> 'collected' is not null then null
                                        else r.collected_at end,
                    collected_as_sent = case when k.sources -> 'collected' is not null then collected.collected_as_sent
                                             when r.inherited -> 'collected' is not null then ''
                                             else r.collected_as_sent end,
                    placer_number = case when k.sources -> 'placer-number' is not null then placer.placer_number
                                         when r.inherited -> 'placer-number' is not null then ''
                                         else r.placer_number end,
                    ordering_provider = case when k.sources -> 'orderer' is not null then orderer.ordering_provider
                                             when r.inherited -> 'orderer' is not null then null
                                             else r.ordering_provider end,
                    interpreter = case when k.sources -> 'interpreter' is not null then interpreter.interpreter
                                       when r.inherited -> 'interpreter' is not null then null
                                       else r.interpreter end,
                    parent_number = case when k.sources -> 'parent' is not null then parent.parent_number
                                         when r.inherited -> 'parent' is not null then ''
                                         else r.parent_number end,
                    parent_test = case when k.sources -> 'parent' is not null then parent.parent_test
                                       when r.inherited -> 'parent' is not null then ''
                                       else r.parent_test end,
                    action = case when k.sources -> 'action' is not null then action.action
                                  when r.inherited -> 'action' is not null then ''
                                  else r.action end,
                    notes_of = (k.sources ->> 'notes')::bigint,
                    request = nullif(
                        coalesce(r.request, '{}') - array(select jsonb_object_keys(coalesce(r.inherited, '{}')))
                            || coalesce((select jsonb_object_agg(f.key, s.request -> f.key)
                                         from jsonb_each_text(k.sources) f
                                         join report s on s.id = f.value::bigint
                                         where s.request -> f.key is not null), '{}'),
                        '{}'),
                    inherited = nullif(k.inherited, '{}')
                from (select id, sources::jsonb, inherited::jsonb from unnest(?, ?, ?) t(id, sources, inherited))
                         k(id, sources, inherited)
                left join report collected on collected.id = (k.sources ->> 'collected')::bigint
                left join report placer on placer.id = (k.sources ->> 'placer-number')::bigint
                left join report orderer on orderer.id = (k.sources ->> 'orderer')::bigint
                left join report interpreter on interpreter.id = (k.sources ->> 'interpreter')::bigint
                left join report parent on parent.id = (k.sources ->> 'parent')::bigint
                left join report action on action.id = (k.sources ->> 'action')::bigint
                where r.id = k.id
                """,
                longs(completions, Facts.Completion::id),
                texts(completions, c -> Json.sources(c.words())),
                texts(completions, c -> Json.inherited(c.words())));
    }

    /** The time of collection of values that say none is that of their report. */
    private static void time(Script script, List<Facts> facts) {
        var reports = new LinkedHashSet<Long>();
        for (var one : facts) reports.addAll(one.timed);
        if (reports.isEmpty()) return;
        script.run(
                """
                update observation o
                set observed_at = r.collected_at, observed_as_sent = r.collected_as_sent,
                    observed_inherited = r.collected_as_sent <> ''
                from report r
                where r.id = any(?)
                  and r.standing = 'current'
                  and o.report_series = r.series
                  and (o.observed_inherited or o.observed_as_sent = '')
                """,
                (Object) reports.stream().mapToLong(Long::longValue).toArray());
    }

    private @Nullable Long id(@Nullable ProviderName name) {
        return name == null ? null : providers.idOf(name);
    }
}
