package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.delivery.Outboxes.Security;
import org.chartbridge.hl7.MediaType;
import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFailure;
import org.chartbridge.partner.Login;

import java.io.IOException;
import java.io.Serial;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/**
 * A web address that each message is posted to, as "HL7 over HTTP" describes it; long because each
 * answer of a server has its meaning here. The answer's body is the acknowledgement. Redirections
 * are not followed: who was named is whom we trust.
 */
final class HttpLine implements Line {
    /** A longer answer is no acknowledgement. */
    static final int MAX_ANSWER_BYTES = 1 << 20;

    /**
     * A connection that stood idle for longer is not used again: servers close theirs after 5 s and
     * more, and a message that crosses the closing may have arrived or not.
     */
    static final Duration REUSE = Duration.ofSeconds(3);

    private final Endpoint.Http endpoint;
    private final Optional<Tls> tls;
    private final Optional<Login> login;
    private final Charset charset;
    private final HttpClient client;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean open = true;
    private volatile long usedAt = System.nanoTime();

    private HttpLine(
            Endpoint.Http endpoint,
            Optional<Tls> tls,
            Optional<Login> login,
            Charset charset,
            HttpClient client) {
        this.endpoint = endpoint;
        this.tls = tls;
        this.login = login;
        this.charset = charset;
        this.client = client;
    }

    /** It was taken, and nothing was said. */
    static final class Silent extends Ended {
        @Serial private static final long serialVersionUID = 1L;

        Silent(int status) {
            super(new Outcome.Unknown("answered " + status + " without an acknowledgement"));
        }
    }

    /**
     * Knocks, so that nothing is begun where nobody is or whose certificate is not right; blocks.
     */
    static HttpLine open(
            Endpoint.Http endpoint,
            Optional<Tls> tls,
            Optional<Login> login,
            Charset charset,
            Duration timeout)
            throws CannotOpen {
        if (login.filter(its -> !its.isForHttp()).isPresent())
            throw CannotOpen.asking(
                    "a key can't be shown over HTTP; give login a password or token");
        try (var socket = new Socket()) {
            knock(socket, endpoint, tls, timeout);
        } catch (IOException e) {
            throw new CannotOpen(Mishap.unsent(endpoint, e));
        }
        var client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(timeout);
        tls.ifPresent(its -> client.sslContext(its.context()).sslParameters(Tls.parameters()));
        return new HttpLine(endpoint, tls, login, charset, client.build());
    }

    private static void knock(
            Socket socket, Endpoint.Http endpoint, Optional<Tls> tls, Duration timeout)
            throws IOException {
        var address = new InetSocketAddress(endpoint.host(), endpoint.port());
        if (address.isUnresolved()) throw new IOException("no such host");
        socket.connect(address, (int) timeout.toMillis());
        if (tls.isEmpty()) return;
        socket.setSoTimeout((int) timeout.toMillis());
        var over = tls.get().context().getSocketFactory();
        try (var secured =
                (SSLSocket) over.createSocket(socket, endpoint.host(), endpoint.port(), true)) {
            secured.setSSLParameters(Tls.parameters());
            secured.startHandshake();
        }
    }

    @Override
    public boolean leadsTo(Endpoint wanted, Outbox outbox) {
        return endpoint.equals(wanted)
                && login.equals(outbox.login())
                && switch (outbox.security(wanted)) {
                    case Security.Plain() -> tls.isEmpty();
                    case Security.Secured(var its) -> tls.filter(t -> t == its).isPresent();
                    case Security.Missing _ -> false;
                };
    }

    @Override
    public boolean isOpen() {
        return open && !idleFor(REUSE);
    }

