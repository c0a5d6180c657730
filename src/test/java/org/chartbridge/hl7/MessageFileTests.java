package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.hl7.Samples.utf8;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

class MessageFileTests {
    /**
     * In the tables / stands for a carriage return, $ for a line feed, &lt; and &gt; for frame
     * bytes.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "MSH|1/PID|1; MSH|1/PID|1",
                "MSH|1/PID|1/MSH|2/PID|2/; MSH|1/PID|1 + MSH|2/PID|2",
                "MSH|1$PID|1$$MSH|2$; MSH|1$PID|1 + MSH|2",
                "<MSH|1/PID|1/>/<MSH|2/>/; MSH|1/PID|1 + MSH|2",
                "FHS|/BHS|/MSH|1/PID|1/MSH|2/BTS|2/FTS|1; MSH|1/PID|1 + MSH|2",
                "BHS|/MSH|1/torn line/BTS|; MSH|1/torn line",
                "hello; hello",
                "FHS|/BTS|; FHS|/BTS|"
            })
    void aFileIsCutIntoItsMessages(String file, String messages) {
        var split = MessageFile.split(utf8(bytes(file)));

        assertThat(
                        split.stream()
                                .map(m -> new String(m, StandardCharsets.UTF_8))
                                .collect(Collectors.joining(" + ")))
                .isEqualTo(bytes(messages));
    }

    private static String bytes(String text) {
        return text.replace('/', '\r')
                .replace('$', '\n')
                .replace('<', '\u000B')
                .replace('>', '\u001C');
    }
}
