package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * No patient data leaves by the wrong door (DESIGN §5): messages full of marks take every way
 * through the engine, good and bad, and pages are asked for them; then everything that the engine
 * and its PostgreSQL have printed, and every figure they publish, is searched for the marks.
 */
class NoPatientDataIT {
    /** Part of every name, number, value and text that is sent. */
    private static final String MARK = "qzx";

    /** Of a birth date, which can't hold letters. */
    private static final List<String> DATES = List.of("19310317", "1931-03-17", "17 Mar 1931");

    private static final String REFUSED_BY_POSTGRES = "QZXREFUSEDBYPOSTGRES";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private TestEngine engine;

    @BeforeEach
    void writePartners() throws IOException {
        engine =
                TestEngine.in(folder)
                        .with("north")
                        .with("match", "patients: match", "[ { to: { uri: chart } } ]")
                        .with(
                                "stored",
                                "patients: create\nacknowledge: stored",
                                "[ { to: { uri: chart } } ]")
                        .with(
                                "broken",
                                "patients: create",
                                "[ { filter: { id: f, expression: { simple: { expression:"
                                        + " \"${header.type} range 'x'\" } }, steps: [ { to: {"
                                        + " uri: chart } } ] } } ]");
    }

    @AfterEach
    void end() throws IOException {
        engine.close();
    }

    @Test
    void marksOfPatientsAreNowhereInLogsOrFigures() throws Exception {
        engine.start(
                "--logging.level.root=info",
                "--logging.level.org.chartbridge=debug",
                "--logging.level.com.zaxxer.hikari=info",
                "--logging.level.org.apache=info",
                "--logging.level.org.flywaydb=info",
                "--logging.level.org.springframework=info");
        engine.post("/login", "username=QZX&password=QZX");
        engine.logIn();

        everyOutcomeOfAMessage();
        everyKindOfStrayBytes();
        whatPostgresRefuses();
        everyPage();

        assertThat(states()).contains("charted", "held", "refused", "ignored");
        assertThat(engine.get("/actuator/prometheus").body())
                .contains("chartbridge_messages_total")
                .satisfies(NoPatientDataIT::hasNoMark);
        engine.process().terminate();
        engine.process().exitCode();
        assertThat(engine.said()).contains("DEBUG").satisfies(NoPatientDataIT::hasNoMark);
        for (var log : logsOfPostgres()) assertThat(log).satisfies(NoPatientDataIT::hasNoMark);
    }

