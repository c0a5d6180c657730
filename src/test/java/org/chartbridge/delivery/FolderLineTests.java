package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.delivery.Endpoint.Folder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder as a partner: whole files or none, and no more than it should hold. */
class FolderLineTests {
    @TempDir Path folder = Path.of("set by JUnit");

    @Test
    void eachMessageIsAFileOfItsOwnThatSortsAsItLeft() throws Exception {
        try (var line = FolderLine.open(new Folder(folder))) {
            post(line, "second", "0000000000000000010-000");
            post(line, "first", "0000000000000000009-000");
        }

        assertThat(names())
                .containsExactly("0000000000000000009-000.hl7", "0000000000000000010-000.hl7");
        assertThat(folder.resolve("0000000000000000009-000.hl7")).hasContent("first");
    }

    @Test
    void anotherAttemptOfADeliveryWritesTheSameFile() throws Exception {
        try (var line = FolderLine.open(new Folder(folder))) {
            post(line, "sent", "1");
            post(line, "sent", "1");
        }

        assertThat(names()).containsExactly("1.hl7");
    }

    @Test
    void whatAKilledEngineLeftHalfWrittenIsNobodysFile() throws Exception {
        Files.writeString(folder.resolve(".1.hl7.tmp"), "MSH|half of one and much longer");
        try (var line = FolderLine.open(new Folder(folder))) {
            post(line, "whole", "1");
        }

        assertThat(names()).containsExactly("1.hl7");
        assertThat(folder.resolve("1.hl7")).hasContent("whole");
    }

    @Test
    void aFolderThatNobodyCollectsFromIsFullAtItsLimit() throws Exception {
        try (var line = FolderLine.open(new Folder(folder), 2)) {
            post(line, "a", "1");
            post(line, "b", "2");

            var third = line.post(bytes("c"), "3").toCompletableFuture();

            assertThat(third).isCompletedExceptionally();
            assertThat(Mishap.outcome(new Folder(folder), third.exceptionNow()))
                    .isEqualTo(
                            new Outcome.Unsent(
                                    "2 files wait in " + folder + "; see that they are collected"));
            assertThat(line.isOpen()).isFalse();
        }
        assertThatThrownBy(() -> FolderLine.open(new Folder(folder), 2))
                .hasMessageStartingWith("2 files wait in");

        Files.delete(folder.resolve("1.hl7")); // Somebody collects one.
        try (var line = FolderLine.open(new Folder(folder), 2)) {
            post(line, "c", "3");
        }
        assertThat(names()).containsExactly("2.hl7", "3.hl7");
    }

    @Test
    void aFolderThatIsNotThereIsSaid() {
        var missing = folder.resolve("missing");

        assertThatThrownBy(() -> FolderLine.open(new Folder(missing)))
                .hasMessage("there is no folder " + missing + "; create it, or mount it");
    }

    @Test
    void aFolderThatGoesAwayTakesNothing() throws Exception {
        var mounted = Files.createDirectory(folder.resolve("mounted"));
        try (var line = FolderLine.open(new Folder(mounted))) {
            Files.delete(mounted);

            var gone = line.post(bytes("a"), "1").toCompletableFuture();

            assertThat(Mishap.outcome(new Folder(mounted), gone.exceptionNow()))
                    .isEqualTo(
                            new Outcome.Unsent(
                                    "the folder "
                                            + mounted
                                            + " takes nothing: it is not there any more"));
        }
    }

    /** ⚠ Some mounts can't be asked to keep a name; a file that lies there is not unsent. */
    @Test
    void whatLiesThereUnderItsNameWasWritten() throws Exception {
        try (var line = open("Invalid argument")) {
            post(line, "a", "1");

            assertThat(line.isOpen()).isTrue();
        }
        assertThat(names()).containsExactly("1.hl7");
    }

    @Test
    void whatAFailingDiskKeepsIsUnknown() throws Exception {
        try (var line = open("Input/output error")) {
            var doubtful = line.post(bytes("a"), "1").toCompletableFuture();

            assertThat(Mishap.outcome(new Folder(folder), doubtful.exceptionNow()))
                    .isInstanceOf(Outcome.Unknown.class);
        }
        assertThat(names()).containsExactly("1.hl7");
    }

    private FolderLine open(String fault) throws Exception {
        return FolderLine.open(
                new Folder(folder),
                10,
                _ -> {
                    throw new IOException(fault);
                });
    }

    private static void post(Line line, String content, String name) {
        line.post(bytes(content), name).toCompletableFuture().join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
