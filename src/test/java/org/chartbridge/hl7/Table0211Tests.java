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

/** HL7-RULES §3: every character set of table 0211, each with a name that only it can write. */
class Table0211Tests {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ASCII           ; US-ASCII    ; Mueller
                    ISO IR6         ; US-ASCII    ; Mueller
                    8859/1          ; ISO-8859-1  ; Müller Ñandú
                    8859/2          ; ISO-8859-2  ; Dvořák Łukasz
                    8859/3          ; ISO-8859-3  ; Ħaż-Żebbuġ
                    8859/4          ; ISO-8859-4  ; Ķēniņš Ūdris
                    8859/5          ; ISO-8859-5  ; Иванова Щука
                    8859/6          ; ISO-8859-6  ; محمد
                    8859/7          ; ISO-8859-7  ; Παπαδόπουλος
                    8859/8          ; ISO-8859-8  ; כהן
                    8859/9          ; ISO-8859-9  ; Şahinoğlu İpek
                    8859/15         ; ISO-8859-15 ; Žižek Œuvre €
                    UNICODE         ; UTF-8       ; Müller Иванова 山田
                    UNICODE UTF-8   ; UTF-8       ; Müller Иванова 山田
                    GB 18030-2000   ; GB18030     ; 张伟 龍 䶮
                    KS X 1001       ; EUC-KR      ; 김민수
                    CNS 11643-1992  ; x-EUC-TW    ; 陳大文
                    BIG-5           ; Big5        ; 功許蓋
                    ISO IR87        ; ISO-2022-JP ; 山田 ソ表能
                    ~ISO IR87       ; ISO-2022-JP ; 山田 ソ表能
                    JIS X 0202      ; ISO-2022-JP ; 山田 ソ表能
                    JAS2020         ; ISO-2022-JP ; 山田 ソ表能
                    """)
    void aNameOfEachCharacterSetIsReadAndItsDelimitersAreNotInIt(
            String declared, String charset, String name) {
        var raw = (pid(name, declared) + "OBX|1|ST|K||here|F\r").getBytes(Charset.forName(charset));

        var message = message(raw);

        assertThat(message.value("PID-5.1")).isEqualTo(name);
        assertThat(message.value("PID-5.2")).isEqualTo("Anna");
        assertThat(message.value("OBX-5")).isEqualTo("here");
        assertThat(message.remarks()).isEmpty();
    }

    /** JIS X 0212 and half-width katakana are switched to by escapes of their own. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ~ISO IR159         ; $(D ; 3021 ; 丂
                    ~ISO IR87~ISO IR159; $(D ; 3021 ; 丂
                    ~ISO IR14          ; (I  ; 31   ; ｱ
                    ISO IR14~ISO IR87  ; (I  ; 31   ; ｱ
                    """)
    void theRarerJapaneseSetsAreRead(String declared, String escape, String hex, String text) {
        var raw = new ByteArrayOutputStream();
        var parts = pid("@", declared).split("@", 2);
        raw.writeBytes(parts[0].getBytes(StandardCharsets.US_ASCII));
        raw.write(0x1B);
        raw.writeBytes(escape.strip().getBytes(StandardCharsets.US_ASCII));
        raw.writeBytes(java.util.HexFormat.of().parseHex(hex.strip()));
        raw.writeBytes("\u001B(B".getBytes(StandardCharsets.US_ASCII));
        raw.writeBytes(parts[1].getBytes(StandardCharsets.US_ASCII));

        var message = message(raw.toByteArray());

        assertThat(message.value("PID-5.1")).isEqualTo(text);
        assertThat(message.value("PID-5.2")).isEqualTo("Anna");
    }

    /** A name of the table that no reader here knows is flagged, never guessed at ⚠. */
    @Test
    void utf32IsFlagged() {
        var message = message(Samples.utf8(pid("Müller", "UNICODE UTF-32")));

        assertThat(reasons(message)).containsExactly("W charset-unknown");
    }

    /**
     * A line that a sender breaks without switching back to ASCII ends that switch (std 2.14.9).
     */
    @Test
    void eachSegmentBeginsInAscii() {
        var raw =
                Samples.latin(
                        pid("\u001B$B;3ED", "~ISO IR87").replace("^Anna", "")
                                + "OBX|1|ST|K||here|F\r");

        var message = message(raw);

        assertThat(message.value("OBX-5")).isEqualTo("here");
    }

    private static String pid(String name, String declared) {
        return MSH + "||||||" + declared + "\rPID|1||77||" + name + "^Anna\r";
    }
}