    private void everyOutcomeOfAMessage() throws IOException {
        var good = message("NORTH", "1", "OBX|1|NM|2951-2^QZX^LN||140|mmol/L|QZX||||F");
        assertThat(exchange(good)).isEqualTo("AA 1");
        assertThat(exchange(good)).isEqualTo("AA 1");
        assertThat(exchange(good.replace("|140|", "|QZX|").replace("|F\r", "|C\r")))
                .isEqualTo("AA 1");
        assertThat(exchange(message("NORTH", "2", "OBX|1|TX|11502-2^QZX^LN||QZX||||||F")))
                .isEqualTo("AA 2");
        var pdf = java.util.Base64.getEncoder().encodeToString("%PDF-1.4 QZX".getBytes(UTF_8));
        assertThat(
                        exchange(
                                message(
                                        "NORTH",
                                        "3",
                                        "OBX|1|ED|PDF^QZX^L||QZX^application^pdf^Base64^"
                                                + pdf
                                                + "||||||F")))
                .isEqualTo("AA 3");
        // Of somebody else, with the number of the first.
        assertThat(
                        exchange(
                                good.replace("PROBEQZX^PETRAQZX", "OTHERQZX^OTTOQZX")
                                        .replace("R01|1|", "R01|4|")))
                .isEqualTo("AA 4");
        assertThat(exchange(message("MATCH", "5", "OBX|1|ST|1^QZX||QZX||||||F"))).isEqualTo("AA 5");
        assertThat(exchange(message("STORED", "6", "OBX|1|ST|1^QZX||QZX||||||F")))
                .isEqualTo("AA 6");
        assertThat(exchange(message("STORED", "7", "OBX|1|ST|1^QZX||Q\0ZX||||||F")))
                .isEqualTo("AA 7");
        assertThat(exchange(message("NORTH", "8", "OBX|1|ST|1^QZX||Q\0ZXQZX||||||F")))
                .isEqualTo("AE 8");
        assertThat(
                        exchange(
                                message(
                                        "NORTH",
                                        "9",
                                        "OBX|QZX|QZX|QZX|QZX|QZX|QZX|QZX|QZX|QZX|QZX|QZX")))
                .matches("A[AE] 9");
        assertThat(exchange(message("NORTH", "10", "QZX|QZX\r|QZX\rOBX"))).matches("A[AE] 10");
        assertThat(exchange(good.replace("|20260105120000|", "|QZX|").replace("R01|1|", "R01|11|")))
                .matches("A[AE] 11");
        assertThat(exchange(good.replace("R01|1|", "R01||"))).isEqualTo("AE ");
        assertThat(exchange(good.replace("|P|2.5.1", "|QZX|QZX").replace("R01|1|", "R01|12|")))
                .isEqualTo("AR 12");
        assertThat(exchange(message("BROKEN", "13", "OBX|1|ST|1^QZX||QZX||||||F")))
                .isEqualTo("AR 13");
        assertThat(exchange(message("QZX", "14", "OBX|1|ST|1^QZX||QZX||||||F"))).isEqualTo("AR 14");
        assertThat(exchange("QZX wants a doctor")).isEqualTo("AR ");
        assertThat(exchange("MSH|QZX")).startsWith("AR");
        assertThat(exchange(good.replace("ORU^R01|1|", "QZX^QZX|15|"))).matches("A[AR] 15");
        assertThat(exchange(good.replace("ORU^R01|1|", "ADT^A08|16|"))).matches("A[AR] 16");
        assertThat(
                        exchange(
                                good.replace("|2.5.1", "|2.5.1||||||QZX-8")
                                        .replace("R01|1|", "R01|17|")))
                .matches("A[AE] 17");
    }

