package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.database.Script;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.Desk.NotPossible;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.Outboxes.Outbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** What a person may do with deliveries, each with a reason. */
class DeskTests {
    private static final String TO = "emr/results";
    private static final By ANN = new By("ann", " the EMR is being mended ");
    private static final String MESSAGE =
            "MSH|^~\\&|LIS|LAB|||20261122||ORU^R01|A|P|2.5.1\rPID|1||4711\r";

    private final TestDatabase database = TestDatabase.fresh();
    private final DeliveryStore store = new DeliveryStore(database.jdbc());
    private final DeliverySearch search = new DeliverySearch(database.jdbc());
    private final Desk desk = new Desk(database.dataSource(), store, search, new OneRoute());
    private long id;

    @BeforeEach
    void stage() throws Exception {
        store.know(List.of(TO));
        id = store.nextId();
        var body = MESSAGE.getBytes(UTF_8);
        try (var connection = database.dataSource().getConnection()) {
            var script = new Script();
            store.stage(
                    script,
                    List.of(
                            new NewDelivery(
                                    id, 1, TO, "A", "ORU^R01", body.length, body, Instant.now())));
            script.send(connection);
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void pausingKeepsWhoAndWhyAndVoidsTheClaim() throws Exception {
        var epoch = store.claims().claim(TO, 1, false, Duration.ofMinutes(1)).orElseThrow().epoch();

        desk.pause(TO, ANN);

        var destination = search.destination(TO).orElseThrow();
        assertThat(destination.paused()).isTrue();
        assertThat(destination.why()).isEqualTo("paused by ann: the EMR is being mended");
        assertThat(destination.waiting()).isEqualTo(1);
        assertThat(store.claims().claim(TO, 1, true, Duration.ofMinutes(1))).isEmpty();
        assertThat(epochNow()).isGreaterThan(epoch);
        assertThat(search.decisions(TO, 10))
                .singleElement()
                .satisfies(
                        decision -> {
                            assertThat(decision.account()).isEqualTo("ann");
                            assertThat(decision.decision()).isEqualTo("pause");
                            assertThat(decision.reason()).isEqualTo("the EMR is being mended");
                        });
    }

    /** ⚠ A message would be sent a second time while the first one waits for its answer. */
    @Test
    void whatIsPausedAndGoesOnStaysWithTheNodeThatHasItUnderWay() throws Exception {
        var wait = Duration.ofMinutes(1);
        try (var alive = database.dataSource().getConnection()) {
            store.claims().holdPresence(alive, 777);
            assertThat(store.claims().claim(TO, 777, false, wait)).isPresent();

            desk.pause(TO, ANN);
            desk.resume(TO, ANN);

            assertThat(store.claims().claim(TO, 778, true, wait)).isEmpty();
            assertThat(store.claims().isClaimedElsewhere(TO, 778)).isTrue();

            store.claims().release(TO, 777, false); // It was answered, or nobody waits any more.
            assertThat(store.claims().claim(TO, 778, true, wait)).isPresent();
            store.claims().leavePresence(alive, 777);
        }
    }

    @Test
    void whoHasLostItToAnotherNodeReleasesNothing() throws Exception {
        claim();
        database.jdbc().sql("update destination set owner = 778").update();

        store.claims().release(TO, 1, true);

        assertThat(
                        database.jdbc()
                                .sql("select owner from destination")
                                .query(Integer.class)
                                .single())
                .isEqualTo(778);
    }

    @Test
    void resumingForgetsFailuresAndWaits() throws Exception {
        desk.pause(TO, ANN);
        database.jdbc()
                .sql("update destination set failures = 9, next_try_at = now() + interval '1 hour'")
                .update();

        desk.resume(TO, ANN);

        assertThat(
                        store.claims()
                                .claim(TO, 1, false, Duration.ofMinutes(1))
                                .orElseThrow()
                                .failures())
                .isZero();
    }

    @Test
    void nothingIsDoneWithoutAReason() {
        assertThatThrownBy(() -> new By("ann", "  ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new By("ann", "x".repeat(501)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSingleDeliveryIsTouchedOnlyWhileItsDestinationIsPaused() {
        assertThatThrownBy(() -> desk.skip(TO, id, ANN)).isInstanceOf(NotPossible.class);
        assertThatThrownBy(() -> desk.makeAnew(TO, id, ANN)).isInstanceOf(NotPossible.class);
        assertThatThrownBy(() -> desk.edit(TO, id, MESSAGE + "ZZZ|1", UTF_8, ANN))
                .isInstanceOf(NotPossible.class);
        assertThat(search.decisions(TO, 10)).isEmpty();
        assertThat(store.waiting(TO)).isEqualTo(1);
    }

    @Test
    void whatIsSkippedWaitsNoMore() {
        desk.pause(TO, ANN);

        desk.skip(TO, id, ANN);

        assertThat(store.waiting(TO)).isZero();
        assertThat(search.delivery(id).orElseThrow().state()).isEqualTo("skipped");
        assertThatThrownBy(() -> desk.skip(TO, id, ANN)).isInstanceOf(NotPossible.class);
    }

    @Test
    void whatThePartnerHasIsNotSentAgainAndWhatStoodStillForItGoesOn() {
        tried(id, "unknown");
        stopped();

        desk.confirm(TO, id, new By("ann", "called them at nine"));

        var row = search.delivery(id).orElseThrow();
        assertThat(row.state()).isEqualTo("confirmed");
        assertThat(row.settledAt()).isNotNull();
        assertThat(store.waiting(TO)).isZero();
        assertThat(search.destination(TO).orElseThrow().paused()).isFalse();
        assertThat(search.decided(id))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.account()).isEqualTo("ann");
                            assertThat(one.decision()).isEqualTo("has-it");
                            assertThat(one.reason()).isEqualTo("called them at nine");
                        });
        assertThat(search.decisions(TO, 10))
                .extracting(one -> one.decision() + " by " + one.account())
                .containsExactlyInAnyOrder("has-it by ann", "resume by ann");
        assertThatThrownBy(() -> desk.skip(TO, id, ANN)).isInstanceOf(NotPossible.class);
        assertThatThrownBy(() -> desk.confirm(TO, id, ANN)).isInstanceOf(NotPossible.class);
        // MSA-2 of what its application says later names it.
        assertThat(new ApplicationAnswers(database.jdbc()).delivery("emr", "A")).contains(id);
    }

    /** ⚠ Resuming sends the head once more: nobody has said that of the second one. */
    @ParameterizedTest
    @ValueSource(strings = {"unknown", "refused", ""})
    void whereAnotherMayHaveArrivedAPersonResumes(String outcome) throws Exception {
        var first = id;
        stage();
        tried(first, "unknown");
        tried(id, outcome);
        stopped();

        desk.confirm(TO, first, ANN);

        assertThat(search.delivery(first).orElseThrow().state()).isEqualTo("confirmed");
        assertThat(search.destination(TO).orElseThrow().paused()).isTrue();
    }

    @Test
    void whatNobodyTriedBehindItDoesNotKeepItPaused() throws Exception {
        var first = id;
        stage();
        tried(first, "refused");
        tried(id, "unsent");
        stopped();

        desk.confirm(TO, first, ANN);

        assertThat(search.destination(TO).orElseThrow().paused()).isFalse();
        assertThat(head().id()).isEqualTo(id);
    }

    @Test
    void whatAPersonPausedStaysPaused() {
        tried(id, "unknown");
        desk.pause(TO, ANN);

        desk.confirm(TO, id, ANN);

        assertThat(search.delivery(id).orElseThrow().state()).isEqualTo("confirmed");
        assertThat(search.destination(TO).orElseThrow().paused()).isTrue();
    }

    /** ⚠ Nobody can have what never left. */
    @ParameterizedTest
    @ValueSource(strings = {"unsent", "none"})
    void whatNeverLeftIsWithNobody(String outcome) {
        if (!outcome.equals("none")) tried(id, outcome);
        stopped();

        assertThatThrownBy(() -> desk.confirm(TO, id, ANN))
                .isInstanceOf(NotPossible.class)
                .hasMessageContaining("nobody can have it");

        assertThat(search.delivery(id).orElseThrow().state()).isEqualTo("waiting");
        assertThat(search.destination(TO).orElseThrow().paused()).isTrue();
        assertThat(search.decisions(TO, 10)).isEmpty();
    }

    @Test
    void whereItRunsNobodySaysThatItIsThere() {
        tried(id, "unknown");

        assertThatThrownBy(() -> desk.confirm(TO, id, ANN)).isInstanceOf(NotPossible.class);

        assertThat(store.waiting(TO)).isOne();
    }

    /** ⚠ An alert may hold what was on its way; only that part is there. */
    @Test
    void whatAnAlertHoldsMayBeThereAsWell() throws Exception {
        var held = new HeldBack(database.dataSource(), new Nobody<>());
        var first = id;
        stage();
        tried(first, "unknown");
        database.jdbc().sql("update delivery set destination = destination || '~held'").update();

        held.confirm(1, ANN);

        assertThat(search.delivery(first).orElseThrow())
                .extracting(row -> row.state() + " " + row.destination())
                .isEqualTo("confirmed " + TO);
        assertThat(held.waiting(10)).extracting(HeldBack.Item::id).containsExactly(id);
        assertThatThrownBy(() -> held.confirm(1, ANN)).isInstanceOf(NotPossible.class);
    }

    @Test
    void whatCanNotBeMadeOnceMoreMayBeThereAsWell() throws Exception {
        var aside = new SetAside(database.dataSource(), search, new Nobody<>(), new Nobody<>());
        var first = id;
        stage();
        tried(first, "unknown");
        database.jdbc().sql("update delivery set destination = destination || '~unmade'").update();
        assertThat(aside.waiting(10)).extracting(SetAside.Item::tried).containsExactly(true, false);

        aside.confirm(first, ANN);

        assertThat(search.delivery(first).orElseThrow())
                .extracting(row -> row.state() + " " + row.destination())
                .isEqualTo("confirmed " + TO);
        assertThatThrownBy(() -> aside.confirm(id, ANN)).isInstanceOf(NotPossible.class);
    }

    private static final class Nobody<T> implements ObjectProvider<T> {
        @Override
        public java.util.stream.Stream<T> stream() {
            return java.util.stream.Stream.empty();
        }
    }

    /** As the engine leaves it that asks a person. */
    private void stopped() {
        database.jdbc()
                .sql(
                        "update destination set state = 'paused', why = 'answered nothing',"
                                + " paused_at = now()")
                .update();
    }

    /**
     * @param outcome empty while it is on its way
     */
    private void tried(long delivery, String outcome) {
        database.jdbc()
                .sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, started_at, outcome)
                        values (:id, 1, 1, 'mllp:127.0.0.1:9', now(), nullif(:outcome, ''))
                        """)
                .param("id", delivery)
                .param("outcome", outcome)
                .update();
    }

    @Test
    void anEditedFormStandsInTheSamePlaceAndIsSentAsItIs() throws Exception {
        desk.pause(TO, ANN);

        var edited =
                desk.edit(TO, id, MESSAGE.replace('\r', '\n') + "NTE|1||caf\u00E9\n", UTF_8, ANN);

        var old = search.delivery(id).orElseThrow();
        var fresh = search.delivery(edited).orElseThrow();
        assertThat(old.state()).isEqualTo("replaced");
        assertThat(fresh.replaces()).isEqualTo(id);
        assertThat(search.body(id).orElseThrow()).isEqualTo(MESSAGE.getBytes(UTF_8));
        var letter = head();
        assertThat(letter.id()).isEqualTo(edited);
        assertThat(letter.frozen())
                .satisfies(
                        made -> {
                            assertThat(made.endpoint()).isEqualTo(OneRoute.ENDPOINT);
                            assertThat(new String(made.content(), UTF_8))
                                    .isEqualTo(MESSAGE + "NTE|1||caf\u00E9\r");
                        });
    }

    /** ⚠ Else what becomes of it would say something of each order of its message. */
    @Test
    void anEditedFormIsOfTheOrdersThatTheOldOneWasChosenFor() {
        var order = "[{\"number\":\"O1\",\"what\":\"GLU\",\"why\":\"person\",\"waited\":7}]";
        database.jdbc().sql("update delivery set chosen = :order").param("order", order).update();
        var before = search.chosen(id).getFirst().chosen();
        desk.pause(TO, ANN);

        var edited = desk.edit(TO, id, MESSAGE + "NTE|1||by hand", UTF_8, ANN);

        assertThat(search.chosen(edited))
                .singleElement()
                .satisfies(one -> assertThat(one.chosen()).isEqualTo(before));
        assertThat(before.why()).isEqualTo(Chosen.Why.PERSON);
    }

    @Test
    void anEditedTextMustStillBeAMessage() {
        desk.pause(TO, ANN);

        assertNotPossible("PID|1", "it is no HL7 message any more: it must begin with MSH");
        assertNotPossible(MESSAGE, "nothing was changed");
        assertNotPossible(
                MESSAGE + "NTE|\u0007", "it holds a control character; write it as an escape");
        assertThat(store.waiting(TO)).isEqualTo(1);
    }

    @Test
    void whatMayHaveArrivedNeedsAnIdOfItsOwn() {
        database.jdbc()
                .sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, started_at)
                        values (:id, 1, 1, 'mllp:127.0.0.1:9', now())
                        """)
                .param("id", id)
                .update();
        desk.pause(TO, ANN);

