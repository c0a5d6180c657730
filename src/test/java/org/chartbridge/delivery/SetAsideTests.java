package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.database.Script;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.SetAside.Item;
import org.chartbridge.delivery.Step.Begun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can't be made of its message waits aside, and its patient's with it; nobody else does. */
class SetAsideTests {
    private static final String TO = "northlab/orders";
    private static final By ANN = new By("ann", "asked the laboratory");

    private final TestDatabase database = TestDatabase.fresh();
    private final DeliveryStore store = new DeliveryStore(database.jdbc());
    private final Making outboxes = new Making();
    private final SetAside aside =
            new SetAside(
                    database.dataSource(),
                    new DeliverySearch(database.jdbc()),
                    provider(),
                    new DefaultListableBeanFactory().getBeanProvider(Bells.class));

    @BeforeEach
    void oneDestination() throws Exception {
        store.know(List.of(TO));
        database.jdbc().sql("update destination set epoch = 7").update();
        for (var one : List.of("JANE 1", "JANE 2", "JOHN 3"))
            patient(one.substring(0, 4), Long.parseLong(one.substring(5)));
        journal(1, 1L); // Jane, cannot be made
        journal(2, 3L); // John
        journal(3, 2L); // Jane, under her other number
        journal(4, 3L); // John
        stage(1, 2, 3, 4);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void behindOneThatCannotBeMadeOnlyItsOwnPatientWaits() throws Exception {
        outboxes.broken.add("C1");

        assertThat(drained()).containsExactly("C2", "C4");

        assertThat(aside.count()).isEqualTo(2);
        assertThat(new DeliverySearch(database.jdbc()).unmade()).isEqualTo(Map.of(TO, 2L));
        assertThat(aside.waiting(10))
                .extracting(Item::entryId, Item::destination, Item::why, Item::behind)
                .containsExactly(
                        tuple(1L, TO, "orders.edit.yaml:3: no", false), tuple(3L, TO, "", true));
    }

    @Test
    void whenTheFileIsMendedTheyGoOnInTheirOrder() throws Exception {
        outboxes.broken.add("C1");
        drained();
        assertThat(aside.again()).isZero();
        outboxes.broken.clear();

        assertThat(aside.again()).isEqualTo(2);

        assertThat(aside.count()).isZero();
        assertThat(text("select epoch::text from destination"))
                .as("the drain reads anew")
                .isNotEqualTo("7");
        database.jdbc().sql("update destination set epoch = 7").update();
        assertThat(drained()).containsExactly("C1", "C2", "C3", "C4");
    }

    /** ⚠ Another node would send again, or ask a person about, what the first waits to hear of. */
    @Test
    void whoeverWaitsForAnAnswerStaysTheOnlyOneWhoMaySend() throws Exception {
        var claims = new Claims(database.jdbc());
        try (var first = database.dataSource().getConnection()) {
            claims.holdPresence(first, 5);
            assertThat(claims.claim(TO, 5, true, Duration.ofMinutes(1))).isPresent();
            database.jdbc().sql("update destination set epoch = 7").update();
            outboxes.broken.add("C1");
            drained();
            outboxes.broken.clear();
            aside.again();

            assertThat(claims.claim(TO, 6, true, Duration.ofMinutes(1))).isEmpty();
            assertThat(claims.claim(TO, 5, true, Duration.ofMinutes(1))).isPresent();
            claims.leavePresence(first, 5);
        }
        assertThat(claims.claim(TO, 6, true, Duration.ofMinutes(1))).isPresent();
    }

    @Test
    void whatIsBehindIsNotTriedBeforeItsPatientsEarlierOne() throws Exception {
        outboxes.broken.add("C1");
        drained();
        long behind = aside.waiting(10).getLast().id();

        assertThatThrownBy(() -> aside.release(behind, ANN))
                .isInstanceOf(Desk.NotPossible.class)
                .hasMessageContaining("earlier one of the same patient");
    }

    @Test
    void afterOneThatIsNotSentItsPatientsOthersGoOn() throws Exception {
        outboxes.broken.add("C1");
        drained();
        long first = aside.waiting(10).getFirst().id();

        aside.drop(first, ANN);

        assertThat(aside.count()).isZero();
        assertThat(
                        text(
                                "select string_agg(control_id || state, ' ' order by id) from"
                                        + " delivery where destination = '"
                                        + TO
                                        + "'"))
                .contains("C3waiting");
        assertThat(
                        text(
                                "select string_agg(account || ' ' || decision, ', ' order by id)"
                                        + " from delivery_decision"))
                .isEqualTo("ann not-sent, engine release");
        assertThatThrownBy(() -> aside.drop(first, ANN)).isInstanceOf(Desk.NotPossible.class);
    }

    /** ⚠ Of whom it is, nobody knows; so nobody knows what must not overtake it. */
    @Test
    void ofAMessageWithoutAPatientNothingIsTakenAside() throws Exception {
        database.jdbc().sql("update journal set record_id = null where id = 1").update();
        outboxes.broken.add("C1");

        assertThat(drained()).containsExactly("paused");
        assertThat(aside.count()).isZero();
    }

    @Test
    void whoeverHasLostTheDestinationTakesNothingAside() throws Exception {
        database.jdbc().sql("update destination set epoch = 8").update();
        outboxes.broken.add("C1");

        drained();

        assertThat(aside.count()).isZero();
    }

    // ------------------------------------------------------------ as a drain does it

    /** The control ids that would leave, in their order; ends with what pauses. */
    private List<String> drained() throws Exception {
        var left = new ArrayList<String>();
        var its = new Aside(TO, database.dataSource());
        for (var letter : waiting()) {
            if (its.follows(letter)) continue;
            switch (outboxes.make(letter.body(), "emr")) {
                case Made.Ready made -> left.add(Line.controlId(made.content()));
                case Made.Failed _ -> {
                    if (its.take(letter)) continue;
                    left.add("paused");
                    return left;
                }
            }
        }
        var script = new Script();
        store.write(
                script,
                List.of(new Step(TO, 7, List.of(), List.<Begun>of(), its.ids(), null)),
                new HashSet<>());
        try (var connection = database.dataSource().getConnection()) {
            script.send(connection);
        }
        return left;
    }

    private List<Letter> waiting() throws Exception {
        try (var connection = database.dataSource().getConnection()) {
            return store.next(connection, TO, List.of(), 10, 1_000_000);
        }
    }

    // ------------------------------------------------------------ tools

    private ObjectProvider<Outboxes> provider() {
        var beans = new DefaultListableBeanFactory();
        beans.registerSingleton("outboxes", outboxes);
        return beans.getBeanProvider(Outboxes.class);
    }

    private void stage(long... entries) throws Exception {
        var all = new ArrayList<NewDelivery>();
        for (var entry : entries) {
            var body =
                    ("MSH|^~\\&|EMR|C|||20261122||ORU^R01|C" + entry + "|P|2.5.1\r")
                            .getBytes(UTF_8);
            all.add(
                    new NewDelivery(
                            store.nextId(),
                            entry,
                            TO,
                            "C" + entry,
                            "ORU^R01",
                            body.length,
                            body,
                            Instant.EPOCH));
        }
        var script = new Script();
        store.stage(script, all);
        try (var connection = database.dataSource().getConnection()) {
            script.send(connection);
        }
    }

    private void patient(String person, long record) {
        database.jdbc()
                .sql(
                        """
                        with one as (
                            insert into person (id, entry_id, recorded_at) select md5(:person)::uuid, 1, now() on conflict do nothing)
                        insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type,
                            id_value, family_name, given_name, middle_name, name_suffix, birth_date, sex, address,
                            phone, identifiers)
                        values (:id, md5(:person)::uuid, 1, now(), 'PID-3', 'CLINIC', 'MR', :id::text, 'DOE', '', '',
                            '', '', '', '', '', '[]')
                        """)
                .param("person", person)
                .param("id", record)
                .update();
    }

    private void journal(long id, long record) {
        database.jdbc()
                .sql(
                        """
                        insert into journal (id, received_at, partner, route, folder_version, state, peer,
                            sender, control_id, message_type, version, processing_id, size_bytes, answer_code, record_id)
                        values (:id, now(), 'emr', '', '', 'charted', '', '', 'C' || :id, '', '', '', 0, '', :record)
                        """)
                .param("id", id)
                .param("record", record)
                .update();
    }

    private String text(String sql) {
        return database.jdbc().sql(sql).query(String.class).single();
    }

    /** One route, whose edit can't be done with some messages. */
    private static final class Making implements Outboxes, Outboxes.Outbox {
        private final Set<String> broken = new HashSet<>();

        @Override
        public Optional<Outbox> find(String destination) {
            return destination.equals(TO) ? Optional.of(this) : Optional.empty();
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
        public Security security(Endpoint endpoint) {
            return new Security.Plain();
        }

        @Override
        public Made make(byte[] body, String sender) {
            return broken.contains(Line.controlId(body))
                    ? new Made.Failed("orders.edit.yaml:3: no", true)
                    : new Made.Ready(Endpoint.mllp("127.0.0.1", 1), body);
        }
    }
}
