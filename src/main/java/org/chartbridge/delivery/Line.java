package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Security;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.Tls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A connection to a partner that is kept from one delivery to the next. Answers are found by MSA-2;
 * one that belongs to nothing that waits is logged and not used.
 */
final class Line implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Line.class);

    private final Endpoint endpoint;
    private final Optional<Tls> tls;
    private final MllpClient client;
    private volatile long usedAt = System.nanoTime();

    private Line(Endpoint endpoint, Optional<Tls> tls, MllpClient client) {
        this.endpoint = endpoint;
        this.tls = tls;
        this.client = client;
    }

    /** Connects, with TLS where it is given; blocks. */
    static Line open(
            MllpNetwork network,
            String destination,
            Endpoint endpoint,
            Optional<Tls> tls,
            Charset charset,
            Duration timeout)
            throws MllpFailure.Refused {
        var client =
                MllpClient.connect(
                        network,
                        endpoint.socket(),
                        timeout,
                        Limits.defaults(),
                        new ByControlId(destination, charset),
                        tls);
        return new Line(endpoint, tls, client);
    }

    /** Whether it goes there, and as it should; renewed certificates are no reason to hang up. */
    boolean leadsTo(Endpoint wanted, Security security) {
        return endpoint.equals(wanted)
                && switch (security) {
                    case Security.Plain() -> tls.isEmpty();
                    case Security.Secured(var its) -> tls.filter(t -> t == its).isPresent();
                    case Security.Missing _ -> false;
                };
    }

    boolean isOpen() {
        return client.isOpen();
    }

    /** Whether nothing was sent for so long. */
    boolean idleFor(Duration time) {
        return client.inFlight() == 0 && System.nanoTime() - usedAt > time.toNanos();
    }

    /** Sends; the stage gives the answer that names this MSH-10, however late. */
    CompletionStage<byte[]> send(byte[] content, String controlId) {
        usedAt = System.nanoTime();
        return client.send(content, controlId);
    }

    /** Sends what asks for no answer; the stage ends when the system has taken the bytes. */
    CompletionStage<Void> post(byte[] content) {
        usedAt = System.nanoTime();
        return client.post(content);
    }

    /** Closes at once; what waits for an answer gets none. */
    @Override
    public void close() {
        client.close();
    }

    /** MSH-10 as a partner repeats it in MSA-2: the whole field. Empty when there is none. */
    static String controlId(byte[] content) {
        return Header.read(content)
                .map(
                        header -> {
                            var id = header.controlId();
                            // With an escape in it, as rare as that is, it is compared decoded.
                            return id.indexOf('\\') < 0 ? id : decoded(content);
                        })
                .orElse("");
    }

    private static String decoded(byte[] content) {
        return Message.read(content, StandardCharsets.UTF_8)
                        instanceof Reading.Readable(var message)
                ? message.value("MSH-10")
                : "";
    }

    private record ByControlId(String destination, Charset charset) implements MllpClient.Matching {

        @Override
        public @Nullable String keyOf(byte[] answer) {
            return ReceivedAnswer.read(answer, charset).map(ReceivedAnswer::controlId).orElse(null);
        }

        @Override
        public void unasked(byte[] answer) {
            log.atWarn()
                    .addKeyValue("destination", destination)
                    .addKeyValue("bytes", answer.length)
                    .log("answer to nothing that waits (MSA-2), not used");
        }
    }
}
