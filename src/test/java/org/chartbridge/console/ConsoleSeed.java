package org.chartbridge.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.chart.PersonName;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.RegistrationSeed;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.journal.RebuildReport;
import org.chartbridge.journal.RebuildReport.Change;
import org.chartbridge.journal.RebuildReport.Difference;
import org.chartbridge.journal.RebuildReport.Example;
import org.chartbridge.journal.Rebuilds;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * An invented clinic's month, written with plain SQL: long names, critical and corrected values, a
 * PDF, held, refused and stray things. For looking at pages and for testing them. Nobody in it
 * exists.
 */
final class ConsoleSeed {
    static final UUID JUERGEN = new UUID(0x1111_0000_4000L, 0x8000_0000_0000_0001L);
    static final UUID LONG_NAME = new UUID(0x2222_0000_4000L, 0x8000_0000_0000_0002L);
    static final UUID ODD = new UUID(0x3333_0000_4000L, 0x8000_0000_0000_0003L);

    /** Markup that a careless page would run. */
    static final String MARKUP = "<img src=x onerror=alert(1)>\"'`<script>alert(2)</script>";

    /** An order that no route of its destination can make. */
    private static final String UNMADE =
            "MSH|^~\\&|EMR|CLINIC|||20261122||ORM^O01|C-6|P|2.5.1\r"
                    + "PID|1||0042^^^CLINIC^MR||DOE^Jane||19710203|F\r"
                    + "ORC|NW|P-42^EMR\rOBR|1|P-42^EMR||K^Potassium^L\r";

    private static final DateTimeFormatter HL7 = DateTimeFormatter.ofPattern("yyyyMMddHHmm");
    private static final String CARDIOLOGY = "st-elisabeth-cardiology-outreach";
    private static final String PID =
            "PID|1||MRN-20-44871^^^CLINIC^MR||Brandt-Ølsen^Jürgen||19580314|M";

    private final TestDatabase database;
    private final JdbcClient jdbc;
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private long nextFact = 100_000;
    private long nextEntry = 1_000;

    /** The message whose patient is not known; a message; the message that corrects it. */
    long held, first, correcting;

    /** An order that nobody answered. */
    long order;

    /** The PDF, and something that only says that it is one. */
    long pdf, disguised;

    ConsoleSeed(TestDatabase database) {
        this.database = database;
        this.jdbc = database.jdbc();
    }

    ConsoleSeed write() {
        var juergen = patient(JUERGEN, "Brandt-Ølsen", "Jürgen", "1958-03-14", "M", "MRN-20-44871");
        var longName =
                patient(
                        LONG_NAME,
                        "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh",
                        "Maximiliana Alexandrina Theodora",
                        "1971-02",
                        "F",
                        "0000-4711-0815-XX");
        var odd = patient(ODD, MARKUP, MARKUP, "2026-08-30", "U", "'\"><b>7");
        for (var i = 0; i < 180; i++)
            entry(
                    now.minus(9, ChronoUnit.DAYS).plusSeconds(i * 3_900L),
                    i % 4 == 0 ? CARDIOLOGY : i % 3 == 0 ? "emr" : "northlab",
                    i % 3 == 0 ? "ADT^A08" : "ORU^R01",
                    i % 31 == 0 ? "ignored" : "charted",
                    i % 2 == 0 ? juergen : longName,
                    "[]",
                    "AA",
                    PID);
        results(juergen);
        texts(longName);
        var panel =
                panel(
                        odd,
                        5,
                        "7\"><i>",
                        "X",
                        MARKUP,
                        "C",
                        new Test("=1+1", MARKUP, MARKUP, MARKUP, MARKUP, "*", "F"));
        note(panel, panel.values().getFirst(), MARKUP);
        note(panel, panel.series(), MARKUP);
        trouble();
        jdbc.sql("update observation set code_row = -1 where code_system <> 'LN'").update();
        deliveries();
        registrations();
        order = openOrders();
        new Rebuilds(jdbc).keep(rebuilt());
        return this;
    }

