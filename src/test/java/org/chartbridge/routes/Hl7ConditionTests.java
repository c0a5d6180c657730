package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** Conditions in the language hl7. */
class Hl7ConditionTests {
    private static final Message MESSAGE =
            ((Reading.Readable)
                            Message.read(
                                    """
                                    MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261122080000||ORU^R01|C1|P|2.5.1
                                    PID|1||42^^^A^MR~77^^^B^SS||DOE^Jane||19710203|F
                                    OBR|1||A-1|NA^Sodium^L
                                    OBX|1|NM|NA^Sodium^L||128.50|mmol/L|||||F
                                    OBX|2|NM|K^Potassium^L||6.1|mmol/L||HH|||F
                                    """
                                            .replace("\n", "\r")
                                            .getBytes(StandardCharsets.UTF_8),
                                    StandardCharsets.UTF_8))
                    .message();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OBR-4.1 == 'NA'",
                "OBR-4.1 == \"NA\"",
                "OBR-4.1=='NA'",
                "OBR-4.1 != 'K'",
                "OBR-4.2 =~ 'SODIUM'",
                "OBR-4.2 !=~ 'POTASSIUM'",
                "MSH-9.2 in 'R01,R03'",
                "MSH-9.2 !in 'R30,R31'",
                "OBR-4.2 contains 'diu'",
                "OBR-4.2 !contains 'x'",
                "OBR-4.2 startsWith 'So' && OBR-4.2 endsWith 'um'",
                "OBR-4.2 regex '^S.*m$'",
                "OBR-4.2 !regex '[0-9]'",
                "OBX-5 > 128 && OBX-5 <= 128.5 && OBX-5 < '129' && OBX-5 >= 128.5",
                "OBX[2]-3.1 == 'K'",
                "OBX[*]-8 == 'HH'",
                "OBX[*]-8 == 'LL' || OBX[*]-8 == 'HH'",
                "PID-3[2].5 == 'SS'",
                "PID-3[*].4 == 'B'",
                "PID-19 == ''",
                "!PID-19",
                "PID-8",
                "!ZL1-1",
                "PID-8 == 'M' && PID-8 == 'M' || PID-8 == 'F'",
                "PID-8 == 'F' || PID-8 == 'M' && PID-8 == 'M'",
            })
    void holds(String condition) throws Hl7Condition.Mistake {
        assertThat(Hl7Condition.parse(condition).holds(MESSAGE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OBR-4.1 == 'na'",
                "OBX-8 == 'HH'",
                "OBX[*]-8 != 'HH'",
                "OBX[3]-5",
                "PID-5.1 > 5",
                "PID-19",
                "ZL1-1 == 'x'",
                "OBR-4.1 in 'NAX,K'",
                "OBR-4.2 regex '(.*m){9}q'",
            })
    void doesNotHold(String condition) throws Hl7Condition.Mistake {
        assertThat(Hl7Condition.parse(condition).holds(MESSAGE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``; \"nothing\" is no path",
                "OBR4.1 == 'NA'; \"OBR4.1\" is no path",
                "obr-4 == 'NA'; \"obr-4\" is no path",
                "'NA' == OBR-4; \"'NA'\" is no path",
                "OBR-4.1 = 'NA'; no operator \"=\" | write ==",
                "OBR-4.1 eq 'NA'; no operator \"eq\" | write ==",
                "OBR-4.1 contain 'NA'; no operator \"contain\" | did you mean \"contains\"?",
                "OBR-4.1 == NA; \"NA\" behind ==, where a value is wanted | write it in single"
                        + " quotes",
                "OBR-4.1 ==; nothing behind ==",
                "OBR-4.1 == 'NA; \"'\" behind ==",
                "OBX-5 > 'high'; \"high\" behind > is no number",
                "OBR-4 == 'a' and PID-8 == 'F'; \"and\" where && or || is wanted | write &&",
                "OBR-4 == 'a' (; there are no brackets",
                "OBR-4 == 'a' &&; \"nothing\" is no path",
                "OBR-4 regex '('; regex: Unclosed group",
                "!OBR-4 == 'a'; ! in front of a comparison"
            })
    void aMistakeSaysWhatWouldBeRight(String condition, String what) {
        assertThatThrownBy(() -> Hl7Condition.parse(condition))
                .isInstanceOfSatisfying(
                        Hl7Condition.Mistake.class,
                        mistake ->
                                assertThat(mistake.what() + "; " + mistake.remedy())
                                        .contains(what.split(" \\| ", -1)));
    }
}
