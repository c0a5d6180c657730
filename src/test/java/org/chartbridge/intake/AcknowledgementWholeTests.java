package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.AnswerTable;
import org.chartbridge.AnswerTable.Asked;
import org.chartbridge.AnswerTable.Outcome;
import org.chartbridge.chart.ChartStore;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.Bells;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.intake.Reception.NothingPromised;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

/**
 * HL7-RULES §1, the table itself: each way a message can end, for all 25 combinations of MSH-15 and
 * MSH-16 and each {@code ack:} of a partner, through intake into a real PostgreSQL.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AcknowledgementWholeTests {

    /** What becomes of a message, and what an answer in original mode says of it. */
    enum Became {
        CHARTED(Outcome.TAKEN, "charted", ""),
        HELD(Outcome.TAKEN, "held", "patient-not-known"),
        IGNORED(Outcome.TAKEN, "ignored", ""),
        NOT_CHARTED_TYPE(Outcome.TAKEN, "ignored", "type-not-charted"),
        TEST_MESSAGE(Outcome.TAKEN, "ignored", "test-message"),
        AT_FAULT(Outcome.CONTENT_AT_FAULT, "refused", "OBX^1^11"),
        OTHER_PROCESSING(Outcome.NOT_FOR_US, "refused", "MSH^1^11"),
        WITHOUT_ID(Outcome.WITHOUT_ID, "refused", "MSH^1^10"),
        STEP_FAILED(Outcome.UNAVAILABLE, "refused", "route-step-failed");

        final Outcome outcome;
        final String state;
        final String named;

        Became(Outcome outcome, String state, String named) {
            this.outcome = outcome;
            this.state = state;
            this.named = named;
        }
    }

    private final TestDatabase database = TestDatabase.fresh();
    private final JdbcClient jdbc = database.jdbc();
    private final List<Intake> started = new ArrayList<>();
    private final LinkedBlockingQueue<String> rung = new LinkedBlockingQueue<>();
    private AnnotationConfigApplicationContext mappings;

    @BeforeAll
    void start() {
        mappings = new AnnotationConfigApplicationContext("org.chartbridge.mapping");
    }

    @AfterEach
    void stop() {
        started.forEach(Intake::stop);
        started.clear();
        rung.clear();
        jdbc.sql(
                        "truncate held_claim, journal, raw_message, receipt, patient_record,"
                                + " person, clinical_order, report, observation, note, delivery"
                                + " cascade")
                .update();
    }

    @AfterAll
    void close() {
        mappings.close();
        database.close();
    }

    @ParameterizedTest
    @EnumSource
    void eachEndOfAMessageIsAnsweredByTheTable(Became became) {
        var intake = intake(became);
        for (var mode : Partner.Ack.values()) {
            var partner = partner(became, mode, Partner.Acknowledge.CHARTED);
            var sent = new LinkedHashMap<Asked, CompletionStage<Reply>>();
            for (var asked : AnswerTable.combinations())
                sent.put(asked, intake.receive(arrival(partner, message(became, mode, asked))));

            sent.forEach((asked, reply) -> check(became, mode, asked, text(reply)));
        }
        assertThat(rung).hasSize(Math.toIntExact(count("delivery")));
    }

    private void check(Became became, Partner.Ack mode, Asked asked, String answer) {
        var what = "%s, ack: %s, MSH-15/16 %s".formatted(became, mode, asked);
        var due = AnswerTable.due(mode.name(), asked, became.outcome);
        var id = became == Became.WITHOUT_ID ? "" : controlId(became, mode, asked);

        assertThat(msa(answer)).as(what).isEqualTo(due.now().isEmpty() ? "" : due.now() + " " + id);
        if (became != Became.WITHOUT_ID) {
            var later = laterAnswer(id);
            assertThat(msa(later))
                    .as(what)
                    .isEqualTo(due.later().isEmpty() ? "" : due.later() + " " + id);
            if (!later.isEmpty())
                assertThat(later)
                        .as(what)
                        .contains("|CB", "A|", "|2.5.1|||AL|NE\r")
                        .doesNotContain(controlIdOf(answer));
            boolean told = (due.now() + due.later()).matches(".*(AE|AR|CE|CR).*");
            boolean ours =
                    became.outcome == Outcome.CONTENT_AT_FAULT
                            || became.outcome == Outcome.UNAVAILABLE;
            assertThat(state(id)).as(what).isEqualTo(ours && !told ? "held" : became.state);
        }
        for (var one : List.of(answer, laterAnswer(id))) {
            if (one.isEmpty()) continue;
            if (one.contains("MSA|CA|")) assertThat(one).as(what).doesNotContain("ERR|");
            else assertThat(one).as(what).contains(became.named);
            if (one.contains("MSA|AA|")) assertThat(one).as(what).doesNotContain("|E|");
        }
    }

    @Test
    void withoutAReadableMshOneRejectLeavesWhateverWasMeant() {
        var intake = intake(Became.CHARTED);
        for (var mode : Partner.Ack.values()) {
            var partner = partner(Became.CHARTED, mode, Partner.Acknowledge.CHARTED);

            var answer = text(intake.receive(arrival(partner, "PID|1||4711\rno header " + mode)));

            if (mode == Partner.Ack.NONE) assertThat(answer).isEmpty();
            else assertThat(msa(answer)).isEqualTo("AR ");
        }
        assertThat(count("journal where state = 'refused'")).isEqualTo(4);
        assertThat(count("delivery")).isZero();
    }

    @Test
    void aSenderNobodyClaimsIsToldByTheTable() {
        var intake = intake(Became.CHARTED);
        for (var asked : AnswerTable.combinations()) {
            var answer =
                    text(
                            intake.refuse(
                                    bytes(message(Became.CHARTED, Partner.Ack.AUTO, asked)),
                                    "127.0.0.1:1",
                                    "127.0.0.1:2575",
                                    Instant.now(),
                                    new Reception.NotTaken.Sender(
                                            "no partner has the sender LIS|NORTHLAB")));
            var due = AnswerTable.due("AUTO", asked, Outcome.NOT_FOR_US);

            assertThat(msa(answer)).as("%s", asked).startsWith(due.now());
            assertThat(answer.isEmpty()).as("%s", asked).isEqualTo(due.now().isEmpty());
        }
        assertThat(count("delivery")).isZero();
    }

    @Test
    void whileNothingCanBeStoredNobodyIsAnsweredWhateverWasAsked() {
        DataSource away =
                new AbstractDataSource() {
                    @Override
                    public Connection getConnection() throws SQLException {
                        throw new SQLException("away", "08001");
                    }

                    @Override
                    public Connection getConnection(String user, String password)
                            throws SQLException {
                        return getConnection();
                    }
                };
        var intake = intake(arrival -> new Staged.Work(true), away, Duration.ofMillis(200));
        var replies = new ArrayList<CompletionStage<Reply>>();
        for (var asked : AnswerTable.combinations())
            replies.add(
                    intake.receive(
                            arrival(
                                    partner(
                                            Became.CHARTED,
                                            Partner.Ack.AUTO,
                                            Partner.Acknowledge.CHARTED),
                                    message(Became.CHARTED, Partner.Ack.AUTO, asked))));

        for (var reply : replies)
            assertThatThrownBy(() -> text(reply))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(NothingPromised.class);
        assertThat(count("journal")).isZero();
    }

    // ------------------------------------------------------------ stored first

    @ParameterizedTest
    @EnumSource(names = {"CHARTED", "HELD", "IGNORED", "TEST_MESSAGE", "AT_FAULT", "STEP_FAILED"})
    void whatIsStoredFirstIsAcceptedAtOnceAndAnsweredOnceItIsDecided(Became became) {
        var intake = intake(became);
        var partner = partner(became, Partner.Ack.AUTO, Partner.Acknowledge.STORED);
        for (var asked : AnswerTable.combinations()) {
            var answer = text(intake.receive(arrival(partner, message(became, asked))));

            var due = AnswerTable.due("AUTO", asked, Outcome.TAKEN);
            var id = controlId(became, Partner.Ack.AUTO, asked);
            assertThat(msa(answer))
                    .as("%s", asked)
                    .isEqualTo(due.now().isEmpty() ? "" : due.now() + " " + id);
        }
        assertThat(count("delivery")).isZero();
        assertThat(rung).isEmpty();

        chartBacklog(intake, partner);

        for (var asked : AnswerTable.combinations()) {
            var id = controlId(became, Partner.Ack.AUTO, asked);
            // What we can't do is ours once it is stored; what is wrong with it is the sender's.
            var outcome =
                    became.outcome == Outcome.CONTENT_AT_FAULT
                            ? Outcome.CONTENT_AT_FAULT
                            : Outcome.TAKEN;
            var due = AnswerTable.due("AUTO", asked, outcome);
            assertThat(msa(laterAnswer(id)))
                    .as("%s %s", became, asked)
                    .isEqualTo(due.later().isEmpty() ? "" : due.later() + " " + id);
            assertThat(state(id))
                    .as("%s %s", became, asked)
                    .isEqualTo(
                            due.later().equals("AE") || !became.state.equals("refused")
                                    ? became.state
                                    : "held");
        }
        assertThat(rung).hasSize(Math.toIntExact(count("delivery")));
    }

    // ------------------------------------------------------------ repeats

    @ParameterizedTest
    @EnumSource(Partner.Acknowledge.class)
    void threeAtOnceGetOneAnswerAndOneApplicationAcknowledgement(Partner.Acknowledge when) {
        var intake = intake(Became.CHARTED);
        var partner = partner(Became.CHARTED, Partner.Ack.AUTO, when);
        for (var asked : AnswerTable.combinations()) {
            var replies = new ArrayList<CompletionStage<Reply>>();
            for (int i = 0; i < 3; i++)
                replies.add(intake.receive(arrival(partner, message(Became.CHARTED, asked))));

            assertThat(replies.stream().map(AcknowledgementWholeTests::text).distinct())
                    .as("%s", asked)
                    .hasSize(1);
        }
        chartBacklog(intake, partner);

        assertThat(count("journal")).isEqualTo(25);
        assertThat(count("journal where repeats = 2 and state = 'charted'")).isEqualTo(25);
        assertThat(count("delivery"))
                .isEqualTo(
                        AnswerTable.combinations().stream()
                                .map(a -> AnswerTable.due("AUTO", a, Outcome.TAKEN).later())
                                .filter(code -> !code.isEmpty())
                                .count());
    }

    @ParameterizedTest
    @EnumSource(Partner.Acknowledge.class)
    void theStoredAnswerIsGivenAgainByTheNextEngine(Partner.Acknowledge when) {
        var partner = partner(Became.CHARTED, Partner.Ack.AUTO, when);
        var first = intake(Became.CHARTED);
        var answers = new LinkedHashMap<Asked, String>();
        for (var asked : AnswerTable.combinations())
            answers.put(
                    asked, text(first.receive(arrival(partner, message(Became.CHARTED, asked)))));
        chartBacklog(first, partner);
        long deliveries = count("delivery");
        first.stop();

        var next = intake(Became.CHARTED);

        answers.forEach(
                (asked, answer) ->
                        assertThat(
                                        text(
                                                next.receive(
                                                        arrival(
                                                                partner,
                                                                message(Became.CHARTED, asked)))))
                                .as("%s", asked)
                                .isEqualTo(answer));
        assertThat(count("journal")).isEqualTo(25);
        assertThat(count("delivery")).isEqualTo(deliveries);
    }

    /** A corrected table of codes, say: the sender tries again with the same bytes. */
    @Test
    void whatWasRefusedIsLookedAtAnewAndWhatIsOursIsNot() {
        var intake = intake(Became.AT_FAULT);
        var partner = partner(Became.AT_FAULT, Partner.Ack.AUTO, Partner.Acknowledge.CHARTED);
        var told = message(Became.AT_FAULT, new Asked("", ""));
        var silent = message(Became.AT_FAULT, new Asked("NE", "NE"));
        var accepted = message(Became.AT_FAULT, new Asked("AL", "NE"));

        for (var one : List.of(told, silent, accepted))
            for (int i = 0; i < 2; i++) text(intake.receive(arrival(partner, one)));

        assertThat(count("journal where state = 'refused'")).isEqualTo(2);
        assertThat(count("journal where state = 'held' and repeats = 1")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Partner.Acknowledge.class)
    void aControlIdUsedForOtherContentIsFlagged(Partner.Acknowledge when) {
        var intake = intake(Became.CHARTED);
        var partner = partner(Became.CHARTED, Partner.Ack.AUTO, when);
        var asked = new Asked("AL", "AL");
        var message = message(Became.CHARTED, asked);
        text(intake.receive(arrival(partner, message)));

        var answer = text(intake.receive(arrival(partner, message.replace("||4.1|", "||4.2|"))));

        assertThat(msa(answer)).startsWith("CA ");
        assertThat(count("journal")).isEqualTo(2);
        assertThat(count("journal where reasons::text like '%control-id-reused%'")).isEqualTo(1);
    }

    // ------------------------------------------------------------ acknowledgements that arrive

    @ParameterizedTest
    @EnumSource(Partner.Acknowledge.class)
    void anAcknowledgementOnAListeningPortIsKeptAndNotAnswered(Partner.Acknowledge when) {
        var intake = intake(arrival -> fail());
        var partner = partner(Became.CHARTED, Partner.Ack.AUTO, when);
        for (var code : List.of("AA", "AE", "AR", "CA", "CE", "CR")) {
            var reply =
                    intake.receive(
                            arrival(
                                    partner,
                                    "MSH|^~\\&|LIS|NORTHLAB|||20261122||ACK^R01^ACK|S"
                                            + code
                                            + "|P|2.5.1\rMSA|"
                                            + code
                                            + "|CB1\r"));

            assertThat(text(reply)).as(code).isEmpty();
        }
        assertThat(
                        count(
                                "journal where state = 'ignored' and reasons::text like"
                                        + " '%acknowledgement-%'"))
                .isEqualTo(6);
        assertThat(count("delivery")).isZero();
    }

    @Test
    void anAcknowledgementWithoutControlIdIsNotAnsweredEither() {
        var intake = intake(arrival -> fail());
        var partner = partner(Became.CHARTED, Partner.Ack.AUTO, Partner.Acknowledge.CHARTED);

        assertThat(text(intake.receive(arrival(partner, "MSH|^~\\&|LIS||||||ACK\rMSA|AA|1\r"))))
                .isEmpty();
        assertThat(count("journal where state = 'ignored'")).isEqualTo(1);
    }

    @Test
    void anAcknowledgementOfASenderNobodyClaimsIsKeptAndNotAnswered() {
        var intake = intake(Became.CHARTED);

        assertThat(
                        text(
                                intake.refuse(
                                        bytes("MSH|^~\\&|X|Y|||1||ACK|1|P|2.5\rMSA|AA|1\r"),
                                        "127.0.0.1:1",
                                        "127.0.0.1:2575",
                                        Instant.now(),
                                        new Reception.NotTaken.Sender(
                                                "no partner has the sender X|Y"))))
                .isEmpty();
        assertThat(count("journal where state = 'refused'")).isEqualTo(1);
    }

    /**
     * The other engine's deferred application acknowledgement wants to know that it has arrived.
     */
    @Test
    void oneThatAsksWhetherItArrivedIsAcceptedOnce() {
        var intake = intake(arrival -> fail());
        var partner = partner(Became.CHARTED, Partner.Ack.AUTO, Partner.Acknowledge.CHARTED);

        var answer =
                text(
                        intake.receive(
                                arrival(
                                        partner,
                                        "MSH|^~\\&|LIS|NORTHLAB|||20261122||ACK^O21^ACK|N1|P|2.5.1"
                                                + "|||AL|NE\rMSA|AA|4711\r")));

        assertThat(msa(answer)).isEqualTo("CA N1");
        assertThat(answer).doesNotContain("|AL|");
        assertThat(count("delivery")).isZero();
    }

    // ------------------------------------------------------------ MSH-11

    @Test
    void aTestMessageReachesNeitherTheChartNorAPartner() {
        var intake =
                intake(
                        arrival ->
                                new Staged.Work(
                                        true, List.of(new StagedDelivery("emr/results", null))));
        var asked = new Asked("", "");
        for (var when : Partner.Acknowledge.values()) {
            var partner = partner(Became.TEST_MESSAGE, Partner.Ack.AUTO, when);
            for (var processing : List.of("T", "D", "N", "t"))
                text(
                        intake.receive(
                                arrival(
                                        partner,
                                        message(Became.CHARTED, asked)
                                                .replace("|P|2.5", "|" + processing + "|2.5")
                                                .replace("charted-", when + processing))));
            chartBacklog(intake, partner);
        }

        assertThat(count("journal where state = 'ignored'")).isEqualTo(8);
        assertThat(count("journal where reasons::text like '%test-message%'")).isEqualTo(8);
        for (var table : List.of("person", "patient_record", "report", "observation", "delivery"))
            assertThat(count(table)).as(table).isZero();
    }

    @Test
    void aTestMessageIsToldItsFaultsLikeAnyOther() {
        var intake = intake(Became.AT_FAULT);
        var partner = partner(Became.TEST_MESSAGE, Partner.Ack.AUTO, Partner.Acknowledge.CHARTED);

        var answer =
                text(
                        intake.receive(
                                arrival(
                                        partner,
                                        message(Became.AT_FAULT, new Asked("", ""))
                                                .replace("|P|2.5", "|T|2.5"))));

        assertThat(answer).contains("MSA|AE|", "OBX^1^11");
    }

    @Test
    void anEmptyProcessingIdCountsAsTheFirstOfThePartners() {
        var intake = intake(Became.CHARTED);
        var message = message(Became.CHARTED, new Asked("", "")).replace("|P|2.5", "||2.5");
        var production = partner(Became.CHARTED, Partner.Ack.AUTO, Partner.Acknowledge.CHARTED);
        var training =
                partner(
                        "trainlab",
                        List.of("T", "P"),
                        Partner.Patients.CREATE,
                        Partner.Ack.AUTO,
                        Partner.Acknowledge.CHARTED);

        text(intake.receive(arrival(training, message)));
        assertThat(count("observation")).isZero();
        text(intake.receive(arrival(production, message)));
        assertThat(count("observation")).isEqualTo(1);
    }

    // ------------------------------------------------------------ settings

    @Test
    void whereThePartnerTakesNoApplicationAcknowledgementsNoneWait() {
        var intake = intake(Became.CHARTED);
        var quiet =
                new Partner(
                        "northlab",
                        "Northlab",
                        List.of(),
                        List.of(),
                        StandardCharsets.UTF_8,
                        ZoneId.of("America/Chicago"),
                        Partner.Acknowledge.CHARTED,
                        Partner.Ack.AUTO,
                        "",
                        Partner.AnswerAs.ACK,
                        Partner.Uncharted.ACCEPT,
                        List.of("P"),
                        Partner.TestMessages.IGNORE,
                        Partner.Patients.CREATE,
                        Partner.Demographics.EVIDENCE,
                        Partner.Empty.KEEP,
                        List.of(),
                        null,
                        false,
                        Partner.Codes.AS_SENT,
                        "v1");

        assertThat(
                        msa(
                                text(
                                        intake.receive(
                                                arrival(
                                                        quiet,
                                                        message(
                                                                Became.CHARTED,
                                                                new Asked("AL", "AL")))))))
                .startsWith("CA ");
        assertThat(count("delivery")).isZero();
    }

    // ------------------------------------------------------------

    private static Staged fail() {
        throw new AssertionError("an acknowledgement runs no route");
    }

    private Intake intake(Became became) {
        return intake(
                arrival ->
                        switch (became) {
                            case IGNORED -> new Staged.Work(false);
                            case STEP_FAILED -> new Staged.Failed("results.yaml: choice1", "bug");
                            default -> new Staged.Work(true);
                        });
    }

    private Intake intake(RouteRunner routes) {
        return intake(routes, database.dataSource(), IntakeLimits.defaults().outage());
    }

    private Intake intake(RouteRunner routes, DataSource dataSource, Duration outage) {
        var times = new StageTimes(new SimpleMeterRegistry());
        var journal = new JournalStore(jdbc);
        var limits = IntakeLimits.defaults();
        var made =
                new Intake(
                        new Preparation(routes, mappings.getBean(Mappings.class), times),
                        new GroupTransaction(
                                journal,
                                new ChartStore(jdbc),
                                new DeliveryStore(jdbc),
                                null,
                                null,
                                times,
                                Clock.systemUTC()),
                        journal,
                        dataSource,
                        new IntakeLimits(
                                limits.workers(),
                                limits.writers(),
                                limits.share(),
                                limits.groupMessages(),
                                limits.groupBytes(),
                                limits.aloneBytes(),
                                outage,
                                limits.strayPerMinute()),
                        new SimpleMeterRegistry());
        made.onStaged(
                new Bells() {
                    @Override
                    public void ring(Collection<String> destinations) {
                        assertThat(destinations).containsOnly("northlab/acks");
                        rung.addAll(destinations);
                    }

                    @Override
                    public void ringAfter(String destination, Duration wait) {
                        throw new UnsupportedOperationException("intake never waits");
                    }
                });
        made.start();
        started.add(made);
        return made;
    }

    private void chartBacklog(Intake intake, Partner partner) {
        for (var entry : new JournalStore(jdbc).received(100))
            intake.resume(entry, partner).orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(count("journal where state = 'received'")).isZero();
    }

    private static Partner partner(Became became, Partner.Ack mode, Partner.Acknowledge when) {
        return partner(
                "northlab",
                became == Became.TEST_MESSAGE ? List.of("P", "T", "D", "N") : List.of("P"),
                became == Became.HELD ? Partner.Patients.MATCH : Partner.Patients.CREATE,
                mode,
                when);
    }

    private static Partner partner(
            String folder,
            List<String> processing,
            Partner.Patients patients,
            Partner.Ack mode,
            Partner.Acknowledge when) {
        return new Partner(
                folder,
                folder,
                List.of(),
                List.of(),
                StandardCharsets.UTF_8,
                ZoneId.of("America/Chicago"),
                when,
                mode,
                folder + "/acks",
                Partner.AnswerAs.ACK,
                Partner.Uncharted.ACCEPT,
                processing,
                Partner.TestMessages.IGNORE,
                patients,
                Partner.Demographics.EVIDENCE,
                Partner.Empty.KEEP,
                List.of(),
                null,
                false,
                Partner.Codes.AS_SENT,
                "v1");
    }

    private static Arrival arrival(Partner partner, String message) {
        return new Arrival(
                partner, "northlab-results", "127.0.0.1:4711", Instant.now(), bytes(message));
    }

    private static String controlId(Became became, Partner.Ack mode, Asked asked) {
        return became.name().toLowerCase(java.util.Locale.ROOT)
                + "-"
                + mode
                + "-"
                + asked.accept()
                + "-"
                + asked.application();
    }

    private static String message(Became became, Asked asked) {
        return message(became, Partner.Ack.AUTO, asked);
    }

    private static String message(Became became, Partner.Ack mode, Asked asked) {
        var id = controlId(became, mode, asked);
        return String.join(
                "\r",
                "MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261122080000||"
                        + (became == Became.NOT_CHARTED_TYPE ? "MFN^M02" : "ORU^R01^ORU_R01")
                        + "|"
                        + (became == Became.WITHOUT_ID ? "" : id)
                        + "|"
                        + (became == Became.OTHER_PROCESSING || became == Became.TEST_MESSAGE
                                ? "T"
                                : "P")
                        + "|2.5.1|||"
                        + asked.accept()
                        + "|"
                        + asked.application(),
                "PID|1||4711^^^NORTHLAB^MR||ROE^SAM||19820304|M",
                "OBR|1||" + id + "|24323-8^CMP^LN|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.1||||"
                        + (became == Became.AT_FAULT ? "?" : "F"),
                "");
    }

    /** MSA-1 and MSA-2; "" for no answer. */
    private static String msa(String answer) {
        for (var segment : answer.split("\r", -1))
            if (segment.startsWith("MSA|")) {
                var fields = segment.split("\\|", -1);
                return fields[1] + " " + fields[2];
            }
        return "";
    }

    private static String controlIdOf(String answer) {
        return answer.isEmpty() ? "|CB|" : "|" + answer.split("\\|", -1)[9] + "|";
    }

    private String state(String controlId) {
        return jdbc.sql("select state from journal where control_id = ?")
                .param(controlId)
                .query(String.class)
                .single();
    }

    /** The application acknowledgement that waits to be delivered; "" for none. */
    private String laterAnswer(String controlId) {
        return jdbc.sql(
                        """
                        select convert_from(d.body, 'UTF8') from delivery d join journal j on j.id = d.entry_id
                        where j.control_id = ? and d.destination = 'northlab/acks' and d.state = 'waiting'
                          and d.message_type like 'ACK%'
                        """)
                .param(controlId)
                .query(String.class)
                .optional()
                .orElse("");
    }

    private static String text(CompletionStage<Reply> stage) {
        return switch (stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join()) {
            case Reply.Answer(var content) -> new String(content, StandardCharsets.UTF_8);
            case Reply.NoAnswer() -> "";
        };
    }

    private static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.UTF_8);
    }

    private long count(String from) {
        return jdbc.sql("select count(*) from " + from).query(Long.class).single();
    }
}
