package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.OpenCare;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.chart.Registrations;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.State;
import org.chartbridge.loops.Step;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** OSU^O51 and ORG^O20 that answer a referral (360X), from messages to the list: decision 0062. */
class ReferralStatusTests {
    private static final AdtEngine ENGINE = new AdtEngine();
    private static final FollowedOrders FOLLOWED = new FollowedOrders(ENGINE);
    private static final OpenLoops LOOPS = FOLLOWED.loops;
    private static final CareStatements CARE = FOLLOWED.care;
    private static final Partner EASTLAB =
            AdtEngine.partner(
                    "eastlab",
                    Partner.Demographics.EVIDENCE,
                    Partner.Empty.KEEP,
                    Partner.Patients.CREATE);
    private static int patients;

    private String patient = "";

    @AfterAll
    static void close() {
        FOLLOWED.close();
        ENGINE.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "S" + ++patients;
    }

    /** Every word of the profile, and those that specialists say beside it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    OK; IP; ACCEPTED         ; accepted
                    OK;   ; ACCEPTED         ; accepted
                    OK; SC; SCHEDULED        ; accepted
                    SC; SC; SCHEDULED        ; accepted
                    SC; IP; IN_PROCESS       ; accepted
                    SC; A ; PARTIAL          ; accepted
                    SC; CM; RESULT_MISSING   ; completed
                    UA; CA; REJECTED         ; rejected
                    UA;   ; REJECTED         ; rejected
                    SC; ER; REJECTED         ; rejected
                    OC; CA; STOPPED          ; cancelled
                    OH; HD; ON_HOLD          ; on-hold
                    UC; IP; CHANGE_REFUSED   ; requested
                    """)
    void aStatusMovesTheReferralAndIsNoOrder(
            String control, @Nullable String status, State state, String charted) {
        send(referral("I12", "0900"));
        sent();

        status("0910", control, status == null ? "" : status, "");

        assertThat(loop().state()).isEqualTo(state);
        assertThat(loop().referral()).isTrue();
        assertThat(loop().performer()).isEqualTo("northlab");
        assertThat(loop().steps())
                .extracting(Step::words)
                .anyMatch(words -> words.contains("ORC-1 " + control));
        assertThat(open()).isEqualTo(1);
        assertThat(CARE.orders(person())).isEmpty();
        assertThat(CARE.ordersAsTheyStand(Registrations.Search.of(person()), 0, 10).items())
                .isEmpty();
        assertThat(CARE.referrals(person()))
                .singleElement()
                .satisfies(one -> assertThat(one.state()).isEqualTo(charted))
                .satisfies(one -> assertThat(one.statuses()).hasSize(1));
    }

    @Test
    void aReferralIsFollowedFromItsAcceptanceToItsNote() {
        send(referral("I12", "0900"));
        sent();
        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        status("0910", "OK", "IP", "");
        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
        appointment("S12", "0920");
        assertThat(loop().state()).isEqualTo(State.SCHEDULED);
        appointment("S26", "0930");
        assertThat(loop().state()).isEqualTo(State.NO_SHOW);
        appointment("S14", "0940");
        appointment("S15", "0945");
        assertThat(loop().state()).isEqualTo(State.UNBOOKED);
        appointment("S14", "0950");
        status("1000", "SC", "A", "");
        assertThat(loop().state()).isEqualTo(State.PARTIAL);
        status("1010", "SC", "CM", "");
        assertThat(loop().state()).isEqualTo(State.RESULT_MISSING);

        note("1020");

        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(open()).isZero();
        assertThat(LOOPS.of(person())).hasSize(1);
    }

    @Test
    void aReportByItsNumberClosesItToo() {
        send(referral("I12", "0900"));
        sent();
        status("0910", "OK", "IP", "");

        lab(
                header("ORU^R01", "1000", "LIS")
                        + pid()
                        + "OBR|1|R%s|C1|11488-4^Consult note^LN|||20261120%sF\n"
                                .formatted(patient, "|".repeat(18))
                        + "OBX|1|TX|11488-4^Consult note^LN||Seen||||||F\n");

        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(open()).isZero();
    }

    @Test
    void aRefusalSaysWhyAndOneWithoutAReasonThatNoneWasSaid() {
        send(referral("I12", "0900"));
        sent();
        status("0910", "UA", "CA", "^No capacity before May");
        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(loop().why()).isEqualTo("No capacity before May");

        anotherPatient();
        send(referral("I12", "0900"));
        sent();
        status("0910", "UA", "CA", "");

        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(loop().why()).startsWith("no reason was said (ORC-16, NTE): ask there");
    }

    /** ⚠ The letter that says why is no consult note. */
    @Test
    void aLetterBesideARefusalLeavesItRejected() {
        send(referral("I12", "0900"));
        sent();
        status("0910", "UA", "CA", "^Not our field");
        note("1000");

        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(open()).isEqualTo(1);
    }

