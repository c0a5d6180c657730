package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownReportVersion;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.chartbridge.chart.Timeline.Place;
import org.chartbridge.database.BlockIds;
import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The chart in PostgreSQL, written a group at a time: lock, read what is known, fold (in {@link
 * ChartGroup}), write set-based. Long because of its statements.
 *
 * <p>Locks are advisory transaction locks on the record and on each report number, taken in sorted
 * order before anything is read. They work for rows that don't exist yet, so two first messages of
 * one patient exclude each other too, on any node.
 */
@Component
public class ChartStore {

    /** Fact ids drawn at once; the increment of sequence {@code fact_id}. */
    private static final int FACT_ID_BLOCK = 10_000;

    private final BlockIds ids;
    private final Providers providers;

    public ChartStore(JdbcClient jdbc) {
        this.ids = new BlockIds(jdbc, "fact_id", FACT_ID_BLOCK);
        this.providers = new Providers(jdbc, ids);
    }

    /** Begins a group. */
    public ChartGroup group(Instant recordedAt) {
        return new ChartGroup(recordedAt, ids);
    }

    /**
     * Makes sure that every provider named has an id; in a transaction of its own, before the
     * group's.
     */
    public void prepare(Collection<? extends ChartUpdate> updates) {
        var names = new LinkedHashSet<ProviderName>();
        for (var update : updates) {
            switch (update) {
                case Registration _ -> {}
                case Results results -> {
                    for (var report : results.reports()) {
                        if (report.orderingProvider() != null) names.add(report.orderingProvider());
                        if (report.interpreter() != null) names.add(report.interpreter());
                    }
                }
            }
        }
        providers.learn(names);
    }

    /** Locks what the updates may touch, then reads it into the group. */
    public void read(Script script, ChartGroup group, Collection<? extends ChartUpdate> updates) {
        var locks = new TreeSet<Long>();
        var records = new LinkedHashSet<RecordKey>();
        var numbers = new LinkedHashSet<ChartGroup.ReportNumber>();
        for (var update : updates) {
            var key = update.patient().key();
            records.add(key);
            locks.add(lock("record", key.authority(), key.type(), key.value()));
            switch (update) {
                case Registration registration -> {
                    if (registration.visit() != null) {
                        var visit = registration.visit().key();
                        locks.add(
                                lock(
                                        "visit",
                                        visit.kind().text(),
                                        visit.authority(),
                                        visit.number()));
                    }
                }
                case Results results -> {
                    for (var report : results.reports()) {
                        numbers.add(
                                new ChartGroup.ReportNumber(results.partner(), report.number()));
                        if (report.hasOrderNumber())
                            locks.add(lock("number", results.partner(), report.number()));
                    }
                }
            }
        }
        if (records.isEmpty()) return;
        script.run(
                "select pg_advisory_xact_lock(k) from unnest(?) k",
                (Object) locks.stream().mapToLong(Long::longValue).toArray());
        script.read(
                """
                select r.id, r.person_id, r.authority, r.id_type, r.id_value, r.family_name, r.birth_date
                from unnest(?, ?, ?) k(authority, id_type, id_value)
                join patient_record r using (authority, id_type, id_value)
                """,
                row -> group.know(record(row)),
                texts(records, RecordKey::authority),
                texts(records, RecordKey::type),
                texts(records, RecordKey::value));
        RegistrationReading.read(script, group.registrations(), updates);

        var partners = texts(numbers, ChartGroup.ReportNumber::partner);
        var values = texts(numbers, ChartGroup.ReportNumber::number);
        var reports = new LinkedHashMap<Long, KnownReport>();
        script.read(
                """
                select r.id, r.series, r.version, r.standing, r.replaced_by_entry, r.entry_id,
                       r.record_id, r.order_id, r.partner, r.number, r.code, r.code_text, r.code_system,
                       r.status, r.collected_at, r.issued_at, r.message_at, r.control_id, r.content_hash
                from unnest(?, ?) k(partner, number)
                join report r using (partner, number)
                order by r.series, r.version
                """,
                row -> addReport(reports, group, row),
                partners,
                values);
        script.read(
                """
                select o.id, o.series, o.version, o.standing, o.corrected, o.replaced_by_entry, o.entry_id,
                       o.report_series, o.code, o.code_text, o.code_system, o.sub_id, o.status,
                       o.value_type, o.value_text, o.value_inherited, o.value_number, o.comparator,
                       o.unit, o.unit_system, o.issued_at, o.message_at, o.control_id, o.content_hash
                from (select distinct r.series
                      from unnest(?, ?) k(partner, number)
                      join report r using (partner, number)) s
                join observation o on o.report_series = s.series
                order by o.series, o.version
                """,
                row -> addValue(reports, row),
                partners,
                values);
    }

