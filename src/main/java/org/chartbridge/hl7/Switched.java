package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A message's first character set, with the alternates of MSH-18 that ISO 2022 escape sequences
 * switch to (MSH-20, table 0356, ISO 2022-1994); long because a decoder is one state machine.
 *
 * <p>{@code ESC - L} and its kin change what bytes beyond ASCII mean, {@code ESC $ B} and its kin
 * what those of ASCII mean. Delimiters belong to the first set, and the first set holds again
 * behind each of them and in each segment (HL7 v2.5.1 §2.14.9.20). A set that MSH-18 does not name
 * is not read: its bytes are malformed, so that nobody takes them for letters or delimiters.
 */
final class Switched extends Charset {
    private static final byte ESC = 0x1B;
    private static final byte SHIFT_OUT = 0x0E;
    private static final byte SHIFT_IN = 0x0F;
    private static final int MAX_SEQUENCE = 4;
    private static final int MAX_CHARACTER_BYTES = 4;

    /** What stands in the place of a set that can't be read. */
    private static final SetSwitch UNREADABLE = new SetSwitch(null, true, 0);

    /** Katakana in the bytes of ASCII, ISO IR13. */
    private static final SetSwitch KATAKANA = new SetSwitch(Charset.forName("JIS_X0201"), false, 0);

    /** By the set that a sequence names: those of MSH-18 that announce it, beside itself. */
    private static final Map<String, List<String>> ANNOUNCED_BY =
            Map.of(
                    "EUC-JP", List.of("ISO-2022-JP-2", "windows-31j"),
                    "JIS_X0201", List.of("ISO-2022-JP-2", "windows-31j", "EUC-JP"),
                    "GB2312", List.of("GB18030"),
                    "ISO-8859-1", List.of("windows-1252"));

    private final Charset base;
    private final Charset standard;
    private final List<Charset> announced;
    private final Delimiters delimiters;

    private Switched(
            Charset base, Charset standard, List<Charset> announced, Delimiters delimiters) {
        super("x-ISO-2022." + base.name(), null);
        this.base = base;
        this.standard = standard;
        this.announced = announced;
        this.delimiters = delimiters;
    }

    /**
     * How a message is read in which sets are switched; null when none are.
     *
     * @param names the repetitions of MSH-18
     * @param standard what is meant when MSH-18 is empty
     */
    static @Nullable Switched of(
            byte[] raw, List<String> names, Charset standard, Delimiters delimiters) {
        if (!switches(raw)) return null;
        var announced = names.stream().map(CharacterSets::find).filter(Objects::nonNull).toList();
        var base = CharacterSets.base(raw, names, standard);
        return new Switched(base, standard, List.copyOf(announced), delimiters);
    }

    private static boolean switches(byte[] raw) {
        for (int at = 0; at < raw.length; at++) {
            if (raw[at] != ESC) continue;
            int length = sequenceAt(raw, at, raw.length);
            if (length <= 0) continue;
            var set = named(raw, at, length);
            if (set != null && set.charset() != null) return true;
            if (UNREADABLE.equals(set)) return true;
        }
        return false;
    }

    /** The set that holds where no other was switched to. */
    Charset base() {
        return base;
    }

    /** What is meant when MSH-18 is empty. */
    Charset standard() {
        return standard;
    }

    /** Length of the escape sequence here; 0 when it is none, -1 when it goes on behind the end. */
    private static int sequenceAt(byte[] bytes, int at, int end) {
        int last = at + 1;
        while (last < end && bytes[last] >= 0x20 && bytes[last] <= 0x2F) last++;
        int length = last + 1 - at;
        if (length > MAX_SEQUENCE) return 0;
        if (last == end) return -1;
        return length > 2 && bytes[last] > 0x2F && bytes[last] < 0x7F ? length : 0;
    }

    /**
     * The set that an escape sequence names; null when it is none of ours, and so is text. Only one
     * of many bytes a character is {@code UNREADABLE} then: what follows it would be taken apart.
     */
    private static @Nullable SetSwitch named(byte[] bytes, int at, int length) {
        boolean many = bytes[at + 1] == '$';
        var hex = HexFormat.of().withUpperCase().formatHex(bytes, at + 1, at + length);
        if (hex.equals("2849")) return KATAKANA;
        var key = ((many ? "M" : "C") + hex).getBytes(StandardCharsets.US_ASCII);
        var known = SetSwitch.of(key, 0, key.length);
        return known == null && many ? UNREADABLE : known;
    }

    /** Whether a sequence is about the bytes beyond ASCII. */
    private static boolean isHigh(byte[] bytes, int at, int length) {
        byte where = bytes[at + length - 2];
        return where == '-' || where == ')';
    }

