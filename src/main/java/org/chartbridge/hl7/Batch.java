package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Several messages that came as one: a batch in its envelope (FHS, BHS ... BTS, FTS; std 2.10.3),
 * with or without trailers, or messages that only stand one behind the other. Each message of it is
 * an exchange of its own; the envelope says how many there should be.
 *
 * @param parts in order; at least two messages, or an envelope
 */
public record Batch(List<Part> parts) {

    /** Messages of one batch; more are not taken apart, and then refused. */
    public static final int MAX_MESSAGES = 10_000;

    /** A stretch of a batch. */
    public sealed interface Part {
        byte[] raw();
    }

    /** A whole message, from its MSH on, without line ends behind it. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record OneMessage(byte[] raw) implements Part {}

    /**
     * A line of the envelope, or one that belongs to no message.
     *
     * @param name FHS, BHS, BTS or FTS; empty for a line that is none of these
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Envelope(String name, byte[] raw) implements Part {}

    public Batch {
        parts = List.copyOf(parts);
    }

    /**
     * Takes a frame or file apart. Costs a look at each line's beginning.
     *
     * @return empty for an ordinary message, and for what is neither message nor envelope
     */
    public static Optional<Batch> of(byte[] content) {
        int first = Prologue.skip(content);
        if (!isEnvelope(content, first) && !hasSecond(content, first)) return Optional.empty();
        return apart(content, first);
    }

    private static boolean hasSecond(byte[] content, int first) {
        for (int at = first; at < content.length - 4; at++) {
            byte b = content[at];
            if (b > '\r' || (b != '\r' && b != '\n')) continue;
            int next = Prologue.nextLine(content, at);
            if (next < content.length
                    && (Prologue.isHeader(content, next) || isEnvelope(content, next))) return true;
            at = next - 1;
        }
        return false;
    }

    private static Optional<Batch> apart(byte[] content, int first) {
        var parts = new ArrayList<Part>();
        int messages = 0;
        int start = -1;
        int end = -1;
        for (int at = first; at < content.length; ) {
            int lineEnd = Prologue.lineEnd(content, at);
            boolean header = Prologue.isHeader(content, at);
            boolean envelope = isEnvelope(content, at);
            if ((header || envelope) && start >= 0) {
                parts.add(new OneMessage(Arrays.copyOfRange(content, start, end)));
                start = -1;
            }
            if (header) {
                start = at;
                if (++messages > MAX_MESSAGES) return Optional.empty();
            } else if (start < 0) {
                parts.add(
                        new Envelope(
                                envelope ? SegmentNames.nameAt(content, at, 3) : "",
                                Arrays.copyOfRange(content, at, lineEnd)));
            }
            if (start >= 0) end = lineEnd;
            at = Prologue.nextLine(content, lineEnd);
        }
        if (start >= 0) parts.add(new OneMessage(Arrays.copyOfRange(content, start, end)));
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Batch(parts));
    }

    /** Whether a line of a batch envelope stands here. */
    static boolean isEnvelope(byte[] bytes, int at) {
        return at + 3 <= bytes.length
                && (SegmentNames.isAt(bytes, at, "FHS")
                        || SegmentNames.isAt(bytes, at, "BHS")
                        || SegmentNames.isAt(bytes, at, "BTS")
                        || SegmentNames.isAt(bytes, at, "FTS"))
                && (at + 3 == bytes.length
                        || bytes[at + 3] <= ' '
                        || Delimiters.canSeparate(bytes[at + 3]));
    }

    /** Whether bytes begin with a line of a batch envelope, and so are no message. */
    public static boolean isEnvelope(byte[] raw) {
        return isEnvelope(raw, 0);
    }

    /** The messages in order. */
    public List<byte[]> messages() {
        return parts.stream().filter(OneMessage.class::isInstance).map(Part::raw).toList();
    }

    /** The lines of the envelope, each ended by a carriage return; empty when there are none. */
    public byte[] envelope() {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            if (!(part instanceof Envelope line)) continue;
            out.writeBytes(line.raw());
            out.write('\r');
        }
        return out.toByteArray();
    }

    /**
     * What the envelope says and does not hold: counts that differ from what came (W), trailers
     * that are missing, so that nobody can tell whether all came (I).
     */
    public List<Fault> faults() {
        return new Count().faults(parts);
    }

    /** Follows headers and trailers, which may be nested one deep and may be missing. */
    private static final class Count {
        private final List<Fault> faults = new ArrayList<>();
        private int batchesSeen;
        private int trailersSeen;
        private int messagesOfBatch;
        private int batchesOfFile;
        private boolean file;
        private boolean batch;
        private boolean messagesOutside;

        List<Fault> faults(List<Part> parts) {
            for (var part : parts) {
                switch (part) {
                    case OneMessage _ -> {
                        messagesOfBatch++;
                        messagesOutside |= !batch;
                    }
                    case Envelope line -> envelope(line);
                }
            }
            endOfBatch();
            if (file) missing("FTS");
            return faults;
        }

        private void envelope(Envelope line) {
            switch (line.name()) {
                case "FHS" -> {
                    file = true;
                    batchesOfFile = 0;
                }
                case "BHS" -> {
                    endOfBatch();
                    batchesSeen++;
                    batchesOfFile++;
                    batch = true;
                    messagesOfBatch = 0;
                }
                case "BTS" -> {
                    trailersSeen++;
                    compare("BTS", trailersSeen, line, messagesOfBatch, "messages");
                    batch = false;
                    messagesOfBatch = 0;
                }
                case "FTS" -> {
                    endOfBatch();
                    // Messages without BHS are one batch by themselves.
                    int batches = Math.max(batchesOfFile, messagesOutside ? 1 : 0);
                    compare("FTS", 1, line, batches, "batches");
                    file = false;
                }
                default -> {}
            }
        }

        private void endOfBatch() {
            if (batch) missing("BTS");
            batch = false;
        }

        private void missing(String trailer) {
            faults.add(
                    Fault.information(
                            Location.of(trailer, Math.max(1, batchesSeen)),
                            ErrorCode.SEGMENT_SEQUENCE,
                            "batch-trailer-missing",
                            "The envelope ends without "
                                    + trailer
                                    + "; what came was taken, and its count can't be verified."));
        }

        private void compare(String name, int ordinal, Envelope line, int came, String ofWhat) {
            var said = count(line.raw());
            if (said == null || said == came) return;
            faults.add(
                    Fault.warning(
                            Location.of(name, ordinal).field(1),
                            ErrorCode.DATA_TYPE,
                            "batch-count-differs",
                            name
                                    + "-1 says "
                                    + said
                                    + " "
                                    + ofWhat
                                    + " and "
                                    + came
                                    + " came; those that came were processed. Ask the sender for"
                                    + " what is missing."));
        }

        /** BTS-1, FTS-1; null when it is no number. */
        private static @Nullable Integer count(byte[] line) {
            int at = 4;
            int number = 0;
            int digits = 0;
            while (at < line.length && line[at] >= '0' && line[at] <= '9' && digits < 9) {
                number = number * 10 + line[at++] - '0';
                digits++;
            }
            return digits == 0 || (at < line.length && !Delimiters.canSeparate(line[at]))
                    ? null
                    : number;
        }
    }

    /** The kinds of parts only: parts hold patients. */
    @Override
    public String toString() {
        return "Batch[" + messages().size() + " messages]";
    }
}
