package org.chartbridge.intake;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.chart.ChartStore;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.ApplicationAnswers;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.delivery.WhereOrdersWent;
import org.chartbridge.hl7.Batch;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.ordering.Ordering;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.screening.Alert;
import org.chartbridge.screening.OrderScreening;
import org.chartbridge.screening.Screener;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.sql.DataSource;

/** An intake over a database of its own, for messages about patients and their visits. */
final class AdtEngine implements AutoCloseable {
    static final Partner EMR =
            partner(
                    "emr",
                    Partner.Demographics.MASTER,
                    Partner.Empty.KEEP,
                    Partner.Patients.CREATE);
    static final Partner LAB =
            partner(
                    "northlab",
                    Partner.Demographics.EVIDENCE,
                    Partner.Empty.KEEP,
                    Partner.Patients.CREATE);

    /** Whose orders are placed here. */
    static final Partner CLINIC =
            partner(
                    "clinic",
                    Partner.Demographics.EVIDENCE,
                    Partner.Empty.KEEP,
                    Partner.Patients.MATCH);

    private static final Pattern ENTRY = Pattern.compile("\"entry\": (\\d+)");

    private final TestDatabase database = TestDatabase.fresh();
    private final AnnotationConfigApplicationContext mappings =
            new AnnotationConfigApplicationContext("org.chartbridge.mapping");
    final Intake intake;
    private @Nullable Screener screener;
    private @Nullable LateAlerts late;
    volatile List<Partner> inService = List.of();
    final DataSource dataSource = database.dataSource();
    final JdbcClient jdbc = database.jdbc();
    private final DeliveryStore deliveries = new DeliveryStore(jdbc);
    final JournalStore journal = new JournalStore(jdbc);

    AdtEngine() {
        this(Path.of("routes"), false, _ -> List.of());
    }

    /** One that sends orders where they belong, by the folders of these partners. */
    static AdtEngine ordering(Partner... partners) {
        var all = List.of(partners);
        var ordering = new Ordering(() -> all, WhereOrdersWent.NOWHERE);
        var engine =
                new AdtEngine(
                        Path.of("routes"),
                        false,
                        arrival -> ordering.staged(arrival.raw(), arrival.partner()));
        engine.deliveries.know(
                List.of(Ordering.toPlace(EMR.folder()), Ordering.toPlace(CLINIC.folder())));
        return engine;
    }

    /** One that screens orders by the tables of the samples, and sends each message on to these. */
    static AdtEngine screening(String... destinations) {
        return screening(Path.of("routes"), destinations);
    }

    /**
     * The same by the tables of another folder of routes.
     *
     * @param routes may have none, or some with a fault
     */
    static AdtEngine screening(Path routes, String... destinations) {
        var sends = Stream.of(destinations).map(to -> new StagedDelivery(to, null)).toList();
        var engine = new AdtEngine(routes, !sends.isEmpty(), _ -> sends);
        engine.deliveries.know(List.of(destinations));
        return engine;
    }

    private AdtEngine(Path routes, boolean screens, Function<Arrival, List<StagedDelivery>> sends) {
        var times = new StageTimes(new SimpleMeterRegistry());
        var screening = screens ? orderScreening(routes) : null;
        intake =
                new Intake(
                        new Preparation(
                                arrival -> new Staged.Work(true, sends.apply(arrival)),
                                mappings.getBean(Mappings.class),
                                times,
                                Answers.NONE,
                                new Acknowledgements(new ApplicationAnswers(jdbc))),
                        new GroupTransaction(
                                journal,
                                new ChartStore(jdbc),
                                deliveries,
                                screening,
                                late,
                                times,
                                Clock.systemUTC()),
                        journal,
                        dataSource,
                        IntakeLimits.defaults(),
                        new SimpleMeterRegistry());
        intake.start();
    }

    private OrderScreening orderScreening(Path routes) {
        var rooms = new AnnotationConfigApplicationContext();
        rooms.getEnvironment()
                .getPropertySources()
                .addFirst(
                        new MapPropertySource(
                                "test", Map.of("chartbridge.routes", routes.toString())));
        rooms.registerBean(JdbcClient.class, () -> jdbc);
        rooms.registerBean(DataSource.class, () -> dataSource);
        rooms.scan("org.chartbridge.chart", "org.chartbridge.screening");
        rooms.registerBean(RoutesOverview.class, InService::new);
        rooms.register(LateAlerts.class);
        rooms.refresh();
        late = rooms.getBean(LateAlerts.class);
        screener = rooms.getBean(Screener.class);
        return rooms.getBean(OrderScreening.class);
    }

