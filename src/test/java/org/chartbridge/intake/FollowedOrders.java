package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.CareStatements;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenList;
import org.chartbridge.loops.OpenLoops;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import javax.sql.DataSource;

/**
 * An engine with what follows orders and referrals to their answers, and the words of its messages.
 */
final class FollowedOrders implements AutoCloseable {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    final OpenLoops loops;
    final OpenList open;
    final CareStatements care;
    private final AdtEngine engine;
    private final AnnotationConfigApplicationContext context =
            new AnnotationConfigApplicationContext();
    private final AtomicInteger messages = new AtomicInteger();

    FollowedOrders(AdtEngine engine) {
        this(engine, _ -> {});
    }

    /**
     * @param more registers what the engine has beside that
     */
    FollowedOrders(AdtEngine engine, Consumer<AnnotationConfigApplicationContext> more) {
        this.engine = engine;
        context.registerBean(JdbcClient.class, () -> engine.jdbc);
        context.registerBean(DataSource.class, () -> engine.dataSource);
        more.accept(context);
        context.scan("org.chartbridge.chart", "org.chartbridge.loops");
        context.refresh();
        loops = context.getBean(OpenLoops.class);
        open = context.getBean(OpenList.class);
        care = context.getBean(CareStatements.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A new one of a kind. */
    <T> T another(Class<T> type) {
        return context.getBeanFactory().createBean(type);
    }

    UUID person(String patient) {
        return engine.jdbc
                .sql("select person_id from patient_record where id_value = :number limit 1")
                .param("number", patient)
                .query(UUID.class)
                .single();
    }

    /** All that is followed of a patient. */
    List<Loop> loops(String patient) {
        return loops.of(person(patient));
    }

    /** The only one. */
    Loop loop(String patient) {
        var all = loops(patient);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    /** Those on the list, on the day after the messages. */
    List<Loop> open(String patient) {
        return of(patient, open.open(NOW.minus(Duration.ofDays(30)), NOW).loops());
    }

    /** Those of a patient. */
    List<Loop> of(String patient, List<Loop> all) {
        var person = person(patient);
        return all.stream().filter(loop -> loop.person().equals(person)).toList();
    }

    /**
     * A delivery of the last message.
     *
     * @param outcome of its only attempt; null where it was never tried
     * @param answer with line feeds; null where none is kept
     */
    void delivered(
            String to,
            String type,
            String state,
            @Nullable String outcome,
            @Nullable String answer) {
        long id = Long.parseLong(engine.one("select coalesce(max(id), 0) + 1 from delivery"));
        engine.jdbc
                .sql(
                        """
                        insert into delivery (id, entry_id, place, destination, state, control_id, message_type,
                            size_bytes, staged_at, settled_at)
                        select :id, max(id), :id, :to, :state, 'C', :type, 1, now(),
                               case when :state = 'waiting' then null else now() end
                        from journal
                        """)
                .param("id", id)
                .param("to", to)
                .param("type", type)
                .param("state", state)
                .update();
        if (outcome == null) return;
        engine.jdbc
                .sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, started_at, ended_at, outcome, answer, words)
                        values (:id, 1, 1, 'mllp:127.0.0.1:1', now(), now(), :outcome, :answer, 'AE 204')
                        """)
                .param("id", id)
                .param("outcome", outcome)
                .param(
                        "answer",
                        answer == null
                                ? null
                                : answer.replace('\n', '\r').getBytes(StandardCharsets.UTF_8),
                        Types.BINARY)
                .update();
    }

    // ------------------------------------------------------------ the words of messages

    /**
     * @param time of the day, {@code 0900}
     * @param from MSH-3
     */
    String header(String type, String time, String from) {
        return "MSH|^~\\&|%s|X|CB|CLINIC|20261120%s00-0500||%s|T-%d|P|2.5.1\n"
                .formatted(from, time, type, messages.incrementAndGet());
    }

    static String pid(String patient) {
        return "PID|1||" + patient + "^^^CLINIC^MR||DOE^Jane||19710203|F\n";
    }

    /** P is the order's number, F the laboratory's. */
    static String filled(String patient, String segments) {
        return segments.replaceAll("\\|P\\b(?=[|\n]|$)", "|P" + patient + "^EMR")
                .replaceAll("\\|F\\b(?=[|\n]|$)", "|F" + patient);
    }

    /** An order of one test (OBR-4) under the number of the patient. */
    String order(String patient, String time, String control, String test) {
        return header("ORM^O01", time, "EMR")
                + pid(patient)
                + filled(patient, "ORC|" + control + "|P\nOBR|1|P||" + test + "\n");
    }

    /** A result of the laboratory for its number. */
    String result(
            String patient, String time, String status, String of, String value, String test) {
        return header("ORU^R01", time, "LIS")
                + pid(patient)
                + filled(patient, "OBR|1|P|F|" + test + "^Potassium^L")
                + "|||20261120080000"
                + "|".repeat(15)
                + "20261120%s00|||%s\nOBX|1|NM|K^Potassium^L||%s||||||%s\n"
                        .formatted(time, status, value, of);
    }

    /** Not the engine: a database that is given back twice would be given to two. */
    @Override
    public void close() {
        context.close();
    }
}
