package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.Timeline.Version;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;

/**
 * Every move of OBX-11 (table 0085, HL7-RULES §4): from nothing and from each of 15 statuses, the
 * row, to each of 15, the column; with the same value or another, said earlier, at the same time
 * (and the next MSH-10) or later: 1,440 cases. What stands in a cell is where the second statement
 * stands.
 *
 * <pre>
 * +  current                          <  replaced by the first, which came later in order
 * !  current, and flagged             =  a repeat of the first
 * l  late: kept as history            x  not applied: kept, never shown as current
 * .  not shown (N, O)                 v  withdrawn by the first (D, W)
 * w  withdraws the first, or is ready to: nothing is current
 * k  withdraws what came before the first, which stays current
 * </pre>
 *
 * <p>Long because it is the table.
 */
class StatusMovesTests {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String LETTERS = "IRPSFCABVUXNODW";
    private static final char NOTHING = ' ';

    @Test
    void theSameValueSaidEarlier() {
        assertThat(grid("5", 0))
                .isEqualTo(
                        """
                              I R P S F C A B V U X N O D W
                        none  + + + + + + + + + + + . . w w
                           I  + < < < + + + + + + + . . w w
                           R  < + < < + + + + + + + . . w w
                           P  < < + < + + + + + + + . . w w
                           S  < < < + + + + + + + + . . w w
                           F  < < < < + + + + + + < . . k k
                           C  < < < < < + < < < < < . . k k
                           A  < < < < < < + < < < < . . k k
                           B  < < < < < < < + < < < . . k k
                           V  < < < < < < < < + < < . . k k
                           U  < < < < < < < < < + < . . k k
                           X  < < < < + + + + + + + . . k k
                           N  + + + + + + + + + + + . . w w
                           O  + + + + + + + + + + + . . w w
                           D  v v v v v v v v v v v . . w w
                           W  v v v v v v v v v v v . . w w
                        """);
    }

    @Test
    void theSameValueSaidAtTheSameTime() {
        assertThat(grid("5", 1))
                .isEqualTo(
                        """
                              I R P S F C A B V U X N O D W
                        none  + + + + + + + + + + + . . w w
                           I  = + + + + + + + + + + . . w w
                           R  < = + + + + + + + + + . . w w
                           P  < < = + + + + + + + + . . w w
                           S  < < < = + + + + + + + . . w w
                           F  < < < < = + + + + + < . . w w
                           C  < < < < < = < < < < < . . w w
                           A  < < < < < + = < < < < . . w w
                           B  < < < < < + + = < < < . . w w
                           V  < < < < < + + + = + < . . w w
                           U  < < < < < + + + + = < . . w w
                           X  < < < < ! ! ! ! ! ! = . . w w
                           N  + + + + + + + + + + + . . w w
                           O  + + + + + + + + + + + . . w w
                           D  v v v v v v v v v v v . . w w
                           W  v v v v v v v v v v v . . w w
                        """);
    }

    /** ⚠ A confirmed value is no correction; C → F with the corrected value is a repeat. */
    @Test
    void theSameValueSaidLater() {
        assertThat(grid("5", 2))
                .isEqualTo(
                        """
                              I R P S F C A B V U X N O D W
                        none  + + + + + + + + + + + . . w w
                           I  = + + + + + + + + + + . . w w
                           R  + = + + + + + + + + + . . w w
                           P  + + = + + + + + + + + . . w w
                           S  + + + = + + + + + + + . . w w
                           F  l l l l = + + + + + x . . w w
                           C  l l l l = = + + + + x . . w w
                           A  l l l l = + = + + + x . . w w
                           B  l l l l = + + = + + x . . w w
                           V  l l l l = + + + = + x . . w w
                           U  l l l l = + + + + = x . . w w
                           X  x x x x ! ! ! ! ! ! = . . w w
                           N  + + + + + + + + + + + . . w w
                           O  + + + + + + + + + + + . . w w
                           D  x x x x ! ! ! ! ! ! ! . . w w
                           W  x x x x ! ! ! ! ! ! ! . . w w
                        """);
    }

