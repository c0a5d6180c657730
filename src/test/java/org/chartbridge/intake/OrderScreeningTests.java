package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.delivery.Desk;
import org.chartbridge.delivery.HeldBack;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.ScreeningPolicy;
import org.chartbridge.partner.ScreeningPolicy.Act;
import org.chartbridge.screening.Alert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

/** Orders are screened in the transaction that charts them: what is answered, what is held back. */
class OrderScreeningTests {
    private static final AdtEngine ENGINE = AdtEngine.screening("pharmacy/orders");
    private static final Partner WARNS = AdtEngine.EMR;
    private static final Partner HOLDS =
            AdtEngine.EMR.screened(new ScreeningPolicy(Act.HOLD, Act.WARN, Act.NONE, Act.HOLD));
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
        patient = "W" + ++patients;
        ENGINE.jdbc.sql("update delivery set state = 'skipped'").update();
    }

    @Test
    void theAnswerToAnOrderAgainstAnAllergyWarnsAndTheOrderGoesOn() {
        send(WARNS, allergy("0800", "AL1|1|DA|^Penicillin|SV|Hives"));

        var answer = send(WARNS, order("0900", "NW", "Amoxicillin 500 mg"));

        assertThat(answer).contains("MSA|AA");
        assertThat(err(answer)).containsExactly("RXO^1 0 W allergy-conflict");
        assertThat(
                        ENGINE.one(
                                "select reasons from journal where control_id like '"
                                        + patient
                                        + "-0900%'"))
                .contains("allergy-conflict");
        assertThat(waiting()).contains("pharmacy/orders").doesNotContain("pharmacy/orders~held");
    }

    /** ⚠ An answer goes through many hands: it names rules, and nothing of the chart. */
    @Test
    void theAnswerNamesNothingThatTheChartKnowsOfThePatient() {
        send(WARNS, allergy("0800", "AL1|1|DA|^Amoxicillin trihydrate|SV|Collapse in the bath"));

        var answer = send(WARNS, order("0900", "NW", "Amoxicillin 500 mg"));

        assertThat(answer).contains("allergy-conflict").doesNotContain("trihydrate", "bath", "DOE");
    }

    @Test
    void anOrderThatNothingSpeaksAgainstIsAnsweredAsBefore() {
        send(WARNS, allergy("0800", "AL1|1|DA|^Penicillin"));

        var answer = send(WARNS, order("0900", "NW", "Metformin 500 mg"));

        assertThat(err(answer)).isEmpty();
        assertThat(waiting()).contains("pharmacy/orders");
    }

    @Test
    void anUnknownDrugIsAnsweredAsNotScreened() {
        var answer = send(WARNS, order("0900", "NW", "Zorblaxin 5 mg"));

        assertThat(err(answer)).containsExactly("RXO^1 0 W not-screened");
    }

    /** ⚠ An allergy that the tables don't have was not checked against whatever is ordered. */
    @Test
    void anAllergyThatNobodyUnderstandsIsToldWithEachOrder() {
        send(WARNS, allergy("0800", "AL1|1|DA|^Blue pill of 1998"));

        var answer = send(WARNS, order("0900", "NW", "Metformin 500 mg"));

        assertThat(err(answer)).containsExactly("- 0 W not-screened");
    }

    @Test
    void theAllergyAndTheOrderMayComeInOneMessage() {
        var answer =
                send(
                        WARNS,
                        header("OMP^O09", "0900")
                                + pid()
                                + "AL1|1|DA|^Penicillin|SV\n"
                                + orderSegments("NW", "Amoxicillin 500 mg"));

        assertThat(err(answer)).containsExactly("RXO^1 0 W allergy-conflict");
    }

    @Test
    void imagingWithContrastIsScreenedAndWithoutIsNot() {
        send(WARNS, allergy("0800", "AL1|1|DA|^IV contrast dye|SV"));

        assertThat(err(send(WARNS, imaging("0900", "CT abdomen with contrast"))))
                .containsExactly("OBR^1 0 W allergy-conflict");
        assertThat(err(send(WARNS, imaging("0910", "CT abdomen without contrast")))).isEmpty();
    }

    /** ⚠ Nobody can screen what is not charted, and whoever ordered must hear it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ORC|NW\nRXO|^Amoxicillin 500 mg|500||mg\n",
                "ORC|NW|N1^EMR\nRXO||500||mg\nNTE|1||give amoxicillin\n",
                "ORC|NW\nOBR|1|||IMG^CT abdomen with contrast^L\n",
            })
    void anOrderThatCannotBeChartedIsAnsweredAsNotScreenedAndHeld(String order) {
        var message = header("ORM^O01", "0900") + pid() + order;

        var answer = send(HOLDS, message);

        assertThat(err(answer))
                .hasSize(2)
                .anyMatch(one -> one.endsWith("W not-screened"))
                .contains("- 0 W held-by-screening");
        assertThat(HELD.count()).isEqualTo(1);
        ENGINE.jdbc.sql("update delivery set state = 'skipped'").update();

        answer = send(WARNS, message.replace("-0900-", "-0901-"));

        assertThat(err(answer)).singleElement().asString().endsWith("W not-screened");
        assertThat(HELD.count()).isZero();
    }

    @Test
    void aTestWithoutANumberIsNoMatterOfScreening() {
        var answer =
                send(HOLDS, header("ORM^O01", "0900") + pid() + "ORC|NW\nOBR|1|||K^Potassium^L\n");

        assertThat(err(answer)).isEmpty();
        assertThat(HELD.count()).isZero();
    }

    /** ⚠ What is mixed in is given as well. */
    @Test
    void whatIsMixedIntoADrugIsScreenedAndStandsInTheChart() {
        send(WARNS, allergy("0800", "AL1|1|DA|70618^Penicillin^RXNORM|SV"));

        var answer =
                send(
                        WARNS,
                        header("RDE^O11", "0900")
                                + pid()
                                + """
                                ORC|NW|T%s^EMR
                                RXE||8591^Potassium chloride^RXNORM|20||meq
                                RXC|A|733^Ampicillin^RXNORM|1|g
                                RXC|A||1|g
                                """
                                        .formatted(patient));

        assertThat(err(answer))
                .containsExactlyInAnyOrder(
                        "RXE^1 0 W allergy-conflict", "RXC^2^2 101 W not-screened");
        assertThat(
                        ENGINE.one(
                                "select supporting from medication_order where placer_number = 'T"
                                        + patient
                                        + "^EMR'"))
                .contains("\"Ampicillin\"", "1 g");
    }

    @Test
    void otherCodingsAndWhatRxeReplacesAreScreenedAsTheyAreSent() {
        send(WARNS, allergy("0800", "AL1|1|DA|99^Antibiotic X^L^7980^Penicillin G^RXNORM|SV"));

        assertThat(err(send(WARNS, order("0900", "NW", "XYZ brand 500^NDC^723^^RXNORM"))))
                .containsExactly("RXO^1 0 W cross-reaction");
        var both =
                order("0910", "NW", "Amoxicillin 500 mg")
                        + "RXE||77^House mix^L^4^Mixture of the house^L|500||mg\n";
        assertThat(err(send(WARNS, both)))
                .containsExactly("RXE^1 0 W cross-reaction", "RXE^1 0 W not-screened");
    }

    /** ⚠ A second alert would have to be overridden a second time. */
    @Test
    void whatOnlyAnswersAnOrderIsNotScreenedByItself() {
        send(WARNS, allergy("0800", "AL1|1|DA|^IV contrast dye|SV"));
        send(WARNS, imaging("0900", "CT chest with contrast"));
        assertThat(alerts()).hasSize(1);

        assertThat(err(send(AdtEngine.LAB, answer("0910", "OK", "0900", "CT chest")))).isEmpty();
        assertThat(alerts()).hasSize(1);
        assertThat(alerts().getFirst().order().partner()).isEqualTo("emr");

        send(AdtEngine.LAB, answer("0920", "SC", "0900", "CT chest with contrast"));
        assertThat(alerts()).hasSize(1);

        // What nobody ordered here is screened, whoever says it.
        send(AdtEngine.LAB, answer("0930", "OK", "0920", "CT abdomen with contrast"));
        assertThat(alerts()).hasSize(2);
    }

    /** ⚠ Whoever answers an order of medication orders nothing, and is told nothing. */
    @ParameterizedTest
    @CsvSource({
        "RRE^O12, RXE|1|^Amoxicillin 500 mg|500||mg",
        "RRA^O18, RXA|0|1|20261103|20261103|^Amoxicillin 500 mg|500|mg",
        "RRD^O14, RXD|1|^Amoxicillin 500 mg|20261103|10",
        "RRG^O16, RXG|1|||^Amoxicillin 500 mg|500||mg",
        "ORR^O02, RXO|^Amoxicillin 500 mg|500||mg",
    })
    void thePharmacysAnswerIsNoOrderOfMedication(String type, String drug) {
        send(WARNS, allergy("0800", "AL1|1|DA|^Penicillin|SV|Hives"));
        send(WARNS, order("0900", "NW", "Amoxicillin 500 mg"));
        assertThat(alerts()).hasSize(1);
        var orc = "ORC|OK|O" + patient + "A^emr|RX1^PHARM\n";

        var answer =
                ENGINE.send(
                        AdtEngine.LAB,
                        pharmacys(type, "0910") + "MSA|AA|x\n" + pid() + orc + drug + "\n");

        assertThat(err(answer))
                .noneMatch(one -> one.contains("allergy") || one.contains("screened"));
        assertThat(alerts()).hasSize(1);
        assertThat(alerts().getFirst().order().partner()).isEqualTo("emr");
        assertThat(
                        ENGINE.one(
                                "select count(*) from placed_order where placer_number like 'O"
                                        + patient
                                        + "A%'"))
                .isEqualTo("0");
    }

    /** ⚠ What a pharmacy gives instead was not ordered, and so not screened. */
    @Test
    void theOtherDrugOfAPharmacysAnswerIsScreened() {
        send(WARNS, allergy("0800", "AL1|1|DA|^Penicillin|SV|Hives"));
        send(WARNS, order("0900", "NW", "Metformin 500 mg"));
        assertThat(alerts()).isEmpty();

        send(
                AdtEngine.LAB,
                pharmacys("ORR^O02", "0910")
                        + pid()
                        + "ORC|OK|O"
                        + patient
                        + "M^EMR|RX1^PHARM\nRXO|^Amoxicillin 500 mg|500||mg\n");

        assertThat(alerts()).hasSize(1);
    }

    /** ⚠ Of an answer without a drug nothing was ordered that could be screened. */
    @Test
    void anAnswerOfAPharmacyThatCannotBeChartedIsNotToldAsUnscreened() {
        var answer =
                send(
                        AdtEngine.LAB,
                        pharmacys("ORR^O02", "0910") + pid() + "ORC|OK\nRXO||500||mg\n");

        assertThat(err(answer)).noneMatch(one -> one.contains("screened"));
    }

    private String pharmacys(String type, String at) {
        return "MSH|^~\\&|LIS|NORTHLAB|CB|CLINIC|20261103%s||%s|%s-%s|P|2.5.1\n"
                .formatted(at, type, patient, at);
    }

    /** ⚠ It does with contrast what was ordered without. */
    @Test
    void anAnswerThatBringsContrastIsScreened() {
        send(WARNS, allergy("0800", "AL1|1|DA|^IV contrast dye|SV"));
        send(WARNS, imaging("0900", "CT chest without contrast"));

        send(AdtEngine.LAB, answer("0910", "OK", "0900", "CT chest"));
        assertThat(alerts()).isEmpty();

        send(AdtEngine.LAB, answer("0920", "OK", "0900", "CT chest with contrast"));
        assertThat(alerts()).hasSize(1);
    }

    /** ⚠ One ORC for the scan and for the contrast that is given for it. */
    @Test
    void aDrugBelowAServiceIsOrderedByTheOrcOfBoth() {
        send(WARNS, allergy("0800", "AL1|1|DA|^Iodinated contrast|SV"));

        var answer = send(WARNS, imaging("0900", "CT chest") + "RXO|^Iohexol 350|100||ml\n");

        // "CT chest" doesn't say whether contrast is given; the drug below it does.
        assertThat(err(answer))
                .containsExactly("RXO^1 0 W allergy-conflict", "OBR^1 0 W not-screened");
    }

    @Test
    void contrastInTheOtherNameOrInAnAnswerIsScreened() {
        send(WARNS, allergy("0800", "AL1|1|DA|^Iodinated contrast|SV"));

        assertThat(err(send(WARNS, imaging("0900", "CT chest^L^^CT chest with contrast"))))
                .containsExactly("OBR^1 0 W allergy-conflict");
        assertThat(
                        err(
                                send(
                                        WARNS,
                                        imaging("0910", "CT chest")
                                                + "OBX|1|ID|CONTR^CONTRAST^L||Y||||||F\n")))
                .containsExactly("OBR^1 0 W allergy-conflict");
        assertThat(
                        err(
                                send(
                                        WARNS,
                                        imaging("0920", "CT chest")
                                                + "OBX|1|ID|CONTR^CONTRAST^L||N||||||F\n")))
                .isEmpty();
    }

    @Test
    void whatThePolicyHoldsIsChartedAndNotSentOn() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin|SV"));

        var answer = send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));

        assertThat(answer).contains("MSA|AA");
        assertThat(err(answer))
                .containsExactly("RXO^1 0 W allergy-conflict", "- 0 W held-by-screening");
        assertThat(HELD.waiting(9))
                .extracting(HeldBack.Item::destination)
                .containsExactly("pharmacy/orders");
        assertThat(HELD.count()).isEqualTo(1);
    }

    @Test
    void whatOnlyWarnsIsSentOnWhereOthersAreHeld() {
        send(HOLDS, order("0800", "NW", "Warfarin 5 mg"));
        var answer = send(HOLDS, order("0900", "NW", "Metformin 500 mg"));

        assertThat(err(answer)).isEmpty();
        assertThat(HELD.count()).isZero();
    }

    /** ⚠ Nothing waits behind an order that is held back, of whatever patient. */
    @Test
    void whatComesBehindAnOrderThatIsHeldBackLeaves() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin|SV"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));

        send(HOLDS, order("0910", "NW", "Metformin 500 mg"));

        assertThat(waiting().lines().filter("pharmacy/orders"::equals)).hasSize(2);
        assertThat(HELD.count()).isEqualTo(1);
    }

    @Test
    void aReleasedOrderGoesToItsDestinationOnce() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin|SV"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();
        assertThat(HELD.of(entry)).containsExactly("pharmacy/orders");

        assertThat(HELD.release(entry, new Desk.By("ann", "tolerated before"), HeldOrders::refuse))
                .isEqualTo(1);

        assertThat(HELD.count()).isZero();
        assertThat(HELD.of(entry)).isEmpty();
        assertThat(
                        ENGINE.one(
                                "select destination || ' ' || state from delivery where entry_id ="
                                        + " "
                                        + entry))
                .isEqualTo("pharmacy/orders waiting");
        assertThat(
                        ENGINE.one(
                                "select account || ' ' || decision || ' ' || reason from"
                                        + " delivery_decision order by id desc limit 1"))
                .isEqualTo("ann release tolerated before");
        assertThatThrownBy(
                        () -> HELD.release(entry, new Desk.By("bob", "me too"), HeldOrders::refuse))
                .isInstanceOf(Desk.NotPossible.class);
    }

    @Test
    void anOrderThatIsNotToBeSentIsNeverSent() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin|SV"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();

        assertThat(HELD.drop(entry, new Desk.By("ann", "asked the doctor"))).isEqualTo(1);

        assertThat(ENGINE.one("select state from delivery where entry_id = " + entry))
                .isEqualTo("skipped");
        assertThatThrownBy(
                        () ->
                                HELD.release(
                                        entry, new Desk.By("ann", "after all"), HeldOrders::refuse))
                .isInstanceOf(Desk.NotPossible.class);
    }

    /** ⚠ A person's word about this order and this cause holds when the order comes again. */
    @Test
    void anOverriddenAlertNeitherWarnsNorHoldsWhenTheOrderIsChanged() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        var key = keyOf();
        AlertsTests.decisions(ENGINE)
                .override(key, 1, Map.of(), new Decisions.By("ann", "tolerated before"));

        var answer = send(HOLDS, order("0930", "XO", "Amoxicillin 500 mg"));

        assertThat(err(answer)).isEmpty();
    }

    /** ⚠ Whoever looks at what is held must not send by mistake what nobody wants any more. */
    @ParameterizedTest
    @ValueSource(strings = {"CA", "DC", "DE"})
    void whatIsCancelledWhileItIsHeldBackIsNeverSent(String control) {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();

        send(HOLDS, order("0930", control, "Amoxicillin 500 mg"));

        assertThat(HELD.count()).isZero();
        assertThat(ENGINE.one("select state from delivery where entry_id = " + entry))
                .isEqualTo("skipped");
        assertThat(
                        ENGINE.one(
                                "select account || ' ' || destination || ' ' || reason from"
                                        + " delivery_decision order by id desc limit 1"))
                .isEqualTo("engine pharmacy/orders cancelled before a person had decided");
        assertThatThrownBy(
                        () ->
                                HELD.release(
                                        entry, new Desk.By("ann", "tolerated"), HeldOrders::refuse))
                .isInstanceOf(Desk.NotPossible.class);
    }

    @Test
    void ofSeveralOrdersOfAMessageTheRestWaitsAndThePageSaysSo() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(
                HOLDS,
                header("OMP^O09", "0900")
                        + pid()
                        + orderSegments("NW", "Amoxicillin 500 mg")
                        + orderSegments("NW", "Metformin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();
        assertThat(ORDERS.meanwhile(entry)).isEqualTo(new HeldOrders.Meanwhile(2, 0, 0));

        send(HOLDS, order("0930", "CA", "Amoxicillin 500 mg"));

        assertThat(HELD.count()).isEqualTo(1);
        var meanwhile = ORDERS.meanwhile(entry);
        assertThat(meanwhile.orders()).isEqualTo(2);
        assertThat(meanwhile.cancelled()).isEqualTo(1);
        assertThat(meanwhile.isDoubtful()).isTrue();
        // ⚠ The cancel has left: what is sent behind it would be given all the same.
        assertThatThrownBy(
                        () ->
                                HELD.release(
                                        entry, new Desk.By("ann", "tolerated"), HeldOrders::refuse))
                .isInstanceOf(Desk.NotPossible.class)
                .hasMessageStartingWith("1 of its 2 orders were cancelled");
        assertThat(HELD.count()).isEqualTo(1);

        send(HOLDS, order("0940", "CA", "Metformin 500 mg"));

        assertThat(HELD.count()).isZero();
    }

    @Test
    void whatIsChangedWhileItIsHeldBackSaysByWhichMessage() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();

        send(HOLDS, order("0930", "XO", "Acetaminophen 500 mg"));

        var meanwhile = ORDERS.meanwhile(entry);
        assertThat(meanwhile.cancelled()).isZero();
        assertThat(meanwhile.changedBy())
                .isEqualTo(
                        Long.parseLong(
                                ENGINE.one(
                                        "select id from journal where control_id like '"
                                                + patient
                                                + "-0930%'")));
    }

    @Test
    void theCancelOfAnotherPatientsOrderOfThatNumberEndsNothing() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        var cancel = order("0930", "CA", "Amoxicillin 500 mg");

        send(HOLDS, cancel.replace("|" + patient + "^^^CLINIC", "|X" + patient + "^^^CLINIC"));

        assertThat(HELD.count()).isEqualTo(1);
    }

    /** ⚠ Who was merged has both numbers, and the ward may still use the old one. */
    @ParameterizedTest
    @ValueSource(strings = {"CA", "DE"})
    void theCancelUnderAnotherNumberOfAMergedPatientEndsItToo(String control) {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, header("ADT^A40", "0810") + pid() + "MRG|OLD" + patient + "^^^CLINIC^MR\n");
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();

        send(HOLDS, underTheOldNumber(order("0930", control, "Amoxicillin 500 mg")));

        assertThat(HELD.count()).isZero();
        assertThat(ENGINE.one("select state from delivery where entry_id = " + entry))
                .isEqualTo("skipped");
    }

    @Test
    void anOlderCancelUnderAnotherNumberEndsNothing() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, header("ADT^A40", "0810") + pid() + "MRG|OLD" + patient + "^^^CLINIC^MR\n");
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();

        send(HOLDS, underTheOldNumber(order("0840", "CA", "Amoxicillin 500 mg")));

        assertThat(HELD.count()).isEqualTo(1);
        assertThat(ORDERS.meanwhile(entry).cancelled()).isZero();
    }

    /** The cancel came while nobody knew that both are one: a person is told before sending. */
    @Test
    void ofWhatWasCancelledUnderANumberThatIsMergedLaterThePageSaysSo() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();
        send(HOLDS, underTheOldNumber(order("0930", "CA", "Amoxicillin 500 mg")));
        assertThat(ORDERS.meanwhile(entry).isDoubtful()).isFalse();

        send(HOLDS, header("ADT^A40", "0940") + pid() + "MRG|OLD" + patient + "^^^CLINIC^MR\n");

        assertThat(ORDERS.meanwhile(entry).cancelled()).isEqualTo(1);
    }

    /**
     * ⚠ A message that has a number twice states two orders, and each later one names one of them:
     * none that was stopped stays active, or held so that somebody sends it.
     */
    @Test
    void eachDrugOfANumberIsStoppedByItself() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, twoDrugs("0900"));
        long entry = HELD.waiting(1).getFirst().entryId();
        assertThat(alerts()).hasSize(1);

        send(HOLDS, oneOfTwo("0930", "DC", "Amoxicillin 500 mg"));

        assertThat(alerts()).isEmpty();
        assertThat(HELD.count()).isEqualTo(1);
        assertThat(ORDERS.meanwhile(entry).cancelled()).isEqualTo(1);

        send(HOLDS, oneOfTwo("0940", "DC", "Metformin 500 mg"));

        assertThat(alerts()).isEmpty();
        assertThat(HELD.count()).isZero();
    }

    @Test
    void whichArrivedFirstDecidesNothing() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, oneOfTwo("0930", "DC", "Amoxicillin 500 mg"));
        send(HOLDS, oneOfTwo("0940", "DC", "Metformin 500 mg"));

        send(HOLDS, twoDrugs("0900"));

        assertThat(alerts()).isEmpty();
    }

    @Test
    void anOlderStopOfOneDrugOfANumberStopsNothing() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, twoDrugs("0900"));

        send(HOLDS, oneOfTwo("0830", "DC", "Amoxicillin 500 mg"));

        assertThat(alerts()).hasSize(1);
        assertThat(HELD.count()).isEqualTo(1);
    }

    /** ⚠ By its number alone, whatever was ordered under it. */
    @Test
    void anOrcAloneEndsWhatIsHeldOfItsNumber() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin\nAL1|2|DA|^IV contrast dye|SV"));
        send(HOLDS, twoDrugs("0900"));
        send(HOLDS, imaging("0900", "CT abdomen with contrast"));
        assertThat(HELD.count()).isEqualTo(2);

        send(HOLDS, header("ORM^O01", "0930") + pid() + "ORC|CA|T" + patient + "^EMR\n");

        assertThat(HELD.count()).isEqualTo(1);
        assertThat(alerts()).hasSize(1);

        send(HOLDS, header("ORM^O01", "0940") + pid() + "ORC|CA|I" + patient + "0900^EMR\n");

        assertThat(HELD.count()).isZero();
        assertThat(alerts()).isEmpty();
    }

    @Test
    void whatWasReleasedLeavesBeforeItsCancel() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));
        long entry = HELD.waiting(1).getFirst().entryId();
        HELD.release(entry, new Desk.By("ann", "tolerated before"), HeldOrders::refuse);

        send(HOLDS, order("0930", "CA", "Amoxicillin 500 mg"));

        assertThat(ENGINE.one("select state from delivery where entry_id = " + entry))
                .isEqualTo("waiting");
    }

    @Test
    void stoppingWhatConflictsIsNeitherWarnedOfNorHeld() {
        send(HOLDS, allergy("0800", "AL1|1|DA|^Penicillin"));
        send(HOLDS, order("0900", "NW", "Amoxicillin 500 mg"));

        var answer = send(HOLDS, order("0930", "DC", "Amoxicillin 500 mg"));

        assertThat(err(answer)).isEmpty();
        assertThat(HELD.count()).isZero();
        assertThat(waiting()).contains("pharmacy/orders");
    }

    // ---------------------------------------------------------------- messages

    private String keyOf() {
        return alerts().getFirst().key();
    }

    private List<Alert> alerts() {
        var person =
                ENGINE.one(
                        "select person_id from patient_record where id_value = '" + patient + "'");
        return ENGINE.alerts(UUID.fromString(person));
    }

    private String twoDrugs(String at) {
        return header("RDE^O11", at)
                + pid()
                + "ORC|NW|T"
                + patient
                + "^EMR\nRXE||^Amoxicillin 500 mg|500||mg\nRXE||^Metformin 500 mg|500||mg\n";
    }

    private String oneOfTwo(String at, String control, String drug) {
        return header("RDE^O11", at)
                + pid()
                + "ORC|%s|T%s^EMR\nRXE||^%s|500||mg\n".formatted(control, patient, drug);
    }

    private static HeldBack heldBack() {
        var rooms = new AnnotationConfigApplicationContext();
        rooms.registerBean(DataSource.class, () -> ENGINE.dataSource);
        rooms.register(HeldBack.class);
        rooms.refresh();
        return rooms.getBean(HeldBack.class);
    }

    private static String waiting() {
        return String.join(
                "\n",
                ENGINE.list(
                        "select destination from delivery where state = 'waiting' order by id"));
    }

    /** The errors of an answer: where, ERR-3, ERR-4, ERR-5. */
    private static List<String> err(String answer) {
        return answer.lines()
                .flatMap(line -> Arrays.stream(line.split("\r", -1)))
                .filter(line -> line.startsWith("ERR|"))
                .map(line -> line.split("\\|", -1))
                .map(
                        f ->
                                (f[2].isEmpty() ? "-" : f[2])
                                        + " "
                                        + f[3].split("\\^", -1)[0]
                                        + " "
                                        + f[4]
                                        + " "
                                        + f[5].split("\\^", -1)[0])
                .toList();
    }

    private static String send(Partner from, String message) {
        var answer = ENGINE.send(from, message);
        assertThat(answer).contains("MSA|AA");
        return answer;
    }

    private String allergy(String at, String segments) {
        return header("ADT^A60", at) + pid() + segments + "\n";
    }

    private String order(String at, String control, String drug) {
        return header("OMP^O09", at) + pid() + orderSegments(control, drug);
    }

    private String orderSegments(String control, String drug) {
        return "ORC|"
                + control
                + "|O"
                + patient
                + drug.charAt(0)
                + "^EMR|||||||20261103||||77^Ordway^Olga\nRXO|^"
                + drug
                + "|500||mg\n";
    }

    private String imaging(String at, String service) {
        return header("ORM^O01", at)
                + pid()
                + "ORC|NW|I"
                + patient
                + at
                + "^EMR\nOBR|1|I"
                + patient
                + at
                + "^EMR||IMG^"
                + service
                + "^L\n";
    }

    private String answer(String at, String control, String of, String service) {
        return "MSH|^~\\&|LIS|NORTHLAB|CB|CLINIC|20261103%s||ORR^O02|%s-%s|P|2.5.1\n"
                        .formatted(at, patient, at)
                + pid()
                + "ORC|%1$s|I%2$s%3$s^EMR|F%2$s%3$s^LIS\nOBR|1|I%2$s%3$s^EMR|F%2$s%3$s^LIS|CTC^%4$s^LAB\n"
                        .formatted(control, patient, of, service);
    }

    private String underTheOldNumber(String message) {
        return message.replace("|" + patient + "^^^CLINIC", "|OLD" + patient + "^^^CLINIC");
    }

    private String header(String type, String at) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103%s||%s|%s-%s-%s|P|2.5.1\n"
                .formatted(at, type, patient, at, type);
    }

    private String pid() {
        return "PID|1||" + patient + "^^^CLINIC^MR||DOE^Jane||19710203|F\n";
    }
}
