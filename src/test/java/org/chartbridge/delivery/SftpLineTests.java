package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.partner.Login;
import org.chartbridge.partner.Yaml.Place;
import org.chartbridge.sftp.SftpHostInTest;
import org.chartbridge.sftp.SftpHostInTest.Renaming;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** A folder behind an SFTP host: whole files or none, each once, to nobody else. */
class SftpLineTests {
    @TempDir Path files = Path.of("set by JUnit");
    @TempDir Path own = Path.of("set by JUnit");

    private SftpHostInTest host;

    @BeforeEach
    void start() throws IOException {
        host = new SftpHostInTest(files);
        Files.createDirectory(files.resolve("in"));
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
    }

    @Test
    void eachMessageIsAFileOfItsOwnHoweverLong() throws Exception {
        var long_ = "x".repeat(300_000);
        try (var line = open(host.login())) {
            assertThat(outcome(line, "short", "1")).isEqualTo("written");
            assertThat(outcome(line, long_, "2")).isEqualTo("written");
        }

        assertThat(names()).containsExactly("1.hl7", "2.hl7");
        assertThat(files.resolve("in/1.hl7")).hasContent("short");
        assertThat(files.resolve("in/2.hl7")).hasContent(long_);
    }

    @Test
    void aFileThatStandsThereIsNotWrittenAgain() throws Exception {
        var old = FileTime.fromMillis(1_000_000_000_000L);
        try (var line = open(host.login())) {
            outcome(line, "sent", "1");
            Files.setLastModifiedTime(files.resolve("in/1.hl7"), old);

            assertThat(outcome(line, "sent", "1")).isEqualTo("written");
            assertThat(Files.getLastModifiedTime(files.resolve("in/1.hl7"))).isEqualTo(old);

            // A person had it made anew; it is as long as before.
            assertThat(outcome(line, "SENT", "1")).isEqualTo("written");
        }
        assertThat(files.resolve("in/1.hl7")).hasContent("SENT");
    }

    @Test
    void whatAKilledEngineLeftBeforeItsNameIsNobodysFile() throws Exception {
        Files.writeString(files.resolve("in/.1.hl7.tmp"), "half of one, and much longer");
        try (var line = open(host.login())) {
            assertThat(outcome(line, "whole", "1")).isEqualTo("written");
        }

        assertThat(names()).containsExactly("1.hl7");
        assertThat(files.resolve("in/1.hl7")).hasContent("whole");
    }

    @Test
    void aNameThatIsRefusedLeavesNothingThatSomebodyCollects() throws Exception {
        try (var line = open(host.login())) {
            host.next(Renaming.REFUSED);

            assertThat(outcome(line, "a", "1"))
                    .startsWith("unsent: the folder sftp://127.0.0.1:")
                    .contains("takes nothing: the engine may not do that there");
            assertThat(line.isOpen()).isFalse();
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aConnectionThatIsCutWhileAFileGetsItsNameIsUnknownAndLookedAtAnew() throws Exception {
        for (var cut : List.of(Renaming.CUT_BEFORE, Renaming.CUT_AFTER)) {
            var name = cut.name();
            try (var line = open(host.login())) {
                host.next(cut);
                assertThat(outcome(line, "a", name)).startsWith("unknown: the connection ended");
            }
            try (var line = open(host.login())) {
                assertThat(outcome(line, "a", name)).isEqualTo("written");
            }
        }
        assertThat(names()).containsExactly("CUT_AFTER.hl7", "CUT_BEFORE.hl7");
    }

    @Test
    void anotherHostsKeyGetsNeitherPasswordNorMessage() throws Exception {
        var other = "SHA256:" + "A".repeat(43);

        assertThatThrownBy(() -> open(SftpHostInTest.login("s3cret", other)))
                .hasMessageStartingWith("the host 127.0.0.1:")
                .hasMessageContaining("shows another key, " + host.fingerprint())
                .satisfies(SftpLineTests::asksPerson);
    }

    @Test
    void aWrongPasswordIsSaidAsSuch() {
        assertThatThrownBy(() -> open(SftpHostInTest.login("wrong", host.fingerprint())))
                .hasMessageContaining("does not let us in; look at user, password and key")
                .hasMessageNotContaining("wrong")
                .satisfies(SftpLineTests::asksPerson);
    }

    private static void asksPerson(Throwable e) {
        assertThat(e)
                .isInstanceOfSatisfying(
                        Line.CannotOpen.class,
                        cannot -> assertThat(cannot.outcome().asks()).isTrue());
    }

    @Test
    void aPrivateKeyDoesAsWell() throws Exception {
        var keys = SftpHostInTest.keys();
        var pem = own.resolve("id");
        try (var out = Files.newOutputStream(pem)) {
            SftpHostInTest.write(keys, out);
        }
        host.knows(keys.getPublic());
        try (var line = open(byKey(pem))) {
            assertThat(outcome(line, "a", "1")).isEqualTo("written");
        }

        Files.writeString(pem, "no key");
        assertThatThrownBy(() -> open(byKey(pem))).hasMessageContaining("none that can be used");
        assertThatThrownBy(() -> open(byKey(own.resolve("nowhere"))))
                .hasMessageContaining("can't be read");
    }

    private Login byKey(Path key) {
        return new Login(
                "clinic", null, null, key.toString(), List.of(host.fingerprint()), new Place(1, 1));
    }

    @Test
    void aFolderThatIsAwayOrFullTakesNothing() throws Exception {
        Files.writeString(files.resolve("in/a.hl7"), "a");
        Files.writeString(files.resolve("in/b.hl7"), "b");
        assertThatThrownBy(() -> open(host.login(), 2)).hasMessageStartingWith("2 files wait in");

        Files.delete(files.resolve("in/a.hl7"));
        Files.delete(files.resolve("in/b.hl7"));
        Files.delete(files.resolve("in"));
        assertThatThrownBy(() -> open(host.login())).hasMessageStartingWith("there is no folder");

        int port = host.port();
        host.close();
        assertThatThrownBy(
                        () ->
                                SftpLine.open(
                                        new Endpoint.Sftp("127.0.0.1", port, "/in"),
                                        host.login(),
                                        Duration.ofSeconds(5),
                                        10))
                .hasMessage("nothing listens at 127.0.0.1:" + port);
    }

    // ------------------------------------------------------------

    private SftpLine open(Login login) throws Exception {
        return open(login, 10);
    }

    private SftpLine open(Login login, int limit) throws Exception {
        return SftpLine.open(
                new Endpoint.Sftp("127.0.0.1", host.port(), "/in"),
                login,
                Duration.ofSeconds(20),
                limit);
    }

    private String outcome(SftpLine line, String content, String name) throws Exception {
        try {
            line.post(content.getBytes(UTF_8), name).toCompletableFuture().get();
            return "written";
        } catch (ExecutionException e) {
            var outcome =
                    Mishap.outcome(
                            new Endpoint.Sftp("127.0.0.1", host.port(), "/in"),
                            Objects.requireNonNull(e.getCause()));
            return outcome.word() + ": " + outcome.words();
        }
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(files.resolve("in"))) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
