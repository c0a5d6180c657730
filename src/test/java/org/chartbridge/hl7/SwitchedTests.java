package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.hl7.Samples.MSH;
import static org.chartbridge.hl7.Samples.message;
import static org.chartbridge.hl7.Samples.reasons;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** HL7-RULES §3: alternates of MSH-18 that ISO 2022 escape sequences switch to (MSH-20) ⚠. */
class SwitchedTests {
    private static final Charset LATIN = StandardCharsets.ISO_8859_1;
    private static final String CYRILLIC = "\u0418\u0432\u0430\u043D\u043E\u0432\u0430";
    private static final String GREEK = "\u039D\u03AF\u03BA\u03BF\u03C2";

    /** One stretch of a value in the set that a sequence names. */
    private record Kind(String name, String sequence, String charset, boolean low, String letters) {
        byte[] bytes(String text) {
            var out = new ByteArrayOutputStream();
            out.write(0x1B);
            out.writeBytes(Samples.latin(sequence));
            for (byte b : text.getBytes(Charset.forName(charset)))
                if (!low) out.write(b);
                else if (b != (byte) 0x8F || !charset.equals("EUC-JP")) out.write(b & 0x7F);
            if (low) out.writeBytes(Samples.latin("\u001B(B"));
            return out.toByteArray();
        }
    }

    /** Their letters in pairs hold bytes of each delimiter, of the escape and of the quote. */
    private static final List<Kind> KINDS =
            List.of(
                    new Kind("8859/2", "-B", "ISO-8859-2", false, "\u0159\u0141\u015A"),
                    new Kind("8859/5", "-L", "ISO-8859-5", false, CYRILLIC),
                    new Kind("8859/7", "-F", "ISO-8859-7", false, GREEK),
                    new Kind("8859/9", "-M", "ISO-8859-9", false, "\u015E\u0130"),
                    new Kind("ISO IR87", "$B", "EUC-JP", true, hiding("EUC-JP", "B0")),
                    new Kind("ISO IR159", "$(D", "EUC-JP", true, hiding("EUC-JP", "8FB0")),
                    new Kind("KS X 1001", "$(C", "EUC-KR", true, hiding("EUC-KR", "B0")),
                    new Kind("KS X 1001", "$)C", "EUC-KR", false, "\uAE40\uBBFC\uC218"),
                    new Kind("GB 18030-2000", "$A", "GB2312", true, hiding("GB2312", "B0")),
                    new Kind("GB 18030-2000", "$)A", "GB2312", false, "\u5F20\u4F1F"));

    @Test
    void eachAlternateIsReadBesideTheFirstSet() {
        for (var first : List.of("8859/1", "UNICODE UTF-8", "ASCII", "")) {
            for (var kind : KINDS) {
                var own = first.startsWith("8859") || first.startsWith("UNI") ? "M\u00FCller " : "";
                var charset = Charset.forName(first.startsWith("8859") ? "ISO-8859-1" : "UTF-8");
                var raw =
                        pid(
                                first + "~" + kind.name(),
                                own.getBytes(charset),
                                kind.bytes(kind.letters()));

                var message = message(raw);

                assertThat(message.value("PID-5.1"))
                        .as(first + " " + kind)
                        .isEqualTo(own + kind.letters());
                assertThat(message.value("PID-5.2")).as(kind.name()).isEqualTo("Anna");
                assertThat(message.value("OBX-5")).as(kind.name()).isEqualTo("here");
                assertThat(message.remarks()).as(first + " " + kind).isEmpty();
            }
        }
    }

    /** KS X 1001 and its kin in seven bits: SO and SI instead of bytes beyond ASCII. */
    @Test
    void shiftsOutAndInAreRead() {
        var korean = "\uAE40\uBBFC\uC218".getBytes(Charset.forName("EUC-KR"));
        for (int i = 0; i < korean.length; i++) korean[i] &= 0x7F;

        var message =
                message(
                        pid(
                                "ASCII~KS X 1001",
                                Samples.latin("\u001B$)C\u000E"),
                                korean,
                                Samples.latin("\u000F")));

        assertThat(message.value("PID-5.1")).isEqualTo("\uAE40\uBBFC\uC218");
        assertThat(message.value("PID-5.2")).isEqualTo("Anna");
    }