    private static KnownRecord record(ResultSet row) throws SQLException {
        return new KnownRecord(
                row.getLong(1),
                row.getObject(2, UUID.class),
                new RecordKey(row.getString(3), row.getString(4), row.getString(5)),
                row.getString(6),
                row.getString(7));
    }

    private static void addReport(Map<Long, KnownReport> reports, ChartGroup group, ResultSet row)
            throws SQLException {
        long series = row.getLong("series");
        var version =
                new KnownReportVersion(
                        row.getInt("version"),
                        new ReportTimeline.Version(
                                row.getLong("id"),
                                row.getLong("entry_id"),
                                row.getString("status"),
                                row.getLong("content_hash"),
                                said(row)),
                        new Place(
                                Standing.of(row.getString("standing")),
                                ReportTimeline.isCorrection(row.getString("status")),
                                row.getLong("replaced_by_entry")));
        var before = reports.get(series);
        var versions = new ArrayList<KnownReportVersion>();
        if (before != null) versions.addAll(before.versions());
        versions.add(version);
        String code = row.getString("code");
        var report =
                new KnownReport(
                        series,
                        row.getLong("record_id"),
                        row.getLong("order_id"),
                        row.getString("partner"),
                        row.getString("number"),
                        code.isEmpty() ? row.getString("code_text") : code,
                        row.getString("code_system"),
                        before != null && before.collected() != null
                                ? before.collected()
                                : instant(row, "collected_at"),
                        List.copyOf(versions),
                        before == null ? new LinkedHashMap<>() : before.values());
        reports.put(series, report);
        group.know(report);
    }

    private static void addValue(Map<Long, KnownReport> reports, ResultSet row)
            throws SQLException {
        var report = reports.get(row.getLong("report_series"));
        if (report == null) throw new IllegalStateException("a value without its report");
        var status =
                ObservationStatus.of(row.getString("status"))
                        .orElseThrow(() -> new IllegalStateException("a status out of table 0085"));
        String code = row.getString("code");
        String text = row.getString("value_text");
        String unit = row.getString("unit");
        var value =
                new KnownValue(
                        row.getLong("series"),
                        row.getInt("version"),
                        new Timeline.Version(
                                row.getLong("id"),
                                row.getLong("entry_id"),
                                status,
                                Fold.valueKey(text, unit),
                                row.getBoolean("value_inherited"),
                                row.getLong("content_hash"),
                                said(row)),
                        new Place(
                                Standing.of(row.getString("standing")),
                                row.getBoolean("corrected"),
                                row.getLong("replaced_by_entry")),
                        row.getString("value_type"),
                        text,
                        row.getBigDecimal("value_number"),
                        row.getString("comparator"),
                        unit,
                        row.getString("unit_system"));
        var key =
                new ValueKey(
                        code.isEmpty() ? row.getString("code_text") : code,
                        row.getString("code_system"),
                        row.getString("sub_id"));
        var versions = new ArrayList<>(report.values().getOrDefault(key, List.of()));
        versions.add(value);
        report.values().put(key, List.copyOf(versions));
    }