    private boolean isAnnounced(Charset set) {
        var by = ANNOUNCED_BY.getOrDefault(set.name(), List.of());
        for (var one : announced) if (one.equals(set) || by.contains(one.name())) return true;
        return false;
    }

    /**
     * The escape sequences that hold at an offset, since its line began or a delimiter stood there.
     */
    String shift(byte[] raw, int line, int start) {
        var reader = new Reader(this);
        var in = ByteBuffer.wrap(raw, line, start - line);
        var out = CharBuffer.allocate(256);
        while (in.hasRemaining()) {
            var result = reader.decode(in, out, false);
            if (result.isError()) in.position(in.position() + result.length());
            else if (result.isUnderflow()) break;
            out.clear();
        }
        return reader.highSequence + reader.lowSequence + (reader.shiftedOut ? "\u000E" : "");
    }

    @Override
    public boolean contains(Charset other) {
        return other.equals(this) || base.contains(other);
    }

    @Override
    public Reader newDecoder() {
        return new Reader(this);
    }

    /** Writes the first set only: what it lacks is not written, rather than switched to. */
    @Override
    public CharsetEncoder newEncoder() {
        return base.newEncoder();
    }

    @Override
    public boolean canEncode() {
        return base.canEncode();
    }

    /** Reads one message or a part of one; what it met on the way is asked afterwards. */
    static final class Reader extends CharsetDecoder {
        private final Switched set;
        private final Map<Charset, CharsetDecoder> decoders = new HashMap<>();
        private final CharBuffer letter = CharBuffer.allocate(2);
        private final byte[] high = new byte[2];

        private @Nullable SetSwitch low;
        private @Nullable SetSwitch beyond;
        private boolean shiftedOut;
        private String lowSequence = "";
        private String highSequence = "";
        private boolean lapsed;
        private boolean resuming;

        private boolean unannounced;
        private boolean readAfterLapse;

        private Reader(Switched set) {
            // The characters of one byte may be two: room is asked for before each.
            super(set, 1, 2);
            this.set = set;
        }

        /** Whether bytes of ASCII are what they seem. */
        boolean isPlain() {
            return low == null && beyond == null && !shiftedOut;
        }

        /** Whether a set was switched to that MSH-18 does not name. */
        boolean metUnannounced() {
            return unannounced;
        }

        /** Whether a delimiter ended a switch, and the text went on beyond ASCII without one. */
        boolean metLapsed() {
            return readAfterLapse;
        }

        /** Goes on behind bytes that are no character; what was switched to holds. */
        void resume() {
            resuming = true;
            reset();
            resuming = false;
        }

        @Override
        protected void implReset() {
            if (resuming) return;
            low = null;
            beyond = null;
            shiftedOut = false;
            lapsed = false;
            lowSequence = "";
            highSequence = "";
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            while (in.hasRemaining()) {
                if (out.remaining() < 2) return CoderResult.OVERFLOW;
                var result = step(in, out);
                if (result != null) return result;
            }
            return CoderResult.UNDERFLOW;
        }

        /** One character or one switch; what the caller is to be told, or null to go on. */
        private @Nullable CoderResult step(ByteBuffer in, CharBuffer out) {
            int at = in.position();
            byte b = in.get(at);
            if (b == ESC) return escape(in, out, at);
            // ⚠ What a delimiter ended is not guessed at: its letters would be read as Latin ones.
            if (b == SHIFT_OUT && beyond == null) return CoderResult.malformedForLength(1);
            if (b == SHIFT_IN || b == SHIFT_OUT) {
                shiftedOut = b == SHIFT_OUT;
                in.position(at + 1);
                return null;
            }
            if (b < 0) return beyondAscii(in, out, at);
            if (b == '\r' || b == '\n') implReset();
            else if (b > ' ' && b < 0x7F && (low != null || shiftedOut))
                return shiftedOut ? shifted(in, out) : inLow(in, out, b);
            else if (isDelimiter(b)) endOfValue();
            out.put((char) b);
            in.position(at + 1);
            return null;
        }

        private void endOfValue() {
            if (beyond == null) return;
            beyond = null;
            highSequence = "";
            lapsed = true;
        }

        private boolean isDelimiter(byte b) {
            var d = set.delimiters;
            return b == d.field()
                    || b == d.component()
                    || b == d.repetition()
                    || b == d.subcomponent();
        }

