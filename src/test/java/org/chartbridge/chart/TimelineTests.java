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

/**
 * HL7-RULES §4: moves of OBX-11 (table 0085), in any order of arrival; long because of its tables.
 */
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
                new ContentHash().add(value).value(),
                new Said(issued, NOON.plusSeconds(60L * minute), "M" + id));
    }

    /**
     * HL7-RULES §4 ⚠: the value before a correction is late or flagged, never current. A version is
     * written {@code status value OBR-22/MSH-7}, a time as hour and minute, or {@code -} where it
     * was not sent, the first with seconds or {@code day} where it was sent so; the expectation is
     * the same in any order of arrival.
     */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # a correction with a day, or a minute, where the value has seconds
                    F5:083000/0831 C7:day/0930               | replaced current*
                    F5:083015/0831 C7:0830/0930              | replaced current*
                    F5:083000/0831 F7:day/0930               | replaced current*
                    F5:083000/0831 A7:day/0930 C8:day/0940   | replaced replaced current*
                    # an earlier correction stays behind a later one, too
                    C7:093000/0930 C8:day/1105               | replaced current*
                    # OBR-22 in one of them only
                    F5:-/0900 C7:0800/0930                   | replaced current*
                    F5:-/0900 F7:0800/0930                   | replaced current*
                    F5:083000/0831 C7:-/0930                 | replaced current*
                    # no time that could be read in the correction
                    F5:083000/0831 C7:-/-                    | late current*
                    F5:-/0831 C7:-/-                         | late current*
                    F5:-/0900 C7:0800/0900                   | late current*
                    # what comes again is late as ever
                    F5:083000/0831 C7:day/0930 F5:083000/1200  | replaced current* late
                    F5:083000/0831 C7:day/0930 F7:083000/1200  | replaced current* repeat
                    # what is new replaces the correction
                    C7:day/0930 F8:110000/1105               | replaced current*
                    C7:0800/0805 F8:-/0900                   | replaced current*
                    # a confirmation leaves it as it is
                    F5:083000/0831 C7:day/0930 V7:day/1000   | replaced replaced* current*
                    # ⚠ what was withdrawn does not come back
                    F5:083000/0831 D:day/0930                | withdrawn withdrawal
                    F5:-/0900 W:0800/0930                    | withdrawn withdrawal
                    F5:083000/0831 D:-/-                     | not-applied withdrawal
                    D:day/0930 F6:110000/1105                | withdrawal current*
                    """)
    void aCorrectionStaysHoweverExactlyTimesWereSent(String history, String expected) {
        var versions = new ArrayList<Version>();
        for (var word : history.strip().split("\\s+", -1)) {
            var parts = word.split("[:/]", -1);
            var status = ObservationStatus.of(parts[0].substring(0, 1)).orElseThrow();
            versions.add(
                    new Version(
                            versions.size() + 1,
                            versions.size() + 1,
                            status,
                            parts[0].substring(1),
                            false,
                            new ContentHash().add(parts[0].substring(1)).value(),
                            new Said(
                                    time(parts[1]),
                                    switch (parts[1].length()) {
                                        case 3 -> MIDNIGHT.plusSeconds(86_399);
                                        case 4 -> MIDNIGHT.plusSeconds(seconds(parts[1]) + 59);
                                        default -> null;
                                    },
                                    time(parts[2]),
                                    "M")));
        }

        assertThat(standings(versions)).isEqualTo(expected.strip());
        assertThat(Timeline.arrange(versions.reversed())).isEqualTo(Timeline.arrange(versions));
    }

    private static final Instant MIDNIGHT = Instant.parse("2026-11-03T00:00:00Z");

    private static @Nullable Instant time(String text) {
        if (text.equals("-")) return null;
        return text.equals("day") ? MIDNIGHT : MIDNIGHT.plusSeconds(seconds(text));
    }

    private static int seconds(String text) {
        int seconds = text.length() > 4 ? Integer.parseInt(text.substring(4)) : 0;
        return Integer.parseInt(text.substring(0, 2)) * 3600
                + Integer.parseInt(text.substring(2, 4)) * 60
                + seconds;
    }

    /**
     * HL7-RULES §4 ⚠: the corrected value again as F is a repeat only where its flags, range and
     * notes were said before; {@code 7'} is a 7 with another flag.
     */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    C7 F7'            | replaced current*
                    A7 F7'            | replaced current
                    V7 F7'            | replaced current
                    F5 C7 F7'         | replaced replaced* current*
                    F5 C7 F7' F7      | replaced replaced* current* repeat
                    F5 C7 F7' F7'     | replaced replaced* current* repeat
                    F5 C7 F7' F5      | replaced replaced* current* late
                    F7 C7' F7         | replaced current repeat
                    F7 F7'            | replaced current
                    F5 F7 F7'         | replaced replaced* current*
                    """)
    void aNewFlagOnTheSameValueIsCurrentAfterACorrection(String history, String expected) {
        var versions = new ArrayList<Version>();
        for (var word : history.strip().split(" ", -1))
            versions.add(
                    new Version(
                            versions.size() + 1,
                            versions.size() + 1,
                            ObservationStatus.of(word.substring(0, 1)).orElseThrow(),
                            word.substring(1, 2),
                            false,
                            new ContentHash().add(word.substring(1)).value(),
                            new Said(null, NOON.plusSeconds(60L * versions.size()), "M")));

        assertThat(standings(versions)).isEqualTo(expected.strip());
    }

    /** MSH-10 ends ties: laboratories count it up. */
    @ParameterizedTest
    @CsvSource({
        "LAB9, LAB10",
        "9, 10",
        "A-099, A-100",
        "LAB09, LAB9",
        "A, B",
        "A1B9, A1B10",
        "A1, A1B",
        "'', 0",
        "20261103-2, 20261103-11",
        "99999999999999999999, 100000000000000000000"
    })
    void controlIdsAreInTheOrderThatTheyAreCountedIn(String one, String next) {
        assertThat(ControlIds.IN_SEQUENCE.compare(one, next)).isNegative();
        assertThat(ControlIds.IN_SEQUENCE.compare(next, one)).isPositive();
        assertThat(ControlIds.IN_SEQUENCE.compare(one, one)).isZero();
    }

    @Test
    void ofTwoFinalsOfOneMinuteTheOneCountedLaterIsCurrent() {
        var ninth = tied(1, "5", "LAB9");
        var tenth = tied(2, "6", "LAB10");

        assertThat(Timeline.current(List.of(tenth, ninth))).isEqualTo(tenth);
    }

    private static Version tied(long id, String value, String controlId) {
        return new Version(
                id,
                id,
                ObservationStatus.FINAL,
                value,
                false,
                new ContentHash().add(value).value(),
                new Said(null, NOON, controlId));
    }
}
