package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.TestCertificates;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFailure;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.partner.FileFault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Messages that are posted: who may, what comes back, and what is turned away unread. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("reads what the whole JVM logs")
class WebDoorsTests {
    private static final String MESSAGE = Sockets.message("LIS", "", "ORU^R01");

    @TempDir Path root = Path.of("set by JUnit");
    @TempDir Path pem = Path.of("set by JUnit");

    private final int port = Sockets.freePort();
    private final Received received = new Received();
    // 127.0.0.2 stands for an address that other machines can call.
    private final Listeners listeners =
            new Listeners(received, a -> a.toString().startsWith("127.0.0.1:"));
    private final HttpClient plain = HttpClient.newHttpClient();
    private @Nullable RouteFolders started;

    @BeforeEach
    void certificates() throws IOException {
        var authority = TestCertificates.authority("CN=CA");
        authority.write(pem, "ca");
        for (var name : List.of("engine", "north")) authority.signs("CN=" + name).write(pem, name);
    }

    @AfterEach
    void close() {
        listeners.close();
        plain.close();
        if (started != null) started.close();
    }

    @Test
    void theAcknowledgementIsTheBodyOfTheAnswer() throws Exception {
        partner("north", "sender: { application: LIS }", "http:127.0.0.1");
        start();

        var answer = post("/hl7/north", MESSAGE, "Content-Type", "application/hl7-v2");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("AA north north-in");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/hl7-v2; charset=UTF-8");
        assertThat(received.arrivals).hasSize(1);
        assertThat(received.arrivals.element().peer()).startsWith("127.0.0.1:");
    }

