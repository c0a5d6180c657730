package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.chartbridge.SampleCase.Exchange;
import org.chartbridge.SampleCase.Expected;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.Documents;
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.Reports;
import org.chartbridge.screening.Screener;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs every folder of {@code sample-messages/} through the whole engine: its own routes, real
 * sockets, a real PostgreSQL. What is wrong is listed field by field, all of it at once.
 */
abstract class SampleRun {
    private static final Duration SETTLED = Duration.ofSeconds(20);
    private static final Map<String, Integer> PORTS =
            Map.of(
                    "usual",
                    FreePort.take(),
                    "northlab-only",
                    FreePort.take(),
                    "emr",
                    FreePort.take(),
                    "others",
                    FreePort.take());

    @Autowired Persons persons;
    @Autowired Reports reports;
    @Autowired Observations observations;
    @Autowired Documents documents;
    @Autowired Registrations registrations;
    @Autowired CareStatements care;
    @Autowired Screener screener;
    @Autowired JdbcClient jdbc;

    static List<SampleCase> cases() throws IOException {
        return SampleCase.all(SampleFoldersTests.SAMPLES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aSampleIsAnsweredAndChartedAsItsRuleSays(SampleCase sample) throws IOException {
        var differences = new ArrayList<String>();

        var charts =
                new SampleChart.Reads(
                        persons, reports, observations, documents, registrations, care, screener);

        differences.addAll(exchange(sample));
        // What one message frees goes on after it was answered.
        await().atMost(SETTLED)
                .until(() -> count("select count(*) from journal where state = 'received'") == 0);
        differences.addAll(SampleChart.differences(sample.chart(), charts));

        assertThat(differences)
                .withFailMessage(
                        () ->
                                "%s is not met:%n%s%nThe rule: sample-messages/%s/RULE.md"
                                        .formatted(
                                                sample.folder(),
                                                String.join(System.lineSeparator(), differences),
                                                sample.folder()))
                .isEmpty();
    }

    private List<String> exchange(SampleCase sample) throws IOException {
        var differences = new ArrayList<String>();
        var answers = new ArrayList<byte[]>();
        var lines = new HashMap<String, SampleWire>();
        try {
            for (var exchange : sample.exchanges()) {
                var where = (answers.size() + 1) + ". " + exchange.file() + ": ";
                var before = Kept.of(jdbc);
                var port = PORTS.get(exchange.listener());
                if (port == null) throw new IllegalArgumentException(exchange.listener());
                // Who speaks something else calls by itself.
                var line = exchange.listener() + (exchange.framed() ? "" : ", " + where);
                var wire = lines.get(line);
                if (wire == null) {
                    wire = SampleWire.to(port);
                    lines.put(line, wire);
                }
                wire.send(exchange.bytes(), exchange.framed());
                var found = new ArrayList<String>();
                answers.add(answer(exchange, wire, answers, found));
                found.addAll(became(exchange, before));
                found.forEach(difference -> differences.add(where + difference));
            }
            for (var wire : lines.values()) {
                wire.rest()
                        .ifPresent(
                                more ->
                                        differences.add(
                                                "after the last answer: not wanted: "
                                                        + text(more)));
            }
        } finally {
            for (var wire : lines.values()) wire.close();
        }
        return differences;
    }

    /** Reads what comes back, if something has to; what never comes shows with the next answer. */
    private static byte[] answer(
            Exchange exchange, SampleWire wire, List<byte[]> earlier, List<String> differences)
            throws IOException {
        return switch (exchange.expected()) {
            case Expected.Nothing _ -> new byte[0];
            case Expected.Closed _ -> {
                var got = wire.answer();
                got.ifPresent(bytes -> differences.add("wanted no answer, got " + text(bytes)));
                wire.close();
                yield new byte[0];
            }
            case Expected.SameAs(int number) -> {
                var got = wire.answer().orElse(new byte[0]);
                var wanted = earlier.get(number - 1);
                if (!java.util.Arrays.equals(wanted, got))
                    differences.add(
                            "wanted the bytes of answer %d\n %s\n got\n %s"
                                    .formatted(number, text(wanted), text(got)));
                yield got;
            }
            case Expected.Ack ack -> {
                var got = wire.answer();
                if (got.isEmpty()) differences.add("wanted an answer, the connection was closed");
                else differences.addAll(SampleAnswer.differences(ack, exchange.bytes(), got.get()));
                yield got.orElse(new byte[0]);
            }
        };
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private List<String> became(Exchange exchange, Kept before) {
        var wanted = exchange.becomes();
        try {
            await().atMost(SETTLED).until(() -> wanted.equals(Kept.of(jdbc).since(before)));
            return List.of();
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return List.of(
                    "becomes: wanted '%s', got '%s'"
                            .formatted(wanted, Kept.of(jdbc).since(before)));
        }
    }

    /**
     * What the engine keeps.
     *
     * @param lastState what became of the youngest journal entry
     * @param repeats how often known messages came again
     * @param strays pieces of stray bytes
     */
    private record Kept(long entries, String lastState, long repeats, long strays) {

        static Kept of(JdbcClient jdbc) {
            return jdbc.sql(
                            """
                            select (select count(*) from journal) as entries,
                                   coalesce((select state from journal order by id desc limit 1), '') as last_state,
                                   (select coalesce(sum(repeats), 0) from journal) as repeats,
                                   (select count(*) from stray_bytes) as strays
                            """)
                    .query(
                            (row, _) ->
                                    new Kept(
                                            row.getLong("entries"),
                                            row.getString("last_state"),
                                            row.getLong("repeats"),
                                            row.getLong("strays")))
                    .single();
        }

        /** What became of the one message that came in between. */
        String since(Kept before) {
            if (entries == before.entries + 1 && strays == before.strays) return lastState;
            if (entries > before.entries) return entries - before.entries + " entries";
            if (strays > before.strays) return "stray";
            return repeats > before.repeats ? "repeat" : "nothing";
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replace("\r", "\n ");
    }

    // ------------------------------------------------------------------------------- routes

    /**
     * The routes of this repository on ports of the test's own, one port more that only northlab is
     * at, and partners with unusual settings ({@code src/test/routes}).
     */
    static Path routes() throws IOException {
        var target = Files.createTempDirectory(Path.of("target"), "sample-routes");
        var ports =
                new HashMap<String, Integer>(
                        Map.of(
                                ":2575",
                                port("usual"),
                                ":2576",
                                port("emr"),
                                ":2585",
                                port("others")));
        copy(Path.of("routes"), target, ports);
        copy(Path.of("src/test/routes"), target, ports);
        var results = Files.readString(target.resolve("northlab/results.yaml"));
        Files.writeString(
                target.resolve("northlab/only.yaml"),
                results.replace(":" + port("usual"), ":" + port("northlab-only"))
                        .replace("id: northlab-results", "id: northlab-only"));
        return target;
    }

    private static void copy(Path from, Path target, Map<String, Integer> ports)
            throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var copy = target.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(copy);
                else Files.writeString(copy, withPorts(Files.readString(file), ports));
            }
        }
    }

    /** Other ports than the usual one are moved out of the way of an engine that runs. */
    private static String withPorts(String text, Map<String, Integer> ports) {
        var moved = new StringBuilder();
        var found = java.util.regex.Pattern.compile(":25\\d\\d\\b").matcher(text);
        while (found.find())
            found.appendReplacement(
                    moved, ":" + ports.computeIfAbsent(found.group(), _ -> FreePort.take()));
        return found.appendTail(moved).toString();
    }

    private static int port(String listener) {
        var port = PORTS.get(listener);
        if (port == null) throw new IllegalArgumentException(listener);
        return port;
    }
}
