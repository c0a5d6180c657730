package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Several messages in one frame (HL7-RULES §2; std 2.10.3). */
class BatchTests {
    private static final String FHS = "FHS|^~\\&|LIS|LAB|EMR|CLINIC|20260101||||F7\r";
    private static final String BHS = "BHS|^~\\&|LIS|LAB|EMR|CLINIC|20260101||||B7\r";

    @Test
    void anOrdinaryMessageIsNoBatch() {
        assertThat(batch(Samples.RESULT)).isEmpty();
        assertThat(batch("\r\n" + Samples.RESULT)).isEmpty();
        assertThat(batch(Samples.MSH)).isEmpty();
        assertThat(batch("")).isEmpty();
        assertThat(batch("GET / HTTP/1.1\r\n\r\n")).isEmpty();
    }

    /** A line MSH without a delimiter begins no message. */
    @Test
    void aSegmentNameAloneBeginsNoMessage() {
        assertThat(batch(Samples.RESULT + "AL1\rMSH\rNK1\r")).isEmpty();
        assertThat(batch(Samples.RESULT + "FTSX|1\r")).isEmpty();
    }

    @Test
    void messagesBehindEachOtherAreTakenApart() {
        var batch = batch(message("1") + "\r\n" + message("2")).orElseThrow();

        assertThat(texts(batch)).containsExactly(bare(message("1")), bare(message("2")));
        assertThat(batch.envelope()).isEmpty();
        assertThat(batch.faults()).isEmpty();
    }

    @Test
    void anEnvelopeIsSetApartFromItsMessages() {
        var batch = batch(FHS + BHS + message("1") + message("2") + "BTS|2\rFTS|1\r").orElseThrow();

        assertThat(texts(batch)).containsExactly(bare(message("1")), bare(message("2")));
        assertThat(new String(batch.envelope(), StandardCharsets.UTF_8))
                .isEqualTo(FHS + BHS + "BTS|2\rFTS|1\r");
        assertThat(batch.faults()).isEmpty();
    }

    @Test
    void countsAreVerified() {
        assertThat(faults(BHS + message("1") + "BTS|2\r"))
                .containsExactly("W BTS[1]-1 batch-count-differs");
        assertThat(faults(FHS + BHS + message("1") + "BTS|1\rFTS|2\r"))
                .containsExactly("W FTS[1]-1 batch-count-differs");
        assertThat(
                        faults(
                                FHS
                                        + BHS
                                        + message("1")
                                        + "BTS|1\r"
                                        + BHS
                                        + message("2")
                                        + message("3")
                                        + "BTS|1\rFTS|2\r"))
                .containsExactly("W BTS[2]-1 batch-count-differs");
        assertThat(faults(BHS + "BTS|0\r")).isEmpty();
        assertThat(faults(BHS + message("1") + "BTS\r")).isEmpty();
        assertThat(faults(BHS + message("1") + "BTS|many\r")).isEmpty();
        assertThat(faults(FHS + message("1") + message("2") + "FTS|1\r")).isEmpty();
    }

    @Test
    void missingTrailersAreRemarked() {
        assertThat(faults(BHS + message("1"))).containsExactly("I BTS[1] batch-trailer-missing");
        assertThat(faults(FHS + BHS + message("1")))
                .containsExactly(
                        "I BTS[1] batch-trailer-missing", "I FTS[1] batch-trailer-missing");
        assertThat(faults(BHS + message("1") + BHS + message("2") + "BTS|1\r"))
                .containsExactly("I BTS[1] batch-trailer-missing");
    }

    @Test
    void moreMessagesThanTheLimitAreNotTakenApart() {
        var one = "MSH|^~\\&\r";

        assertThat(batch(one.repeat(Batch.MAX_MESSAGES))).isPresent();
        assertThat(batch(one.repeat(Batch.MAX_MESSAGES + 1))).isEmpty();
        assertThat(Samples.reasons(Samples.message(one.repeat(Batch.MAX_MESSAGES + 1))))
                .contains("E several-messages");
    }

    // ------------------------------------------------------------ the answer

    @Test
    void theAnswerHasTheEnvelopeOfTheRequest() {
        var batch = batch(FHS + BHS + message("1") + message("2") + "BTS|2\rFTS|1\r").orElseThrow();

        var answer = answer(batch, "MSH1\rMSA|AA|1\r", "MSH2\r");

        assertThat(answer)
                .hasValue(
                        "FHS|^~\\&|EMR|CLINIC|LIS|LAB|20260102030405+0000||||CB9|F7\r"
                                + "BHS|^~\\&|EMR|CLINIC|LIS|LAB|20260102030405+0000||||CB9|B7\r"
                                + "MSH1\rMSA|AA|1\rMSH2\rBTS|2\rFTS|1\r");
    }

    @Test
    void onlyTheMessagesThatAskAreAnswered() {
        var batch = batch(BHS + message("1") + message("2")).orElseThrow();

        assertThat(answer(batch, "", "MSH2\r").orElseThrow()).endsWith("|CB9|B7\rMSH2\rBTS|1\r");
        assertThat(answer(batch, "", "")).isEmpty();
    }

    @Test
    void withoutAnEnvelopeTheAnswersStandBehindEachOther() {
        var batch = batch(message("1") + message("2")).orElseThrow();

        assertThat(answer(batch, "MSH1\r", "MSH2\r")).hasValue("MSH1\rMSH2\r");
    }

    @Test
    void aWrongCountIsToldInWords() {
        var batch = batch(BHS + message("1") + "BTS|2\r").orElseThrow();

        assertThat(answer(batch, "MSH1\r").orElseThrow())
                .contains("BTS|1|BTS-1 says 2 messages and 1 came");
    }

    /** An empty batch is answered by an empty batch, because its sender waits. */
    @Test
    void anEmptyBatchIsAnswered() {
        var batch = batch(BHS + "BTS|0\r").orElseThrow();

        assertThat(answer(batch).orElseThrow()).startsWith("BHS|").endsWith("BTS|0\r");
    }

    /** The answer for those of its messages; "" for one without an acknowledgement. */
    private static Optional<String> answer(Batch batch, String... answers) {
        var all =
                Stream.of(answers)
                        .map(a -> Optional.of(a).filter(t -> !t.isEmpty()).map(Samples::utf8))
                        .toList();
        return BatchAnswer.of(
                        batch,
                        all,
                        batch.faults(),
                        "CB9",
                        Instant.parse("2026-01-02T03:04:05Z"),
                        ZoneOffset.UTC)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static List<String> faults(String text) {
        return batch(text).orElseThrow().faults().stream()
                .map(f -> f.severity() + " " + f.location() + " " + f.reason())
                .toList();
    }

    private static List<String> texts(Batch batch) {
        return batch.messages().stream()
                .map(raw -> new String(raw, StandardCharsets.UTF_8))
                .toList();
    }

    private static Optional<Batch> batch(String text) {
        return Batch.of(Samples.utf8(text));
    }

    private static String message(String id) {
        return Samples.RESULT.replace("|4711|", "|" + id + "|");
    }

    private static String bare(String message) {
        return message.substring(0, message.length() - 1);
    }
}
