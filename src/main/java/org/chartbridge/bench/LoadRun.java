package org.chartbridge.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Load on an engine: each connection sends its next message when the answer to the last one is
 * there. First for the warm-up, then for the time that counts.
 */
final class LoadRun {
    /** At most so long do the last answers take. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(60);

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long PROGRESS_MILLIS = 1_000;

    /**
     * What came of it.
     *
     * @param seconds of the measured time
     * @param measured positive answers in it
     * @param codes all answers, warm-up included, by MSA-1
     * @param sent all messages, warm-up included
     * @param unanswered messages whose connection ended first
     */
    record Loaded(
            int connections,
            double seconds,
            long measured,
            Map<String, Long> codes,
            long sent,
            long unanswered,
            double p50Millis,
            double p99Millis,
            double maxMillis) {

        @JsonProperty
        double perSecond() {
            return measured / seconds;
        }

        long positive() {
            return codes.getOrDefault("AA", 0L) + codes.getOrDefault("CA", 0L);
        }
    }

    private final InetSocketAddress address;
    private final int connections;
    private final BenchMessages messages;
    private final Latencies latencies = new Latencies();
    private final LongAdder measured = new LongAdder();
    private final Map<String, LongAdder> codes = new ConcurrentHashMap<>();
    private final CountDownLatch working;
    private volatile boolean measuring;
    private volatile boolean stopping;

    LoadRun(InetSocketAddress address, int connections, BenchMessages messages) {
        this.address = address;
        this.connections = connections;
        this.messages = messages;
        this.working = new CountDownLatch(connections);
    }

    /**
     * Runs once.
     *
     * @param window is run when the measured time begins, and what it returns when it ends
     */
    Loaded run(Duration warmUp, Duration time, Progress progress, Window window)
            throws IOException, InterruptedException {
        try (var network = new MllpNetwork(2, Runtime.getRuntime().maxMemory() / 4)) {
            var clients = new ArrayList<MllpClient>();
            for (var i = 0; i < connections; i++) clients.add(connect(network));
            for (var client : clients) send(client);
            watch("warm-up", warmUp, progress);
            window.begins();
            var start = System.nanoTime();
            measuring = true;
            watch("measuring", time, progress);
            measuring = false;
            var seconds = (System.nanoTime() - start) / 1e9;
            window.ends();
            stopping = true;
            if (!working.await(LAST_ANSWERS.toSeconds(), TimeUnit.SECONDS)) {
                progress.line(working.getCount() + " connections still wait for an answer");
            }
            for (var client : clients) client.close();
            return loaded(seconds);
        }
    }

    /** The measured time's beginning and end. */
    interface Window {
        void begins() throws IOException, InterruptedException;

        void ends() throws IOException, InterruptedException;
    }

    private Loaded loaded(double seconds) {
        var all = new TreeMap<String, Long>();
        codes.forEach((code, count) -> all.put(code, count.sum()));
        var answered = all.values().stream().mapToLong(Long::longValue).sum();
        return new Loaded(
                connections,
                seconds,
                measured.sum(),
                all,
                messages.made(),
                messages.made() - answered,
                millis(latencies.at(0.5)),
                millis(latencies.at(0.99)),
                millis(latencies.max()));
    }

    private MllpClient connect(MllpNetwork network) throws MllpFailure.Refused {
        return MllpClient.connect(network, address, CONNECT);
    }

    /** Sends the next message of a connection; the rest happens on its event loop. */
    private void send(MllpClient client) {
        if (stopping) {
            working.countDown();
            return;
        }
        var message = messages.next();
        var start = System.nanoTime();
        var _ =
                client.send(message.content())
                        .whenComplete(
                                (answer, failure) -> {
                                    if (failure != null) {
                                        working.countDown();
                                        return;
                                    }
                                    answered(message.number(), answer, System.nanoTime() - start);
                                    send(client);
                                });
    }

    private void answered(long number, byte[] answer, long nanos) {
        var code = AnswerCode.of(answer, messages.controlId(number));
        codes.computeIfAbsent(code, _ -> new LongAdder()).increment();
        if (!measuring) return;
        latencies.record(nanos);
        if (code.equals("AA") || code.equals("CA")) measured.increment();
    }

    private void watch(String what, Duration time, Progress progress)
            throws IOException, InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        var before = total();
        var since = System.nanoTime();
        for (var left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            var step = Math.min(PROGRESS_MILLIS, Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            if (working.await(step, TimeUnit.MILLISECONDS)) {
                throw new IOException("every connection was closed by the engine");
            }
            var now = System.nanoTime();
            progress.now(
                    "%d connections, %s: %,.0f/s, %d s left"
                            .formatted(
                                    connections,
                                    what,
                                    (total() - before) / ((now - since) / 1e9),
                                    Math.max(0, TimeUnit.NANOSECONDS.toSeconds(end - now))));
            before = total();
            since = now;
        }
    }

    private long total() {
        return codes.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** The time that 95 of 100 measured answers took at most. */
    double p95Millis() {
        return millis(latencies.at(0.95));
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
