package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

class RawTextTests {

    @Test
    void everySegmentIsALineAndItsEndIsShown() {
        var text = of("MSH|a\rPID|b\r\nOBX|c\nlast");

        assertThat(text.lines()).extracting(RawText.Line::end).containsExactly("⏎", "⏎↵", "↵", "");
        assertThat(text.lines()).extracting(RawText.Line::number).containsExactly(1, 2, 3, 4);
    }

    @Test
    void whatDoesNotPrintIsMarked() {
        assertThat(odd(of("a\u0000b\u000bc\u001b"))).isEqualTo("00 0B 1B");
        assertThat(odd(of("abc\u202etxt\u200b\ufeff"))).isEqualTo("U+202E U+200B U+FEFF");
    }

    @Test
    void bytesThatAreNotInTheCharacterSetAreMarked() {
        var text = RawText.of(new byte[] {'a', (byte) 0xE4, 'b'}, StandardCharsets.UTF_8);

        assertThat(odd(text)).isEqualTo("�?");
    }

    @Test
    void aPdfInALineIsCutAndSaidToBe() {
        var text = of("OBX|" + "A".repeat(50_000) + "\rOBX|2");

        assertThat(text.lines()).hasSize(2);
        assertThat(text.cut()).isEqualTo(50_004 - RawText.MAX_LINE);
        assertThat(odd(text)).isEqualTo("… 46004 more characters");
    }

    @Test
    void ofAHugeMessageTheBeginningIsShown() {
        var text = of("Z|\r".repeat(1_000_000));

        assertThat(text.lines().size()).isLessThan(RawText.MAX_CHARACTERS);
        assertThat(text.cut()).isPositive();
    }

    @Test
    void nothingIsNoFault() {
        assertThat(of("").lines()).isEmpty();
        assertThat(of("\r").lines()).hasSize(1);
    }

    private static RawText of(String text) {
        return RawText.of(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String odd(RawText text) {
        return text.lines().stream()
                .flatMap(line -> line.pieces().stream())
                .filter(RawText.Piece::odd)
                .map(RawText.Piece::text)
                .collect(Collectors.joining(" "));
    }
}
