package org.chartbridge.routes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.chartbridge.hl7.Batch;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Reception;

import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Stands for intake, without journal and database: answers with what it was told, so that a test
 * can see at the socket who took a message.
 */
final class Received implements Reception {
    final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    final Queue<String> envelopes = new ConcurrentLinkedQueue<>();
    final Queue<String> strays = new ConcurrentLinkedQueue<>();

    /** What happens elsewhere just before a message is answered. */
    Consumer<Arrival> before = arrival -> {};

    @Override
    public CompletionStage<Reply> receive(Arrival arrival) {
        arrivals.add(arrival);
        before.accept(arrival);
        if (new String(arrival.raw(), ISO_8859_1).contains("|DOWN|")) {
            return CompletableFuture.failedFuture(new IllegalStateException("no database"));
        }
        if (new String(arrival.raw(), ISO_8859_1).contains("|QUIET|")) {
            return CompletableFuture.completedFuture(new Reply.NoAnswer());
        }
        return answer("AA " + arrival.partner().folder() + " " + arrival.route());
    }

    @Override
    public CompletionStage<Reply> refuse(
            byte[] raw, String peer, String listener, Instant receivedAt, NotTaken why) {
        return answer(
                switch (why) {
                    case NotTaken.Sender(var cause) -> "AR " + cause;
                    case NotTaken.Type(var partner, var cause) ->
                            "AR MSH-9 " + (partner == null ? "" : partner.folder()) + ": " + cause;
                });
    }

    @Override
    public CompletionStage<Long> keepEnvelope(
            Batch batch, String peer, String listener, Instant receivedAt) {
        envelopes.add(new String(batch.envelope(), ISO_8859_1));
        return CompletableFuture.completedFuture(7L);
    }

    @Override
    public void keepStray(
            String listener,
            String peer,
            Instant receivedAt,
            String cause,
            long totalBytes,
            byte[] excerpt) {
        strays.add(cause + ", " + totalBytes + " bytes");
    }

    private static CompletionStage<Reply> answer(String text) {
        return CompletableFuture.completedFuture(new Reply.Answer(text.getBytes(ISO_8859_1)));
    }
}