    /** The partners of a screening engine, by whose policies what waits is held back. */
    private final class InService implements RoutesOverview {
        @Override
        public List<PartnerState> partners() {
            return inService.stream()
                    .map(one -> new PartnerState(one, Instant.EPOCH, List.of()))
                    .toList();
        }

        @Override
        public List<FileFault> faults() {
            return List.of();
        }

        @Override
        public List<Port> ports() {
            return List.of();
        }
    }

    /** What holds back in a screening engine what was ordered before its alert. */
    LateAlerts late() {
        return Objects.requireNonNull(late);
    }

    /** What a screening engine shows of a patient. */
    List<Alert> alerts(UUID person) {
        return Objects.requireNonNull(screener).alerts(person);
    }

    static Partner partner(
            String folder,
            Partner.Demographics demographics,
            Partner.Empty empty,
            Partner.Patients patients) {
        return partner(
                folder, demographics, empty, patients, List.of("P"), Partner.TestMessages.IGNORE);
    }

    /** A laboratory by how it wants application acknowledgements; later ones go to its acks. */
    static Partner laboratory(String folder, Partner.AnswerAs answerAs, Partner.Patients patients) {
        return partner(
                folder,
                Partner.Demographics.EVIDENCE,
                Partner.Empty.KEEP,
                patients,
                List.of("P"),
                Partner.TestMessages.IGNORE,
                folder + "/acks",
                answerAs);
    }

    /** A partner of whom test messages are charted as well. */
    static Partner takingEverything(String folder) {
        return partner(
                folder,
                Partner.Demographics.MASTER,
                Partner.Empty.KEEP,
                Partner.Patients.CREATE,
                List.of("P", "T", "D", "N"),
                Partner.TestMessages.CHART);
    }

    private static Partner partner(
            String folder,
            Partner.Demographics demographics,
            Partner.Empty empty,
            Partner.Patients patients,
            List<String> processing,
            Partner.TestMessages testMessages) {
        return partner(
                folder,
                demographics,
                empty,
                patients,
                processing,
                testMessages,
                "",
                Partner.AnswerAs.ACK);
    }

    private static Partner partner(
            String folder,
            Partner.Demographics demographics,
            Partner.Empty empty,
            Partner.Patients patients,
            List<String> processing,
            Partner.TestMessages testMessages,
            String acks,
            Partner.AnswerAs answerAs) {
        return new Partner(
                folder,
                folder,
                List.of(),
                List.of(),
                StandardCharsets.UTF_8,
                ZoneId.of("America/New_York"),
                Partner.Acknowledge.CHARTED,
                Partner.Ack.AUTO,
                acks,
                answerAs,
                Partner.Uncharted.ACCEPT,
                processing,
                testMessages,
                patients,
                demographics,
                empty,
                List.of(),
                null,
                false,
                Partner.Codes.AS_SENT,
                "v1");
    }

    /** Sends to the EMR's port and waits for the answer. */
    String send(String message) {
        return send(EMR, message);
    }

    String send(Partner from, String message) {
        return text(begin(from, message));
    }

    CompletionStage<Reply> begin(Partner from, String message) {
        return begin(from, message.strip().replace('\n', '\r').getBytes(StandardCharsets.UTF_8));
    }

    CompletionStage<Reply> begin(Partner from, byte[] raw) {
        var batch = Batch.of(raw);
        return batch.isEmpty()
                ? receive(from, raw)
                : Batches.receive(
                        batch.get(),
                        message -> receive(from, message),
                        b -> intake.keepEnvelope(b, "127.0.0.1:4711", "test", Instant.now()));
    }

    private CompletionStage<Reply> receive(Partner from, byte[] raw) {
        return intake.receive(
                new Arrival(from, from.folder() + "-adt", "127.0.0.1:4711", Instant.now(), raw));
    }

