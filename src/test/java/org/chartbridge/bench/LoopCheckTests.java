package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.fakes.PartnerLedger.Book;
import org.chartbridge.fakes.PartnerLedger.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The check of the loop of orders finds what is wrong, each kind of fault by itself. */
class LoopCheckTests {
    private static final String ORDER = "E1-000001^EMR";
    private static final String REFERRAL = "E1-R00001^EMR";

    @Test
    void aLoopThatStandsAsThePartnersSayHasNoProblem() {
        var check = check("final", "final", 1);

        assertThat(check.standings(charted("resulted"))).isEmpty();
        assertThat(check.alerts(Set.of())).isEmpty();
        assertThat(check.states()).containsExactly(Map.entry("final", 1));
    }

    @ParameterizedTest
    @CsvSource({
        "final, corrected, resulted, for the EMR",
        "corrected, final, resulted, for the EMR",
        "final, final, active, charted [active]",
        "cancelled, cancelled, resulted, charted [resulted]",
        "specimen-rejected, specimen-rejected, active, charted [active]",
    })
    void whatStandsOtherwiseIsNamed(String lab, String emr, String charted, String problem) {
        assertThat(check(lab, emr, 1).standings(charted(charted)))
                .singleElement()
                .asString()
                .startsWith(ORDER)
                .contains(problem);
    }

    @Test
    void anOrderThatIsNotInTheChartOrTwiceIsNamed() {
        assertThat(check("final", "final", 1).standings(Map.of())).hasSize(1);
        assertThat(
                        check("final", "final", 1)
                                .standings(Map.of(ORDER, List.of("resulted", "resulted"))))
                .hasSize(1);
    }

    @Test
    void anOrderThatWasTakenTwiceIsNamed() {
        assertThat(check("final", "final", 2).standings(charted("resulted")))
                .containsExactly(ORDER + ": taken 2x");
    }

    @Test
    void anOrderThatTheEmrNeverSentIsMissed() {
        var emr = new Book(Map.of(), Set.of(), Set.of(), Map.of());
        var none = new Book(Map.of(), Set.of(), Set.of(), Map.of());

        assertThat(new LoopCheck(new LoopCheck.Books(emr, none, none), 1, 0).standings(Map.of()))
                .containsExactly("the EMR sent only 0");
    }

    /** The lab said that it had it, forgot it, and never will answer. */
    @Test
    void anOrderThatTheLabLostIsOrderedForTheEmrAndHasToBeAlerted() {
        var emr =
                new Book(
                        Map.of(ORDER, new Standing("ordered", 1)),
                        Set.of(),
                        Set.of(),
                        Map.of("M1", ORDER));
        var lab = new Book(Map.of(), Set.of(), Set.of("M1"), Map.of());
        var none = new Book(Map.of(), Set.of(), Set.of(), Map.of());
        var check = new LoopCheck(new LoopCheck.Books(emr, lab, none), 1, 0);

        assertThat(check.states()).containsExactly(Map.entry("lost", 1));
        assertThat(check.standings(charted("active"))).isEmpty();
        assertThat(check.alerts(Set.of()))
                .singleElement()
                .asString()
                .contains("nobody is told that it is overdue");
        assertThat(check.alerts(Set.of(ORDER))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "accepted, false, 1",
        "accepted, true, 0",
        "final, true, 1",
        "cancelled, true, 0",
        "final, false, 0",
        "refused, true, 0",
        "refused, false, 0"
    })
    void whatIsOwedIsAlertedAndNothingThatWasAnswered(String state, boolean alerted, int problems) {
        assertThat(check(state, state, 1).alerts(alerted ? Set.of(ORDER) : Set.of()))
                .hasSize(problems);
    }

    @Test
    void aReferralStandsAsTheSpecialistSays() {
        var emr =
                new Book(
                        Map.of(REFERRAL, new Standing("accepted", 1)),
                        Set.of(),
                        Set.of(),
                        Map.of("M1", REFERRAL));
        var specialist =
                new Book(
                        Map.of(REFERRAL, new Standing("noted", 1)),
                        Set.of("M1"),
                        Set.of(),
                        Map.of());
        var none = new Book(Map.of(), Set.of(), Set.of(), Map.of());

        assertThat(
                        new LoopCheck(new LoopCheck.Books(emr, none, specialist), 0, 1)
                                .standings(Map.of()))
                .singleElement()
                .asString()
                .contains("\"noted\" for its partner, \"accepted\" for the EMR");
    }

    private static LoopCheck check(String lab, String emr, int times) {
        var none = new Book(Map.of(), Set.of(), Set.of(), Map.of());
        return new LoopCheck(
                new LoopCheck.Books(
                        new Book(
                                Map.of(ORDER, new Standing(emr, 1)),
                                Set.of(),
                                Set.of(),
                                Map.of("M1", ORDER)),
                        new Book(
                                Map.of(ORDER, new Standing(lab, times)),
                                Set.of("M1"),
                                Set.of(),
                                Map.of()),
                        none),
                1,
                0);
    }

    private static Map<String, List<String>> charted(String state) {
        return Map.of(ORDER, List.of(state));
    }
}
