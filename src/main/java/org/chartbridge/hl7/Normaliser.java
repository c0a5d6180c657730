package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the bytes of one message into segments, putting right what real senders do to them; long
 * because the walk over the bytes is one state machine with its repairs.
 *
 * <p>A message that needs nothing is not copied. Otherwise the normalised bytes are new, {@link
 * Edits} leads back to the raw ones, and each kind of repair is remarked once. After it every
 * segment is one run of bytes in which a delimiter byte is always a delimiter; a line break inside
 * a field has become one line feed.
 */
final class Normaliser {
    static final String NOT_HL7 = "not-hl7";

    private final byte[] raw;
    private final Charset defaultCharset;
    private final List<Fault> remarks = new ArrayList<>();

    private byte[] bytes;
    private Edits transcoded = Edits.NONE;
    private @Nullable Charset sentCharset;
    private Delimiters delimiters = Delimiters.STANDARD;

    private String[] names = new String[32];
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int count;

    /** Pairs of offsets to leave out, each replaced by that many line feeds. */
    private int[] cuts = new int[0];

    private int cutCount;

    private boolean beyondAscii;
    private boolean suspicious;

    /** Whether an escape character of ISO 2022 stands in the bytes. */
    private boolean switching;

    private int envelopes;
    private int headers;

    Normaliser(byte[] raw, Charset defaultCharset) {
        this.raw = raw;
        this.bytes = raw;
        this.defaultCharset = defaultCharset;
    }

    /** What the normaliser hands to {@link Message}; never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Normalised(
            byte[] bytes,
            Edits cut,
            Edits transcoded,
            Charset sent,
            Delimiters delimiters,
            String[] names,
            int[] starts,
            int[] ends,
            int count,
            boolean beyondAscii,
            boolean suspicious,
            List<Fault> remarks) {
        int toRaw(int offset) {
            return transcoded.toRaw(cut.toRaw(offset));
        }
    }

    /** Why the bytes can't be read, or null after {@link #normalised} may be called. */
    @Nullable Fault read() {
        var utf16 = CharacterSets.utf16(raw);
        if (utf16 != null) {
            transcode(utf16);
            remarks.add(
                    Fault.information(
                            null,
                            ErrorCode.DATA_TYPE,
                            "utf-16",
                            "The message is sent as UTF-16 and was read so."));
        }
        int from = findHeader();
        if (from < 0) return notHl7();
        int to = Prologue.lineEnd(bytes, from);
        var found = Prologue.delimiters(bytes, from, to);
        if (found == null)
            return Fault.error(
                    new Location("MSH", 1, 2, 0, 0, 0),
                    ErrorCode.REQUIRED_MISSING,
                    "delimiters-unreadable",
                    "MSH-2 must hold the encoding characters, usually ^~\\&, each different and"
                            + " none a letter or digit.");
        delimiters = found;
        if (from + 4 >= to || bytes[from + 4] == bytes[from + 3])
            remarks.add(
                    Fault.warning(
                            new Location("MSH", 1, 2, 0, 0, 0),
                            ErrorCode.REQUIRED_MISSING,
                            "delimiters-missing",
                            "MSH-2 is empty; the usual encoding characters ^~\\& were taken."));
        @Nullable Header header = null;
        if (sentCharset == null) {
            header = new Header(bytes, from, to, delimiters);
            var hiding = hiding(header.charsets());
            if (hiding != null && mayHide()) {
                transcode(hiding);
                from = findHeader();
            }
        }
        int before = remarks.size();
        var fault = cutIntoLines(from);
        var switched = header == null || !switching ? null : switched(header.charsets());
        if (switched != null && sentCharset == null) {
            // Delimiters may have been bytes of letters: cut once more, now that this is known.
            remarks.subList(before, remarks.size()).clear();
            transcode(switched);
            count = 0;
            cutCount = 0;
            headers = 0;
            suspicious = false;
            fault = cutIntoLines(findHeader());
        }
        if (fault != null) return fault;
        if (headers > 1)
            remarks.add(
                    Fault.error(
                            Location.of("MSH", 2),
                            ErrorCode.SEGMENT_SEQUENCE,
                            "several-messages",
                            "More than one message came in one frame; send each in a frame of its"
                                    + " own."));
        else if (envelopes > 0)
            remarks.add(
                    Fault.warning(
                            null,
                            ErrorCode.SEGMENT_SEQUENCE,
                            "batch-envelope",
                            "The message came in a batch envelope (FHS, BHS, BTS, FTS), which was"
                                    + " left aside; its counts were not verified."));
        return null;
    }

    Normalised normalised() {
        var cut = cutCount == 0 ? Edits.NONE : applyCuts();
        return new Normalised(
                bytes,
                cut,
                transcoded,
                sentCharset == null ? defaultCharset : sentCharset,
                delimiters,
                names,
                starts,
                ends,
                count,
                beyondAscii,
                suspicious,
                remarks);
    }