    @Test
    void anotherValueSaidEarlier() {
        assertThat(grid("6", 0))
                .isEqualTo(
                        """
                              I R P S F C A B V U X N O D W
                        none  + + + + + + + + + + + . . w w
                           I  < < < < + + + + + + + . . w w
                           R  < < < < + + + + + + + . . w w
                           P  < < < < + + + + + + + . . w w
                           S  < < < < + + + + + + + . . w w
                           F  < < < < < < < < < < < . . k k
                           C  < < < < < < < < < < < . . k k
                           A  < < < < < < < < < < < . . k k
                           B  < < < < < < < < < < < . . k k
                           V  < < < < < < < < < < < . . k k
                           U  < < < < < < < < < < < . . k k
                           X  < < < < + + + + + + < . . k k
                           N  + + + + + + + + + + + . . w w
                           O  + + + + + + + + + + + . . w w
                           D  v v v v v v v v v v v . . w w
                           W  v v v v v v v v v v v . . w w
                        """);
    }

    @Test
    void anotherValueSaidAtTheSameTime() {
        assertThat(grid("6", 1))
                .isEqualTo(
                        """
                              I R P S F C A B V U X N O D W
                        none  + + + + + + + + + + + . . w w
                           I  + + + + + + + + + + + . . w w
                           R  < + + + + + + + + + + . . w w
                           P  < < + + + + + + + + + . . w w
                           S  < < < + + + + + + + + . . w w
                           F  < < < < ! ! ! ! ! ! < . . w w
                           C  < < < < < ! < < < < < . . w w
                           A  < < < < < ! ! < < < < . . w w
                           B  < < < < < ! ! ! < < < . . w w
                           V  < < < < < ! ! ! ! ! < . . w w
                           U  < < < < < ! ! ! ! ! < . . w w
                           X  < < < < ! ! ! ! ! ! + . . w w
                           N  + + + + + + + + + + + . . w w
                           O  + + + + + + + + + + + . . w w
                           D  v v v v v v v v v v v . . w w
                           W  v v v v v v v v v v v . . w w
                        """);
    }

    /** ⚠ From a final, nothing preliminary and no X; after D and W only a flagged final. */
    @Test
    void anotherValueSaidLater() {
        assertThat(grid("6", 2))
                .isEqualTo(
                        """
                              I R P S F C A B V U X N O D W
                        none  + + + + + + + + + + + . . w w
                           I  + + + + + + + + + + + . . w w
                           R  + + + + + + + + + + + . . w w
                           P  + + + + + + + + + + + . . w w
                           S  + + + + + + + + + + + . . w w
                           F  l l l l ! ! ! ! ! ! x . . w w
                           C  l l l l ! ! ! ! ! ! x . . w w
                           A  l l l l ! ! ! ! ! ! x . . w w
                           B  l l l l ! ! ! ! ! ! x . . w w
                           V  l l l l ! ! ! ! ! ! x . . w w
                           U  l l l l ! ! ! ! ! ! x . . w w
                           X  x x x x ! ! ! ! ! ! + . . w w
                           N  + + + + + + + + + + + . . w w
                           O  + + + + + + + + + + + . . w w
                           D  x x x x ! ! ! ! ! ! ! . . w w
                           W  x x x x ! ! ! ! ! ! ! . . w w
                        """);
    }

    // ------------------------------------------------------------ the grid

    private static String grid(String value, int minute) {
        var grid = new StringBuilder("      " + String.join(" ", LETTERS.split("")) + "\n");
        for (char before : (NOTHING + LETTERS).toCharArray()) {
            grid.append(before == NOTHING ? "none " : "   " + before + " ");
            for (char after : LETTERS.toCharArray())
                grid.append(' ').append(cell(before, after, value, minute));
            grid.append('\n');
        }
        return grid.toString();
    }

    /** The first statement says 5 at minute 1. */
    private static char cell(char before, char after, String value, int minute) {
        var versions = new ArrayList<Version>();
        if (before != NOTHING) versions.add(version(1, before, "5", 1));
        versions.add(version(2, after, value, minute));
        var places = Timeline.arrange(versions);
        var first = places.get(1L);
        var second = Objects.requireNonNull(places.get(2L));
        return switch (second.standing()) {
            case CURRENT -> second.corrected() ? '!' : '+';
            case REPLACED -> '<';
            case LATE -> 'l';
            case REPEAT -> '=';
            case NOT_APPLIED -> 'x';
            case NOT_SHOWN -> '.';
            case WITHDRAWN -> 'v';
            case WITHDRAWAL -> first != null && first.standing() == Standing.CURRENT ? 'k' : 'w';
        };
    }

    private static Version version(long id, char letter, String value, int minute) {
        var status = String.valueOf(letter);
        return new Version(
                id,
                id * 100,
                ObservationStatus.of(status).orElseThrow(),
                value,
                false,
                new ContentHash().add(value).value(),
                new Said(null, NOON.plusSeconds(60L * minute), "M" + id));
    }
}
