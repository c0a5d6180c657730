package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.hl7.Samples.MSH;
import static org.chartbridge.hl7.Samples.message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Escapes, by HL7-RULES §3 (std 2.7). In the tables ↵ stands for a line feed. */
class TextTests {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "\\F\\; |",
                "\\S\\; ^",
                "\\T\\; &",
                "\\R\\; ~",
                "\\E\\; \\",
                "\\P\\; #",
                "a\\T\\b\\T\\c; a&b&c",
                "\\XC3BC\\; ü",
                "\\XC3\\\\XBC\\; ü",
                "\\X41\\; A",
                "\\x41\\; \\x41\\",
                "\\X4\\; \\X4\\",
                "\\XGG\\; \\XGG\\",
                "\\X\\; \\X\\",
                "one\\.br\\two; one↵two",
                "one\\.sp2\\two; one↵↵two",
                "one\\.BR\\two\\.Br\\; one↵two↵",
                "one\\.SP3\\two; one↵↵↵two",
                "a\\.SK3\\b\\.CE\\c; a   b↵c",
                "\\.IN+4\\a\\.BRX\\; a\\.BRX\\",
                "one\\.sp\\two; one↵two",
                "one\\.sp+1\\two; one↵two",
                "a\\.sk3\\b; a   b",
                "\\.in+4\\a\\.ti-2\\b; ab",
                "\\.ce\\title; ↵title",
                "\\.fi\\a\\.nf\\; a",
                "\\.qq\\; \\.qq\\",
                "\\.brx\\; \\.brx\\",
                "\\H\\high\\N\\; high",
                "\\Z1\\; \\Z1\\",
                "\\Q\\; \\Q\\",
                "C:\\temp; C:\\temp",
                "C:\\temp\\file; C:\\temp\\file",
                "a\\b\\T\\c; a\\b&c",
                "\\; \\",
                "\\\\; \\\\",
                "\\\\\\; \\\\\\",
                "end\\T; end\\T",
                "a & b; a & b"
            })
    void anEscapeIsDecodedAndAnythingElseStays(String sent, String text) {
        var message = message(MSH + "\rOBX|1|ST|K||" + sent + "|u\r");

        assertThat(message.value("OBX-5")).isEqualTo(text.replace('↵', '\n'));
        assertThat(message.value("OBX-6")).isEqualTo("u");
    }

    /** HL7-RULES §3: alternates (std 2.7.3), for the value they stand in and no further. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '=',
            value = {
                "Papas \\C2D46\\@D0E1F0@\\C2842\\ P= Papas Παπ P",
                "\\C2D4C\\@B8D2D0@= Ива",
                "\\C2949\\@CBDE@= ﾋﾞ",
                "\\M2442\\;3ED\\C2842\\!= 山田!",
                "\\M2442\\;3ED= 山田",
                "\\M2442\\;3E= ;3E",
                "\\M242844\\0!= 丂",
                "\\C2D46\\@E1@\\T\\b= α&b",
                "\\C9999\\a= \\C9999\\a",
                "\\C2D46= \\C2D46"
            })
    void anEscapeThatNamesACharacterSetSwitchesToIt(String sent, String text) {
        var raw = new java.io.ByteArrayOutputStream();
        var parts = (MSH + "||||||||8859/1\rOBX|1|ST|K||" + sent + "|u\r").split("@", -1);
        for (int i = 0; i < parts.length; i++)
            raw.writeBytes(
                    i % 2 == 1
                            ? java.util.HexFormat.of().parseHex(parts[i])
                            : parts[i].getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

        var message = message(raw.toByteArray());

        assertThat(message.value("OBX-5")).isEqualTo(text);
        assertThat(message.value("OBX-6")).isEqualTo("u");
    }

    @Test
    void withoutAnEscapeCharacterABackslashIsText() {
        var message = message(MSH.replace("^~\\&", "^~&") + "\rOBX|1|ST|K||a\\F\\b\r");

        assertThat(message.value("OBX-5")).isEqualTo("a\\F\\b");
    }

    @Test
    void theFifthDelimiterIsWhatTruncationMeans() {
        var message = message(MSH.replace("^~\\&", "^~\\&@") + "\rOBX|1|ST|K||a\\P\\\r");

        assertThat(message.value("OBX-5")).isEqualTo("a@");
    }

    @Test
    void hexIsInTheMessagesOwnCharacterSet() {
        var message = message(MSH + "||||||8859/1\rOBX|1|ST|K||\\XE4\\\r");

        assertThat(message.value("OBX-5")).isEqualTo("ä");
        assertThat(message.remarks()).isEmpty();
    }

    @Test
    void aMillionBackslashesAreReadInOneGo() {
        var message = message(MSH + "\rOBX|1|ST|K||" + "\\".repeat(1_000_000) + "|u\r");

        assertThat(message.value("OBX-5")).hasSize(1_000_000);
    }
}
