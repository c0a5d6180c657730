package org.chartbridge.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.ConditionView;
import org.chartbridge.chart.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.UUID;

/** ⚠ A problem that is over is not active. */
class ConditionMapperTests {
    private static final Instant AT = Instant.parse("2026-11-20T05:00:00Z");

    /** FHIR con-4: what has an end is not active. */
    @ParameterizedTest
    @CsvSource({
        "true, '', '', active, ''",
        "true, '', 20261120, resolved, 2026-11-20",
        "true, R, '', resolved, ''",
        "true, Resolved, 20261120, resolved, 2026-11-20",
        "true, 413322009, '', resolved, ''",
        "true, I, 20261120, inactive, 2026-11-20",
        "true, A, 20261120, active, ''",
        "true, strange, '', active, ''",
        "false, A, '', inactive, ''"
    })
    void standsAsItsSenderSaysIt(
            boolean listed, String status, String ended, String standing, String abated) {
        var condition = ConditionMapper.of(problem(listed, status, ended));

        assertThat(condition.getClinicalStatus().getCodingFirstRep().getCode()).isEqualTo(standing);
        assertThat(
                        condition.hasAbatement()
                                ? condition.getAbatementDateTimeType().getValueAsString()
                                : "")
                .isEqualTo(abated);
    }

    private static ConditionView problem(boolean active, String status, String ended) {
        return new ConditionView(
                1,
                new UUID(0, 1),
                0,
                active,
                new CodingView("I10", "Hypertension", "I10"),
                "",
                null,
                "",
                ended.isEmpty() ? null : AT,
                ended,
                status,
                "",
                true,
                new Source("emr", 1, "PRB[1]", AT, AT));
    }
}