    private static Said said(ResultSet row) throws SQLException {
        return new Said(
                instant(row, "issued_at"), instant(row, "message_at"), row.getString("control_id"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    // ------------------------------------------------------------ writing

    /** Writes what the group's updates added and moved; call once, after the last update. */
    public void write(Script script, ChartGroup group) {
        var facts = group.facts();
        writeRecords(script, rows(facts, f -> f.records));
        RegistrationStore.write(script, facts);
        writeOrders(script, rows(facts, f -> f.orders));
        writeReports(script, rows(facts, f -> f.reports));
        writeObservations(script, rows(facts, f -> f.observations));
        writeNotes(script, rows(facts, f -> f.notes));
        writeDocuments(script, rows(facts, f -> f.documents));
        move(script, "report", rows(facts, f -> f.reportMoves));
        move(script, "observation", rows(facts, f -> f.observationMoves));
    }

    /** A row and the facts it belongs to, which know the entry and the time. */
    private record Row<T>(Facts facts, T row) {
        long entryId() {
            return facts.entryId;
        }

        String recordedAt() {
            return facts.recordedAt.toString();
        }
    }

    private static <T> List<Row<T>> rows(List<Facts> facts, Function<Facts, List<T>> rows) {
        var all = new ArrayList<Row<T>>();
        for (var one : facts) for (var row : rows.apply(one)) all.add(new Row<>(one, row));
        return all;
    }

    private void writeRecords(Script script, List<Row<Facts.RecordRow>> rows) {
        if (rows.isEmpty()) return;
        var persons = texts(rows, r -> r.row().personId().toString());
        var entries = longs(rows, Row::entryId);
        var times = texts(rows, Row::recordedAt);
        script.run(
                """
                insert into person (id, entry_id, recorded_at)
                select p::uuid, e, t::timestamptz from unnest(?, ?, ?) k(p, e, t)
                """,
                persons,
                entries,
                times);
        script.run(
                """
                insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type,
                    id_value, family_name, given_name, middle_name, name_suffix, birth_date, sex, address,
                    phone, identifiers)
                select id, p::uuid, e, t::timestamptz, path, authority, id_type, id_value, family, given,
                       middle, suffix, birth, sex, address, phone, identifiers::jsonb
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, p, e, t, path, authority, id_type, id_value, family, given, middle, suffix,
                       birth, sex, address, phone, identifiers)
                """,
                longs(rows, r -> r.row().id()),
                persons,
                entries,
                times,
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
                texts(rows, r -> Json.identifiers(r.row().claim().identifiers())));
    }

    private void writeOrders(Script script, List<Row<Facts.OrderRow>> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into clinical_order (id, entry_id, recorded_at, path, record_id, partner,
                    placer_number, filler_number, code, code_text, code_system, ordering_provider)
                select id, e, t::timestamptz, path, r, partner, placer, filler, code, text, system, provider
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, e, t, path, r, partner, placer, filler, code, text, system, provider)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, Row::entryId),
                texts(rows, Row::recordedAt),
                texts(rows, r -> r.row().statement().path()),
                longs(rows, r -> r.row().recordId()),
                texts(rows, r -> r.row().partner()),
                texts(rows, r -> r.row().statement().placerNumber()),
                texts(rows, r -> r.row().statement().fillerNumber()),
                texts(rows, r -> r.row().statement().service().code()),
                texts(rows, r -> r.row().statement().service().text()),
                texts(rows, r -> r.row().statement().service().system()),
                providerIds(rows, r -> r.row().statement().orderingProvider()));
    }

