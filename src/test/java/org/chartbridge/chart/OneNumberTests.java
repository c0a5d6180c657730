package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** ⚠ HL7-RULES §5: which two numbers are one. */
class OneNumberTests {
    @ParameterizedTest
    @CsvSource({
        "E1, E1, true",
        "E1, E2, false",
        "E1, e1, false",
        "E1, E1^EMR, true",
        "E1^EMR, E1^emr, true",
        "E1^EMR, E1^LAB, false",
        "E1^EMR, E1^1.2.840.1, true",
        "E1^1.2.840.1, E1^1.2.840.2, false",
        "E1^1.2.840.1, E1^4f2a0c1e-1111-2222-3333-0123456789ab, false",
        "E1^4F2A0C1E-1111-2222-3333-0123456789AB, E1^4f2a0c1e-1111-2222-3333-0123456789ab, true",
        "E1^EMR, E2^1.2.840.1, false",
        "E1^372520, E1^LAB, false",
        "E1^3.2.1, E1^LAB, false",
    })
    void whichNumbersAreOne(String one, String other, boolean same) {
        assertThat(OneNumber.isOne(one, other)).isEqualTo(same);
        assertThat(OneNumber.isOne(other, one)).isEqualTo(same);
        assertThat(new Numbers(List.of(one, other)).areSame(one, other)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({
        "E1^EMR, E1^EMR, E1^EMR",
        "E1^emr, E1^EMR E1^LAB, E1^EMR",
        "E1, E1^EMR, E1^EMR",
        "E1, E1^EMR E1, E1",
        "E1, E1^EMR E1^LAB, ''",
        "E1^EMR, E1, E1",
        "E1^EMR, E1 E1^LAB, ''", // E1 may be that of LAB.
        "E1^1.2.840.1, E1^EMR, E1^EMR",
        "E1^1.2.840.1, E1^EMR E1^LAB, ''",
        "E1^1.2.840.1, E1^EMR E1^1.2.840.2, ''", // So may E1^EMR be.
        "E1, E1^EMR E1^1.2.840.1, E1^EMR E1^1.2.840.1",
        "E1, E2, ''",
    })
    void whichOneIsMeantAmongOthers(String number, String known, String meant) {
        assertThat(String.join(" ", OneNumber.meant(number, List.of(known.split(" ")))))
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "E1^EMR, E1^1.2.840.1, E1^1.2.840.2, false",
        "E1^EMR, E1^1.2.840.1, E1, true",
        "E1^1.2.840.1, E1^EMR, E1^LAB, false",
    })
    void ofTwoThatContradictNoneIsTheThird(String given, String one, String other, boolean same) {
        var numbers = new Numbers(List.of(given), List.of(one, other));

        assertThat(numbers.areSame(given, one)).isEqualTo(same);
        assertThat(numbers.areSame(one, other)).isEqualTo(same);
    }
}
