package org.chartbridge.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.AlertWatch;
import org.chartbridge.delivery.Bells;
import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.SentOrders;
import org.chartbridge.ordering.OrdersToPlace.Beside;
import org.chartbridge.ordering.OrdersToPlace.Item;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.RoutesOverview.PartnerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is shown of one number beside each other. */
class OrdersToPlaceTests {

    @Test
    void anOrderAndItsWaitingCancelPointAtEachOther() {
        var shown =
                OrdersToPlace.besideEachOther(
                        List.of(item(1, "emr", "P1", "NW"), item(2, "emr", "P1", "CA")));

        assertThat(shown.getFirst().beside()).containsExactly(new Beside(2, 102, "CA"));
        assertThat(shown.getLast().beside()).containsExactly(new Beside(1, 101, "NW"));
    }

    @Test
    void othersOfThatNumberOrWithoutOneDoNot() {
        var shown =
                OrdersToPlace.besideEachOther(
                        List.of(
                                item(1, "emr", "P1", "NW"),
                                item(2, "clinic", "P1", "CA"),
                                item(3, "emr", "P2", "CA"),
                                item(4, "emr", "", "NW"),
                                item(5, "emr", "", "CA")));

        assertThat(shown).allSatisfy(one -> assertThat(one.beside()).isEmpty());
    }

