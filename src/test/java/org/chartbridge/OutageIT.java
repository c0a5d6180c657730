package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.chartbridge.database.OutsidePostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * An outside PostgreSQL goes away for longer than messages may wait, and comes back. What was
 * acknowledged is charted once, what was not is answered by nothing, and the engine goes on by
 * itself.
 */
class OutageIT {
    private static final int CONNECTIONS = 6;
    private static final String OUTAGE = "--chartbridge.intake.outage=2s";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    /** The outage, the wait for a connection of the pool, and a busy machine. */
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(15);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private OutsidePostgres postgres;
    private TestEngine engine;
    private final Map<String, byte[]> sent = new LinkedHashMap<>();
    private final List<String> acknowledged = new ArrayList<>();

    @BeforeEach
    void startBoth() throws IOException {
        assumeTrue(OutsidePostgres.installed(), "no PostgreSQL in /usr/lib/postgresql");
        postgres = OutsidePostgres.start();
        engine = TestEngine.in(folder).with("north");
        engine.start(
                "--spring.datasource.url=" + postgres.url("postgres"),
                "--spring.datasource.username=" + OutsidePostgres.USER,
                OUTAGE);
    }

    @AfterEach
    void endBoth() throws IOException {
        if (engine != null) engine.close();
        if (postgres != null) postgres.close();
    }

    @Test
    void aDatabaseThatIsGoneLosesAndDoublesNothing() throws Exception {
        exchangeOnAll("before");
        assertThat(acknowledged).hasSize(CONNECTIONS);

        postgres.kill();
        nobodyIsAnswered();
        postgres.startAgain();

        everythingIsChartedOnceAfterSendingAgain();
        postgres.kill();
        theEngineEndsInTime();
    }

    @Test
    void aDatabaseThatStandsStillLosesAndDoublesNothing() throws Exception {
        exchangeOnAll("before");
        assertThat(acknowledged).hasSize(CONNECTIONS);

        postgres.freeze();
        nobodyIsAnswered();
        postgres.thaw();

        everythingIsChartedOnceAfterSendingAgain();
        postgres.freeze();
        theEngineEndsInTime();
    }

    private void nobodyIsAnswered() throws Exception {
        var began = System.nanoTime();

        assertThat(exchangeOnAll("first")).containsOnly("closed");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CLOSED_WITHIN);
        assertThat(exchangeOnAll("second")).containsOnly("closed");

        assertThat(engine.said())
                .contains("database can't take messages, nobody is answered until it can")
                .contains("database away too long, closing connections without an answer");
        assertThat(engine.ready()).isFalse();
    }

    private void everythingIsChartedOnceAfterSendingAgain() throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(engine::ready);
        try (var wire = engine.call()) {
            for (var message : sent.entrySet())
                assertThat(exchange(wire, message.getKey(), message.getValue()))
                        .isEqualTo("AA " + message.getKey());
        }
        assertThat(acknowledged).containsAll(sent.keySet());
        assertThat(rows("select control_id || ' ' || state from journal order by 1"))
                .containsExactlyElementsOf(
                        sent.keySet().stream().map(id -> id + " charted").sorted().toList());
        assertThat(rows("select count(*)::text from observation"))
                .containsExactly(String.valueOf(sent.size()));
    }

    private void theEngineEndsInTime() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor();
                var wire = engine.call()) {
            // One is in work meanwhile.
            var last = pool.submit(() -> exchange(wire, "last", Hl7.result("NORTH", "last", "1")));
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            var began = System.nanoTime();

            engine.process().terminate();
            var code = engine.process().exitCode();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(STOP_LIMIT);
            assertThat(code).isEqualTo(143);
            assertThat(last.get()).isEqualTo("closed");
        }
    }

    /** Sends one message on each of some connections at once, and waits for all answers. */
    private List<String> exchangeOnAll(String prefix) throws Exception {
        var calls = new ArrayList<Callable<String>>();
        for (var i = 0; i < CONNECTIONS; i++) {
            var id = prefix + i;
            var message = Hl7.result("NORTH", id, "14" + i);
            sent.put(id, message);
            calls.add(
                    () -> {
                        try (var wire = engine.call()) {
                            return exchange(wire, id, message);
                        }
                    });
        }
        var answers = new ArrayList<String>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : pool.invokeAll(calls)) answers.add(answer.get());
        }
        return answers;
    }

    private String exchange(SampleWire wire, String id, byte[] message) throws IOException {
        wire.send(message, true);
        Optional<byte[]> answer;
        try {
            answer = wire.answer();
        } catch (java.net.SocketException reset) {
            answer = Optional.empty();
        }
        var code = answer.map(Hl7::code).orElse("closed");
        synchronized (acknowledged) {
            if (code.equals("AA " + id)) acknowledged.add(id);
        }
        return code;
    }

    private List<String> rows(String sql) throws SQLException {
        var found = new ArrayList<String>();
        try (var connection = postgres.connect("postgres");
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            while (result.next()) found.add(result.getString(1));
        }
        return found;
    }
}
