package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.hl7.Samples.utf8;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.parser.ParserConfiguration;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;

/** HL7-RULES §1: the answer in the sender's version, delimiters and character set. */
class AcknowledgementTests {
    private static final Instant NOW = Instant.parse("2026-07-01T10:11:12Z");
    private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
    private static final Fault FAULT =
            Fault.error(
                    Location.parse("OBX[3]-5.1"),
                    ErrorCode.DATA_TYPE,
                    "number-expected",
                    "Wanted a number; send 1 | 2 & so on.");
    private static final Fault HELD =
            Fault.warning(
                    null, ErrorCode.UNKNOWN_KEY, "patient-unknown", "Kept; a person decides.");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2.1; ACK^R01; 20260701121112",
                "2.2; ACK^R01; 20260701121112+0200",
                "2.3; ACK^R01; 20260701121112+0200",
                "2.3.1; ACK^R01^ACK; 20260701121112+0200",
                "2.4; ACK^R01^ACK; 20260701121112+0200",
                "2.5; ACK^R01^ACK; 20260701121112+0200",
                "2.5.1; ACK^R01^ACK; 20260701121112+0200",
                "2.6; ACK^R01^ACK; 20260701121112+0200",
                "2.7; ACK^R01^ACK; 20260701121112+0200",
                "2.8; ACK^R01^ACK; 20260701121112+0200",
                "2.9; ACK^R01^ACK; 20260701121112+0200",
                "2.5.1^CHE^2.6; ACK^R01^ACK; 20260701121112+0200"
            })
    void anAcceptedMessageGetsMshAndMsa(String version, String type, String time) {
        assertThat(answer(request(version), AckCode.AA))
                .isEqualTo(
                        "MSH|^~\\&|EMR|CLINIC|LIS^1.2^ISO|NORTHLAB|"
                                + time
                                + "||"
                                + type
                                + "|c1|P|"
                                + version
                                + "⏎MSA|AA|47^11⏎");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2.1; ORM^O01; ORR^O02",
                "2.2; ORM; ORR^O02",
                "2.3; ORM^O01; ORR^O02",
                "2.3.1; ORM^O01^ORM_O01; ORR^O02^ORR_O02",
                "2.5.1; OML^O21^OML_O21; ORL^O22^ORL_O22",
                "2.5.1; OML^O33; ORL^O34^ORL_O34",
                "2.5.1; OML^O35; ORL^O36^ORL_O36",
                "2.5.1; OMG^O19; ORG^O20^ORG_O20",
                "2.5.1; REF^I12; RRI^I12^RRI_I12",
                "2.5.1; REF^I15^REF_I12; RRI^I15^RRI_I12",
                "2.5.1; SRM^S11; SRR^S11^SRR_S01",
                "2.5.1; REF^I16; ACK^I16^ACK",
                "2.5.1; OML^O99; ACK^O99^ACK",
                "2.5.1; ORU^R01; ACK^R01^ACK",
                "2.5.1; ADT^A08; ACK^A08^ACK",
            })
    void whoWaitsForTheResponseToAnOrderGetsIt(String version, String sent, String answered) {
        var request = utf8("MSH|^~\\&|LIS|LAB|EMR|CLINIC|1||" + sent + "|1|P|" + version + "⏎");

        assertThat(type(Acknowledgement.of(request, AckCode.AE, List.of(), "c", NOW, ZONE, true)))
                .isEqualTo(answered);
        assertThat(
                        type(
                                Acknowledgement.later(
                                        request, AckCode.AA, List.of(), "c", NOW, ZONE, true)))
                .isEqualTo(answered);
        assertThat(type(Acknowledgement.of(request, AckCode.AA, List.of(), "c", NOW, ZONE)))
                .startsWith("ACK");
        assertThat(type(Acknowledgement.of(request, AckCode.CA, List.of(), "c", NOW, ZONE, true)))
                .startsWith("ACK");
    }

    @Test
    void theResponseToAReferralRepeatsProvidersAndPatientAsTheyCame() {
        var request =
                ("MSH|^~\\&|EMR|CLINIC|X|Y|1||REF^I12|1|P|2.5.1|||||NLD|8859/1\r"
                                + "RF1|P|R\r"
                                + "PRD|RP|Bjørn^Åse\r"
                                + "PRD|RT|Vik^Ola\r"
                                + "PID|1||47^^^A^MR||Sørli^\n"
                                + "Ida\r"
                                + "OBX|1\r")
                        .getBytes(StandardCharsets.ISO_8859_1);

        var answer = Acknowledgement.of(request, AckCode.AA, List.of(), "c", NOW, ZONE, true);

        assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                .endsWith(
                        "MSA|AA|1\r"
                                + "PRD|RP|Bjørn^Åse\r"
                                + "PRD|RT|Vik^Ola\r"
                                + "PID|1||47^^^A^MR||Sørli^Ida\r");
    }

    @Test
    void aResponseToAReferralThatLacksThemOrIsUtf16IsStillOne() {
        var bare = utf8("MSH|^~\\&|EMR|CLINIC|X|Y|1||REF^I12|1|P|2.5.1⏎RF1|P⏎");
        assertThat(Acknowledgement.of(bare, AckCode.AA, List.of(), "c", NOW, ZONE, true))
                .asString()
                .endsWith("MSA|AA|1\r");

        var wide =
                "\uFEFFMSH|^~\\&|EMR|CLINIC|X|Y|1||REF^I12|1|P|2.5.1\rPID|1||47||Sørli^Ida\r"
                        .getBytes(StandardCharsets.UTF_16LE);
        var answer = Acknowledgement.of(wide, AckCode.AR, List.of(), "c", NOW, ZONE, true);
        assertThat(new String(answer, StandardCharsets.UTF_16LE))
                .contains("|RRI^I12^RRI_I12|")
                .endsWith("\rPID|1||47||Sørli^Ida\r");
    }

    private static String type(byte[] answer) {
        return new String(answer, StandardCharsets.UTF_8).split("\\|", -1)[8];
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2.1; |Wanted a number\\S\\ send 1 \\F\\ 2 \\T\\ so on.; ERR|OBX^3^5^102&Data type"
                        + " error&HL70357",
                "2.4; |Wanted a number\\S\\ send 1 \\F\\ 2 \\T\\ so on.; ERR|OBX^3^5^102&Data type"
                        + " error&HL70357",
                "2.5.1; |Wanted a number\\S\\ send 1 \\F\\ 2 \\T\\ so on.; ERR|OBX^3^5^102&Data"
                    + " type error&HL70357|OBX^3^5^1^1|102^Data type"
                    + " error^HL70357|E|number-expected^^L|||Wanted a number\\S\\ send 1 \\F\\ 2"
                    + " \\T\\ so on.",
                "2.6; |Wanted a number\\S\\ send 1 \\F\\ 2 \\T\\ so on.; ERR|OBX^3^5^102&Data type"
                    + " error&HL70357|OBX^3^5^1^1|102^Data type"
                    + " error^HL70357|E|number-expected^^L|||Wanted a number\\S\\ send 1 \\F\\ 2"
                    + " \\T\\ so on.",
                "2.7; ; ERR||OBX^3^5^1^1|102^Data type error^HL70357|E|number-expected^^L|||Wanted"
                        + " a number\\S\\ send 1 \\F\\ 2 \\T\\ so on.",
                "2.8; ; ERR||OBX^3^5^1^1|102^Data type error^HL70357|E|number-expected^^L|||Wanted"
                        + " a number\\S\\ send 1 \\F\\ 2 \\T\\ so on."
            })
    void aFaultIsToldAsTheVersionTellsIt(String version, String words, String err) {
        // A semicolon divides the table, so the fault's own is written \S\ there.
        var answer = answer(request(version), AckCode.AE, FAULT);

        assertThat(answer)
                .endsWith(
                        "⏎MSA|AE|47^11"
                                + (words == null ? "" : words).replace("\\S\\", ";")
                                + "⏎"
                                + err.replace("\\S\\", ";")
                                + "⏎");
    }

    @Test
    void everyFaultHasItsOwnErrFrom25AndItsOwnRepetitionBefore() {
        assertThat(answer(request("2.5.1"), AckCode.AE, FAULT, HELD).split("⏎")).hasSize(4);
        assertThat(answer(request("2.4"), AckCode.AE, FAULT, HELD))
                .endsWith(
                        "ERR|OBX^3^5^102&Data type error&HL70357~^^^204&Unknown key"
                                + " identifier&HL70357⏎");
    }

    @Test
    void aHeldMessageIsAcceptedWithAWarning() {
        assertThat(answer(request("2.5.1"), AckCode.AA, HELD))
                .contains("MSA|AA|47^11|Kept; a person decides.⏎ERR|")
                .contains("|204^Unknown key identifier^HL70357|W|patient-unknown^^L|||Kept");
        assertThat(answer(request("2.3"), AckCode.AA, HELD))
                .as("before 2.5 an ERR has no severity")
                .endsWith("MSA|AA|47^11|Kept; a person decides.⏎");
    }

    @Test
    void anErrorWithoutFaultsStillHasWords() {
        assertThat(answer(request("2.3"), AckCode.AE))
                .endsWith("MSA|AE|47^11|The message could not be processed.⏎");
    }

    @Test
    void noMoreErrorsAreToldThanTheLimit() {
        var faults = Collections.nCopies(1_000, FAULT).toArray(Fault[]::new);

        assertThat(answer(request("2.5.1"), AckCode.AE, faults).split("⏎ERR"))
                .hasSize(Limits.MAX_ERRORS_ANSWERED + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "MSH|^~\\&#|A|B|C|D|7||ORU^R01|1|P|2.5.1;"
                        + " MSH|^~\\&#|C|D|A|B|*||ACK^R01^ACK|c1|P|2.5.1⏎MSA|AA|1⏎",
                "MSH|^~&|A|B|C|D|7||ORU^R01|1|P|2.5.1;"
                        + " MSH|^~&|C|D|A|B|*||ACK^R01^ACK|c1|P|2.5.1⏎MSA|AA|1⏎",
                "MSH|^~\\&|A|B|C|D|7||ORU|1|P|2.5.1; MSH|^~\\&|C|D|A|B|*||ACK|c1|P|2.5.1⏎MSA|AA|1⏎",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P;"
                        + " MSH|^~\\&|C|D|A|B|*||ACK^R01^ACK|c1|P|2.5.1⏎MSA|AA|1⏎",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|P|abc;"
                        + " MSH|^~\\&|C|D|A|B|*||ACK^R01^ACK|c1|P|abc⏎MSA|AA|1⏎",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01||P|2.3;"
                        + " MSH|^~\\&|C|D|A|B|*||ACK^R01|c1|P|2.3⏎MSA|AA|⏎",
                "MSH||A|B|C|D|7||ORU^R01|1|P|2.3; MSH|^~\\&|C|D|A|B|*||ACK^R01|c1|P|2.3⏎MSA|AA|1⏎",
                "MSH|^~\\&; MSH|^~\\&|||||*||ACK|c1||2.5.1⏎MSA|AA|⏎",
                "MSH#*~\\&#A*x#B#C#D#7##ORU*R01#1#P#2.5.1;"
                        + " MSH#*~\\&#C#D#A*x#B#*##ACK*R01*ACK#c1#P#2.5.1⏎MSA#AA#1⏎",
                "MSH|^~\\&|A|B|C|D|7||ORU^R01|1|T^A|2.5.1|||AL|NE||8859/1~X;"
                        + " MSH|^~\\&|C|D|A|B|*||ACK^R01^ACK|c1|T^A|2.5.1||||||8859/1~X⏎MSA|AA|1⏎",
                "hello; MSH|^~\\&|||||*||ACK|c1|P|2.5.1⏎MSA|AA|⏎",
                "''; MSH|^~\\&|||||*||ACK|c1|P|2.5.1⏎MSA|AA|⏎"
            })
    void whateverComesGetsItsAnswer(String sent, String answer) {
        var got = answer(utf8(sent), AckCode.AA);

        assertThat(got.replaceFirst("20260701121112\\+0200", "*")).isEqualTo(answer);
    }

    @Test
    void delimitersInOurWordsBecomeBlanksWhereNothingEscapesThem() {
        var answer = answer(utf8("MSH|^~&|A|B|C|D|7||ORU^R01|1|P|2.5.1"), AckCode.AE, FAULT);

        assertThat(answer).contains("MSA|AE|1|Wanted a number; send 1   2   so on.⏎");
    }

    @Test
    void wordsStayOnOneLineInAsciiAndShort() {
        var fault =
                Fault.error(
                        null,
                        ErrorCode.INTERNAL,
                        "long",
                        "Line\r\nMSA|AA| “quoted” – ü " + "x".repeat(1_000));

        var answer = answer(request("2.5.1"), AckCode.AR, fault);

        assertThat(answer.split("⏎")).hasSize(3);
        assertThat(answer).contains("Line  MSA\\F\\AA\\F\\ \"quoted\" - ? xxx");
        assertThat(answer.length()).isLessThan(600);
    }

    @Test
    void theControlIdGoesBackByteByByte() {
        var sent = "MSH|^~\\&|A|B|C|D|7||ORU^R01| K\u00D6LN\\T\\1 |P|2.5.1";

        var answer =
                Acknowledgement.of(Samples.latin(sent), AckCode.AA, List.of(), "c1", NOW, ZONE);

        assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                .endsWith("MSA|AA| K\u00D6LN\\T\\1 \r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.8", "2.8.1"
            })
    void hapiReadsEveryAnswerAsWeMeantIt(String version) throws Exception {
        var text =
                new String(
                        Acknowledgement.of(
                                request(version),
                                AckCode.AE,
                                List.of(FAULT, HELD),
                                "c1",
                                NOW,
                                ZONE),
                        StandardCharsets.UTF_8);

        try (var generic = CorpusTests.hapi()) {
            expect(new Terser(generic.getPipeParser().parse(text)), version);
        }
        for (var model : new String[] {"2.5.1", "2.8.1"}) {
            try (var typed = typed(model)) {
                expect(new Terser(typed.getPipeParser().parse(text)), version);
            }
        }
    }

    private static void expect(Terser answer, String version) throws Exception {
        boolean old = version.compareTo("2.5") < 0;
        boolean latest = version.compareTo("2.7") >= 0;
        assertThat(answer.get("/MSH-3-1")).isEqualTo("EMR");
        assertThat(answer.get("/MSH-5-2")).isEqualTo("1.2");
        assertThat(answer.get("/MSH-9-1")).isEqualTo("ACK");
        assertThat(answer.get("/MSH-9-2")).isEqualTo("R01");
        assertThat(answer.get("/MSH-10")).isEqualTo("c1");
        assertThat(answer.get("/MSH-12")).isEqualTo(version);
        assertThat(answer.get("/MSA-1")).isEqualTo("AE");
        assertThat(answer.get("/MSA-2")).isEqualTo("47");
        assertThat(answer.get("/MSA-3")).isEqualTo(latest ? null : FAULT.text());
        assertThat(answer.get("/ERR-1-1")).isEqualTo(latest ? null : "OBX");
        assertThat(answer.get("/ERR-1-4-2")).isEqualTo(latest ? null : "Data type error");
        assertThat(answer.get("/ERR-2-3")).isEqualTo(old ? null : "5");
        assertThat(answer.get("/ERR-3-1")).isEqualTo(old ? null : "102");
        assertThat(answer.get("/ERR-4")).isEqualTo(old ? null : "E");
        assertThat(answer.get("/ERR-8")).isEqualTo(old ? null : FAULT.text());
    }

    private static DefaultHapiContext typed(String model) {
        return new DefaultHapiContext(
                new ParserConfiguration(),
                ValidationContextFactory.noValidation(),
                new ca.uhn.hl7v2.parser.CanonicalModelClassFactory(model));
    }

    private static byte[] request(String version) {
        return utf8(
                "MSH|^~\\&|LIS^1.2^ISO|NORTHLAB|EMR|CLINIC|20260701||ORU^R01^ORU_R01|47^11|P|"
                        + version
                        + "\rPID|1\r");
    }

    private static String answer(byte[] request, AckCode code, Fault... faults) {
        return new String(
                        Acknowledgement.of(request, code, List.of(faults), "c1", NOW, ZONE),
                        StandardCharsets.UTF_8)
                .replace('\r', '⏎');
    }
}
