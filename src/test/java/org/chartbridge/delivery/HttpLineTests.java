package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import org.chartbridge.TestCertificates;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.partner.Login;
import org.chartbridge.partner.Yaml.Place;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** A partner behind a web server, with every answer that such servers give. */
class HttpLineTests {
    private static final String MESSAGE = "MSH|^~\\&|CLINIC|A|LIS|B|20261122||ORM^O01|M1|P|2.5.1\r";
    private static final String ACCEPTED = acknowledgement("AA", "M1");

    @TempDir Path pem = Path.of("set by JUnit");

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private @Nullable HttpServer server;

    /** What the partner answers. */
    private int status = 200;

    private String body = ACCEPTED;

    @AfterEach
    void stop() {
        if (server != null) server.stop(0);
    }

    @Test
    void theAcknowledgementIsTheBodyOfTheAnswer() throws Exception {
        start((TlsFiles) null);

        assertThat(outcome()).isEqualTo(new Outcome.Accepted("answered AA"));
        assertThat(seen)
                .containsExactly("POST /hl7 application/hl7-v2; charset=UTF-8 null " + MESSAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                // A refusal comes with 200 by the specification, with 400 or 500 from HAPI's
                // server.
                "200 ! AE M1 ! Refused ! answered AE",
                "500 ! AE M1 ! Refused ! answered AE",
                "400 ! AR M1 ! Deferred ! answered AR",
                "200 ! AA M2 ! Unknown ! answered 200 for another message (MSA-2)",
                "500 ! AA M1 ! Unknown ! answered 500 and AA at once",
                "200 ! <html>OK</html> ! Unknown ! answered 200, and no acknowledgement stands"
                        + " there",
                "200 ! '' ! Unknown ! answered 200 without an acknowledgement",
                "503 ! <html>sorry</html> ! Deferred ! answered 503: not now",
                "429 ! '' ! Deferred ! answered 429: not now",
                "500 ! '' ! Unknown ! answered 500 without an acknowledgement",
                "502 ! '' ! Unknown ! answered 502 without an acknowledgement",
                "404 ! '' ! Refused ! answered 404 without an acknowledgement",
                "401 ! '' ! Refused ! answered 401: it does not know us; look at login in"
                        + " partner.yaml, then resume",
                "403 ! '' ! Refused ! answered 403: we may not send there; ask the partner for the"
                        + " right",
                "302 ! '' ! Refused ! answered 302: it is elsewhere; write its new address in the"
                        + " route",
            })
    void everyAnswerHasOneMeaning(int code, String text, String kind, String words)
            throws Exception {
        status = code;
        body = text.matches("[AC]. M.") ? acknowledgement(text.split(" ")) : text;
        start((TlsFiles) null);

        var outcome = outcome();

        assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(outcome.words()).isEqualTo(words);
        assertThat(seen).hasSize(1);
    }

    @Test
    void anAnswerWithoutEndIsCut() throws Exception {
        body = "x".repeat(HttpLine.MAX_ANSWER_BYTES + 1);
        start((TlsFiles) null);

        assertThat(outcome())
                .isEqualTo(new Outcome.Unknown("the answer is longer than 1048576 bytes"));
    }

    @Test
    void aConnectionThatIsCutBeforeTheAnswerLeavesItUnknown() throws Exception {
        body = "cut";
        start((TlsFiles) null);

        assertThat(outcome())
                .isEqualTo(new Outcome.Unknown("the connection ended before an answer came"));
    }

    @Test
    void whereNobodyListensNothingIsBegun() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var nowhere = new Endpoint.Http(URI.create("http://127.0.0.1:" + port + "/hl7"));

