package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.chartbridge.bench.DatabaseAccess;
import org.chartbridge.database.OutsidePostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The disk under the database fills up while a lab sends. From then on nobody is told AA; once
 * there is room again the engine goes on by itself, and nothing that was acknowledged is missing or
 * there twice.
 */
class FullDiskIT {
    private static final int DISK_MEGABYTES = 64;

    /** More than fits into the pages that the tables have begun. */
    private static final int ENOUGH = 5_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder = Path.of("set by JUnit");

    /** Programs, an empty cluster, some log. */
    private static final int DATA_MEGABYTES = 512;

    private @Nullable OutsidePostgres postgres;
    private @Nullable DatabaseAccess own;

    @SuppressWarnings("NullAway.Init") // Each test starts its own.
    private TestEngine engine;

    private final Map<String, byte[]> unanswered = new LinkedHashMap<>();
    private final List<String> acknowledged = new ArrayList<>();
    private int sent;

    @BeforeEach
    void look() throws IOException {
        assumeTrue(OutsidePostgres.canMount(), "mounting a small disk needs root");
    }

    @AfterEach
    void endBoth() throws IOException {
        if (engine != null) engine.close();
        if (postgres != null) postgres.close();
    }

    @Test
    void onAFullDiskNothingIsAcknowledgedAndNothingIsLost() throws Exception {
        assumeTrue(OutsidePostgres.installed(), "no PostgreSQL in /usr/lib/postgresql");
        var postgres = OutsidePostgres.startWithSmallDisk(DISK_MEGABYTES);
        this.postgres = postgres;
        postgres.execute("create database chart tablespace small");
        engine = TestEngine.in(folder).with("north");
        engine.start(
                "--spring.datasource.url=" + postgres.url("chart"),
                "--spring.datasource.username=" + OutsidePostgres.USER,
                "--chartbridge.intake.outage=1s");
        for (var i = 0; i < 20; i++) assertThat(send()).startsWith("AA ");

        postgres.fillDisk();
        for (var i = 0; i < ENOUGH && unanswered.isEmpty(); i++) send();
        for (var i = 0; i < 3; i++) assertThat(send()).isEqualTo("closed");

        assertThat(journaled()).isEqualTo(acknowledged.stream().sorted().toList());
        assertThat(engine.said())
                .contains("database can't take messages, nobody is answered until it can")
                .contains("cause=\"STORAGE\" sqlState=\"53100\"");

        postgres.freeDisk();
        everythingIsChartedOnce(Duration.ofSeconds(20));
    }

    /** PostgreSQL can't go on without its log: it dies, and can't be started either. */
    @Test
    void onAFullDiskUnderTheDatabasesLogNothingIsAcknowledgedAndNothingIsLost() throws Exception {
        engine = TestEngine.in(folder).with("north").onSmallDisk(DATA_MEGABYTES);
        engine.start("--chartbridge.intake.outage=1s");
        own = engine.database();
        for (var i = 0; i < 20; i++) assertThat(send()).startsWith("AA ");

        var filler = engine.data().resolve("filler");
        OutsidePostgres.fill(filler);
        await().atMost(Duration.ofSeconds(30)).until(() -> !nextPieceOfLog());
        for (var i = 0; i < 3; i++) assertThat(send()).isEqualTo("closed");
        assertThat(engine.said()).contains("PostgreSQL died");

        Files.delete(filler);
        everythingIsChartedOnce(Duration.ofSeconds(40));
    }

    /** Whether the database had room for another piece of its log (16 MB). */
    private boolean nextPieceOfLog() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            // Words for the log alone: a table needs room elsewhere too.
            var word = "select pg_logical_emit_message(true, 'filling', 'x')";
            statement.execute(word);
            statement.execute("select pg_switch_wal()");
            statement.execute(word);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private void everythingIsChartedOnce(Duration limit) throws Exception {
        await().atMost(limit).until(() -> send().startsWith("AA "));
        for (var message : List.copyOf(unanswered.entrySet()))
            assertThat(send(message.getKey(), message.getValue()))
                    .isEqualTo("AA " + message.getKey());

        assertThat(acknowledged).hasSize(sent);
        assertThat(journaled()).isEqualTo(acknowledged.stream().sorted().toList());
        assertThat(rows("select count(*)::text from observation"))
                .containsExactly(String.valueOf(sent));
        assertThat(rows("select distinct state from journal")).containsExactly("charted");
        assertThat(engine.said()).contains("database takes messages again");
    }

    private String send() throws IOException {
        var id = "M" + ++sent;
        return send(id, Hl7.result("NORTH", id, "14" + sent % 10));
    }

    /** The answer's code and MSA-2, or that the connection was closed without one. */
    private String send(String id, byte[] message) throws IOException {
        try (var wire = engine.call()) {
            wire.send(message, true);
            var code = wire.answer().map(Hl7::code).orElse("closed");
            if (code.equals("AA " + id)) {
                acknowledged.add(id);
                unanswered.remove(id);
            } else {
                unanswered.put(id, message);
            }
            return code;
        }
    }

    private List<String> journaled() throws SQLException {
        return rows("select control_id from journal").stream().sorted().toList();
    }

    private List<String> rows(String sql) throws SQLException {
        var found = new ArrayList<String>();
        try (var connection = connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            while (result.next()) found.add(result.getString(1));
        }
        return found;
    }

    private Connection connect() throws SQLException {
        if (postgres != null) return postgres.connect("chart");
        var access = Objects.requireNonNull(own);
        return DriverManager.getConnection(access.url(), access.user(), access.password());
    }
}
