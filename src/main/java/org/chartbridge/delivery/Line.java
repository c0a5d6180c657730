package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;

import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The way to a partner, kept from one delivery to the next. */
interface Line extends AutoCloseable {

    /** Nothing can be sent there now; the text says why, for people. */
    final class CannotOpen extends Exception {
        @Serial private static final long serialVersionUID = 1L;

        private final transient Outcome.Unsent outcome;

        CannotOpen(Outcome.Unsent outcome) {
            super(outcome.words());
            this.outcome = outcome;
        }

        CannotOpen(String why) {
            this(new Outcome.Unsent(why));
        }

        /** The same where only a person can mend it. */
        static CannotOpen asking(String why) {
            return new CannotOpen(new Outcome.Unsent(why, true));
        }

        Outcome.Unsent outcome() {
            return outcome;
        }
    }

    /** An attempt came to an end that the line itself understands. */
    class Ended extends IOException {
        @Serial private static final long serialVersionUID = 1L;

        private final transient Outcome outcome;

        Ended(Outcome outcome) {
            super(outcome.word());
            this.outcome = outcome;
        }

        Outcome outcome() {
            return outcome;
        }
    }

    /** Whether it goes there, and as its outbox says now. */
    boolean leadsTo(Endpoint wanted, Outbox outbox);

    boolean isOpen();

    /** Whether nothing was sent for so long. */
    boolean idleFor(Duration time);

    /** Whether whoever is there can answer at all. */
    boolean answers();

    /** Sends; the stage gives the answer that names this MSH-10, however late. */
    CompletionStage<byte[]> send(byte[] content, String controlId);

    /**
     * Sends what gets no answer; the stage ends when the system has taken the bytes.
     *
     * @param name of the delivery, the same at each attempt; sorts in the order of leaving
     */
    CompletionStage<Void> post(byte[] content, String name);

    /**
     * What came instead of an answer.
     *
     * @param what for people, without content
     * @param remedy what to ask the partner
     */
    record Useless(String what, String remedy) {}

    /**
     * What came since that moment and answers nothing that waits.
     *
     * @param moment by System.nanoTime()
     */
    default Optional<Useless> heardSince(long moment) {
        return Optional.empty();
    }

    /** Closes at once; what waits for an answer gets none. */
    @Override
    void close();

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
}
