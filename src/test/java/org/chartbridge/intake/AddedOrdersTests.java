package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.delivery.SentOrders;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.State;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Partner.AnswerAs;
import org.chartbridge.partner.Partner.Patients;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Orders that a laboratory adds itself and asks a placer's number for (ORC-1 SN; HL7 v2.5.1
 * §4.5.1.1): the number, who is told it, and how the order is followed.
 */
class AddedOrdersTests {
    private static final AdtEngine ENGINE = AdtEngine.screening("emr/results");
    private static final FollowedOrders FOLLOWED = new FollowedOrders(ENGINE);

    /** Waits for ORR on the connection. */
    private static final Partner LAB =
            AdtEngine.laboratory("northlab", AnswerAs.RESPONSE, Patients.CREATE);

    private static final Pattern NUMBER =
            Pattern.compile("ORC\\|NA\\|(CS[0-9A-Z]{12}\\^CHARTBRIDGE)");
    private static int patients;
    private static int messages;

    private String patient = "";

    @AfterAll
    static void close() {
        FOLLOWED.close();
        ENGINE.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "AO" + ++patients;
    }

    // ------------------------------------------------------------ the number

    @Test
    void whoeverAsksForANumberIsToldItInTheAnswer() {
        var answer = ENGINE.send(LAB, asks("ORM^O01", "0930", "F"));

        assertThat(answer)
                .contains("|ORR^O02^ORR_O02|", "MSA|AA|", "PID|1||" + patient + "^^^CLINIC^MR")
                .containsPattern(NUMBER)
                .contains("|F" + patient + "^LIS\r")
                .contains("OBR|1|" + number(answer) + "|F" + patient + "^LIS|CRP^CRP^L");
        assertThat(answer.indexOf("PID|")).isLessThan(answer.indexOf("ORC|"));
        assertThat(charted()).isEqualTo(number(answer));
    }

    @ParameterizedTest
    @CsvSource({"OML^O21, ORL^O22^ORL_O22", "OMG^O19, ORG^O20^ORG_O20"})
    void theAnswerIsTheOneThatHl7DefinesForTheMessage(String type, String response) {
        var answer = ENGINE.send(LAB, asks(type, "0930", "F"));

        assertThat(answer).contains("|" + response + "|").containsPattern(NUMBER);
    }

    /** A laboratory that heard nothing asks again, with another MSH-10. */
    @Test
    void whoeverAsksAgainIsToldTheSame() {
        var first = ENGINE.send(LAB, asks("ORM^O01", "0930", "F"));

        var second = ENGINE.send(LAB, asks("ORM^O01", "0940", "F"));
        var other = ENGINE.send(LAB, asks("ORM^O01", "0950", "G"));

        assertThat(number(second)).isEqualTo(number(first)).isNotEqualTo(number(other));
        assertThat(loops()).hasSize(2);
    }

    @Test
    void severalWhoAskInOneMomentAreToldTheSame() {
        var asking =
                IntStream.range(0, 8)
                        .mapToObj(_ -> ENGINE.begin(LAB, asks("ORM^O01", "0930", "F")))
                        .toList();

        assertThat(asking.stream().map(one -> number(AdtEngine.text(one))).distinct()).hasSize(1);
        assertThat(loops()).hasSize(1);
    }

    /** ⚠ Laboratories use their numbers again. */
    @Test
    void theSameNumberOfTheLaboratoryForAnotherPatientIsAnotherOrder() {
        var answer = ENGINE.send(LAB, asks("ORM^O01", "0930", "F").replace("F" + patient, "F-1"));
        anotherPatient();

        var other = ENGINE.send(LAB, asks("ORM^O01", "0930", "F").replace("F" + patient, "F-1"));

        assertThat(number(other)).isNotEqualTo(number(answer));
    }

    @Test
    void eachTestOfAnAccessionHasANumberOfItsOwn() {
        var answer =
                ENGINE.send(
                        LAB,
                        header("ORM^O01", "0930")
                                + "ORC|SN|\"\"|F-2^LIS\nOBR|1||F-2^LIS|CRP^CRP^L\n"
                                + "OBR|2||F-2^LIS|TSH^TSH^L\n");

        var numbers = NUMBER.matcher(answer).results().map(one -> one.group(1)).toList();
        assertThat(numbers).hasSize(2).doesNotHaveDuplicates();
        assertThat(loops()).hasSize(2);
    }

