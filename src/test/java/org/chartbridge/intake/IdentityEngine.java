package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.chart.ChartHash;
import org.chartbridge.chart.ChartStore;
import org.chartbridge.chart.IdentityStore;
import org.chartbridge.chart.NewNumbers;
import org.chartbridge.chart.QueryReads;
import org.chartbridge.chart.Unfolding;
import org.chartbridge.chart.WrongPatients;
import org.chartbridge.database.SecondSchema;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.HeldCodes;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.MessageParts;
import org.chartbridge.journal.RebuildReport;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.sql.DataSource;

/**
 * An engine that charts, holds, releases and decides, over a database of its own. Two partners:
 * {@code emr} is master and brings patients; {@code northlab} may only match, and everything of it
 * that is charted goes on to {@code emr/results}.
 */
final class IdentityEngine implements AutoCloseable {
    static final Partner EMR = AdtEngine.EMR;
    static final Partner LAB =
            AdtEngine.partner(
                    "northlab",
                    Partner.Demographics.EVIDENCE,
                    Partner.Empty.KEEP,
                    Partner.Patients.MATCH);
    static final By ANN = new By("ann", "rang the ward");

    private static final Pattern ENTRY = Pattern.compile("\"entry\": (\\d+)");
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestDatabase database = TestDatabase.fresh();
    private final AnnotationConfigApplicationContext mappings =
            new AnnotationConfigApplicationContext("org.chartbridge.mapping");
    private final Map<String, Partner> partners;
    private final Map<String, Partner> versions = new ConcurrentHashMap<>();
    private final Backlog backlog;
    private final CodeRelease codes;
    final Joining joining;
    private final JournalStore journal;
    private final GroupTransaction transaction;
    private final ChartStore chart;
    private @Nullable SecondSchema kept;
    final Intake intake;
    final Decisions decisions;
    final JdbcClient jdbc = database.jdbc();

    IdentityEngine() {
        this(EMR, LAB);
    }

    IdentityEngine(Partner... all) {
        partners = new ConcurrentHashMap<>();
        for (var partner : all) {
            partners.put(partner.folder(), partner);
            versions.put(partner.folder() + partner.version(), partner);
        }
        var times = new StageTimes(new SimpleMeterRegistry());
        var journal = new JournalStore(jdbc);
        var chart = new ChartStore(jdbc);
        var transaction =
                new GroupTransaction(
                        journal,
                        chart,
                        new DeliveryStore(jdbc),
                        null,
                        null,
                        times,
                        Clock.systemUTC());
        intake =
                new Intake(
                        new Preparation(
                                IdentityEngine::route,
                                mappings.getBean(Mappings.class),
                                times,
                                new ChartAnswers(
                                        QueryReads.in(jdbc, database.dataSource()),
                                        NewNumbers.in(jdbc, database.dataSource())),
                                Acknowledgements.NONE),
                        transaction,
                        journal,
                        database.dataSource(),
                        IntakeLimits.defaults(),
                        new SimpleMeterRegistry());
        this.journal = journal;
        this.transaction = transaction;
        this.chart = chart;
        joining = new Joining(new MessageParts(jdbc), journal, Clock.systemUTC());
        backlog = new Backlog(intake, journal, service(), times, joining);
        codes = new CodeRelease(intake, new HeldCodes(jdbc), Duration.ofMillis(200));
        decisions = decisionsOver(database.dataSource());
        intake.start();
        backlog.start();
        codes.start();
    }

    /** Another version of a folder runs from now on. */
    void load(Partner partner) {
        partners.put(partner.folder(), partner);
        versions.put(partner.folder() + partner.version(), partner);
        codes.loaded(partner);
    }

    private PartnersInService service() {
        return (folder, _) -> Optional.ofNullable(partners.get(folder));
    }

    /** What people decide about alerts and orders. */
    AlertDecisions alertDecisions() {
        return new AlertDecisions(
                journal, new DecisionStore(jdbc), database.dataSource(), Clock.systemUTC());
    }

    /** The desk over another way to the same database. */
    Decisions decisionsOver(DataSource source) {
        var decided = new DecisionStore(jdbc);
        var identity = new IdentityStore();
        return new Decisions(
                intake,
                journal,
                decided,
                chart,
                identity,
                service(),
                new Recharting(
                        intake,
                        transaction,
                        journal,
                        decided,
                        identity,
                        new Unfolding(),
                        service(),
                        source,
                        Clock.systemUTC()),
                source,
                Clock.systemUTC());
    }

    /** As if the engine were killed: what is received stays so. */
    void stopCharting() {
        backlog.stop();
    }

    void chartOn() {
        backlog.start();
    }

    WrongPatients withdrawn() {
        return new WrongPatients(jdbc);
    }

    DataSource dataSource() {
        return database.dataSource();
    }

