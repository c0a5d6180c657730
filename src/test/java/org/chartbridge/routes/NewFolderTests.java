package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Partner.Patients;
import org.chartbridge.partner.Partner.Sender;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.routes.NewFolder.Outcome;
import org.chartbridge.routes.NewFolder.Wanted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class NewFolderTests {
    @TempDir Path root = Path.of("set by JUnit");

    @Test
    void aNewFolderLoadsAsItIs() throws IOException {
        var outcome =
                NewFolder.write(root.resolve("routes"), wanted("oaklab", "LIS", "127.0.0.1", 2580));

        assertThat(outcome)
                .isEqualTo(
                        new Outcome.Written(
                                root.resolve("routes/oaklab"),
                                List.of("partner.yaml", "results.yaml")));
        var partner = partner("routes/oaklab");
        assertThat(partner.senders()).containsExactly(new Sender("LIS", "OAKLAB"));
        assertThat(partner.patients()).isEqualTo(Patients.MATCH);
        assertThat(Files.readString(root.resolve("routes/oaklab/results.yaml")))
                .contains("mllp:127.0.0.1:2580");
        assertThat(entries(root.resolve("routes"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../oaklab",
                "/tmp/oaklab",
                "a/b",
                ".",
                "..",
                "",
                "Oaklab",
                "oak lab",
                "a\0b",
                "-a",
                ".a",
                "a-name-that-is-longer-than-forty-characters"
            })
    void aNameThatIsNoFolderOfOursWritesNothing(String name) throws IOException {
        assertThat(NewFolder.write(root, wanted(name, "LIS", "127.0.0.1", 2580)))
                .isInstanceOf(Outcome.Refused.class);

        assertThat(entries(root)).isEmpty();
    }

    @Test
    void anExistingFolderIsLeftAsItIs() throws IOException {
        Files.writeString(Files.createDirectory(root.resolve("oaklab")).resolve("mine"), "x");

        assertThat(NewFolder.write(root, wanted("oaklab", "LIS", "127.0.0.1", 2580)))
                .isEqualTo(
                        new Outcome.Refused(
                                List.of(
                                        root.resolve("oaklab")
                                                + " exists already; choose another name")));
        assertThat(FolderFiles.list(root.resolve("oaklab"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIS\nack: none", "a\"b: c", "{x}", "# x", "'", "\\", "Ünïc"})
    void aNameFromOutsideStaysOneName(String application) throws IOException {
        NewFolder.write(root, wanted("oaklab", application, "127.0.0.1", 2580));

        assertThat(partner("oaklab").senders()).containsExactly(new Sender(application, "OAKLAB"));
    }

    @Test
    void whatTheEngineWouldRefuseIsNotWritten() throws IOException {
        assertThat(NewFolder.write(root, wanted("oaklab", "LIS^1", "lab.example", 70_000)))
                .isEqualTo(
                        new Outcome.Refused(
                                List.of(
                                        "application: not the first component of a field; wanted"
                                                + " what stands before the first ^, at most 250"
                                                + " characters",
                                        "\"lab.example:70000\" is no address and port; wanted"
                                                + " mllp:127.0.0.1:2575, with a port from 1 to"
                                                + " 65535")));
        assertThat(entries(root)).isEmpty();
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.toList();
        }
    }

    private Partner partner(String folder) {
        return FolderFiles.read(root.resolve(folder), NewFolderTests::unexpected)
                .flatMap(files -> PartnerFile.read(files, Map.of(), NewFolderTests::unexpected))
                .orElseThrow();
    }

    private static void unexpected(FileFault fault) {
        throw new AssertionError(fault.toString());
    }

    private static Wanted wanted(String name, String application, String address, int port) {
        return new Wanted(name, application, "OAKLAB", address, port, Patients.MATCH, "UTC");
    }
}