    /** ⚠ A cancel that waits far behind its order must keep a table from sending it. */
    @Test
    void aTableSendsWhatNothingElseOfItsNumberWaitsWithHoweverMuchWaits() {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            int others = OrdersToPlace.AT_ONCE;
            wait(database, 1, "P1", "NW", "2823-3");
            database.jdbc()
                    .sql(
                            """
                            insert into delivery (id, entry_id, place, destination, state, control_id,
                                message_type, size_bytes, body, staged_at)
                            select 1000010 + n, 10 + n, 10 + n, 'emr/orders-to-place', 'waiting', '', 'ORM^O01', 1,
                                   convert_to(replace(:body, 'P1', 'X' || n), 'UTF8'), now()
                            from generate_series(1, :others) n
                            """)
                    .param("body", order("P1", "NW", "1988-5"))
                    .param("others", others)
                    .update();
            wait(database, others + 20, "P1", "CA", "2823-3");
            wait(database, others + 21, "P2", "NW", "2823-3");

            assertThat(toPlace.again()).isEqualTo(1);

            assertThat(toPlace.count()).isEqualTo(others + 2);
            assertThat(database.jdbc().sql("select key from order_sent").query(String.class).list())
                    .containsExactly("emr|P2|");
        }
    }

    /** ⚠ Somebody waits for what is urgent, however much came before it. */
    @Test
    void whatIsUrgentIsCountedAndListedFirst() {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            assertThat(toPlace.counted()).isEqualTo(new OrdersToPlace.Count(0, 0));
            wait(database, 1, "P1", "NW", "1988-5");
            wait(database, 2, "P2", "NW", "1988-5");
            wait(database, 3, "P3", "NW", "1988-5|||||||||||||||||||||||^^^^^STAT");
            wait(database, 4, "P4", "NW", "no order at all");
            database.jdbc().sql("update delivery set body = 'x' where id = 1000004").update();

            assertThat(toPlace.counted()).isEqualTo(new OrdersToPlace.Count(4, 1));
            assertThat(toPlace.waiting(2))
                    .extracting(one -> one.waiting().number())
                    .containsExactly("P3", "P1");

            database.jdbc()
                    .sql("update delivery set state = 'skipped' where id = 1000003")
                    .update();
            assertThat(toPlace.counted()).isEqualTo(new OrdersToPlace.Count(3, 0));
        }
    }

    /** ⚠ A change that is there before its order changes nothing, and then the old one is done. */
    @Test
    void whatChangesAnOrderThatAnAlertHoldsWaitsAndLeavesBehindIt() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            sent(database, 7, "emr|P1|");
            waits(database, 7, "lab/orders~held");
            wait(database, 8, "P1", "XO", "2823-3");
            follows(database, 8, "emr|P1|");

            assertThat(toPlace.waiting(10).getFirst().waiting().choice())
                    .isInstanceOfSatisfying(
                            Choice.Nobody.class,
                            nobody -> assertThat(nobody.remedy()).contains("Alerts"));
            assertThat(toPlace.causes(List.of(1_000_008L, 99L)))
                    .containsExactly(
                            Map.entry(
                                    1_000_008L,
                                    "the order of this number waits for a person because of an"
                                            + " alert, and a change must not be there before it;"
                                            + " decide about the alert on the page Alerts: this"
                                            + " leaves by itself behind the order"));
            assertThat(toPlace.follow()).isZero();
            assertThat(toPlace.again()).isZero();

            database.jdbc()
                    .sql("update delivery set destination = 'lab/orders' where entry_id = 7")
                    .update();
            assertThat(toPlace.follow()).isOne();
            assertThat(
                            database.jdbc()
                                    .sql(
                                            "select entry_id from delivery where destination ="
                                                    + " 'lab/orders' and state = 'waiting' order by"
                                                    + " turn, place")
                                    .query(Long.class)
                                    .list())
                    .containsExactly(7L, 8L);
        }
    }

    /** ⚠ The laboratory never heard of the order, and would do what the change says of it. */
    @Test
    void whatChangesAnOrderThatWasNotSentBecauseOfAnAlertDoesNotLeave() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            sent(database, 7, "emr|P1|");
            waits(database, 7, "lab/orders~held");
            wait(database, 8, "P1", "XO", "2823-3");
            follows(database, 8, "emr|P1|");
            database.jdbc()
                    .sql("update delivery set state = 'skipped' where entry_id = 7")
                    .update();

            assertThat(toPlace.follow()).isZero();
            assertThat(toPlace.again()).isZero();
            assertThat(toPlace.waiting(10).getFirst().waiting().choice())
                    .isInstanceOfSatisfying(
                            Choice.Nobody.class,
                            nobody -> assertThat(nobody.cause()).contains("was not sent"));
        }
    }

    /** What was cancelled whole is not let go any more: its cancel needs no order before it. */
    @Test
    void whatEndsAnOrderThatAnAlertHoldsLeaves() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            sent(database, 7, "emr|P1|");
            waits(database, 7, "lab/orders~held");
            wait(database, 8, "P1", "CA", "2823-3");
            follows(database, 8, "emr|P1|");

            assertThat(toPlace.follow()).isOne();
        }
    }

    /** ⚠ A cancel that leaves before its order stops nothing. */
    @Test
    void whatFollowsAnOrderThatCameLaterLeavesBehindItInTheOrderItCame() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            wait(database, 3, "P1", "XO", "2823-3");
            wait(database, 4, "P9", "CA", "2823-3");
            wait(database, 5, "P1", "CA", "2823-3");
            follows(database, 3, "emr|P1|");
            follows(database, 4, "emr|P9|");
            follows(database, 5, "emr|P1|");
            assertThat(toPlace.follow()).as("nothing was sent").isZero();

            sent(database, 7, "emr|P1|");
            waits(database, 6, "lab/orders");
            waits(database, 7, "lab/orders");
            waits(database, 8, "lab/orders");

            assertThat(toPlace.follow()).isEqualTo(2);

            assertThat(queue(database)).containsExactly(6L, 7L, 3L, 5L, 8L);
            assertThat(toPlace.waiting(9))
                    .singleElement()
                    .satisfies(item -> assertThat(item.waiting().number()).isEqualTo("P9"));
            assertThat(
                            database.jdbc()
                                    .sql("select delivery_id from order_waiting")
                                    .query()
                                    .listOfRows())
                    .hasSize(1);
            assertThat(toPlace.follow()).isZero();
        }
    }

    @Test
    void whatFollowsAndCameLaterKeepsItsPlace() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            wait(database, 9, "P1", "CA", "2823-3");
            follows(database, 9, "emr|P1|");
            sent(database, 7, "emr|P1|");
            waits(database, 7, "lab/orders");
            waits(database, 8, "lab/orders");

            assertThat(toPlace.again()).isEqualTo(1);

            assertThat(queue(database)).containsExactly(7L, 8L, 9L);
        }
    }

    /** ⚠ A number that is used again: the old cancel would end the new order. */
    @Test
    void whatWasSaidBeforeTheOrderThatWasSentAsksAPerson() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            wait(database, 3, "P1", "CA", "2823-3");
            follows(database, 3, "emr|P1|");
            sent(database, 7, "emr|P1|");
            said(database, 7, "2026-11-23T08:00:05Z");

            assertThat(toPlace.follow()).isZero();
            assertThat(toPlace.again()).isZero();

            var item = toPlace.waiting(9).getFirst();
            assertThat(item.waiting().choice().toString())
                    .contains("what was sent to lab under this number was said later (MSH-7)");
            toPlace.place(item.id(), "lab", new By("ann", "asked the ward"));
            assertThat(toPlace.count()).isZero();
        }
    }

    /** ⚠ Two new orders of a number are not sent both because one of them was. */
    @Test
    void aSecondNewOrderOfANumberDoesNotFollow() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            wait(database, 3, "P1", "NW", "2823-3");
            follows(database, 3, "emr|P1|");
            sent(database, 7, "emr|P1|");

            assertThat(toPlace.follow()).isZero();
            assertThat(toPlace.count()).isOne();
        }
    }

    /** It waited for its parent; where its cancel waits too, a person decides both ⚠. */
    @ParameterizedTest
    @CsvSource({"false, 1", "true, 0"})
    void aChildFollowsItsParentUnlessItsCancelWaitsAsWell(boolean cancelled, int leaves)
            throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            wait(database, 3, "P2", "CH", "2823-3");
            database.jdbc()
                    .sql(
                            "update delivery set body = convert_to(replace(convert_from(body,"
                                    + " 'UTF8'), 'ORC|CH|P2', 'ORC|CH|P2||||||P1'), 'UTF8')")
                    .update();
            follows(database, 3, "emr|P1|");
            if (cancelled) {
                wait(database, 4, "P2", "CA", "2823-3");
                follows(database, 4, "emr|P2|");
            }
            assertThat(toPlace.follow()).as("its parent was not sent").isZero();

            sent(database, 7, "emr|P1|");

            assertThat(toPlace.follow()).isEqualTo(leaves);
        }
    }

    /** ⚠ Nobody must take for a repeat what was never ordered. */
    @Test
    void anotherTestOfTheNumberThatItsOwnMessageOrderedIsToldAsSuch() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var toPlace = toPlace(database);
            wait(database, 3, "P1", "NW", "1988-5");
            waits(database, 3, "lab/orders");
            sent(database, 3, "emr|P1|");
            assertThat(cause(toPlace)).startsWith("an order of this number went to lab before");

            database.jdbc()
                    .sql(
                            """
                            update delivery
                            set chosen = '[{"number":"P1","what":"2823-3","why":"only"}]'
                            where destination = 'lab/orders'
                            """)
                    .update();

            assertThat(cause(toPlace)).startsWith("no laboratory does 1988-5");
        }
    }

    private static String cause(OrdersToPlace toPlace) {
        var item = toPlace.waiting(9).getFirst();
        return ((Choice.Nobody) item.waiting().choice()).cause();
    }

    private static void follows(TestDatabase database, long id, String entity) {
        database.jdbc()
                .sql(
                        "insert into order_waiting (delivery_id, entity) values (1000000 + :id,"
                                + " :entity)")
                .param("id", id)
                .param("entity", entity)
                .update();
    }

    private static void sent(TestDatabase database, long entry, String key) throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            var _ =
                    SentOrders.claim(
                            connection,
                            List.of(new SentOrders.Claim(key, "lab/orders", entry, "M1|")));
        }
    }

    private static void waits(TestDatabase database, long entry, String destination) {
        database.jdbc()
                .sql(
                        """
                        insert into delivery (id, entry_id, place, destination, state, control_id, message_type,
                            size_bytes, body, staged_at)
                        values (2000000 + :entry, :entry, :entry, :to, 'waiting', '', 'ORM^O01', 1, '', now())
                        """)
                .param("entry", entry)
                .param("to", destination)
                .update();
    }

    private static void said(TestDatabase database, long entry, String at) {
        database.jdbc()
                .sql(
                        """
                        insert into statement (id, entry_id, recorded_at, path, record_id, visit_id, partner, kind,
                            trigger, weight, message_at, said)
                        values (:entry, :entry, now(), '', 1, 0, 'emr', 'placed_order', '', 0, :at::timestamptz, '{}')
                        """)
                .param("entry", entry)
                .param("at", at)
                .update();
    }

    /** As it leaves. */
    private static List<Long> queue(TestDatabase database) {
        return new DeliverySearch(database.jdbc())
                .waiting("lab/orders", 99).stream().map(row -> row.entryId()).toList();
    }

    /** ⚠ A doubled order is a second blood draw; a cancel that is not told stops nothing. */
    @Test
    void aNumberIsTheSameWithAndWithoutItsNamespaceWhereOnlyOneHasIt() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var sent = new SentOrders(database.jdbc());
            assertThat(claim(database, "emr|N2|EMR", "emr|N2|", "emr|N3|", "emr|N4|A", "emr|N4|B"))
                    .containsOnlyKeys("emr|N2|");
            assertThat(claim(database, "emr|N2|", "emr|N3|EMR", "emr|N4|", "emr|N4|C", "emr|N5|"))
                    .containsOnlyKeys("emr|N2|", "emr|N3|EMR");

            assertThat(sent.destination("emr", "N2|")).contains("lab/orders");
            assertThat(sent.destination("emr", "N2|EMR")).contains("lab/orders");
            assertThat(sent.destination("emr", "N2|emr")).contains("lab/orders");
            assertThat(sent.destination("emr", "N2|1.2.840.5")).contains("lab/orders");
            assertThat(sent.destination("emr", "N2|OTHER")).isEmpty();
            assertThat(sent.destination("emr", "N3|EMR")).contains("lab/orders");
            assertThat(sent.destination("emr", "RF1|N2|")).isEmpty();
            assertThat(sent.destination("other", "N2|")).isEmpty();
            assertThat(sent.destination("emr", "N4|A")).contains("lab/orders");
            assertThat(sent.destination("emr", "N4|D")).isEmpty();
        }
    }

    /** ⚠ The same in other letters, or with a universal id in place of the namespace. */
    @ParameterizedTest
    @CsvSource({
        "emr|N2|EMR, emr|N2|emr, true",
        "emr|N2|EMR, emr|N2|1.2.840.5, true",
        "emr|N2|1.2.840.5, emr|N2|EMR, true",
        "emr|N2|1.2.840.5, emr|N2|1.2.840.6, false",
        "emr|N2|EMR, emr|N2|LAB, false",
    })
    void aNumberWrittenOtherwiseIsNotOrderedTwice(String first, String second, boolean taken)
            throws Exception {
        try (var database = TestDatabase.fresh()) {
            assertThat(claim(database, first)).isEmpty();

            assertThat(claim(database, second).containsKey(second)).isEqualTo(taken);
        }
    }

    /** ⚠ Two universal ids are two numbers: which one is meant by the namespace, nobody can say. */
    @Test
    void whatCouldBeEitherOfTwoWentNowhere() throws Exception {
        try (var database = TestDatabase.fresh()) {
            assertThat(claim(database, "emr|N2|1.2.840.5", "emr|N2|1.2.840.6")).isEmpty();

            assertThat(new SentOrders(database.jdbc()).destination("emr", "N2|EMR")).isEmpty();
        }
    }

    /** ⚠ Of two transactions that bring the two forms at once, one must see the other. */
    @ParameterizedTest
    @CsvSource({"emr|N2|EMR, emr|N2|", "emr|N2|, emr|N2|EMR", "emr|N2|EMR, emr|N2|EMR"})
    void theFormsOfANumberWaitForEachOther(String first, String second) throws Exception {
        try (var database = TestDatabase.fresh();
                var connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThat(claim(connection, first)).isEmpty();

            var other =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return claim(database, second);
                                } catch (SQLException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            await(database, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'");
            connection.commit();

            assertThat(other.get(20, TimeUnit.SECONDS)).containsOnlyKeys(second);
            assertThat(database.jdbc().sql("select key from order_sent").query(String.class).list())
                    .containsExactly(first);
        }
    }

    @Test
    void whoTakesItsWordBackLeavesTheNumberToTheOther() throws Exception {
        try (var database = TestDatabase.fresh();
                var connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThat(claim(connection, "emr|N2|EMR")).isEmpty();
            connection.rollback();

            assertThat(claim(database, "emr|N2|")).isEmpty();
        }
    }

    private static void await(TestDatabase database, String sql) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (database.jdbc().sql(sql).query(Long.class).single() == 0) {
            if (System.nanoTime() > deadline) throw new AssertionError("nobody waits");
            Thread.onSpinWait();
        }
    }

    @Test
    void whomAnOrderWasSentForIsKnownAlsoAfterAMerge() throws Exception {
        try (var database = TestDatabase.fresh()) {
            var sent = new SentOrders(database.jdbc());
            claim(database, "emr|N1|EMR");
            database.jdbc()
                    .sql(
                            """
                            insert into person (id, entry_id, recorded_at)
                            values ('00000000-0000-0000-0000-000000000001', 1, now())
                            """)
                    .update();
            for (var id : List.of("M1", "M2"))
                database.jdbc()
                        .sql(
                                """
                                insert into patient_record (id, person_id, entry_id, recorded_at, path, authority,
                                    id_type, id_value, family_name, given_name, middle_name, name_suffix,
                                    birth_date, sex, address, phone, identifiers)
                                values (:number, '00000000-0000-0000-0000-000000000001', 1, now(), '', 'C', 'MR',
                                    :id, '', '', '', '', '', '', '', '', '[]')
                                """)
                        .param("number", Long.parseLong(id.substring(1)))
                        .param("id", id)
                        .update();

            assertThat(sent.isOfAnother("emr", "N1|EMR", "M1|C")).isFalse();
            assertThat(sent.isOfAnother("emr", "N1|", "M1|\nX|Y")).isFalse();
            assertThat(sent.isOfAnother("emr", "N1|EMR", "M2|C")).as("merged").isFalse();
            assertThat(sent.isOfAnother("emr", "N1|EMR", "")).as("nobody").isFalse();
            assertThat(sent.isOfAnother("emr", "N9|EMR", "M3|C")).as("not sent").isFalse();
            assertThat(sent.isOfAnother("emr", "N1|EMR", "M1|OTHER")).isTrue();
            assertThat(sent.isOfAnother("emr", "N1|", "M3|C")).isTrue();
        }
    }

    private static Map<String, String> claim(TestDatabase database, String... keys)
            throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            return claim(connection, keys);
        }
    }

    private static Map<String, String> claim(Connection connection, String... keys)
            throws SQLException {
        return SentOrders.claim(
                connection,
                Stream.of(keys)
                        .map(key -> new SentOrders.Claim(key, "lab/orders", 1, "M1|C"))
                        .toList());
    }

    private static OrdersToPlace toPlace(TestDatabase database) {
        var partners =
                List.of(
                        state(partner("emr", Map.of())),
                        state(
                                partner(
                                        "lab",
                                        Map.of("compendium.csv", "code,lab-code\n2823-3,K\n"))));
        var rooms = new AnnotationConfigApplicationContext();
        rooms.registerBean(RoutesOverview.class, () -> new Folders(partners));
        rooms.refresh();
        var store = new DeliveryStore(database.jdbc());
        store.know(List.of("emr/orders-to-place", "lab/orders"));
        return new OrdersToPlace(
                rooms.getBeanProvider(RoutesOverview.class),
                rooms.getBeanProvider(Bells.class),
                rooms.getBeanProvider(AlertWatch.class),
                store,
                new SentOrders(database.jdbc()),
                database.dataSource(),
                Clock.systemUTC());
    }

    private static void wait(
            TestDatabase database, long id, String number, String control, String test) {
        database.jdbc()
                .sql(
                        """
                        insert into delivery (id, entry_id, place, destination, state, control_id, message_type,
                            size_bytes, body, staged_at)
                        values (1000000 + :id, :id, :id, 'emr/orders-to-place', 'waiting', '', 'ORM^O01', 1, :body, now())
                        """)
                .param("id", id)
                .param("body", order(number, control, test).getBytes(UTF_8))
                .update();
    }

    private static String order(String number, String control, String test) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CB|20261122||ORM^O01|1|P|2.5.1\rPID|1||M1\rORC|"
                + control
                + "|"
                + number
                + "\rOBR|1|"
                + number
                + "||"
                + test
                + "\r";
    }

    private static Partner partner(String folder, Map<String, String> files) {
        var contents = new TreeMap<String, byte[]>();
        contents.put("partner.yaml", "sender: any\nzone: UTC\n".getBytes(UTF_8));
        files.forEach((name, text) -> contents.put(name, text.getBytes(UTF_8)));
        return PartnerFile.read(new FolderFiles(folder, contents), Map.of(), fault -> {})
                .orElseThrow();
    }

    private static PartnerState state(Partner partner) {
        return new PartnerState(partner, Instant.EPOCH, List.of());
    }

    private record Folders(List<PartnerState> partners) implements RoutesOverview {
        @Override
        public List<FileFault> faults() {
            return List.of();
        }

        @Override
        public List<Port> ports() {
            return List.of();
        }
    }

    private static Item item(long id, String sender, String number, String control) {
        return new Item(
                id,
                100 + id,
                sender,
                Instant.EPOCH,
                new Ordering.Waiting(
                        "order",
                        "K Potassium",
                        control,
                        number,
                        new Choice.Nobody("no laboratory does K", "add it"),
                        List.of(),
                        List.of(),
                        "",
                        "",
                        false),
                List.of());
    }
}
