package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The answer to a {@link Batch}: the acknowledgements of its messages, in their order, in an
 * envelope like the request's (std 2.10.3.3); without an envelope one behind the other. Messages
 * that ask for no answer, or for one only on errors, have none in it.
 */
public final class BatchAnswer {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx", Locale.ROOT);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
    private final String controlId;
    private final String time;
    private final String comment;
    private int acknowledgements;
    private int batches;
    private @Nullable Delimiters openFile;
    private @Nullable Delimiters openBatch;

    private BatchAnswer(String controlId, String time, String comment) {
        this.controlId = controlId;
        this.time = time;
        this.comment = comment;
    }

    /**
     * Builds it.
     *
     * @param answers of each message in order; empty where none is due
     * @param faults of the envelope; the first is told in words (BTS-2, FTS-2)
     * @param ownControlId BHS-11 and FHS-11, ASCII
     * @return empty when there are messages and none gets an answer
     */
    public static Optional<byte[]> of(
            Batch batch,
            List<Optional<byte[]>> answers,
            List<Fault> faults,
            String ownControlId,
            Instant now,
            ZoneId zone) {
        if (!answers.isEmpty() && answers.stream().allMatch(Optional::isEmpty))
            return Optional.empty();
        var told =
                faults.stream()
                        .filter(f -> f.severity() != Severity.I)
                        .map(Fault::text)
                        .findFirst()
                        .orElse("");
        var answer = new BatchAnswer(ownControlId, TIME.format(now.atZone(zone)), told);
        var next = answers.iterator();
        for (var part : batch.parts()) {
            switch (part) {
                case Batch.OneMessage _ -> answer.message(next.next());
                case Batch.Envelope line -> answer.envelope(line);
            }
        }
        answer.endBatch();
        answer.endFile();
        return Optional.of(answer.out.toByteArray());
    }

    private void message(Optional<byte[]> acknowledgement) {
        if (acknowledgement.isEmpty()) return;
        acknowledgements++;
        out.writeBytes(acknowledgement.get());
    }

    private void envelope(Batch.Envelope line) {
        switch (line.name()) {
            case "FHS" -> {
                endBatch();
                endFile();
                openFile = open(line);
                batches = 0;
            }
            case "BHS" -> {
                endBatch();
                openBatch = open(line);
                acknowledgements = 0;
                batches++;
            }
            case "BTS" -> endBatch();
            case "FTS" -> {
                endBatch();
                endFile();
            }
            default -> {}
        }
    }

    /** FHS and BHS have the same fields: 3 to 6 swapped, 7 time, 11 own id, 12 the request's id. */
    private Delimiters open(Batch.Envelope line) {
        var raw = line.raw();
        var read = raw.length > 4 ? Prologue.delimiters(raw, 0, raw.length) : null;
        var delimiters = read == null ? Delimiters.STANDARD : read;
        var request = new Header(raw, 0, raw.length, delimiters);
        var encoding = request.rawField(2);
        write(line.name());
        out.write(delimiters.field());
        if (encoding.length == 0) write("^~\\&");
        else out.writeBytes(encoding);
        for (int field : new int[] {5, 6, 3, 4}) {
            out.write(delimiters.field());
            out.writeBytes(request.rawField(field));
        }
        field(delimiters, time);
        for (int i = 8; i <= 10; i++) out.write(delimiters.field());
        field(delimiters, controlId);
        out.write(delimiters.field());
        out.writeBytes(request.rawField(11));
        out.write('\r');
        return delimiters;
    }

    private void endBatch() {
        if (openBatch != null) end("BTS", openBatch, acknowledgements);
        openBatch = null;
    }

    private void endFile() {
        if (openFile != null) end("FTS", openFile, batches);
        openFile = null;
    }

    private void end(String name, Delimiters delimiters, int count) {
        write(name);
        field(delimiters, Integer.toString(count));
        if (!comment.isEmpty()) field(delimiters, plain(comment, delimiters));
        out.write('\r');
    }

    private static String plain(String words, Delimiters delimiters) {
        return words.replace(delimiters.field(), ' ').replace(delimiters.component(), ' ');
    }

    private void field(Delimiters delimiters, String text) {
        out.write(delimiters.field());
        write(text);
    }

    private void write(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
