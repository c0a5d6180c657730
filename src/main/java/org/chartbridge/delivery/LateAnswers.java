package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes what comes on the connection of a destination after the answer to a delivery: its
 * application acknowledgement (HL7 v2.5.1 §2.9.3.2).
 */
public interface LateAnswers {

    /** Of nobody who would take them. */
    LateAnswers NONE = (_, _, _) -> CompletableFuture.completedStage(null);

    /**
     * Takes one. Returns at once, and may be called from any thread.
     *
     * @param destination whose connection it came on
     * @param peer the other end of it, for people
     * @return after the commit, what it asks to be answered by its own MSH-15; null for nothing
     */
    CompletionStage<byte @Nullable []> came(String destination, String peer, byte[] answer);
}