    @Test
    void refusalsAreAcknowledgementsTooAndOnlyWhatCanNotBePromisedIsAFailure() throws Exception {
        partner("north", "sender: { application: LIS }", "http:127.0.0.1");
        start();

        var stranger = post("/hl7/north", Sockets.message("WHO", "", "ORU^R01"));
        assertThat(stranger.statusCode()).isEqualTo(200);
        assertThat(stranger.body()).startsWith("AR no partner on http:127.0.0.1:" + port);
        assertThat(post("/hl7/north", MESSAGE + "ZZZ|DOWN|\r").statusCode()).isEqualTo(503);
        assertThat(post("/hl7/north", MESSAGE + "ZZZ|QUIET|\r").statusCode()).isEqualTo(204);
        assertThat(post("/hl7/north", "no message").body()).startsWith("AR no readable MSH");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "/hl7/south ! text/plain ! 404 ! no route takes messages here",
                "/hl7/north/ ! text/plain ! 404 ! no route takes messages here",
                "/hl7/north ! application/json ! 415 ! wanted Content-Type application/hl7-v2",
                "/hl7/north ! application/hl7-v2; charset=ISO-8859-1 ! 415 ! Content-Type names"
                        + " another character set than UTF-8",
                "/hl7/north ! application/hl7-v2; charset=\"utf-8\" ! 200 ! AA north",
            })
    void whatIsNotMeantIsTurnedAwayWithTheReason(String path, String type, int status, String words)
            throws Exception {
        partner("north", "sender: { application: LIS }", "http:127.0.0.1");
        start();

        var answer = post(path, MESSAGE + "PID|||Müller\r", "Content-Type", type);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).startsWith(words);
        assertThat(received.arrivals).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void aBodyOverTheLimitIsNotRead() throws Exception {
        partner("north", "sender: { application: LIS }", "http:127.0.0.1");
        write("ports.yaml", "- address: 127.0.0.1:" + port + "\n  max-frame-bytes: 1000\n");
        start();

        assertThat(post("/hl7/north", MESSAGE + "NTE|1||" + "x".repeat(1_000)).statusCode())
                .isEqualTo(413);
        assertThat(post("/hl7/north", MESSAGE).statusCode()).isEqualTo(200);
    }

    @Test
    void whoShowsNothingOrTheWrongThingGets401AndTheLogHasNoData(CapturedOutput log)
            throws Exception {
        partner(
                "north",
                "sender: { application: LIS }\ncaller: { user: north, password: \"${SECRET}\" }",
                "http:127.0.0.1");
        partner(
                "south",
                "sender: { application: LIS }\ncaller: { token: \"${SECRET}\" }",
                "http:127.0.0.1");
        start();

        assertThat(post("/hl7/north", MESSAGE).statusCode()).isEqualTo(401);
        for (var wrong :
                List.of(
                        basic("north:wr0ng"),
                        "Bearer s3cret",
                        "Basic %%%",
                        "Basic",
                        basic("NORTH:s3cret")))
            assertThat(post("/hl7/north", MESSAGE, "Authorization", wrong).statusCode())
                    .describedAs(wrong)
                    .isEqualTo(401);
        assertThat(post("/hl7/south", MESSAGE, "Authorization", basic("north:s3cret")).statusCode())
                .isEqualTo(401);
        assertThat(received.arrivals).isEmpty();

        assertThat(post("/hl7/north", MESSAGE, "Authorization", basic("north:s3cret")).body())
                .isEqualTo("AA north north-in");
        assertThat(post("/hl7/south", MESSAGE, "Authorization", "Bearer s3cret").body())
                .isEqualTo("AA south south-in");
        assertThat(log).contains("401: a wrong credential").doesNotContain("s3cret", "wr0ng");
    }

    @Test
    void overTlsACertificateSaysWhoItIs() throws Exception {
        partner("north", "sender: { application: LIS }\ncertificate: CN=north", "https:127.0.0.1");
        write(
                "ports.yaml",
                """
                - address: 127.0.0.1:%d
                  tls:
                    certificate: ${PEM}/engine.pem
                    key: ${PEM}/engine.key
                    trust: ${PEM}/ca.pem
                    client-certificate: optional
                """
                        .formatted(port));
        start();

        assertThat(posted("north").body()).isEqualTo("AA north north-in");
        assertThat(posted("engine").body()).startsWith("AR sender MSH-3");
        assertThat(posted(null).body()).startsWith("AR sender MSH-3").contains("none was shown");
    }

    @Test
    void aHandshakeThatFailsIsALineInTheLog(CapturedOutput log) throws Exception {
        partner("north", "sender: { application: LIS }\ncertificate: CN=north", "https:127.0.0.1");
        write(
                "ports.yaml",
                """
                - address: 127.0.0.1:%d
                  tls:
                    certificate: ${PEM}/engine.pem
                    key: ${PEM}/engine.key
                    trust: ${PEM}/ca.pem
                """
                        .formatted(port));
        start();

        assertThatThrownBy(() -> posted(null)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post("/hl7/north", MESSAGE)).isInstanceOf(IOException.class);
        assertThat(posted("north").body()).isEqualTo("AA north north-in");

        await().untilAsserted(
                        () ->
                                assertThat(log.getAll().lines())
                                        .filteredOn(line -> line.contains("no TLS: "))
                                        .hasSize(2)
                                        .allMatch(line -> line.contains("127.0.0.1:" + port)));
        assertThat(log)
                .contains("no TLS: the other side showed no certificate")
                .contains("no TLS: the other side does not speak TLS");
    }

    @Test
    void whoFailsAgainAndAgainDoesNotFillTheLog(CapturedOutput log) {
        var seconds = new AtomicLong();
        var failures =
                new FailedHandshakes(
                        new Address(InetAddress.getLoopbackAddress(), port),
                        () -> Instant.ofEpochSecond(seconds.get()));
        var why = new TlsFailure(TlsFailure.Cause.NOT_TLS, "");

        for (int i = 0; i < FailedHandshakes.MAX_A_MINUTE + 5; i++) failures.failed("p:1", why);
        assertThat(log.getAll().split("no TLS: ", -1)).hasSize(FailedHandshakes.MAX_A_MINUTE + 1);
        seconds.set(61);
        failures.failed("p:1", why);

        assertThat(log.getAll().split("no TLS: ", -1)).hasSize(FailedHandshakes.MAX_A_MINUTE + 2);
        assertThat(log).contains("more handshakes failed in a minute").contains("count=\"5\"");
    }

    @Test
    void eachDoorThatIsNotSafeStaysClosedAndNoOther() throws Exception {
        partner("east", "sender: { application: LIS }", "http:127.0.0.1");
        // Another partner's path, a scheme that the port does not speak, an open door.
        partner("north", "sender: { application: N }", "http:127.0.0.1");
        write("north/in.yaml", route("north", "http:127.0.0.1:" + port + "/hl7/east"));
        partner("south", "sender: { application: S }", "https:127.0.0.1");
        write("ports.yaml", "- address: 127.0.0.2:" + port + "\n  allow-plaintext: true\n");
        partner("west", "sender: { application: W }", "http:127.0.0.2");
        var folders = start();

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactlyInAnyOrder(
                        "north/in.yaml:4: http:127.0.0.1:"
                                + port
                                + "/hl7/east is the door of east; give each partner a path of its"
                                + " own",
                        "south/in.yaml:4: https: needs TLS, and ports.yaml has none for 127.0.0.1:"
                                + port
                                + "; give 127.0.0.1:"
                                + port
                                + " tls in ports.yaml",
                        "west/in.yaml:4: whoever reaches http:127.0.0.2:"
                                + port
                                + "/hl7/west could send as west; give west/partner.yaml caller, or"
                                + " certificate");
        assertThat(post("/hl7/east", MESSAGE).body()).isEqualTo("AA east east-in");
        assertThat(post("/hl7/south", MESSAGE).statusCode()).isEqualTo(404);
    }

    @Test
    void routesThatChangeLeaveTheAddressOpen() throws Exception {
        partner("north", "sender: { application: LIS }", "http:127.0.0.1");
        var folders = start();
        assertThat(post("/hl7/north", MESSAGE).body()).isEqualTo("AA north north-in");

        partner("south", "sender: { application: LIS }", "http:127.0.0.1");
        folders.refresh();
        folders.refresh();

        assertThat(post("/hl7/south", MESSAGE).body()).isEqualTo("AA south south-in");
        assertThat(post("/hl7/north", MESSAGE).body()).isEqualTo("AA north north-in");
        assertThat(listeners.shown())
                .extracting(shown -> shown.listener() + " " + shown.open())
                .containsExactlyInAnyOrder(
                        "http:127.0.0.1:" + port + "/hl7/north true",
                        "http:127.0.0.1:" + port + "/hl7/south true");
    }

    // ------------------------------------------------------------

    private static String basic(String both) {
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    }

    private HttpResponse<String> post(String path, String message, String... headers)
            throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .POST(BodyPublishers.ofString(message, UTF_8));
        if (headers.length > 0) request.headers(headers);
        return plain.send(request.build(), BodyHandlers.ofString(ISO_8859_1));
    }

    /** By a client with this certificate. */
    private HttpResponse<String> posted(@Nullable String name) throws Exception {
        var tls =
                Tls.ofClient(
                        new TlsFiles(
                                name == null ? null : pem.resolve(name + ".pem"),
                                name == null ? null : pem.resolve(name + ".key"),
                                pem.resolve("ca.pem")));
        try (var client = HttpClient.newBuilder().sslContext(tls.context()).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/hl7/north"))
                            .POST(BodyPublishers.ofString(MESSAGE, UTF_8))
                            .build(),
                    BodyHandlers.ofString(ISO_8859_1));
        }
    }

    private RouteFolders start() {
        var folders =
                new RouteFolders(
                        root,
                        new RouteFile.Environment(
                                Map.of("PEM", pem.toString(), "SECRET", "s3cret"), List.of()),
                        new CamelSteps(),
                        new RunningRoutes(),
                        listeners,
                        new OutboxRoutes(_ -> 0));
        started = folders;
        folders.load();
        folders.beforeOpening();
        listeners.open();
        return folders;
    }

    private void partner(String name, String settings, String door) throws IOException {
        write(name + "/partner.yaml", settings + "\nzone: UTC\n");
        write(name + "/in.yaml", route(name, door + ":" + port + "/hl7/" + name));
    }

    private static String route(String name, String door) {
        return """
        - route:
            id: %s-in
            from:
              uri: %s
              steps:
                - to: { uri: chart }
        """
                .formatted(name, door);
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(root.resolve(name).getParent());
        Files.writeString(root.resolve(name), text);
    }
}
