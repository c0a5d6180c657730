package org.chartbridge.mllp;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.chartbridge.mllp.Stray.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is a frame and what is not, by MLLP release 1 and HL7-RULES §2. */
class FrameDecoderTests {
    private static final String START = "\u000B";
    private static final String END = "\u001C\r";
    private static final Limits LIMITS = Limits.defaults();
    private static final String RESULT =
            "MSH|^~\\&|LIS|NORTHLAB|||20261122||ORU^R01|7|P|2.5.1\r"
                    + "PID|1||4711\r"
                    + "OBX|1|NM|2345-7||5.4\r";

    @Test
    void aFrameIsItsContentWithoutTheEnvelope() {
        assertThat(read(frame(RESULT)).frames).containsExactly(RESULT);
    }

    @Test
    void anEmptyFrameIsAFrame() {
        assertThat(read(frame("")).frames).containsExactly("");
    }

    @Test
    void everyByteValueButStartAndEndIsContent() {
        var all = new StringBuilder();
        for (var b = 0; b < 256; b++) if (b != 0x0B && b != 0x1C) all.append((char) b);

        assertThat(read(frame(all.toString())).frames).containsExactly(all.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<MSH|one>",
                "<a><b><c>",
                "noise<a>noise<b>\r\n",
                "<unfinished<whole>",
                "<~x>",
                "<x~>",
                "<~~>",
                "<no return~<next>",
                "<line feed~\n<next>",
                "<><>",
                "<<<a>",
                "<a>\r<b>\r\n<c",
                "GE<a>",
                "<lost at the end~"
            })
    void whereTheStreamIsCutChangesNothing(String sketch) {
        var stream = stream(sketch);
        var whole = read(stream);

        for (var first = 0; first <= stream.length(); first++) {
            for (var second = first; second <= stream.length(); second++) {
                var cut =
                        read(
                                stream.substring(0, first),
                                stream.substring(first, second),
                                stream.substring(second));
                assertThat(cut).as("cut at %d and %d", first, second).isEqualTo(whole);
            }
        }
    }

    @Test
    void aFrameCutAtAnyByteIsReadWhole() {
        var stream = frame(RESULT);

        for (var at = 0; at <= stream.length(); at++) {
            var seen = read(stream.substring(0, at), stream.substring(at));
            assertThat(seen.frames).as("cut at %d", at).containsExactly(RESULT);
            assertThat(seen.strays).isEmpty();
        }
    }

    @Test
    void manyFramesInOneReadAreAllFoundInOrder() {
        for (var count = 1; count <= 100; count++) {
            var wanted = new ArrayList<String>();
            var stream = new StringBuilder();
            for (var i = 0; i < count; i++) {
                wanted.add(RESULT + i);
                stream.append(frame(RESULT + i));
            }

            assertThat(read(stream.toString()).frames).isEqualTo(wanted);
        }
    }

    @Test
    void anyStreamCutAnyhowIsReadTheSame() {
        var seed = System.nanoTime();
        System.out.println("FrameDecoderTests seed " + seed);
        var chance = new Random(seed);
        for (var round = 0; round < 2_000; round++) {
            var sketch = new StringBuilder();
            var length = chance.nextInt(60);
            for (var i = 0; i < length; i++) sketch.append("<>~ab\r\n".charAt(chance.nextInt(7)));
            var stream = stream(sketch.toString());
            var pieces = new ArrayList<String>();
            for (var at = 0; at < stream.length(); ) {
                var end = Math.min(stream.length(), at + 1 + chance.nextInt(5));
                pieces.add(stream.substring(at, end));
                at = end;
            }

            assertThat(read(pieces.toArray(String[]::new)))
                    .as("seed %d, %s", seed, sketch)
                    .isEqualTo(read(stream));
        }
    }

