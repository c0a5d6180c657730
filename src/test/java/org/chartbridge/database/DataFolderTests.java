package org.chartbridge.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class DataFolderTests {
    @TempDir Path temp;

    @Test
    void isNewOnceAndMadeForItsOwnerOnly() throws IOException {
        var path = temp.resolve("a/b/../data");

        try (var first = DataFolder.take(path)) {
            assertThat(first.isNew()).isTrue();
            assertThat(first.path()).isEqualTo(temp.resolve("a/data")).isAbsolute();
            assertThat(Files.getPosixFilePermissions(first.path())).hasSize(3);
        }
        try (var second = DataFolder.take(path)) {
            assertThat(second.isNew()).isFalse();
        }
    }

    @Test
    void aSecondStartIsToldWhoRunsAndWhere() throws IOException {
        try (var taken = DataFolder.take(temp)) {
            taken.announce("http://127.0.0.1:8080/");

            assertThatThrownBy(() -> DataFolder.take(temp))
                    .isInstanceOf(DatabaseUnusable.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("http://127.0.0.1:8080/");
            assertThat(DataFolder.running(temp)).isPresent();
        }
        assertThat(DataFolder.running(temp)).isEmpty();
    }

    @Test
    void aNoteOfADeadEngineMeansNothing() throws IOException {
        Files.writeString(temp.resolve("engine.properties"), "pid=1\nconsole=http://old/\n");
        Files.createFile(temp.resolve("lock"));

        assertThat(DataFolder.running(temp)).isEmpty();
        DataFolder.take(temp).close();
    }

    @Test
    void anotherUserIsRefusedWithTheRemedy() {
        DataFolder.take(temp).close();

        assertThatThrownBy(() -> DataFolder.take(temp, FilesOnDisk.me() + 1, 0))
                .isInstanceOfSatisfying(
                        DatabaseUnusable.class,
                        refused -> assertThat(refused.remedy()).contains("chown -R"))
                .hasMessageContaining("(uid " + FilesOnDisk.me() + ")")
                .hasMessageContaining("(uid " + (FilesOnDisk.me() + 1) + ")");
    }

    @Test
    void aNearlyFullDiskIsRefused() {
        assertThatThrownBy(() -> DataFolder.take(temp, FilesOnDisk.me(), Long.MAX_VALUE))
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining("nearly full");
    }

    @Test
    void aFileInItsPlaceIsRefused() throws IOException {
        var file = Files.createFile(temp.resolve("data"));

        assertThatThrownBy(() -> DataFolder.take(file))
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> DataFolder.take(file.resolve("below")))
                .isInstanceOf(DatabaseUnusable.class);
    }

    @Test
    void deletingLeavesWhatIsNotOurs() throws IOException {
        DataFolder.take(temp).close();
        Files.createDirectories(temp.resolve("postgres/base"));
        var thesis = Files.createFile(temp.resolve("thesis.txt"));

        DataFolder.delete(temp);

        assertThat(temp).isDirectoryContaining(thesis::equals);
        try (var left = Files.list(temp)) {
            assertThat(left).containsExactly(thesis);
        }
    }

    @Test
    void aFolderThatIsNoDataFolderIsNeverDeleted() throws IOException {
        Files.createDirectories(temp.resolve("postgres"));

        assertThatThrownBy(() -> DataFolder.delete(temp)).isInstanceOf(DatabaseUnusable.class);
        assertThat(temp.resolve("postgres")).exists();
    }

    @Test
    void aFolderInUseIsNotDeleted() {
        try (var taken = DataFolder.take(temp)) {
            assertThatThrownBy(() -> DataFolder.delete(temp))
                    .isInstanceOf(DatabaseUnusable.class)
                    .hasMessageContaining("already running");
            assertThat(taken.path().resolve("owner.properties")).exists();
        }
    }
}
