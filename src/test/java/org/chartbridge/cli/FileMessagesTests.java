package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;

/** What {@code send} makes of a file; every byte of a message stays as it is. */
class FileMessagesTests {
    private static final String ONE = "MSH|^~\\&|LIS\rPID|1\rOBX|1|TX|||caf\u00E9\r";
    private static final String TWO = "MSH|^~\\&|LIS2\rPID|2\r";

    @Test
    void aFileWithOneMessageIsSentByteByByte() {
        assertThat(messages(ONE)).containsExactly(ONE);
        assertThat(messages(ONE.replace('\r', '\n'))).containsExactly(ONE.replace('\r', '\n'));
        assertThat(messages(ONE.replace("\r", "\r\n"))).containsExactly(ONE.replace("\r", "\r\n"));
    }

    @Test
    void eachMshAtTheStartOfALineBeginsAMessage() {
        assertThat(messages(ONE + TWO)).containsExactly(ONE, TWO);
        assertThat(messages(ONE + "\r\n\r\n" + TWO)).containsExactly(ONE + "\r\n\r\n", TWO);
    }

    @Test
    void mshInsideALineOrAWordBeginsNothing() {
        var text = "MSH|^~\\&|A\rNTE|1||see MSH|3\rMSHX|1\r";

        assertThat(messages(text)).containsExactly(text);
    }

    @Test
    void framingBytesAreLeftOutWhereverTheyStand() {
        assertThat(messages("\u000B" + ONE + "\u001C\r\u000B" + TWO + "\u001C\r"))
                .containsExactly(ONE, TWO);
        assertThat(messages("\u000BMSH|^~\\&|A\u001C\r\u000BMSH|^~\\&|B\u001C"))
                .containsExactly("MSH|^~\\&|A", "MSH|^~\\&|B");
        assertThat(messages("MSH|^~\\&|A\rNTE|1||a\u000Bb\r"))
                .containsExactly("MSH|^~\\&|A\rNTE|1||ab\r");
    }

    @Test
    void aBatchIsCutIntoItsMessagesAndSaysWhatWasLeftOut() {
        var batch =
                "FHS|^~\\&\rBHS|^~\\&\r" + ONE + TWO + "BTS|2\rBHS|^~\\&\r" + ONE + "BTS|1\rFTS|2";

        var found = FileMessages.in(batch.getBytes(ISO_8859_1));

        assertThat(messages(batch)).containsExactly(ONE, TWO, ONE);
        assertThat(found.leftOut()).containsExactly("2 BHS", "2 BTS", "FHS", "FTS");
    }

    @Test
    void anEmptyBatchIsNoMessage() {
        assertThat(messages("BHS|^~\\&\rBTS|0\r")).isEmpty();
    }

    @Test
    void whatStandsBeforeTheFirstMshIsLeftOutAndSaid() {
        var found = FileMessages.in(("From: lab\n\n" + ONE).getBytes(ISO_8859_1));

        assertThat(found.messages()).containsExactly(ONE.getBytes(ISO_8859_1));
        assertThat(found.leftOut()).containsExactly("line before MSH");
    }

    @Test
    void aByteOrderMarkGoesOutWithTheMessageItStandsBefore() {
        assertThat(messages("\u00EF\u00BB\u00BF" + ONE + TWO))
                .containsExactly("\u00EF\u00BB\u00BF" + ONE, TWO);
    }

    @Test
    void aFileWithoutMshIsSentAsItIs() {
        assertThat(messages("GET / HTTP/1.1\r\n\r\n")).containsExactly("GET / HTTP/1.1\r\n\r\n");
        assertThat(messages("\u000Bnot HL7\u001C\r")).containsExactly("not HL7");
        assertThat(messages("MSH")).containsExactly("MSH");
    }

    @Test
    void anEmptyFileHoldsNothing() {
        assertThat(messages("")).isEmpty();
        assertThat(messages(" \r\n")).isEmpty();
    }

    private static String[] messages(String file) {
        return FileMessages.in(file.getBytes(ISO_8859_1)).messages().stream()
                .map(bytes -> new String(bytes, ISO_8859_1))
                .toArray(String[]::new);
    }
}
