package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chartbridge.hl7.Samples.MSH;
import static org.chartbridge.hl7.Samples.RESULT;
import static org.chartbridge.hl7.Samples.fault;
import static org.chartbridge.hl7.Samples.latin;
import static org.chartbridge.hl7.Samples.message;
import static org.chartbridge.hl7.Samples.reasons;
import static org.chartbridge.hl7.Samples.utf8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

class MessageTests {
    private static final String OBX = MSH + "\rOBX|1|NM|K||140";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "MSH-1; |",
                "MSH-2; ^~\\&",
                "MSH-3; LIS",
                "MSH-4.2; 1.2.3",
                "MSH-9; ORU^R01^ORU_R01",
                "MSH-9.2; R01",
                "MSH-10; 4711",
                "PID-3.1; 77",
                "PID-3[2].1; 88",
                "PID-3[2].4.2; 1.2.3",
                "PID-3[2].4; X&1.2.3&ISO",
                "OBX-5; 140",
                "OBX[2]-3.2; Potassium",
                "obx[2]-8; H",
                "ZL1-2; local",
                "PID-3[3].1; ''",
                "PID-99; ''",
                "OBX[3]-5; ''",
                "NK1-1; ''",
                "PID-8.2; ''",
                "PID-8.1.1; F"
            })
    void aPathReadsItsValue(String path, String value) {
        assertThat(message(RESULT).value(path)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OBX-", "OBX-5.", "OBX-5[1", "-5", "OBX.5", "OBX-5.1.1.1", "O-5"})
    void aBadPathIsRefusedLoudly(String path) {
        assertThatThrownBy(() -> message(RESULT).value(path))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLocationIsWrittenAsItIsRead() {
        for (var path : new String[] {"OBX[3]-5.1", "PID-3[2].4.1", "MSH-9.2", "ZL1"})
            assertThat(Location.parse(path)).hasToString(path);
    }

    @Test
    void aCleanMessageHasNoRemarks() {
        assertThat(message(RESULT).remarks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'\\r', ''",
        "'\\n', I line-feeds",
        "'\\r\\n', I line-feeds",
        "'\\r\\r', I blank-lines",
        "'\\r \\t', ''"
    })
    void anyLineEndWillDo(String end, String remark) {
        var message = message(RESULT.replace("\r", unescaped(end)));

        assertThat(message.lines()).hasSize(8);
        assertThat(message.value("NTE-3")).isEqualTo("haemolytic");
        assertThat(String.join(",", reasons(message))).isEqualTo(remark);
    }

    @ParameterizedTest
    @CsvSource({
        "'\\uFEFF', '', I byte-order-mark",
        "'\\u000B', '\\u001C\\r', I framing-bytes",
        "'  \\r\\n', '\\r\\n\\r\\n', 'I line-feeds,I blank-lines'",
        "'', '\\u001C', I framing-bytes"
    })
    void whatSurroundsAMessageIsLeftAside(String before, String after, String remark) {
        var message = message(unescaped(before) + OBX + unescaped(after));

        assertThat(message.value("OBX-5")).isEqualTo("140");
        assertThat(reasons(message)).contains(remark.split(",", -1)[0]);
        assertThat(message.line("OBX", 1).orElseThrow().end())
                .isEqualTo(utf8(unescaped(before) + OBX).length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "text\\rNEG|F; OBX-5; text\\nNEG; bare words are text",
                "text\\rmore|F; OBX-6; F; lower case is text",
                "text\\r  indented; OBX-5; text\\n  indented; blanks stay",
                "text\\nmore; OBX-5; text\\nmore; line feed",
                "text\\r\\nmore; OBX-5; text\\nmore; one break is one",
                "text\\rPATIENT|F; OBX-6; F; seven letters are no name",
                "text\\r12A|F; OBX-6; F; a name begins with a letter"
            })
    void aTornSegmentIsJoined(String sent, String path, String value, String why) {
        // NEG|F would be a segment; NEG alone is not.
        var text = unescaped(sent).replace("NEG|F", "NEG");

        var message = message(MSH + "\rOBX|1|ST|K||" + text + "\rNTE|1\r");

        assertThat(message.value(path)).as(why).isEqualTo(unescaped(value));
        assertThat(message.lines()).hasSize(3);
        assertThat(message.remarks())
                .anySatisfy(
                        f -> {
                            assertThat(f.reason()).isEqualTo("torn-segment");
                            assertThat(f.location()).hasToString("OBX[1]");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZL1|x", "ZABC|x", "pid|1", "QQQ|1", "PV1", "Z01", "A01|"})
    void aSegmentOfAnyNameIsOne(String segment) {
        var message = message(MSH + "\r" + segment + "\rNTE|1\r");

        assertThat(message.lines()).hasSize(3);
        assertThat(message.lines().get(1).segment())
                .isEqualTo(segment.replaceAll("\\|.*", "").toUpperCase(java.util.Locale.ROOT));
    }

    @Test
    void anAddendumContinuesTheFieldBeforeIt() {
        var message = message(MSH + "\rOBX|1|ST|K||one\rADD| two|F\rNTE|1|after");

        assertThat(message.value("OBX-5")).isEqualTo("one two");
        assertThat(message.value("OBX-6")).isEqualTo("F");
        assertThat(message.value("NTE-2")).isEqualTo("after");
    }

    @Test
    void evenTheHeaderMayBeTorn() {
        var raw = utf8("MSH|^~\\&|LIS|NORTH\rADD|LAB|||||ORU^R01|47\rADD|11|P|2.5.1\rPID|1");

        assertThat(Header.read(raw).orElseThrow().controlId()).isEqualTo("4711");
        assertThat(message(raw).value("MSH-4")).isEqualTo("NORTHLAB");
    }

    @Test
    void aPlaceIsFoundInTheBytesAsTheyCame() {
        var sent = "\uFEFF" + MSH + "\r\n OBX|1|ST|Ä||one\r\ntwo|F\r\nNTE|1|ö|here\r\n";
        var message = message(utf8(sent));

        assertThat(rawText(message, "NTE-3")).isEqualTo("here");
        assertThat(rawText(message, "OBX-6")).isEqualTo("F");
        assertThat(rawText(message, "OBX-5")).isEqualTo("one\r\ntwo");
        assertThat(rawText(message, "OBX")).isEqualTo("OBX|1|ST|Ä||one\r\ntwo|F");
        assertThat(message.rawRange(Location.parse("NTE-9"))).isEmpty();
    }

    private static String rawText(Message message, String path) {
        var range = message.rawRange(Location.parse(path)).orElseThrow();
        return new String(
                message.raw(), range.start(), range.end() - range.start(), StandardCharsets.UTF_8);
    }

    @Test
    void explicitNullIsNotAbsence() {
        var message = message(MSH + "\rPID|1||\"\"|\"\"^x||\r");

        assertThat(message.value("PID-3")).isEqualTo(Message.NULL);
        assertThat(message.value("PID-4.1")).isEqualTo(Message.NULL);
        assertThat(message.value("PID-5")).isEmpty();
    }

    @Test
    void repetitionsAndFieldsAreCounted() {
        var message = message(RESULT);
        var pid = message.line("PID", 1).orElseThrow();

        assertThat(message.repetitions(pid, 3)).isEqualTo(2);
        assertThat(message.repetitions(pid, 4)).isZero();
        assertThat(message.repetitions(pid, 5)).isOne();
        assertThat(message.fields(pid)).isEqualTo(8);
        assertThat(message.fields(message.lines().getFirst())).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; not-hl7",
                "hello; not-hl7",
                "GET / HTTP/1.1; not-hl7",
                "<ORU_R01/>; not-hl7",
                "MSH; not-hl7",
                "MSHA^~; not-hl7",
                "PID|1; not-hl7",
                "MSH|ABC|LIS; delimiters-unreadable",
                "MSH|^^^^|LIS; delimiters-unreadable",
                "MSH|^~\\&#!|LIS; delimiters-unreadable",
                "MSH|^~\u00A7&|LIS; delimiters-unreadable"
            })
    void whatCannotBeReadSaysWhy(String sent, String reason) {
        var fault = fault(utf8(sent));

        assertThat(fault.reason()).isEqualTo(reason);
        assertThat(fault.severity()).isEqualTo(Severity.E);
        assertThat(fault.text()).isNotBlank();
    }

    @Test
    void tlsOnAPlainPortIsNamed() {
        assertThat(fault(new byte[] {0x16, 3, 1, 2, 0, 1}).text()).contains("TLS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "MSH|^~\\&|A|B|C|D|7||ORU^R01||P|2.5.1; E control-id-missing",
                "MSH|^~\\&|A|B|C|D|7|||1|P|2.5.1; E message-type-missing",
                "MSH||A|B|C|D|7||ORU^R01|1|P|2.5.1; W delimiters-missing",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1\\rDSC|more|I; E continuation-not-taken",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1\\rMSH|^~\\&|A; E several-messages",
                "FHS|^~\\&\\r"
                        + "BHS|^~\\&\\r"
                        + "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1\\r"
                        + "BTS|1\\r"
                        + "FTS|1; W batch-envelope",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1\\rPID|\\u0000; E text-not-storable",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1\\rPID|\\X00\\; E text-not-storable",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1\\rPID|\\XEDA080\\; E text-not-storable",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1\\rPID|\\XFF\\; W undecodable-bytes",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1||||||KLINGON; I charset-unknown",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|2.5.1||||||utf-8; I charset-misspelt"
            })
    void whatIsDoubtfulIsRemarked(String sent, String remark) {
        assertThat(reasons(message(unescaped(sent)))).containsExactly(remark);
    }

    @Test
    void whatNoDatabaseStoresIsFoundWithItsPlace() {
        var raw = latin(MSH + "\rPID|1||7~8^a&b\u0000c\rOBX|1|ST|K||\u00ED\u00A0\u0080");

        var places =
                message(raw).remarks().stream()
                        .filter(f -> f.reason().equals("text-not-storable"))
                        .map(f -> String.valueOf(f.location()))
                        .toList();

        assertThat(places).containsExactlyInAnyOrder("PID[1]-3[2].2.2", "OBX[1]-5");
    }

    @Test
    void remarksAreLimitedAndSaySo() {
        var message = message(MSH + "\rPID|" + "\u0000|".repeat(500) + "\r");

        assertThat(message.remarks()).hasSize(Limits.MAX_REMARKS + 1);
        assertThat(message.remarks().getLast().reason()).isEqualTo("more-remarks");
    }

    @Test
    void limitsHaveAnAnswerOfTheirOwn() {
        assertThat(fault(utf8(MSH + "\rZ01|1".repeat(Limits.MAX_SEGMENTS))).reason())
                .isEqualTo("too-many-segments");
        assertThat(fault(utf8(MSH + "\rPID|" + "|".repeat(Limits.MAX_FIELDS))).reason())
                .isEqualTo("too-many-fields");
        assertThat(fault(utf8(MSH + "\rPID|1||" + "1~".repeat(Limits.MAX_REPETITIONS))).reason())
                .isEqualTo("too-many-repetitions");
        var large = new byte[Limits.MAX_FIELD_BYTES + 1_000];
        java.util.Arrays.fill(large, (byte) 'A');
        System.arraycopy(utf8(OBX), 0, large, 0, utf8(OBX).length);
        assertThat(fault(large).reason()).isEqualTo("field-too-large");
    }

    @Test
    void twentyThousandAlternatingUnknownSegmentsCostNothing() {
        var text = new StringBuilder(RESULT);
        for (int i = 0; i < 10_000; i++) text.append("ZA1|1|x\rZB2|2|y\r");
        var raw = utf8(text.toString());
        var message = message(raw);

        var took = Duration.ofDays(1);
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            message(raw);
            var once = Duration.ofNanos(System.nanoTime() - start);
            if (once.compareTo(took) < 0) took = once;
        }

        assertThat(message.lines("ZB2")).hasSize(10_000);
        assertThat(message.value("ZB2[9999]-2")).isEqualTo("y");
        assertThat(took).isLessThan(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$%*!@", "#@:/;", "|\\&~^"})
    void delimitersAreTheSendersOwn(String own) {
        var usual = MSH + "\rPID|1||77^^^A&1.2&ISO~88\rNTE|1||\\S\\ \\F\\\r";
        var text = new StringBuilder();
        for (char c : usual.toCharArray())
            text.append("|^~\\&".indexOf(c) < 0 ? c : own.charAt("|^~\\&".indexOf(c)));

        var message = message(text.toString());

        assertThat(message.value("PID-3[2]")).isEqualTo("88");
        assertThat(message.value("PID-3.4.2")).isEqualTo("1.2");
        assertThat(message.value("NTE-3"))
                .isEqualTo(own.substring(1, 2) + " " + own.substring(0, 1));
    }

    /** Control characters are written in the tables as \r, \n, \t and \u0000. */
    private static String unescaped(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\u0000", "\u0000")
                .replace("\\uFEFF", "\uFEFF")
                .replace("\\u000B", "\u000B")
                .replace("\\u001C", "\u001C");
    }
}
