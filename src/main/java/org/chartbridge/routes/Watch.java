package org.chartbridge.routes;

import org.chartbridge.intake.Reception;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Ending;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.Peer;
import org.chartbridge.mllp.Stray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * Tells what happens on a port besides messages: stray bytes are kept, and whatever somebody may
 * have to act on is a line in the log. Contents never are.
 */
final class Watch implements ConnectionObserver {
    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    private final String listener;
    private final Reception reception;

    Watch(String listener, Reception reception) {
        this.listener = listener;
        this.reception = reception;
    }

    @Override
    public void stray(Peer peer, Stray stray) {
        // Many senders end every frame with a line end of their own; there is nothing to see in it.
        if (stray.onlyLineEnds()) return;
        log.atWarn()
                .addKeyValue("listener", listener)
                .addKeyValue("peer", text(peer))
                .addKeyValue("bytes", stray.totalBytes())
                .log("no message: {}", stray.cause().words());
        reception.keepStray(
                listener,
                text(peer),
                Instant.now(),
                stray.cause().words(),
                stray.totalBytes(),
                stray.excerpt());
    }

    @Override
    public void answerLost(Peer peer, Frame frame) {
        log.atWarn()
                .addKeyValue("listener", listener)
                .addKeyValue("peer", text(peer))
                .log("the sender was gone before its answer; it will send the message again");
    }

    @Override
    public void closed(Peer peer, Ending ending) {
        switch (ending) {
            case Ending.HandlerFailed(var cause) ->
                    log.atError()
                            .addKeyValue("listener", listener)
                            .addKeyValue("peer", text(peer))
                            .addKeyValue("cause", cause.getClass().getName())
                            .log("a message could not be handed over; its connection is closed");
            case Ending.HandshakeFailed(var why) ->
                    log.atWarn()
                            .addKeyValue("listener", listener)
                            .addKeyValue("peer", text(peer))
                            .log("no TLS: {}", why);
            case Ending.AnswerNotTaken _ ->
                    log.atWarn()
                            .addKeyValue("listener", listener)
                            .addKeyValue("peer", text(peer))
                            .log("a sender does not read its answer; its connection is closed");
            // The others were told already, or are how connections end.
            case Ending.ByPeer _,
                    Ending.Broken _,
                    Ending.Cut _,
                    Ending.Idle _,
                    Ending.HungUp _,
                    Ending.ListenerClosed _ ->
                    log.atDebug()
                            .addKeyValue("listener", listener)
                            .addKeyValue("peer", text(peer))
                            .log("connection closed");
        }
    }

    @Override
    public void turnedAway(InetSocketAddress remote, TurnedAway why) {
        log.atWarn()
                .addKeyValue("listener", listener)
                .addKeyValue("peer", text(remote))
                .addKeyValue("cause", why)
                .log("too many connections; a call was turned away");
    }

    /** {@code 10.0.0.5:41234}. */
    static String text(Peer peer) {
        return text(peer.remote());
    }

    private static String text(InetSocketAddress remote) {
        return remote.getAddress().getHostAddress() + ":" + remote.getPort();
    }
}