    @Test
    void everyByteIsInAFrameOrStrayOrEnvelope() {
        var seed = System.nanoTime();
        System.out.println("FrameDecoderTests seed " + seed);
        var chance = new Random(seed);
        for (var round = 0; round < 2_000; round++) {
            var sketch = new StringBuilder();
            for (var i = 0; i < 80; i++) sketch.append("<>ab".charAt(chance.nextInt(4)));

            var seen = read(stream(sketch.toString()));

            var letters = sketch.chars().filter(Character::isLetter).count();
            var framed = String.join("", seen.frames).length();
            var strayLetters =
                    seen.strays.stream()
                            .flatMapToInt(stray -> new String(stray, ISO_8859_1).chars())
                            .filter(Character::isLetter)
                            .count();
            assertThat(framed + strayLetters).as("seed %d, %s", seed, sketch).isEqualTo(letters);
        }
    }

    @Test
    void bytesBeforeTheStartAreStray() {
        var seen = read("noise" + frame("a"));

        assertThat(seen.frames).containsExactly("a");
        assertThat(seen.told).containsExactly("BETWEEN_FRAMES 5 noise");
    }

    @Test
    void aLineEndBehindTheFrameIsStrayButOnlyALineEnd() {
        var strays = new ArrayList<Stray>();
        var decoder = new FrameDecoder(LIMITS, strays::add);

        var content = decoder.next(bytes(frame("a") + "\r\n" + START));
        decoder.next(bytes("\r\n" + START));

        assertThat(content).isNotNull();
        assertThat(strays).hasSize(1).allMatch(Stray::onlyLineEnds);
        assertThat(new Stray(Cause.BETWEEN_FRAMES, new byte[] {'x'}, 1).onlyLineEnds()).isFalse();
        assertThat(new Stray(Cause.BETWEEN_FRAMES, new byte[] {'\r'}, 2).onlyLineEnds()).isFalse();
    }

    @Test
    void aStartInsideAFrameBeginsAnew() {
        var seen = read(START + "half" + frame("whole"));

        assertThat(seen.frames).containsExactly("whole");
        assertThat(seen.told).containsExactly("REPLACED_BY_NEW_START 4 half");
    }

    @Test
    void aFrameWithoutAnEndIsReportedWhenTheStreamEnds() {
        assertThat(read(frame("a") + START + "half").told)
                .containsExactly("UNFINISHED_AT_CLOSE 4 half");
    }

    @Test
    void aMissingReturnIsAcceptedBeforeAStartALineFeedAndTheEnd() {
        assertThat(read(stream("<a~<b~\n<c~")).frames).containsExactly("a", "b", "c");
    }

    @Test
    void aReturnThatComesLateBelongsToTheFrameBefore() {
        var strays = new ArrayList<Stray>();
        var decoder = new FrameDecoder(LIMITS, strays::add);

        assertThat(decoder.next(bytes(START + "a\u001C"))).isNull();
        assertThat(decoder.awaitsReturn()).isTrue();
        assertThat(decoder.endWithoutReturn()).containsExactly('a');
        var next = decoder.next(bytes("\r" + frame("b")));

        assertThat(next).containsExactly('b');
        assertThat(strays).isEmpty();
    }

    @Test
    void aMissingReturnIsNoEndWhenItIsNeeded() {
        var strict = LIMITS.withNeedsCarriageReturn(true);

        var seen = read(strict, stream("<a~<b~\nc><d~"));

        assertThat(seen.frames).containsExactly("b\u001C\nc");
        assertThat(seen.told)
                .containsExactly("REPLACED_BY_NEW_START 2 a\u001C", "UNFINISHED_AT_CLOSE 1 d");
    }

    @Test
    void anEndByteFollowedByOtherContentIsContent() {
        assertThat(read(stream("<a~b>")).frames).containsExactly("a\u001Cb");
    }