    @Test
    void whatComesBeforeTheDeliveryWasAcknowledgedCounts() {
        send(referral("I12", "0900"));
        delivery("waiting", null, null);
        status("0910", "OK", "IP", "");

        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
    }

    /** ⚠ A specialist whose clock is slow must not make a refusal unheard. */
    @Test
    void aRefusalIsHeardWhateverTheOtherClockSays() {
        send(referral("I12", "0900"));
        sent();
        status("0855", "UA", "CA", "");

        assertThat(loop().state()).isEqualTo(State.REJECTED);
    }

    @Test
    void anAnswerInTheExchangeItselfCounts() {
        send(referral("I12", "0900"));
        delivery(
                "accepted",
                "accepted",
                header("ORG^O20", "0901", "LIS")
                        + "MSA|AA|X\n"
                        + pid()
                        + "ORC|UA|R%1$s||||||||||||||^Closed\n".formatted(patient));

        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(loop().why()).isEqualTo("Closed");
    }

    /** ⚠ PID is optional in OSU. */
    @ParameterizedTest
    @CsvSource({"UA, CA, REJECTED", "OK, IP, ACCEPTED", "SC, SC, SCHEDULED"})
    void aStatusWithoutAPatientIsHeardByItsNumber(String control, String status, State state) {
        send(referral("I12", "0900").replace("|R" + patient + "\n", "|R" + patient + "^EMR\n"));
        sent();

        lab(osu("0910", control, status, "").replace(pid(), ""));

        assertThat(loop().state()).isEqualTo(state);
        assertThat(open()).isEqualTo(1);
    }

    /** ⚠ Once it gave its own number, that is enough; before or after. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aStatusByTheNumberOfWhomItWasSentToIsOfThatReferral(boolean inOrder) {
        Runnable gives =
                () -> lab(osu("0910", "OK", "IP", "").replace("|R" + patient + "||", filler()));
        Runnable alone =
                () ->
                        lab(
                                osu("0930", "SC", "SC", "")
                                        .replace(
                                                "|R" + patient + "||",
                                                filler().replace("R" + patient, "")));
        if (!inOrder) alone.run();
        send(referral("I12", "0900").replace("|R" + patient + "\n", "|R" + patient + "^EMR\n"));
        sent();
        gives.run();
        if (inOrder) alone.run();

        assertThat(loop().state()).isEqualTo(State.SCHEDULED);
        assertThat(loop().steps()).extracting(Step::words).anyMatch(one -> one.contains("SC"));
        assertThat(open()).isEqualTo(1);
        assertThat(CARE.orders(person())).isEmpty();
        assertThat(listed()).isEmpty();
    }

    /** The same where RRI gave it (RF1-11). */
    @Test
    void aStatusByTheNumberThatAnAnswerGaveIsOfThatReferral() {
        send(referral("I12", "0900"));
        sent();
        lab(
                header("RRI^I12", "0910", "LIS")
                        + "RF1|A|||||R%1$s|||||G%1$s^OMG\nPRD|RT|Ordway^Owen\n".formatted(patient)
                        + pid());
        lab(
                osu("0930", "UA", "CA", "")
                        .replace("|R" + patient + "||", filler().replace("R" + patient, "")));

        assertThat(loop().state()).isEqualTo(State.REJECTED);
    }

    /** What is of an order, or of two, stands among the orders. */
    @Test
    void aStatusByTheNumberOfAnOrderOrOfSeveralStandsAmongTheOrders() {
        Runnable alone =
                () ->
                        lab(
                                osu("0930", "SC", "SC", "")
                                        .replace(
                                                "|R" + patient + "||",
                                                filler().replace("R" + patient, "")));
        send(referral("I12", "0900"));
        alone.run();
        assertThat(listed()).hasSize(1);

        anotherPatient();
        send(referral("I12", "0900"));
        send(referral("I12", "0901").replace("|R" + patient + "\n", "|Q" + patient + "\n"));
        lab(osu("0910", "OK", "IP", "").replace("|R" + patient + "||", filler()));
        lab(
                osu("0911", "OK", "IP", "")
                        .replace(
                                "|R" + patient + "||",
                                filler().replace("R" + patient, "Q" + patient)));
        alone.run();

        assertThat(listed()).hasSize(1);
    }

