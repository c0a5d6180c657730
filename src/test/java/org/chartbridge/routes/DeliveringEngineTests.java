package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.routes.Sockets.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.jms.Session;
import jakarta.jms.TextMessage;

import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.Couriers;
import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.Desk;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.HeldBack;
import org.chartbridge.delivery.SetAside;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.Header;
import org.chartbridge.intake.AlertDecisions;
import org.chartbridge.intake.Decisions;
import org.chartbridge.intake.HeldOrders;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.ordering.OrdersToPlace;
import org.chartbridge.screening.Screener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** The whole engine, from a lab's socket to the EMR's, with a real broker between. */
class DeliveringEngineTests {
    @TempDir Path folder = Path.of("set by JUnit");

    private final TestDatabase database = TestDatabase.fresh();
    private final int labPort = Sockets.freePort();
    private final int emrPort = Sockets.freePort();
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @BeforeEach
    void routes() throws Exception {
        write("emr/partner.yaml", "sender: { application: EMR, facility: CLINIC }\nzone: UTC\n");
        write(
                "emr/results.yaml",
                """
                - route:
                    id: emr-results
                    from:
                      uri: outbox:emr/results
                      steps:
                        - to:
                            uri: mllp:127.0.0.1:%d
                """
                        .formatted(emrPort));
        write(
                "lab/partner.yaml",
                "sender: { application: LIS, facility: LAB }\nzone: UTC\npatients: create\n");
        write(
                "lab/results.yaml",
                """
                - route:
                    id: lab-results
                    from:
                      uri: mllp:127.0.0.1:%d
                      steps:
                        - to: { uri: chart }
                        - to: { uri: "deliver:emr/results" }
                """
                        .formatted(labPort));
    }

    @AfterEach
    void close() throws Exception {
        for (var thing : toClose.reversed()) thing.close();
        database.close();
    }

    @Test
    void aResultFlowsOnToTheEmrAsItCame() throws Exception {
        emr();
        start();

        assertThat(exchange(labPort, oru("1"))).contains("MSA|AA|1");

        await().untilAsserted(() -> assertThat(delivered).containsExactly(oru("1")));
        await().untilAsserted(() -> assertThat(count("delivery where state = 'accepted'")).isOne());
    }

    /** The guarantees of a connection, as far as the far side of a folder permits. */
    @Test
    void filesOfALabAreChartedOnceAndLeaveAsFilesForTheEmr() throws Exception {
        var in = Files.createDirectories(folder.resolve("in"));
        var out = Files.createDirectories(folder.resolve("out"));
        var results = Files.readString(folder.resolve("routes/lab/results.yaml"));
        write("lab/results.yaml", results.replace("mllp:127.0.0.1:" + labPort, "file:" + in));
        var sent = Files.readString(folder.resolve("routes/emr/results.yaml"));
        write("emr/results.yaml", sent.replace("mllp:127.0.0.1:" + emrPort, "file:" + out));
        start();

        drop(in, "a.hl7", oru("1") + "\n" + oru("2"));
        drop(in, "b.hl7", oru("3"));
        drop(in, "c.hl7", "no message");

        await().untilAsserted(
                        () ->
                                assertThat(names(in.resolve("done")))
                                        .containsExactly("a.hl7", "b.hl7"));
        await().untilAsserted(
                        () -> assertThat(names(in.resolve("refused"))).containsExactly("c.hl7"));
        assertThat(in.resolve("answers/a.hl7.ack")).content().contains("MSA|AA|1\r", "MSA|AA|2\r");
        await().untilAsserted(
                        () ->
                                assertThat(contents(out))
                                        .containsExactly(oru("1"), oru("2"), oru("3")));

        drop(in, "a.hl7", oru("1") + "\n" + oru("2")); // As after a kill before it was moved.

        await().untilAsserted(
                        () ->
                                assertThat(names(in.resolve("done")))
                                        .containsExactly("a.hl7", "a.hl7.2", "b.hl7"));
        assertThat(count("journal where state = 'charted'")).isEqualTo(3);
        assertThat(contents(out)).hasSize(3);
        assertThat(names(in)).isEmpty();
    }

