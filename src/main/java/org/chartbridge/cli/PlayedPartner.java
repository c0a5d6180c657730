package org.chartbridge.cli;

import org.chartbridge.cli.ListenCommand.Answering;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Ending;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.FrameHandler;
import org.chartbridge.mllp.Peer;
import org.chartbridge.mllp.Stray;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What {@code listen} does with each message. Prints from event loops, one message at a time. */
final class PlayedPartner implements FrameHandler, ConnectionObserver {
    /** A partner that plays for days must not fill the memory with ids. */
    private static final int IDS_KEPT = 100_000;

    private final Answering answering;
    private final Duration delay;
    private final @Nullable Path folder;
    private final boolean quiet;
    private final long limit;
    private final PrintWriter out;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, Integer> ids = new HashMap<>();
    private long messages;
    private long repeats;

    /**
     * @param folder where messages are written; null for nowhere
     * @param limit ends after so many
     */
    PlayedPartner(
            Answering answering,
            Duration delay,
            @Nullable Path folder,
            boolean quiet,
            long limit,
            PrintWriter out) {
        this.answering = answering;
        this.delay = delay;
        this.folder = folder;
        this.quiet = quiet;
        this.limit = limit;
        this.out = out;
    }

    /** Returns when the last message has had its answer. */
    void awaitEnd() throws InterruptedException {
        end.await();
    }

    synchronized String summary() {
        return messages
                + (messages == 1 ? " message" : " messages")
                + (repeats == 0 ? "." : ", " + repeats + " of them repeats.");
    }

    @Override
    public CompletionStage<Answer> handle(Frame frame) {
        boolean last = show(frame);
        var answer = new CompletableFuture<Answer>();
        if (answering == Answering.NEVER) return answer;
        if (delay.isZero()) answer.complete(answer(frame));
        else {
            var _ =
                    answer.completeOnTimeout(
                            answer(frame), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (last) return answer.whenComplete((_, _) -> end.countDown());
        return answer;
    }

    private Answer answer(Frame frame) {
        var code = answering.code();
        if (code == null) return new Answer.HangUp("as told");
        var faults =
                code == AckCode.AE
                        ? List.of(
                                Fault.error(
                                        null,
                                        ErrorCode.INTERNAL,
                                        "played",
                                        "chartbridge listen answers AE, as it was told"))
                        : List.<Fault>of();
        var content =
                Acknowledgement.of(
                        frame.content(),
                        code,
                        faults,
                        "L" + frame.receivedAt().toEpochMilli(),
                        Instant.now(),
                        ZoneOffset.UTC);
        return new Answer.Reply(answering == Answering.WRONG_ID ? forAnother(content) : content);
    }

    /** The same with another id in MSA-2. */
    private static byte[] forAnother(byte[] answer) {
        return new String(answer, StandardCharsets.ISO_8859_1)
                .replaceFirst("(\\rMSA.AA.)", "$1NOT-")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Prints and saves; whether it was the last. */
    private synchronized boolean show(Frame frame) {
        messages++;
        var header = Header.read(frame.content());
        var id = header.map(Header::controlId).orElse("");
        if (ids.size() >= IDS_KEPT) ids.clear();
        int times = ids.merge(id, 1, Integer::sum);
        if (times > 1) repeats++;
        out.printf(
                "%s  %-9s %s  from %s|%s  %d bytes%s%n",
                LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS),
                header.map(h -> h.messageCode() + "^" + h.triggerEvent()).orElse("no MSH"),
                id.isEmpty() ? "(no MSH-10)" : id,
                header.map(h -> h.sendingApplication().namespace()).orElse(""),
                header.map(h -> h.sendingFacility().namespace()).orElse(""),
                frame.content().length,
                times > 1 ? "  (this MSH-10 for the " + times + ". time)" : "");
        if (!quiet) segments(frame.content());
        if (folder != null) save(folder, frame.content());
        out.flush();
        return messages >= limit;
    }

    private void segments(byte[] content) {
        switch (Message.read(content, StandardCharsets.UTF_8)) {
            case Reading.Readable(var message) ->
                    message.lines()
                            .forEach(line -> out.println("    " + shown(message.text(line))));
            case Reading.Unreadable(var fault) -> out.println("    " + shown(fault.text()));
        }
    }

    /** A terminal must not obey what a message says. */
    private static String shown(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '\u00B7' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Named by number and time, never by what a message says. */
    private void save(Path into, byte[] content) {
        var name =
                "%06d-%s.hl7"
                        .formatted(
                                messages,
                                Instant.now()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString()
                                        .replace(":", ""));
        try {
            Files.write(into.resolve(name), content);
        } catch (IOException e) {
            out.println("    not saved: " + e.getMessage());
        }
    }

    @Override
    public synchronized void stray(Peer peer, Stray stray) {
        if (stray.onlyLineEnds()) return;
        out.println("no message: " + stray.cause().words() + ", " + stray.totalBytes() + " bytes");
        out.flush();
    }

    @Override
    public synchronized void answerLost(Peer peer, Frame frame) {
        out.println("the sender was gone before its answer");
        out.flush();
    }

    @Override
    public synchronized void closed(Peer peer, Ending ending) {
        if (!(ending instanceof Ending.HandshakeFailed(var why))) return;
        out.println("no TLS: " + why);
        out.flush();
    }

    @Override
    public synchronized void turnedAway(InetSocketAddress remote, TurnedAway why) {
        out.println("too many connections; a call was turned away");
        out.flush();
    }
}