        assertThatThrownBy(() -> open(nowhere, Optional.empty(), Optional.empty()))
                .hasMessage("nothing listens at http://127.0.0.1:" + port + "/hl7");
    }

    @Test
    void whatNeedsNoAnswerIsTakenByItsStatusAlone() throws Exception {
        body = "";
        start((TlsFiles) null);
        try (var line = open(endpoint(), Optional.empty(), Optional.empty())) {
            assertThat(line.post(MESSAGE.getBytes(UTF_8), "1").toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(10));

            status = 503;
            assertThat(line.post(MESSAGE.getBytes(UTF_8), "1").toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void userAndPasswordOrTokenAreShown() throws Exception {
        start((TlsFiles) null);

        outcome(
                new Login("clinic", "s3:ä", null, null, List.of(), new Place(1, 1)),
                MESSAGE,
                UTF_8);
        outcome(new Login(null, null, "abc.def", null, List.of(), new Place(1, 1)), MESSAGE, UTF_8);

        assertThat(seen.getFirst()).contains(" Basic Y2xpbmljOnMzOsOk ");
        assertThat(seen.getLast()).contains(" Bearer abc.def ");
    }

    @Test
    void theCharacterSetIsSaidWhereItIsKnown() throws Exception {
        start((TlsFiles) null);
        var latin = MESSAGE.replace("2.5.1", "2.5.1||||||8859/1") + "PID|||Müller\r";

        outcome(null, latin, ISO_8859_1);
        outcome(null, MESSAGE + "PID|||Müller\r", ISO_8859_1);

        assertThat(seen.getFirst()).contains("application/hl7-v2; charset=ISO-8859-1 ");
        assertThat(seen.getLast()).contains("application/hl7-v2 null");
    }

    @Test
    void overMutualTlsBothSidesAreKnown() throws Exception {
        var authority = TestCertificates.authority("CN=CA");
        authority.write(pem, "ca");
        authority.signs("CN=engine").write(pem, "engine");
        authority.signs("CN=lab").write(pem, "lab");
        start(files("lab"));

        assertThat(outcome(Tls.ofClient(files("engine"))))
                .isEqualTo(new Outcome.Accepted("answered AA"));

        var nobody = new TlsFiles(null, null, pem.resolve("ca.pem"));
        // TLS 1.3 may refuse behind the handshake: then it is not known what arrived.
        assertThat(refusal(nobody)).containsAnyOf("no TLS with https://127.0.0.1:", "it was sent");
        assertThat(seen).hasSize(1);
    }

    @Test
    void whoIsNotTrustedOrExpiredGetsNothing() throws Exception {
        var authority = TestCertificates.authority("CN=CA");
        authority.write(pem, "ca");
        TestCertificates.authority("CN=Other").write(pem, "other");
        var now = Instant.now();
        var ca = new TlsFiles(null, null, pem.resolve("ca.pem"));
        start(authority.signs("CN=lab").server());

        assertThat(refusal(new TlsFiles(null, null, pem.resolve("other.pem"))))
                .contains("comes from nobody in trust (CN=lab, issued by CN=CA)");

        stop();
        var day = Duration.ofDays(1);
        start(authority.signs("CN=lab", now.minus(day), now.minusSeconds(1)).server());
        assertThat(refusal(ca))
                .contains("the other side's certificate has expired (CN=lab, issued by CN=CA)");
        assertThat(seen).isEmpty();
    }

    // ------------------------------------------------------------

    private TlsFiles files(String name) {
        return new TlsFiles(
                pem.resolve(name + ".pem"), pem.resolve(name + ".key"), pem.resolve("ca.pem"));
    }

    /** Why no connection comes about, or why the message did not get through it. */
    private String refusal(TlsFiles files) throws Exception {
        try {
            return outcome(Tls.ofClient(files)) instanceof Outcome.Unsent(var words, var asks)
                            && asks
                    ? words
                    : "it was sent";
        } catch (Line.CannotOpen e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Outcome outcome() throws Exception {
        return outcome(null, MESSAGE, UTF_8);
    }

    private Outcome outcome(@Nullable Login login, String message, Charset charset)
            throws Exception {
        try (var line = open(endpoint(), Optional.empty(), Optional.ofNullable(login))) {
            return sent(line, message.getBytes(charset));
        }
    }

    private Outcome outcome(Tls tls) throws Exception {
        try (var line = open(endpoint(), Optional.of(tls), Optional.empty())) {
            return sent(line, MESSAGE.getBytes(UTF_8));
        }
    }

    private Outcome sent(HttpLine line, byte[] message) throws Exception {
        try {
            var answer = line.send(message, "M1").toCompletableFuture().get(20, TimeUnit.SECONDS);
            return Answers.read(answer, UTF_8);
        } catch (ExecutionException e) {
            return Mishap.outcome(endpoint(), Objects.requireNonNull(e.getCause()));
        }
    }

    private static HttpLine open(Endpoint.Http endpoint, Optional<Tls> tls, Optional<Login> login)
            throws Exception {
        return HttpLine.open(endpoint, tls, login, ISO_8859_1, Duration.ofSeconds(5));
    }

    private Endpoint.Http endpoint() {
        var its = Objects.requireNonNull(server);
        var scheme = its instanceof HttpsServer ? "https" : "http";
        return new Endpoint.Http(
                URI.create(scheme + "://127.0.0.1:" + its.getAddress().getPort() + "/hl7"));
    }

    /** A web server, with TLS that wants a certificate where files are given. */
    private void start(@Nullable TlsFiles files) throws Exception {
        if (files != null) {
            start(Tls.ofServer(files, Tls.Ask.REQUIRED).context(), true);
            return;
        }
        server =
                started(
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    private void start(SSLContext context) throws Exception {
        start(context, false);
    }

    private void start(SSLContext context, boolean asks) throws Exception {
        var secured =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secured.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        var its = context.getDefaultSSLParameters();
                        its.setNeedClientAuth(asks);
                        parameters.setSSLParameters(its);
                    }
                });
        server = started(secured);
    }

    private HttpServer started(HttpServer its) {
        its.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        its.createContext("/hl7", this::answer);
        its.start();
        return its;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var content = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
            var headers = exchange.getRequestHeaders();
            seen.add(
                    String.join(
                            " ",
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            headers.getFirst("Content-Type"),
                            headers.getFirst("Authorization"),
                            content));
            if (body.equals("cut")) return; // Closed without a word.
            if (status == 302) exchange.getResponseHeaders().add("Location", "/hl7/elsewhere");
            var bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) exchange.getResponseBody().write(bytes);
        }
    }

    private static String acknowledgement(String... codeAndId) {
        return "MSH|^~\\&|LIS|B|CLINIC|A|20261122||ACK|A1|P|2.5.1\rMSA|%s|%s\r"
                .formatted((Object[]) codeAndId);
    }
}
