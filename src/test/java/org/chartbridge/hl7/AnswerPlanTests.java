package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.AnswerTable;
import org.chartbridge.AnswerTable.Asked;
import org.chartbridge.AnswerTable.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** HL7-RULES §1: which answers a message gets. */
class AnswerPlanTests {

    @ParameterizedTest
    @EnumSource
    void eachOfThe25CombinationsIsAnsweredByTheTable(AckMode mode) {
        assertThat(AnswerTable.combinations()).hasSize(25).doesNotHaveDuplicates();
        for (var asked : AnswerTable.combinations())
            for (var outcome : Outcome.values()) {
                var due = plan(asked, mode).due(verdict(outcome));

                assertThat(new AnswerTable.Due(name(due.now()), name(due.later())))
                        .as("%s, ack: %s, %s", asked, mode, outcome)
                        .isEqualTo(AnswerTable.due(mode.name(), asked, outcome));
            }
    }

    @Test
    void theHelpPageShowsTheSameTable() throws IOException {
        assertThat(Files.readString(Path.of("src/docs/acknowledgements.md")))
                .contains(String.join("\n", AnswerTable.markdown()));
    }

    /** Only what was asked beside an accept acknowledgement is still due once that was given. */
    @Test
    void whatIsStoredFirstOwesTheApplicationAcknowledgementOnly() {
        for (var asked : AnswerTable.combinations())
            for (var outcome : new Outcome[] {Outcome.TAKEN, Outcome.CONTENT_AT_FAULT}) {
                var due = plan(asked, AckMode.AUTO).afterStoring().due(verdict(outcome));

                assertThat(due.now()).isNull();
                assertThat(name(due.later()))
                        .as("%s, %s", asked, outcome)
                        .isEqualTo(AnswerTable.due("AUTO", asked, outcome).later());
            }
    }

    @ParameterizedTest
    @CsvSource({
        "Y, NE, CA", // Not in table 0155: somebody waits for an answer.
        "\"\", \"\", ''", // Deleted is as good as never.
        "al, NE, CA"
    })
    void whatTheTableDoesNotKnowIsReadAsMeant(String accept, String application, String code) {
        var due = plan(new Asked(accept, application), AckMode.AUTO).due(Verdict.ACCEPT);

        assertThat(name(due.now())).isEqualTo(code);
        assertThat(due.later()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"ACK", "ACK^R01^ACK", "MCF^Q02", "NAK", "NACK"})
    void anAcknowledgementIsNotAcknowledged(String type) {
        for (var mode : AckMode.values())
            for (var verdict : Verdict.values())
                for (var application : new String[] {"", "NE", "AL"})
                    assertThat(plan(type, new Asked("", application), mode).due(verdict))
                            .isEqualTo(new AnswerPlan.Due(null, null));
    }

    @Test
    void anAcknowledgementThatAsksWhetherItArrivedIsTold() {
        var plan = plan("ACK^R01^ACK", new Asked("AL", "NE"), AckMode.AUTO);

        assertThat(plan.due(Verdict.ACCEPT)).isEqualTo(new AnswerPlan.Due(AckCode.CA, null));
    }

    @Test
    void notEvenThatWhereThePartnerHasNoAcceptAcknowledgements() {
        for (var mode : new AckMode[] {AckMode.ORIGINAL, AckMode.NONE})
            assertThat(plan("ACK", new Asked("AL", "AL"), mode).due(Verdict.ACCEPT).now()).isNull();
    }

    private static Verdict verdict(Outcome outcome) {
        return switch (outcome) {
            case TAKEN -> Verdict.ACCEPT;
            case CONTENT_AT_FAULT -> Verdict.ERROR;
            case NOT_FOR_US -> Verdict.REJECT;
            case WITHOUT_ID -> Verdict.UNIDENTIFIED;
            case UNAVAILABLE -> Verdict.UNAVAILABLE;
        };
    }

    private static AnswerPlan plan(Asked asked, AckMode mode) {
        return plan("ORU^R01^ORU_R01", asked, mode);
    }

    private static AnswerPlan plan(String type, Asked asked, AckMode mode) {
        var msh = Samples.MSH.replace("ORU^R01^ORU_R01", type);
        assertThat(msh).contains("|" + type + "|");
        return AnswerPlan.of(
                Header.read(Samples.utf8(msh + "|||" + asked.accept() + "|" + asked.application()))
                        .orElseThrow(),
                mode);
    }

    private static String name(@Nullable AckCode code) {
        return code == null ? "" : code.name();
    }
}
