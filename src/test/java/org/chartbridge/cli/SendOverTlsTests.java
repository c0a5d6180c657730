package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.TestCertificates;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code send --tls} against a port that wants a client certificate. */
class SendOverTlsTests {
    @TempDir Path folder = Path.of("set by JUnit");

    private final MllpNetwork network = new MllpNetwork(1, 64 << 20);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write() throws IOException {
        var authority = TestCertificates.authority("CN=CA");
        authority.write(folder, "ca");
        authority.signs("CN=engine").write(folder, "engine");
        authority.signs("CN=lis").write(folder, "lis");
        TestCertificates.authority("CN=Other").write(folder, "other");
        Files.writeString(
                folder.resolve("a.hl7"), "MSH|^~\\&|LIS|LAB|||20261122||ORU^R01|C-1|P|2.5.1\r");
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void withTheRightCertificatesAMessageIsAccepted() throws Exception {
        var code =
                send(
                        "--tls",
                        "--trust",
                        file("ca.pem"),
                        "--certificate",
                        file("lis.pem"),
                        "--key",
                        file("lis.key"));

        assertThat(code).describedAs(err.toString()).isZero();
        assertThat(out.toString()).containsPattern("C-1 +AA accepted");
    }

    @Test
    void aServerThatIsNotTrustedIsExitCode3WithCauseAndRemedy() throws Exception {
        assertThat(send("--tls", "--trust", file("other.pem"))).isEqualTo(3);
        assertThat(err.toString())
                .contains("comes from nobody in trust (CN=engine, issued by CN=CA)")
                .doesNotContain("Does the engine run");
    }

    @Test
    void withoutAClientCertificateTheMessageIsUnansweredAndSaysWhatIsWanted() throws Exception {
        assertThat(send("--tls", "--trust", file("ca.pem"))).isEqualTo(3);
        assertThat(out + err.toString()).contains("wants a client certificate and got none");
    }

    @Test
    void withoutTlsAMessageIsUnanswered() throws Exception {
        assertThat(send()).isEqualTo(3);
        assertThat(err.toString()).contains("Try --tls");
    }

    @Test
    void wrongUseIsExitCode2() throws Exception {
        assertThat(send("--trust", file("ca.pem"))).isEqualTo(2);
        assertThat(send("--tls", "--certificate", file("lis.pem"))).isEqualTo(2);
        assertThat(send("--tls", "--trust", file("gone.pem"))).isEqualTo(2);
        assertThat(err.toString())
                .contains("go with --tls")
                .contains("go together")
                .contains("gone.pem: there is no such file; correct the path");
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private int send(String... options) throws IOException {
        var tls =
                Tls.ofServer(
                        new TlsFiles(
                                folder.resolve("engine.pem"),
                                folder.resolve("engine.key"),
                                folder.resolve("ca.pem")),
                        Tls.Ask.REQUIRED);
        try (var listener =
                MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Limits.defaults(),
                        tls,
                        SendOverTlsTests::accept,
                        new ConnectionObserver() {})) {
            var line = new CommandLine(new SendCommand());
            line.setOut(new PrintWriter(out));
            line.setErr(new PrintWriter(err));
            var all = new ArrayList<>(List.of(options));
            all.addAll(List.of("--port", "" + listener.address().getPort(), file("a.hl7")));
            return line.execute(all.toArray(String[]::new));
        }
    }

    private static CompletableFuture<Answer> accept(Frame frame) {
        return CompletableFuture.completedFuture(
                new Answer.Reply(
                        Acknowledgement.of(
                                frame.content(),
                                AckCode.AA,
                                List.of(),
                                "ANSWER",
                                Instant.EPOCH,
                                ZoneOffset.UTC)));
    }
}
