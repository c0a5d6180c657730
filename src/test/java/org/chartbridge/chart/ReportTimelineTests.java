package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** The life of a report by OBR-25, table 0123, whose letters differ from those of values. */
class ReportTimelineTests {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /** Letters in the order of the columns; - is empty, ? is none of the table. */
    private static final String THEN = "OISNARPFX-?MC";

    /** What a newer statement does: + it is current, l it comes late and changes nothing. */
    private static final String TABLE =
            """
            O +++++++++++++
            I +++++++++++++
            S +++++++++++++
            N +++++++++++++
            A llll+++++++++
            R llll+++++++++
            P llll+++++++++
            F lllllll++++++
            X lllllll++++++
            - lllllll++++++
            ? lllllll++++++
            M lllllll++++++
            C lllllllllll++
            """;

    @Test
    void whatANewerStatementDoesStandsInTheTable() {
        var rows = new StringBuilder();
        for (var line : TABLE.lines().toList()) {
            var before = line.charAt(0);
            rows.append(before).append(' ');
            for (int column = 0; column < THEN.length(); column++) {
                var then = THEN.charAt(column);
                var places =
                        ReportTimeline.arrange(
                                List.of(version(1, before, 0), version(2, then, 10)));
                rows.append(place(places, 2).standing() == Standing.CURRENT ? '+' : 'l');
            }
            rows.append('\n');
        }

        assertThat(rows.toString()).isEqualTo(TABLE);
    }

    /** HL7-RULES §4 ⚠: a resent old final with a fresh MSH-7 never replaces a correction. */
    @Test
    void aFinalThatComesAfterACorrectionIsLate() {
        var places =
                ReportTimeline.arrange(
                        List.of(version(1, 'F', 0), version(2, 'C', 10), version(3, 'F', 20)));

        assertThat(place(places, 2).standing()).isEqualTo(Standing.CURRENT);
        assertThat(place(places, 3).standing()).isEqualTo(Standing.LATE);
    }

    @Test
    void aCorrectionThatWasNotFinalBecomesFinal() {
        var places =
                ReportTimeline.arrange(
                        List.of(version(1, 'F', 0), version(2, 'M', 10), version(3, 'F', 20)));

        assertThat(place(places, 3).standing()).isEqualTo(Standing.CURRENT);
        assertThat(place(places, 2).corrected()).as("seen in the history").isTrue();
    }

    @Test
    void theOrderOfArrivalChangesNothing() {
        long seed = System.nanoTime();
        System.out.println("ReportTimelineTests seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var versions = new ArrayList<ReportTimeline.Version>();
            for (int id = 1; id <= 6; id++)
                versions.add(
                        version(id, THEN.charAt(random.nextInt(THEN.length())), random.nextInt(4)));
            var wanted = new TreeMap<>(ReportTimeline.arrange(versions));

            Collections.shuffle(versions, random);

            assertThat(new TreeMap<>(ReportTimeline.arrange(versions))).isEqualTo(wanted);
        }
    }

    private static Timeline.Place place(Map<Long, Timeline.Place> places, long id) {
        return Objects.requireNonNull(places.get(id));
    }

    private static ReportTimeline.Version version(long id, char status, int minute) {
        return new ReportTimeline.Version(
                id,
                100 + id,
                status == '-' ? "" : String.valueOf(status),
                id,
                new Said(null, NOON.plusSeconds(60L * minute), "M" + id));
    }
}
