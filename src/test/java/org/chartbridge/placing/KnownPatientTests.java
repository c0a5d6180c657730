package org.chartbridge.placing;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.CoverageView;
import org.chartbridge.chart.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What an order that is placed here takes from the chart. */
class KnownPatientTests {

    /** IN1-2 is an id and its text: the id is said once. */
    @ParameterizedTest
    @CsvSource({
        "PLAN-7, PLAN-7, PLAN-7, ''",
        "PLAN-7, Gold, PLAN-7, Gold",
        "'', Gold, '', Gold",
        "PLAN-7, '', PLAN-7, ''",
        "'', '', '', ''"
    })
    void anInsuranceNamesItsPlanByIdAndText(String id, String text, String code, String words) {
        var plan = KnownPatient.insurance(coverage(id, text)).plan();

        assertThat(plan.code()).isEqualTo(code);
        assertThat(plan.text()).isEqualTo(words);
        assertThat(plan.system()).isEmpty();
    }

    private static CoverageView coverage(String plan, String text) {
        return new CoverageView(
                1,
                new UUID(0, 1),
                true,
                plan,
                text,
                "Invented Health",
                "4400",
                "",
                "",
                "",
                "",
                "",
                List.of(),
                "",
                "",
                "",
                "",
                null,
                "",
                null,
                "",
                new Source("emr", 1, "IN1[1]", null, Instant.EPOCH));
    }
}
