package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.Parent;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Standing;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where reports stand that go deeper into others. */
class FamiliesTests {
    private long ids;

    @Test
    void aChildStandsBehindItsParentWhicheverCameFirst() {
        var susceptibility = report("S", "C");
        var other = report("X", "");
        var culture = report("C", "");

        var all = List.of(susceptibility, other, culture);

        assertThat(Families.inOrder(all)).containsExactly(other, culture, susceptibility);
        assertThat(Families.parent(susceptibility, all)).isEqualTo(culture);
    }

    @Test
    void aChildOfAChildStandsBehindIt() {
        var a = report("A", "");
        var b = report("B", "A");
        var c = report("C", "B");
        var d = report("D", "A");

        assertThat(Families.inOrder(List.of(d, c, b, a))).containsExactly(a, d, b, c);
    }

    @Test
    void whatNamesAParentThatIsNotHereStandsByItself() {
        var lost = report("S", "C^LAB");

        assertThat(Families.inOrder(List.of(lost))).containsExactly(lost);
        assertThat(Families.parent(lost, List.of(lost))).isNull();
    }

    @Test
    void aRingAndOneThatNamesItselfAreShownOnce() {
        var one = report("A", "B");
        var other = report("B", "A");
        var self = report("C", "C");

        assertThat(Families.inOrder(List.of(one, other, self)))
                .containsExactlyInAnyOrder(one, other, self);
    }

    private ReportView report(String number, String parent) {
        return new ReportView(
                ++ids,
                ids,
                1,
                Standing.CURRENT,
                ids,
                Instant.EPOCH,
                "OBR[1]",
                new UUID(0, 1),
                "northlab",
                number,
                "",
                "X",
                "Test " + number,
                "L",
                null,
                "F",
                null,
                "",
                null,
                "C1",
                null,
                null,
                new Parent(parent, "", ""),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0);
    }
}
