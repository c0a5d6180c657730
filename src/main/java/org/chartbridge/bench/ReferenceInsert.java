package org.chartbridge.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.chartbridge.bench.BenchMessages.BenchMessage;
import org.chartbridge.database.Script;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the same database takes without an engine; long because of its statements. The same bytes
 * inserted set-based in groups, one commit a group, into tables with the same columns and indexes
 * in a schema of their own. Nothing is received, read, locked, looked up or versioned.
 */
final class ReferenceInsert {
    static final String SCHEMA = "chartbridge_bench";

    private static final List<String> TABLES =
            List.of(
                    "journal",
                    "raw_message",
                    "patient_record",
                    "clinical_order",
                    "report",
                    "observation");

    /** Keeps records of patients apart from order and fact ids. */
    private static final long FIRST_FACT = 1_000_000;

    /** What is inserted. */
    enum Kind {
        /** Raw message and journal row. */
        STORED,
        /** These, and patient (upsert), order, report and ten observations. */
        CHARTED
    }

    /**
     * What came of it.
     *
     * @param group messages in one commit
     */
    record Inserted(Kind kind, int group, int writers, double seconds, long messages) {
        @JsonProperty
        double perSecond() {
            return messages / seconds;
        }
    }

    private final DatabaseAccess database;
    private final BenchMessages messages;
    private final Kind kind;
    private final int group;
    private final AtomicLong entryIds = new AtomicLong(1);
    private final AtomicLong factIds = new AtomicLong(FIRST_FACT);
    private final LongAdder committed = new LongAdder();
    private final AtomicBoolean stopping = new AtomicBoolean();

    private ReferenceInsert(DatabaseAccess database, BenchMessages messages, Kind kind, int group) {
        this.database = database;
        this.messages = messages;
        this.kind = kind;
        this.group = group;
    }

    /** Makes the schema, measures, drops the schema. */
    static Inserted measure(
            DatabaseAccess database,
            BenchMessages messages,
            Kind kind,
            int group,
            int writers,
            Duration warmUp,
            Duration time,
            Progress progress)
            throws SQLException, InterruptedException {
        makeSchema(database);
        try {
            return new ReferenceInsert(database, messages, kind, group)
                    .run(writers, warmUp, time, progress);
        } finally {
            dropSchema(database);
        }
    }

    private Inserted run(int writers, Duration warmUp, Duration time, Progress progress)
            throws SQLException, InterruptedException {
        try (var threads = Executors.newFixedThreadPool(writers)) {
            var work = new ArrayList<Future<?>>();
            for (var i = 0; i < writers; i++) {
                work.add(
                        threads.submit(
                                () -> {
                                    write();
                                    return null;
                                }));
            }
            try {
                watch("warm-up", warmUp, progress, work);
                var before = committed.sum();
                var start = System.nanoTime();
                watch("measuring", time, progress, work);
                var seconds = (System.nanoTime() - start) / 1e9;
                return new Inserted(kind, group, writers, seconds, committed.sum() - before);
            } finally {
                stopping.set(true);
            }
        }
    }

