package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.routes.RoutesCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What can be said about {@code docker-compose.yml} where there is no Docker. */
class ComposeTests {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)}");
    private static final Pattern METER = Pattern.compile("\\b(chartbridge|jvm|process)_[a-z_]+");

    private final Map<String, Object> compose = yaml(Path.of("docker-compose.yml"));

    @Test
    void everythingMountedIsInTheTree() {
        for (var service : services().entrySet()) {
            for (var volume : list(service.getValue(), "volumes")) {
                var source = volume.toString().split(":", 2)[0];
                if (source.startsWith("."))
                    assertThat(Path.of(source)).as(service.getKey()).exists();
                else assertThat(map(compose, "volumes")).as(service.getKey()).containsKey(source);
            }
        }
    }

    @Test
    void whateverIsCalledByNameIsAService() {
        var names = new ArrayList<String>();
        for (var service : services().values()) {
            var after = service.get("depends_on");
            if (after instanceof Map<?, ?> map) map.keySet().forEach(k -> names.add(k.toString()));
            else if (after instanceof List<?> list) list.forEach(n -> names.add(n.toString()));
        }
        var engine = environment("engine-1");
        names.add(host(engine.get("SPRING_DATASOURCE_URL"), "postgresql://"));
        names.add(host(engine.get("SPRING_ARTEMIS_BROKER_URL"), "tcp://"));
        names.add(String.valueOf(engine.get("EMR_HOST")));

        assertThat(services().keySet()).containsAll(names);
    }

    @Test
    void bothEnginesAreAlikeButForTheirDataAndPublishedPorts() {
        var one = new TreeMap<>(services().getOrDefault("engine-1", Map.of()));
        var two = new TreeMap<>(services().getOrDefault("engine-2", Map.of()));
        assertThat(one).isNotEmpty();
        for (var engine : List.of(one, two)) {
            engine.remove("volumes");
            engine.remove("ports");
        }

        assertThat(one).isEqualTo(two);
    }

    @Test
    void noPasswordHasADefaultAndNothingIsPublishedBeyondThisMachine() throws IOException {
        var text = Files.readString(Path.of("docker-compose.yml"));

        assertThat(text).doesNotContainPattern("PASSWORD:-");
        for (var service : services().values())
            for (var port : list(service, "ports"))
                assertThat(port.toString()).startsWith("127.0.0.1:");
    }

    @Test
    void everyPlaceholderOfTheRoutesIsSet() throws IOException {
        var wanted = new TreeSet<String>();
        try (var files = Files.walk(Path.of("src/docker/routes"))) {
            for (var file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                var matcher = PLACEHOLDER.matcher(Files.readString(file));
                while (matcher.find()) wanted.add(matcher.group(1));
            }
        }

        assertThat(wanted).isNotEmpty();
        assertThat(environment("engine-1").keySet()).containsAll(wanted);
    }

    @Test
    void prometheusAsksTheEnginesWhereTheyAre() {
        var prometheus = yaml(Path.of("src/docker/prometheus.yml")).toString();

        assertThat(prometheus).contains("engine-1:8080", "engine-2:8080", "/actuator/prometheus");
    }

    @Test
    void everyMeterOfTheDashboardIsExplained() throws IOException {
        var meters = new TreeSet<String>();
        var dashboard =
                JsonMapper.shared()
                        .readTree(
                                Files.readString(
                                        Path.of("src/docker/grafana/dashboards/chartbridge.json")));
        for (var panel : dashboard.path("panels"))
            for (var target : panel.path("targets")) {
                var matcher = METER.matcher(target.path("expr").asString());
                while (matcher.find()) meters.add(matcher.group());
            }

        var explained = Files.readString(Path.of("src/docs/figures.md"));

        assertThat(meters).hasSizeGreaterThan(5);
        assertThat(meters)
                .allSatisfy(
                        meter ->
                                assertThat(explained)
                                        .contains(meter.replaceFirst("_(sum|count|max)$", "")));
    }

    private static String host(@Nullable Object url, String scheme) {
        var text = String.valueOf(url);
        return text.substring(text.indexOf(scheme) + scheme.length()).split("[:/]", 2)[0];
    }

    private Map<String, Map<String, Object>> services() {
        var all = new TreeMap<String, Map<String, Object>>();
        for (var name : map(compose, "services").keySet())
            all.put(name, map(map(compose, "services"), name));
        return all;
    }

    private Map<String, Object> environment(String service) {
        return map(services().get(service), "environment");
    }

    @SuppressWarnings("unchecked") // Keys of these files are texts.
    private static Map<String, Object> map(@Nullable Map<String, Object> parent, String key) {
        var value = parent == null ? null : parent.get(key);
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static List<?> list(Map<String, Object> parent, String key) {
        return parent.get(key) instanceof List<?> list ? list : List.of();
    }

    private static Map<String, Object> yaml(Path file) {
        try (var in = Files.newBufferedReader(file)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void itsRoutesLoadAndItsPortsMayBeOpened() {
        var found =
                RoutesCheck.of(
                        Path.of("src/docker/routes"), Map.of("EMR_HOST", "emr"), List.of("emr"));

        assertThat(found.faults()).isEmpty();
        assertThat(found.ports()).contains("0.0.0.0:2575", "0.0.0.0:2576");
    }
}