    /** Behind a delimiter the first set holds again; going on without a switch is told. */
    @Test
    void aSwitchEndsWithItsValue() {
        var kind = KINDS.get(1);
        var raw =
                pid(
                        "8859/1~8859/5",
                        kind.bytes(CYRILLIC),
                        Samples.latin("^M\u00FCller"),
                        Samples.latin("^"),
                        kind.bytes(CYRILLIC));

        var message = message(raw);

        assertThat(message.value("PID-5.1")).isEqualTo(CYRILLIC);
        assertThat(message.value("PID-5.2")).isEqualTo("M\u00FCller");
        assertThat(message.value("PID-5.3")).isEqualTo(CYRILLIC);
        assertThat(reasons(message)).containsExactly("W charset-switch-lapsed");
    }

    /** What MSH-18 does not announce is kept as it came and cuts nothing ⚠. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "8859/1; $B; 3B33457C",
                "'';     $B; 3B33457C",
                "8859/1; -L; B8D2D0",
                "8859/1~8859/7; -L; B8D2D0",
                "8859/1~ISO IR87; $(C; 31683A7C",
                "8859/1~ISO IR87; $(P; 21217C7E"
            })
    void whatIsNotAnnouncedIsKeptAndRefused(String declared, String sequence, String hex) {
        var bytes = java.util.HexFormat.of().parseHex(hex.strip());

        var message =
                message(
                        pid(
                                declared,
                                Samples.latin("\u001B" + sequence),
                                bytes,
                                Samples.latin(sequence.startsWith("$") ? "\u001B(B" : "\u001B-A")));

        assertThat(reasons(message)).contains("E charset-not-announced", "E undecodable-bytes");
        assertThat(message.value("PID-5.2")).isEqualTo("Anna");
        assertThat(message.value("PID-5.1")).doesNotContain("?").doesNotContain("\uFFFD");
        var span = message.rawRange(Location.parse("PID-5.1")).orElseThrow();
        assertThat(new String(message.raw(), span.start(), span.end() - span.start(), LATIN))
                .contains("\u001B" + sequence + new String(bytes, LATIN));
    }

    @Test
    void bytesThatTheAnnouncedSetLacksAreAnErrorNotAQuestionMark() {
        var message = message(pid("8859/1~ISO IR87", Samples.latin("\u001B$B|1\u001B(B")));

        assertThat(reasons(message)).containsExactly("E undecodable-bytes");
        assertThat(message.value("PID-5.1")).doesNotContain("?").doesNotContain("\uFFFD");
        assertThat(message.value("PID-5.2")).isEqualTo("Anna");
    }

    /** Colours of a terminal and fonts of a printer begin with the same byte. */
    @ParameterizedTest
    @CsvSource({
        "'\u001B[31m'",
        "'\u001B(s0p10h'",
        "'\u001B*p0X'",
        "'\u001B'",
        "'\u001B(B'",
        "'\u000E'"
    })
    void otherEscapeSequencesAreText(String sequence) {
        var raw = pid("8859/1", Samples.latin("a" + sequence + "M\u00FCller"));

        var message = message(raw);

        assertThat(message.value("PID-5.1")).isEqualTo("a" + sequence + "M\u00FCller");
        assertThat(message.charset()).isEqualTo(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "8859/1~8859/5, UTF-8, W charset-contradicted",
        "ASCII~8859/5, UTF-8, W charset-contradicted"
    })
    void aFirstSetThatTheBytesContradictIsRemarkedAsWithoutAlternates(
            String declared, String really, String remark) {
        var raw =
                pid(
                        declared,
                        "M\u00FCller ".getBytes(Charset.forName(really)),
                        Samples.latin("\u001B$B"));

        var message = message(raw);

        assertThat(message.value("PID-5.1")).startsWith("M\u00FCller ");
        assertThat(reasons(message)).contains(remark, "E charset-not-announced");
    }