    /** The character set the bytes were in before they were rewritten as UTF-8; empty when not. */
    Optional<Charset> rewrittenFrom() {
        return Optional.ofNullable(sentCharset);
    }

    private Fault notHl7() {
        int at = Prologue.skip(bytes);
        String text;
        if (at == bytes.length) text = "The frame is empty; an HL7 message begins with MSH.";
        else if (bytes[0] == 0x16 && bytes.length > 2 && bytes[1] == 3)
            text = "This looks like TLS; this port takes plain MLLP. Use a port with TLS.";
        else if (startsWith(at, "GET ") || startsWith(at, "POST ") || startsWith(at, "PUT "))
            text = "This looks like HTTP; this port takes HL7 over MLLP.";
        else if (startsWith(at, "<"))
            text =
                    "This looks like XML; this port takes HL7 v2 in its usual encoding"
                            + " (MSH|^~\\&|...).";
        else
            text =
                    "There is no MSH segment with a field separator; an HL7 message begins with"
                            + " MSH|.";
        return Fault.error(null, ErrorCode.SEGMENT_SEQUENCE, NOT_HL7, text);
    }

    private boolean startsWith(int at, String text) {
        var wanted = text.getBytes(StandardCharsets.US_ASCII);
        return at + wanted.length <= bytes.length
                && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }

    /** Where MSH begins: first, or after the header segments of an envelope; -1 when nowhere. */
    private int findHeader() {
        envelopes = 0;
        int at = Prologue.skip(bytes);
        while (SegmentNames.isAt(bytes, at, "FHS") || SegmentNames.isAt(bytes, at, "BHS")) {
            envelopes++;
            at = Prologue.nextLine(bytes, Prologue.lineEnd(bytes, at));
        }
        return Prologue.isHeader(bytes, at) ? at : -1;
    }

    /** The character set in whose characters delimiters may hide; null when they can't. */
    private @Nullable Charset hiding(List<String> names) {
        var charset =
                switch (CharacterSets.resolve(names)) {
                    case CharacterSets.Declared.Known(var known, _) -> known;
                    case CharacterSets.Declared.Nothing _ -> defaultCharset;
                    case CharacterSets.Declared.Unknown _ -> null;
                };
        if (charset == null || !CharacterSets.hidesDelimiters(charset)) return null;
        var switched = CharacterSets.isOnlyJapanese(names) ? null : switched(names);
        return switched == null ? charset : switched;
    }

    private @Nullable Switched switched(List<String> names) {
        return Switched.of(raw, names, defaultCharset, delimiters);
    }

    private boolean mayHide() {
        for (byte b : raw) if (b < 0 || b == 0x1B) return true;
        return false;
    }

    // Rewriting as UTF-8, in which no character but a delimiter contains a delimiter's byte.

    private void transcode(Charset charset) {
        sentCharset = charset;
        transcoded = new Edits();
        var out = new ByteArrayOutputStream(raw.length + raw.length / 2);
        var decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        int from = startsWithMark(charset) ? 2 : 0;
        var in = ByteBuffer.wrap(raw, from, raw.length - from);
        var reader = decoder instanceof Switched.Reader switches ? switches : null;
        var chars = CharBuffer.allocate(2);
        transcoded.resume(0, from);
        boolean plain = !charset.name().startsWith("UTF-16");
        while (in.hasRemaining()) {
            int at = in.position();
            byte first = raw[at];
            if (reader != null) plain = reader.isPlain() && first > 0x1F;
            else if (first == 0x1B) plain = isBackToAscii(at);
            // Each segment begins in ASCII (std 2.14.9.18), also where a sender forgot to go back.
            if (endsLine(first) && !charset.name().startsWith("UTF-16")) {
                plain = true;
                decoder.reset();
            }
            if (plain && first >= 0 && first != 0x1B) {
                transcoded.resume(out.size(), at);
                out.write(first);
                in.position(at + 1);
                continue;
            }
            // One character at a time, so that each one's place is known.
            chars.clear();
            int limit = at;
            var result = java.nio.charset.CoderResult.UNDERFLOW;
            while (chars.position() == 0 && !result.isError() && limit < raw.length) {
                in.limit(++limit);
                result = decoder.decode(in, chars, limit == raw.length);
            }
            in.limit(raw.length);
            transcoded.resume(out.size(), at);
            // One that was told of the end and left bytes takes no more without this.
            if (result.isError() || (limit == raw.length && in.hasRemaining())) {
                if (reader == null) decoder.reset();
                else reader.resume();
            }
            if (result.isError()) {
                int length = Math.max(1, Math.min(result.length(), raw.length - in.position()));
                undecodable(out, in, length);
            } else if (chars.position() > 0) {
                out.writeBytes(chars.flip().toString().getBytes(StandardCharsets.UTF_8));
            } else if (in.position() == at) break;
        }
        transcoded.resume(out.size(), raw.length);
        bytes = out.toByteArray();
        if (reader != null) remarkSwitches(reader);
    }

