package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.delivery.Outboxes.Security;
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
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A connection to a partner that is kept from one delivery to the next. Answers are found by MSA-2;
 * one that belongs to nothing that waits is logged and not used.
 */
final class MllpLine implements Line {
    private static final Logger log = LoggerFactory.getLogger(MllpLine.class);

    private final Endpoint.Mllp endpoint;
    private final Optional<Tls> tls;
    private final MllpClient client;
    private volatile long usedAt = System.nanoTime();

    private MllpLine(Endpoint.Mllp endpoint, Optional<Tls> tls, MllpClient client) {
        this.endpoint = endpoint;
        this.tls = tls;
        this.client = client;
    }

    /** Connects, with TLS where it is given; blocks. */
    static MllpLine open(
            MllpNetwork network,
            String destination,
            Endpoint.Mllp endpoint,
            Optional<Tls> tls,
            Charset charset,
            Duration timeout)
            throws CannotOpen {
        try {
            var client =
                    MllpClient.connect(
                            network,
                            endpoint.socket(),
                            timeout,
                            Limits.defaults(),
                            new ByControlId(destination, charset),
                            tls);
            return new MllpLine(endpoint, tls, client);
        } catch (MllpFailure.Refused e) {
            throw new CannotOpen(Mishap.unsent(endpoint, e));
        }
    }

    /** Renewed certificates are no reason to hang up. */
    @Override
    public boolean leadsTo(Endpoint wanted, Outbox outbox) {
        return endpoint.equals(wanted)
                && switch (outbox.security(wanted)) {
                    case Security.Plain() -> tls.isEmpty();
                    case Security.Secured(var its) -> tls.filter(t -> t == its).isPresent();
                    case Security.Missing _ -> false;
                };
    }

    @Override
    public boolean isOpen() {
        return client.isOpen();
    }

    @Override
    public boolean idleFor(Duration time) {
        return client.inFlight() == 0 && System.nanoTime() - usedAt > time.toNanos();
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public CompletionStage<byte[]> send(byte[] content, String controlId) {
        usedAt = System.nanoTime();
        return client.send(content, controlId);
    }

    @Override
    public CompletionStage<Void> post(byte[] content, String name) {
        usedAt = System.nanoTime();
        return client.post(content);
    }

    /** Closes at once; what waits for an answer gets none. */
    @Override
    public void close() {
        client.close();
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
