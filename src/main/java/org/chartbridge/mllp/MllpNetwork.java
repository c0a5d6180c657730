package org.chartbridge.mllp;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads and the memory bound that all listeners and clients of an application share. The
 * application makes one, and closes it after them.
 */
public final class MllpNetwork implements AutoCloseable {
    private final EventLoopGroup loops;
    private final long maxHeldBytes;
    private final AtomicLong held = new AtomicLong();

    /** Two threads, and a quarter of the heap for frames. */
    public MllpNetwork() {
        this(2, Runtime.getRuntime().maxMemory() / 4);
    }

    /**
     * @param threads how many serve all connections, at least 1
     * @param maxHeldBytes how many bytes all unfinished frames and frames in work of all listeners
     *     may hold together; an unfinished frame that grows beyond is cut with {@link
     *     Stray.Cause#NO_ROOM}
     */
    public MllpNetwork(int threads, long maxHeldBytes) {
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("mllp", true), NioIoHandler.newFactory());
        this.maxHeldBytes = maxHeldBytes;
    }

    public long maxHeldBytes() {
        return maxHeldBytes;
    }

    /** Bytes that unfinished frames and frames in work hold now. */
    public long heldBytes() {
        return held.get();
    }

    /** Ends the threads; what is still open is closed. Returns within five seconds. */
    @Override
    public void close() {
        var ended = loops.shutdownGracefully(0, 3, TimeUnit.SECONDS);
        ended.awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    EventLoopGroup loops() {
        return loops;
    }

    /** Counts a change of held bytes; false if they are now more than allowed. */
    boolean hold(long change) {
        return held.addAndGet(change) <= maxHeldBytes;
    }
}
