package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.access.Sightings.Sighting;
import org.chartbridge.chart.ChangedResults.Change;
import org.chartbridge.chart.ChangedResults.Kind;
import org.chartbridge.chart.Kinship;
import org.chartbridge.chart.Kinship.Joined;
import org.chartbridge.console.Notices.Notice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** ⚠ HL7-RULES §4: who saw a result that was withdrawn or corrected is told, and nobody else. */
class NoticesTests {
    private static final UUID MARA = new UUID(1, 1);
    private static final UUID NILS = new UUID(2, 2);
    private static final long MARAS = 11;
    private static final long NILSS = 22;
    private static final long WITHDRAWING = 700;

    /** Charted at 09:00, withdrawn at 12:00. */
    private static final Change WITHDRAWN =
            new Change(
                    WITHDRAWING,
                    "OBX[1]",
                    Kind.WRONG_PATIENT,
                    MARAS,
                    "Potassium",
                    at("09:00:00"),
                    at("12:00:00"));

    private static final Kinship APART =
            new Kinship(
                    Map.of(MARAS, MARA, NILSS, NILS), Map.of(MARAS, MARA, NILSS, NILS), List.of());

    @ParameterizedTest
    @CsvSource({
        "08:59:00, false",
        "08:59:50, true", // The page was read a moment after the trail was written.
        "09:00:00, true",
        "11:59:59, true",
        "12:00:10, true", // The withdrawal was committed a moment after its time.
        "12:01:00, false"
    })
    void whoSawItBetweenItsChartingAndTheChangeIsTold(String time, boolean told) {
        assertThat(told(APART, sighting(MARA, time))).hasSize(told ? 1 : 0);
    }

    @Test
    void whoSawAnotherPatientIsToldNothing() {
        assertThat(told(APART, sighting(NILS, "10:00:00"))).isEmpty();
    }

    @Test
    void theLastTimeBeforeTheChangeIsNamed() {
        var notices =
                told(
                        APART,
                        sighting(MARA, "10:00:00"),
                        sighting(MARA, "11:00:00"),
                        sighting(MARA, "13:00:00"));

        assertThat(notices).singleElement().extracting(Notice::seen).isEqualTo(at("11:00:00"));
    }

    @Test
    void oneMessageIsOneNoticeWithTheWorstOfWhatItDid() {
        var corrected =
                new Change(
                        WITHDRAWING,
                        "OBX[2]",
                        Kind.CORRECTED,
                        MARAS,
                        "Sodium",
                        at("09:00:00"),
                        at("12:00:00"));

        var notices =
                Notices.told(
                        List.of(corrected, WITHDRAWN),
                        APART,
                        List.of(sighting(MARA, "10:00:00")),
                        Map.of());

        assertThat(notices).hasSize(1);
        assertThat(notices.getFirst().kind()).isEqualTo(Kind.WRONG_PATIENT);
        assertThat(notices.getFirst().tests()).containsExactly("Sodium", "Potassium");
    }

    /** Mara was merged into Nils from 10:00 on, which was taken back at 11:00. */
    @ParameterizedTest
    @CsvSource({"09:30:00, false", "10:30:00, true", "11:30:00, false"})
    void whoSawItUnderAnotherPatientWhileTheyWereOneIsTold(String time, boolean told) {
        var torn =
                new Kinship(
                        Map.of(MARAS, MARA, NILSS, NILS),
                        Map.of(MARAS, MARA, NILSS, NILS),
                        List.of(new Joined(MARAS, NILSS, at("10:00:00"), at("11:00:00"))));

        var notices = told(torn, sighting(NILS, time));

        assertThat(notices).hasSize(told ? 1 : 0);
        if (told) assertThat(notices.getFirst().person()).isEqualTo(MARA);
    }

    /** They became one patient after the change: the notice leads to who that is now. */
    @Test
    void aLaterMergeLeavesTheNoticeAndItsAcknowledgement() {
        var merged =
                new Kinship(
                        Map.of(MARAS, MARA, NILSS, NILS),
                        Map.of(MARAS, NILS, NILSS, NILS),
                        List.of(new Joined(MARAS, NILSS, at("13:00:00"), null)));
        var seen = List.of(sighting(MARA, "10:00:00"));

        var before = Notices.told(List.of(WITHDRAWN), merged, seen, Map.of());
        var after =
                Notices.told(List.of(WITHDRAWN), merged, seen, Map.of(WITHDRAWING, Set.of(MARA)));

        assertThat(before).singleElement().extracting(Notice::person).isEqualTo(NILS);
        assertThat(before).singleElement().extracting(Notice::noted).isEqualTo(false);
        assertThat(after).singleElement().extracting(Notice::noted).isEqualTo(true);
    }

    @Test
    void noteOfAnotherMessageIsNoNoteOfThisOne() {
        var notices =
                Notices.told(
                        List.of(WITHDRAWN),
                        APART,
                        List.of(sighting(MARA, "10:00:00")),
                        Map.of(WITHDRAWING + 1, Set.of(MARA), WITHDRAWING, Set.of(NILS)));

        assertThat(notices).singleElement().extracting(Notice::noted).isEqualTo(false);
    }

    private static List<Notice> told(Kinship kinship, Sighting... seen) {
        return Notices.told(List.of(WITHDRAWN), kinship, List.of(seen), Map.of());
    }

    private static Sighting sighting(UUID person, String time) {
        return new Sighting(person, at(time));
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-22T" + time + "Z");
    }
}
