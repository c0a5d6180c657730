package org.chartbridge.hl7;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A message that is being written anew, from one that was read. Values go in through the escapes of
 * its delimiters, so none can begin a segment, a field or a component; what is not touched stays as
 * it was sent.
 *
 * <p>For one thread. What can't be written is a {@link NotWritten}, without content.
 */
public final class Rewriting {
    /** No message that we take is larger. */
    static final int MAX_SEGMENTS = 100_000;

    static final int MAX_CHARACTERS = 64 * 1024 * 1024;

    private static final Map<String, Integer> LAST_FIELD_OF_MSH =
            Map.of("2.1", 18, "2.2", 18, "2.3", 19, "2.3.1", 20, "2.4", 21, "2.5", 21, "2.5.1", 21);
    private static final Pattern HEX = Pattern.compile("X(?:[0-9A-Fa-f]{2})+");

    private final Charset sent;
    private final List<Segment> segments = new ArrayList<>();
    private Delimiters delimiters;
    private Charset charset;
    private long characters;

    private Rewriting(Message message) {
        this.sent = message.charset();
        this.charset = sent;
        this.delimiters = message.header().delimiters();
        for (var line : message.lines()) segments.add(segment(message.text(line)));
        characters = message.raw().length;
    }

    /** One that is equal to a message, so far. */
    public static Rewriting of(Message message) {
        return new Rewriting(message);
    }

