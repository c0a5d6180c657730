package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.loops.ByHand;
import org.chartbridge.loops.ByHand.Why;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.Overdue;
import org.chartbridge.loops.State;
import org.chartbridge.loops.Step;
import org.chartbridge.loops.Watching;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Orders and referrals that a person closes because nothing will answer them (decision 0063). */
class ClosedByHandTests {
    private static final FhirEngine FHIR = new FhirEngine();
    private static final AdtEngine ENGINE = FHIR.engine;
    private static final FollowedOrders FOLLOWED = new FollowedOrders(ENGINE);
    private static final OpenLoops LOOPS = FOLLOWED.loops;
    private static final AlertDecisions DECISIONS =
            new AlertDecisions(
                    ENGINE.journal,
                    new DecisionStore(ENGINE.jdbc),
                    ENGINE.dataSource,
                    Clock.systemUTC());
    private static int patients;

    private String patient = "";

    @AfterAll
    static void stop() {
        FOLLOWED.close();
        FHIR.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "H" + ++patients;
    }

    @Test
    void anOrderThatNothingWillAnswerLeavesTheListAndSaysWhoClosedItAndWhy() {
        send(order("0900", "NW"));

        close(Why.NO_SHOW);

        assertThat(open()).isEmpty();
        assertThat(loop().state()).isEqualTo(State.CLOSED);
        assertThat(loop().why()).isEqualTo("telephoned");
        assertThat(loop().expected()).isNull();
        assertThat(loop().steps().getLast())
                .extracting(Step::words, Step::who, Step::state)
                .containsExactly("Closed by hand: telephoned", "ann", State.CLOSED);
        assertThat(LOOPS.closedByHand(10)).extracting(Loop::id).contains(loop().id());
    }

    @Test
    void whatIsTakenBackIsAsIfItHadNeverBeenClosed() {
        send(order("0900", "NW"));
        var before = loop();
        long closed = close(Why.MISTAKE);

        DECISIONS.undo(closed, new By("bea", "it was the other one"));

        assertThat(loop()).isEqualTo(before);
        assertThat(open()).hasSize(1);
        assertThatThrownBy(() -> DECISIONS.undo(closed, new By("bea", "again")))
                .isInstanceOf(NotPossible.class);
    }

    @Test
    void theSameOrderIsNotClosedTwice() {
        send(order("0900", "NW"));
        var loop = loop();
        close(Why.NO_SHOW);

        assertThatThrownBy(() -> close(loop, Why.ANSWERED)).isInstanceOf(NotPossible.class);
    }

    @Test
    void theOtherTestOfItsMessageStaysOpen() {
        send(
                order("0900", "NW")
                        + "ORC|NW|Q%1$s^EMR\nOBR|2|Q%1$s^EMR||CRP^CRP^L\n".formatted(patient));
        var potassium =
                LOOPS.of(person()).stream()
                        .filter(one -> one.service().code().equals("K"))
                        .findFirst()
                        .orElseThrow();

        close(potassium, Why.NOT_PERFORMED);

        assertThat(open()).extracting(one -> one.service().code()).containsExactly("CRP");
    }

    /** The result is charted as ever, and ends it; what was said by hand shows. */
    @Test
    void aResultThatComesAllTheSameEndsItAndShowsThatItWasClosed() {
        send(order("0900", "NW"));
        close(Why.NO_SHOW);

        send(result("1000", "F", "F"));

        assertThat(loop().state()).isEqualTo(State.FINAL);
        assertThat(loop().closed()).isNotNull().matches(one -> !one.holds());
        assertThat(loop().steps())
                .extracting(Step::words)
                .anyMatch(words -> words.startsWith("Closed by hand"));
    }

    /** ⚠ Whoever works on it contradicts that nothing will come; who says that it ends does not. */
    @ParameterizedTest
    @CsvSource({
        "ORC|SC|P|F||IP, IN_PROCESS",
        "ORC|OK|P|F, ACCEPTED",
        "ORC|OH|P|F||HD, ON_HOLD",
        "ORC|UA|P|F, CLOSED",
        "ORC|OC|P|F||CA, CLOSED",
        "ORC|UC|P|F, ORDERED",
    })
    void aLaterWordOfTheLaboratoryReopensItWhenWorkGoesOn(String control, State wanted) {
        send(order("0900", "NW"));
        close(Why.NO_SHOW);

        send(header("ORR^O02", "0910", "LIS") + pid() + filled(control + "\n"));

        assertThat(loop().state()).isEqualTo(wanted);
        assertThat(open()).hasSize(wanted == State.CLOSED ? 0 : 1);
    }

