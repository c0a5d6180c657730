package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

class ShownTimesTests {
    private final ShownTimes times = new ShownTimes("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026, 2026",
        "202603, Mar 2026",
        "20260302, 2 Mar 2026",
        "202603020810, 2 Mar 2026 08:10",
        "20260302081059, 2 Mar 2026 08:10",
        "20260302081059.123-0500, 2 Mar 2026 08:10 -05:00",
        "202603020810+0000, 2 Mar 2026 08:10 +00:00",
        "2026030208, 2 Mar 2026 08 h",
        "20261302, 2026-13-02",
        "20260302240000, 2 Mar 2026 24:00",
        "yesterday, yesterday",
        "-, -"
    })
    void aTimeOfCareKeepsItsPrecisionAndIsNeverConverted(String sent, String shown) {
        assertThat(ShownTimes.asSent(sent)).isEqualTo(shown);
    }

    @Test
    void aDateNeverShifts() {
        assertThat(ShownTimes.day("1971-02-03")).isEqualTo("3 Feb 1971");
        assertThat(ShownTimes.day("1971-02")).isEqualTo("Feb 1971");
        assertThat(ShownTimes.day("1971")).isEqualTo("1971");
        assertThat(ShownTimes.day("1971-02-30")).isEqualTo("1971-02-30");
        assertThat(ShownTimes.day("")).isEmpty();
    }

    @Test
    void anAgeIsSaidOnlyWhenTheWholeDateIsKnown() {
        assertThat(times.age("1971")).isEmpty();
        assertThat(times.age("2999-01-01")).isEmpty();
        assertThat(times.age("not a date")).isEmpty();
        assertThat(times.age("1925-01-01")).endsWith(" y");
    }

    @Test
    void theZoneOfThePagesIsNamed() {
        assertThat(times.zoneName()).startsWith("Europe/Berlin (UTC+0");
        assertThat(times.iso(Instant.parse("2026-11-22T11:00:00Z")))
                .isEqualTo("2026-11-22T12:00:00+01:00");
        assertThat(new ShownTimes("UTC").zoneName()).isEqualTo("UTC");
    }

    @Test
    void whatTookNoTimeIsNotNegative() {
        var now = Instant.now();

        assertThat(times.took(now, now.minusMillis(3))).isEqualTo("0 ms");
        assertThat(times.took(now, now.plusMillis(3_400))).isEqualTo("3.4 s");
        assertThat(times.took(now, null)).isEmpty();
    }
}
