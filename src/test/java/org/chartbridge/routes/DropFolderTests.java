package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.intake.Arrival;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.Yaml.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What becomes of the files in a folder, whatever lies there. */
class DropFolderTests {
    @TempDir Path root = Path.of("set by JUnit");

    private final Received received = new Received();
    private Path path = Path.of("set below");
    private DropFolder folder = over(path, Duration.ZERO);

    @BeforeEach
    void folder() throws Exception {
        path = Files.createDirectory(root.resolve("in"));
        folder = over(path, Duration.ZERO);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    @Test
    void filesAreTakenInTheOrderOfTheirNames() throws Exception {
        put("2.hl7", message("QUIET", "B"));
        put("1.hl7", message("QUIET", "A"));

        folder.look();

        assertThat(folder.look()).isEqualTo(2);
        assertThat(received.arrivals)
                .extracting(Arrival::peer)
                .containsExactly("file 1.hl7", "file 2.hl7");
        assertThat(names("done")).containsExactly("1.hl7", "2.hl7");
        assertThat(names("")).isEmpty();
    }

    @Test
    void aFileIsNotTakenBeforeItHasSettled() throws Exception {
        folder.close();
        folder = over(path, Duration.ofDays(1));
        put("1.hl7", message("QUIET", "A"));

        folder.look();

        assertThat(folder.look()).isZero();
        assertThat(received.arrivals).isEmpty();
    }

    @Test
    void aFileThatGrowsSettlesAnew() throws Exception {
        put("1.hl7", message("QUIET", "A").substring(0, 20));
        folder.look();
        put("1.hl7", message("QUIET", "A"));

        assertThat(folder.look()).isZero();
        assertThat(folder.look()).isOne();
        assertThat(received.arrivals).hasSize(1);
    }

    @Test
    void whatIsBeingWrittenHiddenOrNoFileIsLeftAlone() throws Exception {
        put(".1.hl7", message("QUIET", "A"));
        put("1.hl7.TMP", message("QUIET", "A"));
        put("1.filepart", message("QUIET", "A"));
        Files.createDirectory(path.resolve("folder.hl7"));
        Files.createSymbolicLink(
                path.resolve("link.hl7"),
                Files.writeString(root.resolve("elsewhere"), message("QUIET", "A")));

        folder.look();

        assertThat(folder.look()).isZero();
        assertThat(received.arrivals).isEmpty();
    }

    @Test
    void answersLieBesideUnderTheFilesName() throws Exception {
        put("1.hl7", message("X", "A"));

        takeAll();

        assertThat(path.resolve("answers/1.hl7.ack")).hasContent("AA lab lab-in");
    }

    /** The answer of this fake intake is no HL7, so it accepts nothing. */
    @Test
    void aFileThatIsNotAcceptedIsPutAside() throws Exception {
        put("1.hl7", message("X", "A"));

        takeAll();

        assertThat(names("refused")).containsExactly("1.hl7");
        assertThat(names("done")).isEmpty();
    }

    @Test
    void whileNothingCanBePromisedAFileStaysAndNoneOvertakesIt() throws Exception {
        put("1.hl7", message("DOWN", "A"));
        put("2.hl7", message("QUIET", "B"));

        takeAll();

        assertThat(names("")).containsExactly("1.hl7", "2.hl7");
        assertThat(received.arrivals).hasSize(1);
    }

    @Test
    void aFileThatCanNotBeMovedIsNotAnsweredASecondTime() throws Exception {
        put("1.hl7", message("X", "A"));
        folder.look();
        // Somebody takes away where it belongs, after the folder was looked at.
        received.before = arrival -> delete(path.resolve("refused"));
        assertThat(folder.look()).isZero();
        assertThat(names("answers")).containsExactly("1.hl7.ack");
        assertThat(names("")).containsExactly("1.hl7");

        takeAll();

        assertThat(names("refused")).containsExactly("1.hl7");
        assertThat(names("answers")).containsExactly("1.hl7.ack");
        assertThat(received.arrivals).hasSize(1);
    }

    @Test
    void anEngineThatIsKilledBeforeTheMoveLeavesOneAnswer() throws Exception {
        put("1.hl7", message("X", "A"));
        folder.look();
        received.before = arrival -> delete(path.resolve("refused"));
        folder.look();
        folder.close();
        folder = over(path, Duration.ZERO);
        received.before = arrival -> {};

        takeAll();

        // Intake knows it by MSH-10 and content, and answers as before.
        assertThat(received.arrivals).hasSize(2);
        assertThat(names("refused")).containsExactly("1.hl7");
        assertThat(names("answers")).containsExactly("1.hl7.ack");
    }

    @Test
    void anotherAnswerToTheSameNameGetsANumber() throws Exception {
        Files.createDirectories(path.resolve("answers"));
        Files.writeString(path.resolve("answers/1.hl7.ack"), "another");
        put("1.hl7", message("X", "A"));

        takeAll();

        assertThat(path.resolve("answers/1.hl7.ack")).hasContent("another");
        assertThat(path.resolve("answers/1.hl7.ack.2")).hasContent("AA lab lab-in");
    }

    @Test
    void aFileTooLargeIsPutAsideUnread() throws Exception {
        put("1.hl7", message("QUIET", "A") + "x".repeat(2_000));

        takeAll();

        assertThat(received.arrivals).isEmpty();
        assertThat(names("refused")).containsExactly("1.hl7");
    }

    @Test
    void aNameThatWasUsedBeforeGetsANumber() throws Exception {
        for (int i = 0; i < 3; i++) {
            put("1.hl7", message("QUIET", "A" + i));
            takeAll();
        }

        assertThat(names("done")).containsExactly("1.hl7", "1.hl7.2", "1.hl7.3");
    }

    @Test
    void aFolderIsTakenByOneEngineOnly() throws Exception {
        folder.look();
        try (var second = over(path, Duration.ZERO)) {
            assertThatThrownBy(second::look)
                    .isInstanceOf(DropFolder.Unusable.class)
                    .hasMessage("another engine takes the files of " + path);
            folder.close();
            second.look();
        }
    }

    @Test
    void aFolderThatIsNotThereIsToldAndTriedAgain() throws Exception {
        var missing = root.resolve("later");
        try (var later = over(missing, Duration.ZERO)) {
            assertThatThrownBy(later::look).hasMessage("there is no folder " + missing);
            Files.createDirectory(missing);
            assertThat(later.look()).isZero();
        }
    }

    @Test
    void whatWasTakenIsDeletedAfterThirtyDays() throws Exception {
        put("1.hl7", message("QUIET", "A"));
        put("2.hl7", message("QUIET", "B"));
        takeAll();
        var old = Instant.now().minus(DropFolder.KEPT).minusSeconds(1);
        Files.setLastModifiedTime(path.resolve("done/1.hl7"), FileTime.from(old));

        folder.sweep(Instant.now());

        assertThat(names("done")).containsExactly("2.hl7");
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeAll() throws Exception {
        folder.look();
        folder.look();
    }

    private void put(String name, String text) throws Exception {
        Files.writeString(path.resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    private List<String> names(String below) throws Exception {
        try (Stream<Path> files = Files.list(path.resolve(below))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private DropFolder over(Path where, Duration settle) {
        return new DropFolder(
                where, dispatch(new Door.Folder(where), received), settle, Duration.ZERO, 1_000);
    }

    /** To the one route of a lab that takes all. */
    static Dispatch dispatch(Door door, Received received) {
        var dispatch = new Dispatch(door, received);
        var plan =
                new RoutePlan(
                        "lab-in",
                        "lab/in.yaml",
                        new Place(1, 1),
                        "",
                        door,
                        List.of(),
                        List.of(),
                        Map.of());
        dispatch.use(new DispatchTable(door, List.of(new DispatchTable.Entry(lab(), plan))));
        return dispatch;
    }

    private static Partner lab() {
        var files = new TreeMap<String, byte[]>();
        files.put("partner.yaml", "sender: any\nzone: UTC\n".getBytes(StandardCharsets.UTF_8));
        return PartnerFile.read(
                        new FolderFiles("lab", files),
                        Map.of(),
                        fault -> {
                            throw new AssertionError(fault.toString());
                        })
                .orElseThrow();
    }

    private static String message(String application, String id) {
        return "MSH|^~\\&|LIS|" + application + "|||20261122080000||ORU^R01|" + id + "|P|2.5.1\r";
    }
}
