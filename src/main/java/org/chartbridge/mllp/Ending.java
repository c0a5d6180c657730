package org.chartbridge.mllp;

import java.time.Duration;

/** Why a connection ended. */
public sealed interface Ending {

    /** The peer closed, and everything it had sent whole was answered. */
    record ByPeer() implements Ending {}

    /** The connection broke: reset by the peer, by the network, or by this machine. */
    record Broken(String why) implements Ending {}

    /** TLS was wanted and did not come about; no byte of a message was read. */
    record HandshakeFailed(TlsFailure why) implements Ending {}

    /** We closed because of what the peer sent; the observer was told of the bytes before. */
    record Cut(Stray.Cause cause) implements Ending {}

    /** We closed because no byte came for so long. */
    record Idle(Duration idleTimeout) implements Ending {}

    /** The handler chose {@link Answer.HangUp}. */
    record HungUp(String reason) implements Ending {}

    /** The handler failed, or gave an answer that can't be framed; nothing was answered. */
    record HandlerFailed(Throwable cause) implements Ending {}

    /** The peer took no byte of its answer for {@link Limits#frameTimeout()}. */
    record AnswerNotTaken() implements Ending {}

    /** The listener was closed. */
    record ListenerClosed() implements Ending {}
}