    /**
     * Order in, to the laboratory that does it; what nobody does waits, and is sent when mended.
     */
    @Test
    void ordersGoToTheLaboratoryThatDoesThem() throws Exception {
        emr(); // Plays the laboratory.
        var out = emrPort;
        write(
                "emr/orders-in.yaml",
                """
                - route:
                    id: emr-orders
                    from:
                      uri: mllp:127.0.0.1:%d?types=ORM,REF,ADT
                      steps:
                        - to: { uri: chart }
                        - to: { uri: order }
                        - to: { uri: refer }
                """
                        .formatted(labPort));
        var emr = folder.resolve("routes/emr/partner.yaml");
        Files.writeString(emr, Files.readString(emr) + "patients: create\n");
        write("lab/compendium.csv", "code,lab-code,lab-name,lab-system\n2823-3,K,Potassium,L\n");
        write(
                "lab/orders.yaml",
                """
                - route:
                    id: lab-orders
                    from:
                      uri: outbox:lab/orders
                      steps:
                        - to: { uri: "mllp:127.0.0.1:%d" }
                """
                        .formatted(out));
        var context = start();
        var toPlace = context.getBean(OrdersToPlace.class);

        assertThat(exchange(labPort, orm("1", "NW", "P1", "2823-3"))).contains("MSA|AA|1");
        assertThat(exchange(labPort, orm("2", "NW", "P2", "1988-5"))).contains("MSA|AA|2");
        assertThat(exchange(labPort, orm("3", "NW", "P3", "1988-5"))).contains("MSA|AA|3");
        assertThat(exchange(labPort, orm("4", "CA", "P1", "2823-3"))).contains("MSA|AA|4");
        assertThat(exchange(labPort, orm("5", "NW", "P4", "1988-5"))).contains("MSA|AA|5");
        assertThat(exchange(labPort, orm("6", "CA", "P4", "1988-5"))).contains("MSA|AA|6");

        await().untilAsserted(() -> assertThat(delivered).hasSize(2));
        assertThat(delivered.get(0)).contains("ORC|NW|P1", "||K^Potassium^L^2823-3^X^LN");
        assertThat(delivered.get(1)).contains("ORC|CA|P1");
        var waiting = toPlace.waiting(10);
        assertThat(waiting)
                .extracting(item -> item.waiting().number())
                .containsExactly("P2", "P3", "P4", "P4");

        toPlace.drop(waiting.getFirst().id(), new By("ann", "ordered by mistake"));
        assertThat(toPlace.count()).isEqualTo(3);

        write(
                "lab/compendium.csv",
                "code,lab-code,lab-name,lab-system\n2823-3,K,Potassium,L\n1988-5,CRP,CRP,L\n");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(delivered).hasSize(3));
        assertThat(delivered.getLast()).contains("ORC|NW|P3", "||CRP^CRP^L^1988-5^X^LN");
        // ⚠ What was cancelled meanwhile is not ordered by a table.
        assertThat(toPlace.count()).isEqualTo(2);
        assertThat(count("delivery where state = 'skipped'")).isOne();
        assertThat(count("order_sent")).isEqualTo(2);
        // Why each went there, as it was decided.
        var search = context.getBean(DeliverySearch.class);
        var first = database.jdbc().sql("select min(id) from journal").query(Long.class).single();
        assertThat(search.chosenOf(first))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.chosen().shown())
                                    .isEqualTo(
                                            "the only one that can be meant, lab/compendium.csv:2");
                            assertThat(one.decision()).isNull();
                        });
        assertThat(count("delivery where chosen like '%\"follows\"%'")).isOne();
        assertThat(search.chosenOf(waiting.get(1).entryId()))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.chosen().waited()).isEqualTo(waiting.get(1).id());
                            assertThat(Objects.requireNonNull(one.decision()).account())
                                    .isEqualTo("engine");
                        });
        assertThatThrownBy(() -> toPlace.place(waiting.getFirst().id(), "lab", new By("ann", "x")))
                .hasMessageStartingWith("it does not wait any more");

        // A referral without a recipient waits beside them, and leaves once there is one.
        assertThat(exchange(labPort, ref("7", "R1"))).contains("MSA|AA|7");
        assertThat(toPlace.count()).isEqualTo(3);
        assertThat(toPlace.waiting(10).getLast().waiting().kind()).isEqualTo("referral");
        assertThat(exchange(labPort, allergic("6a"))).contains("MSA|AA|6a");
        write("lab/providers.csv", "id,family,given\n1003000126,Hart,Holly\n");
        var lab = folder.resolve("routes/lab/partner.yaml");
        Files.writeString(lab, Files.readString(lab) + "referrals: { chart: [allergies] }\n");
        write(
                "lab/referrals.yaml",
                """
                - route:
                    id: lab-referrals
                    from:
                      uri: outbox:lab/referrals
                      steps:
                        - to: { uri: "mllp:127.0.0.1:%d" }
                """
                        .formatted(out));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(delivered).hasSize(4));
        assertThat(delivered.getLast()).contains("REF^I12", "RF1||||||R1^EMR");
        // What its receiver is to get of the chart goes along.
        assertThat(delivered.getLast()).contains("AL1|1|DA|^Penicillin|SV", "1 allergy");
        assertThat(exchange(labPort, ref("8", "R1"))).contains("MSA|AA|8");
        assertThat(toPlace.waiting(10).getLast().waiting().choice().toString())
                .contains("a referral of this number went to lab before");

        // ⚠ A cancel that came before what it cancels leaves at once behind it.
        assertThat(exchange(labPort, orm("9", "CA", "P9", "2823-3"))).contains("MSA|AA|9");
        assertThat(exchange(labPort, ref("10", "R9").replace("I12", "I14"))).contains("MSA|AA");
        assertThat(exchange(labPort, orm("11", "NW", "P9", "2823-3"))).contains("MSA|AA|11");
        assertThat(exchange(labPort, ref("12", "R9"))).contains("MSA|AA|12");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(delivered).hasSize(8));
        assertThat(delivered).filteredOn(one -> one.contains("|P9")).hasSize(2);
        assertThat(delivered)
                .filteredOn(one -> one.contains("|P9"))
                .first()
                .asString()
                .contains("ORC|NW|P9");
        assertThat(delivered)
                .filteredOn(one -> one.contains("R9^EMR"))
                .first()
                .asString()
                .contains("REF^I12");
    }

    /**
     * ⚠ Of two orders that wait when an allergy is told, one behind a paused destination and one
     * that nobody does, neither leaves by itself any more.
     */
    @Test
    void whatWaitsWhenAnAlertIsOpenedWaitsForAPerson() throws Exception {
        emr(); // Plays the laboratory.
        write(
                "emr/orders-in.yaml",
                """
                - route:
                    id: emr-orders
                    from:
                      uri: mllp:127.0.0.1:%d?types=ORM,ADT
                      steps:
                        - to: { uri: chart }
                        - to: { uri: order }
                """
                        .formatted(labPort));
        var emr = folder.resolve("routes/emr/partner.yaml");
        Files.writeString(
                emr, Files.readString(emr) + "patients: create\nscreening: { high: hold }\n");
        write("lab/compendium.csv", "code,lab-code\nCTA,CTA\n");
        write(
                "lab/orders.yaml",
                """
                - route:
                    id: lab-orders
                    from:
                      uri: outbox:lab/orders
                      steps:
                        - to: { uri: "mllp:127.0.0.1:%d" }
                """
                        .formatted(emrPort));
        try (var tables = Files.list(Path.of("routes/screening"))) {
            for (var file : tables.toList())
                write("screening/" + file.getFileName(), Files.readString(file));
        }
        var context = start();
        var toPlace = context.getBean(OrdersToPlace.class);
        var held = context.getBean(HeldBack.class);
        var desk = context.getBean(Desk.class);
        await().untilAsserted(
                        () -> assertThat(count("destination where name = 'lab/orders'")).isOne());
        desk.pause("lab/orders", new By("ann", "stocktaking"));
        assertThat(exchange(labPort, scan("1", "4711", "I1", "CTA"))).contains("MSA|AA|1");
        assertThat(exchange(labPort, scan("2", "4711", "I2", "CTB"))).contains("MSA|AA|2");
        assertThat(toPlace.count()).isOne();
        placedInTheMomentThatItIsHeld(toPlace);

        assertThat(exchange(labPort, allergic("3").replace("Penicillin", "IV contrast dye")))
                .contains("MSA|AA|3");

        assertThat(held.waiting(9))
                .extracting(HeldBack.Item::destination)
                .containsExactly("lab/orders", "emr/orders-to-place");
        assertThat(toPlace.count()).isZero();
        desk.resume("lab/orders", new By("ann", "done"));
        context.getBean(Couriers.class).resume("lab/orders");
        write("lab/compendium.csv", "code,lab-code\nCTA,CTA\nCTB,CTB\n");
        assertThat(exchange(labPort, scan("4", "4712", "I4", "CTA"))).contains("MSA|AA|4");
        assertThat(exchange(labPort, scan("5", "4712", "I5", "CTB"))).contains("MSA|AA|5");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(delivered).hasSize(2));
        assertThat(toPlace.again()).isZero();

        // Let go without a word about the alert it is placed, and waits again.
        long second = held.waiting(9).getLast().entryId();
        held.release(second, new By("ann", "by mistake"), HeldOrders::refuse);
        await().untilAsserted(
                        () -> {
                            var _ = toPlace.again();
                            assertThat(held.of(second)).containsExactly("lab/orders");
                        });
        var person =
                database.jdbc()
                        .sql("select person_id from patient_record where id_value = '4711'")
                        .query(UUID.class)
                        .single();
        for (var alert : context.getBean(Screener.class).alerts(person))
            context.getBean(AlertDecisions.class)
                    .override(
                            alert.key(),
                            alert.order().entryId(),
                            Map.of(),
                            new Decisions.By("ann", "premedicated"));
        for (var one : held.waiting(9))
            held.release(one.entryId(), new By("ann", "premedicated"), HeldOrders::refuse);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(delivered).hasSize(4));
        assertThat(delivered)
                .extracting(one -> one.replaceAll("(?s).*ORC[|]NW[|](I\\d).*", "$1"))
                .containsExactlyInAnyOrder("I4", "I5", "I1", "I2");
    }

    /** ⚠ Whoever places an order waits for whoever opens an alert about its patient. */
    private void placedInTheMomentThatItIsHeld(OrdersToPlace toPlace) throws Exception {
        var order = toPlace.waiting(9).getFirst();
        try (var connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            HeldBack.lockPatientOf(connection, order.entryId());
            var placing =
                    CompletableFuture.runAsync(
                            () -> toPlace.place(order.id(), "lab", new By("ann", "asked there")));
            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    count(
                                                            "pg_locks l join pg_database d on d.oid"
                                                                + " = l.database where d.datname ="
                                                                + " current_database() and"
                                                                + " l.locktype = 'advisory' and not"
                                                                + " l.granted"))
                                            .isOne());
            HeldBack.hold(connection, List.of(order.id()), List.of("emr/orders-to-place"));
            connection.commit();
            connection.setAutoCommit(true);

            assertThatThrownBy(placing::join).hasMessageContaining("an alert was opened about it");
        }
        assertThat(count("delivery where entry_id = " + order.entryId())).isOne();
    }

    private static String scan(String controlId, String patient, String number, String code) {
        return orm(controlId, "NW", number, code)
                .replace("4711", patient)
                .replace(
                        "ROE^SAM||19820304",
                        patient.equals("4711") ? "ROE^SAM||19820304" : "LEE^PAT||19700101")
                .replace("^X^LN", "^CT abdomen with contrast^L");
    }

    private static String allergic(String controlId) {
        return String.join(
                "\r",
                "MSH|^~\\&|EMR|CLINIC|||20261122083000||ADT^A08|" + controlId + "|P|2.3",
                "EVN|A08|20261122083000",
                "PID|1||4711^^^CLINIC^MR||ROE^SAM||19820304|M",
                "AL1|1|DA|^Penicillin|SV",
                "");
    }

    private static String ref(String controlId, String number) {
        return String.join(
                "\r",
                "MSH|^~\\&|EMR|CLINIC|||20261122090000||REF^I12|" + controlId + "|P|2.3",
                "RF1||||||" + number + "^EMR",
                "PRD|RT|Hart^Holly|||||1003000126^NPI",
                "PID|1||4711^^^CLINIC^MR||ROE^SAM||19820304|M",
                "");
    }

    private static String orm(String controlId, String control, String number, String test) {
        return String.join(
                "\r",
                "MSH|^~\\&|EMR|CLINIC|||20261122080000||ORM^O01|" + controlId + "|P|2.3",
                "PID|1||4711^^^CLINIC^MR||ROE^SAM||19820304|M",
                "ORC|" + control + "|" + number,
                "OBR|1|" + number + "||" + test + "^X^LN",
                "");
    }

    private static void drop(Path folder, String name, String text) throws Exception {
        var part = folder.resolve(name + ".part");
        Files.writeString(part, text);
        Files.move(part, folder.resolve(name));
    }

    private static List<String> names(Path folder) throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> contents(Path folder) throws Exception {
        var contents = new ArrayList<String>();
        for (var name : names(folder))
            contents.add(Files.readString(folder.resolve(name)).strip() + "\r");
        return contents;
    }

    @Test
    void aSenderThatAsksForBothIsAcceptedAndToldTheRestOnItsOwnPort() throws Exception {
        emr(); // It listens for the lab as well.
        write(
                "lab/acks.yaml",
                """
                - route:
                    id: lab-acks
                    from:
                      uri: outbox:lab/acks
                      steps:
                        - to:
                            uri: mllp:127.0.0.1:%d
                """
                        .formatted(emrPort));
        start();

        var answer = exchange(labPort, oru("1").replace("|P|2.5.1", "|P|2.5.1|||AL|AL"));

        assertThat(answer).contains("MSA|CA|1\r");
        await().untilAsserted(
                        () ->
                                assertThat(delivered)
                                        .hasSize(2)
                                        // What the lab asked of us is not asked of the EMR.
                                        .contains(oru("1").replace("|P|2.5.1", "|P|2.5.1||||"))
                                        .anyMatch(
                                                message ->
                                                        message.contains("ACK^R01")
                                                                && message.contains("MSA|AA|1\r")));
        await().untilAsserted(
                        () -> assertThat(count("delivery where state = 'accepted'")).isEqualTo(2));
    }

    @Test
    void theBrokersWholeStoreMayBeDeletedWhileItIsDown() throws Exception {
        var first = start(); // Nobody listens at the EMR's port.
        for (int i = 1; i <= 5; i++) assertThat(exchange(labPort, oru("" + i))).contains("MSA|AA");
        await().untilAsserted(() -> assertThat(count("destination where problem <> ''")).isOne());
        first.close();
        delete(folder.resolve("data/broker"));
        emr();

        start();

        // Its next try may be some seconds off; what is due is looked for every 30 s.
        await().atMost(Duration.ofSeconds(45))
                .untilAsserted(
                        () ->
                                assertThat(delivered)
                                        .containsExactly(
                                                oru("1"), oru("2"), oru("3"), oru("4"), oru("5")));
    }

    @Test
    void theEmbeddedBrokerIsActiveAtEveryStart() throws Exception {
        for (int i = 1; i <= 3; i++) {
            try (var broker = Broker.embedded(folder.resolve("broker"))) {
                assertThat(broker.isActive()).isTrue();
            }
        }
    }

    @Test
    void anOutsideBrokerIsUsedAloneAndItsAbsenceStopsNothing() throws Exception {
        emr();
        int port = Sockets.freePort();
        var outside = BrokerInItsOwnJvm.start(port, folder.resolve("outside"));
        toClose.add(() -> outside.destroyForcibly().waitFor());
        var url = "tcp://127.0.0.1:" + port;
        var context = start("--spring.artemis.broker-url=" + url);

        assertThat(context.getBean(Broker.class).isEmbedded()).isFalse();
        assertThat(folder.resolve("data/broker")).doesNotExist();
        try (var events = new ActiveMQConnectionFactory(url);
                var connection = events.createConnection();
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                var consumer = session.createConsumer(session.createTopic(Broker.EVENTS))) {
            connection.start();
            exchange(labPort, oru("1"));
            await().untilAsserted(() -> assertThat(delivered).containsExactly(oru("1")));
            var id =
                    database.jdbc()
                            .sql("select id::text from journal")
                            .query(String.class)
                            .single();
            assertThat(((TextMessage) consumer.receive(10_000)).getText()).isEqualTo(id);
        }
        var health = context.getBean(BrokerHealth.class);
        await().untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));

        outside.destroyForcibly().waitFor();

        assertThat(exchange(labPort, oru("2"))).contains("MSA|AA|2");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(delivered).containsExactly(oru("1"), oru("2")));
        await().untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.DOWN));
    }

    /** A result goes to the EMR under its own number, and waits where there is none. */
    @Test
    void aResultNamesThePatientByTheReceiversNumberAndWaitsUntilThereIsOne() throws Exception {
        emr();
        write(
                "emr/partner.yaml",
                """
                sender: { application: EMR }
                zone: UTC
                patients: create
                demographics: master
                """);
        int adtPort = Sockets.freePort();
        write(
                "emr/adt.yaml",
                """
                - route:
                    id: emr-adt
                    from:
                      uri: mllp:127.0.0.1:%d
                      steps:
                        - to: { uri: chart }
                """
                        .formatted(adtPort));
        var sent = Files.readString(folder.resolve("routes/emr/results.yaml"));
        write("emr/results.yaml", sent.replace("emr/results\n", "emr/results?patient-id=clinic\n"));
        var context = start("--chartbridge.delivery.sweep=300ms");
        var aside = context.getBean(SetAside.class);
        var decisions = context.getBean(Decisions.class);
        var ann = new Decisions.By("ann", "asked the laboratory");
        exchange(adtPort, adt("A1", "C1^^^CLINIC^MR||ROE^SAM||19820304|M"));
        exchange(adtPort, adt("A2", "C2^^^CLINIC^MR||ROE^SAM||19820304|M"));

        assertThat(exchange(labPort, oru("1"))).contains("MSA|AA|1");
        assertThat(exchange(labPort, oru("2"))).contains("MSA|AA|2");
        var other =
                oru("3").replace("PID|1||4711^^^LAB^MR||", "PID|1|X9|C1^^^CLINIC^MR~L9^^^LAB|Y9|");
        assertThat(exchange(labPort, other)).contains("MSA|AA|3");

        await().untilAsserted(() -> assertThat(delivered).hasSize(1));
        assertThat(delivered.getFirst()).contains("PID|1||C1^^^CLINIC^MR~L9^^^LAB||ROE^SAM||");
        await().untilAsserted(() -> assertThat(aside.waiting(9)).hasSize(2));
        assertThat(aside.waiting(9).getFirst().why())
                .contains("no number of clinic", "goes on by itself");

        decisions.merge(record("4711"), record("C2"), ann);

        await().untilAsserted(() -> assertThat(delivered).hasSize(3));
        assertThat(delivered.subList(1, 3))
                .allMatch(body -> body.contains("PID|1||C2^^^CLINIC^MR~4711^^^LAB^MR||ROE^SAM||"));

        decisions.merge(record("C2"), record("C1"), ann);
        exchange(labPort, oru("4"));

        await().untilAsserted(() -> assertThat(delivered).hasSize(4));
        assertThat(delivered.getLast()).contains("PID|1||C1^^^CLINIC^MR~4711^^^LAB^MR||");
        assertThat(aside.count()).isZero();

        // Held, since another is called so; a person said whose it is.
        exchange(adtPort, adt("A3", "C3^^^CLINIC^MR||DOE^ANN||19990304|F"));
        exchange(
                labPort,
                oru("5").replace(
                                "PID|1||4711^^^LAB^MR||", "PID|1|Z3|C3^^^clinic^MR~N5^^^LAB~C3||"));
        decisions.link(entry("5"), record("C1"), ann);

        await().untilAsserted(() -> assertThat(delivered).hasSize(5));
        assertThat(delivered.getLast()).contains("PID|1||C1^^^CLINIC^MR~N5^^^LAB||");
    }

    private static String adt(String controlId, String pid) {
        return String.join(
                "\r",
                "MSH|^~\\&|EMR|CLINIC|CB|CB|20261122070000||ADT^A28|" + controlId + "|P|2.5.1",
                "EVN||20261122070000",
                "PID|1||" + pid,
                "");
    }

    private long entry(String controlId) {
        return database.jdbc()
                .sql("select id from journal where control_id = ?")
                .param(controlId)
                .query(Long.class)
                .single();
    }

    private long record(String number) {
        return database.jdbc()
                .sql("select id from patient_record where id_value = ?")
                .param(number)
                .query(Long.class)
                .single();
    }

    // ------------------------------------------------------------

    private ConfigurableApplicationContext start(String... more) {
        var settings =
                new ArrayList<>(
                        List.of(
                                "--spring.datasource.url=" + database.url(),
                                "--spring.datasource.username=" + database.user(),
                                "--spring.datasource.password=" + database.password(),
                                "--server.port=0",
                                "--chartbridge.data=" + folder.resolve("data"),
                                "--chartbridge.routes=" + folder.resolve("routes"),
                                "--chartbridge.admin-password=a sentence for tests only"));
        settings.addAll(List.of(more));
        var context = ChartbridgeApplication.start(settings.toArray(String[]::new));
        toClose.add(context);
        return context;
    }

    /** Takes everything and answers AA. */
    private void emr() throws Exception {
        var network = new MllpNetwork(1, 16 << 20);
        toClose.add(network);
        toClose.add(
                MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), emrPort),
                        Limits.defaults(),
                        frame -> CompletableFuture.completedFuture(accepted(frame)),
                        new ConnectionObserver() {}));
    }

    private Answer accepted(Frame frame) {
        delivered.add(new String(frame.content(), UTF_8));
        assertThat(Header.read(frame.content())).isPresent();
        return new Answer.Reply(
                Acknowledgement.of(
                        frame.content(),
                        AckCode.AA,
                        List.of(),
                        "E1",
                        Instant.now(),
                        ZoneOffset.UTC));
    }

    private void write(String file, String text) throws Exception {
        var path = folder.resolve("routes").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static void delete(Path folder) throws Exception {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    private long count(String from) {
        return database.jdbc().sql("select count(*) from " + from).query(Long.class).single();
    }

    private static String oru(String controlId) {
        return String.join(
                "\r",
                "MSH|^~\\&|LIS|LAB|EMR|CLINIC|20261122080000||ORU^R01|" + controlId + "|P|2.5.1",
                "PID|1||4711^^^LAB^MR||ROE^SAM||19820304|M",
                "OBR|1||" + controlId + "|24323-8^CMP^LN|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.1||||F",
                "");
    }
}
