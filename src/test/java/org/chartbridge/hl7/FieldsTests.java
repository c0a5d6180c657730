package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class FieldsTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MSH|^~\\&|A|B\rOBX|1|ST|a^b&c&^d~e~~f^|\"\"|x\\T\\y\\.br\\z||^|~|&",
                "MSH|^~|A|B\rOBX|1|a^b&c~d\\T\\",
                "MSH|^|A|B\rOBX|1|a^b&c~d",
                "MSH$*+@!$A\rOBX$1$a*b!c+d@T@",
                "MSH|^~\\&|A|B\rOBX\rNTE|\rZZZ||||\rPID|é^ü\\XC3A9\\",
            })
    void readsTheSameAsTheMessage(String text) {
        var message = read(text);

        for (var line : message.lines().subList(1, message.lines().size())) {
            var fields = message.cut(line);
            assertThat(fields.count()).isEqualTo(message.fields(line));
            for (int f = 0; f < 12; f++) {
                assertThat(fields.repetitions(f)).isEqualTo(message.repetitions(line, f));
                for (int r = 1; r < 5; r++)
                    for (int c = 0; c < 5; c++)
                        for (int s = 0; s < 5; s++)
                            assertThat(fields.value(f, r, c, s))
                                    .as(line.segment() + " " + f + " " + r + " " + c + " " + s)
                                    .isEqualTo(message.value(line, f, r, c, s));
            }
        }
    }

    @Test
    void theHeaderIsNotCutBecauseItsFirstFieldsAreNoValues() {
        var message = read("MSH|^~\\&|A|B");

        assertThatThrownBy(() -> message.cut(message.lines().getFirst()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Message read(String text) {
        return switch (Message.read(
                text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)) {
            case Reading.Readable(var message) -> message;
            case Reading.Unreadable(var fault) -> throw new IllegalArgumentException(fault.text());
        };
    }
}
