package org.chartbridge.bench;

import org.chartbridge.bench.BenchMessages.BenchMessage;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** A sender with a ledger: sends one message after the other until it is stopped or cut off. */
final class KillSender implements AutoCloseable {
    /** Longer than the engine keeps a message waiting for its database. */
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final InetSocketAddress address;
    private final BenchMessages messages;
    private final Ledger ledger;
    private final Semaphore acknowledged;
    private final MllpNetwork network;
    private final MllpClient client;
    private final List<BenchMessage> unanswered = new ArrayList<>();
    private volatile boolean stopping;

    /**
     * Connects.
     *
     * @param acknowledged gets a permit for each positive answer
     */
    KillSender(
            MllpNetwork network,
            InetSocketAddress address,
            BenchMessages messages,
            Path ledger,
            Semaphore acknowledged)
            throws IOException {
        this.network = network;
        this.address = address;
        this.messages = messages;
        this.acknowledged = acknowledged;
        this.client = MllpClient.connect(network, address, CONNECT);
        this.ledger = new Ledger(ledger);
    }

    /** Sends until stopped, or until a message has no answer. */
    void work() throws IOException, InterruptedException {
        while (!stopping) {
            var message = messages.next();
            var number = message.number();
            ledger.sent(
                    messages.controlId(number),
                    messages.orderNumber(number),
                    message.content(),
                    IntStream.range(0, BenchMessages.OBSERVATIONS)
                            .mapToObj(n -> BenchMessages.value(number, n))
                            .toList());
            if (!exchange(client, message)) {
                unanswered.add(message);
                return;
            }
        }
    }

    /** Takes no further message after the one in work. */
    void stop() {
        stopping = true;
    }

    /** Closes the connection while a message may be in work, as an impatient sender does. */
    void hangUp() {
        client.close();
    }

    /** Sends again what has no answer: the same bytes. */
    int resend() throws IOException, InterruptedException {
        if (unanswered.isEmpty()) return 0;
        try (var again = MllpClient.connect(network, address, CONNECT)) {
            for (var message : unanswered) {
                ledger.resent(messages.controlId(message.number()));
                exchange(again, message);
            }
        }
        return unanswered.size();
    }

    int unanswered() {
        return unanswered.size();
    }

    @Override
    public void close() throws IOException {
        client.close();
        ledger.close();
    }

    private boolean exchange(MllpClient to, BenchMessage message)
            throws IOException, InterruptedException {
        var controlId = messages.controlId(message.number());
        byte[] answer;
        try {
            answer = to.exchange(message.content(), ANSWER_LIMIT);
        } catch (MllpFailure cutOff) {
            return false;
        }
        var code = AnswerCode.of(answer, controlId);
        ledger.answered(controlId, code);
        if (code.equals("AA")) acknowledged.release();
        return true;
    }
}
