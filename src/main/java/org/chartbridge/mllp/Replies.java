package org.chartbridge.mllp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The side of a client's connection that runs on its event loop: writes messages and gives the
 * answers that come to those who wait: to the message that an answer names, or first to first.
 */
final class Replies extends ChannelInboundHandlerAdapter {
    /** Some put line ends behind a frame. */
    private static final int MOST_LINE_ENDS = 2;

    private static final String CLOSED_THERE = "closed by the other side";

    private final Limits limits;
    private final AtomicInteger inFlight;
    private final FrameDecoder decoder;
    private final MllpClient.@Nullable Matching matching;
    private final Queue<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(String key, CompletableFuture<byte[]> answer) {}

    private @Nullable Channel channel;
    private boolean flushing;
    private boolean heard;
    private volatile boolean turnedAway;
    private final AtomicLong unasked = new AtomicLong();
    private volatile String why = CLOSED_THERE;
    private volatile @Nullable TlsFailure tlsFailure;

    Replies(Limits limits, AtomicInteger inFlight, MllpClient.@Nullable Matching matching) {
        this.limits = limits;
        this.inFlight = inFlight;
        this.matching = matching;
        // What is no frame answers nobody; how it ended stands in the failure.
        this.decoder = new FrameDecoder(limits, _ -> {});
    }

    long unasked() {
        return unasked.get();
    }

    void write(ByteBuf bytes, String key, CompletableFuture<byte[]> answer) {
        var to = channel();
        if (!to.isActive()) {
            bytes.release();
            inFlight.decrementAndGet();
            answer.completeExceptionally(hungUp(false, 0));
            return;
        }
        waiting.add(new Waiting(key, answer));
        var _ = to.write(bytes, to.voidPromise());
        if (flushing) return;
        // What is sent in the same turn of the loop leaves in one write.
        flushing = true;
        to.eventLoop().execute(this::flush);
    }

    void post(ByteBuf bytes, CompletableFuture<Void> sent) {
        var to = channel();
        if (!to.isActive()) {
            bytes.release();
            sent.completeExceptionally(hungUp(false, 0));
            return;
        }
        to.writeAndFlush(bytes)
                .addListener(
                        written -> {
                            if (written.isSuccess()) sent.complete(null);
                            else sent.completeExceptionally(hungUp(true, 0));
                        });
    }

    void close(String reason) {
        var open = channel();
        if (open.isActive()) why = reason;
        var _ = open.close();
    }

    private MllpFailure.HungUp hungUp(boolean maybeSent, long answerBytes) {
        return new MllpFailure.HungUp(maybeSent && !turnedAway, answerBytes, why, tlsFailure);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        heard = true;
        try {
            for (var content = decoder.next(bytes);
                    content != null;
                    content = decoder.next(bytes)) {
                answer(content);
            }
            if (matching != null && decoder.outside() > MOST_LINE_ENDS)
                matching.unframed(decoder.outside());
        } finally {
            bytes.release();
        }
        var cause = decoder.closedBy();
        if (cause != null) close(cause.words());
        else if (decoder.awaitsReturn()) endLater(decoder.starts());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        // The text of a TLS exception may hold bytes of what came without TLS.
        var tls = TlsFailure.in(failure);
        tls.ifPresent(failed -> tlsFailure = failed);
        turnedAway = !heard && tls.filter(TlsFailure::turnedAway).isPresent();
        // The connection may have ended on its own by now, and close() keeps the first reason.
        if (why.equals(CLOSED_THERE)) tls.ifPresent(failed -> why = failed.toString());
        close(tls.map(TlsFailure::toString).orElse(String.valueOf(failure.getMessage())));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        var answerBytes = (long) decoder.frameBytes();
        var last = decoder.endOfStream();
        if (last != null) answer(last);
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            inFlight.decrementAndGet();
            next.answer().completeExceptionally(hungUp(true, answerBytes));
            answerBytes = 0;
        }
    }

    private void endLater(long frame) {
        Runnable end =
                () -> {
                    if (decoder.awaitsReturn() && decoder.starts() == frame) {
                        answer(decoder.endWithoutReturn());
                    }
                };
        var _ =
                channel()
                        .eventLoop()
                        .schedule(end, limits.endGrace().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void answer(byte[] content) {
        var asked = matching == null ? waiting.poll() : named(matching.keyOf(content));
        if (asked == null) {
            unasked.incrementAndGet();
            if (matching != null) matching.unasked(content);
            return;
        }
        inFlight.decrementAndGet();
        if (matching != null) matching.given(asked.key());
        asked.answer().complete(content);
    }

    /** Most answers come in order, so the first one looked at is nearly always the right one. */
    private @Nullable Waiting named(@Nullable String key) {
        if (key == null) return null;
        for (var all = waiting.iterator(); all.hasNext(); ) {
            var one = all.next();
            if (!one.key().equals(key)) continue;
            all.remove();
            return one;
        }
        return null;
    }

    private void flush() {
        flushing = false;
        channel().flush();
    }

    private Channel channel() {
        return Objects.requireNonNull(channel);
    }
}
