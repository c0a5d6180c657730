package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;

/** Whatever arrives: no exception, no wait, and always an answer. */
class FuzzTests {
    private static final int ROUNDS = 6_000;
    private static final Charset[] CHARSETS = {
        StandardCharsets.UTF_8,
        StandardCharsets.ISO_8859_1,
        StandardCharsets.US_ASCII,
        Charset.forName("ISO-2022-JP-2"),
        Charset.forName("windows-31j"),
        Charset.forName("GB18030")
    };
    private static final byte[] SPICE = {
        '|',
        '^',
        '~',
        '\\',
        '&',
        '#',
        '\r',
        '\n',
        0,
        0x0B,
        0x1C,
        0x1B,
        ' ',
        'X',
        'Z',
        '"',
        '$',
        'B',
        '(',
        (byte) 0xE4,
        (byte) 0xED,
        (byte) 0xA0,
        (byte) 0x80,
        (byte) 0xFE,
        (byte) 0xFF
    };

    @Test
    void noMutationOfAMessageIsTooMuch() {
        // The same in every build, so that a build never fails by chance; give others by hand.
        long seed = Long.getLong("chartbridge.seed", 20261122L);
        System.out.println("FuzzTests seed " + seed + " (-Dchartbridge.seed=)");
        var random = new Random(seed);
        var slowest = Duration.ZERO;
        for (int round = 0; round < ROUNDS; round++) {
            var raw = mutated(random);
            long start = System.nanoTime();

            try {
                readEverything(raw, CHARSETS[random.nextInt(CHARSETS.length)]);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + " round "
                                + round
                                + ": "
                                + new String(raw, StandardCharsets.ISO_8859_1),
                        e);
            }

            var took = Duration.ofNanos(System.nanoTime() - start);
            if (round > 200 && took.compareTo(slowest) > 0) slowest = took;
        }
        System.out.println("FuzzTests slowest " + slowest.toMillis() + " ms");
        assertThat(slowest).isLessThan(Duration.ofSeconds(2));
    }

    private static byte[] mutated(Random random) {
        var text = Samples.RESULT;
        if (random.nextInt(3) == 0)
            text =
                    text.replace(
                            "2.5.1",
                            "2.5.1||||||"
                                    + List.of(
                                                    "8859/1",
                                                    "UNICODE UTF-8",
                                                    "~ISO IR87",
                                                    "ASCII",
                                                    "KLINGON",
                                                    "GB 18030-2000")
                                            .get(random.nextInt(6)));
        if (random.nextInt(4) == 0) text = text.replace("Anna", "Änna \u6F22\u5B57");
        var raw =
                switch (random.nextInt(8)) {
                    case 0 -> text.getBytes(StandardCharsets.UTF_16BE);
                    case 1 -> text.getBytes(StandardCharsets.UTF_16);
                    case 2 -> text.getBytes(Charset.forName("ISO-2022-JP-2"));
                    case 3 -> text.getBytes(Charset.forName("windows-31j"));
                    case 4 -> text.getBytes(StandardCharsets.ISO_8859_1);
                    default -> text.getBytes(StandardCharsets.UTF_8);
                };
        var out = new java.io.ByteArrayOutputStream();
        int rate = 1 << random.nextInt(4, 11);
        for (int i = 0; i < raw.length; i++) {
            switch (random.nextInt(rate)) {
                case 0 -> out.write(SPICE[random.nextInt(SPICE.length)]);
                case 1 -> {
                    out.write(raw[i]);
                    out.write(SPICE[random.nextInt(SPICE.length)]);
                }
                case 2 -> i += random.nextInt(20);
                case 3 -> {
                    int from = random.nextInt(raw.length);
                    out.write(raw, from, Math.min(raw.length - from, random.nextInt(60)));
                }
                default -> out.write(raw[i]);
            }
        }
        return out.toByteArray();
    }

    static void readEverything(byte[] raw, Charset charset) {
        var peeked = Header.read(raw);
        var reading = Message.read(raw, charset);
        var answer =
                Acknowledgement.of(raw, AckCode.AE, List.of(), "c1", Instant.EPOCH, ZoneOffset.UTC);
        assertThat(answer).isNotEmpty();
        if (!(reading instanceof Reading.Readable(var message))) return;
        assertThat(peeked).isPresent();
        var controlId = message.header().controlId();
        // MSH is ASCII by rule; where it is not, either reading is as good.
        if (plainHead(raw))
            assertThat(peeked.orElseThrow().controlId()).as(charset.name()).isEqualTo(controlId);
        int previous = -1;
        for (var line : message.lines()) {
            assertThat(line.start()).isGreaterThan(previous);
            assertThat(line.end()).isBetween(line.start(), raw.length);
            previous = line.start();
            assertThat(message.text(line)).isNotNull();
        }
        for (var node : NamedTree.of(message)) look(message, node, raw.length);
        var faults = message.remarks().stream().filter(f -> f.severity() != Severity.I).toList();
        var told =
                Samples.message(
                        Acknowledgement.of(
                                raw, AckCode.AE, faults, "c1", Instant.EPOCH, ZoneOffset.UTC));
        if (plainHead(raw)) assertThat(told.value("MSA-1")).isEqualTo("AE");
    }

    /** Neither beyond ASCII nor switching character sets (ISO 2022 does that by ESC). */
    private static boolean plainHead(byte[] raw) {
        int head = Math.min(raw.length, 200);
        for (int i = 0; i < head; i++) if (raw[i] == 0x1B) return false;
        return Text.isAscii(raw, 0, head);
    }

    private static void look(Message message, NamedTree.Node node, int length) {
        var range = message.rawRange(node.path());
        if (range.isPresent()) assertThat(range.get().end()).isBetween(range.get().start(), length);
        for (var child : node.children()) look(message, child, length);
    }
}
