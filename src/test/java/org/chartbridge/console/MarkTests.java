package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.chart.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkTests {

    @ParameterizedTest
    @CsvSource({
        "H, High, false",
        "L, Low, false",
        "HH, Critical high, true",
        "LL, Critical low, true",
        "AA, Critical, true",
        "HU, Significantly high, false",
        "LU, Significantly low, false",
        "A, Abnormal, false",
        "N, Normal, false",
        "*, Flag *, false",
        "h, High, false",
        "hh, Critical high, true"
    })
    void everyFlagHasAWord(String flag, String word, boolean critical) {
        var mark = Mark.ofFlags(flag).getFirst();

        assertThat(mark.word()).isEqualTo(word);
        assertThat(mark.isCritical()).isEqualTo(critical);
    }

    /** Pages, FHIR, the order of Unmatched and held codes know the same values as critical. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<", ">", "A", "AA", "B", "CAR", "D", "DET", "E", "EX", "EXP", "H", "HH", "HU",
                "HX", "I", "IE", "IND", "L", "LL", "LU", "LX", "MS", "N", "ND", "NEG", "NR", "NS",
                "POS", "R", "RR", "S", "SDD", "U", "UNE", "VS", "W", "WR", "*", "C", "PH", "hh"
            })
    void aFlagIsCriticalEverywhereOrNowhere(String flag) {
        assertThat(Mark.ofFlags(flag).getFirst().isCritical()).isEqualTo(Results.hasCritical(flag));
    }

    @Test
    void aMissingFlagIsNotNormal() {
        assertThat(Mark.ofFlags("")).isEmpty();
        assertThat(Mark.ofFlags("~ ~")).isEmpty();
    }

    @Test
    void severalFlagsAreSeveralMarks() {
        assertThat(Mark.ofFlags("A~HH~N"))
                .extracting(Mark::word)
                .containsExactly("Abnormal", "Critical high", "Normal");
    }

    @ParameterizedTest
    @EnumSource(names = {"PRELIMINARY", "PARTIAL", "NOT_VERIFIED", "SPECIMEN_IN_LAB"})
    void whatIsNotFinalNeverLooksFinal(ObservationStatus status) {
        assertThat(Mark.ofStatus(status, false, false))
                .extracting(Mark::kind)
                .containsExactly("early");
    }

    @Test
    void aFinalThatChangedAFinalIsCorrectedWhateverItsStatusSays() {
        assertThat(Mark.ofStatus(ObservationStatus.FINAL, true, false))
                .extracting(Mark::word)
                .containsExactly("Corrected");
        assertThat(Mark.ofStatus(ObservationStatus.CORRECTED, true, false))
                .extracting(Mark::word)
                .containsExactly("Corrected");
        assertThat(Mark.ofStatus(ObservationStatus.FINAL, false, false)).isEmpty();
    }

    @Test
    void notPerformedIsSaid() {
        assertThat(Mark.ofStatus(ObservationStatus.FINAL, false, true))
                .extracting(Mark::word)
                .containsExactly("Not performed");
    }
}