    @Test
    void aFrameAsLargeAsAllowedIsTakenAndOneByteMoreIsNot() {
        var small = LIMITS.withMaxFrameBytes(1_000);

        assertThat(read(small, frame("x".repeat(1_000))).frames).hasSize(1);
        assertThat(read(small, frame("x".repeat(1_001))).told)
                .singleElement()
                .asString()
                .startsWith("TOO_LARGE 1001 ");
        assertThat(read(small, frame("x".repeat(999) + "~").replace('~', '\u001C')).frames)
                .hasSize(1);
        assertThat(read(small, START + "x".repeat(1_000) + "\u001Cx").told)
                .singleElement()
                .asString()
                .startsWith("TOO_LARGE 1000 ");
    }

    @Test
    void nothingIsReadAfterAFrameThatIsTooLarge() {
        var small = LIMITS.withMaxFrameBytes(10);

        var seen = read(small, frame("a") + frame("x".repeat(11)) + frame("b"));

        assertThat(seen.frames).containsExactly("a");
        assertThat(seen.told).hasSize(1);
    }

    @Test
    void aFrameThatNeverEndsHoldsNoMoreThanItsLimit() {
        var small = LIMITS.withMaxFrameBytes(100_000);
        var strays = new ArrayList<Stray>();
        var decoder = new FrameDecoder(small, strays::add);
        var piece = Unpooled.wrappedBuffer(new byte[64 * 1024]);
        var most = 0;

        decoder.next(bytes(START));
        for (var i = 0; i < 16 * 1024; i++) { // 1 GB
            decoder.next(piece.duplicate());
            most = Math.max(most, decoder.heldBytes());
        }

        assertThat(most).isBetween(64 * 1024, 100_000);
        assertThat(decoder.heldBytes()).isZero();
        assertThat(strays).singleElement().matches(s -> s.cause() == Cause.TOO_LARGE);
        assertThat(strays.getFirst().excerpt()).hasSize(LIMITS.maxStrayBytes());
    }

