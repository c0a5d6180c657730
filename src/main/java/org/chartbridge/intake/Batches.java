package org.chartbridge.intake;

import org.chartbridge.hl7.Batch;
import org.chartbridge.hl7.BatchAnswer;
import org.chartbridge.intake.Reception.Reply;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Receives several messages that came as one. Each is taken and answered by itself, one after the
 * other: a batch may register a patient first and bring the results behind. The envelope is kept as
 * an entry of its own, and the answer goes out when all of it is safe.
 */
public final class Batches {
    private Batches() {}

    /**
     * Takes a batch.
     *
     * @param each receives one message
     * @param keeper keeps the envelope; gives the id of its entry
     * @return completes exceptionally when nothing can be promised of one of the messages; those
     *     that were taken before it are known as repeats when the batch comes again
     */
    public static CompletionStage<Reply> receive(
            Batch batch,
            Function<byte[], CompletionStage<Reply>> each,
            Function<Batch, CompletionStage<Long>> keeper) {
        var answers = new ArrayList<Optional<byte[]>>();
        CompletionStage<List<Optional<byte[]>>> all = CompletableFuture.completedStage(answers);
        for (var message : batch.messages()) {
            all =
                    all.thenCompose(
                            so ->
                                    each.apply(message)
                                            .thenApply(
                                                    reply -> {
                                                        so.add(content(reply));
                                                        return so;
                                                    }));
        }
        return all.thenCompose(
                so -> keeper.apply(batch).thenApply(envelope -> answer(batch, so, envelope)));
    }

    private static Optional<byte[]> content(Reply reply) {
        return switch (reply) {
            case Reply.Answer(var content) -> Optional.of(content);
            case Reply.NoAnswer _ -> Optional.empty();
        };
    }

    private static Reply answer(Batch batch, List<Optional<byte[]>> answers, long envelope) {
        var content =
                BatchAnswer.of(
                        batch,
                        answers,
                        batch.faults(),
                        "CB" + envelope,
                        Instant.now(),
                        ZoneOffset.UTC);
        return content.isPresent() ? new Reply.Answer(content.get()) : new Reply.NoAnswer();
    }
}
