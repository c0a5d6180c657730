package org.chartbridge.intake;

import org.chartbridge.hl7.Batch;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Where listeners hand over what arrives. Both calls return at once and may come from any thread.
 */
public interface Reception {

    /**
     * Takes responsibility for a message. The stage completes after the commit that keeps the
     * promise of its answer; it completes with {@link NothingPromised} when nothing can be
     * promised, and then the connection is to be closed without an answer.
     */
    CompletionStage<Reply> receive(Arrival arrival);

    /** Keeps and answers, with AR or CR, a message that nobody takes. */
    CompletionStage<Reply> refuse(
            byte[] raw, String peer, String listener, Instant receivedAt, NotTaken why);

    /** Why nobody takes a message. */
    sealed interface NotTaken {

        /** For people: what came from whom, and the remedy. */
        String cause();

        /** No partner claims its sender, or several do, or it is not who it says: MSH-3. */
        record Sender(String cause) implements NotTaken {}

        /**
         * Its sender is known, and no route takes the type: MSH-9.
         *
         * @param partner null when several have this sender
         */
        record Type(@Nullable Partner partner, String cause) implements NotTaken {}
    }

    /**
     * Keeps the envelope of a batch (FHS, BHS, BTS, FTS) as an entry of its own: ignored, or
     * refused when it counts other messages than came.
     *
     * @return the id of its entry, after the commit; 0 when the batch has no envelope
     */
    CompletionStage<Long> keepEnvelope(
            Batch batch, String peer, String listener, Instant receivedAt);

    /**
     * Keeps bytes that were no message.
     *
     * @param excerpt the first of them
     * @param cause for people, for example {@code bytes between frames}
     */
    void keepStray(
            String listener,
            String peer,
            Instant receivedAt,
            String cause,
            long totalBytes,
            byte[] excerpt);

    /** Nothing can be promised: the connection is to be closed without an answer. */
    final class NothingPromised extends RuntimeException {
        /**
         * @param reason for the log: nothing of the message
         */
        public NothingPromised(String reason) {
            super(reason, null, false, false);
        }
    }

    /** What goes back to the sender. */
    sealed interface Reply {

        /**
         * An acknowledgement.
         *
         * @param content an HL7 acknowledgement, without the MLLP envelope
         */
        record Answer(byte[] content) implements Reply {}

        /**
         * The sender asked for no answer (MSH-15 and MSH-16 NE) or its partner's setting says so.
         */
        record NoAnswer() implements Reply {}
    }
}
