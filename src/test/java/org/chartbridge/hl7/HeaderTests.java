package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.hl7.Samples.MSH;
import static org.chartbridge.hl7.Samples.utf8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class HeaderTests {
    @Test
    void everythingInMshIsRead() {
        var header =
                Header.read(utf8(MSH + "|||AL|NE||8859/1~UNICODE UTF-8|||PROFILE\rPID|1"))
                        .orElseThrow();

        assertThat(header.sendingApplication()).isEqualTo(new Hd("LIS", "", ""));
        assertThat(header.sendingFacility()).isEqualTo(new Hd("NORTHLAB", "1.2.3", "ISO"));
        assertThat(header.receivingApplication().namespace()).isEqualTo("EMR");
        assertThat(header.receivingFacility().namespace()).isEqualTo("CLINIC");
        assertThat(header.messageTime()).isEqualTo("20260101120000+0100");
        assertThat(header.messageCode()).isEqualTo("ORU");
        assertThat(header.triggerEvent()).isEqualTo("R01");
        assertThat(header.structure()).isEqualTo("ORU_R01");
        assertThat(header.controlId()).isEqualTo("4711");
        assertThat(header.processingId()).isEqualTo("P");
        assertThat(header.version()).isEqualTo("2.5.1");
        assertThat(header.acceptAck()).isEqualTo("AL");
        assertThat(header.applicationAck()).isEqualTo("NE");
        assertThat(header.charsets()).containsExactly("8859/1", "UNICODE UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MSH|", "MSH|^~\\&", "MSH|^~\\&|", "MSH|^~\\&|A", "MSH||A|B", "MSH|^"})
    void aShortHeaderHasEmptyRest(String sent) {
        var header = Header.read(utf8(sent)).orElseThrow();

        assertThat(header.controlId()).isEmpty();
        assertThat(header.version()).isEmpty();
        assertThat(header.sendingFacility().universalId()).isEmpty();
        assertThat(header.charsets()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "M",
                "MSH",
                "msh|^~\\&|",
                "MSH ^~\\&",
                "PID|1\rMSH|^~\\&|A",
                "MSH\r|^~\\&"
            })
    void withoutMshThereIsNoHeader(String sent) {
        assertThat(Header.read(utf8(sent))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '%',
            value = {
                "^~\\& ^ ~ \\ &",
                "^~\\&# ^ ~ \\ &",
                "^~& ^ ~ - &",
                "^~\\ ^ ~ \\ -",
                "^~ ^ ~ - -",
                "^ ^ - - -",
                "$*!@ $ * ! @"
            })
    void mshTwoOfAnyLengthIsUnderstood(
            String sent, String component, String repetition, String escape, String sub) {
        var delimiters = Header.read(utf8("MSH|" + sent + "|LIS")).orElseThrow().delimiters();

        assertThat(shown(delimiters.component())).isEqualTo(component);
        assertThat(shown(delimiters.repetition())).isEqualTo(repetition);
        assertThat(shown(delimiters.escape())).isEqualTo(escape);
        assertThat(shown(delimiters.subcomponent())).isEqualTo(sub);
        assertThat(delimiters.hasEscape()).isEqualTo(!escape.equals("-"));
        assertThat(delimiters.truncation() == '#').isEqualTo(sent.length() == 5);
    }

    private static String shown(char c) {
        return c == Delimiters.NONE ? "-" : String.valueOf(c);
    }

    @Test
    void aNameBeyondAsciiIsReadInEitherWay() {
        var sent = "MSH|^~\\&|LABOR KÖLN|";

        assertThat(Header.read(utf8(sent)).orElseThrow().sendingApplication().namespace())
                .isEqualTo("LABOR KÖLN");
        assertThat(
                        Header.read(sent.getBytes(StandardCharsets.ISO_8859_1))
                                .orElseThrow()
                                .sendingApplication()
                                .namespace())
                .isEqualTo("LABOR KÖLN");
    }

    @Test
    void theHeaderOfABatchIsThatOfItsFirstMessage() {
        var header = Header.read(utf8("FHS|^~\\&|X\rBHS|^~\\&|Y\r" + MSH + "\rPID|1"));

        assertThat(header.orElseThrow().controlId()).isEqualTo("4711");
    }

    @Test
    void nothingOfThePatientIsPrinted() {
        assertThat(Samples.message(Samples.RESULT).toString())
                .doesNotContain("Testfrau")
                .doesNotContain("4711");
    }
}