        assertThatThrownBy(() -> desk.edit(TO, id, MESSAGE + "NTE|1", UTF_8, ANN))
                .isInstanceOf(NotPossible.class)
                .hasMessageContaining("MSH-10 is the one of the old message");
        assertThat(desk.edit(TO, id, MESSAGE.replace("|A|P", "|A2|P"), UTF_8, ANN)).isPositive();
    }

    @Test
    void makingAnewForgetsWhatWasFrozen() throws Exception {
        database.jdbc()
                .sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, started_at, outcome)
                        values (:id, 1, 1, 'mllp:127.0.0.1:9', now(), 'unknown')
                        """)
                .param("id", id)
                .update();
        assertThat(head().frozen()).isNotNull();
        desk.pause(TO, ANN);

        desk.makeAnew(TO, id, ANN);

        assertThat(head().frozen()).isNull();
    }

    /** ⚠ What was sent anew may have arrived: the next engine must know, and ask. */
    @Test
    void whatWasMadeAnewIsFrozenAgainOnceItIsSent() throws Exception {
        attempt(1, "unknown");
        desk.pause(TO, ANN);
        desk.makeAnew(TO, id, ANN);
        desk.resume(TO, ANN);
        long epoch = claim();
        var letter = head();
        var anew = new Made.Ready(OneRoute.ENDPOINT, (MESSAGE + "ZZZ|1\r").getBytes(UTF_8));

        begin(epoch - 1, letter, anew); // By who has lost the claim.
        assertThat(head().frozen()).isNull();
        begin(epoch, letter, anew);

        var after = head(); // As the next engine reads it after a kill.
        assertThat(after.open()).isTrue();
        assertThat(after.attempts()).isEqualTo(2);
        assertThat(after.frozen())
                .satisfies(
                        made -> {
                            assertThat(made.endpoint()).isEqualTo(OneRoute.ENDPOINT);
                            assertThat(made.content()).isEqualTo(anew.content());
                        });
    }

    @Test
    void onlyWhatThePartnerPutOffSinceAPersonResumedCounts() {
        attempt(1, "deferred");
        attempt(2, "unknown");
        attempt(3, "deferred");
        attempt(4, "unsent");
        attempt(5, "deferred");
        assertThat(store.deferrals(TO, id)).isEqualTo(2);
        desk.pause(TO, ANN);

        desk.resume(TO, ANN);

        assertThat(store.deferrals(TO, id)).isZero();
    }

    @Test
    void decisionsAreAppendOnly() {
        desk.pause(TO, ANN);

        assertThatThrownBy(() -> database.jdbc().sql("delete from delivery_decision").update())
                .isInstanceOf(DataAccessException.class);
    }

    private void assertNotPossible(String text, String why) {
        assertThatThrownBy(() -> desk.edit(TO, id, text, UTF_8, ANN))
                .isInstanceOf(NotPossible.class)
                .hasMessage(why);
    }

    private void attempt(int number, String outcome) {
        database.jdbc()
                .sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, started_at, outcome)
                        values (:id, :number, 1, 'mllp:127.0.0.1:9', now(), :outcome)
                        """)
                .param("id", id)
                .param("number", number)
                .param("outcome", outcome)
                .update();
    }

    private long claim() throws InterruptedException {
        return store.claims().claim(TO, 1, false, Duration.ofMinutes(1)).orElseThrow().epoch();
    }

    private void begin(long epoch, Letter letter, Made.Ready made) throws Exception {
        var begun = new Step.Begun(letter, letter.attempts() + 1, made);
        try (var connection = database.dataSource().getConnection()) {
            var script = new Script();
            store.write(
                    script,
                    List.of(new Step(TO, epoch, List.of(), List.of(begun), List.of(), null)),
                    new HashSet<>());
            script.send(connection);
        }
    }

    private long epochNow() {
        return database.jdbc().sql("select epoch from destination").query(Long.class).single();
    }

    private Letter head() throws Exception {
        try (var connection = database.dataSource().getConnection()) {
            return store.next(connection, TO, List.of(), 10, 1_000_000).getFirst();
        }
    }

    private static final class OneRoute implements Outboxes, Outbox {
        static final Endpoint ENDPOINT = Endpoint.mllp("127.0.0.1", 2577);

        @Override
        public Optional<Outbox> find(String destination) {
            return Optional.of(this);
        }

        @Override
        public Collection<String> destinations() {
            return List.of(TO);
        }

        @Override
        public int window() {
            return 1;
        }

        @Override
        public boolean deduplicates() {
            return false;
        }

        @Override
        public Charset charset() {
            return UTF_8;
        }

        @Override
        public Security security(Endpoint to) {
            return new Security.Plain();
        }

        @Override
        public Made make(byte[] body, String sender) {
            return new Made.Ready(ENDPOINT, body);
        }
    }
}
