package org.chartbridge.routes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsExchange;

import org.chartbridge.hl7.MediaType;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.Limits;
import org.chartbridge.partner.Login;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One message in each request, answered with its acknowledgement after the commit, as "HL7 over
 * HTTP" describes it: a refusal is an acknowledgement too and comes with 200. Whoever is not known
 * is turned away before the body is read.
 */
final class WebRequests implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(WebRequests.class);

    /** How long whoever shows a wrong password waits for the answer. */
    static final Duration BRAKE = Duration.ofMillis(300);

    private static final String REALM = "Basic realm=\"Chartbridge\", charset=\"UTF-8\"";

    private volatile Map<String, WebDoor> doors = Map.of();
    private volatile Limits limits = Limits.defaults();
    private final AtomicInteger inWork = new AtomicInteger();

    void use(Map<String, WebDoor> newer) {
        doors = newer;
    }

    void use(Limits newer) {
        limits = newer;
    }

    int inWork() {
        return inWork.get();
    }

    /** What goes back. */
    private record Reply(int status, String words, byte @Nullable [] acknowledgement) {
        static Reply of(int status, String words) {
            return new Reply(status, words, null);
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                reply =
                        inWork.incrementAndGet() > limits.maxConnections()
                                ? Reply.of(503, "too many requests at once; send it again")
                                : reply(exchange);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                reply = Reply.of(503, "the engine stops; send it again");
            } finally {
                inWork.decrementAndGet();
            }
            send(exchange, reply);
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException, InterruptedException {
        var door = doors.get(exchange.getRequestURI().getPath());
        if (door == null) return Reply.of(404, "no route takes messages here");
        if (!isKnown(exchange, door)) return Reply.of(401, "show user and password, or a token");
        if (!exchange.getRequestMethod().equals("POST")) return Reply.of(405, "POST a message");
        var content = exchange.getRequestBody().readNBytes(limits.maxFrameBytes() + 1);
        if (content.length > limits.maxFrameBytes())
            return Reply.of(413, "wanted at most " + limits.maxFrameBytes() + " bytes");
        var type = exchange.getRequestHeaders().getFirst("Content-Type");
        var misfit = MediaType.misfit(type, content, door.partner().charset());
        if (misfit.isPresent()) return Reply.of(415, misfit.get());
        return answer(door, content, from(exchange));
    }

    private static Reply answer(WebDoor door, byte[] content, Dispatch.From from)
            throws InterruptedException {
        try {
            return switch (door.dispatch().handle(content, from).toCompletableFuture().get()) {
                case Answer.Reply(var acknowledgement) -> new Reply(200, "", acknowledgement);
                case Answer.Silence() -> Reply.of(204, "");
                case Answer.HangUp _ -> Reply.of(503, "nothing can be promised now; send it again");
            };
        } catch (ExecutionException e) {
            log.atError()
                    .addKeyValue("listener", door.web())
                    .addKeyValue("cause", String.valueOf(e.getCause()).replaceFirst(":.*", ""))
                    .log("a message could not be handed over");
            return Reply.of(503, "nothing can be promised now; send it again");
        }
    }

    private static Dispatch.From from(HttpExchange exchange) {
        var remote = exchange.getRemoteAddress();
        return new Dispatch.From(
                remote.getAddress().getHostAddress() + ":" + remote.getPort(),
                Instant.now(),
                certificate(exchange));
    }

    private static @Nullable X509Certificate certificate(HttpExchange exchange) {
        try {
            return exchange instanceof HttpsExchange secured
                            && secured.getSSLSession().getPeerCertificates()[0]
                                    instanceof X509Certificate shown
                    ? shown
                    : null;
        } catch (SSLPeerUnverifiedException _) { // None was shown.
            return null;
        }
    }

    // ------------------------------------------------------------ who calls

    private static boolean isKnown(HttpExchange exchange, WebDoor door)
            throws InterruptedException {
        var wanted = door.partner().caller();
        if (wanted == null) return true; // By its certificate, if it has one: see DispatchTable.
        var shown = exchange.getRequestHeaders().getFirst("Authorization");
        if (shown != null && isSame(shown, wanted)) return true;
        log.atWarn()
                .addKeyValue("listener", door.web())
                .addKeyValue("peer", exchange.getRemoteAddress().getAddress().getHostAddress())
                .addKeyValue("partner", door.partner().folder())
                .log(shown == null ? "401: no credential was shown" : "401: a wrong credential");
        if (shown != null) Thread.sleep(BRAKE);
        return false;
    }

    /** Takes as long for a nearly right one as for any other. */
    private static boolean isSame(String shown, Login wanted) {
        int space = shown.indexOf(' ');
        if (space < 0) return false;
        var scheme = shown.substring(0, space);
        var rest = shown.substring(space + 1).strip().getBytes(StandardCharsets.ISO_8859_1);
        if (wanted.token() != null)
            return scheme.equalsIgnoreCase("Bearer")
                    && MessageDigest.isEqual(
                            rest, wanted.token().getBytes(StandardCharsets.ISO_8859_1));
        if (!scheme.equalsIgnoreCase("Basic")) return false;
        try {
            var both = wanted.user() + ":" + wanted.password();
            return MessageDigest.isEqual(
                    Base64.getDecoder().decode(rest), both.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) { // No Base64.
            return false;
        }
    }

    // ------------------------------------------------------------ answering

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        var headers = exchange.getResponseHeaders();
        var acknowledgement = reply.acknowledgement();
        if (reply.status() == 401) headers.set("WWW-Authenticate", REALM);
        if (reply.status() == 405) headers.set("Allow", "POST");
        if (reply.status() == 503) headers.set("Retry-After", "5");
        // What is left of a body that nobody reads is not to be taken for the next request.
        if (reply.status() >= 400) headers.set("Connection", "close");
        headers.set("Cache-Control", "no-store");
        var body =
                acknowledgement != null
                        ? acknowledgement
                        : reply.words().getBytes(StandardCharsets.UTF_8);
        headers.set(
                "Content-Type",
                acknowledgement != null
                        ? MediaType.of(acknowledgement, StandardCharsets.UTF_8)
                        : "text/plain; charset=UTF-8");
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) exchange.getResponseBody().write(body);
    }
}
