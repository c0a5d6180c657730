package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownReportVersion;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.chartbridge.chart.Timeline.Place;
import org.chartbridge.database.BlockIds;
import org.chartbridge.database.Columns;
import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The chart in PostgreSQL, a group at a time: lock, read what is known, fold (in {@link
 * ChartGroup}), write set-based (in {@link FactRows}).
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
    private final FactRows rows;

    public ChartStore(JdbcClient jdbc) {
        this.ids = new BlockIds(jdbc, "fact_id", FACT_ID_BLOCK);
        this.providers = new Providers(jdbc, ids);
        this.rows = new FactRows(providers);
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
        for (var update : parts(updates)) {
            switch (update) {
                case Registration _ -> {}
                case Several _ -> {}
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

    /** What the updates say, patient by patient. */
    private static Collection<? extends ChartUpdate> parts(
            Collection<? extends ChartUpdate> updates) {
        for (var update : updates) {
            if (update instanceof Several)
                return updates.stream().flatMap(one -> one.parts().stream()).toList();
        }
        return updates;
    }

    /** Locks what the updates may touch, then reads it into the group. */
    public void read(Script script, ChartGroup group, Collection<? extends ChartUpdate> all) {
        var updates = parts(all);
        var locks = new TreeSet<Long>();
        var records = new LinkedHashSet<RecordKey>();
        var numbers = new LinkedHashSet<ChartGroup.ReportNumber>();
        for (var update : updates) {
            var key = update.patient().key();
            records.add(key);
            locks.add(lock("record", key.authority(), key.type(), key.value()));
            switch (update) {
                case Several _ -> {}
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
                Columns.texts(records, RecordKey::authority),
                Columns.texts(records, RecordKey::type),
                Columns.texts(records, RecordKey::value));
        RegistrationReading.read(script, group.registrations(), updates);

        var partners = Columns.texts(numbers, ChartGroup.ReportNumber::partner);
        var values = Columns.texts(numbers, ChartGroup.ReportNumber::number);
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

    /** Writes what the group's updates added and moved; call once, after the last update. */
    public void write(Script script, ChartGroup group) {
        rows.write(script, group);
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
}
