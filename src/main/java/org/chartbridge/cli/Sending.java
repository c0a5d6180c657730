package org.chartbridge.cli;

import org.chartbridge.hl7.AckMode;
import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sends messages over one connection and finds the answer of each by MSA-2, whatever order they
 * come in. Used by one thread; a lost connection is opened again for the next message.
 */
final class Sending implements AutoCloseable {
    /** How long silence is listened to where it means success (MSH-15 or MSH-16 ER). */
    static final Duration QUIET = Duration.ofSeconds(2);

    /**
     * A message on its way.
     *
     * @param label the file, and the number of the message where it holds several
     */
    record Outgoing(String label, byte[] content) {
        Optional<Header> header() {
            return Header.read(content);
        }

        String controlId() {
            return header().map(Header::controlId).orElse("");
        }
    }

    /** What became of it. */
    sealed interface Outcome {
        record Answered(ReceivedAnswer answer, Duration after) implements Outcome {}

        /** Nothing came, and nothing was to come. */
        record Silent() implements Outcome {}

        record Unanswered(String why) implements Outcome {}
    }

    /** Is told of each message once. */
    interface Report {
        void settled(Outgoing message, Outcome outcome);

        /** An answer came to a message that nobody waits for. */
        void unasked(String controlId);
    }

    interface Connector {
        MllpClient connect() throws MllpFailure.Refused;
    }

    private record Waiting(Outgoing message, String controlId, long sentAt, boolean quiet) {}

    private record Event(MllpClient from, byte @Nullable [] answer, @Nullable Throwable failure) {}

    private final Connector connector;
    private final Duration timeout;
    private final int window;
    private final Charset charset;
    private final Report report;
    private final List<Waiting> waiting = new ArrayList<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private @Nullable MllpClient client;

    /**
     * @param timeout for each answer
     * @param window how many messages may wait for their answers at a time
     * @param charset of answers that name none
     */
    Sending(Connector connector, Duration timeout, int window, Charset charset, Report report) {
        this.connector = connector;
        this.timeout = timeout;
        this.window = window;
        this.charset = charset;
        this.report = report;
    }

    /**
     * Sends one message, once fewer than the window wait.
     *
     * @throws MllpFailure.Refused when there is no connection; the message was not sent
     */
    void send(Outgoing message) throws MllpFailure.Refused, InterruptedException {
        while (waiting.size() >= window) await();
        var to = client();
        var plan = message.header().map(header -> AnswerPlan.of(header, AckMode.AUTO));
        if (plan.isPresent() && plan.get() instanceof AnswerPlan.Silent) {
            post(to, message);
            return;
        }
        var quiet = plan.isPresent() && plan.get().due(Verdict.ACCEPT).now() == null;
        var sent = new Waiting(message, message.controlId(), System.nanoTime(), quiet);
        waiting.add(sent);
        try {
            to.send(message.content())
                    .whenComplete((answer, failure) -> events.add(new Event(to, answer, failure)));
        } catch (IllegalArgumentException e) {
            waiting.remove(sent);
            report.settled(message, new Outcome.Unanswered("not sent: " + e.getMessage()));
        }
    }

    /** Waits until every message is answered or its time is up. */
    void finish() throws InterruptedException {
        while (!waiting.isEmpty()) await();
    }

    @Override
    public void close() {
        if (client != null) client.close();
    }

    private MllpClient client() throws MllpFailure.Refused {
        var open = client;
        if (open != null && open.isOpen()) return open;
        if (open != null) giveUp("the connection ended");
        open = connector.connect();
        client = open;
        return open;
    }

    private void post(MllpClient to, Outgoing message) throws InterruptedException {
        var sent = to.post(message.content()).toCompletableFuture();
        try {
            sent.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            report.settled(message, new Outcome.Silent());
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            report.settled(message, new Outcome.Unanswered("not sent: " + e.getMessage()));
        }
    }

    private void await() throws InterruptedException {
        var next = waiting.getFirst();
        for (var one : waiting) if (deadline(one) < deadline(next)) next = one;
        var event = events.poll(deadline(next) - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (event == null) {
            expire(next);
        } else if (event.from() == client) {
            if (event.answer() != null) answered(event.answer());
            else giveUp(why(event.failure()));
        }
    }

    private long deadline(Waiting one) {
        var patience = one.quiet() && QUIET.compareTo(timeout) < 0 ? QUIET : timeout;
        return one.sentAt() + patience.toNanos();
    }

    private void expire(Waiting one) {
        waiting.remove(one);
        if (one.quiet()) {
            report.settled(one.message(), new Outcome.Silent());
            return;
        }
        report.settled(
                one.message(), new Outcome.Unanswered("no answer after " + seconds(timeout)));
        // As a sender should: what it gave up must not be taken for a later message's answer.
        giveUp("the connection was closed, since an answer before did not come");
    }

    private void giveUp(String why) {
        var open = client;
        client = null;
        if (open != null) open.close();
        for (var one : waiting) {
            report.settled(one.message(), new Outcome.Unanswered("no answer: " + why));
        }
        waiting.clear();
    }

    private void answered(byte[] bytes) {
        var now = System.nanoTime();
        var answer =
                ReceivedAnswer.read(bytes, charset)
                        .orElseGet(() -> new ReceivedAnswer("", "", "", List.of()));
        var one = match(answer.controlId());
        if (one.isEmpty()) {
            report.unasked(answer.controlId());
            return;
        }
        waiting.remove(one.get());
        var after = Duration.ofNanos(now - one.get().sentAt());
        report.settled(one.get().message(), new Outcome.Answered(answer, after));
    }

    /** An answer without MSA-2 is of a message without MSH-10, or else of the first. */
    private Optional<Waiting> match(String controlId) {
        var same = waiting.stream().filter(one -> one.controlId().equals(controlId)).findFirst();
        if (same.isPresent() || !controlId.isEmpty()) return same;
        return waiting.stream().findFirst();
    }

    private static String why(@Nullable Throwable failure) {
        var cause =
                failure instanceof java.util.concurrent.CompletionException
                        ? failure.getCause()
                        : failure;
        return cause == null ? "unknown" : String.valueOf(cause.getMessage());
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