    // Were anything looked at twice the pieces of one byte would take hours.
    @ParameterizedTest
    @ValueSource(ints = {1, 64 * 1024})
    @Timeout(60)
    void aBigFrameInPiecesIsLinear(int pieceBytes) {
        var decoder = new FrameDecoder(LIMITS, _ -> {});
        var piece = Unpooled.wrappedBuffer(new byte[pieceBytes]);

        assertThat(decoder.next(bytes(START))).isNull();
        for (var sent = 0; sent < LIMITS.maxFrameBytes(); sent += pieceBytes) {
            piece.readerIndex(0);
            decoder.next(piece);
        }

        assertThat(decoder.next(bytes(END))).hasSize(LIMITS.maxFrameBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u000B", "\u001C", "\u001Cx", "\r"})
    @Timeout(60)
    void whatIsOnlyMeantToHarmIsLinearToo(String nuisance) {
        var strays = new ArrayList<Stray>();
        var decoder = new FrameDecoder(LIMITS, strays::add);
        var piece = bytes(nuisance.repeat(64 * 1024 / nuisance.length()));

        assertThat(decoder.next(bytes(START))).isNull();
        for (var i = 0; i < 300; i++) {
            piece.readerIndex(0);
            decoder.next(piece);
        }

        assertThat(strays.size()).isBetween(1, LIMITS.maxStraysInARow());
        assertThat(decoder.closedBy()).isNotNull();
    }

    @Test
    void aRunOfStrayBytesIsExcerptedCountedAndBounded() {
        var limits = LIMITS.withMaxFrameBytes(1_000).withStrays(16, 100, Duration.ofSeconds(1));

        assertThat(read(limits, "0123456789abcdefghij" + frame("a")).told)
                .containsExactly("BETWEEN_FRAMES 20 0123456789abcdef");
        assertThat(read(limits, "x".repeat(1_001) + frame("a")).told)
                .containsExactly("TOO_LARGE 1001 xxxxxxxxxxxxxxxx");
    }

    @Test
    void nothingButStrayBytesClosesTheDoor() {
        var limits = LIMITS.withStrays(16, 3, Duration.ofSeconds(1));

        assertThat(read(limits, stream("<a<b<c>")).frames).containsExactly("c");
        assertThat(read(limits, stream("<a<b<c<d>")).frames).isEmpty();
        assertThat(read(limits, stream("<a<b<c<d>")).told).last().isEqualTo("TOO_MANY 1 c");
        assertThat(read(limits, stream("<a<b<c><a<b<c>")).frames).containsExactly("c", "c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "POST /messages HTTP/1.1\r\n",
                "PUT /",
                "OPTIONS * HTTP/1.1",
                "PRI * HTTP/2.0"
            })
    void anHttpClientIsRecognisedHoweverItIsCut(String request) {
        for (var at = 0; at <= request.length(); at++) {
            assertThat(read(request.substring(0, at), request.substring(at) + frame("a")).told)
                    .as("cut at %d", at)
                    .singleElement()
                    .asString()
                    .startsWith("HTTP ");
        }
    }

    @Test
    void aTlsClientIsRecognised() {
        assertThat(read("\u0016\u0003\u0001\u0002\u0000\u0001").told)
                .singleElement()
                .asString()
                .startsWith("TLS 6 ");
        assertThat(read("\u0016", "\u0003").told).singleElement().asString().startsWith("TLS 2 ");
    }

    @Test
    void onlyTheFirstBytesCanBeAGreeting() {
        assertThat(read(frame("GET / HTTP/1.1") + "GET / " + frame("b")).frames)
                .containsExactly("GET / HTTP/1.1", "b");
    }

    @Test
    void aBigFrameLeavesNothingBehind() {
        var decoder = new FrameDecoder(LIMITS, _ -> {});

        assertThat(decoder.next(bytes(START + "x".repeat(1_000_000)))).isNull();
        assertThat(decoder.heldBytes()).isBetween(1_000_000, 2_000_000);
        assertThat(decoder.next(bytes(END))).hasSize(1_000_000);

        assertThat(decoder.heldBytes()).isZero();
    }

    /**
     * A stream in a form that can be read: {@code <} is 0x0B, {@code >} 0x1C 0x0D, {@code ~} 0x1C.
     */
    private static String stream(String sketch) {
        return sketch.replace("<", START).replace(">", END).replace("~", "\u001C");
    }

    private static String frame(String content) {
        return START + content + END;
    }

    private static ByteBuf bytes(String latin1) {
        return Unpooled.wrappedBuffer(latin1.getBytes(ISO_8859_1));
    }

    private static Seen read(String... pieces) {
        return read(LIMITS, pieces);
    }

    private static Seen read(Limits limits, String... pieces) {
        var seen = new Seen();
        var decoder = new FrameDecoder(limits, seen::stray);
        for (var piece : pieces) {
            var in = bytes(piece);
            for (var f = decoder.next(in); f != null; f = decoder.next(in)) seen.frame(f);
            assertThat(in.isReadable()).isFalse();
        }
        var last = decoder.endOfStream();
        if (last != null) seen.frame(last);
        return seen;
    }

    /** Everything that a decoder said of a stream. */
    private static final class Seen {
        private final List<String> frames = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private final List<byte[]> strays = new ArrayList<>();

        void frame(byte[] content) {
            frames.add(new String(content, ISO_8859_1));
        }

        void stray(Stray stray) {
            strays.add(stray.excerpt());
            told.add(
                    stray.cause()
                            + " "
                            + stray.totalBytes()
                            + " "
                            + new String(stray.excerpt(), ISO_8859_1));
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Seen other
                    && frames.equals(other.frames)
                    && told.equals(other.told);
        }

        @Override
        public int hashCode() {
            return frames.hashCode();
        }

        @Override
        public String toString() {
            return frames + " " + told;
        }
    }
}
