package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.PatientState.KnownReport;
import org.chartbridge.chart.PatientState.KnownReportVersion;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.chartbridge.chart.RegistrationState.DocumentNumber;
import org.chartbridge.chart.Timeline.Place;
import org.chartbridge.database.BlockIds;
import org.chartbridge.database.Columns;
import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

import java.sql.Connection;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The chart in PostgreSQL, a group at a time; long because of its statements. Lock, read what is
 * known, fold (in {@link ChartGroup}), write set-based (in {@link FactRows}).
 *
 * <p>Locks are advisory transaction locks on the record and on each report number, taken in sorted
 * order before anything is read. They work for rows that don't exist yet, so two first messages of
 * one patient exclude each other too, on any node.
 */
@Component
public class ChartStore {

    /** Fact ids drawn at once; the increment of sequence {@code fact_id}. */
    private static final int FACT_ID_BLOCK = 10_000;

    /** Numbers that are looked for behind those of a group, at most; then the rest stands apart. */
    private static final int MAX_OTHER_NUMBERS = 5_000;

    private final BlockIds ids;
    private final Providers providers;
    private final FactRows rows;
    private final OrdersByNumber orders;
    private final IdentityStore identity = new IdentityStore();

    /** The next id of a fact. */
    public long nextId() {
        return ids.getAsLong();
    }

    public ChartStore(JdbcClient jdbc) {
        this.ids = new BlockIds(jdbc, "fact_id", FACT_ID_BLOCK);
        this.providers = new Providers(jdbc, ids);
        this.rows = new FactRows(providers);
        this.orders = new OrdersByNumber(jdbc);
    }

    /** Begins a group. */
    public ChartGroup group(Instant recordedAt) {
        return group(recordedAt, Map.of());
    }

    /**
     * Begins a group of messages that are charted anew.
     *
     * @param former records that keep the ids they had
     */
    public ChartGroup group(Instant recordedAt, Map<RecordKey, Recording.Former> former) {
        return new ChartGroup(recordedAt, ids, former);
    }

    /**
     * Makes sure that every provider named has an id, and finds whose results are that name only an
     * order; in a transaction of its own, before the group's.
     */
    public void prepare(Collection<? extends ChartUpdate> updates) {
        prepare(updates, orders);
    }

    /** The same by the orders as they stand in a transaction that has not ended. */
    public void prepare(Collection<? extends ChartUpdate> updates, Connection connection) {
        prepare(
                updates,
                new OrdersByNumber(
                        JdbcClient.create(new SingleConnectionDataSource(connection, true))));
    }