    /** What the folders of now would change, with markup where a value could have it. */
    private RebuildReport rebuilt() {
        return new RebuildReport(
                now,
                now.plusSeconds(7),
                true,
                12_345,
                Duration.ofSeconds(5),
                67_890,
                "0123456789abcdef0123456789abcdef",
                "fedcba9876543210fedcba9876543210",
                List.of("3 × a message of northlab: its folder is gone"),
                List.of(
                        new Difference(
                                "observation",
                                Change.CHANGED,
                                "loinc",
                                4_711,
                                List.of(
                                        new Example(first, JUERGEN, "OBX[1]", "", "2823-3"),
                                        new Example(first, ODD, "OBX[2]", MARKUP, "718-7"))),
                        new Difference(
                                "entry",
                                Change.CHANGED,
                                "held → charted",
                                2,
                                List.of(new Example(held, null, "", "held", "charted")))));
    }

    /** One destination that is up to date, one where nobody listens, two that wait for a person. */
    private void deliveries() {
        jdbc.sql(
                        """
                        insert into destination (name, state, why, problem, failures, paused_at, tried_at, next_try_at,
                                                 accepted_at) values
                        ('emr/results', 'running', '', 'nothing listens at 127.0.0.1:2577', 7, null, now() - interval '20 s',
                         now() + interval '40 s', now() - interval '2 h'),
                        ('emr/notices', 'running', '', '', 0, null, null, null, now() - interval '3 min'),
                        ('northlab/orders', 'paused', 'answered AE: 101 PID[1]-3 the patient has no number there', '', 0,
                         now() - interval '5 min', now() - interval '5 min', null, now() - interval '1 h')
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into destination (name, problem, failures, tried_at, next_try_at, asks_since) values
                        ('westlab/orders', 'no TLS with west.example:2575: the other side''s certificate has expired (CN=west); '
                         || 'renew it there', 9, now() - interval '20 s', now() + interval '5 s', now() - interval '7 min')
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into delivery (id, entry_id, place, destination, state, control_id, message_type, size_bytes,
                                              body, staged_at, settled_at, replaces) values
                        (70, :first, 70, 'emr/results', 'waiting', 'C-1', 'ORU^R01', 512, null, now() - interval '9 min', null, null),
                        (75, :first, 75, 'westlab/orders', 'waiting', 'C-5', 'ORM^O01', 44, null, now() - interval '8 min', null, null),
                        (71, :first, 71, 'emr/notices', 'accepted', 'C-1', 'ORU^R01', 512, null, now() - interval '4 min',
                         now() - interval '3 min', null),
                        (72, :first, 72, 'northlab/orders', 'waiting', 'C-2', 'ORM^O01', 44, null, now() - interval '6 min', null, null),
                        (73, :first, 73, 'northlab/orders', 'replaced', 'C-3', 'ORM^O01', 44, :odd, now() - interval '6 min',
                         now() - interval '5 min', null),
                        (74, :first, 73, 'northlab/orders', 'waiting', 'C-4', 'ORM^O01', 44, :odd, now() - interval '5 min', null, 73),
                        (76, :first, 76, 'westlab/orders~unmade', 'waiting', 'C-6', 'ORM^O01', 44, :unmade, now() - interval '5 min', null,
                         null)
                        """)
                .param("first", first)
                .param("unmade", UNMADE.getBytes(UTF_8))
                .param("odd", ("MSH|^~\\&|" + MARKUP + "\rPID|1\r").getBytes(UTF_8))
                .update();
        jdbc.sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, content, started_at, ended_at, outcome, answer,
                                             words) values
                        (71, 1, 3, 'mllp:127.0.0.1:2578', null, now() - interval '3 min', now() - interval '179 s', 'accepted',
                         :ack, 'answered AA'),
                        (72, 1, 4, 'mllp:127.0.0.1:2576', null, now() - interval '6 min', now() - interval '330 s', 'unknown', null,
                         'no answer within 30 s'),
                        (72, 2, 4, 'mllp:127.0.0.1:2576', :odd, now() - interval '5 min', now() - interval '299 s', 'refused',
                         :ack, 'answered AE: 101 PID[1]-3 the patient has no number there')
                        """)
                .param(
                        "ack",
                        "MSH|^~\\&|EMR|CLINIC|||20261122||ACK|E1|P|2.5.1\rMSA|AA|C-1\r"
                                .getBytes(UTF_8))
                .param("odd", ("MSH|^~\\&|" + MARKUP + "\rPID|1\r").getBytes(UTF_8))
                .update();
        jdbc.sql(
                        """
                        insert into delivery_decision (at, account, destination, delivery_id, decision, reason) values
                        (now() - interval '5 min', 'admin', 'northlab/orders', null, 'pause', 'the laboratory moves today'),
                        (now() - interval '5 min', 'admin', 'northlab/orders', 73, 'edit', :markup)
                        """)
                .param("markup", MARKUP)
                .update();
    }

    /**
     * Deliveries of the last registration's order and its answer, so that one has every step.
     *
     * @return the id of the order
     */
    private long openOrders() {
        jdbc.sql(
                        """
                        insert into delivery (id, entry_id, place, destination, state, control_id, message_type, size_bytes,
                            staged_at, settled_at)
                        select 7500 + row_number() over (order by entry_id), entry_id, 1, 'northlab/orders', 'accepted',
                               'O', 'OML^O21', 800, listed_message, listed_message + interval '4 min'
                        from placed_order
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, started_at, ended_at, outcome, words)
                        select id, 1, 1, 'mllp:127.0.0.1:1', settled_at, settled_at, 'accepted', 'answered AA'
                        from delivery
                        where id > 7500 and destination = 'northlab/orders'
                        """)
                .update();
        jdbc.sql("insert into turnaround values ('northlab', '2823-3', 31, 3600)").update();
        return jdbc.sql("select min(id) from placed_order").query(Long.class).single();
    }

    private void registrations() {
        var source = database.dataSource();
        var at = now.minus(3, ChronoUnit.DAYS);
        var name = new PersonName("Brandt-Ølsen", "Jürgen", "", "");
        new RegistrationSeed(
                        source,
                        new RecordKey("CLINIC", "MR", "MRN-20-44871"),
                        name,
                        "1958-03-14",
                        first)
                .write("Dr. Ordway", at);
        new RegistrationSeed(
                        source,
                        new RecordKey("CLINIC", "MR", "0000-4711-0815-XX"),
                        new PersonName("", "", "", ""),
                        "1971-02",
                        first)
                .noAllergies(at);
        new RegistrationSeed(
                        source,
                        new RecordKey("CLINIC", "MR", "'\"><b>7"),
                        new PersonName("", "", "", ""),
                        "2026-08-30",
                        first)
                .write(MARKUP, at)
                .noAllergies(at.plusSeconds(20_000));
    }

    private long patient(
            UUID person, String family, String given, String born, String sex, String number) {
        jdbc.sql("insert into person values (?, 1, now())").param(person).update();
        var record = nextFact++;
        jdbc.sql(
                        """
                        insert into patient_record
                        values (?, ?, 1, now(), 'PID-3', 'CLINIC', 'MR', ?, ?, ?, '', '', ?, ?, '', '',
                                jsonb_build_array(jsonb_build_object('value', ?::text, 'authority', 'CLINIC', 'type', 'MR'),
                                                  jsonb_build_object('value', '99-1204', 'authority', 'NORTHLAB', 'type', 'PI')))
                        """)
                .params(record, person, number, family, given, born, sex, number)
                .update();
        return record;
    }

    // ------------------------------------------------------------ messages

    private record Sent(long entry, Instant at, String control) {}

    private Sent entry(
            Instant at,
            String partner,
            String type,
            String state,
            @Nullable Long record,
            String reasons,
            String code,
            String... segments) {
        var id = nextEntry++;
        var control = "C%06d".formatted(id);
        var sender = partner.isEmpty() ? "WESTLAB" : partner.toUpperCase(Locale.ROOT);
        var raw =
                bytes(
                        "MSH|^~\\&|LIS|%s|CHARTBRIDGE|CLINIC|%s||%s|%s|P|2.5.1||||||UNICODE UTF-8\r%s\r"
                                .formatted(
                                        sender,
                                        ts(at),
                                        type,
                                        control,
                                        String.join("\r", segments)));
        var answer =
                bytes(
                        "MSH|^~\\&|CHARTBRIDGE|CLINIC|LIS|%s|%s||ACK^%s^ACK|A%d|P|2.5.1\rMSA|%s|%s\r"
                                .formatted(sender, ts(at), type.substring(4), id, code, control));
        jdbc.sql(
                        """
                        insert into journal
                        values (:id, :at, :partner, :route, '9f3c41d07a55', :state, '127.0.0.1:51884', :sender, :control, :type,
                                '2.5.1', 'P', :size, :code, :answer, :reasons::jsonb, :record, 0, :settled)
                        """)
                .param("id", id)
                .param("at", utc(at))
                .param("partner", partner)
                .param("route", partner.isEmpty() ? "" : partner + "-results")
                .param("state", state)
                .param("sender", "LIS|" + sender)
                .param("control", control)
                .param("type", type)
                .param("size", raw.length)
                .param("code", code)
                .param("answer", answer)
                .param("reasons", reasons)
                .param("record", record, Types.BIGINT)
                .param(
                        "settled",
                        state.equals("received") ? null : utc(at.plusMillis(4 + id % 19)),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        jdbc.sql("insert into raw_message values (?, ?)").params(id, raw).update();
        return new Sent(id, at, control);
    }

    private void trouble() {
        held =
                entry(
                                now.minus(47, ChronoUnit.MINUTES),
                                "northlab",
                                "ORU^R01",
                                "held",
                                null,
                                """
                                [{"location":"PID-3","code":"204","severity":"W","reason":"patient-not-known","text":"The patient is not in the chart and northlab may not add one. Register the patient, or set patients: create in northlab/partner.yaml, then have it sent again."}]\
                                """,
                                "AA",
                                "PID|1||77120^^^NORTHLAB^PI~881^^^CLINIC^MR||Kowalczyk-Þórsdóttir^Agnieszka||19840302|F",
                                "OBR|1||N26-9001|CBC^Blood count^L|||" + ts(now),
                                "OBX|1|NM|718-7^Hemoglobin^LN||12.1|g/dL|12.0-16.0||||F",
                                "OBX|2|TX|C^Comment^L||First line\\.br\\second \\T\\ third||||||F",
                                "ZLX|1|local\u000btext|" + MARKUP)
                        .entry();
        for (var i = 0; i < 3; i++)
            entry(
                    now.minus(30 + i, ChronoUnit.MINUTES),
                    CARDIOLOGY,
                    "ORU^R01",
                    "held",
                    null,
                    """
                    [{"location":"PID-7","code":"204","severity":"W","reason":"known-identifier-other-birth-date","text":"The identifier is known with another birth date. Ask the sender which is right, correct it there, and have it sent again."},
                     {"location":"OBR-3","code":"101","severity":"I","reason":"order-number-missing","text":"The order number is missing: the report is told apart by its collection time."}]\
                    """,
                    "AA",
                    "PID|1||MRN-20-44871^^^CLINIC^MR||Brandt^Jürgen||19610314|M");
        entry(
                now.minus(12, ChronoUnit.MINUTES),
                "",
                "ORU^R01",
                "refused",
                null,
                """
                [{"location":"MSH-3","code":"207","severity":"E","reason":"sender-not-claimed","text":"No partner claims the sender LIS|WESTLAB at 127.0.0.1:2575. Add it to the sender of a partner.yaml."}]\
                """,
                "AR",
                "PID|1||5^^^WESTLAB^PI||" + MARKUP + "^X");
        entry(now.minusSeconds(2), "northlab", "ORU^R01", "received", null, "[]", "CA", PID);
        stray(
                1,
                78,
                "HTTP on an MLLP port",
                "GET / HTTP/1.1\r\nHost: localhost:2575\r\n\r\n\u0000\u0007");
        stray(
                2,
                4112,
                "A frame without an end: the sender closed after 4,112 bytes",
                "MSH|^~\\&|LIS|NORTHLAB|\rPID|1");
    }

    private void stray(long id, long size, String cause, String excerpt) {
        jdbc.sql(
                        "insert into stray_bytes values (?, ?, '127.0.0.1:2575', '127.0.0.1:40022',"
                                + " ?, ?, ?)")
                .params(id, utc(now.minusSeconds(5_000 - id)), cause, size, bytes(excerpt))
                .update();
    }

    // ------------------------------------------------------------ results

    private record Test(
            String code,
            String name,
            String value,
            String unit,
            String range,
            String flags,
            String status) {}

    private record Panel(
            long record, long series, Sent sent, Instant collected, List<Long> values) {}

    private void results(long record) {
        for (var week = 12; week >= 1; week--)
            panel(
                    record,
                    168 * week,
                    "N26-%04d".formatted(1000 + week),
                    "BMP",
                    "Basic metabolic panel",
                    "F",
                    metabolic(
                            "%d".formatted(136 + week % 5), "4.%d".formatted(week % 9), "N", "F"));
        var hemoglobin = new Test("718-7", "Hemoglobin", "19.1", "g/dL", "13.5-17.5", "H", "F");
        var bad =
                panel(
                        record,
                        26,
                        "N26-2201",
                        "CBC",
                        "Complete blood count with differential",
                        "F",
                        hemoglobin,
                        new Test("6690-2", "Leukocytes", "11.8", "10*3/uL", "4.5-11.0", "H", "F"),
                        new Test("777-3", "Platelets", "48", "10*3/uL", "150-400", "LL", "F"),
                        new Test(
                                "770-8",
                                "Neutrophils/100 leukocytes",
                                "78",
                                "%",
                                "40-70",
                                "A",
                                "F"));
        first = bad.sent().entry();
        var again =
                entry(
                        bad.sent().at().plus(5, ChronoUnit.HOURS),
                        "northlab",
                        "ORU^R01",
                        "charted",
                        record,
                        "[]",
                        "AA",
                        PID,
                        "OBR|1||N26-2201|CBC",
                        "OBX|1|NM|718-7^Hemoglobin^LN||9.1|g/dL|13.5-17.5|L|||C");
        correcting = again.entry();
        jdbc.sql(
                        "insert into audit (at, account, action, person_id, address) values (?,"
                                + " 'admin', 'SAW_PATIENT', ?, '')")
                .params(utc(again.at().minus(1, ChronoUnit.HOURS)), JUERGEN)
                .update();
        jdbc.sql(
                        "update observation set standing = 'replaced', replaced_by_entry = ?,"
                                + " replaced_at = ? where id = ?")
                .params(correcting, utc(again.at()), bad.values().getFirst())
                .update();
        value(
                bad,
                again,
                1,
                new Test("718-7", "Hemoglobin", "9.1", "g/dL", "13.5-17.5", "L", "C"),
                bad.values().getFirst());
        var now =
                panel(
                        record,
                        3,
                        "N26-2207",
                        "BMP",
                        "Basic metabolic panel",
                        "A",
                        metabolic("128", "6.8", "HH", "P"));
        note(
                now,
                now.values().get(1),
                "Critical potassium called to ward 4B, read back, 08:41.\nSample not haemolysed.");
        note(now, now.series(), "Fasting state not given.");
    }

    private static Test[] metabolic(String sodium, String potassium, String flag, String status) {
        return new Test[] {
            new Test(
                    "2951-2",
                    "Sodium",
                    sodium,
                    "mmol/L",
                    "135-145",
                    flag.equals("N") ? "N" : "L",
                    "F"),
            new Test("2823-3", "Potassium", potassium, "mmol/L", "3.5-5.1", flag, "F"),
            new Test("2160-0", "Creatinine", "1.04", "mg/dL", "0.74-1.35", "", "F"),
            new Test(
                    "33914-3",
                    "Glomerular filtration rate/1.73 sq M.predicted",
                    ">90",
                    "mL/min/{1.73_m2}",
                    ">60",
                    "",
                    status),
            new Test("2345-7", "Glucose", "QNS", "mg/dL", "70-99", "", "X")
        };
    }

    private void texts(long record) {
        var culture =
                panel(
                        record,
                        48,
                        "MIC-77-3",
                        "URC",
                        "Urine culture",
                        "P",
                        new Test(
                                "630-4",
                                "Bacteria identified",
                                "Escherichia coli, more than 100,000 colony forming units per mL\n"
                                    + "Mixed growth of two further organisms, probably"
                                    + " contamination\n"
                                    + "Please repeat with a midstream sample if symptoms persist",
                                "",
                                "",
                                "A",
                                "P"),
                        new Test("18906-8", "Ciprofloxacin", "Resistant", "", "", "R", "P"),
                        new Test("18928-2", "Gentamicin", "Susceptible", "", "", "S", "P"));
        note(
                culture,
                culture.values().getFirst(),
                "Preliminary: further susceptibilities to follow.");
        var path =
                panel(
                        record,
                        20,
                        "PATH-26-0031",
                        "60567-5",
                        "Comprehensive pathology report",
                        "F",
                        new Test(
                                "22637-3",
                                "Final diagnosis",
                                "Colon, polypectomy: tubular adenoma, completely excised.",
                                "",
                                "",
                                "",
                                "F"));
        pdf = document(path, "Pathology report 31/26", pdf(), "application/pdf");
        disguised =
                document(
                        path,
                        "Appendix",
                        bytes("<script>alert(3)</script>"),
                        "application/octet-stream");
    }

    private Panel panel(
            long record,
            int hoursAgo,
            String number,
            String code,
            String name,
            String status,
            Test... tests) {
        var collected = now.minus(hoursAgo, ChronoUnit.HOURS);
        var segments =
                new ArrayList<String>(
                        List.of(
                                PID,
                                "OBR|1||%s|%s^%s^L|||%s"
                                        .formatted(number, code, escaped(name), ts(collected))));
        for (var t : tests)
            segments.add(
                    "OBX|%d|ST|%s^%s^LN||%s|%s|%s|%s|||%s"
                            .formatted(
                                    segments.size() - 1,
                                    t.code(),
                                    escaped(t.name()),
                                    escaped(t.value()),
                                    escaped(t.unit()),
                                    escaped(t.range()),
                                    t.flags(),
                                    t.status()));
        var sent =
                entry(
                        collected.plus(Duration.ofMinutes(95)),
                        "northlab",
                        "ORU^R01",
                        "charted",
                        record,
                        "[]",
                        "AA",
                        segments.toArray(String[]::new));
        var series = nextFact++;
        jdbc.sql(
                        """
                        insert into report (id, series, version, standing, entry_id, recorded_at, path, record_id, order_id, partner,
                            number, placer_number, code, code_text, code_system, status, collected_at, collected_as_sent, issued_at,
                            message_at, control_id, content_hash)
                        values (:id, :id, 1, 'current', :entry, :at, 'OBR[1]', :record, 1, 'northlab', :number, '', :code, :name, 'L',
                            :status, :collected, :sent, :at, :at, :control, 1)
                        """)
                .param("id", series)
                .param("entry", sent.entry())
                .param("at", utc(sent.at()))
                .param("record", record)
                .param("number", number)
                .param("code", code)
                .param("name", name)
                .param("status", status)
                .param("collected", utc(collected))
                .param("sent", ts(collected))
                .param("control", sent.control())
                .update();
        var panel = new Panel(record, series, sent, collected, new ArrayList<>());
        for (var t : tests) panel.values().add(value(panel, sent, panel.values().size() + 1, t, 0));
        return panel;
    }

    /** The first version of a value, or with a series the second. */
    private long value(Panel panel, Sent sent, int place, Test t, long series) {
        var id = nextFact++;
        jdbc.sql(
                        """
                        insert into observation (id, series, version, standing, corrected, entry_id, recorded_at, path, record_id,
                            report_series, code, code_text, code_system, sub_id, status, value_type, value_text, value_number,
                            comparator, unit, unit_system, reference_range, flags, method, performer, observed_at, observed_as_sent,
                            issued_at, message_at, control_id, content_hash)
                        values (:id, :series, :version, 'current', :corrected, :entry, :at, :path, :record, :report, :code, :name, 'LN',
                            '', :status, 'ST', :value, :number, :comparator, :unit, 'UCUM', :range, :flags, '', 'Northlab Central', :collected,
                            :sent, :at, :at, :control, 1)
                        """)
                .param("id", id)
                .param("series", series == 0 ? id : series)
                .param("version", series == 0 ? 1 : 2)
                .param("corrected", series != 0)
                .param("entry", sent.entry())
                .param("at", utc(sent.at()))
                .param("path", "OBX[" + place + "]")
                .param("record", panel.record())
                .param("report", panel.series())
                .param("code", t.code())
                .param("name", t.name())
                .param("status", t.status())
                .param("value", t.value())
                .param(
                        "number",
                        t.value().matches(">?[0-9.]+")
                                ? new BigDecimal(t.value().replace(">", ""))
                                : null,
                        Types.NUMERIC)
                .param("comparator", t.value().startsWith(">") ? ">" : "")
                .param("unit", t.unit())
                .param("range", t.range())
                .param("flags", t.flags())
                .param("collected", utc(panel.collected()))
                .param("sent", ts(panel.collected()))
                .param("control", sent.control())
                .update();
        return id;
    }

    /**
     * A note on a value or on the report.
     *
     * @param target id of either
     */
    private void note(Panel panel, long target, String text) {
        jdbc.sql("insert into note values (?, ?, ?, 'NTE[1]', ?, ?, 'L', ?)")
                .params(
                        nextFact++,
                        panel.sent().entry(),
                        utc(panel.sent().at()),
                        panel.series(),
                        target,
                        text)
                .update();
    }

    private long document(Panel panel, String title, byte[] content, String type) {
        var id = nextFact++;
        jdbc.sql("insert into document_content values (?, ?, ?, ?)")
                .params(sha256(content), type, content.length, content)
                .update();
        jdbc.sql("insert into document values (?, ?, ?, 'OBX[1]-5', ?, ?, ?, ?, 'AP/PDF', ?)")
                .params(
                        id,
                        panel.sent().entry(),
                        utc(panel.sent().at()),
                        panel.record(),
                        panel.series(),
                        panel.values().getFirst(),
                        title,
                        sha256(content))
                .update();
        return id;
    }

    private static byte[] pdf() {
        var text =
                """
                BT /F1 18 Tf 50 740 Td (Northlab Pathology, report 31/26) Tj /F1 12 Tf 0 -40 Td 18 TL
                (Material: colon, polypectomy.) Tj T*
                (Macroscopy: one polyp, 9 mm.) Tj T*
                (Diagnosis: tubular adenoma, completely excised.) Tj T*
                (This patient is invented.) Tj T*
                ET\
                """;
        var parts =
                List.of(
                        "<< /Type /Catalog /Pages 2 0 R >>",
                        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
                                + " /Resources << /Font << /F1 5 0 R >> >> >>",
                        "<< /Length %d >>\nstream\n%s\nendstream".formatted(text.length(), text),
                        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new StringBuilder();
        for (var i = 0; i < parts.size(); i++) {
            offsets.append("%010d 00000 n \n".formatted(pdf.length()));
            pdf.append("%d 0 obj\n%s\nendobj\n".formatted(i + 1, parts.get(i)));
        }
        var table = pdf.length();
        pdf.append("xref\n0 6\n0000000000 65535 f \n").append(offsets);
        pdf.append("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n".formatted(table));
        return bytes(pdf.toString());
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\E\\").replace("&", "\\T\\").replace("\n", "\\.br\\");
    }

    private static String ts(Instant time) {
        return HL7.format(utc(time)) + "+0000";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