    /** Charts what was held and may go on. */
    void release(Partner from) {
        for (var stored : new JournalStore(jdbc).received(100))
            intake.resume(stored, from).orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** What comes on a connection of ours, behind the answer to a delivery. */
    String onConnection(Partner from, String message) {
        var raw = message.strip().replace('\n', '\r').getBytes(StandardCharsets.UTF_8);
        return text(intake.receive(new Arrival(from, "", "mllp:127.0.0.1:1", Instant.now(), raw)));
    }

    static String text(CompletionStage<Reply> stage) {
        var reply = stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        return switch (reply) {
            case Reply.Answer(var content) -> new String(content, StandardCharsets.UTF_8);
            case Reply.NoAnswer() -> "";
        };
    }

    /** Renames every authority, so that what comes next meets no patient or visit that is known. */
    void forgetWhoIsWho(int round) {
        for (var table : List.of("patient_record", "encounter"))
            jdbc.sql(
                            "update "
                                    + table
                                    + " set authority = authority || ' before ' || :round"
                                    + " where authority not like '% before %'")
                    .param("round", round)
                    .update();
    }

    /** What became of the last message. */
    String lastState() {
        return one("select state from journal order by id desc limit 1");
    }

    /** Reasons of the last message, as the journal keeps them. */
    List<String> lastReasons() {
        return list(
                """
                select r ->> 'reason'
                from (select reasons from journal order by id desc limit 1) j,
                     jsonb_array_elements(j.reasons) r
                """);
    }

    String one(String sql) {
        return String.join(" / ", list(sql));
    }

    List<String> list(String sql) {
        return jdbc.sql(sql)
                .query((row, _) -> row.getString(1) == null ? "-" : row.getString(1))
                .list();
    }

    /**
     * Everything that registration charted, without surrogate ids and times of charting. Entries
     * are named by MSH-10.
     */
    String chart() {
        var entries = new TreeMap<String, String>();
        jdbc.sql("select id, control_id from journal")
                .query(
                        row -> {
                            entries.put(row.getString(1), row.getString(2));
                        });
        var text = new StringBuilder();
        for (var sql :
                List.of(
                        """
                        select to_jsonb(r) - '{id, person_id, entry_id, recorded_at, claimed, claim_hash}'::text[]
                        from patient_record r
                        """,
                        """
                        select to_jsonb(e) - '{id, entry_id, record_id, recorded_at}'::text[]
                               || jsonb_build_object('entry', e.entry_id, 'of', r.id_value)
                        from encounter e join patient_record r on r.id = e.record_id
                        """,
                        items("allergy"),
                        items("condition"),
                        items("coverage"),
                        items("guarantor"),
                        """
                        select to_jsonb(l) - '{record_id, visit_id, whole_entry, none_entry}'::text[]
                               || jsonb_build_object('whole', jsonb_build_object('entry', l.whole_entry),
                                      'none', jsonb_build_object('entry', l.none_entry),
                                      'visit', e.number, 'of', r.id_value)
                        from patient_list l
                        join patient_record r on r.id = l.record_id
                        left join encounter e on e.id = l.visit_id
                        """,
                        """
                        select to_jsonb(s) - '{id, entry_id, record_id, visit_id, recorded_at}'::text[]
                               || jsonb_build_object('entry', s.entry_id, 'visit', e.number, 'of', r.id_value)
                        from statement s
                        join patient_record r on r.id = s.record_id
                        left join encounter e on e.id = s.visit_id
                        """)) {
            list(sql).stream()
                    .map(
                            row ->
                                    ENTRY.matcher(row)
                                            .replaceAll(
                                                    m ->
                                                            "\"entry\": \""
                                                                    + entries.get(m.group(1))
                                                                    + "\""))
                    .sorted()
                    .forEach(row -> text.append(row).append('\n'));
            text.append('\n');
        }
        return text.toString();
    }

    private static String items(String table) {
        return """
        select to_jsonb(i) - '{id, entry_id, record_id, visit_id, recorded_at, listed_entry, removed_entry}'::text[]
               || jsonb_build_object('said', jsonb_build_object('entry', i.entry_id),
                      'listed', jsonb_build_object('entry', i.listed_entry),
                      'removed', jsonb_build_object('entry', i.removed_entry),
                      'visit', e.number, 'of', r.id_value)
        from %s i
        join patient_record r on r.id = i.record_id
        left join encounter e on e.id = i.visit_id
        """
                .formatted(table);
    }

    @Override
    public void close() {
        intake.stop();
        mappings.close();
        database.close();
    }
}