    private void remarkSwitches(Switched.Reader reader) {
        var place = new Location("MSH", 1, 18, 0, 0, 0);
        if (reader.metUnannounced())
            remarks.add(
                    Fault.error(
                            place,
                            ErrorCode.TABLE_VALUE,
                            "charset-not-announced",
                            "An escape sequence switches to a character set that MSH-18 does not"
                                    + " name; its bytes are shown as sent. Name it there."));
        if (reader.metLapsed())
            remarks.add(
                    Fault.warning(
                            place,
                            ErrorCode.TABLE_VALUE,
                            "charset-switch-lapsed",
                            "A switch to another character set ended at a delimiter (MSH-20), and"
                                    + " the text went on beyond ASCII without one: it was read in"
                                    + " the first set of MSH-18. Switch in each value."));
    }

    private static boolean endsLine(byte b) {
        return b == '\r' || b == '\n';
    }

    /** Whether an ISO 2022 escape here switches to ASCII, whose bytes are then what they seem. */
    private boolean isBackToAscii(int at) {
        return at + 2 < raw.length && raw[at + 1] == '(' && raw[at + 2] == 'B';
    }

    private boolean startsWithMark(Charset charset) {
        return raw.length > 1
                && ((charset.equals(StandardCharsets.UTF_16BE) && raw[0] == (byte) 0xFE)
                        || (charset.equals(StandardCharsets.UTF_16LE) && raw[0] == (byte) 0xFF));
    }

    private int undecodableSeen;

    private void undecodable(ByteArrayOutputStream out, ByteBuffer in, int length) {
        var hex = new StringBuilder("\\X");
        for (int i = 0; i < length; i++)
            hex.append(java.util.HexFormat.of().withUpperCase().toHexDigits(in.get()));
        out.writeBytes(hex.append('\\').toString().getBytes(StandardCharsets.US_ASCII));
        if (undecodableSeen++ == 0)
            remarks.add(
                    Fault.error(
                            null,
                            ErrorCode.DATA_TYPE,
                            "undecodable-bytes",
                            "Bytes can't be read in the message's character set; send MSH-18 as the"
                                    + " text is encoded."));
    }

    // Cutting into lines.

    private @Nullable Fault cutIntoLines(int from) {
        byte field = (byte) delimiters.field();
        byte escape = (byte) delimiters.escape();
        boolean escapes = delimiters.hasEscape();
        boolean lineFeeds = false;
        boolean blanks = false;
        int torn = -1;
        boolean frame = false;
        int end = bytes.length;
        int lineStart = from;
        int previousEnd = from;
        int seen = 0;
        for (int at = from; at <= end; at++) {
            if (at < end) {
                byte b = bytes[at];
                if (b >= ' ') {
                    if (b == escape && escapes && at + 1 < end && bytes[at + 1] == 'X')
                        suspicious = true;
                    continue;
                }
                if (b < 0) {
                    seen |= b;
                    continue;
                }
                if (b != '\r' && b != '\n') {
                    if (b == 0) suspicious = true;
                    switching |= b == 0x1B;
                    continue;
                }
                if (b == '\n') lineFeeds = true;
            }
            int lineEnd = at;
            int content = lineStart;
            while (lineEnd > content && (bytes[lineEnd - 1] == 0x1C)) {
                lineEnd--;
                frame = true;
            }
            while (content < lineEnd
                    && (bytes[content] == ' '
                            || bytes[content] == '\t'
                            || bytes[content] == 0x0B
                            || bytes[content] == 0x1C)) content++;
            if (content == lineEnd) {
                blanks |= at < end && !(bytes[at] == '\n' && at > 0 && bytes[at - 1] == '\r');
            } else {
                int length = SegmentNames.lengthAt(bytes, content, lineEnd, field);
                // Behind an MSH that takes up another message it goes on with that one's segment.
                boolean addendum =
                        length == 3
                                && SegmentNames.isAt(bytes, content, "ADD")
                                && !(count == 1
                                        && Prologue.isHeader(bytes, starts[0])
                                        && Fragment.takesUp(bytes, starts[0], ends[0]));
                if (count > 0 && (length == 0 || addendum)) {
                    if (!addendum && torn < 0) torn = count - 1;
                    if (addendum) cut(previousEnd, Math.min(content + 4, lineEnd), 0);
                    else cut(previousEnd, lineStart, 1);
                    ends[count - 1] = lineEnd;
                    previousEnd = lineEnd;
                } else if (isEnvelope(content)) {
                    envelopes++;
                } else {
                    if (count == Limits.MAX_SEGMENTS)
                        return Fault.error(
                                null,
                                ErrorCode.INTERNAL,
                                "too-many-segments",
                                "The message has more than "
                                        + Limits.MAX_SEGMENTS
                                        + " segments; split it.");
                    add(SegmentNames.nameAt(bytes, content, length), content, lineEnd);
                    if (Prologue.isHeader(bytes, content)) headers++;
                    previousEnd = lineEnd;
                }
            }
            lineStart = at + 1;
        }
        beyondAscii = seen < 0;
        if (lineFeeds)
            information(
                    "line-feeds",
                    "Segments end with line feeds; the standard wants carriage returns only.");
        if (raw.length > 2 && raw[0] == (byte) 0xEF && raw[1] == (byte) 0xBB)
            information("byte-order-mark", "A byte order mark before MSH was left aside.");
        if (blanks) information("blank-lines", "Blank lines between segments were left aside.");
        if (frame || contains(0x0B, 0, from))
            information("framing-bytes", "MLLP framing bytes inside the message were left aside.");
        if (torn >= 0)
            remarks.add(
                    Fault.warning(
                            location(torn),
                            ErrorCode.SEGMENT_SEQUENCE,
                            "torn-segment",
                            "A line does not begin with a segment's name and was joined to the"
                                    + " segment before it; write line breaks in text as \\.br\\."));
        return checkSizes();
    }

