package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.LocalDate;
import java.time.ZoneId;

class Hl7TimeTests {
    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2026, YEAR, 2026-01-01T00:00, -",
                "202602, MONTH, 2026-02-01T00:00, -",
                "20260203, DAY, 2026-02-03T00:00, -",
                "2026020304, HOUR, 2026-02-03T04:00, -",
                "202602030405, MINUTE, 2026-02-03T04:05, -",
                "20260203040506, SECOND, 2026-02-03T04:05:06, -",
                "20260203040506.7, FRACTION, 2026-02-03T04:05:06.700, -",
                "20260203040506.0001-0330, FRACTION, 2026-02-03T04:05:06.000100, -03:30",
                "202602030405+0100, MINUTE, 2026-02-03T04:05, +01:00",
                "20260203+0100, DAY, 2026-02-03T00:00, +01:00",
                "20260203040506+0000, SECOND, 2026-02-03T04:05:06, Z",
                "20240229, DAY, 2024-02-29T00:00, -"
            })
    void aTimeKeepsThePrecisionItWasSentIn(
            String sent, Precision precision, String local, @Nullable String offset) {
        var time = time(sent);

        assertThat(time.precision()).isEqualTo(precision);
        assertThat(time.local()).isEqualTo(local);
        assertThat(time.offset() == null ? null : time.offset().getId()).isEqualTo(offset);
        assertThat(time.asSent()).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "202602032400",
                "20260003",
                "20261301",
                "20260230",
                "20250229",
                "202602030460",
                "20260203040560",
                "0000",
                "00000000",
                "2026-02-03",
                "20260203T0405",
                "2026020",
                "26",
                "yesterday",
                "20260203040506.",
                "20260203040506+01",
                "20260203040506+9900",
                "20260203 0405",
                "20260203040506.1234567890",
                "202602030405.5",
                "2026020304050607",
                "20260203040506+",
                "20260203040506+010",
                "20260203040506+01000",
                "20260203040506.5x",
                "+0100",
                "\u0662\u0660\u0662\u0666"
            })
    void whatIsNoTimeIsFlaggedAndNotBent(String sent) {
        assertThat(Hl7Time.parse(sent))
                .isInstanceOfSatisfying(
                        Hl7Time.Parsed.Wrong.class,
                        w -> {
                            assertThat(w.fault().reason()).isEqualTo("not-a-time");
                            assertThat(w.fault().code()).isEqualTo(ErrorCode.DATA_TYPE);
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\"\""})
    void nothingIsNoFault(String sent) {
        assertThat(Hl7Time.parse(sent)).isInstanceOf(Hl7Time.Parsed.Absent.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "202607010800+0000, -, 2026-07-01T08:00:00Z, the offset sent decides",
                "202607010800, -, 2026-07-01T06:00:00Z, else the partner's zone in summer",
                "202601010800, -, 2026-01-01T07:00:00Z, and in winter",
                "202607010800, 202601010000+0100, 2026-07-01T06:00:00Z, an offset of another season"
                        + " is not taken over",
                "202607010800, 202607010900-0500, 2026-07-01T06:00:00Z, nor one of another zone",
                "202510260230, 202510260900+0100, 2025-10-26T01:30:00Z, it settles the doubled"
                        + " hour",
                "202510260230, 202510260100+0200, 2025-10-26T00:30:00Z, either way",
                "20260701, -, 2026-06-30T22:00:00Z, a date is ordered by its start there",
                "20260701+0900, 20260701-0900, 2026-06-30T22:00:00Z, whatever offsets say"
            })
    void theMomentFollowsTheRule(String sent, @Nullable String msh7, String moment, String why) {
        var instant = time(sent).instant(ZURICH, msh7 == null ? null : time(msh7));

        assertThat(instant).as(why).isEqualTo(moment);
    }

    @Test
    void aDateNeverShifts() {
        var date = time("20260701-1100");

        assertThat(date.local().toLocalDate()).isEqualTo(LocalDate.of(2026, 7, 1));
        assertThat(date.instant(ZURICH, null).atZone(ZURICH).toLocalDate())
                .isEqualTo(LocalDate.of(2026, 7, 1));
    }

    private static Hl7Time time(String sent) {
        return switch (Hl7Time.parse(sent)) {
            case Hl7Time.Parsed.Known(var time) -> time;
            case Hl7Time.Parsed.Absent _ -> throw new AssertionError("absent");
            case Hl7Time.Parsed.Wrong(var fault) -> throw new AssertionError(fault.text());
        };
    }
}