    private void everyKindOfStrayBytes() throws Exception {
        var whole = message("NORTH", "20", "OBX|1|ST|1^QZX||QZX||||||F");
        raw("QZX between\u000b" + whole + "\u001c\rQZX after");
        raw("\u000b" + whole.substring(0, 150));
        raw("\u000b" + whole.substring(0, 150) + "\u000b" + whole + "\u001c\r");
        raw("GET /QZX HTTP/1.1\r\nX-Patient: QZX\r\n\r\n");
        raw("\u0016\u0003\u0001QZX");
        raw("\u000b" + "QZX".repeat(6 << 20));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(engine.get("/stray").body())
                                        .contains("More bytes than maxFrameBytes", "HTTP", "TLS"));
    }

    /** An error whose text holds the row, as PostgreSQL's own do in their details. */
    private void whatPostgresRefuses() throws Exception {
        execute(
                """
                create function refuse() returns trigger language plpgsql as $$
                begin
                    if new.value_text like '%REFUSEDBYPOSTGRES%' then
                        raise exception 'refused: %', new using detail = new::text;
                    end if;
                    return new;
                end $$
                """);
        execute(
                "create trigger refuse before insert on observation for each row execute function"
                        + " refuse()");
        execute("alter table observation add check (value_text not like '%QZXCHECKED%')");

        for (var value : List.of(REFUSED_BY_POSTGRES, "QZXCHECKED")) {
            var message = message("NORTH", value, "OBX|1|ST|1^QZX||" + value + "||||||F");
            assertThat(exchange(message.replace("R01|" + value, "R01|pg" + value.length())))
                    .isEqualTo("AA pg" + value.length());
        }

        assertThat(engine.said()).contains("message can't be stored as it is, held");
    }

    private void everyPage() throws Exception {
        for (var page :
                List.of(
                        "/",
                        "/messages",
                        "/messages?control=QZX",
                        "/messages?patient=MRNQZX",
                        "/messages?control=QZX%00",
                        "/messages?below=QZX",
                        "/messages?when=QZX&state=QZX&partner=QZX",
                        "/messages.csv",
                        "/messages/QZX",
                        "/worklist",
                        "/stray",
                        "/patients",
                        "/patients/QZX",
                        "/QZX?name=QZX",
                        "/fhir/Patient?identifier=MRNQZX",
                        "/fhir/Patient?identifier=QZX%7CQZX",
                        "/fhir/Observation?patient=QZX",
                        "/fhir/Patient/QZX",
                        "/fhir/QZX?QZX=QZX",
                        "/help/QZX")) {
            engine.get(page);
        }
        for (var words : List.of("PROBEQZX", "MRNQZX1", "QZX%00", "%C0%80QZX")) {
            engine.post("/patients", "identifier=" + words + "&family=" + words + "&born=" + words);
            engine.get("/patients");
            engine.post("/patients", "family=" + words + "&given=" + words);
            engine.get("/patients");
        }
    }

    // ----------------------------------------------------------------------------- messages

    /** Every field that can hold something of a patient is marked. */
    private static String message(String facility, String id, String obx) {
        return """
        MSH|^~\\&|LIS|%s|CB|CLINIC|20260105120000||ORU^R01|%s|P|2.5.1
        PID|1|PIDQZX|MRNQZX%s^^^QZX^MR|ALTQZX|PROBEQZX^PETRAQZX^QZX||19310317|F|||1 Qzx Road^^Qzxtown^QZ^99999||555-QZX|||||ACCQZX|QZX-SSN
        PV1|1|O|QZX^QZX||||QZX^Doctorqzx^Dora
        ORC|RE|PLQZX%s|FIQZX%s
        OBR|1|PLQZX%s|FIQZX%s|24323-8^QZX^LN|||20260105110000|||||QZX|||QZX^Doctorqzx^Dora|||||||20260105113000||LAB|F
        NTE|1||a note, QZX
        %s
        NTE|1||another, QZX
        """
                .formatted(facility, id, id, id, id, id, id, obx)
                .replace('\n', '\r');
    }

    private String exchange(String message) throws IOException {
        try (var wire = engine.call()) {
            wire.send(message.getBytes(ISO_8859_1), true);
            return wire.answer().map(Hl7::code).orElse("closed");
        }
    }

    private void raw(String bytes) throws IOException {
        try (var wire = engine.call()) {
            wire.send(bytes.getBytes(ISO_8859_1), false);
            wire.rest();
        } catch (java.net.SocketException closed) {
            return; // As it should be after what can't become a message.
        }
    }

    // ----------------------------------------------------------------------------- searching

    private static void hasNoMark(String text) {
        var found = new ArrayList<String>();
        text.lines()
                .filter(
                        line ->
                                line.toLowerCase(Locale.ROOT).contains(MARK)
                                        || DATES.stream().anyMatch(line::contains))
                .forEach(found::add);
        assertThat(found).as("lines that hold something of a patient").isEmpty();
    }

    private List<String> logsOfPostgres() throws IOException {
        var logs = new ArrayList<String>();
        try (var files = Files.list(folder.resolve("data/postgres-log"))) {
            for (var file : files.toList()) logs.add(Files.readString(file, ISO_8859_1));
        }
        assertThat(logs).isNotEmpty();
        return logs;
    }

    private List<String> states() throws SQLException, IOException {
        var found = new ArrayList<String>();
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select distinct state from journal")) {
            while (rows.next()) found.add(rows.getString(1));
        }
        return found;
    }

    private void execute(String sql) throws SQLException, IOException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private java.sql.Connection connect() throws SQLException, IOException {
        var access = engine.database();
        return DriverManager.getConnection(access.url(), access.user(), access.password());
    }
}
