package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;

import org.chartbridge.chart.WrongPatients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** ⚠ Of a message whose clock is ahead nobody knows more than that it was said before it came. */
class FastClocksTests {
    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssZ").withZone(ZoneOffset.UTC);

    private static final Duration YEARS = Duration.ofDays(3650);

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    private final Instant start = Instant.now();

    @BeforeEach
    void aPatient() {
        engine.send(
                EMR,
                """
                MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261122080000||ADT^A28|C0|P|2.5.1
                PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\
                """);
    }

    @AfterEach
    void aRebuildSaysTheSame() {
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    /** The queue of the right clock is emptied after the message of the wrong one came. */
    @ParameterizedTest
    @CsvSource({
        "PT87600H, C, M1 4.1",
        "PT87600H, A, M1 4.1",
        "PT87600H, D, ''",
        "PT87600H, W, ''",
        "PT24H, C, M1 4.1",
        "PT24H, W, ''",
        "PT12H, D, ''",
        "PT1H, C, M1 4.1",
        "PT1H, W, ''",
    })
    void whatMayHaveBeenSaidAfterItTakesEffect(Duration ahead, String status, String values) {
        said("C1", ahead, true, "7.1", "F");
        said("C2", Duration.ofMinutes(-20), false, "4.1", status);

        assertThat(engine.values()).isEqualTo(values);
        assertThat(engine.reasons("C1")).contains("sent-in-future");
        assertThat(engine.reasons("C2")).doesNotContain("sent-in-future", "result-late");
        assertThat(unmet()).isZero();
        assertThat(engine.withdrawn().since(Instant.EPOCH)).hasSize(status.equals("W") ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"PT24H, C, M1 4.1", "PT12H, W, ''", "PT1H, D, ''", "PT87600H, F, M1 4.1"})
    void whatCameAfterItByARightClockTakesEffect(Duration ahead, String status, String values) {
        said("C1", ahead, false, "7.1", "F");
        said("C2", Duration.ofSeconds(2), true, "4.1", status);

        assertThat(engine.values()).isEqualTo(values);
    }

    @Test
    void withTheTimeOfTheResultTheSame() {
        said("C1", YEARS, true, "7.1", "F");
        said("C2", Duration.ofMinutes(-20), true, "4.1", "C");

        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    @ParameterizedTest
    @CsvSource({"C, M1 4.1", "W, ''"})
    void theOneThatMayBeLaterTakesEffectAlsoWhereItCameFirst(String status, String values) {
        said("C2", Duration.ofMinutes(-20), false, "4.1", status);
        said("C1", Duration.ofHours(12), true, "7.1", "F");

        assertThat(engine.values()).isEqualTo(values);
        assertThat(engine.reasons("C1")).contains("result-late");
    }

    @Test
    void someMinutesAreBelievedAndNotRemarked() {
        said("C1", Duration.ofMinutes(10), false, "7.1", "F");
        said("C2", Duration.ofMinutes(11), false, "4.1", "F");

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.reasons("C1")).doesNotContain("sent-in-future");
    }

    /** Such a laboratory has one clock: its order is right, whatever zone it means. */
    @Test
    void aClockThatIsAlwaysFastIsRightAboutItsOwnMessages() {
        said("C1", Duration.ofHours(5), true, "7.1", "F");
        said("C2", Duration.ofHours(5).plusSeconds(10), true, "7.1", "W");
        assertThat(engine.values()).isEmpty();

        said("C3", Duration.ofHours(5).plusSeconds(20), true, "4.1", "F");
        assertThat(engine.values()).isEqualTo("M1 4.1");

        said("C4", Duration.ofHours(5).plusSeconds(30), true, "4.3", "F");
        assertThat(engine.values()).isEqualTo("M1 4.3");
    }

    /** Its old message comes late, and its time is not ahead any more. */
    @Test
    void aCorrectionOfAClockThatIsAlwaysFastStaysBeforeWhatComesLate() {
        said("C2", Duration.ofHours(5), false, "4.1", "C");
        said("C1", Duration.ofSeconds(5), false, "7.1", "F");

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.reasons("C1")).contains("result-late");
    }

    @Test
    void ofTwoWhoseTimesAndArrivalContradictEachOtherTheCorrectionStays() {
        said("C1", YEARS, false, "7.1", "F");
        said("C2", Duration.ofHours(12), false, "4.1", "C");
        assertThat(engine.values()).isEqualTo("M1 4.1");

        said("C3", Duration.ofHours(6), false, "3.9", "F");
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    @Test
    void whatCannotBeObtainedIsAskedFor() {
        said("C1", Duration.ofHours(12), false, "7.1", "F");
        said("C2", Duration.ofMinutes(-20), false, "", "X");

        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(engine.withdrawn().since(Instant.EPOCH))
                .extracting(WrongPatients.Row::status)
                .containsExactly("X");
    }

    @ParameterizedTest
    @CsvSource({"D", "W"})
    void whatTakesNoEffectIsListedUntilItDoesOrTheValueIsSaidAgain(String status) {
        said("C1", Duration.ofMinutes(-10), false, "7.1", "F");
        said("C2", Duration.ofMinutes(-20), false, "7.1", status);
        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(engine.reasons("C2")).contains("withdrawal-before-value");
        assertThat(unmet()).isEqualTo(1);

        said("C3", Duration.ofMinutes(-5), false, "7.1", status);
        assertThat(engine.values()).isEmpty();
        assertThat(unmet()).isZero();
    }

    @Test
    void anXThatTakesNoEffectIsListed() {
        said("C1", Duration.ofMinutes(-10), false, "7.1", "F");
        said("C2", Duration.ofMinutes(-20), false, "", "X");

        assertThat(engine.values()).isEqualTo("M1 7.1");
        assertThat(engine.withdrawn().since(Instant.EPOCH)).hasSize(1);

        said("C3", Duration.ofMinutes(-5), false, "7.2", "C");
        assertThat(engine.withdrawn().since(Instant.EPOCH)).isEmpty();
    }

    private int unmet() {
        return engine.withdrawn().unmet(Instant.EPOCH).size();
    }

    /** By a clock that is so far from the right one. */
    private void said(
            String controlId, Duration ahead, boolean issued, String value, String status) {
        var time = WRITTEN.format(start.plus(ahead));
        engine.send(
                LAB,
                """
                MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|%s||ORU^R01|%s|P|2.5.1
                PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F
                OBR|1||A-1|BMP^Basic^L|||20261122074500|||||||||||||||%s|||F
                OBX|1|NM|K^Potassium^L||%s|mmol/L||HH|||%s
                """
                        .formatted(time, controlId, issued ? time : "", value, status));
    }
}
