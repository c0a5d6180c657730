package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.bench.ChartedMessages.Entry;
import org.chartbridge.bench.ChartedMessages.Report;
import org.chartbridge.bench.ChartedMessages.Value;
import org.chartbridge.bench.Ledger.Noted;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The checker finds every way in which a promise can be broken; else it would prove nothing. */
class KillCheckTests {
    private static final long NUMBER = BenchMessages.FIRST;

    private final List<Entry> entries = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();

    @Test
    void anAcknowledgedMessageThatIsThereOnceIsWell() {
        charted(1, "A-1", "AF1");

        assertThat(problems(noted("A-1", "AF1", "AA", false))).isEmpty();
    }

    @Test
    void anUnansweredMessageMayBeThereOrNot() {
        charted(1, "A-1", "AF1");

        assertThat(problems(noted("A-1", "AF1", "", false), noted("A-2", "AF2", "", false)))
                .isEmpty();
    }

    @Test
    void anAcknowledgedMessageThatIsNotThereIsLost() {
        assertThat(problems(noted("A-1", "AF1", "AA", false)))
                .containsExactly("A-1: acknowledged and lost");
    }

    @Test
    void aMessageTwiceInTheJournalIsFound() {
        charted(1, "A-1", "AF1");
        entries.add(new Entry(2, "A-1", "charted", "hash"));

        assertThat(problems(noted("A-1", "AF1", "", true))).contains("A-1: 2 times in the journal");
    }

    @Test
    void valuesChartedTwiceOrNotAllAreFound() {
        charted(1, "A-1", "AF1");
        values.add(values.getFirst());
        charted(2, "A-2", "AF2");
        values.removeLast();

        assertThat(problems(noted("A-1", "AF1", "AA", false), noted("A-2", "AF2", "", false)))
                .containsExactly("A-1: 11 values, wanted 10", "A-2: 9 values, wanted 10");
    }

    @Test
    void aWrongValueIsFound() {
        charted(1, "A-1", "AF1");
        values.set(3, new Value(1, BenchMessages.TESTS.get(3).code(), "0", "current"));

        assertThat(problems(noted("A-1", "AF1", "AA", false)))
                .containsExactly("A-1: other values are charted than were sent");
    }

    @Test
    void aSecondVersionOfAReportIsFound() {
        charted(1, "A-1", "AF1");
        reports.add(new Report(7, "AF1", "repeat"));

        assertThat(problems(noted("A-1", "AF1", "AA", false)))
                .containsExactly("A-1: 2 reports, wanted 1 of its own");
    }

    @Test
    void otherBytesThanWereSentAreFound() {
        charted(1, "A-1", "AF1");
        entries.set(0, new Entry(1, "A-1", "charted", "other"));

        assertThat(problems(noted("A-1", "AF1", "AA", false)))
                .containsExactly("A-1: other bytes are kept than were sent");
    }

    @Test
    void anEntryThatIsNotChartedIsFound() {
        entries.add(new Entry(1, "A-1", "received", "hash"));

        assertThat(problems(noted("A-1", "AF1", "AA", false)))
                .contains("A-1: is received, wanted charted");
    }

    @Test
    void factsWithoutAJournalEntryAreFound() {
        charted(1, "A-1", "AF1");
        entries.clear();

        assertThat(problems(noted("A-1", "AF1", "", false)))
                .containsExactly(
                        "A-1: not in the journal but in the chart",
                        "10 values belong to no entry of the journal");
    }

    @Test
    void whatNobodySentIsFound() {
        charted(1, "A-9", "AF9");

        assertThat(problems())
                .containsExactly(
                        "A-9: in the journal, and nobody sent it",
                        "AF9: in the chart, and nobody sent it");
    }

    @Test
    void aNegativeAnswerOrNoneAfterTheRestartIsFound() {
        assertThat(problems(noted("A-1", "AF1", "AE", false), noted("A-2", "AF2", "", true)))
                .containsExactly(
                        "A-1: answered AE, wanted AA",
                        "A-2: sent again after the restart and not answered");
    }

    private void charted(long entryId, String controlId, String order) {
        entries.add(new Entry(entryId, controlId, "charted", "hash"));
        reports.add(new Report(entryId, order, "current"));
        for (var n = 0; n < 10; n++) {
            var code = BenchMessages.TESTS.get(n).code();
            values.add(new Value(entryId, code, BenchMessages.value(NUMBER, n), "current"));
        }
    }

    private static Noted noted(String controlId, String order, String code, boolean resent) {
        var sent = IntStream.range(0, 10).mapToObj(n -> BenchMessages.value(NUMBER, n)).toList();
        return new Noted(controlId, order, "hash", sent, code, resent);
    }

    private List<String> problems(Noted... noted) {
        return KillCheck.problems(List.of(noted), new ChartedMessages(entries, reports, values));
    }
}
