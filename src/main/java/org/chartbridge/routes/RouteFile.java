package org.chartbridge.routes;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads one route file and tells every fault in it, before Camel sees it. What passes here has only
 * steps that stage work, or, behind an outbox, that say what is to be sent: nothing that could act
 * on the world, leave its thread, or bring a message's content into a log.
 *
 * <p>Canonical Camel YAML only, so that there is one way to write a thing.
 */
final class RouteFile {
    static final int MAX_ROUTES = 50;
    static final int MAX_TYPES = 100;

    /** {@code partner/queue}. */
    static final Pattern DESTINATION =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}/[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final List<String> ROUTE_KEYS = List.of("id", "description", "note", "from");
    private static final List<String> FROM_KEYS =
            List.of("uri", "parameters", "steps", "id", "description", "note");

    private final RouteYaml yaml;

    /**
     * What lies outside a route file and decides what it means.
     *
     * @param variables what {@code ${NAME}} stands for
     * @param allowPlaintext partners that may be sent to without TLS, wherever they are
     * @param edits the edit files of the folder by name; empty ones have faults, told already
     */
    record Environment(
            Map<String, String> variables,
            List<String> allowPlaintext,
            Map<String, Optional<EditScript>> edits) {
        Environment {
            allowPlaintext = List.copyOf(allowPlaintext);
            edits = Map.copyOf(edits);
        }

        Environment(Map<String, String> variables, List<String> allowPlaintext) {
            this(variables, allowPlaintext, Map.of());
        }

        /** The same for routes of a folder with these edit files. */
        Environment with(Map<String, Optional<EditScript>> files) {
            return new Environment(variables, allowPlaintext, files);
        }

        /** The same for a partner that may be sent to wherever it is, having TLS. */
        Environment secured(String partner) {
            var allowed = new ArrayList<>(allowPlaintext);
            allowed.add(partner);
            return new Environment(variables, allowed, edits);
        }
    }

    private RouteFile(RouteYaml yaml) {
        this.yaml = yaml;
    }

    /**
     * The routes of a file.
     *
     * @param file below the routes folder
     * @return empty, with faults told, when the file has any
     */
    static Optional<List<Plan>> read(
            String file,
            byte[] content,
            String partner,
            Environment environment,
            Consumer<FileFault> faults) {
        return Yaml.read(file, content, faults)
                .flatMap(
                        its ->
                                new RouteFile(new RouteYaml(file, partner, environment, faults))
                                        .routes(its));
    }

    private Optional<List<Plan>> routes(Yaml its) {
        if (!(its instanceof Items items)) {
            yaml.fault(its, "wanted a list of routes, got " + its.kind(), "begin with  - route:");
            return Optional.empty();
        }
        if (items.all().size() > MAX_ROUTES) {
            yaml.fault(
                    its,
                    items.all().size() + " routes in one file",
                    "wanted at most " + MAX_ROUTES);
        }
        refusePlaceholders(its);
        var plans = new ArrayList<Plan>();
        var lines = new HashMap<String, Integer>();
        for (var item : items.all()) {
            var plan = route(item);
            if (plan == null) continue;
            var earlier = lines.put(plan.id(), plan.place().line());
            if (earlier != null) {
                yaml.fault(
                        plan.place(),
                        "route id \"" + plan.id() + "\" stands twice, first in line " + earlier,
                        "give each route its own id");
            }
            plans.add(plan);
        }
        if (plans.isEmpty() && !yaml.isFaulty())
            yaml.fault(its, "no route in the file", "delete the file");
        return yaml.isFaulty() ? Optional.empty() : Optional.of(plans);
    }

    private @Nullable Plan route(Yaml item) {
        var route = yaml.only(item, "route", "begin each route with  - route:");
        var mapping = route == null ? null : yaml.block("route", route);
        if (mapping == null) return null;
        yaml.keys(mapping, ROUTE_KEYS, "a route");
        var id = routeId(mapping);
        var from = mapping.get("from");
        if (from == null) {
            yaml.fault(
                    mapping,
                    "\"from\" is missing",
                    "add  from: { uri: mllp:127.0.0.1:2575, steps: … }");
            return null;
        }
        var source = yaml.block("from", from);
        if (source == null) return null;
        yaml.keys(source, FROM_KEYS, "from");
        var uri = source.get("uri");
        var outbox = uri instanceof Scalar text && text.text().startsWith(RouteSource.OUTBOX);
        var steps = new RouteSteps(yaml, outbox);
        steps.steps(source, source.get("steps"));
        if (!(uri instanceof Scalar scalar) || scalar.isNothing()) {
            yaml.fault(
                    uri == null ? source : uri,
                    "\"uri\" is missing",
                    "add  uri: mllp:127.0.0.1:2575");
            return null;
        }
        var description = mapping.get("description") instanceof Scalar text ? text.text() : "";
        return outbox
                ? outbox(id, scalar, source, description, steps)
                : receiving(id, scalar, source, description, steps);
    }

    private @Nullable Plan receiving(
            @Nullable String id, Scalar uri, Mapping source, String description, RouteSteps steps) {
        var listening = new RouteSource(yaml).listening(uri, source.get("parameters"));
        if (listening == null || id == null) return null;
        return new RoutePlan(
                id,
                yaml.file(),
                uri.place(),
                description,
                listening.door(),
                listening.types(),
                steps.delivers(),
                steps.edits());
    }

    private @Nullable Plan outbox(
            @Nullable String id, Scalar uri, Mapping source, String description, RouteSteps steps) {
        var outbox = new RouteSource(yaml).outbox(uri, source);
        if (outbox == null) return null;
        if (steps.endpoints().isEmpty() && !yaml.isFaulty())
            yaml.fault(uri, "no step of the route sends", "add  - to: { uri: \"mllp:host:port\" }");
        if (outbox.window() > 1 && steps.endpoints().values().stream().anyMatch(RouteFile::isAlone))
            yaml.fault(
                    uri,
                    "window: over HTTP each message leaves after the answer to the one before",
                    "remove window");
        return id == null
                ? null
                : new OutboxPlan(
                        id,
                        yaml.file(),
                        uri.place(),
                        description,
                        outbox.destination(),
                        outbox.window(),
                        outbox.patientId(),
                        steps.endpoints(),
                        steps.edits());
    }

    /** Whether several in flight would overtake each other. */
    private static boolean isAlone(Endpoint endpoint) {
        return endpoint instanceof Endpoint.Http;
    }

    private @Nullable String routeId(Mapping route) {
        if (route.get("id") instanceof Scalar id) {
            if (ID.matcher(id.text()).matches()) return id.text();
            yaml.fault(
                    id,
                    "id: wanted letters, digits, . _ and -, at most 64, got " + id.kind(),
                    "for example  id: " + yaml.partner() + "-results");
            return null;
        }
        yaml.fault(route, "\"id\" is missing", "add  id: " + yaml.partner() + "-results");
        return null;
    }

    // Camel would fill {{…}} itself, from Java's system properties among others.
    private void refusePlaceholders(Yaml its) {
        switch (its) {
            case Scalar scalar -> {
                if (scalar.text().contains("{{")) {
                    yaml.fault(
                            scalar,
                            "a Camel placeholder {{…}}",
                            "write ${NAME} in the uri of from");
                }
            }
            case Items items -> items.all().forEach(this::refusePlaceholders);
            case Mapping mapping -> mapping.entries().forEach(e -> refusePlaceholders(e.value()));
        }
    }
}
