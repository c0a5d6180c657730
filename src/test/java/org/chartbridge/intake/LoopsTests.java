package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.OpenCare;
import org.chartbridge.chart.OrderLoop;
import org.chartbridge.chart.Registrations;
import org.chartbridge.delivery.ApplicationAnswers;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.SentOrders;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenList;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.Overdue;
import org.chartbridge.loops.State;
import org.chartbridge.loops.Step;
import org.chartbridge.loops.Watching;
import org.chartbridge.ordering.OrdersToPlace;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How orders and referrals stand, from messages through the intake to the list of what is open;
 * long because they end in many ways.
 */
class LoopsTests {
    private static final AdtEngine ENGINE = new AdtEngine();
    private static final FollowedOrders FOLLOWED =
            new FollowedOrders(
                    ENGINE,
                    context -> {
                        context.registerBean(Clock.class, Clock::systemUTC);
                        context.registerBean(RoutesOverview.class, InService::new);
                        context.register(
                                OrdersToPlace.class, DeliveryStore.class, SentOrders.class);
                    });
    private static final OpenLoops LOOPS = FOLLOWED.loops;
    private static final OpenList OPEN = FOLLOWED.open;
    private static final Partner EASTLAB =
            AdtEngine.partner(
                    "eastlab",
                    Partner.Demographics.EVIDENCE,
                    Partner.Empty.KEEP,
                    Partner.Patients.CREATE);
    private static final String TWO_TESTS =
            "ORC|NW|P\nOBR|1|P||K^Potassium^L\nOBR|2|P||CRP^CRP^L\n";
    private static int patients;

    private String patient = "";

    /** The EMR alone: nobody does anything for it. */
    private static final class InService implements RoutesOverview {
        @Override
        public List<PartnerState> partners() {
            return List.of(new PartnerState(AdtEngine.EMR, Instant.EPOCH, List.of()));
        }

        @Override
        public List<FileFault> faults() {
            return List.of();
        }

        @Override
        public List<Port> ports() {
            return List.of();
        }
    }

    @AfterAll
    static void close() {
        FOLLOWED.close();
        ENGINE.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "L" + ++patients;
    }

    // ------------------------------------------------------------ orders

    /** HL7-RULES §5: every word of a laboratory about an order it was given. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|OK|P|F                                      ; ACCEPTED
                    ORC|NA|P|F                                      ; ACCEPTED
                    ORC|SC|P|F||SC                                  ; SCHEDULED
                    ORC|SC|P|F||IP                                  ; IN_PROCESS
                    ORC|SC|P|F||CM                                  ; RESULT_MISSING
                    ORC|UA|P|F                                      ; REJECTED
                    ORC|UA|P|F|||||||||||||^AOE missing             ; AOE_MISSING
                    ORC|OH|P|F||HD                                  ; ON_HOLD
                    ORC|OH|P|F||HD|||||||||||^Prepayment required   ; PAYMENT
                    ORC|OH|P|F||HD|||||||||||ABN^ABN not signed     ; ABN_REQUIRED
                    ORC|OC|P|F||CA                                  ; STOPPED
                    ORC|OC|P|F||CA|||||||||||QNS^Specimen hemolyzed ; SPECIMEN_REJECTED
                    ORC|UC|P|F                                      ; ORDERED
                    """)
    void aFillersWordSaysHowAnOpenOrderStands(String control, State state) {
        send(order("0900", "NW"));

        answer("0910", control);

        assertThat(loop().state()).isEqualTo(state);
        assertThat(open()).hasSize(1);
        assertThat(loop().steps().getLast().words()).contains("ORC-1 " + control.substring(4, 6));
    }

    @Test
    void anOrderNobodyAnsweredIsOpenAsOrdered() {
        send(order("0900", "NW"));

        assertThat(loop().state()).isEqualTo(State.ORDERED);
        assertThat(loop().ordered()).isEqualTo("2026-11-20T14:00:00Z");
        assertThat(open()).hasSize(1);
    }

    /** ⚠ A laboratory whose clock is slow must not make its refusal unheard. */
    @Test
    void aRefusalIsHeardWhateverTheLaboratorysClockSays() {
        send(order("0900", "NW"));

        answer("0855", "ORC|UA|P|F");

        assertThat(loop().state()).isEqualTo(State.REJECTED);
    }

    @Test
    void aHoldThatThePlacerAnswersWithAChangeIsOver() {
        send(order("0900", "NW"));
        answer("0910", "ORC|OH|P|F||HD|||||||||||AOE^AOE missing");

        send(order("0920", "XO"));

        assertThat(loop().state().mustAct()).isFalse();
        assertThat(loop().steps()).extracting(Step::state).contains(State.AOE_MISSING);
    }

    @Test
    void aPreliminaryResultLeavesItOpenAndTheFinalOneClosesIt() {
        send(order("0900", "NW"));
        result("0930", "P", "P", "4.0");
        assertThat(loop().state()).isEqualTo(State.PARTIAL);
        assertThat(open()).hasSize(1);

        result("1000", "F", "F", "4.1");

        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(open()).isEmpty();
        assertThat(loop().steps())
                .extracting(Step::state)
                .containsExactly(State.ORDERED, State.PARTIAL, State.FINAL);
        assertThat(loop().steps()).allSatisfy(step -> assertThat(step.entryId()).isPositive());
    }

    /** ⚠ HL7-RULES §4: what was taken back is no answer; the order is open again. */
    @Test
    void aResultOfTheWrongPatientOpensItsOrderAgain() {
        send(order("0900", "NW"));
        result("1000", "F", "F", "4.1");
        assertThat(open()).isEmpty();

        result("1100", "C", "W", "4.1");

        assertThat(open()).hasSize(1);
        assertThat(loop().state()).isEqualTo(State.ORDERED);
    }

    @Test
    void aReportInWhichNothingWasPerformedAsksForANewSpecimen() {
        send(order("0900", "NW"));

        result("1000", "F", "X", "QNS");

        assertThat(loop().state()).isEqualTo(State.RECOLLECT);
        assertThat(loop().why()).isEqualTo("QNS");
        assertThat(loop().steps().getLast().words()).endsWith(": QNS");
        assertThat(open()).hasSize(1);
    }

    @Test
    void aCancelledOrderIsOverAndOneTheLaboratoryCannotCancelIsNot() {
        send(order("0900", "NW"));
        answer("0910", "ORC|OK|P|F");
        send(order("0920", "CA"));
        assertThat(loop().state()).isEqualTo(State.CANCELLED);

        answer("0930", "ORC|CR|P|F||CA");
        assertThat(loop().state()).isEqualTo(State.CANCELLED);
        assertThat(open()).isEmpty();

        anotherPatient();
        send(order("0900", "NW"));
        answer("0910", "ORC|OK|P|F");
        send(order("0920", "CA"));
        answer("0930", "ORC|UC|P|F");

        assertThat(loop().state()).isEqualTo(State.CHANGE_REFUSED);
        assertThat(open()).hasSize(1);
    }

    @Test
    void aRejectedSpecimenIsToldAlsoByItsSegment() {
        send(order("0900", "NW"));

        ENGINE.send(
                AdtEngine.LAB,
                header("OML^O21", "0930", "LIS")
                        + pid()
                        + filled("ORC|SC|P|F||IP\nOBR|1|P|F|K^Potassium^L\n")
                        + "SPM|1|||SER"
                        + "|".repeat(17)
                        + "RC^Clotting\n");

        assertThat(loop().state()).isEqualTo(State.SPECIMEN_REJECTED);
        assertThat(loop().why()).isEqualTo("Clotting");
    }

    /** 360X: OSU^O51 says how a referral that was sent as an order stands. */
    @Test
    void aStatusUpdateMovesTheOrderAndADocumentThatNamesItClosesIt() {
        send(order("0900", "NW"));
        ENGINE.send(
                AdtEngine.LAB,
                header("OSU^O51", "0910", "LIS") + pid() + filled("ORC|SC|P|F||SC\n"));
        assertThat(loop().state()).isEqualTo(State.SCHEDULED);

        document("1000", "DI", "P" + patient + "^EMR");
        assertThat(loop().state()).isEqualTo(State.PARTIAL);
        document("1010", "AU", "P" + patient + "^EMR");

        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(open()).isEmpty();
    }

