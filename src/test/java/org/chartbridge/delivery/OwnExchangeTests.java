package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.delivery.Outboxes.Made;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** What the message that came asked us to answer is not asked of who gets it. */
class OwnExchangeTests {
    private static final String MSH = "MSH|^~\\&|LIS|LAB|CB|C|20261122||ORU^R01|1|P|2.5.1|||";
    private static final String REST = "\rPID|1||4711\rOBX|1|NM|1||1||||||F|||AL|NE\r";

    /** ⚠ With NE/NE it would count as accepted once it is written, with AL an AE would be lost. */
    @ParameterizedTest(name = "{0} goes on as {1}")
    @CsvSource({
        "NE|NE, |",
        "AL|NE, |",
        "|AL, |",
        "ER|SU|USA|8859/1, ||USA|8859/1",
        "'', ''",
        "|, |",
    })
    void whatItAsksForAsItCameIsTakenOut(String asked, String wanted) {
        assertThat(sent(MSH + asked + REST, body -> body)).isEqualTo(MSH + wanted + REST);
    }

    @Test
    void whatTheOutboxSetsStaysAlsoWhereItIsTheSame() {
        assertThat(sent(MSH + "NE|NE" + REST, body -> body.replace("2.5.1|||", "2.5.1|||NE|NE")))
                .startsWith(MSH + "NE|NE");
    }

    @Test
    void whatWasSetBeforeItWasStagedStays() {
        var received = MSH + "NE|AL" + REST;
        var edited = MSH + "AL|AL" + REST;

        assertThat(begun(edited, received)).isEqualTo(MSH + "AL|" + REST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MSH",
                "MSH|",
                "PID|1||||||||||||||NE|NE",
                "MSH|^~\\&\rZZZ|||||||||||||||NE"
            })
    void whatHasNoSuchFieldsStaysAsItIs(String text) {
        assertThat(begun(text, text)).isEqualTo(text);
    }

    @Test
    void anotherSeparatorIsReadAlike() {
        var received = (MSH + "AL|NE" + REST).replace('|', '!');

        assertThat(begun(received, received)).isEqualTo((MSH + "|" + REST).replace('|', '!'));
    }

    @Test
    void aFileStaysAsItIs() {
        var folder = Endpoint.parse("file:" + Path.of("/tmp/out"));
        var body = (MSH + "NE|NE" + REST).getBytes(UTF_8);

        var made = OwnExchange.made(body, its -> new Made.Ready(folder, its));

        assertThat(made)
                .isInstanceOfSatisfying(
                        Made.Ready.class, ready -> assertThat(ready.content()).isEqualTo(body));
    }

    private static String begun(String message, String received) {
        return new String(
                OwnExchange.begun(message.getBytes(UTF_8), received.getBytes(UTF_8)), UTF_8);
    }

    private static String sent(String received, UnaryOperator<String> edits) {
        var made =
                OwnExchange.made(
                        received.getBytes(UTF_8),
                        its ->
                                new Made.Ready(
                                        Endpoint.mllp("127.0.0.1", 1),
                                        edits.apply(new String(its, UTF_8)).getBytes(UTF_8)));
        return new String(((Made.Ready) made).content(), UTF_8);
    }
}
