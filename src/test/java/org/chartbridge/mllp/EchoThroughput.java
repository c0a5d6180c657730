package org.chartbridge.mllp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures what listener and client can do at most, and what processor time it takes: frames of 1.4
 * kB answered by 120 bytes, each sent when the answer to the one before has come. Not a test, since
 * figures belong to a machine; run its {@code main}, with {@code listen} and {@code send PORT 64 64
 * 8 1} as arguments for a process each.
 */
final class EchoThroughput {
    private static final Duration SPAN = Duration.ofSeconds(5);
    private static final byte[] MESSAGE = new byte[1_400];
    private static final byte[] ANSWER = new byte[120];

    private static final AtomicLong ANSWERED = new AtomicLong();

    private EchoThroughput() {}

    public static void main(String[] arguments) throws Exception {
        Arrays.fill(MESSAGE, (byte) 'x');
        Arrays.fill(ANSWER, (byte) 'y');
        try (var network = new MllpNetwork(Integer.getInteger("threads", 1), 256 << 20)) {
            if (arguments[0].equals("listen")) {
                System.out.println(listen(network).address().getPort());
                var _ = System.in.read();
            } else {
                var port = Integer.parseInt(arguments[1]);
                for (var connections : Arrays.asList(arguments).subList(2, arguments.length)) {
                    measure(network, port, Integer.parseInt(connections));
                }
            }
        }
    }

    private static MllpListener listen(MllpNetwork network) throws CannotListen {
        return MllpListener.open(
                network,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Limits.defaults(),
                _ -> {
                    var count = ANSWERED.incrementAndGet();
                    if (count % 100_000 == 0) {
                        System.out.printf(
                                "%d answered, %.1f us each%n", count, cpuNanos() / 1e3 / count);
                    }
                    return CompletableFuture.completedStage(new Answer.Reply(ANSWER));
                },
                new Witness());
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static void measure(MllpNetwork network, int port, int connections) throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var senders = new ArrayList<Sender>();
        var begin = System.nanoTime();
        var cpu = cpuNanos();
        for (var i = 0; i < connections; i++) {
            var client = MllpClient.connect(network, address, Duration.ofSeconds(5));
            senders.add(new Sender(client, begin + SPAN.toNanos()));
        }
        for (var sender : senders) sender.next();
        for (var sender : senders) sender.end.join();
        var seconds = (System.nanoTime() - begin) / 1e9;
        var latencies =
                senders.stream().flatMapToLong(s -> Arrays.stream(s.nanos, 0, s.count)).sorted();
        var sorted = latencies.toArray();
        System.out.printf(
                "%d connections: %.0f/s, p50 %.2f ms, p99 %.2f ms, sender %.1f us each%n",
                connections,
                sorted.length / seconds,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                (cpuNanos() - cpu) / 1e3 / sorted.length);
        for (var sender : senders) sender.client.close();
    }

    private static final class Sender {
        private final MllpClient client;
        private final long until;
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private long[] nanos = new long[1 << 16];
        private int count;

        Sender(MllpClient client, long until) {
            this.client = client;
            this.until = until;
        }

        void next() {
            var sent = System.nanoTime();
            var _ =
                    client.send(MESSAGE)
                            .whenComplete(
                                    (_, failure) -> {
                                        if (failure == null) answered(sent);
                                        else end.completeExceptionally(failure);
                                    });
        }

        private void answered(long sent) {
            var now = System.nanoTime();
            if (count == nanos.length) nanos = Arrays.copyOf(nanos, count * 2);
            nanos[count++] = now - sent;
            if (now < until) next();
            else end.complete(null);
        }
    }
}