    private List<PlacedOrderView> listed() {
        return CARE.ordersAsTheyStand(Registrations.Search.of(person()), 0, 10).items();
    }

    private String filler() {
        return "|R%1$s|G%1$s^OMG|".formatted(patient);
    }

    /** ⚠ A number that nobody gave must not take back what was said of the one that was. */
    @ParameterizedTest
    @CsvSource({"OK, IP, SC, SC, ACCEPTED", "UA, CA, OK, IP, REJECTED"})
    void theNumberOfAnotherNamespaceTakesNothingBack(
            String control, String status, String others, String othersStatus, State state) {
        send(referral("I12", "0900").replace("|R" + patient + "\n", "|R" + patient + "^EMR\n"));
        sent();
        status("0910", control, status, "");
        lab(
                osu("0920", others, othersStatus, "")
                        .replace("|R" + patient + "|", "|R" + patient + "^EPIC|"));

        assertThat(LOOPS.of(person()))
                .filteredOn(Loop::referral)
                .extracting(Loop::state)
                .containsExactly(state);
        assertThat(CARE.orders(person()))
                .extracting(one -> one.order().placerNumber())
                .containsExactly("R" + patient + "^EPIC");
    }

    /** ⚠ A question that waits for a person says nothing of what was accepted. */
    @ParameterizedTest
    @CsvSource({"northlab/orders-to-place, waiting", "northlab/referrals, accepted"})
    void aQuestionChangesNothingOfHowItStands(String destination, String delivery) {
        send(referral("I12", "0900"));
        sent();
        status("0910", "OK", "IP", "");
        send(referral("I15", "0920"));
        delivery(delivery, null, null);
        ENGINE.jdbc
                .sql(
                        """
                        update delivery d
                        set destination = :to,
                            body = case when d.state = 'waiting'
                                        then (select content from raw_message r where r.entry_id = d.entry_id) end
                        where d.id = (select max(id) from delivery)
                        """)
                .param("to", destination)
                .update();

        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
        assertThat(loop().performer()).isEqualTo("northlab");
        assertThat(loop().steps())
                .extracting(Step::words)
                .anyMatch(words -> words.startsWith("Asked how it stands"))
                .anyMatch(
                        words ->
                                delivery.equals("accepted")
                                        || words.startsWith("Waits for a person"));
    }

    /** I15 asks, and is answered; neither says how the referral stands where RF1-1 doesn't. */
    @ParameterizedTest
    @CsvSource({"true, CANCELLED, cancelled", "false, ACCEPTED, accepted"})
    void aQuestionAndItsAnswerTakeNothingBackInWhateverOrderTheyArrive(
            boolean cancelled, State state, String charted) {
        var all = new ArrayList<Runnable>();
        all.add(() -> send(referral("I12", "0900")));
        all.add(() -> send(referral("I13", "0905")));
        all.add(() -> answer("I12", "0910", "A", "R" + patient));
        if (cancelled) all.add(() -> send(referral("I14", "0920")));
        all.add(() -> send(referral("I15", "0930")));
        all.add(() -> answer("I15", "0931", "", "R" + patient));
        long seed = System.nanoTime();
        System.out.println("ReferralStatusTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 8; i++) {
            anotherPatient();
            Collections.shuffle(all, random);

            all.forEach(Runnable::run);

            assertThat(loop().state()).as("seed " + seed).isEqualTo(state);
            assertThat(charted()).as("seed " + seed).isEqualTo(charted);
            assertThat(CARE.referrals(person()))
                    .extracting(ReferralLoop::state)
                    .containsExactly(charted);
        }
    }

    @Test
    void anAnswerThatDoesNotSayHowItStandsIsShownAndDecidesNothing() {
        send(referral("I12", "0900"));
        sent();
        answer("I12", "0910", "", "R" + patient);

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(loop().steps()).extracting(Step::words).contains("Answered");
    }