    private boolean contains(int wanted, int from, int to) {
        for (int i = from; i < to; i++) if (bytes[i] == wanted) return true;
        return false;
    }

    private void information(String reason, String text) {
        remarks.add(Fault.information(null, ErrorCode.SEGMENT_SEQUENCE, reason, text));
    }

    private boolean isEnvelope(int at) {
        return SegmentNames.isAt(bytes, at, "BTS")
                || SegmentNames.isAt(bytes, at, "FTS")
                || SegmentNames.isAt(bytes, at, "FHS")
                || SegmentNames.isAt(bytes, at, "BHS");
    }

    private void add(String name, int start, int end) {
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        names[count] = name;
        starts[count] = start;
        ends[count++] = end;
    }

    private void cut(int from, int to, int lineFeeds) {
        if (cutCount + 3 > cuts.length) cuts = Arrays.copyOf(cuts, Math.max(24, cuts.length * 2));
        cuts[cutCount++] = from;
        cuts[cutCount++] = to;
        cuts[cutCount++] = lineFeeds;
    }

    private @Nullable Fault checkSizes() {
        for (int i = 0; i < count; i++) {
            if (ends[i] - starts[i] <= Limits.MAX_FIELDS) continue;
            int fields = 0;
            int repetitions = 0;
            int fieldStart = starts[i];
            for (int at = starts[i]; at <= ends[i]; at++) {
                if (at < ends[i] && bytes[at] == delimiters.repetition()) repetitions++;
                if (at < ends[i] && bytes[at] != delimiters.field()) continue;
                if (at - fieldStart > Limits.MAX_FIELD_BYTES)
                    return tooLarge(i, "field-too-large", "A field is larger than 64 MB.");
                if (repetitions >= Limits.MAX_REPETITIONS)
                    return tooLarge(
                            i,
                            "too-many-repetitions",
                            "A field has more than "
                                    + Limits.MAX_REPETITIONS
                                    + " repetitions; split the message.");
                if (++fields > Limits.MAX_FIELDS)
                    return tooLarge(
                            i,
                            "too-many-fields",
                            "A segment has more than " + Limits.MAX_FIELDS + " fields.");
                repetitions = 0;
                fieldStart = at + 1;
            }
        }
        return null;
    }

    private Location location(int index) {
        int ordinal = 1;
        for (int i = 0; i < index; i++) if (names[i].equals(names[index])) ordinal++;
        return Location.of(names[index], ordinal);
    }

    private Fault tooLarge(int index, String reason, String text) {
        return Fault.error(location(index), ErrorCode.DATA_TYPE, reason, text);
    }

    private Edits applyCuts() {
        int shift = 0;
        int next = 0;
        for (int i = 0; i < count; i++) {
            int end = ends[i];
            starts[i] -= shift;
            for (; next < cutCount && cuts[next] < end; next += 3)
                shift += cuts[next + 1] - cuts[next] - cuts[next + 2];
            ends[i] = end - shift;
        }
        var edits = new Edits();
        var out = new ByteArrayOutputStream(bytes.length);
        int copied = 0;
        for (int c = 0; c < cutCount; c += 3) {
            out.write(bytes, copied, cuts[c] - copied);
            for (int i = 0; i < cuts[c + 2]; i++) out.write('\n');
            copied = cuts[c + 1];
            edits.resume(out.size(), copied);
        }
        out.write(bytes, copied, bytes.length - copied);
        bytes = out.toByteArray();
        return edits;
    }
}
