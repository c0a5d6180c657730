package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.crypto.bcrypt.BCrypt;

import java.nio.file.Path;

@ExtendWith(OutputCaptureExtension.class)
class PasswordCommandTests {

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
            var shown = output.getOut().replaceAll("(?s).*password of admin: (\\S+).*", "$1");
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
}
