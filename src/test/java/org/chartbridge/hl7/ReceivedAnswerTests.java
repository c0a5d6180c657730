package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.hl7.ReceivedAnswer.Finding;
import org.junit.jupiter.api.Test;

/** Acknowledgements of all versions, and what is none. */
class ReceivedAnswerTests {
    private static final String MSH = "MSH|^~\\&|A|B|C|D|20261122||ACK^R01^ACK|1|P|2.5.1\r";

    @Test
    void anAcceptedMessageHasACodeAndItsControlId() {
        var answer = read(MSH + "MSA|AA|X-1\r");

        assertThat(answer).isEqualTo(new ReceivedAnswer("AA", "X-1", "", java.util.List.of()));
        assertThat(answer.verdict()).isEqualTo("accepted");
    }

    /** An alert about what is ordered: the message is charted all the same. */
    @Test
    void acceptedWithAWarningThatIsNoFaultIsWarned() {
        var warned = read(MSH + "MSA|AA|1\rERR||RXO^1|0^x^HL70357|W|allergy-conflict|||why\r");

        assertThat(warned.verdict()).isEqualTo("warned");
        assertThat(warned.held()).isFalse();
        assertThat(warned.positive()).isTrue();
    }

    @Test
    void acceptedWithAWarningIsHeldAndWithANoteIsNot() {
        var held = read(MSH + "MSA|AA|1\rERR||PID^1^3|204^x^HL70357|W|patient-unknown|||why\r");
        var noted = read(MSH + "MSA|CA|1\rERR|||0^x^HL70357|I|not-charted|||why\r");

        assertThat(held.verdict()).isEqualTo("held");
        assertThat(held.positive()).isTrue();
        assertThat(noted.verdict()).isEqualTo("accepted");
    }

    @Test
    void everyErrIsReadWithItsPlace() {
        var answer =
                read(
                        MSH
                                + "MSA|AE|1|words\r"
                                + "ERR||OBX^2^3|101^Required field"
                                + " missing^HL70357|E|result-code-missing|||say which test\r"
                                + "ERR||PID^1^3^2^4^1|207|E||||\r");

        assertThat(answer.findings())
                .containsExactly(
                        new Finding(
                                "OBX[2]-3",
                                "101",
                                "Required field missing",
                                "E",
                                "result-code-missing",
                                "say which test"),
                        new Finding("PID[1]-3[2].4.1", "207", "", "E", "", ""));
    }

    @Test
    void before25TheFindingsAreRepetitionsOfErr1() {
        var answer =
                read(
                        "MSH|^~\\&|A|B|C|D|1||ACK|1|P|2.3\r"
                                + "MSA|AR|1|not for us\r"
                                + "ERR|PID^1^3^101&Required field"
                                + " missing&HL70357~^^^207&Internal&HL70357\r");

        assertThat(answer.words()).isEqualTo("not for us");
        assertThat(answer.findings())
                .containsExactly(
                        new Finding("PID[1]-3", "101", "Required field missing", "E", "", ""),
                        new Finding("", "207", "Internal", "E", "", ""));
    }

    @Test
    void aPlaceThatIsNoPlaceDoesNoHarm() {
        var answer = read(MSH + "MSA|AE|1\rERR||OBX^first^99999999999|x|E\r");

        assertThat(answer.findings()).containsExactly(new Finding("OBX", "x", "", "E", "", ""));
    }

    @Test
    void anUnknownCodeIsNeverPositive() {
        assertThat(read(MSH + "MSA|OK|1\r").positive()).isFalse();
        assertThat(read(MSH + "MSA||1\r").verdict()).isEqualTo("not understood");
    }

    @Test
    void whatIsNoAcknowledgementIsNotRead() {
        assertThat(ReceivedAnswer.read("HTTP/1.1 400".getBytes(UTF_8), UTF_8)).isEmpty();
        assertThat(ReceivedAnswer.read(MSH.getBytes(UTF_8), UTF_8)).isEmpty();
        assertThat(ReceivedAnswer.read(new byte[0], UTF_8)).isEmpty();
    }

    private static ReceivedAnswer read(String answer) {
        return ReceivedAnswer.read(answer.getBytes(UTF_8), UTF_8).orElseThrow();
    }
}
