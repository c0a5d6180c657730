package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.database.DataFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CommandsTests {
    @TempDir Path temp;

    @Test
    void helpAndVersionAreGiven() {
        assertThat(Commands.run("--help")).isZero();
        assertThat(Commands.run("--version")).isZero();
        assertThat(Commands.run("serve", "--help")).isZero();
    }

    @Test
    void wrongUseIsTwo() {
        assertThat(Commands.run("srve")).isEqualTo(2);
        assertThat(Commands.run("--no-value")).isEqualTo(2);
        assertThat(Commands.run("serve", "stray")).isEqualTo(2);
        assertThat(Commands.run("demo", "--port", "70000")).isEqualTo(2);
        assertThat(Commands.run("demo", "--folder", temp.toString())).isEqualTo(2);
        assertThat(Commands.run("bench", "loop", "--orders", "1")).isEqualTo(2);
    }

    @Test
    void stoppingWhereNothingRunsIsDone() {
        assertThat(Commands.run("stop", "--data", temp.toString())).isZero();
        assertThat(Commands.run("stop", "--data", temp + "/nowhere")).isZero();
    }

    @Test
    void resetDeletesOnlyAStoppedDataFolder() throws IOException {
        var data = temp.resolve("data");
        try (var taken = DataFolder.take(data)) {
            assertThat(Commands.run("reset", "--yes", "--data", data.toString())).isEqualTo(1);
            assertThat(taken.path()).exists();
        }

        assertThat(Commands.run("reset", "--yes", "--data", data.toString())).isZero();
        assertThat(data).doesNotExist();
        assertThat(Commands.run("reset", "--yes", "--data", temp.toString())).isEqualTo(1);
        assertThat(temp).exists();
    }

    @Test
    void doctorNamesWhatIsWrong() throws IOException {
        var file = Files.createFile(temp.resolve("file"));

        assertThat(Commands.run("doctor", "--port", "1", "--data", file.toString())).isEqualTo(1);
        assertThat(Commands.run("doctor", "--port", "1", "--data", temp + "/new")).isZero();
    }
}
