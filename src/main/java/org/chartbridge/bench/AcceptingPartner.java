package org.chartbridge.bench;

import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A partner on a real socket that accepts at once, counts, and watches the order of each
 * connection.
 */
final class AcceptingPartner implements AutoCloseable {
    private final MllpNetwork network = new MllpNetwork(1, 64 << 20);
    private final MllpListener listener;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong disordered = new AtomicLong();
    private final ConcurrentHashMap<Long, Long> last = new ConcurrentHashMap<>();
    private volatile long firstAt;
    private volatile long lastAt;

    AcceptingPartner(int port) throws IOException {
        listener =
                MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        Limits.defaults(),
                        this::accept,
                        new ConnectionObserver() {});
    }

    /** How many came since {@link #begin}. */
    long count() {
        return count.get();
    }

    int port() {
        return listener.address().getPort();
    }

    long disordered() {
        return disordered.get();
    }

    void begin() {
        count.set(0);
        last.clear();
    }

    private CompletionStage<Answer> accept(Frame frame) {
        long now = System.nanoTime();
        if (count.incrementAndGet() == 1) firstAt = now;
        lastAt = now;
        order(frame);
        return CompletableFuture.completedFuture(
                new Answer.Reply(
                        Acknowledgement.of(
                                frame.content(),
                                AckCode.AA,
                                List.of(),
                                "A",
                                Instant.EPOCH,
                                ZoneOffset.UTC)));
    }

    /** Staged ones have their number for MSH-10. */
    private void order(Frame frame) {
        var number = StagedDeliveries.number(frame.content());
        if (number < 0) return;
        var before = last.put(frame.peer().connection(), number);
        if (before != null && before >= number) disordered.incrementAndGet();
    }

    /** Waits for so many, and gives how many came a second. */
    double awaitCount(long wanted, Duration limit) throws IOException, InterruptedException {
        var end = System.nanoTime() + limit.toNanos();
        while (count.get() < wanted) {
            if (System.nanoTime() > end)
                throw new IOException("only " + count.get() + " of " + wanted + " deliveries came");
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return (wanted - 1) / ((lastAt - firstAt) / 1e9);
    }

    @Override
    public void close() {
        listener.close();
        network.close();
    }
}
