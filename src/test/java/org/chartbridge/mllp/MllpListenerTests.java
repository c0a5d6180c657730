package org.chartbridge.mllp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.mllp.Wire.frame;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.chartbridge.mllp.ConnectionObserver.TurnedAway;
import org.chartbridge.mllp.Stray.Cause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a peer meets on a listening port, over real sockets. */
class MllpListenerTests {
    private static final Limits LIMITS = Limits.defaults();
    private static final FrameHandler ECHO = frame -> replied(text(frame));

    private final MllpNetwork network = new MllpNetwork(2, 256 << 20);
    private final Witness witness = new Witness();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var thing : toClose) thing.close();
        network.close();
    }

    @Test
    void aFrameGetsItsAnswer() throws Exception {
        var received = new CopyOnWriteArrayList<Frame>();
        var listener =
                listen(
                        LIMITS,
                        frame -> {
                            received.add(frame);
                            return replied("answer");
                        });

        var peer = call(listener).sendFrame("question");

        assertThat(peer.answer()).isEqualTo("answer");
        var frame = received.getFirst();
        assertThat(text(frame)).isEqualTo("question");
        assertThat(frame.peer().local()).isEqualTo(listener.address());
        assertThat(frame.peer().remote().getAddress().isLoopbackAddress()).isTrue();
        assertThat(frame.toString()).contains("8 bytes").doesNotContain("question");
    }

    @Test
    void framesThatComeTogetherAreAllAnsweredInOrder() throws Exception {
        var listener = listen(LIMITS, ECHO);
        var stream = new StringBuilder();
        for (var i = 0; i < 100; i++) stream.append(frame("message " + i));

        var peer = call(listener).send(stream.toString());

        for (var i = 0; i < 100; i++) assertThat(peer.answer()).isEqualTo("message " + i);
    }

    @Test
    void aStreamCutAnyhowIsAnsweredAllTheSame() throws Exception {
        var seed = System.nanoTime();
        System.out.println("MllpListenerTests seed " + seed);
        var chance = new Random(seed);
        var listener = listen(LIMITS, ECHO);
        var peer = call(listener);
        var stream = new StringBuilder();
        for (var i = 0; i < 200; i++) {
            stream.append(frame(i + "x".repeat(chance.nextInt(3_000))));
        }

        for (var at = 0; at < stream.length(); ) {
            var end = Math.min(stream.length(), at + 1 + chance.nextInt(5_000));
            peer.send(stream.substring(at, end));
            at = end;
        }

        for (var i = 0; i < 200; i++) {
            assertThat(peer.answer()).as("seed %d", seed).matches(i + "x*");
        }
    }

    @Test
    void oneMessageIsInWorkAtATimeAndAnswersKeepTheOrder() throws Exception {
        var inWork = new AtomicInteger();
        var most = new AtomicInteger();
        var chance = new Random(1);
        var listener =
                listen(
                        LIMITS,
                        frame -> {
                            most.accumulateAndGet(inWork.incrementAndGet(), Math::max);
                            var later =
                                    CompletableFuture.delayedExecutor(
                                            chance.nextInt(2_000), TimeUnit.MICROSECONDS);
                            return CompletableFuture.supplyAsync(
                                    () -> {
                                        inWork.decrementAndGet();
                                        return reply(text(frame));
                                    },
                                    later);
                        });
        var stream = new StringBuilder();
        for (var i = 0; i < 300; i++) stream.append(frame("message " + i));

        var peer = call(listener).send(stream.toString());

        for (var i = 0; i < 300; i++) assertThat(peer.answer()).isEqualTo("message " + i);
        assertThat(most).hasValue(1);
    }

    @Test
    void aPeerThatFloodsIsStoppedByItsOwnNetwork() throws Exception {
        var stuck = new StuckHandler();
        var listener = listen(LIMITS, stuck);
        var peer = call(listener);
        var frames = frame("x".repeat(1_000)).repeat(1_000);
        var sent = new AtomicInteger();
        var flood =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        for (var i = 0; i < 100; i++) {
                                            peer.send(frames);
                                            sent.incrementAndGet();
                                        }
                                    } catch (Exception e) {
                                        // The test has ended.
                                    }
                                });

        var before = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(500))
                .until(() -> before.getAndSet(sent.get()) == sent.get());
        assertThat(flood.isAlive()).isTrue();

        // 100,000 frames of 1 kB: what left is what the two sockets buffer, a few MB.
        assertThat(sent.get()).isLessThan(20);
        assertThat(network.heldBytes()).isEqualTo(1_000);
        assertThat(stuck.taken).hasValue(1);
        stuck.answerEverything();
        for (var i = 0; i < 5_000; i++) assertThat(peer.answer()).isEqualTo("late");
        peer.reset();
        flood.join();
    }

    @Test
    void anAnswerLargerThanTheSocketsBuffersArrivesWhole() throws Exception {
        var big = "y".repeat(10_000_000);
        var listener = listen(LIMITS, frame -> replied(big));

        var peer = call(listener).sendFrame("a").sendFrame("b");

        assertThat(peer.answer()).isEqualTo(big);
        assertThat(peer.answer()).isEqualTo(big);
    }

    @Test
    void aPeerThatAskedForNoAnswerGetsNoneAndGoesOn() throws Exception {
        var listener =
                listen(
                        LIMITS,
                        frame ->
                                text(frame).startsWith("quiet")
                                        ? CompletableFuture.completedStage(new Answer.Silence())
                                        : replied(text(frame)));

        var peer = call(listener).sendFrame("quiet 1").sendFrame("quiet 2").sendFrame("loud");

        assertThat(peer.answer()).isEqualTo("loud");
    }

    @Test
    void aHandlerCanHangUp() throws Exception {
        var listener =
                listen(
                        LIMITS,
                        _ -> CompletableFuture.completedStage(new Answer.HangUp("no database")));

        var peer = call(listener).sendFrame("a");

        assertThat(peer.ended()).isTrue();
        peer.close();
        awaitEnding(new Ending.HungUp("no database"));
    }

    @Test
    void aHandlerThatFailsLeavesItsPeerWithoutAnAnswer() throws Exception {
        var listener =
                listen(
                        LIMITS,
                        frame -> {
                            if (text(frame).equals("throw")) throw new IllegalStateException("one");
                            return CompletableFuture.supplyAsync(
                                    () -> {
                                        throw new IllegalStateException("two");
                                    });
                        });

        assertThat(call(listener).sendFrame("throw").ended()).isTrue();
        assertThat(call(listener).sendFrame("fail").ended()).isTrue();
        await().until(() -> witness.endings.size() == 2);
        assertThat(witness.endings)
                .allSatisfy(
                        ending ->
                                assertThat(ending)
                                        .isInstanceOfSatisfying(
                                                Ending.HandlerFailed.class,
                                                failed ->
                                                        assertThat(failed.cause())
                                                                .isInstanceOf(
                                                                        IllegalStateException
                                                                                .class)));
    }

    @Test
    void anAnswerThatCannotBeFramedIsNotSent() throws Exception {
        var listener = listen(LIMITS, _ -> replied("MSA|AA|\u001C\rmore"));

        assertThat(call(listener).sendFrame("a").ended()).isTrue();
        await().until(() -> witness.endings.size() == 1);
        assertThat(witness.endings.getFirst()).isInstanceOf(Ending.HandlerFailed.class);
    }

    @Test
    void aPeerThatEndedItsSideStillGetsItsAnswers() throws Exception {
        var stuck = new StuckHandler();
        var listener = listen(LIMITS, stuck);
        var peer = call(listener).sendFrame("a").sendFrame("b").endOutput();

        stuck.answerEverything();

        assertThat(peer.answer()).isEqualTo("late");
        assertThat(peer.answer()).isEqualTo("late");
        assertThat(peer.ended()).isTrue();
        awaitEnding(new Ending.ByPeer());
        assertThat(witness.lost).isEmpty();
    }

    @Test
    void aPeerThatBreaksAwayLosesItsAnswerAndNothingElse() throws Exception {
        var stuck = new StuckHandler();
        var listener = listen(LIMITS, stuck);
        call(listener).sendFrame("a").reset();
        await().until(() -> stuck.taken.get() == 1 && witness.endings.size() == 1);

        stuck.answerEverything();

        await().until(() -> witness.lost.size() == 1);
        assertThat(witness.endings.getFirst()).isInstanceOf(Ending.Broken.class);
        assertThat(call(listener).sendFrame("b").answer()).isEqualTo("late");
        await().until(() -> network.heldBytes() == 0);
    }

    @Test
    void aFrameThatBreaksOffIsShown() throws Exception {
        var listener = listen(LIMITS, ECHO);
        var peer = call(listener).send("\u000Bhalf");
        await().until(() -> network.heldBytes() > 0);

        peer.reset();

        await().until(() -> witness.causes().equals(List.of(Cause.UNFINISHED_AT_CLOSE)));
        await().until(() -> network.heldBytes() == 0 && listener.connections() == 0);
    }

    @Test
    void aMissingReturnIsAcceptedAfterAMoment() throws Exception {
        var peer = call(listen(LIMITS, ECHO));

        for (var content : List.of("a", "b")) {
            assertThat(peer.send("\u000B" + content + "\u001C").answer()).isEqualTo(content);
        }
        assertThat(peer.send("\r" + frame("c")).answer()).isEqualTo("c");
        assertThat(peer.send("\u000Bd\u001C").endOutput().answer()).isEqualTo("d");
        assertThat(witness.strays).isEmpty();
    }

    @Test
    void bytesBetweenFramesAreShownEvenIfNothingFollows() throws Exception {
        var limits = LIMITS.withStrays(16, 100, Duration.ofMillis(50));
        var peer = call(listen(limits, ECHO)).send("MSH|^~\\&|no envelope at all");

        await().until(() -> witness.causes().equals(List.of(Cause.BETWEEN_FRAMES)));

        assertThat(witness.strays.getFirst().totalBytes()).isEqualTo(27);
        assertThat(peer.sendFrame("a").answer()).isEqualTo("a");
    }

    @Test
    void aFrameThatIsTooLargeEndsTheConnection() throws Exception {
        var peer = call(listen(LIMITS.withMaxFrameBytes(10_000), ECHO));

        assertThat(peer.sendFrame("x".repeat(10_000)).answer()).hasSize(10_000);
        assertThat(peer.sendFrame("x".repeat(10_001)).ended()).isTrue();
        awaitEnding(new Ending.Cut(Cause.TOO_LARGE));
        assertThat(witness.causes()).containsExactly(Cause.TOO_LARGE);
    }

    @Test
    void unfinishedFramesTogetherHaveALimit() throws Exception {
        try (var small = new MllpNetwork(1, 1_150_000)) {
            var listener = open(small, LIMITS, ECHO);
            var peers = List.of(call(listener), call(listener), call(listener));
            for (var peer : peers) peer.send("\u000B" + "x".repeat(300_000));
            await().until(() -> small.heldBytes() >= 900_000);
            var last = call(listener);
            sendOrBeCut(last, "\u000B" + "x".repeat(300_000));

            assertThat(last.ended()).isTrue();
            for (var peer : peers) assertThat(peer.send("\u001C\r").answer()).hasSize(300_000);
            assertThat(witness.causes()).containsExactly(Cause.NO_ROOM);
            await().until(() -> small.heldBytes() == 0);
        }
    }

    @Test
    void aFrameThatDripsIsCutAndOneThatGrowsIsNot() throws Exception {
        var listener = listen(LIMITS.withFrameTimeout(Duration.ofSeconds(1)), ECHO);
        var slow = call(listener).send("\u000B");
        var steady = call(listener).send("\u000B");
        var pieces = new AtomicInteger();

        await().pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            steady.send("x".repeat(1_024));
                            sendOrBeCut(slow, "x");
                            return pieces.incrementAndGet() > 1 && !witness.endings.isEmpty();
                        });

        assertThat(slow.ended()).isTrue();
        assertThat(witness.endings).containsExactly(new Ending.Cut(Cause.TIMED_OUT));
        assertThat(steady.send("\u001C\r").answer()).hasSize(pieces.get() * 1_024);
    }

    @Test
    void anIdleConnectionIsClosedOnlyIfThatIsWanted() throws Exception {
        var patient = call(listen(LIMITS, ECHO));
        var idle = call(listen(LIMITS.withIdleTimeout(Duration.ofSeconds(1)), ECHO));

        assertThat(idle.sendFrame("a").answer()).isEqualTo("a");
        assertThat(idle.ended()).isTrue();

        awaitEnding(new Ending.Idle(Duration.ofSeconds(1)));
        assertThat(patient.sendFrame("b").answer()).isEqualTo("b");
    }

    @Test
    void aMessageInWorkIsNotIdle() throws Exception {
        var stuck = new StuckHandler();
        var peer =
                call(listen(LIMITS.withIdleTimeout(Duration.ofMillis(700)), stuck)).sendFrame("a");

        var idle = call(listen(LIMITS.withIdleTimeout(Duration.ofSeconds(1)), ECHO));
        assertThat(idle.ended()).isTrue();
        stuck.answerEverything();

        assertThat(peer.answer()).isEqualTo("late");
    }

    @Test
    void aPeerThatDoesNotReadItsAnswerIsCut() throws Exception {
        var listener =
                listen(
                        LIMITS.withFrameTimeout(Duration.ofMillis(200)),
                        frame -> replied("y".repeat(16_000_000)));

        call(listener).sendFrame("a");

        awaitEnding(new Ending.AnswerNotTaken());
        await().until(() -> witness.lost.size() == 1);
        await().until(() -> network.heldBytes() == 0);
    }

    @Test
    void wrongProtocolsAreToldAndClosedAtOnce() throws Exception {
        var listener = listen(LIMITS, ECHO);

        assertThat(call(listener).send("GET / HTTP/1.1\r\nHost: lab\r\n\r\n").ended()).isTrue();
        assertThat(call(listener).send("\u0016\u0003\u0001\u0001\u0000\u0001").ended()).isTrue();

        await().until(() -> witness.endings.size() == 2);
        assertThat(witness.endings)
                .containsExactlyInAnyOrder(new Ending.Cut(Cause.HTTP), new Ending.Cut(Cause.TLS));
        assertThat(Cause.TLS.words()).isEqualTo("a TLS client on a plain port");
    }

    @Test
    void callsOverTheLimitsAreTurnedAway() throws Exception {
        var total = listen(LIMITS.withConnections(2, 2), ECHO);
        var each = listen(LIMITS.withConnections(3, 1), ECHO);
        var first = call(total);
        assertThat(first.sendFrame("a").answer()).isEqualTo("a");
        assertThat(call(total).sendFrame("b").answer()).isEqualTo("b");
        assertThat(call(each).sendFrame("c").answer()).isEqualTo("c");

        assertThat(call(total).ended()).isTrue();
        assertThat(call(each).ended()).isTrue();

        await().until(() -> witness.turnedAway.size() == 2);
        assertThat(witness.turnedAway)
                .containsExactly(TurnedAway.MAX_CONNECTIONS, TurnedAway.MAX_CONNECTIONS_PER_PEER);
        first.close();
        await().until(() -> total.connections() == 1);
        assertThat(call(total).sendFrame("d").answer()).isEqualTo("d");
    }

    @Test
    void closingLetsTheMessageInWorkBeAnswered() throws Exception {
        var stuck = new StuckHandler();
        var listener = listen(LIMITS, stuck);
        var idle = call(listener);
        var busy = call(listener).sendFrame("a").sendFrame("not begun");
        await().until(() -> stuck.taken.get() == 1 && listener.connections() == 2);

        var closing = CompletableFuture.supplyAsync(() -> listener.close(Duration.ofSeconds(10)));
        assertThat(idle.ended()).isTrue();
        // The system takes calls until the event loop looks at its ports again.
        await().untilAsserted(
                        () ->
                                assertThatThrownBy(() -> call(listener))
                                        .isInstanceOf(ConnectException.class));
        stuck.answerEverything();

        assertThat(busy.answer()).isEqualTo("late");
        assertThat(busy.ended()).isTrue();
        assertThat(closing.get(5, TimeUnit.SECONDS)).isZero();
        assertThat(stuck.taken).hasValue(1);
        awaitEnding(new Ending.ListenerClosed());
    }

    @Test
    void closingDoesNotWaitForEver() throws Exception {
        var stuck = new StuckHandler();
        var listener = listen(LIMITS, stuck);
        var busy = call(listener).sendFrame("a");
        await().until(() -> stuck.taken.get() == 1);

        assertThat(listener.close(Duration.ofMillis(100))).isOne();

        assertThat(busy.ended()).isTrue();
        stuck.answerEverything();
        await().until(() -> witness.lost.size() == 1);
    }

    @Test
    void aPortInUseSaysWhoHoldsIt() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), other.getLocalPort());

            assertThatThrownBy(() -> MllpListener.open(network, address, LIMITS, ECHO, witness))
                    .isInstanceOfSatisfying(
                            PortInUse.class,
                            e -> {
                                assertThat(e.address()).isEqualTo(address);
                                assertThat(e.holder())
                                        .hasValueSatisfying(
                                                holder ->
                                                        assertThat(holder.pid())
                                                                .isEqualTo(
                                                                        ProcessHandle.current()
                                                                                .pid()));
                                assertThat(e)
                                        .hasMessageStartingWith(
                                                "cannot listen on "
                                                        + address.getHostString()
                                                        + ":"
                                                        + address.getPort()
                                                        + ": in use by process ");
                            });
        }
    }

    @Test
    void anAddressOfAnotherMachineIsRefused() {
        // TEST-NET-1, RFC 5737: nobody's.
        var address = new InetSocketAddress("192.0.2.1", 0);

        assertThatThrownBy(() -> MllpListener.open(network, address, LIMITS, ECHO, witness))
                .isExactlyInstanceOf(CannotListen.class)
                .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ");
    }

    @Test
    void anObserverThatFailsEndsNothing() throws Exception {
        var failing =
                new ConnectionObserver() {
                    @Override
                    public void stray(Peer peer, Stray stray) {
                        throw new IllegalStateException("observer");
                    }
                };
        var listener = MllpListener.open(network, anyPort(), LIMITS, ECHO, failing);
        toClose.add(listener);

        assertThat(call(listener).send("noise").sendFrame("a").answer()).isEqualTo("a");
    }

    /** Takes frames and keeps their senders waiting until told. */
    private static final class StuckHandler implements FrameHandler {
        private final AtomicInteger taken = new AtomicInteger();
        private final Queue<CompletableFuture<Answer>> waiting = new ConcurrentLinkedQueue<>();
        private volatile boolean free;

        @Override
        public CompletionStage<Answer> handle(Frame frame) {
            taken.incrementAndGet();
            if (free) return replied("late");
            var answer = new CompletableFuture<Answer>();
            waiting.add(answer);
            if (free) answerEverything();
            return answer;
        }

        void answerEverything() {
            free = true;
            for (var one = waiting.poll(); one != null; one = waiting.poll()) {
                one.complete(reply("late"));
            }
        }
    }

    private MllpListener listen(Limits limits, FrameHandler handler) throws CannotListen {
        return open(network, limits, handler);
    }

    private MllpListener open(MllpNetwork on, Limits limits, FrameHandler handler)
            throws CannotListen {
        var listener = MllpListener.open(on, anyPort(), limits, handler, witness);
        toClose.addFirst(listener);
        return listener;
    }

    private Wire call(MllpListener listener) throws Exception {
        var peer = new Wire(listener.address());
        toClose.addFirst(peer);
        return peer;
    }

    private void awaitEnding(Ending ending) {
        await().until(() -> witness.endings.contains(ending));
    }

    private static void sendOrBeCut(Wire peer, String bytes) {
        try {
            peer.send(bytes);
        } catch (IOException e) {
            // It was cut already.
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static CompletionStage<Answer> replied(String content) {
        return CompletableFuture.completedStage(reply(content));
    }

    private static Answer reply(String content) {
        return new Answer.Reply(content.getBytes(ISO_8859_1));
    }

    private static String text(Frame frame) {
        return new String(frame.content(), ISO_8859_1);
    }
}
