package org.chartbridge.mllp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection to somebody who listens. Many messages may be in flight. Without a {@link
 * Matching} answers are given out in the order they come, the first to the message that was sent
 * first, and whether one belongs to its message is for the caller to check; with one, each goes to
 * the message that it names. May be used from any thread.
 */
public final class MllpClient implements AutoCloseable {
    /** How many messages may wait for their answer at a time. */
    public static final int MAX_IN_FLIGHT = 100_000;

    /** Tells which message an answer belongs to. Called on an event loop: must not block. */
    public interface Matching {

        /** What the answer names; null when it can't be told. */
        @Nullable String keyOf(byte[] answer);

        /** What {@link #keyOf} read last was given to the message that it names. */
        default void given(String key) {}

        /** An answer came that belongs to no message that waits. */
        void unasked(byte[] answer);

        /** So many bytes came since the last frame that stand in none. */
        default void unframed(long bytes) {}
    }

    private final Channel channel;
    private final Replies replies;
    private final AtomicInteger inFlight;

    private MllpClient(Channel channel, Replies replies, AtomicInteger inFlight) {
        this.channel = channel;
        this.replies = replies;
        this.inFlight = inFlight;
    }

    /**
     * Connects, with the usual limits. Blocks, so must not be called on an event loop.
     *
     * @param timeout at most a day
     */
    public static MllpClient connect(
            MllpNetwork network, InetSocketAddress address, Duration timeout)
            throws MllpFailure.Refused {
        return connect(network, address, timeout, Limits.defaults());
    }

    /** As above; of the limits those apply that bound a frame. */
    public static MllpClient connect(
            MllpNetwork network, InetSocketAddress address, Duration timeout, Limits limits)
            throws MllpFailure.Refused {
        return connect(network, address, timeout, limits, null, Optional.empty());
    }

    /** As above, for messages that are sent with a key, and without TLS. */
    public static MllpClient connect(
            MllpNetwork network,
            InetSocketAddress address,
            Duration timeout,
            Limits limits,
            Matching matching)
            throws MllpFailure.Refused {
        return connect(network, address, timeout, limits, matching, Optional.empty());
    }

    /**
     * As above, with TLS where it is given. Returns after the handshake, whose failure is told as
     * {@link MllpFailure.Refused} with cause and remedy. (With TLS 1.3 the other side judges our
     * certificate later; then the first message fails, unsent.)
     *
     * @param matching null to give answers out in order
     * @param tls made by {@link Tls#ofClient}
     */
    public static MllpClient connect(
            MllpNetwork network,
            InetSocketAddress address,
            Duration timeout,
            Limits limits,
            @Nullable Matching matching,
            Optional<Tls> tls)
            throws MllpFailure.Refused {
        var resolved =
                address.isUnresolved()
                        ? new InetSocketAddress(address.getHostString(), address.getPort())
                        : address;
        if (resolved.isUnresolved()) throw new MllpFailure.Refused(address, "no such host");
        var millis = (int) Math.clamp(timeout.toMillis(), 1, TimeUnit.DAYS.toMillis(1));
        var inFlight = new AtomicInteger();
        var replies = new Replies(limits, inFlight, matching);
        var calling = new Calling(replies, tls, address);
        var connecting =
                new Bootstrap()
                        .group(network.loops())
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                        .handler(calling)
                        .connect(resolved)
                        .awaitUninterruptibly();
        var why = connecting.cause();
        if (why != null) throw new MllpFailure.Refused(address, String.valueOf(why.getMessage()));
        calling.shakeHands(connecting.channel());
        return new MllpClient(connecting.channel(), replies, inFlight);
    }

    /** Puts TLS, where it is wanted, between the socket and the messages. */
    private static final class Calling extends ChannelInitializer<SocketChannel> {
        private final Replies replies;
        private final Optional<Tls> tls;
        private final InetSocketAddress address;
        private volatile @Nullable SslHandler handler;

        Calling(Replies replies, Optional<Tls> tls, InetSocketAddress address) {
            this.replies = replies;
            this.tls = tls;
            this.address = address;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (tls.isPresent()) {
                var shaking = tls.get().handler(channel.alloc(), address);
                channel.pipeline().addLast("tls", shaking);
                handler = shaking;
            }
            channel.pipeline().addLast("replies", replies);
        }

        /**
         * Within {@link Tls#HANDSHAKE_TIMEOUT}. The pipeline isn't asked: a connection that the
         * other side closed at once has lost its handlers by then.
         */
        void shakeHands(Channel channel) throws MllpFailure.Refused {
            var shaking = handler;
            if (shaking == null) return;
            var failure = shaking.handshakeFuture().awaitUninterruptibly().cause();
            if (failure == null) return;
            var _ = channel.close();
            throw new MllpFailure.Refused(address, TlsFailure.of(failure));
        }
    }

    /**
     * Sends a message. The stage completes on an event loop with the answer's content, so what
     * depends on it must not block, or exceptionally with {@link MllpFailure.HungUp}. It never
     * times out.
     *
     * @throws IllegalArgumentException if MLLP can't frame the content, see {@link Answer.Reply}
     * @throws IllegalStateException if {@link #MAX_IN_FLIGHT} messages wait
     */
    public CompletionStage<byte[]> send(byte[] content) {
        return send(content, "");
    }

    /**
     * As above; with a {@link Matching} the answer is the one that names this key. Of two messages
     * in flight with one key the first gets the first answer.
     */
    public CompletionStage<byte[]> send(byte[] content, String key) {
        var bytes = Envelope.wrap(channel.alloc(), content);
        if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
            inFlight.decrementAndGet();
            bytes.release();
            throw new IllegalStateException("more than " + MAX_IN_FLIGHT + " messages in flight");
        }
        var answer = new CompletableFuture<byte[]>();
        var loop = channel.eventLoop();
        if (loop.inEventLoop()) replies.write(bytes, key, answer);
        else loop.execute(() -> replies.write(bytes, key, answer));
        return answer;
    }

    /**
     * Sends a message that asks for no answer (MSH-15 and MSH-16 NE). The stage completes when the
     * operating system has taken it.
     *
     * @throws IllegalArgumentException if MLLP can't frame the content
     */
    public CompletionStage<Void> post(byte[] content) {
        var sent = new CompletableFuture<Void>();
        var bytes = Envelope.wrap(channel.alloc(), content);
        var loop = channel.eventLoop();
        if (loop.inEventLoop()) replies.post(bytes, sent);
        else loop.execute(() -> replies.post(bytes, sent));
        return sent;
    }

    /**
     * Sends a message and waits for its answer. Without one in time the connection is closed, since
     * a late answer would be taken for the next message's.
     */
    public byte[] exchange(byte[] content, Duration timeout)
            throws MllpFailure, InterruptedException {
        try {
            return send(content).toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            close();
            throw new MllpFailure.TimedOut(timeout);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MllpFailure failure) throw failure;
            throw new IllegalStateException(e.getCause());
        }
    }

    public boolean isOpen() {
        return channel.isActive();
    }

    /** How many messages wait for their answer. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Frames that came while no message waited for one. */
    public long unaskedAnswers() {
        return replies.unasked();
    }

    /** Closes at once; messages that wait fail. */
    @Override
    public void close() {
        channel.eventLoop().execute(() -> replies.close("closed by this side"));
    }
}
