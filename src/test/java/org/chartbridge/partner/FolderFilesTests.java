package org.chartbridge.partner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class FolderFilesTests {
    @TempDir Path routes = Path.of("set by JUnit");

    private final List<FileFault> faults = new ArrayList<>();

    @Test
    void theSameFilesAreTheSameVersionWhereverTheyLie() throws IOException {
        var north = folder("north", "partner.yaml", "a");
        var south = folder("south", "partner.yaml", "a");

        assertThat(version(north)).isEqualTo(version(south)).hasSize(64);
    }

    @Test
    void aChangedByteOrNameIsAnotherVersion() throws IOException {
        var before = version(folder("north", "partner.yaml", "ab"));

        assertThat(version(folder("north2", "partner.yaml", "aB"))).isNotEqualTo(before);
        assertThat(version(folder("north3", "partner.yamla", "b"))).isNotEqualTo(before);
    }

    @Test
    void testsAndWhatEditorsLeaveAreNoPartOfAVersion() throws IOException {
        var north = folder("north", "partner.yaml", "a");
        var before = version(north);

        Files.writeString(north.resolve(".partner.yaml.swp"), "x");
        Files.writeString(north.resolve("partner.yaml~"), "x");
        Files.writeString(north.resolve("partner.yaml.BAK"), "x");
        Files.writeString(Files.createDirectory(north.resolve("tests")).resolve("a.hl7"), "x");

        assertThat(version(north)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"North", "-north", "nörth", "a b", "north_lab", "a.b"})
    void aFolderWhoseNameIsNoPartnersIsRefused(String name) throws IOException {
        var folder = folder(name, "partner.yaml", "a");

        assertThat(FolderFiles.read(folder, faults::add)).isEmpty();
        assertThat(faults)
                .extracting(FileFault::toString)
                .containsExactly(
                        name
                                + ": a folder's name that can't be a partner; "
                                + FolderFiles.NAME_RULE);
    }

    @Test
    void aFolderOfTooManyFilesIsRefused() throws IOException {
        var folder = Files.createDirectory(routes.resolve("north"));
        for (var i = 0; i <= FolderFiles.MAX_FILES; i++) Files.createFile(folder.resolve("f" + i));

        assertThat(FolderFiles.read(folder, faults::add)).isEmpty();
        assertThat(faults)
                .extracting(FileFault::toString)
                .containsExactly("north: 201 files in one folder; wanted at most 200");
    }

    @Test
    void aFolderOfTooManyBytesIsRefusedBeforeTheyAreRead() throws IOException {
        var folder = folder("north", "partner.yaml", "a");
        try (var large =
                Files.newByteChannel(
                        folder.resolve("codes.csv"),
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.WRITE)) {
            large.position(FolderFiles.MAX_FOLDER_BYTES).write(java.nio.ByteBuffer.allocate(1));
        }

        assertThat(FolderFiles.read(folder, faults::add)).isEmpty();
        assertThat(faults).singleElement().asString().contains("too large");
    }

    @Test
    void aFolderThatWentAwayIsAFault() {
        assertThat(FolderFiles.read(routes.resolve("gone"), faults::add)).isEmpty();
        assertThat(faults)
                .extracting(FileFault::toString)
                .containsExactly(
                        "gone: can't be read (NoSuchFileException); check that the engine's user"
                                + " may read it");
    }

    private Path folder(String name, String file, String text) throws IOException {
        var folder = Files.createDirectory(routes.resolve(name));
        Files.writeString(folder.resolve(file), text);
        return folder;
    }

    private String version(Path folder) {
        return FolderFiles.read(folder, faults::add).orElseThrow().version();
    }
}
