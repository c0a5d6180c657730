package org.chartbridge.mllp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

import org.chartbridge.mllp.ConnectionObserver.TurnedAway;
import org.jspecify.annotations.Nullable;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An open port that takes frames and gives answers. */
public final class MllpListener implements AutoCloseable {
    private static final AtomicLong CONNECTION_NUMBERS = new AtomicLong();
    private static final Duration USUAL_DRAIN = Duration.ofSeconds(5);

    private final MllpNetwork network;
    private final FrameHandler handler;
    private final ConnectionObserver observer;
    private final Set<Conversation> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> perPeer = new ConcurrentHashMap<>();
    private final Channel port;
    private volatile Limits limits;
    private volatile @Nullable Tls tls;
    private volatile boolean closing;

    private MllpListener(
            MllpNetwork network,
            InetSocketAddress address,
            Limits limits,
            @Nullable Tls tls,
            FrameHandler handler,
            ConnectionObserver observer)
            throws CannotListen {
        this.network = network;
        this.limits = limits;
        this.tls = tls;
        this.handler = handler;
        this.observer = observer;
        this.port = bind(address);
    }

    /**
     * Opens a port. Must not be called on an event loop.
     *
     * @param address where to listen; port 0 lets the system choose, see {@link #address()}
     * @throws PortInUse if somebody else has it
     * @throws CannotListen if the address isn't ours, the port needs rights, and the like
     */
    public static MllpListener open(
            MllpNetwork network,
            InetSocketAddress address,
            Limits limits,
            FrameHandler handler,
            ConnectionObserver observer)
            throws CannotListen {
        return open(network, address, limits, null, handler, observer);
    }

    /**
     * As above, with TLS.
     *
     * @param tls made by {@link Tls#ofServer}; null for none
     */
    public static MllpListener open(
            MllpNetwork network,
            InetSocketAddress address,
            Limits limits,
            @Nullable Tls tls,
            FrameHandler handler,
            ConnectionObserver observer)
            throws CannotListen {
        return new MllpListener(network, address, limits, tls, handler, observer);
    }

    /**
     * For connections from now on; those that are open stay as they are. Whether TLS is spoken at
     * all can't be changed: close the port and open it anew.
     */
    public void use(Limits newer, @Nullable Tls newerTls) {
        if ((tls == null) != (newerTls == null))
            throw new IllegalArgumentException("TLS begins and ends with its port");
        limits = newer;
        tls = newerTls;
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) port.localAddress();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.get();
    }

    /** Closes with a drain of five seconds. */
    @Override
    public void close() {
        var _ = close(USUAL_DRAIN);
    }

    /**
     * Takes no more calls and no more frames, lets messages in work finish and their answers be
     * written, then closes every connection. Frames that were read but not begun are not answered;
     * their senders will send them again. Blocks, so must not be called on an event loop.
     *
     * @param drain how long to wait at most
     * @return how many messages were still in work then and stayed without an answer
     */
    public int close(Duration drain) {
        closing = true;
        port.close().awaitUninterruptibly();
        var deadline = System.nanoTime() + drain.toNanos();
        var leaving = Set.copyOf(open);
        leaving.forEach(Conversation::leave);
        leaving.forEach(
                conversation ->
                        conversation
                                .whenClosed()
                                .awaitUninterruptibly(
                                        Math.max(0, deadline - System.nanoTime()),
                                        TimeUnit.NANOSECONDS));
        var unanswered = 0;
        for (var conversation : open) if (conversation.cutOff()) unanswered++;
        return unanswered;
    }

    /** Whether no frame may be begun any more. */
    boolean isClosing() {
        return closing;
    }

    MllpNetwork network() {
        return network;
    }

    Limits limits() {
        return limits;
    }

    FrameHandler handler() {
        return handler;
    }

    ConnectionObserver observer() {
        return observer;
    }

    private Channel bind(InetSocketAddress address) throws CannotListen {
        var bound =
                new ServerBootstrap()
                        .group(network.loops())
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 1_024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        // A sender whose machine died would else be held for ever.
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        // Some senders close their side behind the last frame and still read.
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(new Calls())
                        .bind(address)
                        .awaitUninterruptibly();
        var why = bound.cause();
        if (why == null) return bound.channel();
        throw switch (why) {
            case BindException e when isInUse(e) ->
                    new PortInUse(address, PortHolder.of(address.getPort()), e);
            default -> new CannotListen(address, String.valueOf(why.getMessage()), why);
        };
    }

    // The JDK has one exception for all; the text is the C library's.
    private static boolean isInUse(BindException e) {
        return String.valueOf(e.getMessage()).contains("in use");
    }

    /** Turns a call into a conversation, or away. */
    private final class Calls extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            var remote = channel.remoteAddress();
            if (remote == null || closing || !admits(remote)) {
                var _ = channel.close();
                return;
            }
            var peer =
                    new Peer(remote, channel.localAddress(), CONNECTION_NUMBERS.incrementAndGet());
            var secure = tls;
            var handler = secure == null ? null : secure.handler(channel.alloc());
            var conversation = new Conversation(MllpListener.this, peer, channel, handler);
            open.add(conversation);
            channel.closeFuture()
                    .addListener(
                            _ -> {
                                open.remove(conversation);
                                release(remote.getAddress());
                            });
            if (handler != null) channel.pipeline().addLast("tls", handler);
            channel.pipeline().addLast("conversation", conversation);
            // close(Duration) may have looked at the open ones just before.
            if (closing) conversation.leave();
        }
    }

    private boolean admits(InetSocketAddress remote) {
        if (connections.incrementAndGet() > limits.maxConnections()) {
            connections.decrementAndGet();
            turnAway(remote, TurnedAway.MAX_CONNECTIONS);
            return false;
        }
        if (perPeer.merge(remote.getAddress(), 1, Integer::sum) > limits.maxConnectionsPerPeer()) {
            release(remote.getAddress());
            turnAway(remote, TurnedAway.MAX_CONNECTIONS_PER_PEER);
            return false;
        }
        return true;
    }

    private void release(InetAddress remote) {
        connections.decrementAndGet();
        perPeer.computeIfPresent(remote, (_, count) -> count == 1 ? null : count - 1);
    }

    private void turnAway(InetSocketAddress remote, TurnedAway why) {
        Conversation.guarded(() -> observer.turnedAway(remote, why));
    }
}
