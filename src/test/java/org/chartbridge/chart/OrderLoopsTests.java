package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Orders joined with answers and results (HL7-RULES §5); long because they end in many ways. */
class OrderLoopsTests {
    private static final CodingView POTASSIUM = new CodingView("2823-3", "Potassium", "LN");
    private static final CodingView SODIUM = new CodingView("2951-2", "Sodium", "LN");
    private static final CodingView NO_TEST = new CodingView("", "", "");

    private long ids;

    @Test
    void aResultByThePlacersNumberAndTestResolvesItsOrder() {
        var loops =
                OrderLoops.of(
                        List.of(order("P1^EMR", POTASSIUM, "NW", "active", 8)),
                        List.of(report("P1^EMR", "F1", POTASSIUM, "F")));

        assertThat(states(loops)).containsExactly("P1^EMR resulted 1");
    }

    @Test
    void aResultThatIsNotFinalLeavesTheOrderInProgress() {
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(report("P1", "F1", POTASSIUM, "P")));

        assertThat(states(loops)).containsExactly("P1 in-progress 1");
    }

    @Test
    void anotherTestUnderTheNumberIsAProposalOnly() {
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(report("P1", "F1", SODIUM, "F")));

        assertThat(states(loops)).containsExactly("P1 active 0");
        assertThat(loops.getFirst().otherTests()).hasSize(1);
    }

    @Test
    void theSameTestWithoutANumberIsNeverJoined() {
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(report("", "F1", POTASSIUM, "F")));

        assertThat(states(loops)).containsExactly("P1 active 0");
        assertThat(loops.getFirst().otherTests()).isEmpty();
    }

    @Test
    void theFillersNumberOfAnAnswerLeadsToTheResult() {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                answer("P1", "F1", "OK", "active", 9)),
                        List.of(report("", "F1", POTASSIUM, "F")));

        assertThat(states(loops)).containsExactly("P1 resulted 1");
        assertThat(loops.getFirst().others()).hasSize(1);
    }

    /** The laboratory's own code, in whatever order the two are there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFillersNameOfTheOnlyTestOfANumberIsThatTest(boolean orderFirst) {
        var own = new CodingView("HGB", "Hemoglobin", "SOUTHLAB");
        var order = order("P1", POTASSIUM, "NW", "active", 8);
        var answer = view("northlab", "P1", "F1", own, "OH", "on-hold", 9);

        var loops =
                OrderLoops.of(
                        orderFirst ? List.of(order, answer) : List.of(answer, order),
                        List.of(report("P1", "F1", own, "F")));

        assertThat(states(loops)).containsExactly("P1 resulted 1");
    }

    // ------------------------------------------------------------ by the filler's number alone

    /** ⚠ The answer (ORR) said which number the laboratory gave to which order. */
    @ParameterizedTest
    @CsvSource({"F1, cancelled", "F1^LAB, cancelled", "F2, active"})
    void whatAFillerSaysUnderItsOwnNumberAloneReachesTheOrder(String number, String state) {
        var all =
                new ArrayList<>(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                answer("P1", "F1", "OK", "active", 9),
                                view("northlab", "", number, POTASSIUM, "OC", "cancelled", 10)));
        for (int i = 0; i < 6; i++) {
            Collections.rotate(all, 1);
            if (i == 3) Collections.reverse(all);

            assertThat(states(OrderLoops.of(all, List.of()))).contains("P1 " + state + " 0");
        }
    }

    @Test
    void itNeedNotNameTheTest() {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                order("P2", SODIUM, "NW", "active", 8),
                                answer("P1", "F1", "OK", "active", 9),
                                answer("P2", "F2", "OK", "active", 9),
                                answer("", "F2", "SC", "on-hold", 10)),
                        List.of());

        assertThat(states(loops)).containsExactly("P1 active 0", "P2 on-hold 0");
    }

    /** ⚠ An accession of two orders: the test says which. */
    @Test
    void ofANumberThatTwoOrdersWereGivenTheTestDecides() {
        var loops =
                OrderLoops.of(
                        List.of(
                                view("northlab", "", "F1", SODIUM, "OC", "cancelled", 10),
                                order("P1", POTASSIUM, "NW", "active", 8),
                                order("P2", SODIUM, "NW", "active", 8),
                                view("northlab", "P1", "F1", POTASSIUM, "OK", "active", 9),
                                view("northlab", "P2", "F1", SODIUM, "OK", "active", 9)),
                        List.of());

        assertThat(states(loops)).containsExactlyInAnyOrder("P1 active 0", "P2 cancelled 0");
    }

    /** ⚠ What the laboratory added under its accession is not what was ordered. */
    @Test
    void anotherTestUnderTheFillersNumberIsNotTheOrder() {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                view("northlab", "P1", "F1", POTASSIUM, "OK", "active", 9),
                                view("northlab", "", "F1", SODIUM, "OC", "cancelled", 10)),
                        List.of());

        assertThat(states(loops)).contains("P1 active 0").hasSize(2);
    }

    @Test
    void anotherLaboratorysNumberIsAnother() {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                answer("P1", "F1", "OK", "active", 9),
                                view("quest", "", "F1", POTASSIUM, "OC", "cancelled", 10)),
                        List.of());

        assertThat(states(loops)).contains("P1 active 0").hasSize(2);
    }

    @Test
    void aFillersNameOfOneOfSeveralTestsIsNotGuessed() {
        var own = new CodingView("HGB", "Hemoglobin", "SOUTHLAB");

        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                order("P1", SODIUM, "NW", "active", 8),
                                view("northlab", "P1", "F1", own, "OC", "cancelled", 9)),
                        List.of());

        assertThat(states(loops)).containsExactly("P1 active 0", "P1 active 0", "P1 cancelled 0");
    }

    /** ⚠ ORC-1 SN: a test that the laboratory adds says nothing of the one that was ordered. */
    @Test
    void aTestThatTheFillerAddsIsNotTheOneThatWasOrdered() {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                view("northlab", "P1", "F2", SODIUM, "SN", "active", 9)),
                        List.of(report("P1", "F2", SODIUM, "F")));

        assertThat(states(loops)).containsExactly("P1 active 0", "P1 resulted 1");
    }

    @Test
    void aFillersNumberOfAnotherPartnerMeansNothing() {
        var answered = answer("P1", "F1", "OK", "active", 9);
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8), answered),
                        List.of(
                                new OrderedReport(
                                        9,
                                        "southlab",
                                        "F1",
                                        "",
                                        List.of(POTASSIUM),
                                        "F",
                                        false,
                                        true,
                                        true,
                                        "",
                                        Parent.NONE)));

        assertThat(states(loops)).containsExactly("P1 active 0");
    }

    /** HL7-RULES §4 ⚠: what was not performed shows "recollect?" at its order, never complete. */
    @ParameterizedTest
    @CsvSource({
        "F, F, recollect",
        "X, X, recollect",
        "F, P, recollect",
        "P, P, in-progress",
    })
    void anOrderOfWhichNothingWasPerformedIsNotComplete(String one, String other, String state) {
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(
                                notPerformed("P1", POTASSIUM, one),
                                notPerformed("P1", POTASSIUM, other)));

        assertThat(states(loops)).containsExactly("P1 " + state + " 2");
    }

    @Test
    void aSecondSpecimenThatWasExaminedCompletesTheOrder() {
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(
                                notPerformed("P1", POTASSIUM, "F"),
                                report("P1", "F2", POTASSIUM, "F")));

        assertThat(states(loops)).containsExactly("P1 resulted 2");
    }

    @Test
    void aCancelledOrderOfWhichNothingWasPerformedAsksForNoSpecimen() {
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "CA", "cancelled", 8)),
                        List.of(notPerformed("P1", POTASSIUM, "F")));

        assertThat(states(loops)).containsExactly("P1 cancelled 1");
    }

    /** HL7-RULES §4: OBR-11 G reflex, A add-on: they belong to their parent and are no orders. */
    @ParameterizedTest
    @CsvSource({"G, ''", "A, ''", "'', F1", "'', P1", "G, F1"})
    void aReflexOrAddedTestBelongsToTheReportOfItsOrder(String action, String parent) {
        var reflex = report("P1", "F2", SODIUM, "P", new Parent(parent, "", action));
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(reflex, report("P1", "F1", POTASSIUM, "F")));

        assertThat(states(loops)).containsExactly("P1 resulted 1");
        assertThat(loops.getFirst().children()).containsExactly(reflex);
        assertThat(loops.getFirst().otherTests()).isEmpty();
    }

    /** Susceptibilities name the culture, and have numbers of their own. */
    @Test
    void aChildWithoutTheOrdersNumberIsFoundByItsParentAndSoAreItsOwn() {
        var child = report("", "F2", SODIUM, "F", new Parent("F1", "", ""));
        var grandchild = report("", "F3", SODIUM, "F", new Parent("F2", "", ""));
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(grandchild, child, report("P1", "F1", POTASSIUM, "P")));

        assertThat(states(loops))
                .as("a child completes nothing")
                .containsExactly("P1 in-progress 1");
        assertThat(loops.getFirst().children()).containsExactly(child, grandchild);
    }

    @Test
    void aChildOfAnotherPartnersReportOrOfNoneIsNoChild() {
        var stranger =
                new OrderedReport(
                        ++ids,
                        "southlab",
                        "F2",
                        "",
                        List.of(SODIUM),
                        "F",
                        false,
                        true,
                        true,
                        "",
                        new Parent("F1", "", "G"));
        var lost = report("", "F3", SODIUM, "F", new Parent("F9", "", "G"));
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(stranger, lost, report("P1", "F1", POTASSIUM, "F")));

        assertThat(loops.getFirst().children()).isEmpty();
    }

    @Test
    void reportsThatNameEachOtherEndNowhereAndHarmNothing() {
        var one = report("", "F2", SODIUM, "F", new Parent("F3", "", ""));
        var other = report("", "F3", SODIUM, "F", new Parent("F2", "", ""));
        var self = report("P1", "F1", POTASSIUM, "F", new Parent("F1", "", ""));
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "NW", "active", 8)),
                        List.of(one, other, self));

        assertThat(states(loops)).containsExactly("P1 resulted 1");
        assertThat(loops.getFirst().children()).isEmpty();
    }

    /** ⚠ HL7-RULES §5: a cancelled order that gets results is flagged and shown. */
    @Test
    void aCancelledOrderThatGetsResultsIsFlagged() {
        var loops =
                OrderLoops.of(
                        List.of(order("P1", POTASSIUM, "CA", "cancelled", 8)),
                        List.of(report("P1", "F1", POTASSIUM, "F")));

        assertThat(states(loops)).containsExactly("P1 cancelled 1");
        assertThat(loops.getFirst().isStoppedWithResults()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "OK, active, active",
        "UA, refused, refused",
        "CR, cancelled, cancelled",
        "HR, on-hold, on-hold",
        "SC, completed, completed"
    })
    void theFillersLaterWordMovesTheOrder(String control, String said, String state) {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                answer("P1", "F1", control, said, 9)),
                        List.of());

        assertThat(states(loops)).containsExactly("P1 " + state + " 0");
    }

    @Test
    void anAnswerBeforeTheCancellationDoesNotUndoIt() {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "CA", "cancelled", 10),
                                answer("P1", "F1", "OK", "active", 9)),
                        List.of());

        assertThat(states(loops)).containsExactly("P1 cancelled 0");
    }

    @Test
    void oneNumberForTwoTestsIsTwoOrdersEachWithItsResults() {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                order("P1", SODIUM, "NW", "active", 8),
                                answer("P1", "F1", "OK", "active", 9)),
                        List.of(
                                report("P1", "F1", POTASSIUM, "F"),
                                report("P1", "F2", POTASSIUM, "C")));

        assertThat(states(loops)).containsExactly("P1 resulted 2", "P1 active 0");
    }

    /** EI.3 in place of EI.2, and EI.2 in other letters. */
    @ParameterizedTest
    @CsvSource({"P1^emr", "P1^1.2.840.1"})
    void anOrderAndItsResultsAgreeInEveryFormOfTheNumber(String number) {
        var loops =
                OrderLoops.of(
                        List.of(
                                order("P1^EMR", POTASSIUM, "NW", "active", 8),
                                order(number, POTASSIUM, "XO", "active", 9)),
                        List.of(report(number, "F1", POTASSIUM, "F")));

        assertThat(loops).hasSize(1);
        assertThat(states(loops).getFirst()).endsWith("resulted 1");
    }

    /** Nobody can say which of the two the bare number means; the list's order must not. */
    @Test
    void aBareNumberBetweenTwoNamespacesStaysByItselfWhateverComesFirst() {
        var orders =
                new ArrayList<>(
                        List.of(
                                order("P1^EMR", POTASSIUM, "NW", "active", 8),
                                order("P1", POTASSIUM, "CA", "cancelled", 9),
                                order("P1^OTHER", POTASSIUM, "NW", "active", 8)));
        for (int i = 0; i < 3; i++) {
            Collections.rotate(orders, 1);

            assertThat(sorted(OrderLoops.of(orders, List.of())))
                    .containsExactly("P1 cancelled 0", "P1^EMR active 0", "P1^OTHER active 0");
        }
    }

    /** The laboratory may know the test by another code, and the EMR by both. */
    @Test
    void statementsOfOneTestByCodeAndByNameAreOneOrderWhateverComesFirst() {
        var byCode = new CodingView("2823-3", "K", "LN");
        var byName = new CodingView("POT", "Potassium", "L");
        var orders =
                new ArrayList<>(
                        List.of(
                                order("P1", byCode, "NW", "active", 8),
                                order("P1", POTASSIUM, "XO", "active", 9),
                                view("northlab", "P1", "F1", byName, "HD", "on-hold", 10)));
        for (int i = 0; i < 3; i++) {
            Collections.rotate(orders, 1);

            assertThat(states(OrderLoops.of(orders, List.of()))).containsExactly("P1 on-hold 0");
        }
    }

    @Test
    void anyOrderOfTheSameStatementsGivesTheSame() {
        var orders =
                new ArrayList<>(
                        List.of(
                                order("P1", POTASSIUM, "NW", "active", 8),
                                answer("P1", "F1", "SC", "completed", 9),
                                order("P2", SODIUM, "CA", "cancelled", 9),
                                answer("P2", "F2", "OK", "active", 8)));
        var reports =
                new ArrayList<>(
                        List.of(report("P2", "F2", SODIUM, "F"), report("", "F1", POTASSIUM, "P")));
        var wanted = sorted(OrderLoops.of(orders, reports));
        var seed = System.nanoTime();
        System.out.println("OrderLoopsTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            Collections.shuffle(orders, random);
            Collections.shuffle(reports, random);

            assertThat(sorted(OrderLoops.of(orders, reports))).as("seed " + seed).isEqualTo(wanted);
        }
    }

    private static List<String> sorted(List<OrderLoop> loops) {
        return states(loops).stream().sorted().toList();
    }

    private static List<String> states(List<OrderLoop> loops) {
        return loops.stream()
                .map(
                        loop ->
                                loop.order().placerNumber()
                                        + " "
                                        + loop.state()
                                        + " "
                                        + loop.reports().size())
                .toList();
    }

    private OrderedReport report(String placer, String filler, CodingView test, String status) {
        return report(placer, filler, test, status, Parent.NONE);
    }

    private OrderedReport report(
            String placer, String filler, CodingView test, String status, Parent parent) {
        return new OrderedReport(
                ++ids,
                "northlab",
                filler,
                placer,
                List.of(test),
                status,
                false,
                true,
                true,
                "",
                parent);
    }

    private OrderedReport notPerformed(String placer, CodingView test, String status) {
        return new OrderedReport(
                ++ids,
                "northlab",
                "F" + ids,
                placer,
                List.of(test),
                status,
                false,
                true,
                false,
                "",
                Parent.NONE);
    }

    private PlacedOrderView order(
            String placer, CodingView test, String control, String state, int hour) {
        return view("emr", placer, "", test, control, state, hour);
    }

    private PlacedOrderView answer(
            String placer, String filler, String control, String state, int hour) {
        return view("northlab", placer, filler, NO_TEST, control, state, hour);
    }

    private PlacedOrderView view(
            String partner,
            String placer,
            String filler,
            CodingView test,
            String control,
            String state,
            int hour) {
        var at = Instant.parse("2026-11-03T00:00:00Z").plusSeconds(hour * 3600L);
        return new PlacedOrderView(
                ++ids,
                new java.util.UUID(0, 1),
                true,
                test,
                placer,
                filler,
                "",
                state,
                control,
                "",
                "",
                null,
                "",
                null,
                "",
                null,
                "",
                "",
                "",
                "",
                "",
                Supporting.NONE,
                new Source(partner, ids, "OBR[1]", at, at),
                "");
    }
}
