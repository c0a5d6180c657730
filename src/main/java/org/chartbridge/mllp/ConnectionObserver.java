package org.chartbridge.mllp;

import java.net.InetSocketAddress;

/**
 * Is told of everything on a listener's connections that is not a frame with its answer. Called on
 * event loops: must not block. For one connection calls come one after another, {@link #opened}
 * first. Whoever does not care about something leaves it out.
 */
public interface ConnectionObserver {

    default void opened(Peer peer) {}

    /** Bytes that are no message. If their cause is fatal {@link #closed} follows. */
    default void stray(Peer peer, Stray stray) {}

    /**
     * An answer could not be given to the network in full, because the peer has gone or does not
     * read. May come after {@link #closed}, when the handler took longer than the peer waited.
     * (That an answer was given to the network does not prove that the peer read it.)
     */
    default void answerLost(Peer peer, Frame frame) {}

    default void closed(Peer peer, Ending ending) {}

    /** A call that was not taken, because so many are open already; it was closed at once. */
    default void turnedAway(InetSocketAddress remote, TurnedAway why) {}

    /** Which limit turned a call away. */
    enum TurnedAway {
        MAX_CONNECTIONS,
        MAX_CONNECTIONS_PER_PEER
    }
}