    private void prepare(Collection<? extends ChartUpdate> updates, OrdersByNumber orders) {
        var names = new LinkedHashSet<ProviderName>();
        for (var update : parts(updates)) {
            switch (update) {
                case Registration _, IdentityChange _ -> {}
                case Several _ -> {}
                case Results results -> {
                    if (results.byOrder() != null) orders.find(results.byOrder());
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
        boolean identities = false;
        var records = new LinkedHashSet<RecordKey>();
        var numbers = new LinkedHashSet<ChartGroup.ReportNumber>();
        var holding = new LinkedHashSet<ChartGroup.ReportNumber>();
        var named = new LinkedHashSet<String>();
        var ordered = new LinkedHashSet<String>();
        var placers = new LinkedHashSet<ChartGroup.ReportNumber>();
        for (var update : updates) {
            for (var key : update.keys()) {
                records.add(key);
                locks.add(key.lock());
                locks.add(key.numberLock());
            }
            for (var key : update.patient().besides()) {
                records.add(key);
                locks.add(key.lock());
                locks.add(key.numberLock());
            }
            for (var key : update.patient().trusted()) {
                if (key.equals(update.patient().key())) continue;
                // It may join two records.
                records.add(key);
                locks.add(key.lock());
                locks.add(key.numberLock());
                locks.add(Locks.IDENTITY);
            }
            switch (update) {
                case Several _ -> {}
                case IdentityChange change -> {
                    locks.add(Locks.IDENTITY);
                    for (var visit : change.visits()) locks.add(lock(visit));
                    identities = true;
                }
                case Registration registration -> {
                    ordered.addAll(NamedOrders.of(registration));
                    var visit = registration.visit();
                    for (var number : DocumentNumber.of(registration).keySet())
                        locks.add(number.lock());
                    if (visit != null) {
                        locks.add(lock(visit.key()));
                        // Where its account goes, it goes.
                        for (var account : visit.accounts()) locks.add(lock(account));
                    }
                }
                case Results results -> {
                    for (var report : results.reports()) {
                        numbers.add(
                                new ChartGroup.ReportNumber(results.partner(), report.number()));
                        if (!report.placerNumber().isEmpty()) {
                            named.add(report.placerNumber());
                            var ofPlacer =
                                    new ChartGroup.ReportNumber(
                                                    results.partner(), report.placerNumber())
                                            .withoutNamespace();
                            if (ReportWords.isByPlacer(report)) group.ofPlacers().add(ofPlacer);
                            else placers.add(ofPlacer);
                        }
                        if (!report.hasOrderNumber()) continue;
                        locks.add(Locks.ofNumber(results.partner(), report.number()));
                        if (results.waitsForCodes())
                            holding.add(
                                    new ChartGroup.ReportNumber(
                                            results.partner(), report.number()));
                    }
                }
            }
        }
        if (records.isEmpty()) return;
        for (var number : named) locks.add(NamedOrders.lock(number));
        for (var number : ordered) locks.add(NamedOrders.lock(number));
        // "offset 0" makes PostgreSQL look up one patient at a time. Without it, a plan made while
        // there were few patients goes on reading all of them, for every group.
        script.run(
                "select pg_advisory_xact_lock(k) from unnest(?) k",
                (Object) locks.stream().mapToLong(Long::longValue).toArray());
        script.read(
                """
                select r.id, r.person_id, r.authority, r.id_type, r.id_value, r.family_name, r.birth_date, r.edition,
                       r.given_name, r.name_suffix, r.claimed, r.claim_hash, r.demographics = '{}',
                       s.family_name, s.given_name, s.name_suffix, s.birth_date
                from unnest(?, ?, ?) k(authority, id_type, id_value)
                cross join lateral (
                    select * from patient_record p
                    where p.id_value = k.id_value and lower(p.authority) = lower(k.authority)
                      and (p.id_type = k.id_type or p.id_type = '' or k.id_type = '')
                      and p.edition = 0
                    offset 0
                ) r
                left join lateral (
                    select l.family_name, l.given_name, l.name_suffix, l.birth_date
                    from patient_record l
                    where r.own_person <> r.person_id and l.person_id = r.person_id
                      and coalesce(l.own_person, l.person_id) = r.person_id
                    limit 1
                ) s on true
                """,
                row -> group.know(joined(row)),
                Columns.texts(records, RecordKey::authority),
                Columns.texts(records, RecordKey::type),
                Columns.texts(records, RecordKey::value));
        readWaiting(script, group, updates);
        if (!holding.isEmpty()) readHeldUp(script, group, holding);
        if (!named.isEmpty()) group.namedOrders().readOrders(script, named);
        if (!ordered.isEmpty()) group.namedOrders().readReported(script, ordered);
        group.ungiven().read(script, updates);
        if (identities) readAssertions(script, group, records);
        RegistrationReading.read(script, group, updates);

        var partners = Columns.texts(numbers, ChartGroup.ReportNumber::partner);
        var values = Columns.texts(numbers, ChartGroup.ReportNumber::number);
        if (!numbers.isEmpty()) readRefiled(script, group, partners, values);
        var entities =
                numbers.stream().map(ChartGroup.ReportNumber::withoutNamespace).distinct().toList();
        readReports(script, group, entities);
        if (!placers.isEmpty()) readByPlacer(script, group, placers);
    }

    private static void readReports(
            Script script, ChartGroup group, Collection<ChartGroup.ReportNumber> entities) {
        var ofEntities = Columns.texts(entities, ChartGroup.ReportNumber::partner);
        var byEntity = Columns.texts(entities, ChartGroup.ReportNumber::number);
        var reports = new LinkedHashMap<Long, KnownReport>();
        script.read(
                """
                select r.id, r.series, r.version, r.standing, r.replaced_by_entry, r.entry_id,
                       p.person_id, r.order_id, r.partner, r.number, r.placer_number, r.code, r.code_text, r.code_system,
                       r.status, r.collected_at, r.issued_at, r.issued_until, r.message_at, r.claimed_at, r.control_id, r.content_hash, r.whole,
                       r.says, r.inherited is not null as completed,
                       r.alternate ->> 'code' as other_code, r.alternate ->> 'system' as other_system
                from unnest(?, ?) k(partner, entity)
                join report r using (partner, entity)
                cross join lateral (select person_id from patient_record where id = r.record_id offset 0) p
                order by r.series, r.version
                """,
                row -> addReport(reports, group, row),
                ofEntities,
                byEntity);
        script.read(
                """
                select o.id, o.series, o.version, o.standing, o.corrected, o.replaced_by_entry, o.entry_id,
                       o.report_series, o.code, o.code_text, o.code_system, o.sub_id, o.instance, o.status,
                       o.value_type, o.value_text, o.value_inherited, o.value_number, o.comparator,
                       o.not_performed, o.unit, o.unit_system, o.flags, o.flags_inherited, o.reference_range,
                       o.range_inherited, o.confirms, o.issued_at, o.issued_until, o.message_at, o.claimed_at, o.control_id,
                       o.content_hash, o.loinc, o.words, o.own_text, o.noted, o.notes_of,
                       o.observed_at, o.observed_as_sent, o.observed_inherited, o.analyzed_at, o.method, o.performer,
                       o.alternate ->> 'code' as other_code, o.alternate ->> 'system' as other_system
                from (select distinct r.series
                      from unnest(?, ?) k(partner, entity)
                      join report r using (partner, entity)) s
                join observation o on o.report_series = s.series
                order by o.series, o.version
                """,
                row -> addValue(reports, row),
                ofEntities,
                byEntity);
    }

    /** What can only be asked for when the rest was read, which is rare. */
    public void readMore(Connection connection, ChartGroup group) throws SQLException {
        RegistrationReading.readElsewhere(connection, group.registrations());
        readOfOtherNumbers(connection, group);
    }

    /** Which of the placers' numbers reports are known by, because their filler named none. */
    private static void readByPlacer(
            Script script, ChartGroup group, Collection<ChartGroup.ReportNumber> placers) {
        script.read(
                """
                select r.partner, r.entity
                from unnest(?, ?) k(partner, entity)
                join report r using (partner, entity)
                where (r.says & %d) <> 0
                """
                        .formatted(ReportWords.BY_PLACER),
                row ->
                        group.further()
                                .add(
                                        new ChartGroup.ReportNumber(
                                                row.getString(1), row.getString(2))),
                Columns.texts(placers, ChartGroup.ReportNumber::partner),
                Columns.texts(placers, ChartGroup.ReportNumber::number));
    }

    /**
     * Reports whose versions have the placer's number only, and those that have the filler's number
     * beside it (decision 0068): few messages have any. Locked by all of their numbers before they
     * are read anew.
     */
    private static void readOfOtherNumbers(Connection connection, ChartGroup group)
            throws SQLException {
        if (group.further().isEmpty()
                && group.ofPlacers().isEmpty()
                && group.ofTwoNumbers().isEmpty()) return;
        var found = new LinkedHashSet<>(group.further());
        found.addAll(group.ofPlacers());
        int before = -1;
        while (before != found.size() && found.size() <= MAX_OTHER_NUMBERS) {
            before = found.size();
            new Script()
                    .read(
                            """
                            select t.partner, t.entity
                            from unnest(?) s(series)
                            join report t on t.series = s.series and (t.says & %1$d) <> 0
                            union
                            select t.partner, t.entity
                            from unnest(?, ?) k(partner, entity)
                            join report r using (partner, entity)
                            join report t on t.series = r.series and (t.says & %1$d) <> 0
                            where (r.says & %1$d) <> 0
                            union
                            select r.partner, r.entity
                            from unnest(?, ?) k(partner, entity)
                            join clinical_order o
                              on split_part(o.placer_number, '^', 1) = k.entity and o.placer_number <> ''
                             and o.partner = k.partner
                            join report r on r.record_id = o.record_id and r.order_id = o.id
                            """
                                    .formatted(ReportWords.TWO_NUMBERS),
                            row ->
                                    found.add(
                                            new ChartGroup.ReportNumber(
                                                    row.getString(1), row.getString(2))),
                            group.ofTwoNumbers().stream().mapToLong(Long::longValue).toArray(),
                            Columns.texts(found, ChartGroup.ReportNumber::partner),
                            Columns.texts(found, ChartGroup.ReportNumber::number),
                            Columns.texts(found, ChartGroup.ReportNumber::partner),
                            Columns.texts(found, ChartGroup.ReportNumber::number))
                    .send(connection);
        }
        var locks = new TreeSet<Long>();
        for (var one : found) locks.add(Locks.ofNumber(one.partner(), one.number()));
        var script = new Script();
        script.run(
                "select pg_advisory_xact_lock(k) from unnest(?) k",
                (Object) locks.stream().mapToLong(Long::longValue).toArray());
        readReports(script, group, found);
        script.send(connection);
    }

    private static long lock(VisitKey visit) {
        return Locks.of("visit", visit.kind().text(), visit.authority(), visit.number());
    }

    /** What is said of the persons whom a message about identity names. */
    private static void readAssertions(
            Script script, ChartGroup group, Collection<RecordKey> records) {
        script.read(
                """
                select distinct a.*
                from unnest(?, ?, ?) k(authority, id_type, id_value)
                join patient_record r
                  on r.id_value = k.id_value and lower(r.authority) = lower(k.authority)
                 and (r.id_type = k.id_type or r.id_type = '' or k.id_type = '')
                join patient_record m on m.person_id = r.person_id
                cross join lateral (
                    select * from assertion where record_id = m.id and withdrawn_by is null
                    union all
                    select * from assertion where other_id = m.id and withdrawn_by is null
                ) a
                where r.edition = 0
                """,
                row -> group.know(IdentityStore.assertion(row)),
                Columns.texts(records, RecordKey::authority),
                Columns.texts(records, RecordKey::type),
                Columns.texts(records, RecordKey::value));
    }

    /** Who waits for a person, and whom people have said that claims mean; usually nobody. */
    private static void readWaiting(
            Script script, ChartGroup group, Collection<? extends ChartUpdate> updates) {
        var claims = Columns.texts(updates, update -> group.claim(update).toString());
        script.read(
                """
                select h.claim, h.entry_id, h.about_patient
                from unnest(?) c(claim)
                join held_claim h on h.claim = c.claim::uuid and h.waits
                where h.about_patient or h.for_value
                """,
                row -> {
                    var claim = row.getObject(1, UUID.class);
                    if (row.getBoolean(3)) group.waits(claim, row.getLong(2));
                    else group.waitsForValue(claim);
                },
                (Object) claims);
        // The lock of the chosen record; the claim's own was taken above.
        script.read(
                """
                select r.id, r.person_id, r.authority, r.id_type, r.id_value, r.family_name, r.birth_date,
                       r.edition, r.given_name, r.name_suffix, r.claimed, r.claim_hash, r.demographics = '{}', d.claim, d.entry_id, pg_advisory_xact_lock(d.record_lock)
                from unnest(?) c(claim)
                join decision d on d.claim = c.claim::uuid and d.withdrawn_by is null
                cross join lateral (select * from patient_record p where p.id = d.record_id offset 0) r
                """,
                row ->
                        group.decided(
                                row.getObject(14, UUID.class), row.getLong(15), record(row, null)),
                (Object) claims);
    }

    /**
     * Numbers that a person filed with another patient. Most clinics have none, and then nothing is
     * looked for.
     */
    private static void readRefiled(
            Script script,
            ChartGroup group,
            @Nullable String[] partners,
            @Nullable String[] numbers) {
        script.read(
                """
                select r.id, r.person_id, r.authority, r.id_type, r.id_value, r.family_name, r.birth_date,
                       r.edition, r.given_name, r.name_suffix, r.claimed, r.claim_hash, r.demographics = '{}',
                       k.partner, k.number, a.entry_id, f.person_id, pg_advisory_xact_lock(d.record_lock)
                from unnest(?, ?) k(partner, number)
                join assertion a
                  on a.kind = 'filed' and a.authority = k.partner and a.withdrawn_by is null
                 and same_number(a.number, k.number)
                join decision d on d.entry_id = a.entry_id
                join patient_record f on f.id = a.record_id
                cross join lateral (select * from patient_record p where p.id = a.other_id offset 0) r
                where exists (select from assertion where kind = 'filed')
                """,
                row ->
                        group.refiled(
                                new ChartGroup.ReportNumber(row.getString(14), row.getString(15)),
                                new Refiled(
                                        row.getLong(16),
                                        row.getObject(17, UUID.class),
                                        record(row, null))),
                partners,
                numbers);
    }

    /** Which messages hold up orders, because they wait for a code. */
    private static void readHeldUp(
            Script script, ChartGroup group, Collection<ChartGroup.ReportNumber> orders) {
        script.read(
                """
                select k.partner, k.number, h.entry_id
                from unnest(?, ?) k(partner, number)
                cross join lateral (
                    select o.entry_id
                    from held_order o
                    join journal j on j.id = o.entry_id and j.state in ('held', 'received')
                    where o.partner = k.partner and o.number = k.number
                    offset 0
                ) h
                """,
                row ->
                        group.holdsUp(
                                new ChartGroup.ReportNumber(row.getString(1), row.getString(2)),
                                row.getLong(3)),
                Columns.texts(orders, ChartGroup.ReportNumber::partner),
                Columns.texts(orders, ChartGroup.ReportNumber::number));
    }

    /** A record with what its person is called, where that is another one. */
    private static KnownRecord joined(ResultSet row) throws SQLException {
        var family = row.getString(14);
        return record(
                row,
                family == null
                        ? null
                        : new PatientState.Survivor(
                                new PersonName(family, row.getString(15), "", row.getString(16)),
                                row.getString(17)));
    }

    private static KnownRecord record(ResultSet row, PatientState.@Nullable Survivor survivor)
            throws SQLException {
        return new KnownRecord(
                row.getLong(1),
                row.getObject(2, UUID.class),
                new RecordKey(row.getString(3), row.getString(4), row.getString(5)),
                new PersonName(row.getString(6), row.getString(9), "", row.getString(10)),
                row.getString(7),
                row.getLong(8),
                survivor,
                new Claimed(row.getLong(11), row.getLong(12), row.getBoolean(13)));
    }

    private static void addReport(Map<Long, KnownReport> reports, ChartGroup group, ResultSet row)
            throws SQLException {
        long series = row.getLong("series");
        int says = row.getInt("says");
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
                                row.getLong("replaced_by_entry")),
                        row.getBoolean("whole"),
                        says,
                        row.getBoolean("completed"),
                        new PatientState.OwnWords(
                                row.getString("number"),
                                ReportWords.say(says, RequestField.PLACER_NUMBER)
                                        ? row.getString("placer_number")
                                        : "",
                                ReportWords.say(says, RequestField.COLLECTED)
                                        ? instant(row, "collected_at")
                                        : null));
        if ((says & ReportWords.TWO_NUMBERS) != 0) group.ofTwoNumbers().add(series);
        var before = reports.get(series);
        var versions = new ArrayList<KnownReportVersion>();
        if (before != null) versions.addAll(before.versions());
        versions.add(version);
        String code = row.getString("code");
        var report =
                new KnownReport(
                        series,
                        row.getObject("person_id", UUID.class),
                        row.getLong("order_id"),
                        row.getString("partner"),
                        KnownReport.numbers(
                                before == null ? Set.of() : before.numbers(),
                                row.getString("number")),
                        code.isEmpty() ? row.getString("code_text") : code,
                        row.getString("code_system"),
                        before == null ? codings(row, code, "") : before.codings(),
                        KnownReport.collected(
                                before == null ? List.of() : before.collected(),
                                instant(row, "collected_at")),
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
        String own = row.getString("own_text");
        var value =
                new KnownValue(
                        row.getLong("series"),
                        row.getInt("version"),
                        new Timeline.Version(
                                row.getLong("id"),
                                row.getLong("entry_id"),
                                status,
                                Fold.valueKey(
                                        own == null ? text : own,
                                        row.getBigDecimal("value_number"),
                                        row.getString("comparator"),
                                        unit),
                                row.getBoolean("value_inherited"),
                                row.getLong("content_hash"),
                                said(row),
                                row.getBoolean("words"),
                                row.getBoolean("noted"),
                                beside(row)),
                        new Place(
                                Standing.of(row.getString("standing")),
                                row.getBoolean("corrected"),
                                row.getLong("replaced_by_entry")),
                        Isolates.names(code, row.getString("code_text"), row.getString("loinc")),
                        new KnownValue.Shown(
                                row.getString("value_type"),
                                text,
                                row.getBigDecimal("value_number"),
                                row.getString("comparator"),
                                row.getBoolean("not_performed"),
                                unit,
                                row.getString("unit_system"),
                                row.getString("flags"),
                                row.getBoolean("flags_inherited"),
                                row.getString("reference_range"),
                                row.getBoolean("range_inherited"),
                                row.getLong("confirms")),
                        codings(row, code, row.getString("loinc")),
                        row.getBoolean("observed_inherited")
                                ? null
                                : KnownValue.taken(
                                        new ClinicalTime(
                                                instant(row, "observed_at"),
                                                row.getString("observed_as_sent"))),
                        row.getLong("notes_of"));
        var key =
                new ValueKey(
                        code.isEmpty() ? row.getString("code_text") : code,
                        row.getString("code_system"),
                        row.getString("sub_id"),
                        row.getString("instance"));
        var versions = new ArrayList<>(report.values().getOrDefault(key, List.of()));
        versions.add(value);
        report.values().put(key, List.copyOf(versions));
    }

    /** What it says itself: a time of the report's is none of its own. */
    private static Timeline.Beside beside(ResultSet row) throws SQLException {
        var observed =
                row.getBoolean("observed_inherited")
                        ? ClinicalTime.NOT_SENT
                        : new ClinicalTime(
                                instant(row, "observed_at"), row.getString("observed_as_sent"));
        var analyzed = new ClinicalTime(instant(row, "analyzed_at"), "");
        return new Timeline.Beside(
                Timeline.Beside.time(observed),
                Timeline.Beside.time(analyzed),
                row.getString("method"),
                row.getString("performer"));
    }

    private static Codings codings(ResultSet row, String code, String loinc) throws SQLException {
        return Codings.of(
                code,
                row.getString("code_text"),
                row.getString("code_system"),
                row.getString("other_code"),
                row.getString("other_system"),
                loinc);
    }

    private static Said said(ResultSet row) throws SQLException {
        return new Said(
                instant(row, "issued_at"),
                instant(row, "issued_until"),
                instant(row, "message_at"),
                instant(row, "claimed_at"),
                row.getString("control_id"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    /** Writes what the group's updates added and moved; call once, after the last update. */
    public void write(Script script, ChartGroup group) {
        rows.write(script, group);
    }

    /**
     * Works out who is one person after what the group said of it; call after its rows are written.
     *
     * @return the numbers of all of these persons; empty when nothing was said
     */
    public Set<RecordKey> arrange(Connection connection, ChartGroup group) throws SQLException {
        if (group.joined().isEmpty()) return Set.of();
        // Held already, but where a number turned out to be another one's in other letters.
        new Script().run("select pg_advisory_xact_lock(?)", Locks.IDENTITY).send(connection);
        return identity.arrange(connection, group.joined());
    }
}
