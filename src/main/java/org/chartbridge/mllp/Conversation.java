package org.chartbridge.mllp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;

import org.chartbridge.mllp.Stray.Cause;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One connection of a listener: a frame in, its answer out, then the next frame; long because it is
 * one state machine.
 *
 * <pre>
 *            whole frame                 answer                  written
 *  reading ───────────────► in work ───────────────► answering ───────────► reading
 *     │                                                                        │
 *     └── peer closed its side, limit, listener closing ──► ending ◄───────────┘
 * </pre>
 *
 * <p>While a message is in work, or its answer on the way, one more read may arrive (so that a peer
 * that goes away is noticed); then reading stops until its frames are handled. All methods run on
 * the connection's event loop but {@link #leave}, {@link #cutOff} and {@link #whenClosed}.
 *
 * <p>What is read, in work, written and timed decides together what happens next, and each part of
 * it would have to ask the others.
 */
final class Conversation extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    // How long to wait for the peer to read its last answer and close too. Closing at once would
    // make TCP discard that answer if bytes of the peer are still unread.
    private static final long LINGER_MILLIS = 500;

    private final MllpListener listener;
    private final Limits limits;
    private final SocketChannel channel;
    private final FrameDecoder decoder;
    // Null without TLS. Frames come only after its handshake.
    private final @Nullable SslHandler tls;
    private final Queue<ByteBuf> unread = new ArrayDeque<>(2);

    private Peer peer;
    private boolean secured;
    private volatile @Nullable Frame inWork;
    private @Nullable Ending ending;
    private boolean handing;
    private boolean inputEnded;
    private long held;
    private long lastByte = System.nanoTime();

    private @Nullable ScheduledFuture<?> alarm;
    private long alarmAt;
    private long watchedFrame;
    private int watchedBytes;
    private long watchedUntil;

    Conversation(
            MllpListener listener, Peer caller, SocketChannel channel, @Nullable SslHandler tls) {
        this.listener = listener;
        this.limits = listener.limits();
        this.peer = caller;
        this.channel = channel;
        this.tls = tls;
        this.decoder = new FrameDecoder(limits, this::strayed);
    }

    private void strayed(Stray stray) {
        guarded(() -> listener.observer().stray(peer, stray));
    }

    /** Ends after the message in work, if there is one. The listener is closing by now. */
    void leave() {
        channel.eventLoop()
                .execute(
                        () -> {
                            if (inWork == null) farewell(new Ending.ListenerClosed());
                        });
    }

    /** Ends now. Returns whether a message was in work. */
    boolean cutOff() {
        var unanswered = inWork != null;
        channel.eventLoop().execute(() -> end(new Ending.ListenerClosed()));
        return unanswered;
    }

    ChannelFuture whenClosed() {
        return channel.closeFuture();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        guarded(() -> listener.observer().opened(peer));
        setAlarm();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        if (ending != null || listener.isClosing()) {
            bytes.release();
            return;
        }
        lastByte = System.nanoTime();
        unread.add(bytes);
        if (inWork == null) handNext();
        else channel.config().setAutoRead(false);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent handshake -> handshaken(handshake);
            case SslCloseCompletionEvent _, ChannelInputShutdownEvent _ -> endInput();
            default -> {}
        }
    }

    private void handshaken(SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
            secured = true;
            peer = peer.showing(shownCertificate());
        } else {
            end(new Ending.HandshakeFailed(TlsFailure.of(handshake.cause())));
        }
    }

    private @Nullable X509Certificate shownCertificate() {
        try {
            return tls != null
                            && tls.engine().getSession().getPeerCertificates()[0]
                                    instanceof X509Certificate shown
                    ? shown
                    : null;
        } catch (SSLPeerUnverifiedException _) { // None was asked for, or none shown.
            return null;
        }
    }

    private void endInput() {
        if (inputEnded) return;
        inputEnded = true;
        channel.config().setAutoRead(false);
        if (ending != null) close();
        else if (inWork == null) handNext();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable why) {
        var failure = TlsFailure.in(why);
        if (failure.isPresent()) {
            // The exception's text may hold bytes of a message that was sent without TLS.
            end(
                    secured
                            ? new Ending.Broken(failure.get().cause().words())
                            : new Ending.HandshakeFailed(failure.get()));
            return;
        }
        if (!(why instanceof IOException)) {
            log.atError().setCause(why).log("an MLLP connection failed here");
        }
        end(new Ending.Broken(String.valueOf(why.getMessage())));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ending == null) ending = new Ending.Broken("closed");
        var last = ending;
        decoder.abandon();
        forgetUnread();
        if (alarm != null) alarm.cancel(false);
        if (inWork == null) hold(0);
        guarded(() -> listener.observer().closed(peer, last));
    }

    /** Hands over the next whole frame, if there is one and none is in work. */
    private void handNext() {
        if (handing) return;
        handing = true;
        while (inWork == null && ending == null) {
            var content = nextContent();
            if (content == null) break;
            hand(new Frame(content, peer, Instant.now()));
        }
        handing = false;
        if (ending == null && inWork == null) awaitBytes();
    }

    private byte @Nullable [] nextContent() {
        for (var bytes = unread.peek(); bytes != null; bytes = unread.peek()) {
            var content = decoder.next(bytes);
            if (!bytes.isReadable()) unread.remove().release();
            if (content != null) return content;
        }
        return inputEnded ? decoder.endOfStream() : null;
    }

    /** Everything that was read is handled. */
    private void awaitBytes() {
        var cause = decoder.closedBy();
        if (cause != null) {
            end(new Ending.Cut(cause));
        } else if (inputEnded) {
            end(new Ending.ByPeer());
        } else if (!hold(decoder.heldBytes()) && decoder.inFrame()) {
            cut(Cause.NO_ROOM);
        } else {
            channel.config().setAutoRead(true);
            setAlarm();
        }
    }

    private void hand(Frame frame) {
        inWork = frame;
        hold(frame.content().length);
        CompletionStage<Answer> work;
        try {
            work = listener.handler().handle(frame);
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        work.whenComplete(
                (answer, failure) -> {
                    if (channel.eventLoop().inEventLoop()) worked(frame, answer, failure);
                    else channel.eventLoop().execute(() -> worked(frame, answer, failure));
                });
    }

    private void worked(Frame frame, @Nullable Answer answer, @Nullable Throwable failure) {
        if (failure != null) {
            failed(failure instanceof CompletionException e ? cause(e) : failure);
            return;
        }
        switch (answer) {
            case Answer.Reply(var content) -> reply(frame, content);
            case Answer.Silence() -> done();
            case Answer.HangUp(var reason) -> {
                farewell(new Ending.HungUp(reason));
                done();
            }
            case null -> failed(new NullPointerException("the handler gave no answer"));
        }
    }

    private static Throwable cause(CompletionException wrapper) {
        return wrapper.getCause() == null ? wrapper : wrapper.getCause();
    }

    private void failed(Throwable why) {
        farewell(new Ending.HandlerFailed(why));
        done();
    }

    private void reply(Frame frame, byte[] content) {
        if (!channel.isActive()) {
            lost(frame);
            return;
        }
        ByteBuf bytes;
        try {
            bytes = Envelope.wrap(channel.alloc(), content);
        } catch (IllegalArgumentException e) {
            failed(e);
            return;
        }
        var writing = channel.writeAndFlush(bytes);
        if (writing.isDone()) {
            written(frame, writing);
        } else {
            writing.addListener((ChannelFuture now) -> written(frame, now));
            watchWriting(writing, progress());
        }
    }

    private void written(Frame frame, ChannelFuture writing) {
        if (writing.isSuccess()) {
            done();
        } else {
            end(new Ending.Broken(String.valueOf(writing.cause().getMessage())));
            lost(frame);
        }
    }

    private void lost(Frame frame) {
        guarded(() -> listener.observer().answerLost(peer, frame));
        done();
    }

    private void done() {
        inWork = null;
        lastByte = System.nanoTime();
        if (ending != null) hold(0);
        else if (listener.isClosing()) farewell(new Ending.ListenerClosed());
        else handNext();
    }

    private void watchWriting(ChannelFuture writing, long before) {
        Runnable look =
                () -> {
                    if (writing.isDone()) return;
                    var now = progress();
                    if (now == before) end(new Ending.AnswerNotTaken());
                    else watchWriting(writing, now);
                };
        var _ =
                channel.eventLoop()
                        .schedule(look, limits.frameTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Grows with every byte that the socket takes. */
    private long progress() {
        var out = channel.unsafe().outboundBuffer();
        return out == null ? 0 : out.currentProgress() - out.totalPendingWriteBytes();
    }

    /** Closes so that the peer can still read its last answer. */
    private void farewell(Ending why) {
        if (ending != null) return;
        ending = why;
        decoder.abandon();
        forgetUnread();
        if (inputEnded || !channel.isActive()) {
            close();
            return;
        }
        if (tls == null) {
            var _ = channel.shutdownOutput();
        } else {
            // First TLS says that nothing follows, then TCP does.
            var _ =
                    tls.closeOutbound()
                            .addListener(
                                    _ -> {
                                        var _ = channel.shutdownOutput();
                                    });
        }
        channel.config().setAutoRead(true);
        var _ = channel.eventLoop().schedule(this::close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void end(Ending why) {
        if (ending == null) ending = why;
        close();
    }

    private void close() {
        var _ = channel.close();
    }

    private void cut(Cause cause) {
        decoder.close(cause);
        end(new Ending.Cut(cause));
    }

    private void forgetUnread() {
        for (var bytes : unread) bytes.release();
        unread.clear();
    }

    /** Counts what this connection holds; false if it wants more and all together hold too much. */
    private boolean hold(long now) {
        var change = now - held;
        held = now;
        return change == 0 || listener.network().hold(change) || change < 0;
    }

    /** One alarm for all clocks of the connection, none while nothing is waited for. */
    private void setAlarm() {
        var wait = Long.MAX_VALUE;
        var now = System.nanoTime();
        if (decoder.inFrame()) {
            if (watchedFrame != decoder.starts()) watch(decoder.starts(), 0, now);
            wait = watchedUntil - now;
        }
        if (decoder.awaitsReturn()) wait = Math.min(wait, left(limits.endGrace(), now));
        if (decoder.hasOutside()) wait = left(limits.strayPause(), now);
        if (limits.idleTimeout().isPositive())
            wait = Math.min(wait, left(limits.idleTimeout(), now));
        if (wait == Long.MAX_VALUE) return;
        if (alarm != null) {
            if (alarmAt - (now + wait) <= 0) return;
            alarm.cancel(false);
        }
        alarmAt = now + wait;
        alarm = channel.eventLoop().schedule(this::ring, wait, TimeUnit.NANOSECONDS);
    }

    private void ring() {
        alarm = null;
        if (ending != null || inWork != null) return;
        var now = System.nanoTime();
        if (decoder.awaitsReturn() && left(limits.endGrace(), now) <= 0) {
            hand(new Frame(decoder.endWithoutReturn(), peer, Instant.now()));
            return;
        }
        if (decoder.hasOutside() && left(limits.strayPause(), now) <= 0) decoder.reportOutside();
        var cause = decoder.closedBy();
        if (cause != null) {
            end(new Ending.Cut(cause));
        } else if (decoder.inFrame() && watchedUntil - now <= 0 && !grew()) {
            cut(Cause.TIMED_OUT);
        } else if (limits.idleTimeout().isPositive() && left(limits.idleTimeout(), now) <= 0) {
            decoder.abandon();
            end(new Ending.Idle(limits.idleTimeout()));
        } else {
            if (decoder.inFrame() && watchedUntil - now <= 0) {
                watch(watchedFrame, decoder.frameBytes(), now);
            }
            setAlarm();
        }
    }

    private void watch(long frame, int bytes, long now) {
        watchedFrame = frame;
        watchedBytes = bytes;
        watchedUntil = now + limits.frameTimeout().toNanos();
    }

    private boolean grew() {
        return decoder.frameBytes() - watchedBytes >= limits.minProgressBytes();
    }

    /** How much of a pause since the last byte is left, in nanoseconds. */
    private long left(Duration pause, long now) {
        return lastByte + pause.toNanos() - now;
    }

    /** An observer that fails must not end a conversation. */
    static void guarded(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("the observer of an MLLP connection failed");
        }
    }
}
