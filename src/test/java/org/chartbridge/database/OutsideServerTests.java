package org.chartbridge.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;

/** Against the PostgreSQL of the operating system; skipped where there is none. */
class OutsideServerTests {
    private static final String USER = OutsidePostgres.USER;

    private static OutsidePostgres postgres;
    private static String url;

    @BeforeAll
    static void startServer() throws IOException {
        assumeTrue(OutsidePostgres.installed(), "no PostgreSQL in /usr/lib/postgresql");
        postgres = OutsidePostgres.start();
        url = postgres.url("postgres");
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (postgres != null) postgres.close();
    }

    @Test
    void aDurableServerIsTakenAndNamed() {
        var server = OutsideServer.at(url, USER, "");

        assertThat(server.description()).matches("PostgreSQL 1[5-8]\\.\\d+ at jdbc:.*");
    }

    @Test
    void allMigrationsRunOnIt() throws SQLException {
        execute("create database chart");
        var chart = url.replace("/postgres", "/chart");

        var migrated = Flyway.configure().dataSource(chart, USER, "").load().migrate();

        assertThat(migrated.success).isTrue();
    }

    @Test
    void anAccountThatDoesNotWaitForTheDiskIsRefused() throws SQLException {
        execute("create role hasty login; alter role hasty set synchronous_commit = off");

        assertThatThrownBy(() -> OutsideServer.at(url, "hasty", ""))
                .isInstanceOfSatisfying(
                        DatabaseUnusable.class,
                        refused -> assertThat(refused.remedy()).contains("alter role"))
                .hasMessageContaining("synchronous_commit is off");
    }

    @Test
    void aServerWithoutFsyncIsRefused() throws SQLException {
        execute("alter system set fsync = off");
        execute("alter system set full_page_writes = off");
        execute("select pg_reload_conf()");
        try {
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () ->
                                    assertThatThrownBy(() -> OutsideServer.at(url, USER, ""))
                                            .hasMessageContaining(
                                                    "fsync, full_page_writes are off"));
        } finally {
            execute("alter system reset all");
            execute("select pg_reload_conf()");
        }
    }

    @Test
    void aDatabaseThatIsNotUtf8IsRefused() throws SQLException {
        execute("create database old encoding 'LATIN1' template template0");

        assertThatThrownBy(() -> OutsideServer.at(url.replace("/postgres", "/old"), USER, ""))
                .hasMessageContaining("LATIN1");
    }

    @Test
    void whereNothingListensThePatienceEndsAndTheMessageHidesThePassword() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var nowhere = "jdbc:postgresql://127.0.0.1:" + port + "/chart?password=open-sesame";

        assertThatThrownBy(() -> OutsideServer.at(nowhere, USER, "", Duration.ofMillis(300)))
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageNotContaining("open-sesame");
    }

    @Test
    void aDatabaseThatDoesNotExistIsToldAtOnce() {
        assertThatThrownBy(() -> OutsideServer.at(url.replace("/postgres", "/nowhere"), USER, ""))
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining("nowhere");
    }

    private static void execute(String sql) throws SQLException {
        postgres.execute(sql);
    }
}