    @Test
    void anOrderThatHasAPlacersNumberKeepsIt() {
        var answer =
                ENGINE.send(
                        LAB,
                        header("ORM^O01", "0930")
                                + "ORC|SN|P-9^EMR|F-9^LIS\nOBR|1|P-9^EMR|F-9^LIS|CRP^CRP^L\n");

        assertThat(answer).contains("MSA|AA|").doesNotContain("ORC|");
        assertThat(charted()).isEqualTo("P-9^EMR");
    }

    // ------------------------------------------------------------ who gets none

    /** ⚠ A number without an order behind it would be a promise that nobody keeps. */
    @Test
    void anOrderOfAnUnknownPatientWaitsAndHasNoNumberUntilAPersonDecides() {
        var stranger = AdtEngine.laboratory("eastlab", AnswerAs.RESPONSE, Patients.MATCH);

        var answer = ENGINE.send(stranger, asks("ORM^O01", "0930", "F"));

        assertThat(answer).contains("MSA|AA|", "|W|").doesNotContain("ORC|");
        assertThat(ENGINE.lastState()).isEqualTo("held");
        assertThat(ENGINE.list("select 1 from delivery where destination = 'eastlab/acks'"))
                .isEmpty();

        ENGINE.send(header("ADT^A04", "0800") + "PV1|1|O\n");
        ENGINE.release(stranger);

        assertThat(told("eastlab")).contains("|ORR^O02^ORR_O02|").containsPattern(NUMBER);
        assertThat(number(told("eastlab"))).isEqualTo(charted());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|SN\\nOBR|1|||CRP^CRP^L          ; ORC-3
                    ORC|SN||F-3^LIS                     ; OBR
                    ORC|SN||""^LIS\\nOBR|1||""|CRP^CRP^L ; ORC-3
                    """)
    void whatCannotBeNumberedIsRefusedAndSaysWhatIsMissing(String orders, String missing) {
        var answer =
                ENGINE.send(LAB, header("ORM^O01", "0930") + orders.replace("\\n", "\n") + "\n");

        assertThat(answer).contains("MSA|AE|", missing).doesNotContain("ORC|NA");
    }

    // ------------------------------------------------------------ not on the connection

    @Test
    void whoeverGetsAckOnTheConnectionIsToldByAMessageOfItsOwn() {
        var lab = AdtEngine.laboratory("westlab", AnswerAs.ACK, Patients.CREATE);

        var answer = ENGINE.send(lab, asks("ORM^O01", "0930", "F"));

        assertThat(answer).contains("|ACK^O01^ACK|").doesNotContain("ORC|");
        assertThat(told("westlab"))
                .contains("|ORR^O02^ORR_O02|", "MSA|AA|")
                .containsPattern(NUMBER);
        assertThat(number(told("westlab"))).isEqualTo(charted());
    }

    @Test
    void anAcceptAcknowledgementTellsNoNumberAndTheApplicationsDoes() {
        var lab = AdtEngine.laboratory("southlab", AnswerAs.RESPONSE, Patients.CREATE);

        var answer =
                ENGINE.send(
                        lab, asks("OML^O21", "0930", "F").replace("|P|2.5.1", "|P|2.5.1|||AL|AL"));

        assertThat(answer).contains("MSA|CA|").doesNotContain("ORC|");
        assertThat(told("southlab")).contains("|ORL^O22^ORL_O22|").containsPattern(NUMBER);
        assertThat(ENGINE.list("select 1 from delivery where destination = 'southlab/acks'"))
                .hasSize(1);
    }

    @Test
    void whatIsSentOnHasTheNumber() {
        var answer = ENGINE.send(LAB, asks("ORM^O01", "0930", "F"));

        assertThat(sentOn())
                .contains("ORC|SN|" + number(answer) + "|F" + patient + "^LIS")
                .contains("OBR|1|" + number(answer) + "|F" + patient + "^LIS|CRP^CRP^L");
    }

    // ------------------------------------------------------------ followed

    @Test
    void anAddedOrderIsOpenAndItsResultClosesIt() {
        var number = number(ENGINE.send(LAB, asks("ORM^O01", "0930", "F")));
        assertThat(loop().state()).isEqualTo(State.ACCEPTED);
        assertThat(loop().number()).isEqualTo(number);
        assertThat(loop().performer()).isEqualTo("northlab");
        assertThat(loop().steps().getFirst().words()).isEqualTo("Added by the filler (ORC-1 SN)");
        assertThat(open()).hasSize(1);

        result(number);

        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(open()).isEmpty();
    }

    /** Laboratories report what they added under the number of the order it was added to. */
    @ParameterizedTest
    @CsvSource({"''", "P-1^EMR"})
    void aResultUnderTheLaboratorysNumberClosesItToo(String placer) {
        ENGINE.send(LAB, asks("ORM^O01", "0930", "F"));

        result(placer);

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    /** Whichever way it says what it was added to. */
    @ParameterizedTest
    @CsvSource({
        "ORC-8, Q, K",
        "ORC-8, '', K",
        "OBR-29, Q, K",
        "accession, Q, ''",
        "specimen, Q, K",
    })
    void theResultUnderTheNumberOfWhatItWasAddedToClosesIt(
            String how, String placer, String filler) {
        ordered("K^Potassium^L");
        added(how, "F");

        result(placer.isEmpty() ? "" : parent(), filler.isEmpty() ? "" : accession());

        assertThat(crp()).extracting(Loop::state).containsExactly(State.FINAL);
        assertThat(loops())
                .filteredOn(one -> one.service().code().equals("K"))
                .singleElement()
                .satisfies(one -> assertThat(one.state()).isNotEqualTo(State.FINAL));
    }

    /** ⚠ What was ordered under the number is what is reported under it. */
    @Test
    void theResultOfTheSameTestThatWasOrderedThereIsNotThatOfWhatWasAdded() {
        ordered("CRP^CRP^L");
        added("ORC-8", "F");

        result(parent(), accession());

        assertThat(crp())
                .extracting(Loop::state)
                .containsExactlyInAnyOrder(State.FINAL, State.ACCEPTED);
        assertThat(crp())
                .filteredOn(one -> one.number().startsWith("CS"))
                .extracting(Loop::state)
                .containsExactly(State.ACCEPTED);
    }

    /** ⚠ Which of two is answered nobody can say. */
    @Test
    void ofTwoThatWereAddedToOneOrderNeitherIsClosedByItsNumber() {
        ordered("K^Potassium^L");
        added("ORC-8", "F");
        added("ORC-8", "G");

        result(parent(), accession());

        assertThat(crp()).extracting(Loop::state).containsOnly(State.ACCEPTED).hasSize(2);

        result(parent(), "G" + patient + "^LIS");

        assertThat(crp())
                .extracting(Loop::state)
                .containsExactlyInAnyOrder(State.ACCEPTED, State.FINAL);
    }

    @Test
    void theResultOfAnotherLaboratoryUnderThatNumberClosesNothing() {
        ordered("K^Potassium^L");
        added("ORC-8", "F");

        result(
                AdtEngine.laboratory("eastlab", AnswerAs.ACK, Patients.CREATE),
                parent(),
                accession());

        assertThat(crp()).extracting(Loop::state).containsExactly(State.ACCEPTED);
    }

    private List<Loop> crp() {
        return loops().stream().filter(one -> one.service().code().equals("CRP")).toList();
    }

    private String parent() {
        return "Q-" + patient + "^EMR";
    }

    private String accession() {
        return "K-" + patient + "^LIS";
    }

    private void ordered(String test) {
        ENGINE.send(
                header("OML^O21", "0900")
                        + "ORC|NW|%1$s\nOBR|1|%1$s||%2$s\nSPM|1|S-%3$s&EMR||SER\n"
                                .formatted(parent(), test, patient));
        says(
                "0910",
                "ORC|OK|%1$s|%2$s\nOBR|1|%1$s|%2$s|%3$s".formatted(parent(), accession(), test));
    }

    /** The laboratory adds CRP to that order. */
    private void added(String how, String filler) {
        var asks = asks("OML^O21", "0930", filler);
        var parent = (parent() + "~" + accession()).replace('^', '&').replace('~', '^');
        var answer =
                ENGINE.send(
                        LAB,
                        switch (how) {
                            case "ORC-8" ->
                                    asks.replace("^LIS\nOBR|1|", "^LIS|||||" + parent + "\nOBR|1|");
                            case "OBR-29" ->
                                    asks.replace(
                                            "CRP^CRP^L", "CRP^CRP^L" + "|".repeat(25) + parent);
                            case "specimen" -> asks + "SPM|1|S-%s&EMR||SER\n".formatted(patient);
                            default -> asks.replace("F" + patient + "^LIS", accession());
                        });
        assertThat(answer).contains("MSA|AA|");
    }

    @Test
    void aResultThatCameBeforeIsItsResultToo() {
        result("");

        ENGINE.send(LAB, asks("ORM^O01", "0930", "F"));

        assertThat(loop().state()).isEqualTo(State.FINAL);
    }

    @Test
    void theWordsOfTheLaboratoryMoveIt() {
        var number = number(ENGINE.send(LAB, asks("ORM^O01", "0930", "F")));

        says("0940", "ORC|SC|" + number + "|F" + patient + "^LIS||IP");

        assertThat(loop().state()).isEqualTo(State.IN_PROCESS);
    }

    /** ⚠ What arrives when changes nothing. */
    @Test
    void theOrderStandsAlikeInWhateverOrderItsMessagesArrive() {
        for (int first = 0; first < 3; first++) {
            anotherPatient();
            var messages =
                    List.<Runnable>of(
                            () -> ENGINE.send(LAB, asks("ORM^O01", "0930", "F")),
                            () -> result(""),
                            () -> ENGINE.send(LAB, asks("OML^O21", "0940", "F")));

            for (int i = 0; i < 3; i++) messages.get((first + i) % 3).run();

            assertThat(loop().state()).as("from " + first).isEqualTo(State.FINAL);
        }
    }

    @ParameterizedTest
    @CsvSource({"OC", "OD", "CA"})
    void theLaboratoryEndsWhatItAdded(String control) {
        var number = number(ENGINE.send(LAB, asks("ORM^O01", "0930", "F")));

        says("0940", "ORC|" + control + "|" + number + "|F" + patient + "^LIS||CA");

        assertThat(loop().state()).isEqualTo(State.CANCELLED);
        assertThat(open()).isEmpty();
    }

    @Test
    void itSaysWhichOrderItWasAddedTo() {
        ENGINE.send(
                LAB,
                asks("ORM^O01", "0930", "F").replace("^LIS\nOBR|1|", "^LIS|||||P-1&EMR\nOBR|1|"));

        assertThat(loop().steps().getFirst().words())
                .isEqualTo("Added by the filler to P-1^EMR (ORC-1 SN)");
    }

    @Test
    void withoutAParentItIsAddedToTheOrderOfItsAccession() {
        ENGINE.send(
                header("ORM^O01", "0900")
                        + "ORC|NW|P-%1$s^EMR\nOBR|1|P-%1$s^EMR||K^Potassium^L\n"
                                .formatted(patient));
        says(
                "0910",
                "ORC|OK|P-%1$s^EMR|F%1$s^LIS\nOBR|1|P-%1$s^EMR|F%1$s^LIS|K^Potassium^L"
                        .formatted(patient));

        ENGINE.send(LAB, asks("ORM^O01", "0930", "F"));

        assertThat(loops())
                .filteredOn(one -> one.service().code().equals("CRP"))
                .singleElement()
                .satisfies(
                        one ->
                                assertThat(one.steps().getFirst().words())
                                        .isEqualTo(
                                                "Added by the filler to P-%s^EMR (ORC-1 SN)"
                                                        .formatted(patient)));
    }

    @Test
    void withoutAParentAndAnAccessionItIsAddedToTheOrderOfItsSpecimen() {
        ENGINE.send(
                header("OML^O21", "0900")
                        + "ORC|NW|P-%1$s^EMR\nOBR|1|P-%1$s^EMR||K^Potassium^L\nSPM|1|S-%1$s&EMR||SER\n"
                                .formatted(patient));

        ENGINE.send(LAB, asks("OML^O21", "0930", "F") + "SPM|1|S-%s&EMR||SER\n".formatted(patient));

        assertThat(loops())
                .filteredOn(one -> one.service().code().equals("CRP"))
                .singleElement()
                .satisfies(
                        one ->
                                assertThat(one.steps().getFirst().words())
                                        .isEqualTo(
                                                "Added by the filler to P-%s^EMR (ORC-1 SN)"
                                                        .formatted(patient)));
    }

    /** ⚠ The laboratory works on it until it hears of the cancel. */
    @Test
    void aCancelFromHereGoesToWhoAddedItAndNotForAnotherPatient() {
        var number = number(ENGINE.send(LAB, asks("ORM^O01", "0930", "F")));
        var sent = new SentOrders(ENGINE.jdbc);

        assertThat(sent.adder(number, patient + "|CLINIC")).contains("northlab");
        assertThat(sent.adder(number, "SOMEBODY|CLINIC")).isEmpty();
        assertThat(sent.adder("CSNOBODYS00000^CHARTBRIDGE", "")).isEmpty();

        ENGINE.send(
                header("ORM^O01", "0950")
                        + "ORC|CA|%1$s\nOBR|1|%1$s||CRP^CRP^L\n".formatted(number));

        // No step order sent it there.
        assertThat(loop().state()).isEqualTo(State.NOT_DELIVERED);
    }

    // ------------------------------------------------------------ helpers

    private String header(String type, String time) {
        return "MSH|^~\\&|LIS|NORTHLAB|CB|CB|20261120%s00||%s|AO-%d|P|2.5.1\n"
                        .formatted(time, type, ++messages)
                + "PID|1||%s^^^CLINIC^MR||ADDER^Ada||19600102|F\n".formatted(patient);
    }

    private String asks(String type, String time, String filler) {
        return header(type, time)
                + "ORC|SN||%1$s%2$s^LIS\nOBR|1||%1$s%2$s^LIS|CRP^CRP^L\n"
                        .formatted(filler, patient);
    }

    private void says(String time, String order) {
        assertThat(ENGINE.send(LAB, header("ORM^O01", time) + withTest(order) + "\n"))
                .contains("MSA|AA|");
    }

    private String withTest(String order) {
        return order.contains("OBR|")
                ? order
                : order
                        + "\nOBR|1|"
                        + order.split("[|]", -1)[2]
                        + "|F"
                        + patient
                        + "^LIS|CRP^CRP^L";
    }

    private void result(String placer) {
        result(placer, "F" + patient + "^LIS");
    }

    private void result(String placer, String filler) {
        result(LAB, placer, filler);
    }

    private void result(Partner from, String placer, String filler) {
        assertThat(
                        ENGINE.send(
                                from,
                                header("ORU^R01", "1000")
                                        + "OBR|1|"
                                        + placer
                                        + "|"
                                        + filler
                                        + "|CRP^CRP^L|||20261120080000"
                                        + "|".repeat(18)
                                        + "F\nOBX|1|NM|CRP^CRP^L||4.1||||||F\n"))
                .contains("MSA|AA|");
    }

    private static String number(String answer) {
        var found = NUMBER.matcher(answer);
        assertThat(found.find()).as(answer).isTrue();
        return found.group(1);
    }

    private String charted() {
        return ENGINE.one(
                "select placer_number from placed_order i join patient_record r on r.id ="
                        + " i.record_id where r.id_value = '"
                        + patient
                        + "'");
    }

    private static String told(String lab) {
        return ENGINE.one(
                "select convert_from(body, 'UTF8') from delivery where destination = '"
                        + lab
                        + "/acks' order by id desc limit 1");
    }

    private static String sentOn() {
        return ENGINE.one(
                "select convert_from(body, 'UTF8') from delivery where destination ="
                        + " 'emr/results' order by id desc limit 1");
    }

    private List<Loop> loops() {
        return FOLLOWED.loops(patient);
    }

    private Loop loop() {
        return FOLLOWED.loop(patient);
    }

    private List<Loop> open() {
        return FOLLOWED.open(patient);
    }
}
