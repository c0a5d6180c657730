package org.chartbridge.mllp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A thousand lines that stay open for days, and some that work. */
@Isolated("counts threads and memory of the whole JVM")
class ManyConnectionsTests {
    private static final int IDLE = 1_000;
    private static final int BUSY = 16;
    private static final int MESSAGES = 500;

    @Test
    void aThousandIdleConnectionsCostTwoThreadsAndLittleMemory() throws Exception {
        var idle = new ArrayList<Socket>();
        try (var network = new MllpNetwork();
                var listener = echo(network)) {
            warmUp(network, listener);
            var before = usedHeap();

            for (var i = 0; i < IDLE; i++) {
                idle.add(new Socket(listener.address().getAddress(), listener.address().getPort()));
            }
            await().until(() -> listener.connections() == IDLE);

            assertThat(usedHeap() - before).as("heap of both sides").isLessThan(15L << 20);
            assertThat(busyAnswers(network, listener)).isEqualTo(BUSY * MESSAGES);
            assertThat(threadsOfOurs()).isEqualTo(2);
            for (var socket : idle) {
                socket.getOutputStream().write(new byte[] {0x0B, 'a', 0x1C, 0x0D});
            }
            for (var socket : idle) {
                socket.setSoTimeout(10_000);
                assertThat(socket.getInputStream().readNBytes(4)).containsExactly(11, 'a', 28, 13);
            }
        } finally {
            for (var socket : idle) socket.close();
        }
    }

    @Test
    void connectionsThatComeAndGoLeaveNothing() throws Exception {
        try (var network = new MllpNetwork();
                var listener = echo(network)) {
            for (var i = 0; i < 500; i++) {
                try (var client = connect(network, listener)) {
                    client.exchange(new byte[] {'a'}, Duration.ofSeconds(10));
                }
            }

            await().until(() -> listener.connections() == 0);
            assertThat(network.heldBytes()).isZero();
        }
    }

    private static void warmUp(MllpNetwork network, MllpListener listener) throws Exception {
        assertThat(busyAnswers(network, listener)).isEqualTo(BUSY * MESSAGES);
        await().until(() -> listener.connections() == 0);
    }

    /** Every busy connection sends, each message after the answer to the one before. */
    private static int busyAnswers(MllpNetwork network, MllpListener listener) throws Exception {
        var clients = new ArrayList<MllpClient>();
        var counts = new ArrayList<CompletableFuture<Integer>>();
        for (var i = 0; i < BUSY; i++) {
            var client = connect(network, listener);
            clients.add(client);
            var count = new CompletableFuture<Integer>();
            sendOn(client, 0, count);
            counts.add(count);
        }
        var answers = 0;
        for (var count : counts) answers += count.get(30, TimeUnit.SECONDS);
        clients.forEach(MllpClient::close);
        return answers;
    }

    private static void sendOn(MllpClient client, int answered, CompletableFuture<Integer> count) {
        if (answered == MESSAGES) {
            count.complete(answered);
            return;
        }
        var _ =
                client.send(new byte[1_500])
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null) count.completeExceptionally(failure);
                                    else sendOn(client, answered + 1, count);
                                });
    }

    private static MllpClient connect(MllpNetwork network, MllpListener listener)
            throws MllpFailure.Refused {
        return MllpClient.connect(network, listener.address(), Duration.ofSeconds(10));
    }

    private static MllpListener echo(MllpNetwork network) throws CannotListen {
        return MllpListener.open(
                network,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Limits.defaults(),
                frame -> CompletableFuture.completedStage(new Answer.Reply(frame.content())),
                new Witness());
    }

    private static long threadsOfOurs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("mllp-"))
                .count();
    }

    private static long usedHeap() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
