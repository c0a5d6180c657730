package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.hl7.Samples.MSH;
import static org.chartbridge.hl7.Samples.message;
import static org.chartbridge.hl7.Samples.reasons;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** HL7-RULES §3: what MSH-18 says, what the bytes say, and what is remarked. */
class CharacterSetTests {
    private static final String KANJI = "\u6F22\u5B57\u30C6\u30B9\u30C8";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "8859/1; ISO-8859-1; -",
                "8859/2; ISO-8859-2; -",
                "8859/15; ISO-8859-15; -",
                "UNICODE UTF-8; UTF-8; -",
                "~8859/1; ISO-8859-1; -",
                "8859-1; ISO-8859-1; I charset-misspelt",
                "ISO-8859-1; ISO-8859-1; I charset-misspelt",
                "ISO8859_1; ISO-8859-1; I charset-misspelt",
                "UTF-8; UTF-8; I charset-misspelt",
                "utf8; UTF-8; I charset-misspelt",
                "Windows-1252; windows-1252; I charset-misspelt",
                "''; UTF-8; I charset-not-declared",
                "KLINGON; UTF-8; W charset-unknown"
            })
    void theDeclaredCharacterSetIsUsed(String declared, String charset, String remark) {
        var raw = pid("Müller", declared).getBytes(Charset.forName(charset));

        var message = message(raw);

        assertThat(message.value("PID-5.1")).isEqualTo("Müller");
        assertThat(message.charset().name()).isEqualTo(charset);
        if (remark == null) assertThat(message.remarks()).isEmpty();
        else assertThat(reasons(message)).containsExactly(remark);
    }

    /** HL7-RULES §3 ⚠: flagged at its place, shown as the bytes it came in, never as `?`. */
    @ParameterizedTest
    @ValueSource(strings = {"PID-5.1", "OBX-3.2", "OBX-5", "OBX-6.1", "OBX-7"})
    void whatIsNoTextInANameOrAResultIsFlagged(String place) {
        var text =
                MSH
                        + "||||||UNICODE UTF-8\rPID|1||77||PID-5.1^Anna\r"
                        + "OBX|1|ST|K^OBX-3.2||OBX-5|OBX-6.1^x|OBX-7|||||F\r";
        var raw = text.replace(place, "\u00B5mol").getBytes(StandardCharsets.ISO_8859_1);

        var message = message(raw);

        assertThat(message.value(place)).isEqualTo("\\XB5\\mol");
        assertThat(reasons(message)).containsExactly("W undecodable-bytes");
        assertThat(message.remarks().getFirst().location())
                .hasToString(place.replaceFirst("-", "[1]-"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "8859/1; UTF-8; Müller",
                "ASCII; UTF-8; Müller",
                "8859/1; windows-1252; Müller \u2019 \u20AC"
            })
    void bytesThatContradictTheDeclarationAreReadAsTheyAreAndFlagged(
            String declared, String really, String name) {
        var message = message(pid(name, declared).getBytes(Charset.forName(really)));

        assertThat(message.value("PID-5.1")).isEqualTo(name);
        assertThat(message.charset().name()).isEqualTo(really);
        assertThat(reasons(message)).containsExactly("W charset-contradicted");
    }

    @Test
    void latinBytesWithoutADeclarationAreNotGuessedAt() {
        var raw = pid("Müller", "").getBytes(StandardCharsets.ISO_8859_1);

        var message = message(raw);

        assertThat(message.value("PID-5.1")).isEqualTo("M\\XFC\\ller");
        assertThat(reasons(message))
                .containsExactly("I charset-not-declared", "W undecodable-bytes");
        assertThat(message.remarks().getLast().location()).hasToString("PID[1]-5.1");
        assertThat(message(raw, StandardCharsets.ISO_8859_1).value("PID-5.1")).isEqualTo("Müller");
    }

    @ParameterizedTest
    @CsvSource({
        "~ISO IR87, ISO-2022-JP",
        "ISO IR87, ISO-2022-JP",
        "~ISO IR14~ISO IR87, ISO-2022-JP",
        "SHIFT_JIS, windows-31j",
        "GB 18030-2000, GB18030",
        "BIG-5, Big5",
        "EUC-JP, EUC-JP"
    })
    void delimiterBytesInsideCharactersCutNothing(String declared, String charset) {
        // Among these are characters whose second byte is | ^ ~ \ or & in one of the encodings.
        var name =
                charset.equals("Big5") ? "\u529F\u8A31\u6F22\u5B57" : KANJI + "\u8868\u30BD\u6307";
        var raw = (pid(name, declared) + "OBX|1|ST|K||here|F\r").getBytes(Charset.forName(charset));

        var message = message(raw);

        assertThat(message.value("PID-5.1")).isEqualTo(name);
        assertThat(message.value("OBX-5")).isEqualTo("here");
        var range = message.rawRange(Location.parse("OBX-5")).orElseThrow();
        assertThat(
                        new String(
                                raw,
                                range.start(),
                                range.end() - range.start(),
                                StandardCharsets.US_ASCII))
                .isEqualTo("here");
        assertThat(message.line("PID", 1).orElseThrow().end())
                .isEqualTo(message.line("OBX", 1).orElseThrow().start() - 1);
    }

    @ParameterizedTest
    @CsvSource({"UTF-16BE", "UTF-16LE", "UTF-16"})
    void utf16IsReadAndAnsweredAsUtf16(String name) {
        var charset = Charset.forName(name);
        var raw = pid("Müller " + KANJI, "UNICODE UTF-16").getBytes(charset);

        var message = message(raw);
        var answer =
                Acknowledgement.of(
                        raw,
                        AckCode.AA,
                        java.util.List.of(),
                        "c1",
                        java.time.Instant.EPOCH,
                        java.time.ZoneOffset.UTC);

        assertThat(message.value("PID-5.1")).isEqualTo("Müller " + KANJI);
        assertThat(new String(answer, charset)).contains("MSA|AA|4711\r");
        var range = message.rawRange(Location.parse("PID-5.2")).orElseThrow();
        assertThat(new String(raw, range.start(), range.end() - range.start(), message.charset()))
                .isEqualTo("Anna");
    }

    @Test
    void undecodableJapaneseIsAnErrorNotAQuestionMark() {
        var raw = Samples.latin(pid("\u001B$B\u00FF\u00FF\u001B(B", "~ISO IR87"));

        var message = message(raw);

        assertThat(reasons(message)).contains("E undecodable-bytes");
        assertThat(message.value("PID-5.1")).doesNotContain("?").doesNotContain("\uFFFD");
    }

    private static String pid(String name, String declared) {
        return MSH + "||||||" + declared + "\rPID|1||77||" + name + "^Anna\r";
    }
}
