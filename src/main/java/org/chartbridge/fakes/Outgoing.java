package org.chartbridge.fakes;

import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;
import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a partner to the engine. What is not answered is sent again, the same bytes,
 * until it is; so is what the other side can't take now (AR 207, CE). Used by one thread.
 */
final class Outgoing implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final MllpNetwork network;
    private final InetSocketAddress to;
    private final CountDownLatch closing;
    private @Nullable MllpClient client;

    /**
     * Connects with the first message.
     *
     * @param closing when it is down nothing is sent any more
     */
    Outgoing(MllpNetwork network, InetSocketAddress to, CountDownLatch closing) {
        this.network = network;
        this.to = to;
        this.closing = closing;
    }

    /** The answer; empty when the partner ends meanwhile. */
    Optional<ReceivedAnswer> send(byte[] content, String id) throws InterruptedException {
        var wait = FIRST_WAIT;
        while (closing.getCount() > 0) {
            try {
                var answer = ReceivedAnswer.read(exchange(content), StandardCharsets.UTF_8);
                if (answer.isPresent()
                        && answer.get().controlId().equals(id)
                        && !isForLater(answer.get())) return answer;
            } catch (MllpFailure e) {
                close();
            }
            if (closing.await(wait.toMillis(), TimeUnit.MILLISECONDS)) return Optional.empty();
            wait = wait.multipliedBy(2);
            if (wait.compareTo(LONGEST_WAIT) > 0) wait = LONGEST_WAIT;
        }
        return Optional.empty();
    }

    private byte[] exchange(byte[] content) throws MllpFailure, InterruptedException {
        var open = client;
        if (open == null || !open.isOpen()) {
            open = MllpClient.connect(network, to, CONNECT);
            client = open;
        }
        return open.exchange(content, ANSWER);
    }

    private static boolean isForLater(ReceivedAnswer answer) {
        return switch (answer.code()) {
            case "AA", "CA", "AE", "CR" -> false;
            case "AR" ->
                    answer.findings().stream()
                            .allMatch(one -> one.number().equals("207") || one.number().isEmpty());
            default -> true;
        };
    }

    @Override
    public void close() {
        var open = client;
        client = null;
        if (open != null) open.close();
    }
}
