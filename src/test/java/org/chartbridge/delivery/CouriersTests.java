package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.bench.HostilePartner;
import org.chartbridge.bench.HostilePartner.Treatment;
import org.chartbridge.database.Script;
import org.chartbridge.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Deliveries from a real database to partners on real sockets; only the broker is left out. */
class CouriersTests {
    private static final String TO = "emr/results";

    /** For partners that answer, however busy the machine is. */
    private static final DeliveryLimits LIMITS = limits(Duration.ofSeconds(30));

    /** For partners that don't. */
    private static final DeliveryLimits IMPATIENT = limits(Duration.ofMillis(300));

    private static DeliveryLimits limits(Duration answer) {
        return new DeliveryLimits(
                Duration.ofSeconds(2),
                answer,
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                Duration.ofMillis(50),
                3,
                Duration.ofMinutes(1),
                16,
                1 << 20,
                128,
                Duration.ofSeconds(30));
    }

    private final TestDatabase database = TestDatabase.fresh();
    private final DeliveryStore store = new DeliveryStore(database.jdbc());
    private final Routes routes = new Routes();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private long entries;

    @AfterEach
    void close() throws Exception {
        for (var thing : toClose.reversed()) thing.close();
        database.close();
    }

    @Test
    void deliveriesLeaveInOrderOverOneConnection() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        stage(IntStream.rangeClosed(1, 100).mapToObj(n -> "M" + n).toList());

        start();

