package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One HL7 v2 message: the raw bytes, and an index of the segments in them; long because every way
 * to ask for a value stands here. Values are read on demand; where they lie is found by {@link
 * Extents}.
 *
 * <p>Immutable and safe to share. Reading is linear in the size and never throws at content; what
 * had to be put right or is in doubt is in {@link #remarks()}.
 *
 * <p><b>Absent and deleted.</b> An absent value reads as {@code ""}. HL7's explicit null, which
 * asks to delete what is known, is sent as two quotation marks and reads as just these: {@link
 * #NULL}.
 */
public final class Message {
    /** The explicit null, two quotation marks: what is known is to be deleted (std 2.5.3.2). */
    public static final String NULL = "\"\"";

    private final byte[] raw;
    private final byte[] bytes;
    private final Normaliser.Normalised normalised;
    private final Charset textCharset;
    private final Charset charset;
    private final Header header;
    private final List<Line> lines;
    private final List<Fault> remarks;
    private final @Nullable Instant receivedAt;
    private @Nullable Map<String, List<Line>> byName;

    private Message(byte[] raw, Normaliser.Normalised normalised, Optional<Charset> rewrittenFrom) {
        this.raw = raw;
        this.normalised = normalised;
        this.receivedAt = null;
        this.bytes = normalised.bytes();
        this.header = header(raw, normalised, rewrittenFrom);
        this.lines = index(normalised);
        var doubts =
                new Doubts(this, normalised.remarks(), header, normalised.sent(), rewrittenFrom);
        this.charset = doubts.sent();
        this.textCharset = doubts.text();
        doubts.look(normalised.beyondAscii(), normalised.suspicious());
        this.remarks = doubts.remarks();
    }

    /** The same message with other values in some places. */
    private Message(
            Message message,
            Normaliser.Normalised repaired,
            List<Line> lines,
            @Nullable Instant receivedAt) {
        this.receivedAt = receivedAt;
        this.raw = message.raw;
        this.normalised = repaired;
        this.bytes = repaired.bytes();
        this.header = message.header;
        this.lines = lines;
        this.charset = message.charset;
        this.textCharset = message.textCharset;
        this.remarks = message.remarks;
    }

    /**
     * A value to be written.
     *
     * @param line a segment of the message that is changed, not MSH
     * @param component 0 for the repetition as a whole
     * @param subcomponent 0 for the component as a whole
     * @param asSent whether delimiters and escapes are in the text, as {@link #asSent} gives them
     */
    public record Change(
            Line line,
            int field,
            int repetition,
            int component,
            int subcomponent,
            String text,
            boolean asSent) {
        /** Nothing of the text. */
        @Override
        public String toString() {
            return "Change[" + line.segment() + "-" + field + "]";
        }
    }

    /**
     * This message with other values; the bytes as they came are the same, and what is read at a
     * changed place leads back to what stood there.
     *
     * @param changes each of another place
     */
    public Message repaired(List<Change> changes) {
        var repaired = RepairedBytes.of(normalised, textCharset, changes);
        return new Message(this, repaired, index(repaired), receivedAt);
    }

    /** The same message, with the moment at which its last byte had come. */
    public Message received(Instant at) {
        return new Message(this, normalised, lines, at);
    }

    /** When its last byte had come; null of one that did not come here. */
    public @Nullable Instant receivedAt() {
        return receivedAt;
    }

    /** Whether a text can be written into this message. */
    public boolean fits(String text) {
        return textCharset.canEncode() && textCharset.newEncoder().canEncode(text);
    }

    /** A value with its delimiters and escapes. */
    public String asSent(Line line, int field, int repetition, int component, int subcomponent) {
        long extent = extent(line, field, repetition, component, subcomponent);
        return Text.decode(bytes, (int) (extent >>> 32), (int) extent, textCharset);
    }

    /**
     * MSH as it came, which an answer repeats byte by byte; as normalised only where it must be.
     */
    private static Header header(
            byte[] raw, Normaliser.Normalised normalised, Optional<Charset> rewrittenFrom) {
        int start = normalised.starts()[0];
        int end = normalised.ends()[0];
        boolean ascii =
                rewrittenFrom.isPresent() && !rewrittenFrom.get().name().startsWith("UTF-16");
        if (!ascii || normalised.cut().changes())
            return new Header(normalised.bytes(), start, end, normalised.delimiters());
        return new Header(
                raw, normalised.toRaw(start), normalised.toRaw(end), normalised.delimiters());
    }

    /**
     * Reads the bytes of one message, without the framing.
     *
     * @param raw kept, not copied: the caller leaves it unchanged
     * @param defaultCharset what is meant when MSH-18 is empty, a setting of the partner
     */
    public static Reading read(byte[] raw, Charset defaultCharset) {
        var normaliser = new Normaliser(raw, defaultCharset);
        var fault = normaliser.read();
        return fault != null
                ? new Reading.Unreadable(fault)
                : new Reading.Readable(
                        new Message(raw, normaliser.normalised(), normaliser.rewrittenFrom()));
    }

    private static List<Line> index(Normaliser.Normalised normalised) {
        var lines = new Line[normalised.count()];
        var counts = new HashMap<String, int[]>();
        for (int i = 0; i < lines.length; i++) {
            var name = normalised.names()[i];
            lines[i] =
                    new Line(
                            name,
                            ++counts.computeIfAbsent(name, _ -> new int[1])[0],
                            i,
                            normalised.toRaw(normalised.starts()[i]),
                            normalised.toRaw(normalised.ends()[i]));
        }
        return Collections.unmodifiableList(Arrays.asList(lines));
    }

    /** The bytes as they came, without the frame's. Not to be changed. */
    public byte[] raw() {
        return raw;
    }

    public Header header() {
        return header;
    }

    /** All segments in order, MSH first. */
    public List<Line> lines() {
        return lines;
    }

    /** The segments of one name in order; empty when there are none. */
    public List<Line> lines(String segment) {
        var index = byName;
        if (index == null) {
            index = new HashMap<>();
            for (var line : lines)
                index.computeIfAbsent(line.segment(), _ -> new ArrayList<>()).add(line);
            byName = index;
        }
        return Collections.unmodifiableList(index.getOrDefault(segment, List.of()));
    }

    /** The nth segment of a name, counted from 1. */
    public Optional<Line> line(String segment, int ordinal) {
        var found = lines(segment);
        return ordinal >= 1 && ordinal <= found.size()
                ? Optional.of(found.get(ordinal - 1))
                : Optional.empty();
    }

    /** The character set the text was read in. */
    public Charset charset() {
        return charset;
    }

    /**
     * What was put right (I), is in doubt (W) or can't be taken responsibility for (E: NUL and lone
     * surrogates, several messages in one, missing MSH-9 or MSH-10), in order of finding. A remark
     * of severity I is for people who look at the message; it need not be answered.
     */
    public List<Fault> remarks() {
        return remarks;
    }

    /**
     * A segment's text, decoded, escapes as sent. A line break inside a field is one {@code \n}; a
     * byte that can't be decoded is shown as the escape {@code \XE4\} and remarked.
     */
    public String text(Line line) {
        return Text.decode(bytes, start(line), end(line), textCharset);
    }

    /** The value at a path such as {@code OBX[3]-5.1}; see {@link #value(Location)}. */
    public String value(String path) {
        return value(Location.parse(path));
    }

    /**
     * The value at a place, escapes decoded; "" when absent, {@link #NULL} when sent as explicit
     * null. Segment and repetition not given mean the first. Component or subcomponent not given
     * mean the whole of what stands there, with the delimiters inside it as sent: {@code MSH-9} is
     * {@code ORU^R01}, {@code MSH-9.1} is {@code ORU}. Free text that holds a stray delimiter is
     * therefore whole at {@code NTE-3} and cut at {@code NTE-3.1}.
     */
    public String value(Location place) {
        var line = line(place.segment(), Math.max(1, place.sequence()));
        if (line.isEmpty()) return "";
        return value(
                line.get(),
                place.field(),
                place.repetition(),
                place.component(),
                place.subcomponent());
    }

    /** The first repetition of a field, whole. */
    public String value(Line line, int field) {
        return value(line, field, 1, 0, 0);
    }

    /** A component of the first repetition of a field. */
    public String value(Line line, int field, int component) {
        return value(line, field, 1, component, 0);
    }

    /** Like {@link #value(Location)} for a segment at hand; 0 means not given. */
    public String value(Line line, int field, int repetition, int component, int subcomponent) {
        long extent = extent(line, field, repetition, component, subcomponent);
        int from = (int) (extent >>> 32);
        int to = (int) extent;
        if (from >= to) return "";
        // MSH-1 and MSH-2 are the delimiters themselves.
        return field <= 2 && isHeader(line)
                ? Text.decode(bytes, from, to, textCharset)
                : Text.value(bytes, from, to, textCharset, charset, header.delimiters());
    }

    /** How often a field is sent: 0 when it is absent or empty. */
    public int repetitions(Line line, int field) {
        long extent = extent(line, field, 0, -1, 0);
        int from = (int) (extent >>> 32);
        int to = (int) extent;
        if (from >= to) return 0;
        int count = 1;
        char repetition = header.delimiters().repetition();
        if (repetition == Delimiters.NONE || (field <= 2 && isHeader(line))) return 1;
        for (int i = from; i < to; i++) if (bytes[i] == repetition) count++;
        return count;
    }

    /** The number of the segment's last field that is sent, empty or not. */
    public int fields(Line line) {
        int count = 0;
        for (int i = start(line); i < end(line); i++)
            if (bytes[i] == header.delimiters().field()) count++;
        return isHeader(line) ? count + 1 : count;
    }

    /** A segment cut into fields once, to read many of its values; not for MSH. */
    public Fields cut(Line line) {
        return new Fields(this, line);
    }

    /** A stretch of {@link #raw()}: from the first byte to after the last. */
    public record Range(int start, int end) {}

    /** Where the value at a place lies in the raw bytes; empty when it is absent. */
    public Optional<Range> rawRange(Location place) {
        var line = line(place.segment(), Math.max(1, place.sequence()));
        if (line.isEmpty()) return Optional.empty();
        if (place.field() == 0) return Optional.of(new Range(line.get().start(), line.get().end()));
        long extent =
                extent(
                        line.get(),
                        place.field(),
                        place.repetition(),
                        place.component(),
                        place.subcomponent());
        int from = (int) (extent >>> 32);
        int to = (int) extent;
        if (from >= to) return Optional.empty();
        return Optional.of(new Range(normalised.toRaw(from), normalised.toRaw(to)));
    }

    /**
     * The bytes as they came that a value was read from; one empty span where the place is there
     * and holds nothing, none where it is not there.
     */
    public List<Span> spans(Location place) {
        var found = line(place.segment(), Math.max(1, place.sequence()));
        if (found.isEmpty()) return List.of();
        var line = found.get();
        long extent =
                place.field() == 0
                        ? (long) start(line) << 32 | end(line)
                        : extent(
                                line,
                                place.field(),
                                place.repetition(),
                                place.component(),
                                place.subcomponent());
        return extent == 0 ? List.of() : Spans.of(raw, normalised, charset, extent);
    }

    /** A run of the bytes as they came, with all that is needed to read it alone. */
    public Span span(int start, int end) {
        return new Span(start, end, charset, Spans.shift(raw, start, charset));
    }

    // What the package's other readers need.

    /** Like a value or a whole segment, with escapes as sent, at most so many bytes of it. */
    String asSent(Line line, Location place, int maxBytes) {
        if (place.field() == 0)
            return Text.decode(
                    bytes, start(line), Math.min(end(line), start(line) + maxBytes), textCharset);
        long extent =
                extent(
                        line,
                        place.field(),
                        place.repetition(),
                        place.component(),
                        place.subcomponent());
        int from = (int) (extent >>> 32);
        int to = Math.max(from, (int) extent);
        return Text.decode(bytes, from, Math.min(to, from + maxBytes), textCharset);
    }

    /** Bytes of the value at a place, as normalised. */
    int length(Line line, Location place) {
        if (place.field() == 0) return end(line) - start(line);
        long extent =
                extent(
                        line,
                        place.field(),
                        place.repetition(),
                        place.component(),
                        place.subcomponent());
        return Math.max(0, (int) extent - (int) (extent >>> 32));
    }

    /** How many components a repetition has, or subcomponents a component; 1 when none is cut. */
    int parts(Line line, int field, int repetition, int component) {
        long extent = extent(line, field, repetition, component, 0);
        char delimiter =
                component == 0
                        ? header.delimiters().component()
                        : header.delimiters().subcomponent();
        int count = 1;
        if (delimiter == Delimiters.NONE) return count;
        for (int i = (int) (extent >>> 32); i < (int) extent; i++)
            if (bytes[i] == delimiter) count++;
        return count;
    }

    byte[] bytes() {
        return bytes;
    }

    Charset textCharset() {
        return textCharset;
    }

    int start(Line line) {
        return normalised.starts()[line.index()];
    }

    int end(Line line) {
        return normalised.ends()[line.index()];
    }

    static boolean isHeader(Line line) {
        return line.segment().equals("MSH");
    }

    /** The place of a byte of the normalised bytes. */
    Location locate(Line line, int offset) {
        return Extents.locate(bytes, line, start(line), end(line), offset, header.delimiters());
    }

    /** Where a value lies in the normalised bytes; see {@link Extents#find}. */
    private long extent(Line line, int field, int repetition, int component, int subcomponent) {
        return Extents.find(
                bytes,
                start(line),
                end(line),
                header.delimiters(),
                isHeader(line),
                field,
                repetition,
                component,
                subcomponent);
    }

    /** Type and size, which say nothing about a patient. */
    @Override
    public String toString() {
        return "Message[" + header + ", " + raw.length + " bytes]";
    }
}
