package org.chartbridge.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an engine says of itself at one moment, in Prometheus' text format.
 *
 * @param values by name with labels, as written
 */
record Metrics(Map<String, Double> values) {
    /** In the order of a message's way; see meter {@code chartbridge.stage}. */
    static final List<String> STAGES =
            List.of("read", "route", "map", "lock-and-read", "fold", "write", "commit");

    /** These are timed once for a message, the others once for a group. */
    private static final List<String> OF_MESSAGE = List.of("read", "route", "map");

    static final Metrics NONE = new Metrics(Map.of());

    /** Asks an engine. */
    static Metrics of(HttpClient http, URI console) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(console.resolve("/actuator/prometheus"))
                        .timeout(Duration.ofSeconds(10))
                        .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("/actuator/prometheus: HTTP " + answer.statusCode());
        }
        return read(answer.body());
    }

    static Metrics read(String text) {
        var values = new TreeMap<String, Double>();
        for (var line : text.lines().toList()) {
            var space = line.lastIndexOf(' ');
            if (line.startsWith("#") || space < 0) continue;
            try {
                values.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            } catch (NumberFormatException e) {
                // Not a sample; other lines still count.
            }
        }
        return new Metrics(values);
    }

    /** The sum over all samples of a name whose labels hold this. */
    double sum(String name, String label) {
        return values.entrySet().stream()
                .filter(
                        e ->
                                e.getKey().equals(name)
                                        || (e.getKey().startsWith(name + "{")
                                                && e.getKey().contains(label)))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** Time a message spent in each stage since then, in microseconds of a thread's time. */
    Map<String, Double> microsPerMessage(Metrics before) {
        var times = new LinkedHashMap<String, Double>();
        for (var stage : STAGES) {
            var label = "stage=\"" + stage + "\"";
            var seconds = since(before, "chartbridge_stage_seconds_sum", label);
            var messages =
                    OF_MESSAGE.contains(stage)
                            ? since(before, "chartbridge_stage_seconds_count", label)
                            : since(before, "chartbridge_group_messages_sum", "");
            times.put(stage, messages == 0 ? 0 : seconds * 1e6 / messages);
        }
        return times;
    }

    /** Messages in one transaction since then, on average; 0 when there was none. */
    double meanGroup(Metrics before) {
        var groups = since(before, "chartbridge_group_messages_count", "");
        return groups == 0 ? 0 : since(before, "chartbridge_group_messages_sum", "") / groups;
    }

    private double since(Metrics before, String name, String label) {
        return sum(name, label) - before.sum(name, label);
    }

    /** Bytes of the heap that are used now. */
    double heapUsed() {
        return sum("jvm_memory_used_bytes", "area=\"heap\"");
    }

    /** Bytes of the heap that the JVM has taken. */
    double heapCommitted() {
        return sum("jvm_memory_committed_bytes", "area=\"heap\"");
    }
}