    /**
     * Empties journal and chart; ids go on, and so do the providers that are remembered. By deletes
     * in one transaction: to truncate costs a file for each table.
     */
    void forget() {
        jdbc.sql(
                        """
                        do $$
                        declare one text;
                        begin
                            perform set_config('session_replication_role', 'replica', true);
                            for one in
                                select table_name
                                from information_schema.tables
                                where table_schema = 'public'
                                  and table_type = 'BASE TABLE'
                                  and table_name not in ('flyway_schema_history', 'provider', 'audit', 'delivery_decision')
                            loop
                                execute format('delete from %I', one);
                            end loop;
                        end $$
                        """)
                .update();
    }

    /** The control ids in the order in which they came. */
    String order() {
        return String.join(" ", list("select control_id from journal order by id"));
    }

    /** Every fact that the hash is over, one a line. */
    String facts() {
        try (var connection = database.dataSource().getConnection()) {
            var patients =
                    list(
                            """
                            select id_value || '^^^' || authority || '^' || id_type
                                   || case when edition = 0 then '' else '#' || edition end
                            from patient_record
                            order by 1
                            """);
            var text = new StringBuilder();
            for (var kind : ChartHash.names())
                for (var fact : ChartHash.facts(connection, kind, patients))
                    text.append(kind)
                            .append(' ')
                            .append(fact.patient())
                            .append(' ')
                            .append(fact.key())
                            .append(' ')
                            .append(fact.said())
                            .append('\n');
            return text.toString().lines().sorted().collect(Collectors.joining("\n"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The chart of now, as a hash that leaves out what only tells when and in which order. */
    String hash() {
        try (var connection = database.dataSource().getConnection()) {
            return ChartHash.of(connection).hash();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An empty chart beside this engine's. */
    SecondSchema secondSchema() {
        return SecondSchema.make(database.url(), database.user(), database.password());
    }

    /**
     * The same, made once for all rebuilds of this engine: to migrate takes longer than to rebuild
     * what a test sends.
     */
    private SecondSchema emptySecondSchema() throws SQLException {
        var made = kept;
        if (made == null) {
            made = secondSchema();
            kept = made;
        }
        try (var connection = made.second().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    do $$
                    declare one text;
                    begin
                        perform set_config('session_replication_role', 'replica', true);
                        drop table if exists live_entry, sum;
                        for one in
                            select tablename
                            from pg_tables
                            where schemaname = '%s' and tablename <> 'flyway_schema_history'
                        loop
                            execute format('delete from %%I', one);
                        end loop;
                    end $$
                    """
                            .formatted(SecondSchema.NAME));
        }
        return made;
    }

    /** The chart from the journal, read by these folders; by the partners of now without any. */
    RebuildReport rebuilt(Partner... current) {
        try {
            return rebuiltIn(emptySecondSchema(), current);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same, in a schema of its own. */
    RebuildReport rebuiltIn(SecondSchema schema, Partner... current) {
        try {
            return new Rebuild(
                            schema,
                            new TheirFolders(versions, current),
                            mappings.getBean(Mappings.class),
                            Clock.systemUTC())
                    .run(current.length > 0, (_, _, _) -> {});
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Folders whose routes only chart. */
    private record TheirFolders(Map<String, Partner> ran, Partner... now) implements KeptFolders {
        @Override
        public Optional<Partner> kept(String folder, String version) {
            return Optional.ofNullable(ran.get(folder + version));
        }

        @Override
        public Optional<Partner> current(String folder) {
            return List.of(now).stream().filter(p -> p.folder().equals(folder)).findFirst();
        }

        @Override
        public Staged run(Arrival arrival) {
            return new Staged.Work(true);
        }

        @Override
        public void close() {}
    }

    /** A partner with {@code unidentified: alone}. */
    static Partner alone(String folder, String settings) {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                ("sender: any\nzone: America/New_York\nunidentified: alone\n" + settings + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        return PartnerFile.read(
                        new FolderFiles(folder, files),
                        Map.of(),
                        fault -> {
                            throw new AssertionError(fault.toString());
                        })
                .orElseThrow();
    }

    private static Staged route(Arrival arrival) {
        if (arrival.route().startsWith("asker")) return new Staged.Work(false, true, List.of());
        return arrival.partner().folder().equals("northlab")
                ? new Staged.Work(true, List.of(new StagedDelivery("emr/results", null)))
                : new Staged.Work(true);
    }

    // ------------------------------------------------------------ messages

    String send(Partner from, String message) {
        return text(begin(from, message));
    }

    CompletionStage<Reply> begin(Partner from, String message) {
        var raw = message.strip().replace('\n', '\r').getBytes(StandardCharsets.UTF_8);
        return intake.receive(
                new Arrival(from, from.folder() + "-in", "127.0.0.1:4711", Instant.now(), raw));
    }

    static String text(CompletionStage<Reply> stage) {
        var reply = stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        return switch (reply) {
            case Reply.Answer(var content) -> new String(content, StandardCharsets.UTF_8);
            case Reply.NoAnswer() -> "";
        };
    }

    /** A result of one value. */
    static String oru(String controlId, String pid, String number, String value, String status) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261122%s00||ORU^R01|%s|P|2.5.1
        PID|1||%s
        OBR|1||%s|2823-3^Potassium^LN|||20261122074500|||||||||||||||||||%s
        OBX|1|NM|2823-3^Potassium^LN||%s|mmol/L|3.5-5.1||||%s
        """
                .formatted(time(controlId), controlId, pid, number, status, value, status);
    }

    static String adt(String trigger, String controlId, String... segments) {
        return AdtTests.message(controlId, trigger, time(controlId), "", segments);
    }

    /** The time that a message was sent: in the order of the numbers in the control ids. */
    private static String time(String controlId) {
        int number = Integer.parseInt(controlId.replaceAll("\\D", ""));
        return "%02d%02d".formatted(8 + number / 60, number % 60);
    }

    // ------------------------------------------------------------ what became of them

    long entry(String controlId) {
        return jdbc.sql("select id from journal where control_id = ?")
                .param(controlId)
                .query(Long.class)
                .single();
    }

    String state(String controlId) {
        return one("select state from journal where control_id = '" + controlId + "'");
    }

    void becomes(String controlId, String state) {
        await(controlId + " becomes " + state)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(state(controlId)).isEqualTo(state));
    }

    List<String> reasons(String controlId) {
        return list(
                """
                select r ->> 'reason'
                from journal j, jsonb_array_elements(j.reasons) r
                where j.control_id = '%s'
                """
                        .formatted(controlId));
    }

    long record(String value) {
        return jdbc.sql("select id from patient_record where id_value = ? order by edition limit 1")
                .param(value)
                .query(Long.class)
                .single();
    }

    /** Whom the current values belong to, by the numbers of that person's records. */
    String values() {
        return one(
                """
                select string_agg(distinct m.id_value || case when m.edition > 0 then '*' else '' end, '+')
                       || ' ' || o.value_text
                from observation o
                join report r on r.series = o.report_series and r.standing = 'current'
                join patient_record p on p.id = r.record_id
                join patient_record m on m.person_id = p.person_id
                where o.standing = 'current'
                group by o.id, o.value_text
                order by 1
                """);
    }

    /** The persons, each by its numbers. */
    String persons() {
        return one(
                """
                select string_agg(id_value || case when edition > 0 then '*' else '' end, '+' order by id_value, edition)
                from patient_record
                group by person_id
                order by 1
                """);
    }

    List<String> deliveries() {
        return list("select control_id from delivery order by id");
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
     * All facts that messages gave, without surrogate ids, times of charting and what only tells
     * the order of arrival. Entries are named by MSH-10.
     */
    String chart() {
        var entries = new TreeMap<String, String>();
        jdbc.sql("select id, control_id from journal")
                .query(
                        row -> {
                            entries.put(row.getString(1), row.getString(2));
                        });
        var text = new StringBuilder();
        for (var sql : FACTS) {
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

    private static final List<String> FACTS =
            List.of(
                    """
                    select to_jsonb(r) - '{id, person_id, own_person, entry_id, recorded_at, path, edition}'::text[]
                           || jsonb_build_object('with', (select string_agg(m.id_value, '+' order by m.id_value)
                                                          from patient_record m where m.person_id = r.person_id))
                    from patient_record r
                    """,
                    """
                    select to_jsonb(o) - '{id, series, version, replaced_by_entry, replaced_at, entry_id, recorded_at, record_id, report_series, content_hash, confirms, notes_of}'::text[]
                           || jsonb_build_object('entry', o.entry_id, 'of', r.id_value)
                    from observation o join patient_record r on r.id = o.record_id
                    """,
                    """
                    select to_jsonb(o) - '{id, series, version, replaced_by_entry, replaced_at, entry_id, recorded_at, record_id, order_id, content_hash, notes_of}'::text[]
                           || jsonb_build_object('entry', o.entry_id, 'of', r.id_value)
                    from report o join patient_record r on r.id = o.record_id
                    """,
                    """
                    select to_jsonb(e) - '{id, entry_id, record_id, recorded_at}'::text[]
                           || jsonb_build_object('entry', e.entry_id, 'of', r.id_value)
                    from encounter e join patient_record r on r.id = e.record_id
                    """,
                    """
                    select to_jsonb(i) - '{id, entry_id, record_id, visit_id, recorded_at, listed_entry, removed_entry}'::text[]
                           || jsonb_build_object('entry', i.entry_id, 'of', r.id_value)
                    from allergy i join patient_record r on r.id = i.record_id
                    """,
                    """
                    select to_jsonb(s) - '{id, entry_id, record_id, visit_id, recorded_at}'::text[]
                           || jsonb_build_object('entry', s.entry_id, 'visit', e.number, 'of', r.id_value)
                    from statement s
                    join patient_record r on r.id = s.record_id
                    left join encounter e on e.id = s.visit_id
                    """,
                    "select control_id || ' ' || state from journal where kind = 'message'");

    @Override
    public void close() {
        codes.stop();
        backlog.stop();
        intake.stop();
        mappings.close();
        if (kept != null) kept.close();
        database.close();
    }
}
