package org.chartbridge.bench;

import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.CannotListen;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A partner on a real socket that behaves as it is told, and discards what it knows by MSH-10.
 *
 * <p>What it is told is a function of the control id and of how often that id came before.
 */
public final class HostilePartner implements AutoCloseable {

    /** How a partner treats one message. */
    public enum Treatment {
        /** Applies it and answers AA. */
        ACCEPT,
        /** Applies it and never answers. */
        SILENT_AFTER_APPLYING,
        /** Reads it, forgets it and never answers. */
        SILENT,
        /** Applies it and hangs up. */
        HANG_UP_AFTER_APPLYING,
        /** Reads it, forgets it and hangs up. */
        HANG_UP,
        /** Applies it and answers when nobody waits any more. */
        LATE,
        /** Applies it and answers with another message's id. */
        WRONG_ID,
        /** Forgets it and answers what is no HL7. */
        GARBAGE,
        /** "Not now." */
        AR,
        /** "Not this type." */
        AR_TYPE,
        /** "Never." */
        AE,
        CE
    }

    /** Decides how a message is treated. */
    public interface Treating {

        /**
         * How to treat one.
         *
         * @param controlId MSH-10
         * @param before how often that id came before
         */
        Treatment of(String controlId, int before);
    }

    private static final int BYTES_KEPT = 1_000;

    /** How late {@link Treatment#LATE} is where nothing else is said. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private final Treating treatment;
    private final Duration late;
    private final MllpNetwork network = new MllpNetwork(1, 64 << 20);
    private final MllpListener listener;
    private final Set<String> applied = new LinkedHashSet<>();
    private final Map<String, Integer> times = new HashMap<>();
    private final List<String> seen = new ArrayList<>();
    private final List<byte[]> bytes = new ArrayList<>();
    private final Map<Treatment, Integer> treated = new EnumMap<>(Treatment.class);

    /**
     * Listens on loopback.
     *
     * @param port 0 lets the system choose
     */
    public HostilePartner(int port, Treating treatment) throws CannotListen {
        this(port, LATE, treatment);
    }

    /**
     * Listens on loopback.
     *
     * @param port 0 lets the system choose
     * @param late after how long it answers what is to be answered late
     */
    public HostilePartner(int port, Duration late, Treating treatment) throws CannotListen {
        this.treatment = treatment;
        this.late = late;
        this.listener =
                MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        Limits.defaults(),
                        this::handle,
                        new ConnectionObserver() {});
    }

    /** Where it listens. */
    public int port() {
        return listener.address().getPort();
    }

    /** Control ids in the order of their first application. */
    public synchronized List<String> applied() {
        return List.copyOf(applied);
    }

    /** How many it has applied. */
    public synchronized int appliedCount() {
        return applied.size();
    }

    /** Control ids of everything that came, repeats too. */
    public synchronized List<String> seen() {
        return List.copyOf(seen);
    }

    /** What came first, byte by byte. */
    public synchronized List<byte[]> bytes() {
        return List.copyOf(bytes);
    }

    /** How often it behaved how. */
    public synchronized Map<Treatment, Integer> treated() {
        return Map.copyOf(treated);
    }

    /** How many are open. */
    public int connections() {
        return listener.connections();
    }

    private CompletionStage<Answer> handle(Frame frame) {
        var id = Header.read(frame.content()).map(Header::controlId).orElse("");
        Treatment how;
        synchronized (this) {
            int before = times.merge(id, 1, Integer::sum) - 1;
            seen.add(id);
            if (bytes.size() < BYTES_KEPT) bytes.add(frame.content());
            how = treatment.of(id, before);
            treated.merge(how, 1, Integer::sum);
            switch (how) {
                case ACCEPT, SILENT_AFTER_APPLYING, HANG_UP_AFTER_APPLYING, LATE, WRONG_ID -> {
                    applied.add(id);
                }
                case SILENT, HANG_UP, GARBAGE, AR, AR_TYPE, AE, CE -> {}
            }
        }
        return switch (how) {
            case ACCEPT -> answer(frame, AckCode.AA);
            case SILENT, SILENT_AFTER_APPLYING -> new CompletableFuture<>();
            case HANG_UP, HANG_UP_AFTER_APPLYING ->
                    CompletableFuture.completedFuture(new Answer.HangUp("as told"));
            case LATE ->
                    new CompletableFuture<Answer>()
                            .completeOnTimeout(
                                    new Answer.Reply(ack(frame, AckCode.AA)),
                                    late.toMillis(),
                                    TimeUnit.MILLISECONDS);
            case WRONG_ID ->
                    CompletableFuture.completedFuture(
                            new Answer.Reply(
                                    new String(ack(frame, AckCode.AA), StandardCharsets.UTF_8)
                                            .replace("|" + id + "\r", "|not-" + id + "\r")
                                            .getBytes(StandardCharsets.UTF_8)));
            case GARBAGE ->
                    CompletableFuture.completedFuture(
                            new Answer.Reply(
                                    "HELLO I AM NOT HL7".getBytes(StandardCharsets.US_ASCII)));
            case AR -> answer(frame, AckCode.AR);
            case AR_TYPE ->
                    answer(
                            frame,
                            AckCode.AR,
                            Fault.error(null, ErrorCode.UNSUPPORTED_TYPE, "type", "not for us"));
            case AE ->
                    answer(
                            frame,
                            AckCode.AE,
                            Fault.error(null, ErrorCode.REQUIRED_MISSING, "x", "PID-3 is missing"));
            case CE -> answer(frame, AckCode.CE);
        };
    }

    private static CompletionStage<Answer> answer(Frame frame, AckCode code, Fault... faults) {
        return CompletableFuture.completedFuture(new Answer.Reply(ack(frame, code, faults)));
    }

    private static byte[] ack(Frame frame, AckCode code, Fault... faults) {
        return Acknowledgement.of(
                frame.content(), code, List.of(faults), "P1", Instant.now(), ZoneOffset.UTC);
    }

    @Override
    public void close() {
        var _ = listener.close(Duration.ZERO);
        network.close();
    }
}
