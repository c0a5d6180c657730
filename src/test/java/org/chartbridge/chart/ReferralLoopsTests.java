package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Referrals joined with their answers (HL7-RULES §7). */
class ReferralLoopsTests {
    private static final UUID PERSON = UUID.randomUUID();

    private long ids;

    @ParameterizedTest
    @CsvSource({"accepted", "rejected", "pending", "expired"})
    void theAnswerIsHowTheReferralStands(String state) {
        assertThat(
                        shown(
                                said("emr", "R1^EMR", "", "requested", 8),
                                said("cardiology", "R1^EMR", "X9", state, 9)))
                .containsExactly("emr R1^EMR " + state + " [cardiology]");
    }

    @Test
    void anAnswerAloneIsShownAsItIs() {
        assertThat(shown(said("cardiology", "R1^EMR", "X9", "accepted", 9)))
                .containsExactly("cardiology R1^EMR accepted []");
    }

    @Test
    void aNumberWithoutItsNamespaceAgreesWithTheOneThatHasIt() {
        assertThat(
                        shown(
                                said("emr", "R1^EMR", "", "requested", 8),
                                said("cardiology", "R1", "X9", "accepted", 9)))
                .containsExactly("emr R1^EMR accepted [cardiology]");
    }

    @Test
    void aNumberThatTwoNamespacesHaveIsLeftAlone() {
        assertThat(
                        shown(
                                said("emr", "R1^EMR", "", "requested", 8),
                                said("clinic", "R1^CLINIC", "", "requested", 8),
                                said("cardiology", "R1", "X9", "accepted", 9)))
                .containsExactly(
                        "emr R1^EMR requested []",
                        "clinic R1^CLINIC requested []",
                        "cardiology R1 accepted []");
    }

    /** ⚠ What an answer calls it makes the number of who refers ambiguous for nobody. */
    @Test
    void theNamespaceOfAnAnswerIsNoneOfTwo() {
        assertThat(
                        shown(
                                said("emr", "R1^EMR", "", "requested", 8),
                                said("cardiology", "R1^HART", "", "pending", 9),
                                said("oncology", "R1", "", "accepted", 10)))
                .containsExactly("emr R1^EMR accepted [oncology]", "cardiology R1^HART pending []");
    }

    @Test
    void aQuestionAndAnAnswerThatDoesNotSayHowItStandsSayNothing() {
        assertThat(
                        shown(
                                said("emr", "R1", "", "", 12),
                                said("cardiology", "R1", "", "", 13),
                                said("emr", "R1", "", "cancelled", 11),
                                said("cardiology", "R1", "", "accepted", 9)))
                .containsExactly("emr R1 cancelled [cardiology, emr, cardiology]");
        assertThat(shown(said("emr", "R1", "", "", 12))).containsExactly("emr R1 requested []");
    }

    @Test
    void anAnswerByItsOwnNumberMeansTheReferralThatWasNamedWithIt() {
        assertThat(
                        shown(
                                said("emr", "R1", "", "requested", 8),
                                said("cardiology", "R1", "X9", "accepted", 9),
                                said("cardiology", "", "X9", "rejected", 10)))
                .containsExactly("emr R1 rejected [cardiology, cardiology]");
    }

    @Test
    void anotherPartnersOwnNumberMeansNothing() {
        assertThat(
                        shown(
                                said("emr", "R1", "", "requested", 8),
                                said("cardiology", "R1", "X9", "accepted", 9),
                                said("oncology", "", "X9", "rejected", 10)))
                .containsExactly("emr R1 accepted [cardiology]", "oncology  rejected []");
    }

    @Test
    void aRequestThatIsChangedAfterItsAnswerIsOpenAgain() {
        var loops =
                ReferralLoops.of(
                        List.of(
                                said("cardiology", "R1", "X9", "accepted", 9),
                                said("emr", "R1", "", "pending", 10)));

        assertThat(loops).singleElement().satisfies(loop -> assertThat(loop.isOpen()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({"8, 9, true", "9, 8, false"})
    void aReferralThatGoesOnAfterItWasCancelledSaysSo(int cancelled, int accepted, boolean odd) {
        var loops =
                ReferralLoops.of(
                        List.of(
                                said("emr", "R1", "", "cancelled", cancelled),
                                said("cardiology", "R1", "X9", "accepted", accepted)));

        assertThat(loops)
                .singleElement()
                .satisfies(loop -> assertThat(loop.isCancelledAndGoesOn()).isEqualTo(odd));
    }

    @Test
    void anyOrderOfTheSameStatementsGivesTheSame() {
        var said =
                new ArrayList<>(
                        List.of(
                                said("emr", "R1^EMR", "", "requested", 8),
                                said("cardiology", "R1", "X9", "accepted", 9),
                                said("cardiology", "", "X9", "rejected", 9),
                                said("emr", "R2^EMR", "", "cancelled", 9),
                                said("clinic", "R2^CLINIC", "", "requested", 9),
                                said("oncology", "R2", "", "accepted", 9)));
        var wanted = shown(said).stream().sorted().toList();
        var seed = System.nanoTime();
        System.out.println("ReferralLoopsTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            Collections.shuffle(said, random);

            assertThat(shown(said).stream().sorted()).as("seed " + seed).isEqualTo(wanted);
        }
    }

    private static List<String> shown(ReferralView... said) {
        return shown(List.of(said));
    }

    private static List<String> shown(List<ReferralView> said) {
        return ReferralLoops.of(said).stream()
                .map(
                        loop ->
                                String.join(
                                                " ",
                                                loop.referral().source().partner(),
                                                loop.referral().number(),
                                                loop.state())
                                        + " "
                                        + loop.answers().stream()
                                                .map(answer -> answer.source().partner())
                                                .toList())
                .toList();
    }

    private ReferralView said(
            String partner, String number, String external, String state, int hour) {
        return new ReferralView(
                ++ids,
                PERSON,
                true,
                number,
                external,
                state,
                "",
                "",
                "",
                "",
                new CodingView("", "", ""),
                "",
                "",
                "",
                "",
                "",
                "",
                Supporting.NONE,
                new Source(
                        partner,
                        ids,
                        "RF1[1]",
                        Instant.EPOCH.plusSeconds(hour * 3600L),
                        Instant.EPOCH));
    }
}
