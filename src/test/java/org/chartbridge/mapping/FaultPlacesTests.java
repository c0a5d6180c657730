package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Faults are told where they are (ERR-2, std 2.15.5.2): the component, where the field was sent as
 * more than one, and the repetition, where there are several.
 */
class FaultPlacesTests {
    private static final String LONG = "9".repeat(Reader.MAX_KEY_CHARACTERS + 1);
    private static final String LONG_NAME = "N".repeat(Reader.MAX_NAME_CHARACTERS + 1);

    private static final String RESULT =
            """
            MSH|^~\\&|LIS|NORTHLAB|CHARTBRIDGE|CLINIC|20261103080000||ORU^R01^ORU_R01|C1|P|2.5.1
            PID|1||NL-1^^^NORTHLAB^MR||EXEMPLAR^Olive||19710412|F
            OBR|1||NL-A^LAB|51990-0^Panel^LN|||20261103070000|||||||||||||||20261103075500|||F
            OBX|1|NM|2345-7^Glucose^LN||95|mg/dL|||||F
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "NL-1^^^NORTHLAB^MR; ^^^NORTHLAB^MR; PID[1]-3.1 101 patient-identifier-missing",
                "NL-1^^^NORTHLAB^MR; ''; PID[1]-3 101 patient-identifier-missing",
                "NL-1^^^NORTHLAB^MR; LONG; PID[1]-3 102 value-too-long",
                "NL-1^^^NORTHLAB^MR; LONG^^^NORTHLAB^MR; PID[1]-3.1 102 value-too-long",
                "NL-1^^^NORTHLAB^MR; NL-1^^^LONG^MR; PID[1]-3.4 102 value-too-long",
                "NL-1^^^NORTHLAB^MR; NL-1~7^^^A^LONG; PID[1]-3[2].5 102 value-too-long",
                "EXEMPLAR^Olive; NAME^Olive; PID[1]-5.1 102 value-too-long",
                "EXEMPLAR^Olive; EXEMPLAR^NAME; PID[1]-5.2 102 value-too-long",
                "EXEMPLAR^Olive; X^Y^^^^^D~EXEMPLAR^NAME^^^^^L; PID[1]-5[2].2 102 value-too-long",
                "NL-A^LAB; LONG^LAB; OBR[1]-3.1 102 value-too-long",
                "51990-0^Panel^LN; ''; OBR[1]-4 101 result-code-missing",
                "51990-0^Panel^LN; ^^LN; OBR[1]-4.1 101 result-code-missing",
                "51990-0^Panel^LN; LONG^Panel^LN; OBR[1]-4.1 102 value-too-long",
                "51990-0^Panel^LN; ^^^LONG^Panel^L; OBR[1]-4.4 102 value-too-long",
                "51990-0^Panel^LN; ^LONG; OBR[1]-4.2 102 value-too-long",
                "51990-0^Panel^LN; 51990-0^Panel^LONG; OBR[1]-4.3 102 value-too-long",
                "2345-7^Glucose^LN; ''; OBX[1]-3 101 result-code-missing",
                "2345-7^Glucose^LN; ^^LN; OBX[1]-3.1 101 result-code-missing",
                "mg/dL|||||F; mg/dL|||||Q; OBX[1]-11 103 result-status-unknown",
                "mg/dL|||||F; mg/dL|||||Q^final; OBX[1]-11.1 103 result-status-unknown",
            })
    void aFaultNamesTheComponent(String part, String wrong, String fault) {
        var message = RESULT.replace(part, wrong.replace("LONG", LONG).replace("NAME", LONG_NAME));
        assertThat(message).isNotEqualTo(RESULT);

        assertThat(Sent.faults(message)).containsExactly(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "|19710412|; |19711399|; PID[1]-7 not-a-time",
                "|19710412|; |19711399^D|; PID[1]-7.1 not-a-time",
                "|||20261103070000|; |||20261399^D|; OBR[1]-7.1 not-a-time",
                "||95|; ||95~many|; OBX[1]-5[2] value-not-a-number",
            })
    void aRemarkDoesToo(String part, String wrong, String remark) {
        var message = RESULT.replace(part, wrong);
        assertThat(message).isNotEqualTo(RESULT);

        assertThat(Sent.remarks(message)).contains(remark);
    }

    @Test
    void everyFaultOfAMessageIsTold() {
        var message =
                RESULT.replace("NL-1^^^NORTHLAB", "^^^NORTHLAB")
                        .replace("51990-0^Panel", "^")
                        .replace("2345-7^Glucose", "^");

        assertThat(Sent.faults(message))
                .containsExactlyInAnyOrder(
                        "PID[1]-3.1 101 patient-identifier-missing",
                        "OBR[1]-4.1 101 result-code-missing",
                        "OBX[1]-3.1 101 result-code-missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.8"})
    void eachVersionTellsThePlaceAsFarAsItCan(String version) {
        var text =
                RESULT.replace("|2.5.1", "|" + version).replace("|NL-1^^^NORTHLAB", "|^^^NORTHLAB");
        var message = Sent.message(text);
        var faults =
                switch (Sent.map(message, Sent.NORTHLAB)) {
                    case Mapped.NotUnderstood(var all) -> all;
                    case Mapped.Update _, Mapped.NotCharted _ ->
                            List.<org.chartbridge.hl7.Fault>of();
                };

        var answer =
                new String(
                        Acknowledgement.of(
                                message.raw(),
                                AckCode.AE,
                                faults,
                                "CB1",
                                Instant.parse("2026-11-22T08:00:00Z"),
                                ZoneOffset.UTC),
                        StandardCharsets.US_ASCII);

        boolean old = version.compareTo("2.5") < 0;
        boolean withdrawn = version.compareTo("2.7") >= 0;
        if (!withdrawn) assertThat(answer).contains("|PID^1^3^101&");
        if (old) assertThat(answer).doesNotContain("PID^1^3^1^1");
        else assertThat(answer).contains("|PID^1^3^1^1|101^");
    }
}
