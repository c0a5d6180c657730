package org.chartbridge.mllp;

import java.util.concurrent.CompletionStage;

/** What to do with one frame. */
@FunctionalInterface
public interface FrameHandler {

    /**
     * Called on an event loop that serves many connections: must not block. The stage may complete
     * on any thread; until it does the connection hands over no other frame, however long it takes.
     * If it completes exceptionally, or this method throws, the connection is closed without an
     * answer.
     */
    CompletionStage<Answer> handle(Frame frame);
}
