package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.chartbridge.database.OutsidePostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private OutsidePostgres postgres;
    private TestEngine engine;
    private final Map<String, byte[]> unanswered = new LinkedHashMap<>();
    private final List<String> acknowledged = new ArrayList<>();
    private int sent;

    @BeforeEach
    void startBoth() throws Exception {
        assumeTrue(OutsidePostgres.installed(), "no PostgreSQL in /usr/lib/postgresql");
        assumeTrue(OutsidePostgres.canMount(), "mounting a small disk needs root");
        postgres = OutsidePostgres.startWithSmallDisk(DISK_MEGABYTES);
        postgres.execute("create database chart tablespace small");
        engine = TestEngine.in(folder).with("north");
        engine.start(
                "--spring.datasource.url=" + postgres.url("chart"),
                "--spring.datasource.username=" + OutsidePostgres.USER,
                "--chartbridge.intake.outage=1s");
    }

    @AfterEach
    void endBoth() throws IOException {
        if (engine != null) engine.close();
        if (postgres != null) postgres.close();
    }

    @Test
    void onAFullDiskNothingIsAcknowledgedAndNothingIsLost() throws Exception {
        for (var i = 0; i < 20; i++) assertThat(send()).startsWith("AA ");

        postgres.fillDisk();
        for (var i = 0; i < ENOUGH && unanswered.isEmpty(); i++) send();
        for (var i = 0; i < 3; i++) assertThat(send()).isEqualTo("closed");

        assertThat(journaled()).isEqualTo(acknowledged.stream().sorted().toList());
        assertThat(engine.said())
                .contains("database can't take messages, nobody is answered until it can")
                .contains("cause=\"STORAGE\" sqlState=\"53100\"");

        postgres.freeDisk();
        await().atMost(Duration.ofSeconds(20)).until(() -> send().startsWith("AA "));
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
        try (var connection = postgres.connect("chart");
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            while (result.next()) found.add(result.getString(1));
        }
        return found;
    }
}