    /** ⚠ What an answer calls it must not make the referral's own number ambiguous. */
    @Test
    void theNamespaceThatAnAnswerNamesMakesTheNumberOfTheReferralAmbiguousForNobody() {
        send(referral("I12", "0900").replace("|R" + patient + "\n", "|R" + patient + "^EMR\n"));
        answer("I12", "0910", "P", "R" + patient + "^HART");
        answer("I13", "0920", "R", "R" + patient);

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.number() + " " + loop.state())
                .containsExactlyInAnyOrder(
                        "R" + patient + "^EMR REJECTED", "R" + patient + "^HART PENDING");
    }

    @ParameterizedTest
    @CsvSource({
        "R, '', REJECTED",
        "R, ^HART, REJECTED",
        "A, ^HART, ACCEPTED",
        "R, ' other', ACKNOWLEDGED"
    })
    void theAnswerToTheDeliveryIsAboutTheReferralWhateverItsNamespace(
            String status, String added, State state) {
        send(referral("I12", "0900").replace("|R" + patient + "\n", "|R" + patient + "^EMR\n"));
        delivery(
                "accepted",
                "accepted",
                header("RRI^I12", "0901", "LIS")
                        + "MSA|AA|X\nRF1|%s|||||R%s%s\n".formatted(status, patient, added)
                        + pid());

        assertThat(loop().state()).isEqualTo(state);
        assertThat(loop().steps())
                .extracting(Step::words)
                .anyMatch(
                        words ->
                                words.contains(
                                        state == State.ACKNOWLEDGED
                                                ? "Answered under another number (RF1-1 R)"
                                                : "in the answer itself (RF1-1 " + status));
    }

    /** Open orders, chart and FHIR have one state. */
    @ParameterizedTest
    @CsvSource({"UA, CA, rejected", "OK, IP, accepted", "OH, HD, on-hold", "OC, CA, cancelled"})
    void aStatusWithoutAPatientIsHeardInTheChartAsWell(
            String control, String status, String charted) {
        send(referral("I12", "0900"));
        sent();

        lab(osu("0910", control, status, "").replace(pid(), ""));

        assertThat(charted()).isEqualTo(charted);
    }

    @Test
    void aReferralThatWasAnsweredOrNeverLeftSaysSoInTheChart() {
        send(referral("I12", "0900"));
        sent();
        note("1000");
        assertThat(charted()).isEqualTo("completed");

        anotherPatient();
        send(referral("I12", "0900"));
        sent();
        send(referral("I14", "0920"));
        delivery("waiting", "refused", null);

        assertThat(charted()).isEqualTo("requested");
    }

    private String charted() {
        return LOOPS.charted(person()).referrals().getOrDefault(loop().id(), "");
    }

    private void answer(String event, String time, String status, String number) {
        lab(
                header("RRI^" + event, time, "LIS")
                        + "RF1|%s|||||%s\nPRD|RT|Hart^Holly\n".formatted(status, number)
                        + pid());
    }

    // ------------------------------------------------------------ not for this referral

    /** ⚠ What somebody says of it who was never referred to is shown, and decides nothing. */
    @ParameterizedTest
    @CsvSource({"OK", "UA", "OC", "OH"})
    void theStatusOfSomebodyItWasNotSentToMovesNothing(String control) {
        send(referral("I12", "0900"));
        sent();
        assertThat(ENGINE.send(EASTLAB, osu("0910", control, "", ""))).contains("MSA|AA|");

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(loop().steps())
                .filteredOn(step -> step.who().equals("eastlab"))
                .singleElement()
                .satisfies(step -> assertThat(step.state()).isNull())
                .satisfies(step -> assertThat(step.words()).contains("was not sent to", control));
    }

    /** Never guessed: both stand, and somebody sees both. */
    @Test
    void aStatusOfANumberThatNobodyGaveStandsByItself() {
        send(referral("I12", "0900"));
        sent();
        lab(osu("0910", "UA", "", "").replace("|R" + patient + "|", "|R999|"));

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.number() + " " + loop.state())
                .containsExactlyInAnyOrder("R" + patient + " ACKNOWLEDGED", "R999 REJECTED");
        assertThat(open()).isEqualTo(2);
    }

    /** ⚠ The number of one patient beside another is nobody's answer. */
    @Test
    void aStatusForAnotherPatientMovesNothing() {
        send(referral("I12", "0900"));
        sent();
        lab(osu("0910", "UA", "", "").replace("PID|1||" + patient, "PID|1||OTHER" + patient));

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(FOLLOWED.loops("OTHER" + patient))
                .extracting(Loop::state)
                .containsExactly(State.REJECTED);
    }

    @Test
    void aNumberThatTwoNamespacesHaveIsLeftAlone() {
        send(referral("I12", "0900").replace("|R" + patient + "\n", "|R" + patient + "^A\n"));
        send(referral("I12", "0901").replace("|R" + patient + "\n", "|R" + patient + "^B\n"));
        status("0910", "UA", "", "");

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.number() + " " + loop.state())
                .containsExactlyInAnyOrder(
                        "R" + patient + "^A ORDERED",
                        "R" + patient + "^B ORDERED",
                        "R" + patient + " REJECTED");
    }

    @Test
    void aStatusOfAnOrderStaysTheOrders() {
        send(order("0900", "E" + patient));
        send(referral("I12", "0901"));
        lab(osu("0910", "OK", "SC", "").replace("|R" + patient + "|", "|E" + patient + "|"));

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.number() + " " + loop.state())
                .containsExactlyInAnyOrder(
                        "R" + patient + " ORDERED", "E" + patient + " SCHEDULED");
    }

    /** ⚠ An order and a referral of one number are two: who it was sent to says which is meant. */
    @Test
    void beneathOneNumberWhoItWasSentToSaysWhichIsMeant() {
        send(order("0900", "R" + patient));
        delivery("accepted", "accepted", null);
        ENGINE.jdbc
                .sql(
                        "update delivery set destination = 'eastlab/orders', message_type ="
                                + " 'ORM^O01' where id = (select max(id) from delivery)")
                .update();
        send(referral("I12", "0901"));
        sent();
        status("0910", "UA", "CA", "");

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.referral() + " " + loop.state())
                .containsExactlyInAnyOrder("true REJECTED", "false ACKNOWLEDGED");

        ENGINE.send(EASTLAB, osu("0920", "OK", "", ""));

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.referral() + " " + loop.state())
                .containsExactlyInAnyOrder("true REJECTED", "false ACCEPTED");
    }

    // ------------------------------------------------------------ cancels

    @Test
    void aCancelThatIsConfirmedIsOver() {
        send(referral("I12", "0900"));
        sent();
        status("0910", "OK", "IP", "");
        send(referral("I14", "0920"));
        sent();
        status("0921", "CR", "CA", "");

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
        assertThat(open()).isZero();
    }

    /** ⚠ The patient will be seen there. */
    @ParameterizedTest
    @CsvSource({"0921", "0917"})
    void aCancelThatIsRefusedAsksSomebody(String time) {
        send(referral("I12", "0900"));
        sent();
        send(referral("I14", "0920"));
        sent();
        status(time, "UC", "IP", "^Was seen on Monday");

        assertThat(loop().state()).isEqualTo(State.CHANGE_REFUSED);
        assertThat(loop().why()).isEqualTo("Was seen on Monday");
        assertThat(open()).isEqualTo(1);

        status("0930", "CR", "CA", "");

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
    }

    /** What crosses a cancel is no answer to it; what comes well after it is. */
    @ParameterizedTest
    @CsvSource({
        "0910, OK, CANCELLED",
        "0922, OK, CANCELLED",
        "0922, UA, CANCELLED",
        "0950, UA, CANCELLED",
        "0950, OC, CANCELLED",
        "0950, OK, CHANGE_REFUSED"
    })
    void aCancelledReferralThatIsAcceptedThenAsksSomebody(
            String time, String control, State state) {
        send(referral("I12", "0900"));
        sent();
        send(referral("I14", "0920"));
        sent();
        status(time, control, "", "");

        assertThat(loop().state()).isEqualTo(state);
        if (state == State.CHANGE_REFUSED)
            assertThat(loop().why()).startsWith("it was cancelled here");
    }

    /** ⚠ The same in the language of referrals. */
    @ParameterizedTest
    @CsvSource({
        "0922, A, CANCELLED",
        "0922, P, CANCELLED",
        "0950, A, CHANGE_REFUSED",
        "0950, R, CANCELLED"
    })
    void anAcceptanceThatCrossesACancelEndsNothing(String time, String status, State state) {
        send(referral("I12", "0900"));
        sent();
        send(referral("I14", "0920"));
        sent();

        answer("I12", time, status, "R" + patient);

        assertThat(loop().state()).isEqualTo(state);
        assertThat(open()).isEqualTo(state == State.CANCELLED ? 0 : 1);
    }

    /** ⚠ Whoever it was sent to still waits for the patient. */
    @Test
    void aCancelThatIsNotDeliveredStaysOpenAlsoWhereItWasAccepted() {
        send(referral("I12", "0900"));
        sent();
        status("0910", "OK", "IP", "");
        send(referral("I14", "0920"));
        delivery("waiting", "refused", null);

        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
        assertThat(open()).isEqualTo(1);
    }

    /** ⚠ A status of whoever refers goes nowhere from here: the other side has not heard it. */
    @Test
    void whatWhoRefersDiscontinuesByAStatusWasNotSent() {
        send(referral("I12", "0900"));
        sent();
        status("0910", "OK", "IP", "");
        send(osu("0920", "DC", "CA", ""));

        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
        assertThat(loop().why()).startsWith("the cancel was not sent");
    }

    // ------------------------------------------------------------ any order

    @Test
    void anyOrderOfArrivalGivesTheSameAndLeavesNoOrder() {
        var all = new ArrayList<Runnable>();
        all.add(() -> send(referral("I12", "0900")));
        all.add(() -> status("0910", "OK", "IP", ""));
        all.add(() -> status("0910", "OK", "IP", ""));
        all.add(() -> status("0930", "UA", "CA", "^Moved away"));
        all.add(() -> send(referral("I13", "0920")));
        long seed = System.nanoTime();
        System.out.println("ReferralStatusTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 10; i++) {
            anotherPatient();
            Collections.shuffle(all, random);

            all.forEach(Runnable::run);

            assertThat(loop().state()).as("seed " + seed).isEqualTo(State.REJECTED);
            assertThat(loop().why()).isEqualTo("Moved away");
            assertThat(loop().steps()).extracting(Step::words).hasSize(5);
            assertThat(open()).isEqualTo(1);
            assertThat(CARE.orders(person())).isEmpty();
        }
    }

    // ------------------------------------------------------------ tools

    private Loop loop() {
        return FOLLOWED.loop(patient);
    }

    private long open() {
        var person = person();
        var candidates =
                FOLLOWED.bean(OpenCare.class).patients(Instant.parse("2026-11-01T00:00:00Z"), 500);
        return candidates.contains(person)
                ? LOOPS.of(person).stream().filter(loop -> !loop.state().isClosed()).count()
                : 0;
    }

    private UUID person() {
        return FOLLOWED.person(patient);
    }

    private void sent() {
        delivery("accepted", "accepted", null);
    }

    private void delivery(String state, @Nullable String outcome, @Nullable String answer) {
        FOLLOWED.delivered("northlab/referrals", "OMG^O19", state, outcome, answer);
    }

    private void send(String message) {
        assertThat(ENGINE.send(message)).contains("MSA|AA|");
    }

    private void lab(String message) {
        assertThat(ENGINE.send(AdtEngine.LAB, message)).contains("MSA|AA|");
    }

    private void status(String time, String control, String status, String reason) {
        lab(osu(time, control, status, reason));
    }

    private String osu(String time, String control, String status, String reason) {
        return header("OSU^O51", time, control.equals("DC") ? "EMR" : "LIS")
                + pid()
                + "ORC|%s|R%s|||%s|||||||||||%s\n".formatted(control, patient, status, reason);
    }

    private void note(String time) {
        lab(
                header("MDM^T02", time, "LIS")
                        + pid()
                        + "TXA|1|CN^Consult note|TX|20261120||||||||D%1$s||R%1$s|||AU\n"
                                .formatted(patient)
                        + "OBX|1|TX|N^Note||Seen||||||F\n");
    }

    private void appointment(String event, String time) {
        lab(
                header("SIU^" + event, time, "LIS")
                        + "SCH||A%1$s||||||||||^^^20261201090000%2$sR%1$s\n"
                                .formatted(patient, "|".repeat(15))
                        + pid());
    }

    private String referral(String event, String time) {
        return header("REF^" + event, time, "EMR")
                + "RF1||||||R%s\nPRD|RP|Ordway^Owen\n".formatted(patient)
                + pid();
    }

    private String order(String time, String number) {
        return header("ORM^O01", time, "EMR")
                + pid()
                + "ORC|NW|%1$s\nOBR|1|%1$s||K^Potassium^L\n".formatted(number);
    }

    private static String header(String type, String time, String from) {
        return FOLLOWED.header(type, time, from);
    }

    private String pid() {
        return FollowedOrders.pid(patient);
    }
}