    /** Several alternates of ASCII, and nothing that says which is meant: none is guessed at ⚠. */
    @Test
    void bytesBeyondAsciiWithoutASwitchAreNoneOfSeveralAlternates() {
        var message = message(pid("~8859/5~8859/7", Samples.latin("\u00B8\u00D2")));

        assertThat(message.value("PID-5.1")).isEqualTo("\\XB8\\\\XD2\\");
        assertThat(reasons(message)).contains("W undecodable-bytes");
    }

    /** Any sets, in any order, also cut anywhere: the values, their places and their states. */
    @Test
    void anySwitchesLeadBackToTheirBytes() {
        switchAnywhere(new Random().nextLong());
    }

    /** A sequence that ends with the message was no character, and the next byte an exception. */
    @Test
    void aBrokenSwitchAtTheEndIsReadToTheEnd() {
        switchAnywhere(-2_820_647_663_423_785_204L);
    }

    private void switchAnywhere(long seed) {
        System.out.println("SwitchedTests seed " + seed);
        var random = new Random(seed);
        var names =
                "8859/1"
                        + KINDS.stream()
                                .map(k -> "~" + k.name())
                                .distinct()
                                .reduce("", String::concat);
        for (int n = 0; n < 300; n++) {
            var out = new ByteArrayOutputStream();
            var values = new java.util.ArrayList<String>();
            for (int field = 0; field < 1 + random.nextInt(4); field++) {
                var value = new StringBuilder();
                out.write('|');
                // In the first set until something is switched to.
                value.append("M\u00FC");
                out.writeBytes(Samples.latin("M\u00FC"));
                for (int part = 0; part < random.nextInt(4); part++) {
                    var kind = KINDS.get(random.nextInt(KINDS.size()));
                    int from = random.nextInt(kind.letters().length());
                    var text = kind.letters().substring(from);
                    value.append(text).append("x ");
                    out.writeBytes(kind.bytes(text));
                    out.writeBytes(Samples.latin("x "));
                }
                values.add(value.toString().strip());
            }
            var body = out.toByteArray();
            var raw =
                    joined(
                            Samples.latin(MSH + "||||||" + names + "\rZXX"),
                            body,
                            Samples.latin("\r"));

            var message = message(raw);

            for (int field = 1; field <= values.size(); field++) {
                var place = Location.parse("ZXX-" + field);
                assertThat(message.value("ZXX-" + field).strip())
                        .as("seed %d, %d", seed, n)
                        .isEqualTo(values.get(field - 1));
                var text = new StringBuilder();
                for (var span : message.spans(place))
                    text.append(new String(span.bytes(raw), span.charset()));
                assertThat(text.toString().strip())
                        .as("seed %d, %d", seed, n)
                        .isEqualTo(values.get(field - 1));
            }
            FuzzTests.readEverything(broken(raw, random), StandardCharsets.UTF_8);
        }
    }

    /** Letters whose second bytes are those of | ^ ~ \ & and the quotation mark. */
    private static String hiding(String charset, String lead) {
        var hex = new StringBuilder();
        for (var second : List.of("FC", "DE", "FE", "DC", "A6", "A2"))
            hex.append(lead).append(second);
        return new String(java.util.HexFormat.of().parseHex(hex), Charset.forName(charset));
    }

    private static byte[] broken(byte[] raw, Random random) {
        var cut = java.util.Arrays.copyOf(raw, raw.length - random.nextInt(raw.length / 3));
        for (int i = 0; i < 3; i++) {
            int at = MSH.length() + random.nextInt(cut.length - MSH.length());
            cut[at] =
                    (byte)
                            new int[] {0x1B, 0x0E, '$', '|', 0xFF, '\r', random.nextInt(256)}
                                    [random.nextInt(7)];
        }
        return cut;
    }

    private static byte[] pid(String declared, byte[]... name) {
        var head = MSH + "||||||" + declared + "||ISO 2022-1994\rPID|1||77||";
        var tail = "^Anna\rOBX|1|ST|K||here|F\r";
        return joined(Samples.latin(head), joined(name), Samples.latin(tail));
    }

    private static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) out.writeBytes(part);
        return out.toByteArray();
    }
}
