package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.partner.Login;
import org.chartbridge.sftp.SftpHostInTest;
import org.chartbridge.sftp.SftpHostInTest.Renaming;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Files of another machine: each taken once when it is whole, and moved after it was answered. */
class SftpDropTests {
    @TempDir Path files = Path.of("set by JUnit");

    private final Received received = new Received();
    private SftpHostInTest host;
    private SftpDrop drop;

    @BeforeEach
    void start() throws IOException {
        host = new SftpHostInTest(files);
        Files.createDirectory(files.resolve("out"));
        drop = over(host.login());
    }

    @AfterEach
    void stop() throws IOException {
        drop.close();
        host.close();
    }

    @Test
    void filesAreTakenInTheOrderOfNamesAndMoved() throws Exception {
        put("b.hl7", message("2"));
        put("a.hl7", message("1"));
        put(".c.hl7", message("3"));
        put("d.hl7.part", message("4"));

        assertThat(drop.look()).isZero(); // Seen for the first time.
        assertThat(drop.look()).isEqualTo(2);

        assertThat(received.arrivals)
                .extracting(arrival -> new String(arrival.raw(), StandardCharsets.ISO_8859_1))
                .containsExactly(message("1"), message("2"));
        assertThat(names("done")).containsExactly("a.hl7", "b.hl7");
        assertThat(names("answers")).isEmpty();
        assertThat(names("")).containsExactly(".c.hl7", "d.hl7.part");
        assertThat(drop.look()).isZero();
    }

    @Test
    void aFileThatStillGrowsIsLeftAlone() throws Exception {
        put("a.hl7", "MSH|^~");
        drop.look();
        put("a.hl7", message("1"));

        assertThat(drop.look()).isZero();
        assertThat(received.arrivals).isEmpty();
        assertThat(drop.look()).isOne();
        assertThat(received.arrivals).hasSize(1);
    }

    @Test
    void whileNothingCanBePromisedTheFileAndThoseBehindItStay() throws Exception {
        put("a.hl7", message("DOWN"));
        put("b.hl7", message("2"));
        drop.look();

        assertThat(drop.look()).isZero();

        assertThat(names("")).containsExactly("a.hl7", "b.hl7");
        assertThat(drop.nextLook()).isEqualTo(SftpDrop.RETRY);
    }

    @Test
    void aFileThatCanNotBeMovedIsNotAnsweredASecondTime() throws Exception {
        put("a.hl7", answered("1"));
        drop.look();
        // The answer's own renaming goes well: it is the file's that is refused.
        host.after(1, Renaming.REFUSED);
        assertThatThrownBy(() -> drop.look())
                .isInstanceOf(Drop.Unusable.class)
                .hasMessageContaining("can't be read or moved");
        assertThat(names("")).containsExactly("a.hl7");

        drop.look();

        assertThat(names("refused")).containsExactly("a.hl7");
        assertThat(names("answers")).containsExactly("a.hl7.ack");
        assertThat(received.arrivals).hasSize(1);
    }

    @Test
    void aConnectionThatEndsIsOpenedAnewAndTheFileIsMovedThen() throws Exception {
        put("a.hl7", message("1"));
        drop.look();
        host.after(0, Renaming.CUT_BEFORE);
        assertThatThrownBy(() -> drop.look()).hasMessageContaining("ended");

        drop.look();

        assertThat(received.arrivals).hasSize(1);
        assertThat(names("done")).containsExactly("a.hl7");
    }

    @Test
    void anEngineThatIsKilledBeforeTheMoveHandsTheFileToIntakeAgain() throws Exception {
        put("a.hl7", message("1"));
        drop.look();
        host.after(0, Renaming.CUT_BEFORE);
        assertThatThrownBy(() -> drop.look()).hasMessageContaining("ended");
        drop.close();
        drop = over(host.login());

        drop.look();
        drop.look();

        // Intake knows it by MSH-10 and content, and answers as before.
        assertThat(received.arrivals).hasSize(2);
        assertThat(names("done")).containsExactly("a.hl7");
    }

    @Test
    void refusedMessagesAreMovedAside() throws Exception {
        put("a.hl7", "no message");
        drop.look();
        drop.look();

        assertThat(names("refused")).containsExactly("a.hl7");
    }

    @Test
    void anotherHostsKeyIsSaidWithItsRemedy() {
        drop.close();
        drop = over(SftpHostInTest.login("s3cret", "SHA256:" + "A".repeat(43)));

        assertThatThrownBy(() -> drop.look())
                .hasMessageContaining("shows another key, " + host.fingerprint())
                .extracting(e -> e instanceof Drop.Unusable its ? its.remedy() : "")
                .asString()
                .startsWith("ask its owner");
    }

    // ------------------------------------------------------------

    private SftpDrop over(Login login) {
        var at = new Endpoint.Sftp("127.0.0.1", host.port(), "/out");
        return new SftpDrop(
                new Door.Sftp(at),
                at.as(login),
                DropFolderTests.dispatch(new Door.Sftp(at), received),
                Duration.ZERO);
    }

    private void put(String name, String text) throws IOException {
        Files.writeString(files.resolve("out").resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    private List<String> names(String below) throws IOException {
        try (Stream<Path> all = Files.list(files.resolve("out").resolve(below))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** One that asks for no answer. */
    private static String message(String id) {
        return "MSH|^~\\&|LIS|LAB|QUIET||20261122080000||ORU^R01|" + id + "|P|2.5.1\r";
    }

    /** One whose answer can't be read as an acceptance: that of {@link Received}. */
    private static String answered(String id) {
        return message(id).replace("QUIET", "");
    }
}
