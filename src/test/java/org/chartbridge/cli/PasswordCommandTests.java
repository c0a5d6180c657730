package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.database.DataFolder;
import org.chartbridge.database.EmbeddedServer;
import org.chartbridge.database.TestDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.crypto.bcrypt.BCrypt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

@ExtendWith(OutputCaptureExtension.class)
@Isolated("reads what the whole JVM logs")
class PasswordCommandTests {
    /** Not a temporary folder: the database's own user has to reach it. */
    private final Path data =
            Path.of("target", "test-data", "password-" + ProcessHandle.current().pid());

    @AfterEach
    void deleteData() throws IOException {
        if (!Files.exists(data)) return;
        EmbeddedServer.stopLeftOver(data);
        DataFolder.delete(data);
    }

    @Test
    void aNewPasswordIsShownOnceAndStoredOnlyAsAHash(CapturedOutput output) {
        try (var database = TestDatabase.fresh()) {
            var code =
                    Commands.run(
                            "password",
                            "--spring.datasource.url=" + database.url(),
                            "--spring.datasource.username=" + database.user(),
                            "--spring.datasource.password=" + database.password());

            var hash =
                    database.jdbc()
                            .sql("select password_hash from account where name = 'admin'")
                            .query(String.class)
                            .single();
            var shown = shown(output);
            assertThat(code).isZero();
            assertThat(BCrypt.checkpw(shown, hash)).isTrue();
            assertThat(hash).doesNotContain(shown);
        }
    }

    @Test
    void withoutDataThereIsNothingToReset(@TempDir Path folder, CapturedOutput output) {
        var code = Commands.run("password", "--data=" + folder.resolve("none"));

        assertThat(code).isOne();
        assertThat(output.getErr()).contains("no account yet");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void theDatabaseInTheDataFolderIsStartedForItAndStoppedAgain(CapturedOutput output)
            throws Exception {
        withServer(
                server ->
                        Flyway.configure()
                                .dataSource(server.url(), server.user(), server.password())
                                .load()
                                .migrate());

        var first = Commands.run("password", "--data=" + data);
        var second = Commands.run("password", "--data=" + data);

        assertThat(List.of(first, second)).containsOnly(0);
        assertThat(EmbeddedServer.stopLeftOver(data)).isFalse();
        withServer(
                server -> assertThat(BCrypt.checkpw(shown(output), hashOfAdmin(server))).isTrue());
    }

    @Test
    void aDataFolderWhoseFirstStartFailedHasNoAccount(CapturedOutput output) throws Exception {
        withServer(_ -> {});

        var code = Commands.run("password", "--data=" + data);

        assertThat(code).isOne();
        assertThat(output.getErr()).contains("no account yet");
        assertThat(output.getOut()).doesNotContain("new password");
    }

    @Test
    void aRunningEngineKeepsItsPassword(CapturedOutput output) throws Exception {
        try (var _ = DataFolder.take(data)) {
            var code = Commands.run("password", "--data=" + data);

            assertThat(code).isOne();
            assertThat(output.getErr()).contains("Stop it first: chartbridge stop");
            assertThat(output.getOut()).doesNotContain("new password");
        }
    }

    private interface WithServer {
        void with(EmbeddedServer server) throws Exception;
    }

    private void withServer(WithServer does) throws Exception {
        try (var taken = DataFolder.take(data);
                var server = EmbeddedServer.start(taken)) {
            does.with(server);
        }
    }

    private static String hashOfAdmin(EmbeddedServer server) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.url(), server.user(), server.password());
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "select password_hash from account where name = 'admin'")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    /** The last one that was shown. */
    private static String shown(CapturedOutput output) {
        return output.getOut().replaceAll("(?s).*password of admin: (\\S+).*", "$1");
    }
}
