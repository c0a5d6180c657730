package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.routes.Sockets.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.database.SecondSchema;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.NotedAnswers;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.Header;
import org.chartbridge.intake.AnsweredDeliveries;
import org.chartbridge.intake.Rebuild;
import org.chartbridge.journal.FolderVersions;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.State;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * What a laboratory says of an order in the answer to its delivery goes on to whoever ordered, once
 * and where a route asks for it: the whole engine, between two real sockets.
 */
class AnsweredDeliveriesTests {
    @TempDir Path folder = Path.of("set by JUnit");

    private final TestDatabase database = TestDatabase.fresh();
    private final int emrPort = Sockets.freePort();
    private final int labPort = Sockets.freePort();
    private final int backPort = Sockets.freePort();
    private final List<String> back = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private UnaryOperator<String> answer = id -> orr(id, true, "OK", "AA");

    @BeforeEach
    void folders() throws Exception {
        write("emr/partner.yaml", "sender: { application: EMR }\nzone: UTC\npatients: create\n");
        write("emr/in.yaml", route("emr-orders", "mllp:127.0.0.1:" + emrPort, "chart", "order"));
        write("emr/out.yaml", route("emr-out", "outbox:emr/answers", "mllp:127.0.0.1:" + backPort));
        write("lab/partner.yaml", "sender: { application: LIS }\nzone: UTC\npatients: create\n");
        write("lab/compendium.csv", "code,lab-code,lab-name,lab-system\n2823-3,K,Potassium,L\n");
        write(
                "lab/out.yaml",
                route("lab-orders", "outbox:lab/orders", "mllp:127.0.0.1:" + labPort));
        write("lab/answers.yaml", route("lab-answers", "answers", "chart", "deliver:emr/answers"));
        listen(
                labPort,
                frame -> answer.apply(Header.read(frame.content()).orElseThrow().controlId()));
        listen(
                backPort,
                frame -> {
                    back.add(new String(frame.content(), UTF_8));
                    return new String(
                            Acknowledgement.of(
                                    frame.content(),
                                    AckCode.AA,
                                    List.of(),
                                    "E" + back.size(),
                                    Instant.now(),
                                    ZoneOffset.UTC),
                            UTF_8);
                });
    }