    private void watch(String what, Duration time, Progress progress, List<Future<?>> work)
            throws SQLException, InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        for (var left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            Thread.sleep(Duration.ofNanos(Math.min(left, 1_000_000_000L)));
            progress.now("reference, " + what + ": " + committed.sum() + " messages");
            for (var one : work) if (one.isDone()) throw failure(one);
        }
    }

    private static SQLException failure(Future<?> writer) throws InterruptedException {
        try {
            writer.get();
            return new SQLException("a writer of the reference ended");
        } catch (ExecutionException e) {
            return new SQLException("the reference can't write: " + e.getCause(), e);
        }
    }

    private void write() throws SQLException {
        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            connection.setSchema(SCHEMA);
            while (!stopping.get()) {
                writeGroup(connection);
                connection.commit();
                committed.add(group);
            }
        }
    }

    private void writeGroup(Connection connection) throws SQLException {
        var batch = new ArrayList<BenchMessage>(group);
        for (var i = 0; i < group; i++) batch.add(messages.next());
        var entry = entryIds.getAndAdd(group);
        var script = new Script();
        journal(script, batch, entry);
        if (kind == Kind.CHARTED) {
            patients(script, batch, entry);
            reports(script, batch, entry);
            observations(script, batch, entry);
        }
        script.send(connection);
    }

    private void journal(Script script, List<BenchMessage> batch, long entry) {
        var size = batch.size();
        var ids = new long[size];
        var controlIds = new String[size];
        var sizes = new int[size];
        var answers = new byte[size][];
        var contents = new byte[size][];
        for (var i = 0; i < size; i++) {
            ids[i] = entry + i;
            controlIds[i] = messages.controlId(batch.get(i).number());
            contents[i] = batch.get(i).content();
            sizes[i] = contents[i].length;
            answers[i] = answer(controlIds[i]);
        }
        script.run(
                """
                insert into journal (id, received_at, partner, route, folder_version, state, peer, sender,
                    control_id, message_type, version, processing_id, size_bytes, answer_code, answer,
                    settled_at)
                select id, now(), 'bench', 'bench-results', '0123456789abcdef', 'charted',
                       '127.0.0.1:40000', 'BENCH|CHARTED', control, 'ORU^R01', '2.5.1', 'P', size, 'AA',
                       answer, now()
                from unnest(?, ?, ?, ?) k(id, control, size, answer)
                """,
                ids,
                controlIds,
                sizes,
                answers);
        script.run(
                "insert into raw_message (entry_id, content) select id, content from unnest(?, ?)"
                        + " k(id, content)",
                ids,
                contents);
    }

    /** Sorted, so that two writers lock the same rows in the same order. */
    private void patients(Script script, List<BenchMessage> batch, long entry) {
        var patients = new TreeSet<Integer>();
        for (var message : batch) patients.add(BenchMessages.patient(message.number()));
        script.run(
                """
                insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type,
                    id_value, family_name, given_name, middle_name, name_suffix, birth_date, sex, address,
                    phone, identifiers)
                select id, gen_random_uuid(), ?, now(), 'PID-3[1]', 'BENCHLAB', 'MR', value, family,
                       'Bench', '', '', '1970-01-01', 'F', '1 Invented Way, Nowhere', '555-0100',
                       jsonb_build_array(jsonb_build_object('value', value, 'authority', 'BENCHLAB',
                           'type', 'MR'))
                from unnest(?, ?, ?) k(id, value, family)
                on conflict (authority, id_type, id_value, edition) do update set phone = excluded.phone
                """,
                entry,
                patients.stream().mapToLong(Integer::longValue).toArray(),
                patients.stream().map(BenchMessages::patientNumber).toArray(String[]::new),
                patients.stream()
                        .map(p -> "INVENTED" + BenchMessages.name(p))
                        .toArray(String[]::new));
    }

    private void reports(Script script, List<BenchMessage> batch, long entry) {
        var size = batch.size();
        var ids = new long[size];
        var entries = new long[size];
        var records = new long[size];
        var numbers = new String[size];
        var controlIds = new String[size];
        for (var i = 0; i < size; i++) {
            var number = batch.get(i).number();
            ids[i] = reportId(entry + i);
            entries[i] = entry + i;
            records[i] = BenchMessages.patient(number);
            numbers[i] = messages.orderNumber(number);
            controlIds[i] = messages.controlId(number);
        }
        script.run(
                """
                insert into clinical_order (id, entry_id, recorded_at, path, record_id, partner,
                    placer_number, filler_number, code, code_text, code_system)
                select id, entry, now(), 'OBR[1]', record, 'bench', '', number, '24323-8',
                       'Metabolic panel', 'LN'
                from unnest(?, ?, ?, ?) k(id, entry, record, number)
                """,
                ids,
                entries,
                records,
                numbers);
        script.run(
                """
                insert into report (id, series, version, standing, entry_id, recorded_at, path, record_id,
                    order_id, partner, number, placer_number, code, code_text, code_system, status,
                    collected_at, collected_as_sent, issued_at, message_at, control_id, content_hash)
                select id, id, 1, 'current', entry, now(), 'OBR[1]', record, id, 'bench', number, '',
                       '24323-8', 'Metabolic panel', 'LN', 'F', now(), '20261122080000', now(), now(),
                       control, id * 7919
                from unnest(?, ?, ?, ?, ?) k(id, entry, record, number, control)
                on conflict do nothing
                """,
                ids,
                entries,
                records,
                numbers,
                controlIds);
    }

    private void observations(Script script, List<BenchMessage> batch, long entry) {
        var size = batch.size() * BenchMessages.OBSERVATIONS;
        var ids = new long[size];
        var entries = new long[size];
        var records = new long[size];
        var reports = new long[size];
        var controlIds = new String[size];
        var paths = new String[size];
        var codes = new String[size];
        var texts = new String[size];
        var units = new String[size];
        var ranges = new String[size];
        var values = new String[size];
        var first = factIds.getAndAdd(size);
        for (var i = 0; i < size; i++) {
            var message = i / BenchMessages.OBSERVATIONS;
            var n = i % BenchMessages.OBSERVATIONS;
            var number = batch.get(message).number();
            var test = BenchMessages.TESTS.get(n);
            ids[i] = first + i;
            entries[i] = entry + message;
            records[i] = BenchMessages.patient(number);
            reports[i] = reportId(entry + message);
            controlIds[i] = messages.controlId(number);
            paths[i] = "OBX[" + (n + 1) + "]";
            codes[i] = test.code();
            texts[i] = test.text();
            units[i] = test.unit();
            ranges[i] = test.range();
            values[i] = BenchMessages.value(number, n);
        }
        script.run(
                """
                insert into observation (id, series, version, standing, corrected, entry_id, recorded_at,
                    path, record_id, report_series, code, code_text, code_system, sub_id, status,
                    value_type, value_text, value_number, comparator, unit, unit_system, reference_range,
                    flags, method, performer, observed_at, observed_as_sent, issued_at, message_at,
                    control_id, content_hash)
                select id, id, 1, 'current', false, entry, now(), path, record, report, code, text, 'LN',
                       '', 'F', 'NM', value, value::numeric, '', unit, 'UCUM', range, 'N', '',
                       'BENCH ANALYZER', now(), '20261122080000', now(), now(), control, id * 7919
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, entry, path, record, report, code, text, unit, range, value, control)
                """,
                ids,
                entries,
                paths,
                records,
                reports,
                codes,
                texts,
                units,
                ranges,
                values,
                controlIds);
    }

    /** One for each entry, below all ids of observations of a run of any length. */
    private static long reportId(long entry) {
        return -entry;
    }

    private static byte[] answer(String controlId) {
        var text =
                "MSH|^~\\&|CHARTBRIDGE|CLINIC|BENCH|CHARTED|20261122080000+0000||ACK^R01^ACK|CB1|P"
                        + "|2.5.1\rMSA|AA|"
                        + controlId
                        + "\r";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void makeSchema(DatabaseAccess database) throws SQLException {
        var script = new Script();
        script.run("drop schema if exists " + SCHEMA + " cascade");
        script.run("create schema " + SCHEMA);
        for (var table : TABLES) {
            script.run(
                    "create table %s.%s (like public.%s including all)"
                            .formatted(SCHEMA, table, table));
        }
        try (var connection = database.connect()) {
            script.send(connection);
        }
    }

    private static void dropSchema(DatabaseAccess database) throws SQLException {
        try (var connection = database.connect()) {
            new Script().run("drop schema if exists " + SCHEMA + " cascade").send(connection);
        }
    }
}