    /** ⚠ A message that has a number twice states two orders; each later one names one of them. */
    @Test
    void eachTestOfANumberIsCancelledByItselfInWhateverOrderThatArrives() {
        var messages = new ArrayList<Runnable>();
        messages.add(() -> send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS)));
        messages.add(() -> answer("0905", "ORC|OK|P|F"));
        messages.add(() -> send(order("0910", "CA")));
        messages.add(() -> send(order("0920", "CA").replace("K^Potassium", "CRP^CRP")));
        for (int i = 0; i < messages.size(); i++) {
            anotherPatient();
            Collections.rotate(messages, 1);
            messages.forEach(Runnable::run);

            assertThat(LOOPS.of(person()))
                    .extracting(one -> one.service().code() + " " + one.state())
                    .containsExactlyInAnyOrder("K CANCELLED", "CRP CANCELLED");
            assertThat(open()).isEmpty();
        }
    }

    @Test
    void theCancelOfOneTestOfANumberLeavesTheOther() {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));

        send(order("0910", "CA"));

        assertThat(LOOPS.of(person()))
                .extracting(one -> one.service().code() + " " + one.state())
                .containsExactlyInAnyOrder("K CANCELLED", "CRP ORDERED");
    }

    @ParameterizedTest
    @CsvSource({"CA, CANCELLED", "HD, HELD_BY_ASKER"})
    void anOrcAloneIsAboutAllTestsOfItsNumberInWhateverOrderItArrives(
            String control, State wanted) {
        var messages = new ArrayList<Runnable>();
        messages.add(() -> send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS)));
        messages.add(
                () ->
                        send(
                                header("ORM^O01", "0910", "EMR")
                                        + pid()
                                        + filled("ORC|" + control + "|P\n")));
        for (int i = 0; i < 2; i++) {
            anotherPatient();
            messages.reversed().forEach(Runnable::run);

            assertThat(LOOPS.of(person())).extracting(Loop::state).containsExactly(wanted, wanted);
            Collections.reverse(messages);
        }
    }

    // ------------------------------------------------------------ deliveries

    @ParameterizedTest
    @CsvSource({
        "waiting, , TO_SEND",
        "waiting, unknown, SENT",
        "waiting, deferred, SENT",
        "waiting, refused, NOT_DELIVERED",
        "accepted, accepted, ACKNOWLEDGED",
        "skipped, refused, NOT_DELIVERED",
    })
    void aDeliverySaysHowFarTheOrderHasCome(String state, @Nullable String outcome, State wanted) {
        send(order("0900", "NW"));

        delivered(state, outcome, null);

        assertThat(loop().state()).isEqualTo(wanted);
        assertThat(loop().performer()).isEqualTo("northlab");
    }

    /** ⚠ A person's word is no acknowledgement, and goes before what the partner refused. */
    @ParameterizedTest
    @CsvSource({"unknown", "refused"})
    void whatAPersonSaidIsThereReadsSo(String outcome) {
        send(order("0900", "NW"));
        delivered(
                "confirmed",
                outcome,
                outcome.equals("refused")
                        ? header("ORR^O02", "0901", "LIS") + "MSA|AE|1\n" + filled("ORC|UA|P|F\n")
                        : null);
        said("admin", "called them at nine");

        assertThat(loop().state()).isEqualTo(State.CONFIRMED);
        assertThat(loop().why()).isEqualTo("northlab has it, said by admin: called them at nine");
        assertThat(loop().performer()).isEqualTo("northlab");
        assertThat(loop().steps())
                .noneMatch(one -> one.state() == State.ACKNOWLEDGED)
                .anyMatch(one -> one.words().startsWith("northlab has it, said by admin"));
        assertThat(open()).hasSize(1);
        var sent = loop().steps().stream().filter(one -> one.words().equals("Sent")).findFirst();
        if (outcome.equals("unknown"))
            assertThat(loop().since()).isEqualTo(sent.orElseThrow().at());

        answer("0930", "ORC|OK|P|F");

        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
    }

    /** ⚠ Whoever has it has to hear that it is not wanted any more. */
    @Test
    void aCancelOfWhatAPersonSaidIsThereHasToArrive() {
        send(order("0900", "NW"));
        delivered("confirmed", "refused", null);
        said("admin", "called them");
        send(order("0920", "CA"));

        delivered("skipped", "refused", null);

        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
    }

    private static void said(String account, String reason) {
        ENGINE.jdbc
                .sql(
                        """
                        insert into delivery_decision (at, account, destination, delivery_id, decision, reason)
                        select now(), :account, destination, id, 'has-it', :reason
                        from delivery where id = (select max(id) from delivery)
                        """)
                .param("account", account)
                .param("reason", reason)
                .update();
        ENGINE.jdbc
                .sql(
                        "update delivery set settled_at = clock_timestamp() where id = (select"
                                + " max(id) from delivery)")
                .update();
    }

    /** ⚠ Whose hold it is says who has to do something. */
    @ParameterizedTest
    @CsvSource({"HD, '', HELD_BY_ASKER", "HD, OH, ON_HOLD", "RL, '', ACKNOWLEDGED"})
    void whoHoldsItIsSaid(String asked, String told, State wanted) {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        send(order("0910", "HD"));
        delivered("accepted", "accepted", null);
        if (asked.equals("RL")) {
            send(order("0920", "RL"));
            delivered("accepted", "accepted", null);
        }

        if (!told.isEmpty()) answer("0930", "ORC|" + told + "|P|F||HD");

        assertThat(loop().state()).isEqualTo(wanted);
        var charted = LOOPS.charted(person());
        assertThat(charted.ordersHeld().contains(loop().id()))
                .isEqualTo(wanted == State.HELD_BY_ASKER);
        if (wanted != State.ACKNOWLEDGED)
            assertThat(charted.orders()).containsEntry(loop().id(), "on-hold");
    }

    /** ⚠ What stands in a queue that stands still does not leave by itself. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "paused; paused by ann: stocktaking; ;"
                        + " paused by ann: stocktaking; decide there (Deliveries)",
                "paused; answered AE 204; ; paused, answered AE 204; decide there (Deliveries)",
                "running; ; nothing listens at lis:1;"
                        + " nothing listens at lis:1; it is tried on",
                "running; ; ;"
            })
    void whatWaitsNamesWhyAndWhatHelps(
            String state, @Nullable String why, @Nullable String problem, @Nullable String cause) {
        var queue = "northlab/orders-" + patient;
        ENGINE.jdbc
                .sql(
                        """
                        insert into destination (name, state, why, problem, paused_at)
                        values (:name, :state, coalesce(:why, ''), coalesce(:problem, ''), case :state when 'paused' then now() end)
                        """)
                .param("name", queue)
                .param("state", state)
                .param("why", why, java.sql.Types.VARCHAR)
                .param("problem", problem, java.sql.Types.VARCHAR)
                .update();
        send(order("0850", "NW").replace("P" + patient, "Q" + patient));
        delivered(queue, "waiting", null, "");
        send(order("0900", "NW"));

        delivered(queue, "waiting", null, "");

        var all = LOOPS.of(person());
        assertThat(all).hasSize(2).allMatch(one -> one.state() == State.TO_SEND);
        if (cause == null) {
            assertThat(all).allMatch(one -> one.why().isEmpty() && one.blocked() == null);
            return;
        }
        assertThat(all)
                .allMatch(one -> one.why().contains(cause))
                .allMatch(
                        one -> one.blocked() != null && one.blocked().destination().equals(queue));
        assertThat(all)
                .extracting(one -> one.why().startsWith("it waits in " + queue + " behind others"))
                .containsExactlyInAnyOrder(true, false);
        assertThat(all)
                .allMatch(
                        one ->
                                one.blocked() != null
                                        && (one.blocked().since() != null)
                                                == state.equals("paused"));
    }

    /** ⚠ Decisions 27 and 45: nobody sends it until a person has decided. */
    @ParameterizedTest
    @CsvSource({"unmade, Deliveries that can't be made", "held, decide under Alerts"})
    void whatStandsBesideItsDestinationIsNotDeliveredAndSaysWhereItIsDecided(
            String queue, String where) {
        send(order("0900", "NW"));
        delivered("northlab/orders~" + queue, "waiting", null, "");

        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
        assertThat(loop().why()).contains(where);
        assertThat(loop().performer()).isEqualTo("northlab");
    }

    /** An ACK is not an acceptance; an ORR in the same exchange is. */
    @ParameterizedTest
    @CsvSource({
        "ORR^O02, AA, OK, ACCEPTED",
        "ORR^O02, AA, UA, REJECTED",
        "ORR^O02, AE, UA, REJECTED",
        "ACK^O01, AA, OK, ACKNOWLEDGED"
    })
    void theAnswerToTheDeliveryItselfIsHeard(
            String type, String code, String control, State wanted) {
        send(order("0900", "NW"));

        delivered(
                "accepted",
                "accepted",
                header(type, "0901", "LIS")
                        + ("MSA|" + code + "|1\n")
                        + filled("ORC|" + control + "|P|F\n"));

        assertThat(loop().state()).isEqualTo(wanted);
    }

    /**
     * HL7 v2.5.1 §2.9.3.2: the application answers later, with a message of its own. ⚠ Accepted by
     * the application is no acceptance of the order either.
     */
    @ParameterizedTest
    @CsvSource({"AA, ACKNOWLEDGED", "AE, REJECTED", "AR, REJECTED", "CE, REJECTED"})
    void anApplicationAcknowledgementThatComesLaterSaysWhatBecameOfTheOrder(
            String code, State wanted) {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        var control = sentAs();

        acknowledge(EASTLAB, code, control, "");
        acknowledge(AdtEngine.LAB, "CA", control, "");
        acknowledge(AdtEngine.LAB, code, control + "X", "");
        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);

        acknowledge(
                AdtEngine.LAB, code, control, "ERR||OBR^1^4|204^Unknown key|E||||No such test\n");

        assertThat(loop().state()).isEqualTo(wanted);
        assertThat(open()).hasSize(1);
        assertThat(loop().steps().getLast().words()).contains("by the application: answered");
        if (wanted == State.REJECTED) assertThat(loop().why()).contains("OBR[1]-4 No such test");
        assertThat(ENGINE.one("select state from delivery order by id desc limit 1"))
                .isEqualTo("accepted");
    }

    /** What was mended is sent again; what the laboratory says after its rejection counts, too. */
    @Test
    void anOrderThatTheApplicationRejectedGoesOnWhenItIsSentAgainOrTaken() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        acknowledge(AdtEngine.LAB, "AE", sentAs(), "");
        assertThat(loop().state()).isEqualTo(State.REJECTED);

        send(order("0930", "XO"));
        delivered("accepted", "accepted", null);

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);

        var control = sentAs();
        acknowledge(AdtEngine.LAB, "AE", control, "");
        acknowledge(AdtEngine.LAB, "AA", control, "");

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(new ApplicationAnswers(ENGINE.jdbc).rejections(Instant.EPOCH))
                .noneMatch(row -> String.valueOf(row.its().deliveryId()).equals(lastDelivery()));
    }

    /** ⚠ The laboratory did not take the cancel, and still draws the blood. */
    @Test
    void aCancelThatTheApplicationRejectsClosesNothing() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        send(order("0920", "CA"));
        delivered("accepted", "accepted", null);
        assertThat(loop().state()).isEqualTo(State.CANCELLED);

        acknowledge(AdtEngine.LAB, "AE", sentAs(), "");

        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(open()).hasSize(1);
    }

    /** An ORR without a patient is not charted; what it says of each order counts all the same. */
    @ParameterizedTest
    @CsvSource({"AA, OK, ACCEPTED", "AA, UA, REJECTED", "AE, OK, ACCEPTED", "AE, UA, REJECTED"})
    void anAnswerWithoutAPatientIsHeardByWhatItAnswers(String code, String control, State wanted) {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);

        var answer =
                ENGINE.send(
                        AdtEngine.LAB,
                        header("ORR^O02", "0910", "LIS")
                                + "MSA|%s|%s\n".formatted(code, sentAs())
                                + filled("ORC|" + control + "|P|F\n"));

        assertThat(answer).contains("MSA|AA|");
        assertThat(loop().state()).isEqualTo(wanted);
    }

    /** ⚠ PID is optional in answers: the number alone says which of what was sent is meant. */
    @ParameterizedTest
    @CsvSource({
        "ORR^O02, MSA|AA|x, P, UA, REJECTED",
        "ORL^O22, MSA|AA|x, P, UA, REJECTED",
        "ORG^O20, MSA|AA|x, P, OK, ACCEPTED",
        "OSU^O51, , P, UA, REJECTED",
        "OSU^O51, , short, UA, REJECTED",
        "OSU^O51, , other letters, UA, REJECTED",
        "ORR^O02, MSA|AA|x, other letters, UA, REJECTED",
        "OSU^O51, , universal, UA, REJECTED",
        "ORR^O02, MSA|AE|x, universal, UA, REJECTED",
        "OSU^O51, , P, OH, ON_HOLD",
        "ORR^O02, , P, UA, REJECTED",
        "ORR^O02, MSA|CA|x, P, UA, REJECTED",
        "ORR^O02, MSA|AE|x, P, UA, REJECTED"
    })
    void anAnswerWithoutAPatientIsHeardByItsNumber(
            String type, @Nullable String msa, String number, String control, State wanted) {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);

        assertThat(unnamed(type, msa, control, number)).contains("MSA|AA|");

        assertThat(loop().state()).isEqualTo(wanted);
        assertThat(loop().why()).isEqualTo(control.equals("OK") ? "" : "No such test");
        assertThat(open()).hasSize(1);
    }

    /** ⚠ Never taken in silence: its sender and the list of what was refused say so. */
    @ParameterizedTest
    @CsvSource({
        "nothing sent, P",
        "sent to another, P",
        "sent, OTHER^EMR",
        "sent, P^EPIC",
        "sent, ''",
        "sent twice, P"
    })
    void anAnswerWithoutAPatientOfNothingThatWasSentIsRefused(String how, String number) {
        send(order("0900", "NW"));
        if (how.startsWith("sent")) delivered("accepted", "accepted", null);
        if (how.equals("sent to another"))
            ENGINE.jdbc
                    .sql(
                            "update delivery set destination = 'eastlab/orders' where id ="
                                    + " (select max(id) from delivery)")
                    .update();
        if (how.equals("sent twice")) {
            var first = patient;
            anotherPatient();
            send(order("0901", "NW").replace("P" + patient + "^EMR", "P" + first + "^EMR"));
            delivered("accepted", "accepted", null);
            assertThat(unnamed("ORR^O02", "MSA|AA|x", "UA", "P" + first + "^EMR"))
                    .contains("MSA|AE|", "that of orders or referrals of several");
            return;
        }

        assertThat(
                        unnamed(
                                "OSU^O51",
                                null,
                                "UA",
                                number.equals("P^EPIC") ? "P" + patient + "^EPIC" : number))
                .contains("MSA|AE|", "patient-identifier-missing");

        assertThat(ENGINE.one("select state from journal order by id desc limit 1"))
                .isEqualTo("refused");
        assertThat(open()).hasSize(1);
    }

    /** Not taken is not cancelled, whatever ORC-5 says beside it. */
    @Test
    void whatIsNotTakenIsRejectedAlsoWhereItSaysCancelled() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        answer("0910", "ORC|UA|P|F||CA");

        assertThat(loop().state()).isEqualTo(State.REJECTED);
    }

    /** ⚠ A number of another namespace that nobody gave takes nothing back from an order either. */
    @Test
    void theNumberOfAnotherNamespaceTakesNothingBackFromAnOrder() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        answer("0910", "ORC|UA|P" + patient + "|F");
        answer("0920", "ORC|OK|P" + patient + "^EPIC|F9");

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.number() + " " + loop.state())
                .contains("P" + patient + "^EMR REJECTED")
                .hasSize(2);
    }

    /** ⚠ What was said of one order stays, when the same delivery is answered again. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void answersWithoutAPatientToTwoOrdersOfOneMessageAreBothHeard(boolean together) {
        sendTwo();
        if (together) delivered("accepted", "accepted", null);
        else {
            delivered("northlab/orders", "accepted", "accepted", chosen("Q", "CRP"));
            delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        }
        unnamed("ORR^O02", "MSA|AA|x", "UA", "P");
        unnamed("ORR^O02", "MSA|AA|x", "OK", "Q" + patient + "^EMR");
        acknowledge(AdtEngine.LAB, "AA", sentAs(), "");

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.service().text() + " " + loop.state())
                .containsExactlyInAnyOrder("Potassium REJECTED", "CRP ACCEPTED");
    }

    /** The last delivery under the number is what is answered: a cancel after its order. */
    @Test
    void anAnswerWithoutAPatientFollowsWhatWasSentLast() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        send(order("0920", "CA"));
        delivered("accepted", "accepted", null);

        unnamed("OSU^O51", null, "UC", "P");

        assertThat(loop().state()).isEqualTo(State.CHANGE_REFUSED);
    }

    private String unnamed(String type, @Nullable String msa, String control, String number) {
        var its =
                switch (number) {
                    case "short" -> "P" + patient;
                    case "other letters" -> "P" + patient + "^emr";
                    case "universal" -> "P" + patient + "^^1.2.840.5^ISO";
                    default -> number;
                };
        return ENGINE.send(
                AdtEngine.LAB,
                header(type, "0910", "LIS")
                        + (msa == null ? "" : msa + "\n")
                        + filled("ORC|%s|%s|F\n".formatted(control, its))
                                .replaceFirst("\n$", "|".repeat(13) + "^No such test\n"));
    }

    /** ⚠ An acknowledgement of an acknowledgement never ends; only one that asks is told. */
    @Test
    void anApplicationAcknowledgementIsAnsweredOnlyIfItAsksByItsOwnMsh15() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);

        assertThat(acknowledge(AdtEngine.LAB, "AE", sentAs(), "")).isEmpty();
        assertThat(
                        ENGINE.send(
                                AdtEngine.LAB,
                                header("ACK^O01", "0911", "LIS")
                                                .replace("|P|2.5.1", "|P|2.5.1|||AL|NE")
                                        + "MSA|AE|"
                                        + sentAs()))
                .contains("MSA|CA|");
    }

    @Test
    void aRejectionOfWhatWasNeverSentIsListedWithoutADelivery() {
        acknowledge(AdtEngine.LAB, "AR", "nothing-" + patient, "");

        var row = new ApplicationAnswers(ENGINE.jdbc).rejections(Instant.EPOCH).getFirst();
        assertThat(row.its().deliveryId()).isNull();
        assertThat(row.its().code()).isEqualTo("AR");
        assertThat(
                        ENGINE.one(
                                "select state || reasons::text from journal where id = "
                                        + row.its().entryId()))
                .contains("ignored", "acknowledgement-of-nothing", "rejected-after-delivery");
    }

    /** As a second frame on the connection it runs no route, whatever its type. */
    @Test
    void anAnswerOnOurConnectionIsKeptAsOneOfThePartnerWeCalled() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);

        var reply =
                ENGINE.onConnection(
                        AdtEngine.LAB,
                        header("ORR^O02", "0910", "WHOEVER")
                                + pid()
                                + "MSA|AE|%s\n".formatted(sentAs())
                                + filled("ORC|UA|P|F\n"));

        assertThat(reply).isEmpty();
        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(ENGINE.one("select state from journal order by id desc limit 1"))
                .isEqualTo("ignored");
    }

    private String lastDelivery() {
        return ENGINE.one("select max(id) from delivery");
    }

    /** Gives the last delivery an MSH-10 of its own. */
    private String sentAs() {
        var control = "S" + lastDelivery();
        ENGINE.jdbc
                .sql("update delivery set control_id = :control where id = :id")
                .param("control", control)
                .param("id", Long.parseLong(lastDelivery()))
                .update();
        return control;
    }

    private String acknowledge(Partner from, String code, String controlId, String more) {
        return ENGINE.send(
                from,
                header("ACK^O01", "0910", "LIS") + "MSA|%s|%s\n".formatted(code, controlId) + more);
    }

    /** What hinders is read of an answer in the same exchange as of a message of its own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|UA|P|F|||||||||||||ABN^no ABN signed ; ABN_REQUIRED
                    ORC|OH|P|F||HD|||||||||||^Prepayment required ; PAYMENT
                    ORC|OC|P|F||CA|||||||||||^Specimen hemolyzed ; SPECIMEN_REJECTED
                    ORC|UA|P|F|||||||||||||^No such test ; REJECTED
                    ORC|UA|P|F+NTE|1||AOE missing ; AOE_MISSING
                    ORC|OK|P|F||A|||||||||||||||4 ; ABN_REQUIRED
                    """)
    void theAnswerToTheDeliverySaysWhatHinders(String control, State wanted) {
        send(order("0900", "NW"));

        delivered(
                "accepted",
                "accepted",
                header("ORR^O02", "0901", "LIS")
                        + "MSA|AA|1\n"
                        + filled(control.replace('+', '\n') + "\n"));

        assertThat(loop().state()).isEqualTo(wanted);
    }

    /** ⚠ Of two tests under one number, the one that is refused only. */
    @Test
    void theAnswerToTheDeliveryIsAboutTheTestThatItNames() {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));

        delivered(
                "accepted",
                "accepted",
                header("ORR^O02", "0901", "LIS")
                        + "MSA|AA|1\n"
                        + filled(
                                """
                                ORC|UA|P|F
                                OBR|1|P|F|LK^Kalium^LAB^K^Potassium^L
                                ORC|OK|P|F
                                OBR|2|P|F|CRP^CRP^L
                                """));

        assertThat(LOOPS.of(person()))
                .extracting(one -> one.service().code() + " " + one.state())
                .containsExactlyInAnyOrder("K REJECTED", "CRP ACCEPTED");
    }

    /** ⚠ Neither its code nor its name need be those of the order. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    UA ;    ; CRP REJECTED; refused
                    OK ;    ; CRP ACCEPTED; active
                    OC ; CA ; CRP STOPPED ; cancelled
                    """)
    void anAnswerInTheCodeThatWasSentIsAboutItsTest(
            String control, @Nullable String status, String wanted, String state) {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered("northlab/orders", "accepted", "accepted", twoSent("EK", "EC"));

        answer(
                "0910",
                "ORC|%s|P|F||%s\nOBR|1|P|F|EC^Blood count^LAB"
                        .formatted(control, status == null ? "" : status));

        assertThat(tests()).isEqualTo("K ACKNOWLEDGED; " + wanted);
        assertThat(open()).hasSize(2);
        var crp =
                LOOPS.of(person()).stream()
                        .filter(one -> one.service().code().equals("CRP"))
                        .findFirst()
                        .orElseThrow();
        assertThat(LOOPS.answersAsSent(List.of(person())).values()).containsExactly(crp.id());
        assertThat(LOOPS.charted(person()).orders())
                .containsEntry(crp.id(), state)
                .hasSize(3)
                .containsValue("active");
        assertThat(
                        LOOPS.answersAsSent(List.of(person())).keySet().stream()
                                .map(LOOPS::order)
                                .map(one -> one.orElseThrow().id()))
                .as("its page is that of the order")
                .containsExactly(crp.id());
        report("|P|F|", "EC^Blood count^LAB");
        assertThat(tests()).startsWith("K ACKNOWLEDGED; CRP ");
    }

    /** Of two tests that left in one code nobody knows which is meant. */
    @Test
    void anAnswerInACodeThatWasSentTwiceStandsByItself() {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered("northlab/orders", "accepted", "accepted", twoSent("EX", "EX"));

        answer("0910", "ORC|UA|P|F\nOBR|1|P|F|EX^Blood count^LAB");

        assertThat(tests()).isEqualTo("K ACKNOWLEDGED; EX REJECTED; CRP ACKNOWLEDGED");
        assertThat(LOOPS.answersAsSent(List.of(person()))).isEmpty();
    }

    /** Whoever it was not sent to does not know the code. */
    @Test
    void anAnswerOfSomebodyElseInTheCodeThatWasSentIsAboutNothing() {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered("eastlab/orders", "accepted", "accepted", twoSent("EK", "EC"));

        answer("0910", "ORC|UA|P|F\nOBR|1|P|F|EC^Blood count^LAB");

        assertThat(tests()).contains("K ACKNOWLEDGED", "CRP ACKNOWLEDGED");
    }

    @Test
    void theAnswerToTheDeliveryInTheCodeThatWasSentIsAboutItsTest() {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered(
                "accepted",
                "accepted",
                header("ORR^O02", "0901", "LIS")
                        + "MSA|AA|1\n"
                        + filled(
                                """
                                ORC|OK|P|F
                                OBR|1|P|F|EK^Salt^LAB
                                ORC|UA|P|F
                                OBR|2|P|F|EC^Blood count^LAB
                                """));
        ENGINE.jdbc
                .sql(
                        "update delivery set chosen = :chosen where id = (select max(id) from"
                                + " delivery)")
                .param("chosen", twoSent("EK", "EC"))
                .update();

        assertThat(tests()).isEqualTo("K ACCEPTED; CRP REJECTED");
    }

    /** A laboratory answers in its own words for the test. */
    @Test
    void anAnswerThatCallsTheTestOtherwiseMovesTheOrder() {
        send(order("0900", "NW"));

        answer(
                "0910",
                "ORC|OH|P|F||HD|||||||||||^Prepayment\nOBR|1|P|F|LK^Kalium^LAB^K^Potassium^L");
        assertThat(loop().state()).isEqualTo(State.PAYMENT);
        answer("0920", "ORC|SC|P|F||IP\nOBR|1|P|F|LK^Kalium^LAB");
        assertThat(loop().state()).isEqualTo(State.IN_PROCESS);

        result("1000", "F", "F", "4.1", "LK");

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** ⚠ What was accepted before says nothing of a change that did not arrive. */
    @Test
    void aChangeThatIsNotDeliveredShowsThoughTheOrderWasAccepted() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        answer("0910", "ORC|OK|P|F");
        send(order("0920", "XO"));

        delivered("waiting", "refused", null);

        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
    }

    /** ⚠ A laboratory that never got the cancel, or did not take it, still draws the blood. */
    @ParameterizedTest
    @CsvSource({"CA, waiting", "CA, skipped", "DC, waiting"})
    void aCancelThatIsNotDeliveredClosesNothing(String control, String state) {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        send(order("0920", control));

        delivered(state, "refused", null);

        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
        assertThat(loop().why()).isEqualTo("AE 204");
        assertThat(open()).hasSize(1);

        delivered("accepted", "accepted", null);

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
    }

    /** ⚠ One that waits to be placed has told the laboratory nothing. */
    @Test
    void aCancelThatWaitsWithoutADeliveryClosesNothing() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        send(order("0920", "CA").replace("^EMR", ""));
        delivered("emr/orders-to-place", "waiting", null, "");

        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
        assertThat(loop().why()).contains("Orders to place");

        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void aCancelThatTheLaboratoryConfirmsOrAnswersWithAResultNeedsNoDelivery() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        send(order("0920", "CA"));
        delivered("skipped", "refused", null);

        answer("0930", "ORC|CR|P|F||CA");

        assertThat(loop().state()).isEqualTo(State.CANCELLED);

        anotherPatient();
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);
        send(order("0920", "CA"));
        delivered("skipped", "refused", null);

        result("1000", "F", "F", "4.1");

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    @ParameterizedTest
    @CsvSource({"null", "refused"})
    void anOrderThatNeverArrivedNeedsNoCancelThatArrives(String outcome) {
        send(order("0900", "NW"));
        delivered("skipped", outcome.equals("null") ? null : outcome, null);
        send(order("0920", "CA"));

        delivered("skipped", null, null);

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
    }

    /** ⚠ Two laboratories get parts of one message; a copy goes to somebody who does none of it. */
    @Test
    void whatBecameOfAnotherOrderOfTheMessageOrOfACopySaysNothing() {
        sendTwo();
        delivered("northlab/orders", "waiting", "refused", chosen("P", "K"));
        delivered("eastlab/orders", "accepted", "accepted", chosen("Q", "CRP"));
        delivered("archive/copies", "accepted", "accepted", "");

        assertThat(LOOPS.of(person()))
                .extracting(one -> one.service().code() + " " + one.state() + " " + one.performer())
                .containsExactlyInAnyOrder("K NOT_DELIVERED northlab", "CRP ACKNOWLEDGED eastlab");
    }

    /** ⚠ One that waits for a laboratory has not been sent by the copy of its message. */
    @Test
    void anOrderThatWaitsToBePlacedIsNotSentByTheCopyOfItsMessage() {
        send(order("0900", "NW"));
        toPlace("waiting");
        delivered("archive/copies", "accepted", "accepted", "");

        assertThat(loop().state()).isEqualTo(State.TO_PLACE);
        assertThat(loop().performer()).isEmpty();
    }

    @Test
    void anOrderThatAPersonDecidesNotToSendIsOver() {
        send(order("0900", "NW"));
        toPlace("skipped");

        assertThat(loop().state()).isEqualTo(State.NOT_SENT);
        assertThat(loop().steps().getLast().words()).startsWith("Not sent");
        assertThat(open()).isEmpty();
    }

    /** ⚠ Whoever has an order goes on with it, whatever is ordered under its number meanwhile. */
    @ParameterizedTest
    @CsvSource({"K^Potassium^L", "CRP^CRP^L"})
    void anOrderThatIsPlacedAgainAndWaitsLeavesTheFirstAsItStands(String test) {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        answer("0910", "ORC|OH|P|F||HD|||||||||||^Prepayment required");

        send(order("0930", "NW", test));
        toPlace("waiting", order("0930", "NW", test));

        assertThat(asItStands()).isEqualTo("K PAYMENT northlab Prepayment required");
        assertThat(charted()).isEqualTo("K active");
        assertThat(loop().steps())
                .extracting(Step::words)
                .contains(
                        "Ordered (ORC-1 NW), once more under this number",
                        "Waits for a person: no laboratory does "
                                + test.replaceFirst("\\^.*", "")
                                + "; add it to the compendium.csv of the laboratory that does, or"
                                + " choose one (Worklist, Orders and referrals to place)");
        assertThat(LOOPS.charted(person()).orders().values()).containsOnly("on-hold");

        ENGINE.jdbc
                .sql("update delivery set state = 'skipped' where destination like 'emr/orders%'")
                .update();

        assertThat(asItStands()).isEqualTo("K PAYMENT northlab Prepayment required");
        assertThat(charted()).isEqualTo("K active");
        assertThat(open()).hasSize(1);
        result("0940", "F", "F", "4.0");
        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** ⚠ Nobody has heard of the other test, and the laboratory goes on with the first. */
    @ParameterizedTest
    @CsvSource({"waiting", "skipped"})
    void aChangeToAnotherTestThatWasNotSentLeavesTheFirstAsItStands(String state) {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));

        send(order("0930", "XO", "CRP^C-rP^L"));
        toPlace(state, order("0930", "XO", "CRP^C-rP^L"));

        assertThat(asItStands()).isEqualTo("K ACKNOWLEDGED northlab ");
        assertThat(charted()).isEqualTo("K active");
        assertThat(LOOPS.charted(person()).orders().values()).containsOnly("active");
        assertThat(loop().steps())
                .extracting(Step::words)
                .contains("Order changed (ORC-1 XO), to another test: C-rP");
        result("0940", "F", "F", "4.0");
        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(open()).isEmpty();
    }

    /** Other words, also a later change of the first, count as ever. */
    @Test
    void whatIsSaidAfterAChangeToAnotherTestIsAboutTheFirst() {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        send(order("0930", "XO", "CRP^C-rP^L"));
        toPlace("skipped", order("0930", "XO", "CRP^C-rP^L"));

        send(order("0940", "XO"));
        toPlace("waiting", order("0940", "XO"));

        assertThat(charted()).isEqualTo("K active");
        assertThat(loop().state()).isEqualTo(State.TO_PLACE);
        send(order("0950", "CA"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        assertThat(charted()).isEqualTo("K cancelled");
        assertThat(loop().state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void aChangeToAnotherTestCountsOnceItIsSent() {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        send(order("0930", "XO", "CRP^C-rP^L"));
        toPlace("replaced", order("0930", "XO", "CRP^C-rP^L"));

        delivered("northlab/orders", "accepted", "accepted", chosen("P", "CRP"));

        assertThat(charted()).isEqualTo("CRP active");
        assertThat(asItStands()).isEqualTo("CRP ACKNOWLEDGED northlab ");
    }

    @Test
    void theSecondOrderOfANumberCountsOnceItIsSent() {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        send(order("0930", "NW", "CRP^CRP^L"));
        toPlace("replaced", order("0930", "NW", "CRP^CRP^L"));

        delivered("eastlab/orders", "waiting", null, chosen("P", "CRP"));

        assertThat(charted()).isEqualTo("CRP active");
        assertThat(loop().state()).isEqualTo(State.TO_SEND);
    }

    /** ⚠ Nobody would miss the result of a test that a person has ordered once more. */
    @Test
    void whatAPersonOrdersOnceMoreAfterItsResultIsFollowedAnew() {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        result("0910", "F", "F", "4.0");
        assertThat(loop().state()).isEqualTo(State.FINAL);

        send(order("0930", "NW"));
        toPlace("replaced", order("0930", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(open()).hasSize(1);
        assertThat(loop().steps())
                .extracting(Step::words)
                .contains("Final result: Potassium (OBR-25 F), from before it was ordered again");
        assertThat(LOOPS.charted(person()).orders().values()).containsOnly("active");

        result("1000", "F", "F", "4.1");
        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(open()).isEmpty();
    }

    /** The one that was said first came second, and waits. */
    @Test
    void whicheverOrderOfANumberWasSentStands() {
        send(order("0930", "NW", "CRP^CRP^L"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "CRP"));

        send(order("0900", "NW"));
        toPlace("waiting", order("0900", "NW"));

        assertThat(asItStands()).isEqualTo("CRP ACKNOWLEDGED northlab ");
        assertThat(charted()).isEqualTo("CRP active");
    }

    @Test
    void whereTheFirstWasCancelledTheSecondWaitsToBePlaced() {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        send(order("0910", "CA"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));

        send(order("0930", "NW", "CRP^CRP^L"));
        toPlace("waiting", order("0930", "NW", "CRP^CRP^L"));

        assertThat(charted()).isEqualTo("CRP active");
        assertThat(loop().state()).isEqualTo(State.TO_PLACE);
        assertThat(open()).hasSize(1);
    }

    /** ⚠ Whoever reads that it was not delivered must not believe it where nobody knows. */
    @ParameterizedTest
    @CsvSource({"unknown, it may have arrived, and an alert holds it", "unsent, an alert holds it"})
    void whatMayHaveArrivedBeforeAnAlertHeldItSaysSo(String outcome, String why) {
        send(order("0900", "NW"));
        delivered("northlab/orders~held", "waiting", outcome, chosen("P", "K"));

        assertThat(loop().why()).startsWith(why);
        assertThat(loop().state().mustAct()).isTrue();
    }

    /** ⚠ Nobody has heard of a change that waits here, whenever its order left. */
    @ParameterizedTest
    @CsvSource({"'', nothing with this number", "~held, an alert holds it"})
    void aChangeThatWaitsIsNotPlacedThoughItsOrderLeftLater(String held, String why) {
        send(order("0900", "NW"));
        var order = ENGINE.one("select max(id) from journal");
        send(order("0920", "XO"));
        toPlace("waiting", order("0920", "XO"));
        ENGINE.jdbc
                .sql(
                        "update delivery set destination = destination || :held where id = (select"
                                + " max(id) from delivery)")
                .param("held", held)
                .update();
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        ENGINE.jdbc
                .sql(
                        "update delivery set entry_id = :entry where id = (select max(id) from"
                                + " delivery)")
                .param("entry", Long.parseLong(order))
                .update();

        assertThat(asItStands()).startsWith("K TO_PLACE northlab " + why);
        answer("0930", "ORC|OK|P|F");
        assertThat(loop().state()).as("accepted without the change").isEqualTo(State.TO_PLACE);
        assertThat(open()).hasSize(1);

        result("1000", "F", "F", "4.1");

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** What was said before the order that left changes nothing of it. */
    @Test
    void aChangeFromBeforeTheOrderThatWasSentLeavesItAsItStands() {
        send(order("0855", "XO"));
        toPlace("waiting", order("0855", "XO"));
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
    }

    /** ⚠ That a change is not sent ends nothing. */
    @Test
    void aChangeThatAPersonDecidesNotToSendLeavesTheOrderOpen() {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        send(order("0920", "XO"));

        toPlace("skipped");

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(open()).hasSize(1);
    }

    /** What nobody has ordered is not ordered by its cancel. */
    @ParameterizedTest
    @CsvSource({"CA", "DC"})
    void theCancelOfAnOrderThatWasNeverSeenIsNoOrder(String control) {
        send(order("0900", control));
        toPlace("waiting");

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
        assertThat(LOOPS.charted(person()).orders().values()).containsOnly("cancelled");
        assertThat(open()).isEmpty();
        send(order("0855", "NW"));
        delivered("northlab/orders", "accepted", "accepted", chosen("P", "K"));
        assertThat(loop().state()).as("its order came").isEqualTo(State.NOT_DELIVERED);
    }

    /** Why it was held says nothing of why it was not performed. */
    @Test
    void theWordsOfAHoldEndWithIt() {
        send(order("0900", "NW"));
        answer("0910", "ORC|OH|P|F||HD|||||||||||^Prepayment required");

        result("0930", "X", "X", "QNS");

        assertThat(asItStands()).isEqualTo("K RECOLLECT northlab QNS");
    }

    private String asItStands() {
        var loop = loop();
        return "%s %s %s %s"
                .formatted(loop.service().code(), loop.state(), loop.performer(), loop.why());
    }

    /** The order as its sender states it. */
    private String charted() {
        var orders =
                FOLLOWED.bean(Registrations.class).ordersNumbered("emr", "P" + patient + "^EMR");
        assertThat(orders).hasSize(1);
        return orders.getFirst().service().code() + " " + orders.getFirst().state();
    }

    private void toPlace(String state) {
        toPlace(state, order("0900", "NW"));
    }

    private void toPlace(String state, String message) {
        delivered("emr/orders-to-place", state, null, "");
        ENGINE.jdbc
                .sql("update delivery set body = :body where id = (select max(id) from delivery)")
                .param("body", message.replace('\n', '\r').getBytes(StandardCharsets.UTF_8))
                .update();
    }

    /** ⚠ A report is not final while one of its values is not, whatever OBR-25 says. */
    @ParameterizedTest
    @CsvSource({"'', P", "F, P", "F, I", "C, S", "'', R"})
    void aValueThatIsNotFinalLeavesTheOrderOpen(String status, String value) {
        send(order("0900", "NW"));

        result("1000", status, value, "4.0");

        assertThat(loop().state()).isEqualTo(State.PARTIAL);
        assertThat(open()).hasSize(1);
    }

    @Test
    void aFinalReportWithoutAnyValueIsNoResult() {
        send(order("0900", "NW"));

        assertThat(
                        ENGINE.send(
                                AdtEngine.LAB,
                                header("ORU^R01", "1000", "LIS")
                                        + pid()
                                        + filled("OBR|1|P|F|K^Potassium^L")
                                        + "|".repeat(21)
                                        + "F\nNTE|1|L|See letter\n"))
                .contains("MSA|AA|");

        assertThat(loop().state()).isEqualTo(State.RESULT_MISSING);
        assertThat(loop().why()).isEqualTo("See letter");
        assertThat(open()).hasSize(1);
    }

    /** ⚠ A laboratory that takes a test off has completed nothing. */
    @Test
    void aReportThatTakesTheTestOffSaysWhy() {
        send(order("0900", "NW"));

        reportNothing("1000", "X", "NTE|1||Specimen hemolyzed, please recollect\n");

        assertThat(loop().state()).isEqualTo(State.RECOLLECT);
        assertThat(loop().why()).isEqualTo("Specimen hemolyzed, please recollect");
        assertThat(open()).hasSize(1);
        assertThat(LOOPS.charted(person()).orders().values()).containsOnly("recollect");
        assertThat(FOLLOWED.care.orders(person()))
                .extracting(OrderLoop::state)
                .containsExactly("recollect");
        assertThat(FOLLOWED.care.orders(person()).getFirst().results()).isEmpty();
        result("1100", "F", "F", "4.0");
        assertThat(loop().state()).as("done after all").isEqualTo(State.FINAL);
    }

    /** A report may only say how far the order is. */
    @ParameterizedTest
    @CsvSource({"O, ACCEPTED", "S, SCHEDULED", "I, IN_PROCESS", "P, PARTIAL", "A, PARTIAL"})
    void aReportWithoutAnyValueSaysHowFarTheOrderIs(String status, State wanted) {
        send(order("0900", "NW"));

        reportNothing("1000", status, "");

        assertThat(loop().state()).isEqualTo(wanted);
        assertThat(loop().steps())
                .extracting(Step::words)
                .contains(
                        (wanted == State.PARTIAL ? "Preliminary result" : wanted.word())
                                + ": Potassium (OBR-25 "
                                + status
                                + ")");
        assertThat(FOLLOWED.care.orders(person()))
                .extracting(OrderLoop::state)
                .containsExactly(wanted == State.PARTIAL ? "in-progress" : "active");
        assertThat(open()).hasSize(1);
        result("1100", "P", "P", "4.0");
        assertThat(loop().state()).isEqualTo(State.PARTIAL);
        result("1200", "F", "F", "4.0");
        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** Whatever OBR-25 says, what is here is here. */
    @Test
    void aValueBesideAStatusIsAResult() {
        send(order("0900", "NW"));

        result("1000", "I", "P", "4.0");

        assertThat(loop().state()).isEqualTo(State.PARTIAL);
        assertThat(loop().steps().getLast().words()).startsWith("Preliminary result");
    }

    /** What is held stays held, and a change that was not delivered was not scheduled. */
    @Test
    void howFarAReportSaysThatItIsLiftsNoHold() {
        send(order("0900", "NW"));
        answer("0910", "ORC|OH|P|F||HD|||||||||||^Prepayment required");

        reportNothing("1000", "O", "");

        assertThat(loop().state()).isEqualTo(State.PAYMENT);
    }

    /** A report without OBX. */
    private void reportNothing(String time, String status, String notes) {
        assertThat(
                        ENGINE.send(
                                AdtEngine.LAB,
                                header("ORU^R01", time, "LIS")
                                        + pid()
                                        + filled("OBR|1|P|F|K^Potassium^L")
                                        + "|".repeat(18)
                                        + "20261120%s00|||%s\n".formatted(time, status)
                                        + notes))
                .contains("MSA|AA|");
    }

    /** ⚠ A change says nothing of what its filler thinks of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|UA|P|F                                      ; ORDERED
                    ORC|OH|P|F||HD|||||||||||^Prepayment required   ; ORDERED
                    ORC|OC|P|F||CA                                  ; STOPPED
                    ORC|OC|P|F||CA|||||||||||QNS^Specimen hemolyzed ; SPECIMEN_REJECTED
                    """)
    void aChangeMakesNoOrderAccepted(String control, State wanted) {
        send(order("0900", "NW"));
        answer("0905", "ORC|OK|P|F");
        answer("0910", control);

        send(order("0920", "XO"));

        assertThat(loop().state()).isEqualTo(wanted);
    }

    /** ⚠ Clocks differ: what a filler answers follows what was asked. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    CA ; ORC|UC|P|F                                      ; CHANGE_REFUSED
                    CA ; ORC|CR|P|F||CA                                  ; CANCELLED
                    HD ; ORC|UH|P|F                                      ; CHANGE_REFUSED
                    XO ; ORC|UX|P|F|||||||||||||^Already on the analyzer ; CHANGE_REFUSED
                    XO ; ORC|OC|P|F||CA|||||||||||QNS^Specimen hemolyzed ; SPECIMEN_REJECTED
                    XO ; ORC|UA|P|F                                      ; REJECTED
                    """)
    void anAnswerFollowsWhatItAnswersWhateverTheClocksSay(
            String asked, String answer, State wanted) {
        send(order("0900", "NW"));
        send(order("0902", asked));

        answer("0859", answer);

        assertThat(loop().state()).isEqualTo(wanted);
        assertThat(loop().why()).isEqualTo(answer.replaceFirst("[^^]*\\^?", ""));
    }

    /** ⚠ Of what is said in one minute the graver stands, whichever arrived first. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|OK|P|F     ; ORC|OC|P|F||CA ; STOPPED
                    ORC|OK|P|F     ; ORC|UA|P|F     ; REJECTED
                    ORC|SC|P|F||IP ; ORC|OH|P|F||HD ; ON_HOLD
                    ORC|OK|P|F     ; ORC|SC|P|F||IP ; IN_PROCESS
                    """)
    void ofTwoWordsOfOneMinuteTheGraverStands(String one, String other, State wanted) {
        send(order("0900", "NW"));
        answer("0910", one);
        answer("0910", other);
        assertThat(loop().state()).isEqualTo(wanted);

        anotherPatient();
        send(order("0900", "NW"));
        answer("0910", other);
        answer("0910", one);
        assertThat(loop().state()).isEqualTo(wanted);
    }

    @Test
    void aCancelInTheMinuteOfItsOrderIsACancel() {
        send(order("0900", "CA"));
        send(order("0900", "NW"));

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|DE|P|F|||||||||||||^Diagnosis code unknown     ; Diagnosis code unknown
                    ORC|DE|P|F||ER|||||||||||^Diagnosis code unknown   ; Diagnosis code unknown
                    ORC|SC|P|F||ER                                     ; ''
                    """)
    void aDataErrorIsForSomebodyToMend(String control, String why) {
        send(order("0900", "NW"));
        answer("0905", "ORC|OK|P|F");

        answer("0910", control);

        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(loop().why()).isEqualTo(why);
    }

    /** ⚠ What could not be changed was not done under its new name. */
    @Test
    void aChangeToAnotherTestThatIsRefusedIsNotAnsweredByTheFirst() {
        send(order("0900", "NW"));
        send(
                header("ORM^O01", "0905", "EMR")
                        + pid()
                        + filled("ORC|XO|P\nOBR|1|P||A1C^Hemoglobin A1c^L\n"));
        answer("0910", "ORC|UX|P|F\nOBR|1|P|F|K^Potassium^L");

        result("1000", "F", "F", "4.0");

        assertThat(LOOPS.of(person()))
                .filteredOn(loop -> loop.service().code().equals("A1C"))
                .extracting(Loop::state)
                .containsExactly(State.CHANGE_REFUSED);
    }

    /** ⚠ HL7-RULES §5: flagged, and on the list until somebody has asked. */
    @Test
    void anOrderThatItsFillerStoppedAndAnsweredStaysOnTheList() {
        send(order("0900", "NW"));
        answer("0910", "ORC|OC|P|F||CA");

        result("0930", "F", "F", "4.0");

        assertThat(loop().state()).isEqualTo(State.STOPPED);
        assertThat(open()).hasSize(1);
    }

    @Test
    void aResultInTheCodeThatWasSentAnswersTheOrder() {
        send(order("0900", "NW"));
        delivered(
                "northlab/orders",
                "accepted",
                "accepted",
                chosen("P", "K").replace("}", ",\"sent\":\"EKAL\"}"));

        report("|P|F|", "EKAL^Kalium^LAB");

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** ⚠ Of two tests under one number the other is still waited for. */
    @ParameterizedTest
    @CsvSource({
        "EK^Kalium^LAB, K FINAL; CRP ACKNOWLEDGED",
        "EC^C-rP^LAB, K ACKNOWLEDGED; CRP FINAL",
        "EK^Kalium^LAB^K^Potassium^L, K FINAL; CRP ACKNOWLEDGED",
        "EX^Extra^LAB, K ACKNOWLEDGED; CRP ACKNOWLEDGED"
    })
    void theResultOfOneTestOfANumberLeavesTheOtherOpen(String test, String wanted) {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered("northlab/orders", "accepted", "accepted", twoSent("EK", "EC"));

        report("|P|F|", test);

        assertThat(tests()).isEqualTo(wanted);
        assertThat(open()).hasSize(wanted.contains("FINAL") ? 1 : 2);
    }

    /** Where the laboratory gave each test a number of its own, it may say nothing else. */
    @Test
    void theResultUnderTheLaboratorysNumberOfOneTestLeavesTheOtherOpen() {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered("northlab/orders", "accepted", "accepted", twoSent("EK", "EC"));
        answer(
                "0910",
                "ORC|OK|P|F\nOBR|1|P|F|K^Potassium^L\nORC|OK|P|G-%1$s\nOBR|2|P|G-%1$s|CRP^CRP^L"
                        .formatted(patient));

        report("||G-" + patient + "|", "EC^C-rP^LAB");

        assertThat(tests()).isEqualTo("K ACCEPTED; CRP FINAL");
    }

    /** ⚠ What an edit behind the outbox wrote is the code in which it was sent. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aResultInTheCodeThatLeftAnswersItsTest(boolean chosen, boolean asAttempted) {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered("northlab/orders", "accepted", "accepted", chosen ? twoSent("", "EC") : "");
        left(
                asAttempted,
                header("ORM^O01", "0900", "EMR")
                        + pid()
                        + filled(
                                """
                                ORC|NW|P
                                OBR|1|P||T1^Kalium^LAB
                                ORC|NW|P
                                OBR|2|P||T2^C-rP^LAB
                                """));

        report("|P|F|", "T2^CR-Protein^LAB");

        assertThat(tests()).isEqualTo("K ACKNOWLEDGED; CRP FINAL");
    }

    /** Nothing says which of what left is which of what was ordered. */
    @Test
    void whatLeftOtherwiseThanItWasOrderedAnswersNothing() {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered("northlab/orders", "accepted", "accepted", twoSent("", ""));
        left(
                true,
                header("ORM^O01", "0900", "EMR")
                        + pid()
                        + filled("ORC|NW|P\nOBR|1|P||T1^Both^LAB\n"));

        report("|P|F|", "T1^Beide^LAB");

        assertThat(tests()).isEqualTo("K ACKNOWLEDGED; CRP ACKNOWLEDGED");
    }

    private String tests() {
        return LOOPS.of(person()).stream()
                .map(one -> one.service().code() + " " + one.state())
                .sorted(Collections.reverseOrder())
                .collect(Collectors.joining("; "));
    }

    /** Two tests under one number, each in a code of its receiver. */
    private String twoSent(String first, String second) {
        return """
        [{"number":"P%1$s","what":"K","why":"only","sent":"%2$s"},
         {"number":"P%1$s","what":"CRP","why":"only","sent":"%3$s"}]
        """
                .formatted(patient, first, second);
    }

    /** What the last delivery left as. */
    private void left(boolean asAttempted, String message) {
        ENGINE.jdbc
                .sql(
                        asAttempted
                                ? "update attempt set content = :left where delivery_id = (select"
                                        + " max(id) from delivery)"
                                : "update delivery set body = :left where id = (select max(id) from"
                                        + " delivery)")
                .param("left", message.replace('\n', '\r').getBytes(StandardCharsets.UTF_8))
                .update();
    }

    /**
     * A final report.
     *
     * @param numbers OBR-2 and OBR-3, {@code |P|F|}
     */
    private void report(String numbers, String test) {
        assertThat(
                        ENGINE.send(
                                AdtEngine.LAB,
                                header("ORU^R01", "1000", "LIS")
                                        + pid()
                                        + filled("OBR|1" + numbers + test)
                                        + "|||20261120080000"
                                        + "|".repeat(18)
                                        + "F\nOBX|1|NM|V^Value^L||4.1||||||F\n"))
                .contains("MSA|AA|");
    }

    /** ⚠ The answer on the connection is no message; the number in it counts all the same. */
    @ParameterizedTest
    @CsvSource({
        "F, K^Potassium^L, FINAL",
        "F, EK^Kalium^LAB, FINAL",
        "G, K^Potassium^L, ACCEPTED",
    })
    void aReportUnderTheNumberThatAnAnswerGaveClosesItsOrder(
            String number, String test, State state) {
        send(order("0900", "NW"));
        delivered(
                "accepted",
                "accepted",
                header("ORR^O02", "0901", "LIS")
                        + "MSA|AA|C\n"
                        + filled("ORC|OK|P|F\nOBR|1|P|F|K^Potassium^L\n"));
        assertThat(loop().state()).isEqualTo(State.ACCEPTED);

        report("||" + number + "|", test);

        assertThat(loop().state()).isEqualTo(state);
        assertThat(LOOPS.reportsAsSent(List.of(person())).size())
                .isEqualTo(state == State.FINAL ? 1 : 0);
    }

    /** ⚠ Of two orders with one number of the laboratory the other is still waited for. */
    @Test
    void aNumberThatAnAnswerGaveToTwoTestsClosesTheOneThatIsReported() {
        send(header("ORM^O01", "0900", "EMR") + pid() + filled(TWO_TESTS));
        delivered(
                "accepted",
                "accepted",
                header("ORR^O02", "0901", "LIS")
                        + "MSA|AA|C\n"
                        + filled(
                                """
                                ORC|OK|P|F
                                OBR|1|P|F|K^Potassium^L
                                ORC|OK|P|F
                                OBR|2|P|F|CRP^CRP^L
                                """));

        report("||F|", "CRP^CRP^L");

        assertThat(tests()).isEqualTo("K ACCEPTED; CRP FINAL");
    }

    /** Neither code nor name are those of the order: it is known by what was sent alone. */
    @Test
    void aReportInTheCodeThatWasSentBelongsToTheOrder() {
        send(order("0900", "NW"));
        delivered(
                "northlab/orders",
                "accepted",
                "accepted",
                chosen("P", "K").replace("}", ",\"sent\":\"EKAL\"}"));

        result("1000", "F", "F", "4.0", "EKAL^Kalium^LAB");

        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(LOOPS.reportsAsSent(List.of(person())).values()).containsExactly(loop().id());
    }

    @Test
    void aReportInAnotherCodeThanWasSentBelongsToNoOrder() {
        send(order("0900", "NW"));
        delivered(
                "northlab/orders",
                "accepted",
                "accepted",
                chosen("P", "K").replace("}", ",\"sent\":\"EKAL\"}"));

        result("1000", "F", "F", "140", "ENA^Natrium^LAB");

        assertThat(LOOPS.reportsAsSent(List.of(person()))).isEmpty();
    }

    /** Where nothing says what a delivery holds, it is of all orders of its message. */
    @Test
    void aDeliveryThatNothingWasChosenForIsOfAllOrdersOfItsMessage() {
        sendTwo();
        delivered("northlab/orders", "accepted", "accepted", "");

        assertThat(LOOPS.of(person()))
                .extracting(Loop::state)
                .containsExactly(State.ACKNOWLEDGED, State.ACKNOWLEDGED);
    }

    /** ⚠ What somebody says of it who was never sent it is shown, and closes nothing. */
    @ParameterizedTest
    @CsvSource({"ORC|CR|P|F||CA", "ORC|OC|P|F||CA", "ORC|UA|P|F", "ORC|SC|P|F||CM"})
    void theWordOfSomebodyItWasNotSentToMovesNoOrder(String control) {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);

        ENGINE.send(EASTLAB, header("ORR^O02", "0910", "LIS") + pid() + filled(control + "\n"));

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(open()).hasSize(1);
        assertThat(loop().steps())
                .filteredOn(step -> step.who().equals("eastlab"))
                .singleElement()
                .satisfies(step -> assertThat(step.state()).isNull())
                .satisfies(step -> assertThat(step.words()).contains("was not sent to"));

        answer("0920", "ORC|OK|P|F");

        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
    }

    /** What comes back from elsewhere than the order went to is still a result. */
    @Test
    void theResultOfSomebodyItWasNotSentToClosesTheOrder() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);

        var number = "OBR|1|P%1$s^EMR|E%1$s|K^Potassium^L".formatted(patient);
        ENGINE.send(
                EASTLAB,
                header("ORU^R01", "1000", "LIS")
                        + pid()
                        + number
                        + "|||20261120080000"
                        + "|".repeat(18)
                        + "F\nOBX|1|NM|K^Potassium^L||4.1||||||F\n");

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    @Test
    void aHoldThatIsSaidAgainEachDayGrowsOld() {
        send(order("0900", "NW"));
        answer("0910", "ORC|OH|P|F||HD");
        answer("0920", "ORC|OH|P|F||HD");
        answer("0930", "ORC|OH|P|F||HD");
        assertThat(loop().since()).isEqualTo("2026-11-20T14:10:00Z");

        answer("0940", "ORC|SC|P|F||IP");
        answer("0950", "ORC|OH|P|F||HD");

        assertThat(loop().since()).isEqualTo("2026-11-20T14:50:00Z");
    }

    @ParameterizedTest
    @CsvSource({"RP, RQ, CANCELLED", "RP, RU, CANCELLED", "XO, RU, STOPPED", "XO, RQ, CANCELLED"})
    void aReplacementClosesTheOrderWhereSomebodyAskedForIt(
            String asked, String answered, State wanted) {
        send(order("0900", "NW"));
        send(order("0910", asked));

        answer("0920", "ORC|" + answered + "|P|F");

        assertThat(loop().state()).isEqualTo(wanted);
    }

    // ------------------------------------------------------------ referrals

    /** ⚠ Whoever it was sent to still waits for the patient. */
    @Test
    void aReferralWhoseCancelIsNotDeliveredStaysOpen() {
        send(referral("REF^I12", "0900", ""));
        delivered("accepted", "accepted", null);
        send(referral("REF^I14", "0920", ""));

        delivered("waiting", "refused", null);

        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
        assertThat(open()).hasSize(1);
    }

    /** ⚠ Whoever has the first waits for the patient. */
    @Test
    void aReferralThatIsSaidAgainAndWaitsLeavesTheFirstAsItStands() {
        send(referral("REF^I12", "0900", ""));
        delivered("cardio/referrals", "accepted", "accepted", chosen("R", ""));
        send(referral("REF^I12", "0930", ""));
        toPlace("waiting", referral("REF^I12", "0930", ""));
        asReferrals();

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);

        ENGINE.jdbc
                .sql("update delivery set state = 'skipped' where destination like 'emr/orders%'")
                .update();
        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(loop().performer()).isEqualTo("cardio");
        assertThat(open()).hasSize(1);
    }

    @Test
    void aReferralThatNobodyTakesIsNotPlaced() {
        send(referral("REF^I12", "0900", ""));
        toPlace("waiting", referral("REF^I12", "0900", ""));
        asReferrals();

        assertThat(loop().state()).isEqualTo(State.TO_PLACE);
        assertThat(loop().why())
                .isEqualTo(
                        "the referral names nobody (PRD with RT) and no specialty (RF1-3, RF1-10);"
                            + " ask whoever referred, or choose one (Worklist, Orders and referrals"
                            + " to place)");
        assertThat(loop().performer()).isEmpty();
    }

    private static void asReferrals() {
        ENGINE.jdbc.sql("update delivery set message_type = 'REF^I12'").update();
    }

    @Test
    void aReferralIsFollowedToTheNoteThatNamesIt() {
        send(referral("REF^I12", "0900", ""));
        assertThat(loop().state()).isEqualTo(State.ORDERED);
        ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0910", "A"));
        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
        appointment("S12", "0920");
        assertThat(loop().state()).isEqualTo(State.SCHEDULED);
        appointment("S26", "0930");
        assertThat(loop().state()).isEqualTo(State.NO_SHOW);
        appointment("S14", "0940");
        assertThat(open()).hasSize(1);

        document("1000", "LA", "R" + patient);

        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(open()).isEmpty();
    }

    /** ⚠ The chart of who asks names its own orders and referrals: that is no answer. */
    @Test
    void aDocumentOfWhoAskedClosesNothing() {
        send(order("0900", "NW"));
        document(null, "1000", "AU", "P" + patient + "^EMR");

        assertThat(loop().state()).isEqualTo(State.ORDERED);
        assertThat(loop().steps().getLast().words()).contains("not by whom it was sent to");
        assertThat(loop().steps().getLast().state()).isNull();

        anotherPatient();
        send(referral("REF^I12", "0900", ""));
        document(null, "1000", "AU", "R" + patient);

        assertThat(loop().state()).isEqualTo(State.ORDERED);
    }

    @Test
    void aNoteOrReportOfSomebodyItWasNotSentToClosesNoReferral() {
        send(referral("REF^I12", "0900", ""));
        delivered("accepted", "accepted", null);
        document(EASTLAB, "1000", "AU", "R" + patient);
        ENGINE.send(
                EASTLAB,
                header("ORU^R01", "1010", "LIS")
                        + pid()
                        + "OBR|1|R%1$s|E%1$s|N^Note^L|||20261120||||||||||||||||||F\n"
                                .formatted(patient)
                        + "OBX|1|NM|K^K^L||4||||||F\n");

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(loop().steps())
                .filteredOn(step -> step.who().equals("eastlab"))
                .hasSize(2)
                .allSatisfy(step -> assertThat(step.state()).isNull());

        document("1020", "AU", "R" + patient);

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** ⚠ The letter that says why is no consult note, and no result. */
    @Test
    void aLetterBesideARejectionLeavesItRejected() {
        send(referral("REF^I12", "0900", ""));
        ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0910", "R"));
        document("1000", "AU", "R" + patient);

        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(open()).hasSize(1);

        anotherPatient();
        send(order("0900", "NW"));
        answer("0910", "ORC|UA|P|F");
        document("1000", "AU", "P" + patient + "^EMR");

        assertThat(loop().state()).isEqualTo(State.REJECTED);

        result("1100", "F", "F", "4.1");

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** ⚠ The letter that said why it was not taken is no answer to what is accepted later. */
    @Test
    void whatIsTakenUpAfterARejectionWaitsForANoteThatComesAfter() {
        send(referral("REF^I12", "0900", ""));
        var answers = new ArrayList<Runnable>();
        answers.add(() -> ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0910", "R")));
        answers.add(() -> document("0911", "LA", "R" + patient));
        answers.add(() -> ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0920", "A")));
        for (int i = 0; i < 3; i++) {
            if (i > 0) {
                anotherPatient();
                send(referral("REF^I12", "0900", ""));
                Collections.rotate(answers, 1);
            }
            answers.forEach(Runnable::run);

            assertThat(loop().state()).isEqualTo(State.ACCEPTED);
            assertThat(open()).hasSize(1);
            assertThat(loop().steps())
                    .filteredOn(step -> step.words().startsWith("Document"))
                    .singleElement()
                    .satisfies(step -> assertThat(step.state()).isNull())
                    .satisfies(step -> assertThat(step.words()).contains("before it was taken up"));
        }
        document(AdtEngine.LAB, "0930", "LA", "R" + patient, "NOTE");
        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** Without a rejection before it a note answers, whatever was said in which order. */
    @Test
    void aNoteFromBeforeTheAcceptanceAnswersWhatWasNeverRejected() {
        send(referral("REF^I12", "0900", ""));
        document("0911", "LA", "R" + patient);

        ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0920", "A"));

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    @Test
    void anOrderThatIsTakenAfterAllIsNotAnsweredByTheLetterThatRefusedIt() {
        send(order("0900", "NW"));
        answer("0910", "ORC|UA|P|F");
        document("0911", "AU", "P" + patient + "^EMR");

        answer("0920", "ORC|OK|P|F");

        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
        assertThat(open()).hasSize(1);
        document(AdtEngine.LAB, "0930", "AU", "P" + patient + "^EMR", "NOTE");
        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** The words of whoever declines, in the message or in the answer to the delivery. */
    @ParameterizedTest
    @CsvSource({"R, REJECTED, true", "E, EXPIRED, true", "R, REJECTED, false"})
    void aReferralThatIsNotTakenSaysWhy(String status, State wanted, boolean own) {
        send(referral("REF^I12", "0900", ""));
        var answer =
                referral("RRI^I12", "0910", status)
                        + "NTE|1||No capacity before May\nOBX|1|TX|N^Note||Seen||||||F\n"
                        + "NTE|1||Of the OBX\n";
        if (own) assertThat(ENGINE.send(AdtEngine.LAB, answer)).contains("MSA|AA|");
        else {
            delivered("accepted", "accepted", answer);
            asReferrals();
        }

        assertThat(loop().state()).isEqualTo(wanted);
        assertThat(loop().why()).isEqualTo("No capacity before May");
        assertThat(loop().steps())
                .extracting(Step::words)
                .anyMatch(words -> words.contains("No capacity before May"));
    }

    @ParameterizedTest
    @CsvSource({
        "A, NTE|1||Bring the films, ''",
        "R, '', no reason was said",
        "R, NTE|1, no reason"
    })
    void whatIsTakenHasNoReasonAndARejectionThatSaysNoneSaysSo(
            String status, String note, String why) {
        send(referral("REF^I12", "0900", ""));

        ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0910", status) + note + "\n");

        if (why.isEmpty()) assertThat(loop().why()).isEmpty();
        else assertThat(loop().why()).startsWith(why);
    }

    /** ⚠ What was said of the rejection is not said of what came after. */
    @Test
    void theReasonOfARejectionEndsWithIt() {
        send(referral("REF^I12", "0900", ""));
        ENGINE.send(
                AdtEngine.LAB,
                referral("RRI^I12", "0910", "R") + "NTE|1||No capacity before May\n");

        ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0920", "A"));

        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
        assertThat(loop().why()).isEmpty();
    }

    /** Whoever was told of the cancel says so in a message of its own. */
    @ParameterizedTest
    @CsvSource({"A", "''", "R"})
    void aCancelThatTheOtherSideConfirmsStaysACancel(String status) {
        send(referral("REF^I12", "0900", ""));
        delivered("northlab/referrals", "accepted", "accepted", chosen("R", ""));
        send(referral("REF^I14", "0920", ""));
        delivered("northlab/referrals", "accepted", "accepted", chosen("R", ""));
        asReferrals();
        assertThat(loop().state()).isEqualTo(State.CANCELLED);

        ENGINE.send(AdtEngine.LAB, referral("RRI^I14", "0930", status));

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
        assertThat(open()).isEmpty();
    }

    /** ⚠ Nobody here asked for that: somebody has to refer the patient to another one. */
    @Test
    void aReferralThatTheOtherSideCancelsIsForSomebodyToActOn() {
        send(referral("REF^I12", "0900", ""));
        delivered("accepted", "accepted", null);

        ENGINE.send(AdtEngine.LAB, referral("RRI^I14", "0930", "A"));

        assertThat(loop().state()).isEqualTo(State.STOPPED);
        assertThat(open()).hasSize(1);
    }

    /** HL7-RULES §7: RF1-1 is the word of who answers. */
    @ParameterizedTest
    @CsvSource({"A, ORDERED", "R, ORDERED", "E, ORDERED", "P, ORDERED"})
    void whatAReferralSaysOfItselfIsNoAnswer(String status, State wanted) {
        send(referral("REF^I12", "0900", status));

        assertThat(loop().state()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({"P, PENDING", "R, REJECTED", "E, EXPIRED"})
    void aReferralThatIsNotAcceptedIsOpen(String status, State state) {
        send(referral("REF^I12", "0900", ""));

        ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0910", status));

        assertThat(loop().state()).isEqualTo(state);
        assertThat(open()).hasSize(1);
    }

    /** ⚠ What somebody says of it who was never referred to is shown, and decides nothing. */
    @ParameterizedTest
    @CsvSource({"A", "R", "E"})
    void theAnswerOfSomebodyItWasNotSentToMovesNoReferral(String status) {
        send(referral("REF^I12", "0900", ""));
        delivered("accepted", "accepted", null);

        ENGINE.send(EASTLAB, referral("RRI^I12", "0910", status));

        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(open()).hasSize(1);
        assertThat(loop().steps())
                .filteredOn(step -> step.who().equals("eastlab"))
                .singleElement()
                .satisfies(step -> assertThat(step.state()).isNull())
                .satisfies(step -> assertThat(step.words()).contains("was not sent to", status));

        ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0920", "A"));

        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
        assertThat(loop().performer()).isEqualTo("northlab");
    }

    @Test
    void anAnswerUnderAnotherNumberOfAMergedPatientMovesTheReferral() {
        send(referral("REF^I12", "0900", ""));
        delivered("accepted", "accepted", null);
        var answer =
                referral("RRI^I12", "0910", "R")
                        .replace("PID|1||" + patient + "^", "PID|1||OLD" + patient + "^");
        ENGINE.send(AdtEngine.LAB, answer);
        assertThat(loop().state()).isEqualTo(State.ACKNOWLEDGED);

        send(header("ADT^A40", "0920", "EMR") + pid() + "MRG|OLD" + patient + "^^^CLINIC^MR\n");

        assertThat(loop().state()).isEqualTo(State.REJECTED);
        assertThat(open()).hasSize(1);
    }

    /** Never guessed by patient and day: both stand, and somebody sees both. */
    @Test
    void anAnswerWithANumberThatNobodyGaveStandsByItself() {
        send(referral("REF^I12", "0900", ""));
        delivered("accepted", "accepted", null);

        ENGINE.send(
                AdtEngine.LAB,
                referral("RRI^I12", "0910", "A").replace("|R" + patient + "\n", "|R999\n"));

        assertThat(LOOPS.of(person()))
                .extracting(loop -> loop.number() + " " + loop.state())
                .containsExactlyInAnyOrder("R" + patient + " ACKNOWLEDGED", "R999 ACCEPTED");
        assertThat(open()).hasSize(2);
    }

    @Test
    void aReferralThatIsCancelledIsOver() {
        send(referral("REF^I12", "0900", ""));
        ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0910", "A"));

        send(referral("REF^I14", "0920", ""));

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
        assertThat(open()).isEmpty();
    }

    @Test
    void aReportByTheReferralsNumberClosesIt() {
        send(referral("REF^I12", "0900", ""));

        ENGINE.send(
                AdtEngine.LAB,
                header("ORU^R01", "1000", "LIS")
                        + pid()
                        + "OBR|1|R"
                        + patient
                        + "|C1|11488-4^Consult note^LN|||20261120|||||||||||||||||||F\n"
                        + "OBX|1|TX|11488-4^Consult note^LN||Seen||||||F\n");

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    @ParameterizedTest
    @CsvSource({
        "^emr, FINAL",
        "^^1.2.840.5^ISO, FINAL",
        "'', FINAL",
        "^OTHER, ORDERED",
    })
    void aReportByTheReferralsNumberInAnotherFormClosesIt(String namespace, State wanted) {
        send(named(referral("REF^I12", "0900", ""), "^EMR"));

        reportOfReferral(namespace);

        assertThat(loop().state()).isEqualTo(wanted);
    }

    /** ⚠ Nobody can say which of the two was answered. */
    @Test
    void aReportWithoutANamespaceClosesNeitherOfTwoReferrals() {
        send(named(referral("REF^I12", "0900", ""), "^EMR"));
        send(named(referral("REF^I12", "0901", ""), "^OTHER"));

        reportOfReferral("");

        assertThat(open()).hasSize(2);
    }

    private String named(String referral, String namespace) {
        return referral.replace("R" + patient + "\n", "R" + patient + namespace + "\n");
    }

    private void reportOfReferral(String namespace) {
        ENGINE.send(
                AdtEngine.LAB,
                header("ORU^R01", "1000", "LIS")
                        + pid()
                        + "OBR|1|R"
                        + patient
                        + namespace
                        + "|C"
                        + patient
                        + "|11488-4^Consult note^LN|||20261120|||||||||||||||||||F\n"
                        + "OBX|1|TX|11488-4^Consult note^LN||Seen||||||F\n");
    }

    // ------------------------------------------------------------ any order, alerts

    @Test
    void anyOrderOfArrivalGivesTheSameState() {
        var messages = new ArrayList<Runnable>();
        messages.add(() -> send(order("0900", "NW")));
        messages.add(() -> answer("0910", "ORC|OH|P|F||HD|||||||||||^Prepayment required"));
        messages.add(() -> send(order("0920", "XO")));
        messages.add(() -> answer("0925", "ORC|SC|P|F||IP"));
        messages.add(() -> result("0930", "P", "P", "4.0"));
        messages.add(() -> send(referral("REF^I12", "0900", "")));
        messages.add(() -> ENGINE.send(AdtEngine.LAB, referral("RRI^I12", "0910", "A")));
        messages.add(() -> appointment("S12", "0920"));
        messages.forEach(Runnable::run);
        var wanted = states();
        assertThat(wanted).contains("order PARTIAL", "referral SCHEDULED");
        var seed = System.nanoTime();
        System.out.println("LoopsTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 8; i++) {
            anotherPatient();
            Collections.shuffle(messages, random);
            messages.forEach(Runnable::run);

            assertThat(states()).as("seed " + seed).isEqualTo(wanted);
        }
    }

    private List<String> states() {
        var all = new ArrayList<String>();
        for (var loop : LOOPS.of(person())) {
            all.add((loop.referral() ? "referral " : "order ") + loop.state());
            for (var step : loop.steps())
                all.add(step.at() + " " + step.state() + " " + step.who());
        }
        return all;
    }

    /** What was learned: 20 orders of one test answered in an hour; three hours are too long. */
    @Test
    void anOverdueOrderIsToldOfOnceAndTheAlertClosesWithTheResult() {
        var test = "T" + patient;
        for (int i = 0; i < 20; i++) {
            anotherPatient();
            send(order("0900", "NW").replace("K^", test + "^"));
            ENGINE.jdbc
                    .sql(
                            "update placed_order set ordered_at = now() - interval '2 h' where code"
                                    + " = :code")
                    .param("code", test)
                    .update();
            result("1000", "F", "F", "4.1", test);
        }
        anotherPatient();
        send(order("0900", "NW").replace("K^", test + "^"));
        var watching = watching();
        var overdue = FOLLOWED.bean(Overdue.class);
        var now = Instant.parse("2026-11-20T14:00:00Z");

        watching.look(now.plus(Duration.ofHours(5)));
        assertThat(overdue.count()).isZero();
        watching.look(now.plus(Duration.ofHours(7)));
        watching.look(now.plus(Duration.ofHours(8)));
        assertThat(overdue.count()).isOne();
        assertThat(alerts()).isEqualTo(" open");
        var late = person();
        var lateNumber = patient;
        anotherPatient();
        send(order("1700", "NW"));
        // ⚠ Of more patients than a list reads, those who wait too long are not left out.
        assertThat(FOLLOWED.bean(OpenCare.class).patients(now.minus(Duration.ofDays(1)), 1))
                .containsExactly(late);
        patient = lateNumber;

        result("1600", "F", "F", "4.1", test);
        watching.look(now.plus(Duration.ofHours(9)));

        assertThat(overdue.count()).isZero();
        assertThat(alerts()).isEqualTo(" closed");
    }

    /** HL7-RULES §5: what is held waits by a clock of its own, from when it is held. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|OH|P|F||HD|||||||||||^Prepayment required   ; payment  ; 168
                    ORC|OH|P|F||HD|||||||||||ABN^ABN not signed     ; abn      ; 72
                    ORC|UA|P|F|||||||||||||^AOE missing             ; aoe      ; 24
                    ORC|OC|P|F||CA|||||||||||QNS^Specimen hemolyzed ; specimen ; 24
                    """)
    void whatAFillerHoldsIsOverdueByItsOwnClock(String control, String clock, int hours) {
        var watching = watching();
        var overdue = FOLLOWED.bean(Overdue.class);
        send(order("0900", "NW"));
        answer("1000", control);

        var expected = Objects.requireNonNull(loop().expected());
        assertThat(expected.until())
                .isEqualTo(Instant.parse("2026-11-20T15:00:00Z").plus(Duration.ofHours(hours)));
        assertThat(expected.because()).isEqualTo("the usual limit of " + clock);
        watching.look(expected.until().minusSeconds(1));
        assertThat(overdue.raised(loop())).isEmpty();
        watching.look(expected.until().plusSeconds(1));
        assertThat(overdue.raised(loop())).isPresent();
        assertThat(alerts()).isEqualTo(clock + " open");

        answer("1100", "ORC|SC|P|F||IP");
        watching.look(expected.until().plusSeconds(2));

        assertThat(alerts()).isEqualTo(clock + " closed");
        assertThat(overdue.raised(loop())).isEmpty();
    }

    /** Of one hold after another, each has its alert; said again, a hold does not begin anew. */
    @Test
    void eachHoldOfAnOrderHasAnAlertOfItsOwn() {
        var watching = watching();
        send(order("0900", "NW"));
        answer("1000", "ORC|OH|P|F||HD|||||||||||AOE^AOE missing");
        answer("1200", "ORC|OH|P|F||HD|||||||||||AOE^AOE missing");
        watching.look(Instant.parse("2026-11-21T15:00:01Z"));
        assertThat(alerts()).isEqualTo("aoe open");

        answer("1300", "ORC|OH|P|F||HD|||||||||||^Prepayment required");
        watching.look(Instant.parse("2026-11-21T15:00:02Z"));
        assertThat(alerts()).isEqualTo("aoe closed");
        watching.look(Instant.parse("2026-11-28T00:00:00Z"));
        assertThat(alerts()).isEqualTo("aoe closed, payment open");

        result("1400", "F", "F", "4.1");
        watching.look(Instant.parse("2026-11-28T00:00:01Z"));
        assertThat(alerts()).isEqualTo("aoe closed, payment closed");
    }

    /** One that has learned nothing yet. */
    private static Watching watching() {
        return FOLLOWED.another(Watching.class);
    }

    private String alerts() {
        return ENGINE.one(
                """
                select coalesce(string_agg(clock || case when closed_at is null then ' open' else ' closed' end, ', '
                                           order by id), '')
                from overdue where loop_key like '%%P%s^EMR%%'
                """
                        .formatted(patient));
    }

    /** What is to be done later is not late before: TQ1-7, ORC-7.4, OBR-27.4, ORC-15, OBR-6. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|NW|P ; TQ1|1||||||202612010800-0500 ; OBR|1|P||K^Potassium^L||20261204                     ; 2026-12-01T13:00:00Z
                    ORC|NW|P|||||^^^202612010800-0500 ; ZZZ|; OBR|1|P||K^Potassium^L                               ; 2026-12-01T13:00:00Z
                    ORC|NW|P|||||||||||||202612010800-0500 ; ZZZ| ; OBR|1|P||K^Potassium^L                         ; 2026-12-01T13:00:00Z
                    ORC|NW|P ; ZZZ| ; OBR|1|P||K^Potassium^L||202612010800-0500                                    ; 2026-12-01T13:00:00Z
                    ORC|NW|P ; ZZZ| ; OBR|1|P||K^Potassium^L||202611010800-0500                                    ; 2026-11-20T14:00:00Z
                    ORC|NW|P ; ZZZ| ; OBR|1|P||K^Potassium^L||20269999                                             ; 2026-11-20T14:00:00Z
                    ORC|NW|P ; ZZZ| ; OBR|1|P||K^Potassium^L                                                       ; 2026-11-20T14:00:00Z
                    """)
    void anOrderForLaterCountsFromWhenItIsDue(
            String control, String timing, String request, Instant from) {
        ENGINE.jdbc
                .sql(
                        """
                        insert into turnaround (partner, code, answered, median_seconds)
                        values ('northlab', 'DUE', 20, 3600) on conflict do nothing
                        """)
                .update();
        send(
                header("OML^O21", "0900", "EMR")
                        + pid()
                        + filled(
                                String.join("\n", control, timing, request)
                                                .replace("||K^", "||DUE^")
                                        + "\n"));
        // What the laboratory says of time is its own.
        answer("0905", "ORC|OK|P|F|||||||||||20270101");

        var expected = Objects.requireNonNull(loop().expected());

        ENGINE.jdbc.sql("delete from turnaround where code = 'DUE'").update();
        assertThat(expected.until()).isEqualTo(from.plus(Duration.ofHours(3)));
        assertThat(loop().ordered()).isEqualTo("2026-11-20T14:00:00Z");
    }

    /**
     * ⚠ More patients than are read at a time: none is left out, and of more than a list reads the
     * list of the last look is given, with its rows as they stand now.
     */
    @Test
    void ofManyPatientsTheListOfTheLastLookIsGiven() {
        int many = 101;
        for (int i = 0; i < many; i++) {
            anotherPatient();
            send(order("0900", "NW"));
        }
        var now = Instant.parse("2026-11-20T15:00:00Z");
        var since = now.minus(Duration.ofDays(30));
        FOLLOWED.bean(Watching.class).look(now);

        var found = OPEN.open(since, now.plus(Duration.ofMinutes(5)), 1);

        assertThat(found.asOf()).isEqualTo(now);
        assertThat(found.cut()).isFalse();
        assertThat(found.loops()).hasSizeGreaterThanOrEqualTo(many);
        assertThat(found.loops()).allSatisfy(loop -> assertThat(loop.steps()).isEmpty());

        result("1000", "F", "F", "4.1");
        var last = of(found.loops());
        assertThat(last).singleElement().extracting(Loop::state).isEqualTo(State.ORDERED);
        assertThat(OPEN.now(last)).isEmpty();
    }

    @Test
    void beforeTheFirstLookAtManyTheNewestAreListedAndItSaysSo() {
        send(order("0900", "NW"));
        anotherPatient();
        send(order("0930", "NW"));
        var now = Instant.parse("2026-11-20T15:00:00Z");

        var found =
                FOLLOWED.another(OpenList.class)
                        .open(Instant.parse("2026-01-01T00:00:00Z"), now, 1);

        assertThat(found.cut()).isTrue();
        assertThat(found.loops()).hasSize(1);
    }

    // ------------------------------------------------------------ replaced by the filler

    /** ⚠ A copy for the EMR made the EMR who is to do it. */
    @Test
    void whatALaboratoryPlacesInThePlaceOfAnotherIsTheLaboratorys() {
        send(order("0900", "NW"));
        delivered("accepted", "accepted", null);

        assertThat(
                        ENGINE.send(
                                AdtEngine.LAB,
                                header("ORM^O01", "0930", "LIS")
                                        + pid()
                                        + filled("ORC|RU|P|F\nOBR|1|P|F|K^Potassium^L\n")
                                        + "ORC|RO|Q%1$s^EMR|G%1$s^LIS\nOBR|2|Q%1$s^EMR|G%1$s^LIS|NA^Sodium^L\n"
                                                .formatted(patient)))
                .contains("MSA|AA|");
        delivered("emr/results", "accepted", "accepted", "");

        var loops = LOOPS.of(person());
        assertThat(loops).hasSize(2);
        var replaced = of("Potassium", loops);
        assertThat(replaced.state()).isEqualTo(State.STOPPED);
        assertThat(replaced.performer()).isEqualTo("northlab");
        var instead = of("Sodium", loops);
        assertThat(instead.performer()).isEqualTo(AdtEngine.LAB.folder());
        assertThat(instead.asker()).isEqualTo(AdtEngine.LAB.folder());
        assertThat(instead.state()).isEqualTo(State.ACCEPTED);
        assertThat(instead.steps().getFirst().words())
                .contains("in the place of another", "ORC-1 RO");
    }

    /** RO behind RP is the placer's own. */
    @Test
    void whatThePlacerPutsInThePlaceOfAnotherStaysThePlacers() {
        send(order("0900", "NW"));
        send(
                header("ORM^O01", "0930", "EMR")
                        + pid()
                        + filled("ORC|RP|P\nOBR|1|P||K^Potassium^L\n")
                        + "ORC|RO|Q%1$s^EMR\nOBR|2|Q%1$s^EMR||NA^Sodium^L\n".formatted(patient));
        delivered("northlab/orders", "accepted", "accepted", "");

        var instead = of("Sodium", LOOPS.of(person()));
        assertThat(instead.performer()).isEqualTo("northlab");
        assertThat(instead.asker()).isEqualTo("emr");
        assertThat(instead.state()).isEqualTo(State.ACKNOWLEDGED);
    }

    private static Loop of(String test, List<Loop> loops) {
        return loops.stream()
                .filter(loop -> loop.service().text().equals(test))
                .findFirst()
                .orElseThrow();
    }

    // ------------------------------------------------------------ folders

    @ParameterizedTest
    @CsvSource({
        "file:/srv/northlab/orders, FILED, Put in the folder",
        "sftp://files.northlab.example/inbox, UPLOADED, Uploaded",
        "mllp:127.0.0.1:1, ACKNOWLEDGED, Acknowledged",
        "mllp:127.0.0.1:1 sent; it asks for no answer (MSH-15 and MSH-16 NE), UNASKED,"
                + " 'Sent, no answer asked for'",
        "'https://lis.example/hl7 sent, and no error came', UNASKED, 'Sent, no answer asked for'"
    })
    void whatNobodyAnswersIsAcknowledgedByNobody(String last, State state, String word) {
        send(order("0900", "NW"));
        delivered("northlab/orders", "accepted", "accepted", "");
        ENGINE.jdbc
                .sql(
                        "update attempt set endpoint = :to, words = :words where delivery_id ="
                                + " (select max(id) from delivery)")
                .param("to", last.replaceFirst(" .*", ""))
                .param("words", last.replaceFirst("^[^ ]+ ?", ""))
                .update();

        assertThat(loop().state()).isEqualTo(state);
        assertThat(loop().steps()).extracting(Step::words).contains(word);

        answer("0930", "ORC|OK|P|F");
        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
    }

    // ------------------------------------------------------------ messages

    private UUID person() {
        return FOLLOWED.person(patient);
    }

    private Loop loop() {
        return FOLLOWED.loop(patient);
    }

    private List<Loop> open() {
        return FOLLOWED.open(patient);
    }

    private List<Loop> of(List<Loop> loops) {
        return FOLLOWED.of(patient, loops);
    }

    private void send(String message) {
        assertThat(ENGINE.send(message)).contains("MSA|AA|");
    }

    private void answer(String time, String control) {
        assertThat(
                        ENGINE.send(
                                AdtEngine.LAB,
                                header("ORR^O02", time, "LIS") + pid() + filled(control + "\n")))
                .contains("MSA|AA|");
    }

    private void result(String time, String status, String of, String value) {
        result(time, status, of, value, "K");
    }

    private void result(String time, String status, String of, String value, String test) {
        assertThat(
                        ENGINE.send(
                                AdtEngine.LAB,
                                FOLLOWED.result(patient, time, status, of, value, test)))
                .contains("MSA|AA|");
    }

    private void document(String time, String completion, String number) {
        document(AdtEngine.LAB, time, completion, number);
    }

    private void document(@Nullable Partner from, String time, String completion, String number) {
        document(from, time, completion, number, "D");
    }

    private void document(
            @Nullable Partner from, String time, String completion, String number, String stem) {
        var message =
                header("MDM^T02", time, from == null ? "EMR" : "LIS")
                        + pid()
                        + "TXA|1|CN^Consult note|TX|20261120||||||||"
                        + stem
                        + patient
                        + "||"
                        + number
                        + "|||"
                        + completion
                        + "\nOBX|1|TX|N^Note||Seen||||||F\n";
        if (from == null) send(message);
        else assertThat(ENGINE.send(from, message)).contains("MSA|AA|");
    }

    private void appointment(String event, String time) {
        send(
                header("SIU^" + event, time, "EMR")
                        + "SCH||A"
                        + patient
                        + "||||||||||^^^20261201090000"
                        + "|".repeat(15)
                        + "R"
                        + patient
                        + "\n"
                        + pid());
    }

    private String referral(String type, String time, String status) {
        return header(type, time, type.startsWith("RRI") ? "LIS" : "EMR")
                + "RF1|"
                + status
                + "|||||R"
                + patient
                + "\n"
                + "PRD|RP|Ordway^Owen\n"
                + pid();
    }

    private String order(String time, String control) {
        return order(time, control, "K^Potassium^L");
    }

    private String order(String time, String control, String test) {
        return FOLLOWED.order(patient, time, control, test);
    }

    private void sendTwo() {
        send(
                header("ORM^O01", "0900", "EMR")
                        + pid()
                        + filled("ORC|NW|P\nOBR|1|P||K^Potassium^L\n")
                        + "ORC|NW|Q%1$s^EMR\nOBR|2|Q%1$s^EMR||CRP^CRP^L\n".formatted(patient));
    }

    private String chosen(String number, String what) {
        return "[{\"number\":\"%s%s\",\"what\":\"%s\",\"why\":\"only\"}]"
                .formatted(number, patient, what);
    }

    private void delivered(String to, String state, @Nullable String outcome, String chosen) {
        delivered(state, outcome, null);
        ENGINE.jdbc
                .sql(
                        "update delivery set destination = :to, chosen = :chosen where id ="
                                + " (select max(id) from delivery)")
                .param("to", to)
                .param("chosen", chosen)
                .update();
    }

    private static void delivered(String state, @Nullable String outcome, @Nullable String answer) {
        FOLLOWED.delivered("northlab/orders", "ORM^O01", state, outcome, answer);
    }

    /** P is the order's number, F the laboratory's. */
    private String filled(String segments) {
        return FollowedOrders.filled(patient, segments);
    }

    private static String header(String type, String time, String from) {
        return FOLLOWED.header(type, time, from);
    }

    private String pid() {
        return FollowedOrders.pid(patient);
    }
}
