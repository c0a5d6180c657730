package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.Source;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Lists of several numbers or senders, shown as one. */
class ShownAllergyTests {
    private long ids;

    @Test
    void whatTwoListsNameStandsOnceWithBothSources() {
        var severe = allergy("P", "Penicillin", "L", "SV", "M1");
        var mild = allergy("P", "PENICILLIN", "L", "MI", "M2");

        var list = ShownAllergy.oneList(List.of(severe, mild));

        assertThat(list).hasSize(1);
        assertThat(list.getFirst().view()).isEqualTo(severe);
        assertThat(list.getFirst().others()).containsExactly(mild);
    }

    @Test
    void withoutACodeTheWordsDecide() {
        var list =
                ShownAllergy.oneList(
                        List.of(
                                allergy("", "Peanut", "", "MO", "M1"),
                                allergy("", " peanut ", "", "MO", "M2")));

        assertThat(list).hasSize(1);
    }

    /** ⚠ What is only alike, or of another coding system, is another allergy. */
    @Test
    void whatIsOnlyAlikeStaysApart() {
        var list =
                ShownAllergy.oneList(
                        List.of(
                                allergy("P", "Penicillin", "L", "SV", "M1"),
                                allergy("P", "Penicillin", "X", "SV", "M1"),
                                allergy("PV", "Penicillin", "L", "SV", "M1"),
                                allergy("", "Penicillin V", "", "SV", "M2"),
                                allergy("", "", "", "SV", "M2"),
                                allergy("", "", "", "SV", "M2")));

        assertThat(list).hasSize(6);
    }

    @Test
    void noListGivesNone() {
        assertThat(ShownAllergy.oneList(List.of())).isEmpty();
    }

    private AllergyView allergy(
            String code, String text, String system, String severity, String number) {
        return new AllergyView(
                ++ids,
                new UUID(0, 1),
                true,
                new CodingView(code, text, system),
                List.of(),
                "DA",
                severity,
                "",
                null,
                "",
                "",
                number,
                new Source("emr", ids, "AL1[1]", Instant.EPOCH, Instant.EPOCH));
    }
}