    @Override
    public boolean idleFor(Duration time) {
        return inFlight.get() == 0 && System.nanoTime() - usedAt > time.toNanos();
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public CompletionStage<byte[]> send(byte[] content, String controlId) {
        return exchange(content, response -> acknowledgement(response, controlId));
    }

    @Override
    public CompletionStage<Void> post(byte[] content, String name) {
        var posted = new CompletableFuture<Void>();
        var _ =
                exchange(content, HttpLine::taken)
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure == null) posted.complete(null);
                                    else posted.completeExceptionally(failure);
                                });
        return posted;
    }

    /** What an answer is good for. */
    private interface Understanding<T> {
        T read(HttpResponse<byte[]> response) throws Ended;
    }

    private <T> CompletionStage<T> exchange(byte[] content, Understanding<T> reading) {
        inFlight.incrementAndGet();
        var ended = new CompletableFuture<T>();
        var _ =
                client.sendAsync(
                                request(content),
                                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES))
                        .whenComplete(
                                (response, failure) -> {
                                    usedAt = System.nanoTime();
                                    inFlight.decrementAndGet();
                                    try {
                                        if (failure != null) throw ended(failure);
                                        ended.complete(reading.read(response));
                                    } catch (Ended e) {
                                        ended.completeExceptionally(e);
                                    }
                                });
        return ended;
    }

    private HttpRequest request(byte[] content) {
        var request =
                HttpRequest.newBuilder(endpoint.uri())
                        .POST(BodyPublishers.ofByteArray(content))
                        .header("Content-Type", MediaType.of(content, charset))
                        .header("Accept", MediaType.HL7);
        login.ifPresent(its -> request.header("Authorization", authorization(its)));
        return request.build();
    }

    private static String authorization(Login login) {
        if (login.token() != null) return "Bearer " + login.token();
        var both = login.user() + ":" + login.password();
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    // ------------------------------------------------------------ what came back

    /** The body, when it answers this message; a status alone says less. */
    private byte[] acknowledgement(HttpResponse<byte[]> response, String controlId) throws Ended {
        var status = response.statusCode();
        var answer = ReceivedAnswer.read(response.body(), charset).orElse(null);
        if (answer == null) {
            throw taken(response).length == 0
                    ? new Silent(status)
                    : unknown("answered " + status + ", and no acknowledgement stands there");
        }
        if (!answer.controlId().equals(controlId))
            throw unknown("answered " + status + " for another message (MSA-2)");
        // By the specification a refusal comes with 200 too; HAPI's own server says 400 or 500.
        if (answer.positive() && !isSuccess(status))
            throw unknown("answered " + status + " and " + answer.code() + " at once");
        return response.body();
    }

    /** The body, when the status says that it was taken. */
    private static byte[] taken(HttpResponse<byte[]> response) throws Ended {
        var status = response.statusCode();
        if (isSuccess(status)) return response.body();
        throw new Ended(outcome(status));
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    private static Ended unknown(String words) {
        return new Ended(new Outcome.Unknown(words));
    }

    /** What a status without an acknowledgement means, RFC 9110 §15. */
    private static Outcome outcome(int status) {
        var words = "answered " + status;
        return switch (status) {
            case 401, 407 ->
                    new Outcome.Refused(
                            words
                                    + ": it does not know us; look at login in partner.yaml, then"
                                    + " resume");
            case 403 ->
                    new Outcome.Refused(
                            words + ": we may not send there; ask the partner for the right");
            case 408, 425, 429, 503 -> new Outcome.Deferred(words + ": not now");
            // Whoever stands before the partner can't say how far it came; nor can what broke.
            case 500, 502, 504 -> new Outcome.Unknown(words + " without an acknowledgement");
            default ->
                    new Outcome.Refused(
                            status >= 300 && status < 400
                                    ? words
                                            + ": it is elsewhere; write its new address in the"
                                            + " route"
                                    : words + " without an acknowledgement");
        };
    }

    private Ended ended(Throwable failure) {
        open = false;
        var why =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return new Ended(
                switch (why) {
                    case HttpConnectTimeoutException _ ->
                            new Outcome.Unsent("no connection in time to " + endpoint.address());
                    case ConnectException e -> Mishap.unsent(endpoint, e);
                    // Either side turned away before a byte of the message was read.
                    case SSLHandshakeException e -> noTls(e);
                    case IOException e
                            when String.valueOf(e.getMessage()).contains("exceeds capacity") ->
                            new Outcome.Unknown(
                                    "the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
                    case IOException e
                            when TlsFailure.in(e).filter(TlsFailure::turnedAway).isPresent() ->
                            noTls(e);
                    default -> new Outcome.Unknown("the connection ended before an answer came");
                });
    }

    private Outcome.Unsent noTls(IOException e) {
        return TlsFailure.in(e)
                .map(tls -> Mishap.noTls(endpoint, tls))
                .orElseGet(() -> new Outcome.Unsent("no TLS with " + endpoint.address()));
    }

    /** Closes at once; what waits for an answer gets none. */
    @Override
    public void close() {
        open = false;
        client.shutdownNow();
    }
}