        awaitSettled(100);
        assertThat(partner.applied())
                .isEqualTo(IntStream.rangeClosed(1, 100).mapToObj(n -> "M" + n).toList());
        assertThat(partner.seen()).hasSize(100);
        assertThat(partner.connections()).isEqualTo(1);
        assertThat(count("attempt where outcome = 'accepted' and answer is not null"))
                .isEqualTo(100);
    }

    @Test
    void whatIsStagedLaterIsDeliveredWithoutAnotherBell() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        var couriers = start();
        stage(List.of("A"));
        couriers.wake(TO).get(10, TimeUnit.SECONDS);

        stage(List.of("B"));
        couriers.wake(TO).get(10, TimeUnit.SECONDS);

        assertThat(partner.applied()).containsExactly("A", "B");
    }

    @Test
    void oneThatCannotBeDeliveredKeepsTheOthersBehindIt() throws Exception {
        var partner =
                partner(
                        (id, before) ->
                                id.equals("B") && before < 2 ? Treatment.AR : Treatment.ACCEPT);
        stage(List.of("A", "B", "C"));

        start();

        awaitSettled(3);
        assertThat(partner.seen()).containsExactly("A", "B", "B", "B", "C");
        assertThat(outcomes("B")).containsExactly("deferred", "deferred", "accepted");
        assertThat(text("select problem || '|' || failures from destination")).isEqualTo("|0");
    }

    @Test
    void theSameBytesAreSentAgainWhateverTheRouteSaysByThen() throws Exception {
        var partner = partner((_, before) -> before == 0 ? Treatment.SILENT : Treatment.ACCEPT);
        var runs = new ArrayList<String>();
        routes.make =
                body -> {
                    runs.add("run");
                    return (new String(body, UTF_8) + "ZZZ|" + runs.size() + "\r").getBytes(UTF_8);
                };
        stage(List.of("A"));

        start(IMPATIENT);

        awaitSettled(1);
        assertThat(runs).hasSize(1);
        assertThat(partner.bytes()).hasSize(2);
        assertThat(partner.bytes().getFirst()).isEqualTo(partner.bytes().getLast());
        assertThat(new String(partner.bytes().getFirst(), UTF_8)).endsWith("ZZZ|1\r");
    }

    @Test
    void everyKindOfTroubleEndsWithEachMessageAppliedOnceAndInOrder() throws Exception {
        var trouble =
                List.of(
                        Treatment.SILENT,
                        Treatment.SILENT_AFTER_APPLYING,
                        Treatment.HANG_UP,
                        Treatment.HANG_UP_AFTER_APPLYING,
                        Treatment.WRONG_ID,
                        Treatment.AR,
                        Treatment.CE);
        var partner =
                partner(
                        (id, before) -> {
                            int number = Integer.parseInt(id.substring(1));
                            return before == 0 && number % 2 == 0
                                    ? trouble.get(number / 2 % trouble.size())
                                    : Treatment.ACCEPT;
                        });
        var ids = IntStream.rangeClosed(1, 28).mapToObj(n -> "M" + n).toList();
        stage(ids);

        start(IMPATIENT);

        awaitSettled(28);
        assertThat(partner.applied()).isEqualTo(ids);
    }

    @Test
    void aRefusalAsksAPersonAndTheRestWaits() throws Exception {
        var partner = partner((id, _) -> id.equals("B") ? Treatment.AE : Treatment.ACCEPT);
        stage(List.of("A", "B", "C"));

        start();

        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(text("select why from destination"))
                .isEqualTo("answered AE: 101 PID-3 is missing");
        assertThat(partner.seen()).containsExactly("A", "B");
        assertThat(count("delivery where state = 'waiting'")).isEqualTo(2);
    }

    /** What can't be made of its message waits aside, and only what is about its patient. */
    @Test
    void oneThatCannotBeMadeKeepsNobodyElsesBehindIt() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        database.jdbc()
                .sql(
                        """
                        insert into person (id, entry_id, recorded_at)
                        select md5(n::text)::uuid, 1, now() from generate_series(1, 2) n
                        """)
                .update();
        database.jdbc()
                .sql(
                        """
                        insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type,
                            id_value, family_name, given_name, middle_name, name_suffix, birth_date, sex, address,
                            phone, identifiers)
                        select n, md5(n::text)::uuid, 1, now(), '', 'CLINIC', 'MR', n, '', '', '', '', '', '', '', '', '[]'
                        from generate_series(1, 2) n
                        """)
                .update();
        for (int id = 1; id <= 4; id++) journal(id, "emr", "charted");
        database.jdbc().sql("update journal set record_id = 1 + id % 2").update();
        routes.broken = "A";
        stage(List.of("A", "B", "C", "D"));

        start();

        awaitSettled(2);
        assertThat(partner.applied()).containsExactly("B", "D");
        assertThat(state()).isEqualTo("running");
        assertThat(
                        text(
                                "select string_agg(control_id, '' order by id) from delivery where"
                                        + " destination = '"
                                        + TO
                                        + "~unmade' and state = 'waiting'"))
                .isEqualTo("AC");
    }

    @Test
    void aTypeThatIsNotTakenAsksAPersonAndTooManyDeferralsToo() throws Exception {
        partner((_, _) -> Treatment.AR_TYPE);
        stage(List.of("A"));
        start();
        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(outcomes("A")).containsExactly("refused");
    }

    @Test
    void notNowTooOftenAsksAPerson() throws Exception {
        partner((_, _) -> Treatment.CE);
        stage(List.of("A"));

        start();

        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(outcomes("A")).containsExactly("deferred", "deferred", "deferred");
        assertThat(text("select why from destination")).endsWith("3 times in a row");
    }

    /** What was never sent is no refusal: only who was asked can have put us off. */
    @Test
    void notNowAfterALongOutageAsksNobody() throws Exception {
        partner((_, before) -> before == 0 ? Treatment.CE : Treatment.ACCEPT);
        stage(List.of("A"));
        store.know(List.of(TO));
        database.jdbc().sql("update destination set failures = 40").update();

        start();

        awaitSettled(1);
        assertThat(outcomes("A")).containsExactly("deferred", "accepted");
    }

    @Test
    void anOrderThatMayHaveArrivedIsNotSentTwice() throws Exception {
        var partner = partner((_, _) -> Treatment.SILENT);
        stage(List.of("A"), "ORC|NW|1\r");

        start(IMPATIENT);

        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(partner.seen()).containsExactly("A");
        assertThat(text("select why from destination"))
                .startsWith("no answer within 300 ms; a new order or referral is not sent twice");
    }

    /**
     * ⚠ Somebody had another delivery made anew, which takes the claim from whoever has read on.
     */
    @Test
    void anOrderThatMayHaveArrivedIsNotSentTwiceWhenTheClaimIsLostMeanwhile() throws Exception {
        var partner =
                partner(
                        (id, _) -> {
                            if (!id.equals("A")) return Treatment.ACCEPT;
                            database.jdbc()
                                    .sql("update destination set epoch = epoch + 1, owner = null")
                                    .update();
                            return Treatment.SILENT;
                        });
        stage(List.of("A", "B"), "ORC|NW|1\r");

        start(IMPATIENT);

        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(partner.seen()).containsExactly("A");
        assertThat(text("select why from destination")).contains("is not sent twice");
    }

    /** What came instead of an answer is told, and what to ask. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "GARBAGE; what came is no HL7 acknowledgement (18 bytes); what listens at that"
                        + " address",
                "WRONG_ID; what came is an acknowledgement of another message (MSA-2) (; to repeat"
                        + " MSH-10"
            })
    void whatAnswersSomethingElseIsToldAsThat(Treatment treatment, String cause, String remedy)
            throws Exception {
        partner((_, _) -> treatment);
        stage(List.of("A"), "ORC|NW|1\r");

        start(IMPATIENT);

        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(text("select why from destination"))
                .startsWith("no answer within 300 ms: " + cause)
                .contains("a new order or referral is not sent twice", remedy);
        assertThat(text("select words from attempt"))
                .startsWith("no answer within 300 ms: " + cause);
    }

    /** The end of an answer without a frame, and a web server. */
    @Test
    void whatIsInNoFrameIsToldToo() throws Exception {
        var heard = new MllpLine.ByControlId(TO, UTF_8, "", LateAnswers.NONE);
        long before = System.nanoTime();
        assertThat(heard.since(before)).isEmpty();

        heard.unframed(27);

        assertThat(heard.since(before).orElseThrow().what())
                .isEqualTo("what came is no MLLP frame (27 bytes)");
        assertThat(heard.since(System.nanoTime() + 1)).isEmpty();
    }

    @Test
    void anOrderIsSentAgainToAPartnerThatDiscardsWhatItKnows() throws Exception {
        var partner =
                partner(
                        (_, before) ->
                                before == 0 ? Treatment.SILENT_AFTER_APPLYING : Treatment.ACCEPT);
        routes.deduplicates = true;
        stage(List.of("A"), "ORC|NW|1\r");

        start(IMPATIENT);

        awaitSettled(1);
        assertThat(partner.seen()).containsExactly("A", "A");
        assertThat(partner.applied()).containsExactly("A");
    }

    @Test
    void aPartnerThatTakesAndNeverAnswersAsksForAPersonUntilItAnswers() throws Exception {
        var well = new AtomicBoolean();
        partner((_, _) -> well.get() ? Treatment.ACCEPT : Treatment.HANG_UP);
        stage(List.of("A"));

        start();

        await().untilAsserted(
                        () ->
                                assertThat(count("destination where asks_since is not null"))
                                        .isOne());
        assertThat(text("select problem from destination"))
                .startsWith("the connection ended before an answer came, ")
                .endsWith(
                        "times in a row; ask the partner whether it gets them, and what it"
                                + " answers");
        assertThat(state()).isEqualTo("running");

        well.set(true);
        awaitSettled(1);
        await().untilAsserted(
                        () -> assertThat(count("destination where asks_since is null")).isOne());
    }

    @Test
    void whereNobodyListensNothingIsAttemptedAndTheHeadWaits() throws Exception {
        int port = freePort();
        routes.endpoint = Endpoint.mllp("127.0.0.1", port);
        stage(List.of("A"));
        start();
        await().untilAsserted(
                        () ->
                                assertThat(text("select problem from destination"))
                                        .isEqualTo("nothing listens at 127.0.0.1:" + port));
        assertThat(count("attempt")).isZero();
        assertThat(count("destination where asks_since is not null")).isZero();
        assertThat(state()).isEqualTo("running");

        var partner = new HostilePartner(port, (_, _) -> Treatment.ACCEPT);
        toClose.add(partner);

        awaitSettled(1);
        assertThat(partner.applied()).containsExactly("A");
    }

    @Test
    void aWaitThatAClockRunningAheadHasWrittenIsNotWaitedFor() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        stage(List.of("A"));
        store.know(List.of(TO));
        database.jdbc()
                .sql("update destination set failures = 3, next_try_at = now() + interval '9 days'")
                .update();

        start();

        awaitSettled(1);
        assertThat(partner.applied()).containsExactly("A");
    }

    @Test
    void aWaitWhoseBellIsLostEndsWhenItIsDueAndNotAtTheNextSweep() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        stage(List.of("A"));
        store.know(List.of(TO));
        var due =
                database.jdbc()
                        .sql(
                                """
                                update destination set failures = 3, next_try_at = now() + interval '1500 ms'
                                returning next_try_at::text
                                """)
                        .query(String.class)
                        .single();

        start(DeliveryLimits.defaults()); // It sweeps at once, and then after 30 s.

        awaitSettled(1);
        assertThat(partner.applied()).containsExactly("A");
        assertThat(count("attempt where started_at >= '" + due + "'")).isOne();
        assertThat(count("attempt")).isOne();
    }

    @Test
    void aWindowKeepsSeveralInFlightAndTheOrder() throws Exception {
        routes.window = 16;
        var partner = partner((_, _) -> Treatment.ACCEPT);
        var ids = IntStream.rangeClosed(1, 300).mapToObj(n -> "M" + n).toList();
        stage(ids);

        start();

        awaitSettled(300);
        assertThat(partner.applied()).isEqualTo(ids);
    }

    @Test
    void settlingDoesNotReadWhatElseWaits() throws Exception {
        var _ = partner((_, _) -> Treatment.ACCEPT);
        var couriers = start();
        stage(List.of("A", "B"));
        couriers.wake(TO).get(10, TimeUnit.SECONDS);
        awaitSettled(2);
        database.jdbc().sql("analyze delivery").update(); // While nothing waits.
        database.jdbc()
                .sql(
                        """
                        insert into delivery (id, entry_id, place, destination, state, control_id,
                            message_type, size_bytes, staged_at)
                        select n, n, n, 'dead/results', 'waiting', 'D' || n, 'ORU^R01', 100, now()
                        from generate_series(1000000, 1004999) n
                        """)
                .update();

        stage(IntStream.rangeClosed(1, 40).mapToObj(n -> "M" + n).toList());
        couriers.wake(TO).get(10, TimeUnit.SECONDS);
        awaitSettled(42);

        await().atMost(Duration.ofSeconds(20)) // The server counts late.
                .untilAsserted(
                        () ->
                                assertThat(
                                                count(
                                                        "pg_stat_user_tables where relname ="
                                                            + " 'delivery' and n_tup_upd >= 42"))
                                        .isOne());
        assertThat(
                        count(
                                "pg_stat_user_indexes where indexrelname = 'delivery_waiting' and"
                                        + " idx_tup_read > 20000"))
                .as("index of what waits read more than a few times over")
                .isZero();
    }

    @Test
    void aWindowThatIsNotFilledSendsNothingTwice() throws Exception {
        routes.window = 16;
        var partner = partner((_, _) -> Treatment.ACCEPT);
        var couriers = start();
        for (var round = 1; round <= 5; round++) {
            stage(List.of("A" + round, "B" + round, "C" + round));
            couriers.wake(TO).get(10, TimeUnit.SECONDS);
        }

        awaitSettled(15);
        assertThat(partner.seen()).hasSize(15).doesNotHaveDuplicates();
        assertThat(count("attempt")).isEqualTo(15);
    }

    @Test
    void twoWithTheSameControlIdAreNeverInFlightTogether() throws Exception {
        routes.window = 16;
        var partner = partner((_, _) -> Treatment.ACCEPT);
        stage(List.of("A", "A", "B", "A"));

        start();

        awaitSettled(4);
        assertThat(partner.seen()).containsExactly("A", "A", "B", "A");
    }

    /** ⚠ Two senders count alike, or one counts anew: the second would be discarded as a repeat. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void ofTwoWithOneControlIdWhoDiscardsRepeatsGetsBoth(int window) throws Exception {
        routes.window = window;
        routes.deduplicates = true;
        var partner = partner((_, _) -> Treatment.ACCEPT);
        stage(List.of("A", "A", "B"));
        var couriers = start();
        awaitSettled(3);

        stage(List.of("A", "C"));
        couriers.wake(TO).get(10, TimeUnit.SECONDS);

        awaitSettled(5);
        var ids =
                database.jdbc()
                        .sql("select id from delivery where body = :a order by id")
                        .param("a", message("A").getBytes(UTF_8))
                        .query(Long.class)
                        .list();
        var wanted = List.of("A", "A-" + ids.get(1), "B", "A-" + ids.get(2), "C");
        assertThat(partner.seen()).containsExactlyElementsOf(wanted);
        assertThat(partner.applied()).containsExactlyElementsOf(wanted);
        // MSA-2 of what its application says later names what was sent.
        var answers = new ApplicationAnswers(database.jdbc());
        assertThat(answers.delivery("emr", "A-" + ids.get(1))).contains(ids.get(1));
        assertThat(answers.delivery("emr", "A")).contains(ids.getFirst());
    }

    @Test
    void whatGotAControlIdOfOursHasItAtEachAttempt() throws Exception {
        routes.deduplicates = true;
        var partner =
                partner(
                        (id, before) ->
                                id.startsWith("A-") && before == 0
                                        ? Treatment.SILENT_AFTER_APPLYING
                                        : Treatment.ACCEPT);
        stage(List.of("A", "A"));

        start(IMPATIENT);

        awaitSettled(2);
        var own = text("select 'A-' || max(id) from delivery");
        assertThat(partner.seen()).containsExactly("A", own, own);
        assertThat(partner.applied()).containsExactly("A", own);
    }

    /** ⚠ Skipped after it may have arrived, replaced or held: the partner may know its MSH-10. */
    @ParameterizedTest
    @CsvSource({
        "skipped,  '',      unknown,  true",
        "skipped,  '',      unsent,   false",
        "confirmed, '',     unknown,  true",
        "replaced, '',      refused,  true",
        "waiting,  ~held,   unknown,  true",
        "waiting,  ~unmade, unknown,  true",
        "waiting,  ~held,   '',       false"
    })
    void aControlIdIsTakenWhereItMayHaveArrived(
            String state, String beside, String outcome, boolean taken) throws Exception {
        routes.deduplicates = true;
        var partner = partner((_, _) -> Treatment.ACCEPT);
        stage(List.of("A"));
        if (!outcome.isEmpty())
            database.jdbc()
                    .sql(
                            """
                            insert into attempt (delivery_id, number, epoch, endpoint, started_at, ended_at, outcome)
                            select id, 1, 1, 'mllp:127.0.0.1:1', now(), now(), :outcome from delivery
                            """)
                    .param("outcome", outcome)
                    .update();
        database.jdbc()
                .sql("update delivery set state = :state, destination = destination || :beside")
                .param("state", state)
                .param("beside", beside)
                .update();
        stage(List.of("A"));

        start();

        awaitSettled(1);
        assertThat(partner.seen())
                .containsExactly(taken ? text("select 'A-' || max(id) from delivery") : "A");
    }

    /** What is sent is what counts: an edit behind the outbox may give one of its own. */
    @Test
    void theControlIdThatTheRouteGivesCounts() throws Exception {
        routes.deduplicates = true;
        routes.make =
                body -> new String(body, UTF_8).replaceFirst("[|][A-C][|]", "|X|").getBytes(UTF_8);
        var partner = partner((_, _) -> Treatment.ACCEPT);
        stage(List.of("A", "B"));

        start();

        awaitSettled(2);
        var own = text("select 'X-' || max(id) from delivery");
        assertThat(partner.seen()).containsExactly("X", own);
        assertThat(new ApplicationAnswers(database.jdbc()).delivery("emr", "X")).isPresent();
    }

    @Test
    void whatWasOnItsWayWhenTheEngineDiedIsSentAgainUnderANewEpoch() throws Exception {
        var partner =
                partner(
                        (_, before) ->
                                before == 0 ? Treatment.SILENT_AFTER_APPLYING : Treatment.ACCEPT);
        stage(List.of("A", "B"));
        var first = start(IMPATIENT);
        await().untilAsserted(() -> assertThat(partner.seen()).contains("A"));
        first.close();
        // As a kill leaves it: the attempt has no outcome, the claim an owner that is gone.
        database.jdbc()
                .sql(
                        "update attempt set outcome = null, ended_at = null where delivery_id = "
                                + "(select min(id) from delivery)")
                .update();
        database.jdbc().sql("update destination set owner = 12345, next_try_at = null").update();

        start(IMPATIENT);

        awaitSettled(2);
        assertThat(partner.applied()).containsExactly("A", "B");
        assertThat(outcomes("A").getFirst()).isEqualTo("unknown");
        assertThat(outcomes("A").getLast()).isEqualTo("accepted");
    }

    @Test
    void aNodeThatIsAliveKeepsItsClaim() throws Exception {
        store.know(List.of(TO));
        try (var other = database.dataSource().getConnection()) {
            store.claims().holdPresence(other, 777);
            assertThat(store.claims().claim(TO, 777, false, Duration.ofMinutes(1))).isPresent();

            assertThat(store.claims().claim(TO, 778, false, Duration.ofMinutes(1))).isEmpty();
            assertThat(store.claims().isClaimedElsewhere(TO, 778)).isTrue();
            store.claims().leavePresence(other, 777);
        }
        assertThat(store.claims().claim(TO, 778, false, Duration.ofMinutes(1))).isPresent();
    }

    @Test
    void anOldEpochBeginsNothing() throws Exception {
        partner((_, _) -> Treatment.ACCEPT);
        store.know(List.of(TO));
        stage(List.of("A"));
        var claim = store.claims().claim(TO, 1, false, Duration.ofMinutes(1)).orElseThrow();
        assertThat(store.claims().claim(TO, 1, false, Duration.ofMinutes(1))).isPresent();
        var letter = head();
        var made = new Outboxes.Made.Ready(routes.endpoint, letter.body());
        try (var commits = new Commits(database.dataSource(), store, LIMITS)) {
            var step =
                    new Step(
                            TO,
                            claim.epoch(),
                            List.of(),
                            List.of(new Step.Begun(letter, 1, made)),
                            List.of(),
                            null);

            assertThat(commits.add(step).get(10, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(count("attempt")).isZero();
    }

    @Test
    void pausingLetsTheAnswerInFlightCount() throws Exception {
        var release = new java.util.concurrent.CountDownLatch(1);
        var partner =
                partner(
                        (_, _) -> {
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return Treatment.ACCEPT;
                        });
        stage(List.of("A", "B"));
        start();
        await().untilAsserted(() -> assertThat(count("attempt")).isEqualTo(1));

        database.jdbc()
                .sql("update destination set state = 'paused', epoch = epoch + 1, owner = null")
                .update();
        release.countDown();

        awaitSettled(1);
        assertThat(partner.applied()).containsExactly("A");
        assertThat(count("delivery where state = 'waiting'")).isEqualTo(1);
    }

    @Test
    void whatTheRouteCannotMakeAsksAPerson() throws Exception {
        partner((_, _) -> Treatment.ACCEPT);
        routes.failure = "emr/results.yaml: filter1 reached 0 sending steps";
        stage(List.of("A"));

        start();

        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(text("select why from destination")).isEqualTo(routes.failure);
    }

    @Test
    void aMessageThatAsksForNoAnswerIsDeliveredWhenItIsSent() throws Exception {
        var partner = partner((_, _) -> Treatment.SILENT_AFTER_APPLYING);
        var message = "MSH|^~\\&|LIS|LAB|||20261122||ORU^R01|Q|P|2.5.1|||NE|NE\r";
        stageBodies(Map.of("Q", message));

        start(IMPATIENT);

        awaitSettled(1);
        await().untilAsserted(() -> assertThat(partner.applied()).containsExactly("Q"));
        assertThat(outcomes("Q")).containsExactly("accepted");
    }

    @Test
    void whatWasCommittedLateButCameFirstStillGoes() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        entries = 10;
        stage(List.of("L1", "L2"));
        var couriers = start();
        awaitSettled(2);

        // An entry with a lower id whose group was slower, and one of the same sender behind it.
        write(List.of(delivery(1, "E1"), delivery(20, "E2")));
        couriers.wake(TO).get(10, TimeUnit.SECONDS);

        awaitSettled(4);
        assertThat(partner.applied()).containsExactly("L1", "L2", "E1", "E2");
    }

    /** {@code acknowledge: stored}: entries are charted several at a time. */
    @Test
    void neighboursOfOnePartnerKeepTheirOrderWhicheverIsChartedFirst() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        journal(1, "lab", "received");
        journal(2, "lab", "charted");
        journal(3, "other", "charted");
        write(List.of(delivery(2, "L2"), delivery(3, "O3")));
        var couriers = start();
        await().untilAsserted(() -> assertThat(partner.applied()).containsExactly("O3"));

        write(List.of(delivery(1, "L1")));
        database.jdbc().sql("update journal set state = 'charted' where id = 1").update();
        couriers.resume(TO);

        awaitSettled(3);
        assertThat(partner.applied()).containsExactly("O3", "L1", "L2");
    }

    @Test
    void aNeighbourThatIsHeldLetsThoseBehindItGoWithoutABell() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        journal(1, "lab", "received");
        journal(2, "lab", "charted");
        write(List.of(delivery(2, "L2")));
        var couriers = start();
        await().untilAsserted(() -> assertThat(couriers.working()).isZero());
        assertThat(behind()).isEqualTo(1);

        database.jdbc().sql("update journal set state = 'held' where id = 1").update();
        assertThat(behind()).isNull();

        awaitSettled(1);
        assertThat(partner.applied()).containsExactly("L2");
    }

    /** Application acknowledgements wait where an analyst may not have written a route yet. */
    @Test
    void aDestinationThatNoRouteEverTookIsSeenToWait() throws Exception {
        var body = "MSH|^~\\&|A|B|||20261122||ACK^R01^ACK|1A|P|2.5.1|||AL|NE\rMSA|AA|1\r";
        write(
                List.of(
                        new NewDelivery(
                                store.nextId(),
                                1,
                                "northlab/acks",
                                "1A",
                                "ACK^R01",
                                body.length(),
                                body.getBytes(UTF_8),
                                Instant.now())));

        start();

        var search = new DeliverySearch(database.jdbc());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(search.destinations())
                                        .anyMatch(
                                                d ->
                                                        d.name().equals("northlab/acks")
                                                                && d.waiting() == 1));
        assertThat(count("attempt")).isZero();
    }

    @Test
    void overHttpEachMessageIsAppliedInOrderWhateverTheServerAnswers() throws Exception {
        var applied = new CopyOnWriteArrayList<String>();
        var answers = new ConcurrentLinkedQueue<>(List.of("503", "500 AA", "500", "M9", "html"));
        web(
                (id, exchange) -> {
                    var next = answers.poll();
                    // A client that has AA and 500 at once does not know what to believe.
                    if (next == null || next.contains("AA")) applied.add(id);
                    var code = next == null ? "200" : next.replaceAll("[^0-9]|M9", "");
                    reply(exchange, code.isEmpty() ? 200 : Integer.parseInt(code), body(next, id));
                });
        stage(List.of("A", "B"));

        start();

        awaitSettled(2);
        assertThat(applied).containsExactly("A", "A", "B");
        assertThat(outcomes("A"))
                .containsExactly(
                        "deferred", "unknown", "unknown", "unknown", "unknown", "accepted");
    }

    // ------------------------------------------------------------ what an alert holds back

    /** ⚠ The courier has read it already, and must not send it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatIsHeldBackAfterItWasReadIsNotSent(int window) throws Exception {
        routes.window = window;
        var partner =
                partner(
                        (id, _) -> {
                            if (id.equals("A")) hold("C");
                            return Treatment.ACCEPT;
                        });
        stage(List.of("A", "B", "C", "D"));

        start();

        awaitSettled(3);
        assertThat(partner.applied()).containsExactly("A", "B", "D");
        assertThat(text("select destination from delivery where control_id = 'C'"))
                .isEqualTo(TO + "~held");
    }

    @Test
    void whatIsAcceptedWhileItIsHeldBackHasLeft() throws Exception {
        var partner =
                partner(
                        (id, _) -> {
                            if (id.equals("A")) hold("A");
                            return Treatment.ACCEPT;
                        });
        stage(List.of("A", "B"));

        start();

        awaitSettled(2);
        assertThat(partner.seen()).containsExactly("A", "B");
        assertThat(count("delivery where destination = 'emr/results'")).isEqualTo(2);
    }

    /** ⚠ It was on its way when the alert came, and did not arrive: it is not tried again. */
    @ParameterizedTest
    @EnumSource(
            value = Treatment.class,
            names = {"AR", "HANG_UP", "SILENT_AFTER_APPLYING"})
    void whatFailsWhileItIsHeldBackIsNotTriedAgain(Treatment treatment) throws Exception {
        routes.deduplicates = true;
        var partner =
                partner(
                        (id, _) -> {
                            if (!id.equals("A")) return Treatment.ACCEPT;
                            hold("A");
                            return treatment;
                        });
        stage(List.of("A", "B"));

        start(IMPATIENT);

        awaitSettled(1);
        assertThat(partner.seen()).containsExactly("A", "B");
        assertThat(outcomes("A")).hasSize(1).doesNotContain("open", "accepted");
        assertThat(text("select destination from delivery where control_id = 'A'"))
                .isEqualTo(TO + "~held");
    }

    /** ⚠ Whether it arrived is asked where it is held; the next one has nothing to do with it. */
    @ParameterizedTest
    @EnumSource(
            value = Treatment.class,
            names = {"AR", "AE", "SILENT_AFTER_APPLYING"})
    void aNewOrderThatNobodyAnswersWhileItIsHeldBackStopsNobodyElse(Treatment treatment)
            throws Exception {
        var partner =
                partner(
                        (id, _) -> {
                            if (!id.equals("A")) return Treatment.ACCEPT;
                            hold("A");
                            return treatment;
                        });
        stage(List.of("A", "B"), "ORC|NW|1\r");

        start(IMPATIENT);

        awaitSettled(1);
        assertThat(partner.seen()).containsExactly("A", "B");
        assertThat(text("select state from destination")).isEqualTo("running");
        assertThat(text("select destination from delivery where control_id = 'A'"))
                .isEqualTo(TO + "~held");
    }

    @Test
    void whatIsHeldBackBehindAPausedDestinationStaysThereWhenItGoesOn() throws Exception {
        var partner = partner((_, _) -> Treatment.ACCEPT);
        store.know(List.of(TO));
        var desk =
                new Desk(database.dataSource(), store, new DeliverySearch(database.jdbc()), routes);
        desk.pause(TO, new Desk.By("ann", "stocktaking"));
        stage(List.of("A", "B"));
        var couriers = start();
        hold("A");

        desk.resume(TO, new Desk.By("ann", "done"));
        couriers.resume(TO);

        awaitSettled(1);
        assertThat(partner.applied()).containsExactly("B");

        assertThat(heldBack().release(1, new Desk.By("ann", "tolerated"), (_, _) -> {}))
                .isEqualTo(1);
        couriers.resume(TO);

        awaitSettled(2);
        assertThat(partner.applied()).containsExactly("B", "A");
    }

    /** ⚠ Each attempt failed, and the next one would be made by itself. */
    @Test
    void whatWaitsForADeadPartnerIsHeldBack() throws Exception {
        int port = freePort();
        routes.endpoint = Endpoint.mllp("127.0.0.1", port);
        stage(List.of("A", "B"));
        start();
        await().untilAsserted(
                        () -> assertThat(text("select problem from destination")).isNotEmpty());
        hold("A");

        var partner = new HostilePartner(port, (_, _) -> Treatment.ACCEPT);
        toClose.add(partner);

        awaitSettled(1);
        assertThat(partner.seen()).containsExactly("B");
    }

    /** As a transaction does that opens an alert. */
    private void hold(String id) {
        try (var connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            var ids =
                    database.jdbc()
                            .sql("select id from delivery where control_id = :id")
                            .param("id", id)
                            .query(Long.class)
                            .list();
            HeldBack.hold(connection, ids, List.of(TO));
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private HeldBack heldBack() {
        var rooms = new AnnotationConfigApplicationContext();
        rooms.refresh();
        return new HeldBack(database.dataSource(), rooms.getBeanProvider(Bells.class));
    }

    private static String body(@Nullable String treatment, String id) {
        if (treatment == null || treatment.contains("AA")) return acknowledged(id);
        return treatment.equals("M9") ? acknowledged("M9") : "<html></html>";
    }

    @Test
    void aNewOrderThatWebServersMayHaveTakenGoesToAPerson() throws Exception {
        web((_, exchange) -> reply(exchange, 504, ""));
        stage(List.of("A"), "ORC|NW|1\r");

        start();

        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(outcomes("A")).containsExactly("unknown");
    }

    @Test
    void whoDoesNotKnowUsIsNotAskedAgainUntilAPersonHasLooked() throws Exception {
        web((_, exchange) -> reply(exchange, 401, ""));
        stage(List.of("A"));

        start();

        await().untilAsserted(() -> assertThat(state()).isEqualTo("paused"));
        assertThat(text("select why from destination")).contains("401").contains("login");
    }

    // ------------------------------------------------------------

    private interface Web {
        void answer(String id, HttpExchange exchange) throws IOException;
    }

    private void web(Web web) throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/hl7",
                exchange -> {
                    try (exchange) {
                        web.answer(
                                Line.controlId(exchange.getRequestBody().readAllBytes()), exchange);
                    }
                });
        server.start();
        toClose.add(() -> server.stop(0));
        routes.endpoint =
                Endpoint.parse("http://127.0.0.1:" + server.getAddress().getPort() + "/hl7");
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) exchange.getResponseBody().write(bytes);
    }

    private static String acknowledged(String id) {
        return "MSH|^~\\&|LIS|B|CLINIC|A|20261122||ACK|A1|P|2.5.1\rMSA|AA|" + id + "\r";
    }

    /**
     * HL7 v2.5.1 §2.9.3.2: commit now, the application's word later, on the same connection. ⚠ It
     * is never taken for the answer to the next message, and what is said twice is not new.
     */
    @Test
    void anApplicationAcknowledgementBehindTheAnswerIsHandedOnAndMixesWithNothing()
            throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        var received = new LinkedBlockingQueue<String>();
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var partner =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try (var socket = server.accept()) {
                                            var in = socket.getInputStream();
                                            var out = socket.getOutputStream();
                                            received.add(frame(in));
                                            out.write(framed("CA", "A"));
                                            received.add(frame(in));
                                            out.write(framed("AE", "A"));
                                            out.write(framed("AE", "A"));
                                            out.write(framed("CA", "A"));
                                            out.write(framed("AA", "B"));
                                            out.write(framed("AA", "B"));
                                            out.write(framed("AR", "NOBODY"));
                                            received.add(frame(in));
                                        } catch (IOException e) {
                                            received.add(e.toString());
                                        }
                                    });
            routes.endpoint = Endpoint.mllp("127.0.0.1", server.getLocalPort());
            stage(List.of("A", "B"));
            var couriers = couriers(LIMITS);
            couriers.onLateAnswer(
                    (destination, _, answer) -> {
                        var text = new String(answer, UTF_8);
                        heard.add(destination + text.substring(text.indexOf("\rMSA")));
                        return CompletableFuture.completedStage("MSH|told".getBytes(UTF_8));
                    });
            start(couriers);

            awaitSettled(2);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(TO + "\rMSA|AE|A\r");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(TO + "\rMSA|AR|NOBODY\r");
            assertThat(heard).isEmpty();
            assertThat(outcomes("A")).containsExactly("accepted");
            assertThat(outcomes("B")).containsExactly("accepted");
            assertThat(received.poll(10, TimeUnit.SECONDS)).contains("|A|");
            assertThat(received.poll(10, TimeUnit.SECONDS)).contains("|B|");
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("MSH|told");
            partner.join();
        }
    }

    private static byte[] framed(String code, String controlId) {
        return "\u000bMSH|^~\\&|L|L|||1||ACK|X|P|2.5.1\rMSA|%s|%s\r\u001c\r"
                .formatted(code, controlId)
                .getBytes(UTF_8);
    }

    private static String frame(InputStream in) throws IOException {
        var frame = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != 0x1c; c = in.read())
            if (c != 0x0b) frame.append((char) c);
        var _ = in.read();
        return frame.toString();
    }

    private HostilePartner partner(HostilePartner.Treating treatment) throws Exception {
        var partner = new HostilePartner(0, treatment);
        toClose.add(partner);
        routes.endpoint = Endpoint.mllp("127.0.0.1", partner.port());
        return partner;
    }

    /** What the page of the destination names as standing before the head. */
    private @Nullable Long behind() {
        return new DeliverySearch(database.jdbc()).destination(TO).orElseThrow().behind();
    }

    private Couriers start() {
        return start(LIMITS);
    }

    private Couriers start(DeliveryLimits limits) {
        return start(couriers(limits));
    }

    private Couriers couriers(DeliveryLimits limits) {
        return new Couriers(
                database.dataSource(), store, routes, limits, new SimpleMeterRegistry());
    }

    private Couriers start(Couriers couriers) {
        var bells = new LocalBells(couriers);
        couriers.start(bells);
        toClose.add(bells);
        toClose.add(couriers);
        return couriers;
    }

    private void stage(List<String> ids) throws Exception {
        stage(ids, "");
    }

    private void stage(List<String> ids, String more) throws Exception {
        var staged = new ArrayList<NewDelivery>();
        for (var id : ids) staged.add(delivery(id, message(id) + more));
        write(staged);
    }

    private void stageBodies(Map<String, String> bodies) throws Exception {
        write(
                bodies.entrySet().stream()
                        .map(body -> delivery(body.getKey(), body.getValue()))
                        .toList());
    }

    private NewDelivery delivery(String id, String message) {
        return delivery(++entries, id, message);
    }

    private NewDelivery delivery(long entry, String id) {
        return delivery(entry, id, message(id));
    }

    private NewDelivery delivery(long entry, String id, String message) {
        var body = message.getBytes(UTF_8);
        return new NewDelivery(
                store.nextId(), entry, TO, id, "ORU^R01", body.length, body, Instant.now());
    }

    private Letter head() throws Exception {
        try (var connection = database.dataSource().getConnection()) {
            return store.next(connection, TO, List.of(), 10, 1_000_000).getFirst();
        }
    }

    private void journal(long id, String from, String state) {
        database.jdbc()
                .sql(
                        """
                        insert into journal (id, received_at, partner, route, folder_version, state, peer,
                            sender, control_id, message_type, version, processing_id, size_bytes, answer_code)
                        values (:id, now(), :partner, '', '', :state, '', '', :control, '', '', '', 0, '')
                        """)
                .param("id", id)
                .param("partner", from)
                .param("state", state)
                .param("control", "C" + id)
                .update();
    }

    private void write(List<NewDelivery> staged) throws Exception {
        try (var connection = database.dataSource().getConnection()) {
            var script = new Script();
            store.stage(script, staged);
            script.send(connection);
        }
    }

    private static String message(String id) {
        return "MSH|^~\\&|LIS|LAB|||20261122||ORU^R01|" + id + "|P|2.5.1\r";
    }

    private void awaitSettled(int deliveries) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(count("delivery where state = 'accepted'"))
                                        .isEqualTo(deliveries));
    }

    private String state() {
        return text("select coalesce(max(state), '') from destination");
    }

    private List<String> outcomes(String controlId) {
        return database.jdbc()
                .sql(
                        """
                        select coalesce(a.outcome, 'open') from attempt a join delivery d on d.id = a.delivery_id
                        where d.control_id = :id order by a.delivery_id, a.number
                        """)
                .param("id", controlId)
                .query(String.class)
                .list();
    }

    private String text(String sql) {
        return database.jdbc().sql(sql).query(String.class).single();
    }

    private long count(String from) {
        return database.jdbc().sql("select count(*) from " + from).query(Long.class).single();
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** One outbox that sends where it is told. */
    private static final class Routes implements Outboxes, Outboxes.Outbox {
        volatile Endpoint endpoint = Endpoint.mllp("127.0.0.1", 1);
        volatile int window = 1;
        volatile boolean deduplicates;
        volatile @Nullable String failure;
        volatile String broken = "";
        volatile Function<byte[], byte[]> make = body -> body;

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
            return window;
        }

        @Override
        public boolean deduplicates() {
            return deduplicates;
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
            if (Line.controlId(body).equals(broken))
                return new Made.Failed("a.edit.yaml:1: no", true);
            var why = failure;
            return why == null ? new Made.Ready(endpoint, make.apply(body)) : new Made.Failed(why);
        }
    }

    /** Rings in this process. */
    private static final class LocalBells implements Bells, AutoCloseable {
        private final Couriers couriers;
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

        LocalBells(Couriers couriers) {
            this.couriers = couriers;
        }

        @Override
        public void ring(Collection<String> destinations) {
            for (var name : destinations) if (!couriers.nudge(name)) wake(name);
        }

        private void wake(String destination) {
            var _ = couriers.wake(destination);
        }

        @Override
        public void ringAfter(String destination, Duration wait) {
            var _ = clock.schedule(() -> wake(destination), wait.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            clock.shutdownNow();
        }
    }
}
