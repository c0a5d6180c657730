package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.Step.Begun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is changed in a header by its bytes. */
class HeaderFieldTests {

    @ParameterizedTest
    @CsvSource({
        "A,                       A-7000000",
        "12345678901234567890,    901234567890-7000000",
        "1234567890123456789^AB,  123456789AB-7000000"
    })
    void anOwnControlIdHasTheEndOfTheOneThatCame(String sent, String own) {
        var content = message(sent);

        var made = ControlIds.own(begun(content)).orElseThrow().made();

        assertThat(new String(made.content(), ISO_8859_1))
                .isEqualTo(new String(content, ISO_8859_1).replace(sent, own));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "MSH", "MSH|^~\\&|A", "PID|1", "\nMSH|^~\\&|A|B|C|D|2026||ORU|M1|P"})
    void whereThereIsNoSuchFieldNothingIsChanged(String content) {
        assertThat(ControlIds.own(begun(content.getBytes(ISO_8859_1)))).isEmpty();
    }

    @Test
    void theLastFieldEndsWithItsLine() {
        var message = "MSH|^~\\&|A|B|C|D|2026||ORU|M1\rPID|1".getBytes(ISO_8859_1);

        var field = HeaderField.of(message, 10).orElseThrow();

        assertThat(new String(field.replaced(message, new byte[0]), ISO_8859_1))
                .isEqualTo("MSH|^~\\&|A|B|C|D|2026||ORU|\rPID|1");
    }

    private static byte[] message(String id) {
        return ("MSH|^~\\&|L\u00e4B|\u00a7|C|D|2026||ORU^R01|" + id + "|P|2.5.1\rPID|1||\u00e9")
                .getBytes(ISO_8859_1);
    }

    private static Begun begun(byte[] content) {
        var letter = new Letter(7_000_000, 1, 1, "lab", content, false, 0, null, false);
        return new Begun(letter, 1, new Made.Ready(Endpoint.mllp("127.0.0.1", 1), content));
    }
}
