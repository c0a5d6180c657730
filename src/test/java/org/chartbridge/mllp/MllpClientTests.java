package org.chartbridge.mllp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What a sender learns of its message: the answer, or in which way there is none. */
class MllpClientTests {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Limits LIMITS = Limits.defaults();

    private final MllpNetwork network = new MllpNetwork(2, 256 << 20);
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var thing : toClose) thing.close();
        network.close();
    }

    @Test
    void anExchangeGivesTheAnswer() throws Exception {
        var client = connect(echo());

        assertThat(client.exchange(bytes("question"), LONG)).isEqualTo(bytes("question"));
        assertThat(client.exchange(bytes(""), LONG)).isEmpty();
        assertThat(client.exchange(new byte[10_000_000], LONG)).hasSize(10_000_000);
    }

    @Test
    void manyMessagesInFlightGetTheirAnswersInOrder() throws Exception {
        var client = connect(echo());
        var answers = new ArrayList<CompletableFuture<byte[]>>();

        for (var i = 0; i < 10_000; i++) {
            answers.add(client.send(bytes("message " + i)).toCompletableFuture());
        }

        for (var i = 0; i < 10_000; i++) {
            assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(bytes("message " + i));
        }
        assertThat(client.inFlight()).isZero();
    }

    @Test
    void withAMatchingEachAnswerGoesToTheMessageItNames() throws Exception {
        var strange = new CopyOnWriteArrayList<String>();
        // Answers the first two in the wrong order, and something nobody asked before them.
        var partner = serverSocket();
        toClose.add(partner);
        var client =
                MllpClient.connect(
                        network,
                        (InetSocketAddress) partner.getLocalSocketAddress(),
                        LONG,
                        LIMITS,
                        new MllpClient.Matching() {
                            @Override
                            public String keyOf(byte[] answer) {
                                return text(answer);
                            }

                            @Override
                            public void unasked(byte[] answer) {
                                strange.add(text(answer));
                            }
                        });
        toClose.add(client);
        var first = client.send(bytes("question 1"), "1").toCompletableFuture();
        var second = client.send(bytes("question 2"), "2").toCompletableFuture();
        try (var socket = partner.accept()) {
            assertThat(socket.getInputStream().readNBytes(2 * (10 + 3))).hasSize(26);
            for (var answer : List.of("0", "2", "1", "1"))
                socket.getOutputStream().write(bytes("\u000b" + answer + "\u001c\r"));

            assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(bytes("2"));
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(bytes("1"));
            await().untilAsserted(() -> assertThat(strange).containsExactly("0", "1"));
        }
        assertThat(client.unaskedAnswers()).isEqualTo(2);
    }

    @Test
    void whatFollowsAnAnswerMaySendAgain() throws Exception {
        var client = connect(echo());

        var third =
                client.send(bytes("a"))
                        .thenCompose(a -> client.send(bytes(text(a) + "b")))
                        .thenCompose(ab -> client.send(bytes(text(ab) + "c")));

        assertThat(third.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(bytes("abc"));
    }

    @Test
    void aPortThatNobodyHoldsIsRefused() throws Exception {
        InetSocketAddress nobody;
        try (var briefly = serverSocket()) {
            nobody = (InetSocketAddress) briefly.getLocalSocketAddress();
        }

        assertThatThrownBy(() -> MllpClient.connect(network, nobody, LONG))
                .isInstanceOf(MllpFailure.Refused.class)
                .hasMessageContaining(":" + nobody.getPort() + ": ");
    }

    @Test
    void aHostThatDoesNotExistIsRefused() {
        // RFC 6761: no name below invalid exists.
        var nowhere = InetSocketAddress.createUnresolved("lab.invalid", 2575);

        assertThatThrownBy(() -> MllpClient.connect(network, nowhere, LONG))
                .isInstanceOf(MllpFailure.Refused.class)
                .hasMessage("no connection to lab.invalid:2575: no such host");
    }

    @Test
    void noAnswerInTimeClosesTheConnection() throws Exception {
        var client = connect(listener(_ -> new CompletableFuture<>()));

        assertThatThrownBy(() -> client.exchange(bytes("a"), Duration.ofMillis(100)))
                .isInstanceOf(MllpFailure.TimedOut.class)
                .hasMessage("no answer after 100 ms");

        await().until(() -> !client.isOpen());
    }

    @Test
    void aPeerThatHangsUpFailsEveryMessageInFlight() throws Exception {
        try (var server = serverSocket()) {
            var client = connect((InetSocketAddress) server.getLocalSocketAddress());
            var first = client.send(bytes("a")).toCompletableFuture();
            var second = client.send(bytes("b")).toCompletableFuture();
            try (var peer = server.accept()) {
                assertThat(peer.getInputStream().readNBytes(8)).hasSize(8);
                peer.getOutputStream().write(bytes("\u000BMSA|"));
            }

            assertHungUp(first, true, 4);
            assertHungUp(second, true, 0);
            assertHungUp(client.send(bytes("c")).toCompletableFuture(), false, 0);
            assertThatThrownBy(() -> client.exchange(bytes("d"), LONG))
                    .isInstanceOf(MllpFailure.HungUp.class);
        }
    }

    @Test
    void anAnswerWithoutItsReturnIsTaken() throws Exception {
        try (var server = serverSocket()) {
            var client = connect((InetSocketAddress) server.getLocalSocketAddress());
            try (var peer = server.accept()) {
                var first = client.send(bytes("a")).toCompletableFuture();
                assertThat(peer.getInputStream().readNBytes(4)).hasSize(4);
                peer.getOutputStream().write(bytes("\u000Bone\u001C"));
                assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(bytes("one"));
                var second = client.send(bytes("b")).toCompletableFuture();
                assertThat(peer.getInputStream().readNBytes(4)).hasSize(4);
                peer.getOutputStream().write(bytes("\r\u000Btwo\u001C"));
                peer.shutdownOutput();
                assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(bytes("two"));
            }
        }
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() throws Exception {
        try (var server = serverSocket()) {
            var client =
                    MllpClient.connect(
                            network,
                            (InetSocketAddress) server.getLocalSocketAddress(),
                            LONG,
                            LIMITS.withMaxFrameBytes(1_000));
            try (var peer = server.accept()) {
                var answer = client.send(bytes("a")).toCompletableFuture();
                assertThat(peer.getInputStream().readNBytes(4)).hasSize(4);
                peer.getOutputStream().write(bytes("\u000B" + "x".repeat(2_000)));

                assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(MllpFailure.HungUp.class)
                        .hasMessageContaining("more bytes than maxFrameBytes");
            }
        }
    }

    @Test
    void answersThatNobodyAskedForAreCounted() throws Exception {
        try (var server = serverSocket()) {
            var client = connect((InetSocketAddress) server.getLocalSocketAddress());
            try (var peer = server.accept()) {
                peer.getOutputStream().write(bytes(Wire.frame("one") + "noise" + Wire.frame("2")));

                await().until(() -> client.unaskedAnswers() == 2);
                var answer = client.send(bytes("a")).toCompletableFuture();
                assertThat(peer.getInputStream().readNBytes(4)).hasSize(4);
                peer.getOutputStream().write(bytes(Wire.frame("three")));
                assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(bytes("three"));
            }
        }
    }

    @Test
    void aMessageThatAsksForNoAnswerIsOnlyPosted() throws Exception {
        var received = new CompletableFuture<byte[]>();
        var client =
                connect(
                        listener(
                                frame -> {
                                    received.complete(frame.content());
                                    return CompletableFuture.completedStage(new Answer.Silence());
                                }));

        client.post(bytes("a")).toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(bytes("a"));
        client.close();
        await().until(() -> !client.isOpen());
        assertHungUp(client.post(bytes("b")).toCompletableFuture(), false, 0);
    }

    @Test
    void closingFailsWhatWaits() throws Exception {
        var client = connect(listener(_ -> new CompletableFuture<>()));
        var answer = client.send(bytes("a")).toCompletableFuture();

        client.close();

        assertHungUp(answer, true, 0);
    }

    @Test
    void contentThatWouldEndItsOwnFrameIsNotSent() throws Exception {
        var client = connect(echo());

        for (var content : List.of("a\u000Bb", "a\u001C\rb", "a\u001C\nb")) {
            assertThatThrownBy(() -> client.send(bytes(content)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at byte 1");
            assertThatThrownBy(() -> client.post(bytes(content)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (var content : List.of("a\u001Cb", "a\u001C")) {
            assertThat(client.exchange(bytes(content), LONG)).isEqualTo(bytes(content));
        }
        assertThat(client.inFlight()).isZero();
    }

    @Test
    void messagesInFlightHaveALimit() throws Exception {
        var client = connect(listener(_ -> new CompletableFuture<>()));
        for (var i = 0; i < MllpClient.MAX_IN_FLIGHT; i++) {
            var _ = client.send(bytes("x"));
        }

        assertThatThrownBy(() -> client.send(bytes("x"))).isInstanceOf(IllegalStateException.class);
    }

    private static void assertHungUp(
            CompletableFuture<?> answer, boolean maybeSent, long answerBytes) {
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        MllpFailure.HungUp.class,
                        e -> {
                            assertThat(e.maybeSent()).isEqualTo(maybeSent);
                            assertThat(e.answerBytes()).isEqualTo(answerBytes);
                        });
    }

    private MllpClient connect(InetSocketAddress address) throws MllpFailure.Refused {
        var client = MllpClient.connect(network, address, LONG);
        toClose.addFirst(client);
        return client;
    }

    private InetSocketAddress echo() throws CannotListen {
        return listener(
                frame -> CompletableFuture.completedStage(new Answer.Reply(frame.content())));
    }

    private InetSocketAddress listener(FrameHandler handler) throws CannotListen {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var listener = MllpListener.open(network, anyPort, LIMITS, handler, new Witness());
        toClose.addLast(() -> listener.close(Duration.ofMillis(10)));
        return listener.address();
    }

    private static ServerSocket serverSocket() throws Exception {
        return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }

    private static String text(byte[] latin1) {
        return new String(latin1, ISO_8859_1);
    }
}
