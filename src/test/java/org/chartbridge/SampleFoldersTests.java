package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.SampleCase.Expected;
import org.chartbridge.SampleCase.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** The samples as files, and the comparison that {@link SampleMessagesTests} trusts. */
class SampleFoldersTests {
    static final Path SAMPLES = Path.of("sample-messages");

    private static final String REQUEST =
            "MSH|^~\\&|LIS|NORTHLAB|CHARTBRIDGE|CLINIC|20261103||ORU^R01^ORU_R01|A1|P|2.5.1\r"
                    + "PID|1\r";

    @Test
    void everyFolderHasMessagesAnswersChartAndRule() throws IOException {
        var cases = SampleCase.all(SAMPLES);

        assertThat(cases).hasSizeGreaterThanOrEqualTo(15);
        for (var sample : cases) {
            assertThat(sample.exchanges()).as(sample.folder()).isNotEmpty();
            assertThat(SAMPLES.resolve(sample.folder()).resolve("RULE.md"))
                    .content()
                    .contains("**Rule.**", "**Why it matters.**", "HL7");
        }
    }

    @Test
    void everyMessageOfAFolderIsSent() throws IOException {
        for (var sample : SampleCase.all(SAMPLES)) {
            var sent = new HashSet<String>();
            for (var exchange : sample.exchanges()) sent.add(exchange.file());
            try (var files = Files.list(SAMPLES.resolve(sample.folder()))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .as(sample.folder())
                        .filteredOn(file -> file.endsWith(".hl7") || file.endsWith(".txt"))
                        .containsExactlyInAnyOrderElementsOf(sent);
            }
        }
    }

    /** Folders may run in any order only if they know nothing of each other. */
    @Test
    void foldersShareNoPatientAndNoOrderNumber() throws IOException {
        var seen = new HashSet<String>();
        for (var sample : SampleCase.all(SAMPLES)) {
            var own = new HashSet<String>();
            for (var exchange : sample.exchanges()) {
                var text = new String(exchange.bytes(), StandardCharsets.ISO_8859_1);
                var names =
                        Pattern.compile("\\b(?:NL|EM|OR|AS|LO)-(\\d{5}[A-Z]?|\\d\\d-[A-Z])\\b")
                                .matcher(text);
                while (names.find()) own.add(names.group());
            }
            for (var name : own)
                assertThat(seen.add(name)).as(sample.folder() + ", " + name).isTrue();
        }
    }

    @Test
    void messagesEndTheirSegmentsAsOnTheWireUnlessTheCaseIsAboutIt() throws IOException {
        for (var sample : SampleCase.all(SAMPLES)) {
            for (var exchange : sample.exchanges()) {
                if (!exchange.framed() || sample.folder().startsWith("11-")) continue;
                assertThat(exchange.bytes())
                        .as(sample.folder() + "/" + exchange.file())
                        .doesNotContain('\n')
                        .endsWith('\r');
            }
        }
    }

    @Test
    void aKeyThatIsMisspeltIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("message.hl7"), REQUEST);
        Files.writeString(
                folder.resolve("answer.yaml"),
                "[{send: message.hl7, becomes: charted, answer: {code: AA, to: A1, erors: []}}]");
        Files.writeString(folder.resolve("chart.yaml"), "patients: []");

        assertThatThrownBy(() -> SampleCase.read(folder)).hasMessageContaining("[erors]");
    }

    @Test
    void everyScalarIsText(@TempDir Path folder) throws IOException {
        var file = folder.resolve("some.yaml");
        Files.writeString(file, "{a: 4.10, b: no, c: 2026-11-03, d: ~, e: \"\"}");

        var read = SampleYaml.read(file);

        assertThat(read).hasToString("{a=4.10, b=no, c=2026-11-03, d=~, e=}");
    }

    @Test
    void aRightAnswerHasNoDifference() {
        var answer = ack("MSA|AA|A1\r");

        assertThat(differences(new Expected.Ack("AA", "A1", "ACK^R01^ACK", List.of()), answer))
                .isEmpty();
    }

    @Test
    void aWrongAnswerReadsLikeAListOfFields() {
        var answer = ack("MSA|AA|a1\rERR||OBX^2^5|102^x|W||||y\r");
        var wanted =
                new Expected.Ack(
                        "AE", "A1", "ACK^R01", List.of(new Fault("PID^1^3", "101", "E", null)));

        assertThat(differences(wanted, answer))
                .containsExactly(
                        "MSA-1: wanted 'AE', got 'AA'",
                        "MSA-2: wanted 'A1', got 'a1'",
                        "MSH-9: wanted 'ACK^R01', got 'ACK^R01^ACK'",
                        "ERR-2: wanted 'PID^1^3', got 'OBX^2^5'",
                        "ERR-3.1 at OBX^2^5: wanted '101', got '102'",
                        "ERR-4 at OBX^2^5: wanted 'E', got 'W'");
    }

    @Test
    void anErrNobodyWantedIsADifference() {
        var answer = ack("MSA|AA|A1\rERR||PID^1^8|103^x|I||||y\r");

        assertThat(differences(new Expected.Ack("AA", "A1", null, List.of()), answer))
                .singleElement()
                .asString()
                .startsWith("ERR: not wanted, got ERR||PID^1^8");
    }

    @Test
    void whatHoldsForEveryAnswerIsLookedAtInEveryAnswer() {
        var answer =
                "MSH|^~\\&|LIS|CLINIC|LIS|NORTHLAB|1||ACK^R01^ACK|A1|T|2.3|||AL\r"
                        + "MSA|AR|A1\r"
                        + "ERR||MSH^1^3|207\r";

        assertThat(differences(new Expected.Ack("AR", "A1", null, null), answer))
                .containsExactly(
                        "MSH-3: wanted 'CHARTBRIDGE', got 'LIS'",
                        "MSH-11: wanted 'P', got 'T'",
                        "MSH-12: wanted '2.5.1', got '2.3'",
                        "MSH-10: wanted one of its own, got the request's",
                        "MSH-15: wanted 'nothing or NE', got 'AL'",
                        "ERR-2 and following: not before version 2.5, got ERR||MSH^1^3|207",
                        "MSA-3, ERR-8: wanted a reason in words, got none");
    }

    @Test
    void aClassNameInAnAnswerIsADifference() {
        var answer = ack("MSA|AE|A1|ca.uhn.hl7v2.HL7Exception\r");

        assertThat(differences(new Expected.Ack("AE", "A1", null, null), answer))
                .singleElement()
                .asString()
                .contains("class name");
    }

    private static String ack(String rest) {
        return "MSH|^~\\&|CHARTBRIDGE|CLINIC|LIS|NORTHLAB|1||ACK^R01^ACK|Z9|P|2.5.1\r" + rest;
    }

    private static List<String> differences(Expected.Ack wanted, String answer) {
        return SampleAnswer.differences(
                wanted,
                REQUEST.getBytes(StandardCharsets.US_ASCII),
                answer.getBytes(StandardCharsets.US_ASCII));
    }
}
