package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.Timeline.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** HL7-RULES §4: moves of OBX-11 (table 0085), in any order of arrival. */
class TimelineTests {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /**
     * A history is written as statements {@code status value @minute}, oldest arrival first; the
     * expectation names the standing of each in the same order.
     */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # finals, preliminaries
                    F5@1                    | current
                    P5@1 F6@2               | replaced current
                    P5@1 F5@2               | replaced current
                    F6@2 P5@1               | current replaced
                    F6@1 P5@2               | current late
                    P5@1 P6@2               | replaced current
                    P5@1 P5@2               | current repeat
                    I5@1 R5@2 S5@3 F5@4     | replaced replaced replaced current
                    # repeats and corrections
                    F5@1 F5@2               | current repeat
                    F5@1 F6@2               | replaced current*
                    F5@1 C6@2               | replaced current*
                    C6@2 F5@1               | current* replaced
                    F5@1 C5@2               | replaced current
                    F5@1 C6@2 C6@3          | replaced current* repeat
                    F5@1 C6@2 C7@3          | replaced replaced* current*
                    C6@1 C7@2 C6@3          | replaced replaced* current*
                    # ⚠ a resent old final never replaces a correction
                    F5@1 C6@2 F5@3          | replaced current* late
                    F5@3 C6@2 F5@1          | late current* replaced
                    F5@1 C6@2 F6@3          | replaced current* repeat
                    F5@1 C6@2 F7@3          | replaced replaced* current*
                    F5@1 F6@2 F5@3          | replaced current* late
                    # amended, appended, verified
                    F5@1 A6@2               | replaced current*
                    F5@1 V5@2               | replaced current
                    F5@1 U5i@2              | replaced current
                    # what confirms has the value before it in the lab's order ⚠
                    F5@1 U-i@3 C6@2         | replaced current* replaced*
                    F5@1 C6@2 U-i@3         | replaced replaced* current*
                    F5@3 U-i@2 P6@1         | current* replaced replaced
                    F5@1 V-i@2 F5@3         | replaced current repeat
                    F5@1 C6@2 B-i@3 F5@4    | replaced replaced* current* late
                    U-i@1                   | not-applied
                    U-i@1 F5@2              | not-applied current
                    F5@1 D-@2 U-i@3         | withdrawn withdrawal not-applied
                    X-@1 U-i@2              | current not-applied
                    I@1 U-i@2               | current not-applied
                    # not performed
                    X-@1                    | current
                    P5@1 X-@2               | replaced current
                    F5@1 X-@2               | current not-applied
                    X-@1 F5@2               | replaced current*
                    X-@1 P5@2               | current not-applied
                    X-@1 X-@2               | current repeat
                    # ⚠ deleted, wrong patient: value and history leave
                    F5@1 D-@2               | withdrawn withdrawal
                    F5@1 C6@2 W-@3          | withdrawn withdrawn* withdrawal
                    D-@2 F5@1               | withdrawal withdrawn
                    F5@1 W-@2 F6@3          | withdrawn withdrawal current*
                    F5@1 W-@2 P6@3          | withdrawn withdrawal not-applied
                    F5@1 D-@2 D-@3          | withdrawn withdrawal withdrawal
                    # ⚠ what confirms without a value never brings a withdrawn one back
                    F5@1 W-@2 U-i@3         | withdrawn withdrawal not-applied
                    F5@1 W-@2 V-i@3         | withdrawn withdrawal not-applied
                    F5@1 D-@2 B-i@3         | withdrawn withdrawal not-applied
                    F5@1 U-i@3 W-@2         | withdrawn not-applied withdrawal
                    F5@1 V-i@2 W-@3         | withdrawn withdrawn withdrawal
                    C6@2 D-@3 V-i@4 F5@1    | withdrawn* withdrawal not-applied withdrawn
                    F5@1 W-@2 U-i@3 F6@4    | withdrawn withdrawal not-applied current*
                    F5@1 W-@2 F6@3 U-i@4    | withdrawn withdrawal replaced* current*
                    # with a value of its own it says what stands from now on, as F does
                    F5@1 W-@2 C6@3          | withdrawn withdrawal current*
                    F5@1 D-@2 V5@3          | withdrawn withdrawal current*
                    F5@1 D-@2 X-@3          | withdrawn withdrawal current*
                    # never results
                    N-@1                    | not-shown
                    O-@1 F5@2               | not-shown current
                    """)
    void aVersionStandsWhereTable0085PutsIt(String history, String expected) {
        var versions = parse(history);

        assertThat(standings(versions)).isEqualTo(expected.strip());
    }

    @Test
    void anyOrderOfArrivalGivesTheSameStandings() {
        long seed = System.nanoTime();
        System.out.println("TimelineTests seed " + seed);
        var random = new Random(seed);
        var statuses = "IRPSFCABVUXNODW";
        for (int round = 0; round < 2_000; round++) {
            var versions = new ArrayList<Version>();
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                char status = statuses.charAt(random.nextInt(statuses.length()));
                versions.add(
                        version(
                                i + 1,
                                status,
                                "" + random.nextInt(3),
                                false,
                                random.nextInt(4),
                                random.nextBoolean() ? null : NOON));
            }
            var expected = Timeline.arrange(versions);

            Collections.shuffle(versions, random);

            assertThat(Timeline.arrange(versions)).as("seed %d", seed).isEqualTo(expected);
            assertThat(
                            expected.values().stream()
                                    .filter(p -> p.standing() == Standing.CURRENT)
                                    .count())
                    .as("seed %d: one current version at most", seed)
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void theReportsIssueTimeOutranksTheMessageTime() {
        var oldIssueSentLate = version(1, 'F', "5", false, 9, NOON);
        var newIssueSentEarly = version(2, 'F', "6", false, 1, NOON.plusSeconds(3600));

        var places = Timeline.arrange(List.of(oldIssueSentLate, newIssueSentEarly));

        assertThat(places.get(2L)).extracting("standing").isEqualTo(Standing.CURRENT);
        assertThat(places.get(1L)).extracting("standing").isEqualTo(Standing.REPLACED);
    }

    private static String standings(List<Version> versions) {
        var places = Timeline.arrange(versions);
        var words = new ArrayList<String>();
        for (var version : versions) {
            var place = java.util.Objects.requireNonNull(places.get(version.id()));
            words.add(place.standing().text() + (place.corrected() ? "*" : ""));
        }
        return String.join(" ", words);
    }

    private static List<Version> parse(String history) {
        var versions = new ArrayList<Version>();
        long id = 1;
        for (String word : history.strip().split("\\s+", -1)) {
            var parts = word.substring(1).split("@", -1);
            boolean inherited = parts[0].endsWith("i");
            versions.add(
                    version(
                            id++,
                            word.charAt(0),
                            inherited ? parts[0].substring(0, parts[0].length() - 1) : parts[0],
                            inherited,
                            Integer.parseInt(parts[1]),
                            null));
        }
        return versions;
    }

    private static Version version(
            long id,
            char letter,
            String value,
            boolean inherited,
            int minute,
            @Nullable Instant issued) {
        var status = ObservationStatus.of(String.valueOf(letter)).orElseThrow();
        return new Version(
                id,
                id * 100,
                status,
                value,
                inherited,
                new ContentHash().add(letter).add(value).value(),
                new Said(issued, NOON.plusSeconds(60L * minute), "M" + id));
    }
}