    @Test
    void aPreliminaryResultReopensItAndItMayBeClosedAgain() {
        send(order("0900", "NW"));
        close(Why.NO_SHOW);
        send(result("1000", "P", "P"));
        assertThat(loop().state()).isEqualTo(State.PARTIAL);

        close(Why.ANSWERED);

        assertThat(loop().state()).isEqualTo(State.CLOSED);
    }

    @Test
    void anOrderThatItsPlacerChangesIsFollowedAgainAndOneItCancelsIsCancelled() {
        send(order("0900", "NW"));
        close(Why.NO_SHOW);
        send(order("0920", "XO"));
        assertThat(loop().state()).isEqualTo(State.ORDERED);

        anotherPatient();
        send(order("0900", "NW"));
        close(Why.NO_SHOW);
        send(order("0920", "CA"));
        assertThat(loop().state()).isEqualTo(State.CANCELLED);
    }

    /** ⚠ Decided on an older picture, it holds back nothing of what came meanwhile. */
    @Test
    void whatCameBetweenLookingAndClosingReopensIt() {
        send(order("0900", "NW"));
        var seen = loop();
        send(result("1000", "P", "P"));

        close(seen, Why.NO_SHOW);

        assertThat(loop().state()).isEqualTo(State.PARTIAL);
    }

    /** ⚠ A result that is withdrawn never was: what a person said of the order is left. */
    @Test
    void aResultThatIsWithdrawnLeavesItClosed() {
        send(order("0900", "NW"));
        close(Why.ANSWERED);
        send(result("1000", "F", "F"));
        send(result("1100", "C", "W"));

        assertThat(loop().state()).isEqualTo(State.CLOSED);
    }

    @Test
    void itsAlertClosesWithTheNextLook() {
        send(order("0900", "NW"));
        ENGINE.jdbc
                .sql(
                        "insert into turnaround (partner, code, answered, median_seconds) values"
                                + " ('northlab', 'K', 50, 60) on conflict do nothing")
                .update();
        var overdue = FOLLOWED.bean(Overdue.class);
        var watching = FOLLOWED.bean(Watching.class);
        watching.look(Instant.now());
        ENGINE.jdbc
                .sql(
                        "insert into turnaround (partner, code, answered, median_seconds) values"
                                + " ('northlab', 'K', 50, 60) on conflict do nothing")
                .update();
        watching.look(Instant.now());
        assertThat(overdue.raised(loop())).isPresent();
        var late = loop();

        close(Why.NO_SHOW);
        watching.look(Instant.now());

        assertThat(overdue.raised(late)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "NO_SHOW, revoked, cancelled",
        "NOT_PERFORMED, revoked, cancelled",
        "ANSWERED, completed, completed",
        "MISTAKE, entered-in-error, entered-in-error",
        "OTHER, revoked, cancelled",
    })
    void fhirSaysWhatBecameOfTheOrderAndTheReferral(Why why, String request, String task)
            throws Exception {
        send(order("0900", "NW"));
        close(why);
        anotherPatientsAreNotTouched();

        var id = loop().id();
        assertThat(status("ServiceRequest/" + id)).isEqualTo(request);
        var told = FHIR.get("Task/order-" + id);
        assertThat(told.path("status").asString()).isEqualTo(task);
        assertThat(told.path("statusReason").path("text").asString()).isEqualTo("telephoned");
        assertThat(told.path("businessStatus").path("coding").path(0).path("code").asString())
                .isEqualTo("closed");

        anotherPatient();
        send(referral());
        close(why);

        assertThat(status("ServiceRequest/referral-" + loop().id())).isEqualTo(request);
        assertThat(status("Task/referral-" + loop().id())).isEqualTo(task);
        assertThat(list("ServiceRequest?patient=" + person())).containsExactly(request);
    }