    private void writeReports(Script script, List<Row<Facts.ReportRow>> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into report (id, series, version, standing, replaced_by_entry, replaced_at, entry_id,
                    recorded_at, path, record_id, order_id, partner, number, placer_number, code, code_text,
                    code_system, alternate, status, collected_at, collected_as_sent, issued_at, message_at,
                    control_id, content_hash, ordering_provider, interpreter)
                select id, series, version, standing, nullif(by, 0),
                       case when by = 0 then null else t::timestamptz end, e, t::timestamptz, path, r, o,
                       partner, number, placer, code, text, system, alternate::jsonb, status,
                       collected::timestamptz, collected_as_sent, issued::timestamptz, message::timestamptz,
                       control, hash, provider, interpreter
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, series, version, standing, by, e, t, path, r, o, partner, number, placer, code,
                       text, system, alternate, status, collected, collected_as_sent, issued, message,
                       control, hash, provider, interpreter)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, r -> r.row().series()),
                ints(rows, r -> r.row().version()),
                texts(rows, r -> r.row().place().standing().text()),
                longs(rows, r -> r.row().place().replacedBy()),
                longs(rows, Row::entryId),
                texts(rows, Row::recordedAt),
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
                texts(rows, r -> text(r.row().statement().collected().instant())),
                texts(rows, r -> r.row().statement().collected().asSent()),
                texts(rows, r -> text(r.row().statement().said().issued())),
                texts(rows, r -> text(r.row().statement().said().message())),
                texts(rows, r -> r.row().statement().said().controlId()),
                longs(rows, r -> r.row().contentHash()),
                providerIds(rows, r -> r.row().statement().orderingProvider()),
                providerIds(rows, r -> r.row().statement().interpreter()));
    }

    private void writeObservations(Script script, List<Row<Facts.ObservationRow>> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into observation (id, series, version, standing, corrected, replaced_by_entry,
                    replaced_at, entry_id, recorded_at, path, record_id, report_series, code, code_text,
                    code_system, alternate, sub_id, status, value_type, value_text, value_inherited,
                    value_number, comparator, value_codings, unit, unit_system, reference_range, flags,
                    method, performer, observed_at, observed_as_sent, analyzed_at, issued_at, message_at,
                    control_id, content_hash)
                select id, series, version, standing, corrected, nullif(by, 0),
                       case when by = 0 then null else t::timestamptz end, e, t::timestamptz, path, r, report,
                       code, text, system, alternate::jsonb, sub, status, type, value, inherited, number,
                       comparator, codings::jsonb, unit, unit_system, range, flags, method, performer,
                       observed::timestamptz, observed_as_sent, analyzed::timestamptz, issued::timestamptz,
                       message::timestamptz, control, hash
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                            ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, series, version, standing, corrected, by, e, t, path, r, report, code, text,
                       system, alternate, sub, status, type, value, inherited, number, comparator, codings,
                       unit, unit_system, range, flags, method, performer, observed, observed_as_sent,
                       analyzed, issued, message, control, hash)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, r -> r.row().series()),
                ints(rows, r -> r.row().version()),
                texts(rows, r -> r.row().place().standing().text()),
                flags(rows, r -> r.row().place().corrected()),
                longs(rows, r -> r.row().place().replacedBy()),
                longs(rows, Row::entryId),
                texts(rows, Row::recordedAt),
                texts(rows, r -> r.row().statement().path()),
                longs(rows, r -> r.row().recordId()),
                longs(rows, r -> r.row().reportSeries()),
                texts(rows, r -> r.row().statement().test().code()),
                texts(rows, r -> r.row().statement().test().text()),
                texts(rows, r -> r.row().statement().test().system()),
                texts(rows, r -> Json.concept(r.row().statement().test().alternate())),
                texts(rows, r -> r.row().statement().subId()),
                texts(rows, r -> r.row().statement().status().letter()),
                texts(rows, r -> r.row().value().type()),
                texts(rows, r -> r.row().value().text()),
                flags(rows, r -> r.row().inherited()),
                numbers(rows, r -> r.row().value().number()),
                texts(rows, r -> r.row().value().comparator()),
                texts(rows, r -> Json.concepts(r.row().value().codings())),
                texts(rows, r -> r.row().unit()),
                texts(rows, r -> r.row().unitSystem()),
                texts(rows, r -> r.row().statement().range()),
                texts(rows, r -> r.row().statement().flags()),
                texts(rows, r -> r.row().statement().method()),
                texts(rows, r -> r.row().statement().performer()),
                texts(rows, r -> text(r.row().statement().observed().instant())),
                texts(rows, r -> r.row().statement().observed().asSent()),
                texts(rows, r -> text(r.row().statement().analyzed().instant())),
                texts(rows, r -> text(r.row().statement().said().issued())),
                texts(rows, r -> text(r.row().statement().said().message())),
                texts(rows, r -> r.row().statement().said().controlId()),
                longs(rows, r -> r.row().contentHash()));
    }

    private void writeNotes(Script script, List<Row<Facts.NoteRow>> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                insert into note (id, entry_id, recorded_at, path, report_series, target, source, text)
                select id, e, t::timestamptz, path, report, target, source, text
                from unnest(?, ?, ?, ?, ?, ?, ?, ?) k(id, e, t, path, report, target, source, text)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, Row::entryId),
                texts(rows, Row::recordedAt),
                texts(rows, r -> r.row().statement().path()),
                longs(rows, r -> r.row().reportSeries()),
                longs(rows, r -> r.row().target()),
                texts(rows, r -> r.row().statement().source()),
                texts(rows, r -> r.row().statement().text()));
    }

    private void writeDocuments(Script script, List<Row<Facts.DocumentRow>> rows) {
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
                select id, e, t::timestamptz, path, r, report, observation, title, declared, h
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, e, t, path, r, report, observation, title, declared, h)
                """,
                longs(rows, r -> r.row().id()),
                longs(rows, Row::entryId),
                texts(rows, Row::recordedAt),
                texts(rows, r -> r.row().statement().path()),
                longs(rows, r -> r.row().recordId()),
                longs(rows, r -> r.row().reportSeries()),
                longs(rows, r -> r.row().observationId()),
                texts(rows, r -> r.row().statement().title()),
                texts(rows, r -> r.row().statement().declaredType()),
                hashes);
    }

    /** The last move of a version in the group is the one that counts. */
    private static void move(Script script, String table, List<Row<Facts.Move>> rows) {
        if (rows.isEmpty()) return;
        var last = new LinkedHashMap<Long, Row<Facts.Move>>();
        for (var row : rows) last.put(row.row().id(), row);
        var moves = last.values();
        script.run(
                table.equals("report")
                        ? """
                        update report set standing = k.standing, replaced_by_entry = nullif(k.by, 0),
                            replaced_at = case when k.by = 0 then null else k.t::timestamptz end
                        from unnest(?, ?, ?, ?, ?) k(id, standing, corrected, by, t)
                        where report.id = k.id
                        """
                        : """
                        update observation set standing = k.standing, corrected = k.corrected,
                            replaced_by_entry = nullif(k.by, 0),
                            replaced_at = case when k.by = 0 then null else k.t::timestamptz end
                        from unnest(?, ?, ?, ?, ?) k(id, standing, corrected, by, t)
                        where observation.id = k.id
                        """,
                longs(moves, r -> r.row().id()),
                texts(moves, r -> r.row().place().standing().text()),
                flags(moves, r -> r.row().place().corrected()),
                longs(moves, r -> r.row().place().replacedBy()),
                texts(moves, Row::recordedAt));
    }

    // ------------------------------------------------------------ columns

    private static <T> @Nullable String[] texts(
            Collection<T> rows, Function<? super T, ? extends @Nullable String> column) {
        var all = new @Nullable String[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.apply(row);
        return all;
    }

    private static <T> long[] longs(Collection<T> rows, ToLongFunction<? super T> column) {
        return rows.stream().mapToLong(column).toArray();
    }

    private static <T> int[] ints(Collection<T> rows, java.util.function.ToIntFunction<T> column) {
        return rows.stream().mapToInt(column).toArray();
    }

    private static <T> boolean[] flags(Collection<T> rows, java.util.function.Predicate<T> column) {
        var all = new boolean[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.test(row);
        return all;
    }

    private static <T> @Nullable BigDecimal[] numbers(
            Collection<T> rows, Function<? super T, ? extends @Nullable BigDecimal> column) {
        var all = new @Nullable BigDecimal[rows.size()];
        int i = 0;
        for (var row : rows) all[i++] = column.apply(row);
        return all;
    }

    private static <T> byte[][] contents(Collection<T> rows, Function<? super T, byte[]> column) {
        var all = new byte[rows.size()][];
        int i = 0;
        for (var row : rows) all[i++] = column.apply(row);
        return all;
    }

    private <T> @Nullable Long[] providerIds(
            Collection<T> rows, Function<? super T, ? extends @Nullable ProviderName> column) {
        var all = new @Nullable Long[rows.size()];
        int i = 0;
        for (var row : rows) {
            var name = column.apply(row);
            all[i++] = name == null ? null : providers.idOf(name);
        }
        return all;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /** 64 bits for PostgreSQL's advisory locks; two keys that collide only wait for each other. */
    private static long lock(String... parts) {
        long hash = 1125899906842597L;
        for (String part : parts) {
            for (byte b : part.getBytes(StandardCharsets.UTF_8)) hash = 31 * hash + b;
            hash = 31 * hash + 0x1F;
        }
        return hash;
    }

    /** Providers that were named before, so that most messages need no look-up. */
    private static final class Providers {

        /** Names kept in memory; beyond it they are looked up again. */
        private static final int MAX_REMEMBERED = 20_000;

        private final JdbcClient jdbc;
        private final BlockIds ids;
        private final Map<ProviderName, Long> known =
                java.util.Collections.synchronizedMap(
                        new LinkedHashMap<>(256, 0.75f, true) {
                            @Override
                            protected boolean removeEldestEntry(
                                    Map.Entry<ProviderName, Long> eldest) {
                                return size() > MAX_REMEMBERED;
                            }
                        });

        Providers(JdbcClient jdbc, BlockIds ids) {
            this.jdbc = jdbc;
            this.ids = ids;
        }

        void learn(Collection<ProviderName> names) {
            for (var name : names) if (known.get(name) == null) idOf(name);
        }

        long idOf(ProviderName name) {
            var id = known.get(name);
            if (id == null) {
                id = find(name);
                known.put(name, id);
            }
            return id;
        }

        private long find(ProviderName name) {
            var parameters = new HashMap<String, Object>();
            parameters.put("id", ids.getAsLong());
            parameters.put("authority", name.authority());
            parameters.put("number", name.number());
            parameters.put("family", name.family());
            parameters.put("given", name.given());
            jdbc.sql(
                            """
                            insert into provider (id, authority, number, family_name, given_name)
                            values (:id, :authority, :number, :family, :given)
                            on conflict do nothing
                            """)
                    .params(parameters)
                    .update();
            return jdbc.sql(
                            """
                            select id from provider
                            where authority = :authority and number = :number
                              and family_name = :family and given_name = :given
                            """)
                    .params(parameters)
                    .query(Long.class)
                    .single();
        }
    }
}
