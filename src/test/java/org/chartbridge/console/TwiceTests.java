package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Parent;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Standing;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** HL7-RULES §4: sendouts that come from two feeds are shown once, and never once too few. */
class TwiceTests {
    private static final Instant COLLECTED = Instant.parse("2026-11-22T07:45:00Z");

    private long ids;

    @Test
    void whatTwoFeedsSayAlikeIsShownOnceWhicheverCameFirst() {
        var near = report("northlab", COLLECTED, value("2823-3", "4.1", "N", "Quest Diagnostics"));
        var far =
                report(
                        "quest",
                        COLLECTED,
                        value("2823-3", "4.1", "N", "QUEST DIAGNOSTICS, 1 Main St; director Roe"));

        assertThat(Twice.shownBy(List.of(near, far))).containsOnlyKeys(far.series());
        assertThat(Twice.shownBy(List.of(far, near))).containsOnlyKeys(far.series());
        assertThat(Twice.shownBy(List.of(near, far)).get(far.series())).isEqualTo(near);
    }

    @ParameterizedTest
    @CsvSource({
        "quest, 0, 2823-3, 4.2, N, Quest", // Another value.
        "quest, 60, 2823-3, 4.1, N, Quest", // Another sample.
        "quest, 0, 2951-2, 4.1, N, Quest", // Another test.
        "quest, 0, '', 4.1, N, Quest", // A code of its own.
        "quest, 0, 2823-3, 4.1, N, Southlab", // Examined elsewhere.
        "quest, 0, 2823-3, 4.1, N, ''", // Nobody says where.
        "quest, 0, 2823-3, 4.1, HH, Quest", // Only this one is critical.
        "northlab, 0, 2823-3, 4.1, N, Quest" // One laboratory says it twice: two orders.
    })
    void whatDiffersIsShownTwice(
            String partner, int later, String loinc, String value, String flag, String laboratory) {
        var first = report("northlab", COLLECTED, value("2823-3", "4.1", "N", "Quest"));
        var second =
                report(
                        partner,
                        COLLECTED.plusSeconds(later),
                        value(loinc, value, flag, laboratory));

        assertThat(Twice.shownBy(List.of(first, second))).isEmpty();
    }

    @Test
    void oneThatSaysMoreIsInFront() {
        var one = report("northlab", COLLECTED, value("2823-3", "4.1", "N", "Quest"));
        var more =
                report(
                        "quest",
                        COLLECTED,
                        value("2951-2", "140", "N", "Quest"),
                        value("2823-3", "4.1", "HH", "Quest"));

        assertThat(Twice.shownBy(List.of(one, more))).containsOnlyKeys(one.series());
    }

    @Test
    void withoutATimeOfCollectionNothingIsTheSame() {
        var one = report("northlab", null, value("2823-3", "4.1", "N", "Quest"));
        var other = report("quest", null, value("2823-3", "4.1", "N", "Quest"));

        assertThat(Twice.shownBy(List.of(one, other))).isEmpty();
    }

    private ReportView report(
            String partner, @Nullable Instant collected, ObservationView... values) {
        return new ReportView(
                ++ids,
                ids,
                1,
                Standing.CURRENT,
                ids,
                Instant.EPOCH,
                "OBR[1]",
                new UUID(0, 1),
                partner,
                "N" + ids,
                "",
                "X",
                "Potassium",
                "L",
                null,
                "F",
                collected,
                "",
                null,
                "C1",
                null,
                null,
                new Parent("", "", ""),
                Map.of(),
                List.of(values),
                List.of(),
                List.of(),
                0);
    }

    private ObservationView value(String loinc, String text, String flag, String laboratory) {
        return new ObservationView(
                ++ids,
                ids,
                1,
                Standing.CURRENT,
                false,
                null,
                null,
                ids,
                Instant.EPOCH,
                "OBX[1]",
                new UUID(0, 1),
                "northlab",
                1,
                "N1",
                "K",
                "Potassium",
                "L",
                null,
                "",
                "",
                ObservationStatus.FINAL,
                "NM",
                text,
                null,
                "",
                List.of(),
                false,
                "mmol/L",
                "",
                loinc,
                "",
                "",
                flag,
                "",
                laboratory,
                COLLECTED,
                "",
                null,
                null,
                null,
                "C1",
                null,
                List.of());
    }
}