        private @Nullable CoderResult escape(ByteBuffer in, CharBuffer out, int at) {
            var ahead = ahead(in, MAX_SEQUENCE + 1);
            int length = sequenceAt(ahead, 0, ahead.length);
            if (length < 0) return CoderResult.UNDERFLOW;
            var named = length == 0 ? null : named(ahead, 0, length);
            if (named == null) {
                out.put((char) ESC);
                in.position(at + 1);
                return null;
            }
            var sequence = new String(ahead, 0, length, StandardCharsets.ISO_8859_1);
            var charset = named.charset();
            boolean readable =
                    !named.equals(UNREADABLE) && (charset == null || set.isAnnounced(charset));
            var now = readable ? (charset == null ? null : named) : UNREADABLE;
            if (isHigh(ahead, 0, length)) {
                beyond = now;
                highSequence = sequence;
                lapsed = false;
            } else {
                low = now;
                lowSequence = now == null ? "" : sequence;
            }
            if (!readable) {
                unannounced = true;
                return CoderResult.malformedForLength(length);
            }
            in.position(at + length);
            return null;
        }

        private @Nullable CoderResult beyondAscii(ByteBuffer in, CharBuffer out, int at) {
            if (UNREADABLE.equals(beyond)) return CoderResult.malformedForLength(1);
            if (beyond == null || beyond.charset() == null) {
                readAfterLapse |= lapsed;
                return letter(in, out, set.base, at);
            }
            return letter(in, out, beyond.charset(), at);
        }

        private @Nullable CoderResult inLow(ByteBuffer in, CharBuffer out, byte b) {
            if (KATAKANA.equals(low)) {
                high[0] = (byte) (b | 0x80);
                var result = put(out, KATAKANA.charset(), high, 0, 1);
                if (result == null) in.position(in.position() + 1);
                return result;
            }
            return pair(in, out, low);
        }

        /** Bytes of ASCII between SO and SI, which mean what they would mean beyond ASCII. */
        private @Nullable CoderResult shifted(ByteBuffer in, CharBuffer out) {
            int at = in.position();
            var charset = beyond == null ? null : beyond.charset();
            for (int length = 1; length <= Math.min(high.length, in.remaining()); length++) {
                high[length - 1] = (byte) (in.get(at + length - 1) | 0x80);
                var result = put(out, charset, high, 0, length);
                if (result == null) {
                    in.position(at + length);
                    return null;
                }
                if (result.isError()) return CoderResult.malformedForLength(1);
            }
            return in.remaining() < high.length
                    ? CoderResult.UNDERFLOW
                    : CoderResult.malformedForLength(1);
        }

        /** Two bytes of ASCII that are one character of a set of pairs. */
        private @Nullable CoderResult pair(ByteBuffer in, CharBuffer out, @Nullable SetSwitch of) {
            int at = in.position();
            if (of == null || of.equals(UNREADABLE) || of.charset() == null)
                return CoderResult.malformedForLength(1);
            if (in.remaining() < 2) return CoderResult.UNDERFLOW;
            var bytes = of.ofPairs(ahead(in, 2), 0, 2);
            if (bytes == null) return CoderResult.malformedForLength(1);
            var result = put(out, of.charset(), bytes, 0, bytes.length);
            if (result != null) return CoderResult.malformedForLength(2);
            in.position(at + 2);
            return null;
        }

        private @Nullable CoderResult letter(
                ByteBuffer in, CharBuffer out, Charset charset, int at) {
            var ahead = ahead(in, MAX_CHARACTER_BYTES);
            for (int length = 1; length <= ahead.length; length++) {
                var result = put(out, charset, ahead, 0, length);
                if (result == null) {
                    in.position(at + length);
                    return null;
                }
                if (result.isError()) return CoderResult.malformedForLength(1);
            }
            return in.remaining() < MAX_CHARACTER_BYTES
                    ? CoderResult.UNDERFLOW
                    : CoderResult.malformedForLength(1);
        }

        /** Null when the bytes were a character, which was put out; underflow when they go on. */
        private @Nullable CoderResult put(
                CharBuffer out, @Nullable Charset charset, byte[] bytes, int from, int length) {
            if (charset == null) return CoderResult.malformedForLength(1);
            var decoder = decoders.computeIfAbsent(charset, Reader::strict);
            letter.clear();
            var result =
                    decoder.reset().decode(ByteBuffer.wrap(bytes, from, length), letter, false);
            if (result.isError()) return result;
            if (letter.position() == 0) return CoderResult.UNDERFLOW;
            out.put(letter.flip());
            return null;
        }

        /** The bytes from here on, at most so many; the buffer stays where it is. */
        private static byte[] ahead(ByteBuffer in, int most) {
            var bytes = new byte[Math.min(most, in.remaining())];
            in.get(in.position(), bytes);
            return bytes;
        }

        private static CharsetDecoder strict(Charset charset) {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
        }
    }
}
