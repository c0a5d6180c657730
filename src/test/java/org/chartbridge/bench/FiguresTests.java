package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.chartbridge.bench.LoadRun.Loaded;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Numbers that are read from elsewhere, and the comparison of answers with rows. */
class FiguresTests {
    private static final String ACK = "MSH|^~\\&|A|B|||1||ACK^R01^ACK|CB1|P|2.5.1\rMSA|AA|A-1\r";

    @Test
    void anAnswersCodeIsReadWhenItIsToThisMessage() {
        assertThat(code(ACK, "A-1")).isEqualTo("AA");
        assertThat(code(ACK.replace("AA", "AE"), "A-1")).isEqualTo("AE");
        assertThat(code(ACK.replace("A-1", "A-1|words"), "A-1")).isEqualTo("AA");
    }

    @Test
    void anAnswerToAnotherMessageIsNotCountedAsOurs() {
        assertThat(code(ACK, "A-2")).isEqualTo(AnswerCode.OTHER_MESSAGE);
        assertThat(code(ACK, "A-")).isEqualTo(AnswerCode.OTHER_MESSAGE);
        assertThat(code(ACK, "A-11")).isEqualTo(AnswerCode.OTHER_MESSAGE);
        assertThat(code("MSH|", "A-1")).isEqualTo(AnswerCode.UNREADABLE);
        assertThat(code("", "A-1")).isEqualTo(AnswerCode.UNREADABLE);
    }

    @Test
    void theTimeOfAStageIsDividedByTheMessagesThatWentThroughIt() {
        var before =
                Metrics.read(
                        """
                        # HELP chartbridge_stage_seconds time
                        chartbridge_stage_seconds_sum{stage="read"} 1.0
                        chartbridge_stage_seconds_count{stage="read"} 1000
                        chartbridge_stage_seconds_sum{stage="write"} 2.0
                        chartbridge_stage_seconds_count{stage="write"} 10
                        chartbridge_group_messages_sum 1000.0
                        chartbridge_group_messages_count 10
                        """);
        var after =
                Metrics.read(
                        """
                        chartbridge_stage_seconds_sum{stage="read"} 1.5
                        chartbridge_stage_seconds_count{stage="read"} 1500
                        chartbridge_stage_seconds_sum{stage="write"} 3.0
                        chartbridge_stage_seconds_count{stage="write"} 30
                        chartbridge_group_messages_sum 1500.0
                        chartbridge_group_messages_count 30
                        jvm_memory_used_bytes{area="heap",id="a"} 1.0E8
                        jvm_memory_used_bytes{area="heap",id="b"} 5
                        jvm_memory_used_bytes{area="nonheap",id="c"} 7
                        """);

        assertThat(after.microsPerMessage(before).get("read")).isCloseTo(1_000, within(0.1));
        assertThat(after.microsPerMessage(before).get("write")).isCloseTo(2_000, within(0.1));
        assertThat(after.microsPerMessage(before).get("fold")).isZero();
        assertThat(after.meanGroup(before)).isEqualTo(25);
        assertThat(after.heapUsed()).isEqualTo(100_000_005);
    }

    @Test
    void withoutFiguresNothingIsInvented() {
        var broken = Metrics.read("not a metric\nname{x=\"y\"} NaNaN\n\n");

        assertThat(broken.values()).isEmpty();
        assertThat(broken.meanGroup(Metrics.NONE)).isZero();
        assertThat(broken.microsPerMessage(Metrics.NONE).values()).containsOnly(0.0);
    }

    @Test
    void rowsThatFitTheAnswersAgree() {
        var rows = new WrittenRows(Map.of("charted", 60L, "received", 40L), 100, 60, 600);

        assertThat(Agreement.disagreements(load(Map.of("AA", 100L), 100), rows)).isEmpty();
    }

    @Test
    void missingRowsNegativeAnswersAndLostConnectionsAreSaid() {
        var rows = new WrittenRows(Map.of("charted", 98L, "held", 1L), 98, 98, 979);

        assertThat(Agreement.disagreements(load(Map.of("AA", 100L, "AE", 2L), 103), rows))
                .containsExactly(
                        "entries in the journal: wanted 100 to 101, got 99",
                        "raw messages: wanted 99, got 98",
                        "entries charted or waiting: wanted 99, got 98",
                        "observations: wanted 980, got 979",
                        "2 times AE",
                        "1 messages without an answer");
    }

    @Test
    void theTableShowsWhatWasFound() {
        var run =
                new BenchResult.Run(
                        "charted",
                        load(Map.of("AA", 100L), 100),
                        java.util.Optional.empty(),
                        List.of(),
                        Map.of("read", 12.5),
                        30.5);
        var reference = new ReferenceInsert.Inserted(ReferenceInsert.Kind.CHARTED, 30, 2, 2, 400);

        var text =
                String.join(
                        "\n",
                        BenchTable.of(
                                new BenchResult(
                                        Map.of("processors", "2"),
                                        List.of(run),
                                        List.of(new BenchResult.Reference(reference, 0.25)),
                                        Map.of("heap used", 321L))));

        assertThat(text)
                .containsPattern("charted +64 +50 +1.00 +2.00 +3.00 +30.5  █+")
                .containsPattern("charted +200/s +\\(30 in a commit, 2 writers\\).* 25 %")
                .contains("not counted: the database is not known")
                .contains("read               12.5")
                .contains("321 heap used")
                .containsPattern("processors +2");
    }

    private static Loaded load(Map<String, Long> codes, long sent) {
        var answered = codes.values().stream().mapToLong(Long::longValue).sum();
        return new Loaded(64, 2, 100, codes, sent, sent - answered, 1, 2, 3);
    }

    private static String code(String answer, String controlId) {
        return AnswerCode.of(answer.getBytes(US_ASCII), controlId);
    }
}
