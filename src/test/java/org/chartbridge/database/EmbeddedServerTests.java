package org.chartbridge.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class EmbeddedServerTests {
    private static final Duration SECONDS = Duration.ofSeconds(30);

    private Path home;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void makeFolder() throws IOException {
        home = Folders.withServer();
    }

    @AfterEach
    void endEverything() throws Exception {
        for (var one : open.reversed()) one.close();
        EmbeddedServer.stopLeftOver(home);
        assertThat(Postmaster.processesOf(directory())).isEmpty();
        FilesOnDisk.delete(home);
    }

    @Test
    void aLaterStartFindsWhatTheFirstOneLeft() throws Exception {
        var first = start();
        execute(first, "create table kept (n int); insert into kept values (1)");
        closeAll();

        var later = start();

        assertThat(count(later, "kept")).isEqualTo(1);
        assertThat(later.url()).isEqualTo(first.url());
    }

    @Test
    void everySettingAnAcknowledgementRestsOnIsOn() throws Exception {
        var server = start();

        assertThat(setting(server, "fsync")).isEqualTo("on");
        assertThat(setting(server, "full_page_writes")).isEqualTo("on");
        assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
        assertThat(setting(server, "data_checksums")).isEqualTo("on");
        assertThat(setting(server, "server_encoding")).isEqualTo("UTF8");
    }

    @Test
    void onlyThePasswordOpensIt() throws Exception {
        var server = start();

        assertThatThrownBy(() -> DriverManager.getConnection(server.url(), server.user(), "guess"))
                .isInstanceOf(SQLException.class);
        assertThat(setting(server, "listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(home.resolve("database.properties"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aKilledServerIsStartedAgainWithAllThatWasCommitted() throws Exception {
        var server = start();
        execute(server, "create table kept (n int); insert into kept values (1)");
        var killed = server.pid();

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await().atMost(SECONDS)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(count(server, "kept")).isEqualTo(1));
        assertThat(server.pid()).isNotEqualTo(killed);
    }

    @Test
    void aServerThatOutlivedItsEngineIsTakenOverAndItsTransactionsEnd() throws Exception {
        var dead = new ServerInItsOwnJvm(home, Map.of());
        dead.kill();

        var server = start();

        assertThat(server.pid()).isEqualTo(dead.postgres());
        assertThat(count(server, "kept")).isEqualTo(1);
        assertThat(
                        number(
                                server,
                                "select count(*) from pg_stat_activity"
                                        + " where state like 'idle in transaction%'"))
                .isZero();
    }

    @Test
    void aTakenOverServerIsWatchedToo() throws Exception {
        new ServerInItsOwnJvm(home, Map.of()).kill();
        var server = start();
        var killed = server.pid();

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await().atMost(SECONDS)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(count(server, "kept")).isEqualTo(1));
        assertThat(server.pid()).isNotEqualTo(killed);
    }

    @Test
    void engineAndServerKilledTogetherLoseNothingCommitted() throws Exception {
        var dead = new ServerInItsOwnJvm(home, Map.of());
        dead.kill();
        ProcessHandle.of(dead.postgres()).orElseThrow().destroyForcibly();

        var server = start();

        assertThat(server.pid()).isNotEqualTo(dead.postgres());
        assertThat(count(server, "kept")).isEqualTo(1);
    }

    @Test
    void aStrangerWithTheServersOldNumberIsLeftAlone() throws Exception {
        start();
        closeAll();
        var stranger = new ProcessBuilder("sleep", "600").start();
        open.add(stranger::destroyForcibly);
        Files.writeString(
                directory().resolve(Postmaster.PID_FILE),
                "%d\n%s\n1700000000\n5432\n\n127.0.0.1\n  1234 5\nready   \n"
                        .formatted(stranger.pid(), directory()));

        var server = start();

        assertThat(server.pid()).isNotEqualTo(stranger.pid());
        assertThat(stranger.isAlive()).isTrue();
        assertThat(number(server, "select 1")).isEqualTo(1);
    }

    @Test
    void aNumberFileOfNonsenseIsNoHindrance() throws Exception {
        start();
        closeAll();
        Files.writeString(directory().resolve(Postmaster.PID_FILE), "\0\nnonsense");

        assertThat(number(start(), "select 1")).isEqualTo(1);
    }

    @Test
    void aFirstStartThatWasKilledHalfwayIsBegunAnew() throws Exception {
        Files.createDirectories(home.resolve("postgres.new").resolve("base"));
        Files.writeString(home.resolve("postgres.new").resolve("PG_VERSION"), "18");

        assertThat(number(start(), "select 1")).isEqualTo(1);
    }

    @Test
    void aTakenPortIsReplacedByAFreeOne() throws Exception {
        var before = start().url();
        closeAll();
        var port = Integer.parseInt(before.replaceAll(".*:(\\d+)/.*", "$1"));
        open.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));

        var server = start();

        assertThat(server.url()).isNotEqualTo(before);
        assertThat(number(server, "select 1")).isEqualTo(1);
    }

    @Test
    void dataOfAnotherMajorVersionIsRefusedAndLeftAsItIs() throws Exception {
        start();
        closeAll();
        Files.writeString(directory().resolve("PG_VERSION"), "17\n");

        assertThatThrownBy(this::start)
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining("made by PostgreSQL 17")
                .hasMessageContaining("brings PostgreSQL 18");
    }

    @Test
    void aServerSomeoneMadeForgetfulIsRefusedAndStopped() throws Exception {
        start();
        closeAll();
        Files.writeString(directory().resolve("local.conf"), "fsync = off\n");

        assertThatThrownBy(this::start)
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining("fsync is off");
        assertThat(Postmaster.of(directory())).isEmpty();
    }

    @Test
    void aSettingPostgresDoesNotKnowIsTold() throws Exception {
        start();
        closeAll();
        Files.writeString(directory().resolve("local.conf"), "no_such_setting = 1\n");

        assertThatThrownBy(this::start)
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining("contains errors");
    }

    @Test
    void aLostPasswordIsTold() throws Exception {
        start();
        closeAll();
        Files.delete(home.resolve("database.properties"));

        assertThatThrownBy(this::start)
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining("password of the database is gone");
    }

    @Test
    void closingTakesLessThanTenSecondsWithAClientAtWork() throws Exception {
        var server = start();
        var busy = DriverManager.getConnection(server.url(), server.user(), server.password());
        open.add(busy);
        var work =
                Thread.startVirtualThread(
                        () -> {
                            try (var statement = busy.createStatement()) {
                                statement.execute("select pg_sleep(60)");
                            } catch (SQLException ended) {
                                return;
                            }
                        });
        await().atMost(SECONDS)
                .until(
                        () ->
                                number(
                                                server,
                                                "select count(*) from pg_stat_activity"
                                                        + " where wait_event = 'PgSleep'")
                                        == 1);

        var started = System.nanoTime();
        server.close();

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(9));
        assertThat(work.join(SECONDS)).isTrue();
    }

    /** Docker forbids user namespaces; here the program is not to be found. */
    @Test
    void rootWithoutUserNamespacesGoesThroughAnotherUser() throws Exception {
        assumeTrue(FilesOnDisk.me() == 0, "only root needs a way around");
        var open = Files.createTempDirectory("chartbridge");
        var path = Files.createDirectory(open.resolve("bin"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (var program : List.of("setsid", "setpriv")) {
            Files.createSymbolicLink(path.resolve(program), Path.of("/usr/bin", program));
        }
        var data = open.resolve("data");

        try (var child = new ServerInItsOwnJvm(data, Map.of("PATH", path.toString()))) {
            assertThat(FilesOnDisk.ownerOf(Path.of("/proc/" + child.postgres())))
                    .isEqualTo(Unprivileged.NOBODY);
            assertThat(FilesOnDisk.ownerOf(data.resolve("postgres")))
                    .isEqualTo(Unprivileged.NOBODY);
        } finally {
            EmbeddedServer.stopLeftOver(data);
            FilesOnDisk.delete(open);
        }
    }

    private EmbeddedServer start() {
        var folder = DataFolder.take(home);
        open.add(folder);
        var server = EmbeddedServer.start(folder);
        open.add(server);
        return server;
    }

    private void closeAll() throws Exception {
        for (var one : open.reversed()) one.close();
        open.clear();
    }

    private Path directory() {
        return home.resolve("postgres");
    }

    private static void execute(EmbeddedServer server, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.url(), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String setting(EmbeddedServer server, String name) throws SQLException {
        return value(server, "show " + name);
    }

    private static long count(EmbeddedServer server, String table) throws SQLException {
        return number(server, "select count(*) from " + table);
    }

    private static long number(EmbeddedServer server, String sql) throws SQLException {
        return Long.parseLong(value(server, sql));
    }

    private static String value(EmbeddedServer server, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.url(), server.user(), server.password());
                var statement = connection.createStatement();
                var answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        }
    }
}
