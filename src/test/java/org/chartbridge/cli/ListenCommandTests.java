package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.FreePort;
import org.chartbridge.TestCertificates;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code listen}: every way to answer, what it prints, and its exit codes. */
class ListenCommandTests {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String MESSAGE =
            "MSH|^~\\&|LIS|LAB|||20261122||ORU^R01|M-1|P|2.5.1\rPID|1||4711\r";

    @TempDir Path folder = Path.of("set by JUnit");

    private final MllpNetwork network = new MllpNetwork(1, 16 << 20);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void itAcceptsAndShowsWhatCame() throws Exception {
        var command = listen("--count", "2");

        assertThat(exchange(command)).contains("MSA|AA|M-1");
        assertThat(exchange(command)).contains("MSA|AA|M-1");

        assertThat(command.code.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString())
                .contains("ORU^R01", "M-1", "from LIS|LAB", "    PID|1||4711")
                .contains("(this MSH-10 for the 2. time)")
                .contains("2 messages, 1 of them repeats.");
    }

    @Test
    void itAnswersAsItIsTold() throws Exception {
        assertThat(exchange(listen("--count", "1", "--answer", "AE")))
                .contains("MSA|AE|M-1", "ERR|");
        assertThat(exchange(listen("--count", "1", "--answer", "ar"))).contains("MSA|AR|M-1");
        assertThat(exchange(listen("--count", "1", "--answer", "CE"))).contains("MSA|CE|M-1");
        assertThat(exchange(listen("--count", "1", "--answer", "wrong-id")))
                .contains("MSA|AA|NOT-M-1");
        assertThat(exchange(listen("--count", "1", "--answer", "late", "--delay", "50ms")))
                .contains("MSA|AA|M-1");
    }

    @Test
    void itHangsUpOrNeverAnswers() throws Exception {
        var hangup = listen("--count", "1", "--answer", "hangup");
        assertThatThrownBy(() -> exchange(hangup)).isInstanceOf(MllpFailure.HungUp.class);
        assertThat(hangup.code.get(10, TimeUnit.SECONDS)).isZero();

        var never = listen("--answer", "never");
        var client = connect(never);
        assertThatThrownBy(() -> client.exchange(MESSAGE.getBytes(UTF_8), Duration.ofMillis(200)))
                .isInstanceOf(MllpFailure.TimedOut.class);
        never.thread.interrupt();
    }

    @Test
    void itSavesTheBytesUnderNamesOfItsOwn() throws Exception {
        var saved = folder.resolve("in");
        var command = listen("--count", "1", "--quiet", "--save", saved.toString());

        exchange(command);
        command.code.get(10, TimeUnit.SECONDS);

        try (Stream<Path> files = Files.list(saved)) {
            var file = files.toList().getFirst();
            assertThat(file.getFileName().toString())
                    .matches("000001-.*Z\\.hl7")
                    .doesNotContain("M-1");
            assertThat(Files.readString(file)).isEqualTo(MESSAGE);
        }
        assertThat(out.toString()).doesNotContain("PID|1");
    }

    @Test
    void itSpeaksTlsAndLetsInWhomItTrusts() throws Exception {
        var authority = TestCertificates.authority("CN=CA");
        authority.write(folder, "ca");
        authority.signs("CN=partner").write(folder, "partner");
        authority.signs("CN=engine").write(folder, "engine");
        var command =
                listen(
                        "--count",
                        "1",
                        "--tls",
                        "--certificate",
                        file("partner.pem"),
                        "--key",
                        file("partner.key"),
                        "--trust",
                        file("ca.pem"));

        assertThatThrownBy(() -> exchange(command)).isInstanceOf(MllpFailure.class);
        await().until(() -> out.toString().contains("no TLS: "));

        try (var client =
                MllpClient.connect(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), command.port),
                        SOON,
                        Limits.defaults(),
                        null,
                        Optional.of(
                                Tls.ofClient(
                                        new TlsFiles(
                                                folder.resolve("engine.pem"),
                                                folder.resolve("engine.key"),
                                                folder.resolve("ca.pem")))))) {
            assertThat(new String(client.exchange(MESSAGE.getBytes(UTF_8), SOON), UTF_8))
                    .contains("MSA|AA|M-1");
        }
        assertThat(command.code.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString()).contains(" by TLS, answering AA");
    }

    @Test
    void whatIsMissingForTlsIsSaid() {
        assertThat(run("2577", "--tls")).isEqualTo(2);
        assertThat(run("2577", "--trust", file("ca.pem"))).isEqualTo(2);
        assertThat(run("2577", "--tls", "--certificate", file("gone.pem"), "--key", file("k")))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--tls on a port wants --certificate and --key")
                .contains("go with --tls")
                .contains("gone.pem: there is no such file; correct the path");
    }

    @Test
    void wrongUseAndATakenPortAreSaid() throws Exception {
        assertThat(run("70000")).isEqualTo(2);
        assertThat(run("2577", "--answer", "maybe")).isEqualTo(2);
        assertThat(err.toString()).contains("wanted AA, AE, AR").contains("wanted 1 to 65535");

        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run(String.valueOf(taken.getLocalPort()))).isEqualTo(1);
        }
        assertThat(err.toString()).contains("Can't listen");
    }

    @Test
    void aPartnerIsPlayedUntilItHasSaidAll() throws Exception {
        var ledger = folder.resolve("ledger.jsonl");
        int nobody = FreePort.take();

        assertThat(
                        run(
                                "lab",
                                "--port",
                                "0",
                                "--to",
                                "" + nobody,
                                "--once",
                                "--ledger",
                                "" + ledger))
                .isZero();
        assertThat(run("lab", "--port", "0", "--once", "--ledger", "" + ledger)).isEqualTo(2);

        assertThat(out.toString()).contains("Playing a lab at 127.0.0.1:").contains("Seed ");
        assertThat(err.toString()).contains("exists; name a new file");
    }

    @Test
    void aBrokenScriptIsNotPlayed() throws Exception {
        var script = folder.resolve("bad.yaml");
        Files.writeString(script, "role: lab\norders:\n  - { then: [finl] }\n");

        assertThat(run("lab", "--script", script.toString())).isEqualTo(2);
        assertThat(run("emr", "--script", file("none.yaml"))).isEqualTo(2);
        assertThat(run("specialist", "--to", "0")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);

        assertThat(err.toString())
                .contains("bad.yaml:3: a lab sends no \"finl\"; did you mean \"final\"?")
                .contains("--script: no such file")
                .contains("--to: wanted 1 to 65535, got 0")
                .contains("PORT");
    }

    // ------------------------------------------------------------

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private record Listening(int port, Thread thread, CompletableFuture<Integer> code) {}

    private Listening listen(String... options) throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var code = new CompletableFuture<Integer>();
        var arguments =
                Stream.concat(Stream.of(String.valueOf(port)), Stream.of(options))
                        .toArray(String[]::new);
        var thread = Thread.ofPlatform().daemon().start(() -> code.complete(run(arguments)));
        await().until(() -> out.toString().contains("Listening on 127.0.0.1:" + port));
        return new Listening(port, thread, code);
    }

    private int run(String... arguments) {
        var line = Commands.line();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(
                Stream.concat(Stream.of("listen"), Stream.of(arguments)).toArray(String[]::new));
    }

    private String exchange(Listening to) throws Exception {
        return new String(connect(to).exchange(MESSAGE.getBytes(UTF_8), SOON), UTF_8);
    }

    private MllpClient connect(Listening to) throws Exception {
        return MllpClient.connect(
                network, new InetSocketAddress(InetAddress.getLoopbackAddress(), to.port), SOON);
    }
}
