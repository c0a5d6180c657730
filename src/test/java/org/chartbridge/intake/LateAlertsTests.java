package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.chartbridge.delivery.Desk;
import org.chartbridge.delivery.HeldBack;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.ScreeningPolicy;
import org.chartbridge.partner.ScreeningPolicy.Act;
import org.chartbridge.screening.Alert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

import javax.sql.DataSource;

/** An order that waits when an alert is opened about it waits for a person from then on. */
class LateAlertsTests {
    private static final AdtEngine ENGINE = AdtEngine.screening("pharmacy/orders", "emr/copies");
    private static final Partner WARNS = AdtEngine.EMR;
    private static final Partner HOLDS =
            AdtEngine.EMR.screened(new ScreeningPolicy(Act.HOLD, Act.WARN, Act.NONE, Act.WARN));
    private static final Partner HOLDS_UNSCREENED =
            AdtEngine.EMR.screened(new ScreeningPolicy(Act.HOLD, Act.WARN, Act.NONE, Act.HOLD));
    private static final Desk.By ANN = new Desk.By("ann", "tolerated before");
    private static final HeldBack HELD = heldBack();
    private static final HeldOrders ORDERS = new HeldOrders(ENGINE.jdbc);
    private static int patients;

    private String patient = "";

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "L" + ++patients;
        ENGINE.jdbc.sql("update delivery set state = 'skipped'").update();
        ENGINE.inService = List.of(HOLDS);
    }

    @Test
    void anOrderThatWaitsIsHeldByAnAllergyThatComesLater() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");

        send(allergy("1000", "^Penicillin"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
        assertThat(HELD.of(order)).containsExactly("pharmacy/orders", "emr/copies");
        assertThat(HELD.waiting(9)).noneMatch(HeldBack.Item::tried);
        assertThat(
                        ENGINE.list(
                                "select account || ' ' || decision || ' ' || destination from"
                                        + " delivery_decision order by id desc limit 2"))
                .containsExactlyInAnyOrder("engine held pharmacy/orders", "engine held emr/copies");
    }

    /** The allergy's own message, an answer of ours and other orders are none of these. */
    @Test
    void nothingElseOfThePatientIsHeld() {
        long other = send(order("0850", "NW", "Metformin 500 mg"));
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        ENGINE.jdbc
                .sql(
                        "update delivery set destination = 'emr/acks', control_id = 'CB' ||"
                                + " entry_id || 'A' where entry_id = ? and destination ="
                                + " 'emr/copies'")
                .param(order)
                .update();

        long allergy = send(allergy("1000", "^Penicillin"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/acks");
        assertThat(waiting(other)).containsExactly("pharmacy/orders", "emr/copies");
        assertThat(waiting(allergy)).containsExactly("pharmacy/orders", "emr/copies");
    }

    @Test
    void anAllergyToSomethingElseHoldsNothing() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));

        send(allergy("1000", "^Aspirin"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
    }

    @Test
    void whatOnlyWarnsGoesOn() {
        ENGINE.inService = List.of(WARNS);
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));

        send(allergy("1000", "^Penicillin"));

        assertThat(alerts()).hasSize(1);
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
    }

    /** ⚠ How bad it is decides, not that there is an alert: an interaction only warns here. */
    @Test
    void whatIsNotBadEnoughGoesOn() {
        ENGINE.inService =
                List.of(
                        AdtEngine.EMR.screened(
                                new ScreeningPolicy(Act.WARN, Act.HOLD, Act.NONE, Act.WARN)));
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));

        send(allergy("1000", "^Penicillin"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
    }

    /** ⚠ It stands at the later order, also where the earlier one is told last. */
    @Test
    void anInteractionWithAnOrderThatIsToldLaterHoldsTheOneItStandsAt() {
        ENGINE.inService =
                List.of(
                        AdtEngine.EMR.screened(
                                new ScreeningPolicy(Act.HOLD, Act.HOLD, Act.HOLD, Act.WARN)));
        long later = send(order("0900", "NW", "Warfarin 5 mg", "20261103"));
        assertThat(waiting(later)).containsExactly("pharmacy/orders", "emr/copies");

        send(order("0910", "NW", "Ibuprofen 400 mg", "20261102"));

        assertThat(waiting(later)).containsExactly("pharmacy/orders~held", "emr/copies~held");
    }

    @Test
    void whatWasSentIsNotTakenBack() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        ENGINE.jdbc
                .sql(
                        "update delivery set state = 'accepted' where entry_id = ? and destination"
                                + " = 'pharmacy/orders'")
                .param(order)
                .update();

        send(allergy("1000", "^Penicillin"));

        assertThat(waiting(order)).containsExactly("emr/copies~held");
        assertThat(
                        ENGINE.one(
                                "select destination from delivery where state = 'accepted' and"
                                        + " entry_id = "
                                        + order))
                .isEqualTo("pharmacy/orders");
    }

    /** ⚠ Whoever does not send the change has not stopped the order. */
    @Test
    void aPersonIsToldThatTheOrderOfAChangeIsThereAlready() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        ENGINE.jdbc
                .sql("update delivery set state = 'accepted' where entry_id = ?")
                .param(order)
                .update();
        send(allergy("1000", "^Penicillin"));

        long change = send(order("1100", "XO", "Amoxicillin 500 mg"));
        long another = send(order("1200", "NW", "Amoxicillin 250 mg"));

        assertThat(waiting(change)).contains("pharmacy/orders~held");
        assertThat(ORDERS.sent(change)).isEqualTo(order);
        assertThat(ORDERS.sent(another)).isZero();
        assertThat(ORDERS.sent(order)).isZero();
    }

    @Test
    void aPersonIsToldOfWhatMayHaveArrived() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        attempt(order, "unknown");

        send(allergy("1000", "^Penicillin"));

        assertThat(HELD.waiting(9)).filteredOn(HeldBack.Item::tried).hasSize(1);
    }

    /** ⚠ Nobody knows yet whether it arrived: that its order was cancelled does not end it. */
    @Test
    void theCancelOfWhatIsOnItsWayLeavesItToAPerson() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        attempt(order, null);
        send(allergy("1000", "^Penicillin"));

        send(order("1010", "CA", "Amoxicillin 500 mg"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders~held");
        assertThatThrownBy(() -> HELD.release(order, ANN, HeldOrders::refuse))
                .isInstanceOf(Desk.NotPossible.class)
                .hasMessageContaining("it was cancelled");
    }

    @Test
    void whatIsCancelledAfterItWasHeldIsNotSent() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("1000", "^Penicillin"));

        long cancel = send(order("1010", "CA", "Amoxicillin 500 mg"));

        assertThat(waiting(order)).isEmpty();
        assertThat(waiting(cancel)).containsExactly("pharmacy/orders", "emr/copies");
    }

    @Test
    void anOrderThatWasCancelledBeforeIsNotHeld() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        long cancel = send(order("0930", "CA", "Amoxicillin 500 mg"));

        send(allergy("1000", "^Penicillin"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
        assertThat(waiting(cancel)).containsExactly("pharmacy/orders", "emr/copies");
    }

    /** ⚠ Both words about the order wait, and the change does not arrive before it. */
    @Test
    void anOrderAndItsChangeThatWaitAreHeldTogetherAndLeaveInTheirOrder() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        long change = send(order("0930", "XO", "Amoxicillin 500 mg"));

        send(allergy("1000", "^Penicillin"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
        assertThat(waiting(change)).containsExactly("pharmacy/orders~held", "emr/copies~held");
        assertThat(ORDERS.earlier(change)).isEqualTo(order);
        assertThat(ORDERS.earlier(order)).isZero();
        assertThatThrownBy(() -> HELD.release(change, ANN, HeldOrders::refuse))
                .isInstanceOf(Desk.NotPossible.class)
                .hasMessageStartingWith("message " + order + " is about the same order");
        assertThat(waiting(change)).containsExactly("pharmacy/orders~held", "emr/copies~held");

        assertThat(HELD.release(order, ANN, HeldOrders::refuse)).isEqualTo(2);
        // ⚠ A person let it go: the alert about the change does not hold it again.
        send(allergy("1030", "^Penicillin"));
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
        assertThat(HELD.release(change, ANN, HeldOrders::refuse)).isEqualTo(2);
    }

    /** ⚠ Whoever gets it has never heard of the order. */
    @ParameterizedTest
    @ValueSource(strings = {"XO", "HD", "RL"})
    void theChangeOfAnOrderThatAPersonDidNotSendCannotLeaveEither(String control) {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        long change = send(order("0930", control, "Amoxicillin 500 mg"));
        send(allergy("1000", "^Penicillin"));
        HELD.drop(order, ANN);

        assertThatThrownBy(() -> HELD.release(change, ANN, HeldOrders::refuse))
                .isInstanceOf(Desk.NotPossible.class)
                .hasMessageStartingWith("the order that it changes, message " + order)
                .hasMessageContaining("Do not send it");

        assertThat(waiting(change)).containsExactly("pharmacy/orders~held", "emr/copies~held");
        assertThat(HELD.drop(change, ANN)).isEqualTo(2);
    }

    /** What is ordered anew is an order of its own. */
    @Test
    void whatIsOrderedAnewAfterItWasNotSentLeaves() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("1000", "^Penicillin"));
        HELD.drop(order, ANN);
        long anew = send(order("1010", "NW", "Amoxicillin 500 mg"));
        send(allergy("1020", "^Penicillin\nAL1|2|DA|^Amoxicillin|SV"));

        assertThat(HELD.release(anew, ANN, HeldOrders::refuse)).isEqualTo(2);
    }

    @Test
    void whatAPersonOverrodeIsHeldAgainByAnotherAllergyOnly() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("1000", "^Penicillin"));
        override();
        HELD.release(order, ANN, HeldOrders::refuse);

        send(allergy("1030", "^Penicillin"));
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");

        send(allergy("1040", "^Penicillin\nAL1|2|DA|^Amoxicillin|SV"));
        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
    }

    /** As what is held when it is charted: a person decides, whatever became of the allergy. */
    @Test
    void anAlertThatClosesLetsNothingGo() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("1000", "^Penicillin"));

        send(allergy("1030", "^Aspirin"));

        assertThat(alerts()).isEmpty();
        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
        assertThat(HELD.release(order, ANN, HeldOrders::refuse)).isEqualTo(2);
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
    }

    /** ⚠ Who becomes one patient has the allergies of both numbers. */
    @Test
    void aMergeHoldsWhatTheOtherNumberIsAllergicTo() {
        send(
                allergy("0800", "^Penicillin")
                        .replace("|" + patient + "^^^", "|OLD" + patient + "^^^"));
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");

        send(header("ADT^A40", "0940") + pid() + "MRG|OLD" + patient + "^^^CLINIC^MR\n");

        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
    }

    /** The allergy comes under the one number, the order stands under the other. */
    @Test
    void anAllergyUnderTheOtherNumberOfAMergedPatientHoldsIt() {
        send(header("ADT^A40", "0810") + pid() + "MRG|OLD" + patient + "^^^CLINIC^MR\n");
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));

        send(
                allergy("1000", "^Penicillin")
                        .replace("|" + patient + "^^^", "|OLD" + patient + "^^^"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
    }

    @Test
    void theAllergyOfAnotherPatientHoldsNothing() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));

        send(allergy("1000", "^Penicillin").replace("|" + patient + "^^^", "|X" + patient + "^^^"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
    }

    /** ⚠ What waits to be placed, or because it can't be made, leaves by itself some day. */
    @ParameterizedTest
    @ValueSource(strings = {"emr/orders-to-place", "pharmacy/orders~unmade"})
    void whatWaitsSomewhereElseIsHeldToo(String queue) {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        ENGINE.jdbc
                .sql("update delivery set destination = :to where entry_id = :order")
                .param("to", queue)
                .param("order", order)
                .update();

        send(allergy("1000", "^Penicillin"));

        var destination = queue.replace("~unmade", "");
        assertThat(waiting(order)).containsOnly(destination + "~held");
        HELD.release(order, ANN, HeldOrders::refuse);
        assertThat(waiting(order)).containsOnly(destination);
    }

    @Test
    void anImagingOrderWithContrastIsHeldAndOneWithoutIsNot() {
        long with = send(imaging("0900", "CT abdomen with contrast"));
        long without = send(imaging("0910", "CT abdomen without contrast"));

        send(allergy("1000", "^IV contrast dye"));

        assertThat(waiting(with)).containsExactly("pharmacy/orders~held", "emr/copies~held");
        assertThat(waiting(without)).containsExactly("pharmacy/orders", "emr/copies");
    }

    /** ⚠ Nothing was checked against an allergy that the tables don't have. */
    @Test
    void anAllergyThatNobodyUnderstandsHoldsWhereWhatIsNotScreenedIsHeld() {
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        long without = send(imaging("0910", "CT abdomen without contrast"));
        send(allergy("1000", "^Blue pill of 1998"));
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
        ENGINE.inService = List.of(HOLDS_UNSCREENED);

        send(allergy("1010", "^Blue pill of 1998"));

        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
        assertThat(waiting(without)).containsExactly("pharmacy/orders", "emr/copies");
        // Nothing can be overridden that closes it: a person's word is enough.
        HELD.release(order, ANN, HeldOrders::refuse);
        send(allergy("1020", "^Blue pill of 1998"));
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
    }

    /** A table or a policy changes, an override is taken back: no message says so. */
    @Test
    void everybodyIsLookedAtWhenPoliciesChange() throws SQLException {
        ENGINE.inService = List.of(WARNS);
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("1000", "^Penicillin"));
        ENGINE.late().again();
        assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");

        ENGINE.inService = List.of(HOLDS);
        ENGINE.late().swept();

        await().untilAsserted(
                        () ->
                                assertThat(waiting(order))
                                        .containsExactly(
                                                "pharmacy/orders~held", "emr/copies~held"));
    }

    @Test
    void moreThanAreLookedAtTogetherAreAllLookedAt() throws SQLException {
        ENGINE.inService = List.of(WARNS);
        var orders = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            patient = "L" + ++patients;
            orders.add(send(order("0900", "NW", "Amoxicillin 500 mg")));
            send(allergy("1000", "^Penicillin"));
        }
        ENGINE.inService = List.of(HOLDS);

        ENGINE.late().again(2);

        for (long order : orders)
            assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
    }

    /** What is placed meanwhile is looked at in the transaction that places it. */
    @Test
    void whatIsPlacedAfterTheAlertWasOpenedIsHeld() throws SQLException {
        ENGINE.inService = List.of(WARNS);
        long order = send(order("0900", "NW", "Amoxicillin 500 mg"));
        send(allergy("1000", "^Penicillin"));
        ENGINE.inService = List.of(HOLDS);

        try (var connection = ENGINE.dataSource.getConnection()) {
            connection.setAutoCommit(false);
            HeldBack.lockPatientOf(connection, order);
            ENGINE.late().look(connection, order);
            assertThat(waiting(order)).containsExactly("pharmacy/orders", "emr/copies");
            connection.commit();
            connection.setAutoCommit(true);
        }

        assertThat(waiting(order)).containsExactly("pharmacy/orders~held", "emr/copies~held");
    }

    /** ⚠ In one moment, under two numbers of one patient: the one that commits last sees both. */
    @Test
    void anAllergyAndAnOrderThatComeTogetherAlwaysMeet() {
        var sent = new ArrayList<CompletionStage<Reply>>();
        for (int i = 0; i < 20; i++) {
            patient = "L" + ++patients;
            send(header("ADT^A40", "0810") + pid() + "MRG|OLD" + patient + "^^^CLINIC^MR\n");
            var allergy =
                    allergy("1000", "^Penicillin")
                            .replace("|" + patient + "^^^", "|OLD" + patient + "^^^");
            sent.add(ENGINE.begin(HOLDS, order("0900", "NW", "Amoxicillin 500 mg")));
            sent.add(ENGINE.begin(HOLDS, allergy));
        }
        sent.forEach(one -> assertThat(AdtEngine.text(one)).contains("MSA|AA"));

        assertThat(HELD.count()).isEqualTo(40);
    }

    // ---------------------------------------------------------------- messages

    private List<Alert> alerts() {
        var person =
                ENGINE.one(
                        "select person_id from patient_record where id_value = '" + patient + "'");
        return ENGINE.alerts(UUID.fromString(person));
    }

    private void override() {
        for (var alert : alerts())
            AlertsTests.decisions(ENGINE)
                    .override(
                            alert.key(), 1, Map.of(), new Decisions.By("ann", "tolerated before"));
    }

    private static void attempt(long order, @org.jspecify.annotations.Nullable String outcome) {
        ENGINE.jdbc
                .sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, started_at, outcome)
                        select id, 1, 1, 'mllp:127.0.0.1:1', now(), :outcome from delivery
                        where entry_id = :order and destination = 'pharmacy/orders'
                        """)
                .param("outcome", outcome)
                .param("order", order)
                .update();
    }

    private static List<String> waiting(long entry) {
        return ENGINE.list(
                "select destination from delivery where state = 'waiting' and entry_id = "
                        + entry
                        + " order by id");
    }

    /** Sends it and gives its entry. */
    private long send(String message) {
        assertThat(ENGINE.send(HOLDS, message)).contains("MSA|AA");
        return Long.parseLong(
                ENGINE.one(
                        "select max(id) from journal where control_id = '"
                                + message.split("\\|", -1)[9]
                                + "'"));
    }

    private static HeldBack heldBack() {
        var rooms = new AnnotationConfigApplicationContext();
        rooms.registerBean(DataSource.class, () -> ENGINE.dataSource);
        rooms.register(HeldBack.class);
        rooms.refresh();
        return rooms.getBean(HeldBack.class);
    }

    private String allergy(String at, String what) {
        return header("ADT^A60", at) + pid() + "AL1|1|DA|" + what + "|SV\n";
    }

    private String order(String at, String control, String drug) {
        return order(at, control, drug, "20261103");
    }

    private String order(String at, String control, String drug, String day) {
        return header("OMP^O09", at)
                + pid()
                + "ORC|"
                + control
                + "|O"
                + patient
                + drug.charAt(0)
                + "^EMR|||||||"
                + day
                + "\nRXO|^"
                + drug
                + "|500||mg\n";
    }

    private String imaging(String at, String service) {
        var number = "I" + patient + at + "^EMR";
        return header("ORM^O01", at)
                + pid()
                + "ORC|NW|"
                + number
                + "\nOBR|1|"
                + number
                + "||IMG^"
                + service
                + "^L\n";
    }

    private String header(String type, String at) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103%s||%s|%s-%s-%s|P|2.5.1\n"
                .formatted(at, type, patient, at, type);
    }

    private String pid() {
        return "PID|1||" + patient + "^^^CLINIC^MR||DOE^Jane||19710203|F\n";
    }
}