    /** Something that can't be written; its text says what and where, without content. */
    public static final class NotWritten extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotWritten(String why) {
            super(why, null, false, false);
        }
    }

    /** A segment: its name, and its fields as they are sent. */
    public static final class Segment {
        private final String name;

        /** At n the field n; of MSH the first two are the delimiters. */
        private final List<String> fields = new ArrayList<>();

        private Segment(String name) {
            this.name = name;
            fields.add(name);
        }

        public String name() {
            return name;
        }

        private String field(int number) {
            return number < fields.size() ? fields.get(number) : "";
        }

        private void field(int number, String text) {
            while (fields.size() <= number) fields.add("");
            fields.set(number, text);
        }
    }

    private Segment segment(String text) {
        var parts = split(text, delimiters.field());
        var segment = new Segment(parts.getFirst());
        if (segment.name.equals("MSH")) segment.fields.add(String.valueOf(delimiters.field()));
        segment.fields.addAll(parts.subList(1, parts.size()));
        return segment;
    }

    /** All segments in their order, MSH first; each is equal only to itself. */
    public List<Segment> segments() {
        return Collections.unmodifiableList(segments);
    }

    /** Takes segments out. */
    public void remove(Set<Segment> some) {
        segments.removeIf(some::contains);
    }

    /** New segments with nothing in them, one before or after each of some others. */
    public void insert(String name, Set<Segment> beside, boolean before) {
        if (segments.size() + beside.size() > MAX_SEGMENTS)
            throw new NotWritten("too many segments");
        var all = new ArrayList<Segment>(segments.size() + beside.size());
        for (var segment : segments) {
            if (before && beside.contains(segment)) all.add(new Segment(name));
            all.add(segment);
            if (!before && beside.contains(segment)) all.add(new Segment(name));
        }
        segments.clear();
        segments.addAll(all);
    }

    /** A new segment with nothing in it, behind all others. */
    public Segment append(String name) {
        if (segments.size() >= MAX_SEGMENTS) throw new NotWritten("too many segments");
        var segment = new Segment(name);
        segments.add(segment);
        return segment;
    }

    /** The same segment once more, behind all others. */
    public Segment copy(Segment original) {
        var copy = append(original.name);
        for (int i = 1; i < original.fields.size(); i++) copy.field(i, original.fields.get(i));
        for (var field : original.fields) characters += field.length();
        return copy;
    }

    /**
     * Leaves these segments, in this order, and takes out all others.
     *
     * @param order MSH first; each of {@link #segments}, at most once
     */
    public void arrange(List<Segment> order) {
        if (order.isEmpty() || order.getFirst() != segments.getFirst())
            throw new IllegalArgumentException("MSH stays the first");
        if (new HashSet<>(order).size() != order.size() || !segments.containsAll(order))
            throw new IllegalArgumentException("segments of this message, each once");
        segments.clear();
        segments.addAll(order);
    }

    // ------------------------------------------------------------ values

    /** How often a field is sent; 0 when it is absent or empty. */
    public int repetitions(Segment segment, int field) {
        var text = segment.field(field);
        if (text.isEmpty()) return 0;
        return isDelimiters(segment, field) ? 1 : split(text, delimiters.repetition()).size();
    }

    /** The value at a place, escapes decoded, as {@link Message#value(Location)} gives it. */
    public String value(
            Segment segment, int field, int repetition, int component, int subcomponent) {
        var text = asSent(segment, field, repetition, component, subcomponent);
        if (isDelimiters(segment, field) || !delimiters.hasEscape()) return text;
        if (text.indexOf(delimiters.escape()) < 0) return text;
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return Text.value(bytes, 0, bytes.length, StandardCharsets.UTF_8, sent, delimiters);
    }

    /** The same with its delimiters and escapes; repetition 0 means the field as a whole. */
    public String asSent(
            Segment segment, int field, int repetition, int component, int subcomponent) {
        var text = segment.field(field);
        if (isDelimiters(segment, field) || repetition == 0) return text;
        text = part(text, delimiters.repetition(), repetition);
        if (component == 0) return text;
        text = part(text, delimiters.component(), component);
        return subcomponent == 0 ? text : part(text, delimiters.subcomponent(), subcomponent);
    }

    /** Writes a value, escaped; what it does not have a delimiter for can't be written. */
    public void set(
            Segment segment,
            int field,
            int repetition,
            int component,
            int subcomponent,
            String value) {
        setAsSent(segment, field, repetition, component, subcomponent, escaped(value));
    }

    /** Writes what {@link #asSent} gave, of a place that lies at least as deep. */
    public void setAsSent(
            Segment segment,
            int field,
            int repetition,
            int component,
            int subcomponent,
            String text) {
        var before = segment.field(field);
        var after = text;
        if (repetition > 0)
            after =
                    with(
                            before,
                            delimiters.repetition(),
                            repetition,
                            component == 0
                                    ? text
                                    : with(
                                            part(before, delimiters.repetition(), repetition),
                                            delimiters.component(),
                                            component,
                                            subcomponent == 0
                                                    ? text
                                                    : with(
                                                            asSent(
                                                                    segment,
                                                                    field,
                                                                    repetition,
                                                                    component,
                                                                    0),
                                                            delimiters.subcomponent(),
                                                            subcomponent,
                                                            text)));
        characters += after.length() - before.length();
        if (characters > MAX_CHARACTERS) throw new NotWritten("the message becomes too large");
        segment.field(field, after);
    }

    /** The components of one repetition, escaped each. */
    public void setComponents(Segment segment, int field, int repetition, List<String> values) {
        setAsSent(segment, field, repetition, 0, 0, "");
        for (int i = 0; i < values.size(); i++)
            if (!values.get(i).isEmpty()) set(segment, field, repetition, i + 1, 0, values.get(i));
    }

    private String escaped(String value) {
        // Three ways to break a line, one escape.
        return SegmentText.escaped(value.replace("\r\n", "\n").replace('\r', '\n'), delimiters);
    }

    private static boolean isDelimiters(Segment segment, int field) {
        return field <= 2 && segment.name.equals("MSH");
    }

    private static List<String> split(String text, char delimiter) {
        if (delimiter == Delimiters.NONE) return List.of(text);
        var parts = new ArrayList<String>();
        int from = 0;
        for (int at; (at = text.indexOf(delimiter, from)) >= 0; from = at + 1)
            parts.add(text.substring(from, at));
        parts.add(text.substring(from));
        return parts;
    }

    private static String part(String text, char delimiter, int number) {
        var parts = split(text, delimiter);
        return number <= parts.size() ? parts.get(number - 1) : "";
    }

    private static String with(String text, char delimiter, int number, String part) {
        var parts = new ArrayList<>(split(text, delimiter));
        if (number > parts.size() && delimiter == Delimiters.NONE)
            throw new NotWritten("MSH-2 has no delimiter for this place");
        while (parts.size() < number) parts.add("");
        parts.set(number - 1, part);
        int end = parts.size();
        while (end > 1 && parts.get(end - 1).isEmpty() && end > split(text, delimiter).size())
            end--;
        return String.join(
                delimiter == Delimiters.NONE ? "" : String.valueOf(delimiter),
                parts.subList(0, end));
    }

    // ------------------------------------------------------------ the message as a whole

    /** Writes it with the delimiters that the standard recommends. */
    public void useStandardDelimiters() {
        use(Delimiters.STANDARD);
    }

    private void use(Delimiters next) {
        for (var segment : segments)
            for (int i = 1; i < segment.fields.size(); i++)
                if (!isDelimiters(segment, i)) segment.field(i, cutBy(next, segment.field(i)));
        delimiters = next;
        var header = segments.getFirst();
        header.field(1, String.valueOf(next.field()));
        header.field(2, encodingCharacters(next));
    }

    private static String encodingCharacters(Delimiters d) {
        var text = new StringBuilder();
        for (var c : new char[] {d.component(), d.repetition(), d.escape(), d.subcomponent()})
            if (c != Delimiters.NONE) text.append(c);
        return d.truncation() == Delimiters.NONE ? text.toString() : text.append('#').toString();
    }

    /** A field as it is sent, with other delimiters: those that cut, and those in escapes. */
    private String cutBy(Delimiters next, String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == delimiters.repetition()) out.append(next.repetition());
            else if (c == delimiters.component()) out.append(next.component());
            else if (c == delimiters.subcomponent()) out.append(next.subcomponent());
            else if (c == delimiters.escape()) {
                int end = text.indexOf(c, i + 1);
                var inside = end < 0 ? "" : text.substring(i + 1, end);
                var meant = meant(inside);
                if (end < 0) out.append(SegmentText.escaped(String.valueOf(c), next));
                else if (meant != Delimiters.NONE)
                    out.append(SegmentText.escaped(String.valueOf(meant), next));
                else out.append(next.escape()).append(inside).append(next.escape());
                if (end >= 0) i = end;
            } else out.append(SegmentText.escaped(String.valueOf(c), next));
        }
        return out.toString();
    }

    private char meant(String escape) {
        return switch (escape) {
            case "F" -> delimiters.field();
            case "S" -> delimiters.component();
            case "R" -> delimiters.repetition();
            case "E" -> delimiters.escape();
            case "T" -> delimiters.subcomponent();
            case "P" -> '#';
            default -> Delimiters.NONE;
        };
    }

    /**
     * Writes it as a version of HL7 has it: MSH-12, the delimiters and fields of MSH, MSH-9.3 from
     * 2.3.1 on, types of OBX-5 by the names that the version knows. All else stays: what a version
     * does not have is for an analyst to take out.
     */
    public void useVersion(String version) {
        int number = Version.of(version).number();
        if (number < 270 && delimiters.truncation() != Delimiters.NONE)
            use(
                    new Delimiters(
                            delimiters.field(),
                            delimiters.component(),
                            delimiters.repetition(),
                            delimiters.escape(),
                            delimiters.subcomponent(),
                            Delimiters.NONE));
        var header = segments.getFirst();
        setAsSent(header, 12, 1, number < 231 ? 0 : 1, 0, version);
        if (number < 231 && !asSent(header, 9, 1, 3, 0).isEmpty())
            setComponents(
                    header, 9, 1, List.of(value(header, 9, 1, 1, 0), value(header, 9, 1, 2, 0)));
        int last = LAST_FIELD_OF_MSH.getOrDefault(version, 25);
        while (header.fields.size() > last + 1) header.fields.removeLast();
        for (var segment : segments) {
            if (!segment.name.equals("OBX")) continue;
            switch (segment.field(2)) {
                case "CWE", "CNE" -> {
                    if (number < 240) segment.field(2, "CE");
                }
                case "CE" -> {
                    if (number >= 260) segment.field(2, "CWE");
                }
                case "DTM" -> {
                    if (number < 250) segment.field(2, "TS");
                }
                case "TS" -> {
                    if (number >= 260) segment.field(2, "DTM");
                }
                default -> {}
            }
        }
    }

    /**
     * Writes it in another character set.
     *
     * @param name as table 0211 has it, for MSH-18
     * @throws IllegalArgumentException when we know none of that name
     */
    public void useCharset(String name) {
        var next = CharacterSets.find(name);
        if (next == null) throw new IllegalArgumentException("no character set " + name);
        // Bytes in \X..\ are of the character set that they were sent in.
        if (delimiters.hasEscape())
            for (var segment : segments)
                for (int i = 1; i < segment.fields.size(); i++)
                    if (!isDelimiters(segment, i)
                            && segment.field(i).indexOf(delimiters.escape()) >= 0)
                        segment.field(i, withoutBytes(segment.field(i)));
        charset = next;
        segments.getFirst().field(18, name);
    }

    private String withoutBytes(String text) {
        var out = new StringBuilder(text.length());
        char escape = delimiters.escape();
        for (int i = 0; i < text.length(); i++) {
            int end = text.charAt(i) == escape ? text.indexOf(escape, i + 1) : -1;
            if (end < 0) {
                out.append(text.charAt(i));
                continue;
            }
            var inside = text.substring(i + 1, end);
            var bytes =
                    HEX.matcher(inside).matches()
                            ? HexFormat.of().parseHex(inside, 1, inside.length())
                            : null;
            var meant = bytes == null ? null : Text.decodeStrictly(bytes, 0, bytes.length, sent);
            if (bytes == null || Text.isAscii(bytes, 0, bytes.length))
                out.append(escape).append(inside).append(escape);
            else if (meant != null) out.append(SegmentText.escaped(meant, delimiters));
            else throw new NotWritten("bytes in an escape \\X..\\ are none of its character set");
            i = end;
        }
        return out.toString();
    }

    // ------------------------------------------------------------ what goes out

    /** The message's bytes, without a frame; each segment ends with a carriage return. */
    public byte[] bytes() {
        var text = new StringBuilder();
        for (var segment : segments) {
            if (segment.name.equals("MSH")) {
                text.append(segment.name);
                for (int i = 2; i < segment.fields.size(); i++)
                    text.append(delimiters.field()).append(oneLine(segment.field(i)));
            } else {
                for (int i = 0; i < segment.fields.size(); i++) {
                    if (i > 0) text.append(delimiters.field());
                    text.append(oneLine(segment.field(i)));
                }
            }
            text.append('\r');
        }
        return encoded(text.toString());
    }

    /** A line break inside a field would end the segment for many receivers. */
    private String oneLine(String text) {
        if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) return text;
        var lineBreak =
                delimiters.hasEscape() ? delimiters.escape() + ".br" + delimiters.escape() : " ";
        return text.replace("\r\n", lineBreak).replace("\n", lineBreak).replace("\r", lineBreak);
    }

    private byte[] encoded(String text) {
        if (!charset.canEncode())
            throw new NotWritten("nothing can be written in character set " + charset.name());
        try {
            var bytes = charset.newEncoder().encode(CharBuffer.wrap(text));
            var written = new byte[bytes.remaining()];
            bytes.get(written);
            return written;
        } catch (CharacterCodingException _) {
            var encoder = charset.newEncoder();
            var where = "a segment";
            for (var segment : segments)
                for (int i = 1; i < segment.fields.size(); i++)
                    if (!encoder.canEncode(segment.field(i))) where = segment.name + "-" + i;
            throw new NotWritten(
                    where
                            + " has a letter that "
                            + charset.name()
                            + " has not; write  - charset: UNICODE UTF-8  or replace it before");
        }
    }
}