    /** ⚠ What comes without PID is not charted, and moves chart and FHIR as it moves the list. */
    @ParameterizedTest
    @CsvSource({
        "UA, CA, revoked, Rejected",
        "OC, CA, revoked, Cancelled by the filler",
        "OH, HD, on-hold, On hold",
        "SC, CM, completed, 'Completed, no result'",
        "OK, IP, active, "
    })
    void anAnswerWithoutAPatientIsHeardByFhirAndTheList(
            String control, String status, String request, @Nullable String state)
            throws Exception {
        send(order("0900", "NW"));
        FOLLOWED.delivered("northlab/orders", "ORM^O01", "accepted", "accepted", null);
        send(unnamed(control, "P" + patient + "^EMR", status));
        assertThat(status("ServiceRequest/" + loop().id())).isEqualTo(request);
        if (state != null) assertThat(loop().state().word()).isEqualTo(state);

        anotherPatient();
        send(referral());
        FOLLOWED.delivered("northlab/referrals", "OMG^O19", "accepted", "accepted", null);
        send(unnamed(control, "R" + patient, status));

        assertThat(status("ServiceRequest/referral-" + loop().id())).isEqualTo(request);
        assertThat(list("ServiceRequest?patient=" + person())).containsExactly(request);
        if (state != null) assertThat(loop().state().word()).isEqualTo(state);
    }

    private static String unnamed(String control, String number, String status) {
        return header("OSU^O51", "0910", "LIS")
                + "ORC|%s|%s|||%s\n".formatted(control, number, status);
    }

    /** I15 asks, and its answer says nothing: what was cancelled stays revoked. */
    @Test
    void aReferralThatWasCancelledIsRevokedWhateverIsAskedAfterIt() throws Exception {
        send(referral());
        send(referral().replace("REF^I12", "REF^I14").replace("20261120090000", "20261120091000"));
        send(referral().replace("REF^I12", "REF^I15").replace("20261120090000", "20261120092000"));
        send(
                referral()
                        .replace("REF^I12", "RRI^I15")
                        .replace("|EMR|X|", "|LIS|X|")
                        .replace("20261120090000", "20261120093000"));

        assertThat(list("ServiceRequest?patient=" + person())).containsExactly("revoked");
        assertThat(open()).isEmpty();
        // By whichever id it is read.
        for (var id :
                ENGINE.list(
                        "select i.id::text from referral i join patient_record r on r.id ="
                                + " i.record_id where r.id_value = '"
                                + patient
                                + "'"))
            assertThat(status("ServiceRequest/referral-" + id)).isEqualTo("revoked");
    }

    /** The journal alone says what was decided. */
    @Test
    void theEntryOfTheJournalHoldsWhyAndWhat() {
        send(order("0900", "NW"));
        long closed = close(Why.ANSWERED);

        assertThat(
                        ENGINE.one(
                                "select convert_from(content, 'UTF8') from raw_message where"
                                        + " entry_id = "
                                        + closed))
                .contains(
                        "\"decision\":\"close\"",
                        "\"by\":\"ann\"",
                        "\"why\":\"telephoned\"",
                        "\"closedAs\":\"answered\"",
                        "\"number\":\"P" + patient + "^EMR\"");
    }

    private void anotherPatientsAreNotTouched() {
        var mine = patient;
        anotherPatient();
        send(order("0900", "NW"));
        assertThat(loop().state()).isEqualTo(State.ORDERED);
        patient = mine;
    }

    private long close(Why why) {
        return close(loop(), why);
    }

    private static long close(Loop loop, Why why) {
        var known = ByHand.known(loop);
        return DECISIONS.close(
                ByHand.key(known, loop),
                why.id(),
                known,
                Map.of("number", loop.number()),
                new By("ann", "telephoned"));
    }

    private static String status(String path) throws Exception {
        return FHIR.get(path).path("status").asString();
    }

    private static List<String> list(String path) throws Exception {
        return FHIR.get(path).path("entry").valueStream().map(ClosedByHandTests::status).toList();
    }

    private static String status(JsonNode entry) {
        return entry.path("resource").path("status").asString();
    }

    private Loop loop() {
        var one = FOLLOWED.loop(patient);
        return (one.referral() ? LOOPS.referral(one.id()) : LOOPS.order(one.id())).orElseThrow();
    }

    private List<Loop> open() {
        return FOLLOWED.open(patient);
    }

    private UUID person() {
        return FOLLOWED.person(patient);
    }

    private void send(String message) {
        var from = message.startsWith("MSH|^~\\&|LIS") ? AdtEngine.LAB : AdtEngine.EMR;
        assertThat(ENGINE.send(from, message)).contains("MSA|AA|");
    }

    private String order(String time, String control) {
        return FOLLOWED.order(patient, time, control, "K^Potassium^L");
    }

    private String result(String time, String status, String of) {
        return FOLLOWED.result(patient, time, status, of, "4.1", "K");
    }

    private String referral() {
        return header("REF^I12", "0900", "EMR")
                + "RF1||||||R"
                + patient
                + "\nPRD|RP|Ordway^Owen\n"
                + pid();
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