    @AfterEach
    void close() throws Exception {
        for (var thing : toClose.reversed()) thing.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "AA, OK, true, ACCEPTED, charted",
        "AA, UA, true, REJECTED, charted",
        "AE, UA, true, REJECTED, charted",
        "AA, OK, false, ACCEPTED, ignored",
        "AA, UA, false, REJECTED, ignored",
        "AE, UA, false, REJECTED, ignored"
    })
    void whatTheLaboratoryAnswersReachesWhoeverOrderedOnce(
            String code, String control, boolean named, State wanted, String kept)
            throws Exception {
        answer = id -> orr(id, named, control, code);
        var context = start();

        order("1", "P1");

        await().untilAsserted(() -> assertThat(back).hasSize(1));
        assertThat(back.getFirst()).contains("|ORR^O02|", "ORC|" + control + "|P1|F1\r");
        var answers = context.getBean(NotedAnswers.class);
        var entry = entry("A-1");
        assertThat(text("select state from journal where id = " + entry)).isEqualTo(kept);
        assertThat(text("select partner || ' ' || route from journal where id = " + entry))
                .isEqualTo("lab lab-answers");
        var delivery =
                Long.parseLong(text("select id from delivery where destination = 'lab/orders'"));
        assertThat(answers.of(entry)).contains(new NotedAnswers.Answered(delivery, "lab/orders"));
        assertThat(answers.onward(delivery).orElseThrow().entryId()).isEqualTo(entry);
        // Nobody is answered for it: it is an answer itself.
        assertThat(text("select answer_code from journal where id = " + entry)).isEmpty();
        assertThat(count("delivery")).isEqualTo(2);
        var loop = loop(context);
        assertThat(loop.state()).isEqualTo(wanted);
        assertThat(loop.steps().stream().filter(one -> one.state() == wanted)).hasSize(1);

        context.getBean(AnsweredDeliveries.class).noted();
        order("2", "P2");

        await().untilAsserted(() -> assertThat(back).hasSize(2));
        assertThat(count("journal where message_type = 'ORR^O02'")).isEqualTo(2);
    }

    /** As after a kill between the answer's entry and the note of it. */
    @Test
    void whatIsHandedOnASecondTimeIsTheRepeatOfOneMessage() throws Exception {
        start("--chartbridge.delivery.sweep=300ms");
        order("1", "P1");
        await().untilAsserted(() -> assertThat(back).hasSize(1));
        var entry = text("select entry_id from answer_onward");

        database.jdbc().sql("update answer_onward set entry_id = null").update();

        await().untilAsserted(
                        () ->
                                assertThat(text("select entry_id from answer_onward"))
                                        .isEqualTo(entry));
        assertThat(count("journal where message_type = 'ORR^O02'")).isOne();
        assertThat(count("delivery where destination = 'emr/answers'")).isOne();
    }

    /** As after a kill right behind the commit that settled the delivery. */
    @Test
    void whatAnEngineLeftBehindGoesOnWithTheNext() throws Exception {
        write(
                "lab/answers.yaml",
                route("lab-answers", "mllp:127.0.0.1:" + Sockets.freePort(), "chart"));
        start();
        order("1", "P1");
        await().untilAsserted(() -> assertThat(count("delivery where state = 'accepted'")).isOne());
        assertThat(count("answer_onward")).isZero();
        toClose.removeLast().close();
        write("lab/answers.yaml", route("lab-answers", "answers", "chart", "deliver:emr/answers"));
        database.jdbc()
                .sql(
                        "insert into answer_onward (delivery_id, number) select delivery_id, number"
                                + " from attempt")
                .update();

        start("--chartbridge.delivery.sweep=300ms");

        await().untilAsserted(() -> assertThat(back).hasSize(1));
    }

    /** A rebuild reads the answer as it read it, and sends nothing. */
    @Test
    void aRebuildComparesEqualAndSendsNothing() throws Exception {
        var context = start();
        order("1", "P1");
        await().untilAsserted(() -> assertThat(back).hasSize(1));
        await().untilAsserted(
                        () -> assertThat(count("delivery where state = 'accepted'")).isEqualTo(2));

        try (var schema = SecondSchema.make(database.url(), database.user(), database.password());
                var folders =
                        new FoldersAgain(
                                FolderVersions.in(schema.live()),
                                folder.resolve("routes"),
                                Map.of())) {
            var report =
                    new Rebuild(schema, folders, context.getBean(Mappings.class), Clock.systemUTC())
                            .run(false, (_, _, _) -> {});

            assertThat(report.entries()).isEqualTo(2);
            assertThat(report.remarks()).isEmpty();
            assertThat(report.isEqual()).isTrue();
        }
        assertThat(count("delivery")).isEqualTo(2);
        assertThat(back).hasSize(1);
    }

    /** ⚠ What only acknowledges is no news; what was refused, a person decides on first. */
    @ParameterizedTest
    @CsvSource({"ACK, AA, accepted", "ACK, AE, waiting", "ORR, AE, waiting"})
    void whatOnlyAcknowledgesOrRefusesTheDeliveryGoesOnToNobody(
            String type, String code, String state) throws Exception {
        answer =
                id ->
                        type.equals("ACK")
                                ? "MSH|^~\\&|LIS|||X|20261122080100||ACK|A-"
                                        + id
                                        + ("|P|2.3\rMSA|" + code + "|")
                                        + id
                                        + "\r"
                                : orr(id, true, "UA", code).replace("|P" + id + "|", "|P0|");
        start();

        order("1", "P1");

        await().untilAsserted(() -> assertThat(count("attempt where outcome is not null")).isOne());
        assertThat(text("select state from delivery")).isEqualTo(state);
        assertThat(count("answer_onward")).isZero();
        assertThat(count("journal")).isOne();
    }

    @Test
    void withoutSuchARouteTheAnswerStaysWithItsDelivery() throws Exception {
        Files.delete(folder.resolve("routes/lab/answers.yaml"));
        var context = start();

        order("1", "P1");

        await().untilAsserted(() -> assertThat(count("delivery where state = 'accepted'")).isOne());
        assertThat(count("answer_onward")).isZero();
        assertThat(loop(context).state()).isEqualTo(State.ACCEPTED);
    }

    // ------------------------------------------------------------

    private void order(String controlId, String number) throws Exception {
        var orm =
                String.join(
                        "\r",
                        "MSH|^~\\&|EMR|CLINIC|||20261122080000||ORM^O01|" + controlId + "|P|2.3",
                        "PID|1||4711^^^CLINIC^MR||ROE^SAM||19820304|M",
                        "ORC|NW|" + number,
                        "OBR|1|" + number + "||2823-3^Potassium^LN",
                        "");
        assertThat(exchange(emrPort, orm)).contains("MSA|AA|" + controlId);
    }

    /** The laboratory's answer to the message of a control id, of which it knows the number. */
    private static String orr(String id, boolean named, String control, String code) {
        return String.join(
                "\r",
                "MSH|^~\\&|LIS||CB||20261122080100||ORR^O02|A-" + id + "|P|2.3",
                "MSA|" + code + "|" + id,
                (named ? "PID|1||4711^^^CLINIC^MR||ROE^SAM||19820304|M\r" : "")
                        + "ORC|"
                        + control
                        + "|P"
                        + id
                        + "|F"
                        + id,
                "");
    }

    private static Loop loop(ConfigurableApplicationContext context) {
        var person =
                context.getBean(org.springframework.jdbc.core.simple.JdbcClient.class)
                        .sql("select distinct person_id from patient_record")
                        .query(UUID.class)
                        .single();
        return context.getBean(OpenLoops.class).of(person).getFirst();
    }

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

    private interface Replying {
        String to(Frame frame);
    }

    private void listen(int port, Replying replying) throws Exception {
        var network = new MllpNetwork(1, 16 << 20);
        toClose.add(network);
        toClose.add(
                MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        Limits.defaults(),
                        frame ->
                                CompletableFuture.completedFuture(
                                        new Answer.Reply(replying.to(frame).getBytes(UTF_8))),
                        new ConnectionObserver() {}));
    }

    private static String route(String id, String from, String... steps) {
        var text = new StringBuilder("- route:\n    id: " + id + "\n    from:\n      uri: ");
        text.append(from).append("\n      steps:\n");
        for (var step : steps) text.append("        - to: { uri: \"").append(step).append("\" }\n");
        return text.toString();
    }

    private void write(String file, String text) throws Exception {
        var path = folder.resolve("routes").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private long entry(String controlId) {
        return Long.parseLong(
                text("select id from journal where control_id = '" + controlId + "'"));
    }

    private long count(String from) {
        return Long.parseLong(text("select count(*) from " + from));
    }

    private String text(String query) {
        return database.jdbc()
                .sql(query)
                .query((row, _) -> String.valueOf(row.getString(1)))
                .single();
    }
}
