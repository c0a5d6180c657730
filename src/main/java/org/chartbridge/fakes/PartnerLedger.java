package org.chartbridge.fakes;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a fake partner knows, on disk: a line of JSON for each fact, forced there before anybody is
 * told of it. It holds numbers of messages and orders, nothing about patients.
 *
 * <pre>
 * {"at":"2026-11-28T16:00:00Z","kind":"got","id":"CB-1","what":"OML^O21","order":"","note":"kept, AA"}
 * {"at":"…","kind":"state","id":"CB-1","what":"ordered","order":"E1-000001^EMR","note":""}
 * {"at":"…","kind":"sent","id":"L1-3","what":"final","order":"E1-000001^EMR","note":"ORU^R01"}
 * {"at":"…","kind":"answered","id":"L1-3","what":"AA","order":"E1-000001^EMR","note":""}
 * </pre>
 *
 * <p>May be used from any thread.
 */
public final class PartnerLedger implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final FileChannel file;
    private final Known known = new Known();

    /** What kind of fact a line holds. */
    public enum Kind {
        /** A message came. */
        GOT,
        /** How an order or referral stands now in the partner's eyes. */
        STATE,
        /** A message is about to leave. */
        SENT,
        /** It was answered so. */
        ANSWERED
    }

    /**
     * One fact.
     *
     * @param id MSH-10
     * @param what type of message, state, or code of an answer
     * @param order number of the order or referral, as in ORC-2 or RF1-6; "" for none
     */
    record Line(Kind kind, String id, String what, String order, String note) {}

    /**
     * How one order or referral stands.
     *
     * @param state a word of {@link Act}, or {@code ordered}, {@code refused-by-us} and the like
     * @param times how often it was taken: more than once when it came twice
     */
    public record Standing(String state, int times) {}

    /**
     * All that a ledger says.
     *
     * @param standings how each order and referral stands, in the order in which they came
     * @param taken MSH-10 of what was taken
     * @param lost MSH-10 of what was forgotten although its sender was told that it was taken, and
     *     did not come again
     * @param asked order or referral by MSH-10 of the message that this partner sent to place it
     */
    public record Book(
            Map<String, Standing> standings,
            Set<String> taken,
            Set<String> lost,
            Map<String, String> asked) {

        /** How an order or referral stands; "" for one that is not known. */
        public String state(String order) {
            var standing = standings.get(order);
            return standing == null ? "" : standing.state();
        }
    }

    /** The same while it grows. */
    private static final class Known {
        private final Map<String, Standing> standings = new LinkedHashMap<>();
        private final Set<String> taken = new HashSet<>();
        private final Set<String> lost = new HashSet<>();
        private final Map<String, String> asked = new LinkedHashMap<>();

        void note(Line line) {
            switch (line.kind()) {
                case GOT -> {
                    if (line.note().startsWith(KEPT)) taken.add(line.id());
                    // One that came again was not heard to be taken the first time.
                    if (taken.contains(line.id())) lost.remove(line.id());
                    else if (line.note().equals(FORGOTTEN + Reply.ACCEPT.word()))
                        lost.add(line.id());
                }
                case STATE -> standings.compute(line.order(), (_, before) -> next(before, line));
                case SENT -> {
                    if (line.what().equals(OrderInHand.ORDERED)) asked.put(line.id(), line.order());
                }
                case ANSWERED -> {}
            }
        }

        private static Standing next(@Nullable Standing before, Line line) {
            int times = before == null ? 0 : before.times();
            return new Standing(
                    line.what(), times + (line.what().equals(OrderInHand.ORDERED) ? 1 : 0));
        }
    }

    static final String KEPT = "kept, ";
    static final String REPEAT = "repeat, ";
    static final String FORGOTTEN = "forgotten, ";

    private PartnerLedger(FileChannel file) {
        this.file = file;
    }

    /**
     * Begins one.
     *
     * @throws FileAlreadyExistsException where there is such a file: what it holds is not ours
     */
    public static PartnerLedger begin(Path path) throws IOException {
        return new PartnerLedger(
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Returns when they are on disk. */
    synchronized void write(List<Line> lines) throws IOException {
        if (lines.isEmpty()) return;
        var text = new StringBuilder();
        var now = Instant.now().toString();
        for (var line : lines) {
            text.append(json(now, line)).append('\n');
            known.note(line);
        }
        var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            var _ = file.write(bytes);
        }
        file.force(false);
    }

    /** How each order and referral stands, in the order in which they came. */
    public synchronized Map<String, Standing> standings() {
        return new LinkedHashMap<>(known.standings);
    }

    /** Whether a message was taken, by its MSH-10: what a person would ask on the telephone. */
    public synchronized boolean hasTaken(String id) {
        return known.taken.contains(id);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Reads one from its file. A last line that was cut off is left out: nobody was told of it. */
    public static Book read(Path path) throws IOException {
        var known = new Known();
        var lines = Files.readAllLines(path);
        for (int i = 0; i < lines.size(); i++) {
            var line = line(lines.get(i));
            if (line == null && i < lines.size() - 1)
                throw new IOException("not a line of a ledger: " + path + ":" + (i + 1));
            if (line != null) known.note(line);
        }
        return new Book(known.standings, known.taken, known.lost, known.asked);
    }

    private static String json(String now, Line line) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("at", now);
        fields.put("kind", line.kind().name().toLowerCase(Locale.ROOT));
        fields.put("id", line.id());
        fields.put("what", line.what());
        fields.put("order", line.order());
        fields.put("note", line.note());
        return JSON.writeValueAsString(fields);
    }

    private static @Nullable Line line(String text) {
        try {
            var json = JSON.readTree(text);
            var words = new ArrayList<String>();
            for (var key : List.of("kind", "id", "what", "order", "note")) {
                var value = json.get(key);
                if (value == null || !value.isString()) return null;
                words.add(value.asString());
            }
            return new Line(
                    Kind.valueOf(words.get(0).toUpperCase(Locale.ROOT)),
                    words.get(1),
                    words.get(2),
                    words.get(3),
                    words.get(4));
        } catch (JacksonException | IllegalArgumentException e) {
            return null;
        }
    }
}
