package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HL7-RULES §1: which answer goes out at once on acceptance, error and rejection. */
class AnswerPlanTests {
    @ParameterizedTest
    @CsvSource({
        "AUTO, '', '', AA AE AR",
        "AUTO, NE, NE, - - -",
        "AUTO, NE, '', - - -",
        "AUTO, '', NE, - - -",
        "AUTO, AL, NE, CA CE CR",
        "AUTO, AL, '', CA CE CR",
        "AUTO, AL, AL, CA CE CR",
        "AUTO, SU, NE, CA - -",
        "AUTO, ER, NE, - CE CR",
        "AUTO, NE, AL, AA AE AR",
        "AUTO, '', AL, AA AE AR",
        "AUTO, NE, ER, - AE AR",
        "AUTO, NE, SU, AA - -",
        "AUTO, ER, AL, AA CE CR",
        "AUTO, Y, NE, CA CE CR",
        "AUTO, \"\", \"\", - - -",
        "ORIGINAL, AL, NE, AA AE AR",
        "ORIGINAL, NE, NE, AA AE AR",
        "ENHANCED, '', '', CA CE CR",
        "ENHANCED, NE, AL, AA AE AR",
        "NONE, AL, AL, - - -",
        "NONE, '', '', - - -"
    })
    void theAnswerIsTheOneAskedFor(AckMode mode, String accept, String application, String codes) {
        var header =
                Header.read(Samples.utf8(Samples.MSH + "|||" + accept + "|" + application))
                        .orElseThrow();

        var plan = AnswerPlan.of(header, mode);

        var answers = new StringBuilder();
        for (var verdict : Verdict.values())
            answers.append(plan.answer(verdict).map(AckCode::name).orElse("-")).append(' ');
        assertThat(answers.toString().strip()).isEqualTo(codes);
    }
}
