package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.delivery.Outboxes.Security;
import org.chartbridge.hl7.AckCode;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A connection to a partner that is kept from one delivery to the next. Answers are found by MSA-2
 * and by nothing else; an application acknowledgement that follows one is handed on, and what else
 * belongs to nothing that waits is logged and not used.
 */
final class MllpLine implements Line {
    private static final Logger log = LoggerFactory.getLogger(MllpLine.class);

    private final Endpoint.Mllp endpoint;
    private final Optional<Tls> tls;
    private final MllpClient client;
    private final ByControlId heard;
    private volatile long usedAt = System.nanoTime();

    private MllpLine(
            Endpoint.Mllp endpoint, Optional<Tls> tls, MllpClient client, ByControlId heard) {
        this.endpoint = endpoint;
        this.tls = tls;
        this.client = client;
        this.heard = heard;
    }

    /** Connects, with TLS where it is given; blocks. */
    static MllpLine open(
            MllpNetwork network,
            String destination,
            Endpoint.Mllp endpoint,
            Optional<Tls> tls,
            Charset charset,
            Duration timeout,
            LateAnswers late)
            throws CannotOpen {
        var matching = new ByControlId(destination, charset, endpoint.toString(), late);
        try {
            var client =
                    MllpClient.connect(
                            network, endpoint.socket(), timeout, Limits.defaults(), matching, tls);
            matching.answerOn(client);
            return new MllpLine(endpoint, tls, client, matching);
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

    @Override
    public Optional<Useless> heardSince(long moment) {
        return heard.since(moment);
    }

    /** Closes at once; what waits for an answer gets none. */
    @Override
    public void close() {
        client.close();
    }

    /** Tells answers apart, and application acknowledgements from what is said twice. */
    static final class ByControlId implements MllpClient.Matching {
        /** Answers that are remembered, to know one that comes twice. */
        private static final int REMEMBERED = 1_000;

        private final String destination;
        private final Charset charset;
        private final String peer;
        private final LateAnswers late;

        /** MSA-1 by MSA-2 of what was answered last; for the event loop only. */
        private final Map<String, String> answered =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                        return size() > REMEMBERED;
                    }
                };

        /** MSA-1 of what was read last. */
        private String code = "";

        private volatile @Nullable MllpClient connection;
        private volatile @Nullable Heard last;

        /**
         * What came last and was of no use.
         *
         * @param at by System.nanoTime()
         */
        private record Heard(Useless what, long at) {}

        ByControlId(String destination, Charset charset, String peer, LateAnswers late) {
            this.destination = destination;
            this.charset = charset;
            this.peer = peer;
            this.late = late;
        }

        void answerOn(MllpClient client) {
            connection = client;
        }

        @Override
        public @Nullable String keyOf(byte[] answer) {
            var read = ReceivedAnswer.read(answer, charset).orElse(null);
            code = read == null ? "" : read.code();
            return read == null ? null : read.controlId();
        }

        @Override
        public void given(String key) {
            answered.put(key, code);
        }

        @Override
        public void unasked(byte[] answer) {
            var read = ReceivedAnswer.read(answer, charset).orElse(null);
            if (read == null) heard("no HL7 acknowledgement", answer.length, WHO_LISTENS);
            else if (read.controlId().isEmpty())
                heard("an acknowledgement without MSA-2", answer.length, WHOSE);
            else if (!answered.containsKey(read.controlId()))
                heard("an acknowledgement of another message (MSA-2)", answer.length, WHOSE);
            if (read == null || read.controlId().isEmpty() || isSaid(read)) {
                log.atWarn()
                        .addKeyValue("destination", destination)
                        .addKeyValue("bytes", answer.length)
                        .log("answer to nothing that waits (MSA-2), not used");
                return;
            }
            answered.put(read.controlId(), read.code());
            var _ = late.came(destination, peer, answer).whenComplete(this::answer);
        }

        private static final String WHO_LISTENS = "what listens at that address";

        private static final String WHOSE =
                "to repeat MSH-10 of the message in MSA-2 of its answer";

        @Override
        public void unframed(long bytes) {
            heard("no MLLP frame", bytes, WHO_LISTENS);
        }

        private void heard(String what, long bytes, String remedy) {
            last =
                    new Heard(
                            new Useless("what came is " + what + " (" + bytes + " bytes)", remedy),
                            System.nanoTime());
        }

        Optional<Useless> since(long moment) {
            return Optional.ofNullable(last)
                    .filter(heard -> heard.at() - moment >= 0)
                    .map(Heard::what);
        }

        /** An accept acknowledgement says nothing new, nor does what says the same again. */
        private boolean isSaid(ReceivedAnswer read) {
            return read.code().equals("CA")
                    || read.code().equals(answered.get(read.controlId()))
                    || AckCode.of(read.code()).isEmpty();
        }

        private void answer(byte @Nullable [] content, @Nullable Throwable failure) {
            var to = connection;
            if (failure != null)
                log.atWarn()
                        .addKeyValue("destination", destination)
                        .log("an application acknowledgement could not be kept");
            else if (content != null && to != null && to.isOpen()) {
                var _ = to.post(content);
            }
        }
    }
}
