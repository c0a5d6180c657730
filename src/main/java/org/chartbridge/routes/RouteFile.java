package org.chartbridge.routes;

import org.chartbridge.delivery.DeliveryLimits;
import org.chartbridge.delivery.Endpoint;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Placeholders;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
import org.chartbridge.partner.Yaml.Scalar;
import org.chartbridge.routes.RoutePlan.Delivers;
import org.chartbridge.routes.Words.Shape;
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

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Z0-9]{2}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    // ${header.type}, ${exchangeProperty.urgent}, ${routeId}: nothing that reaches the body or a
    // class.
    private static final Pattern FUNCTION = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern HARMLESS =
            Pattern.compile("(header|headers|exchangeProperty)[.][A-Za-z][A-Za-z0-9_-]*|routeId");

    private static final List<String> ROUTE_KEYS = List.of("id", "description", "note", "from");
    private static final List<String> FROM_KEYS =
            List.of("uri", "parameters", "steps", "id", "description", "note");

    private static final String OUTBOX = "outbox:";
    private static final Pattern DESTINATION =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}/[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final String file;
    private final String partner;
    private final Environment environment;
    private final Consumer<FileFault> faults;
    private boolean faulty;
    private Sink words = new Sink(false);

    /** What the steps of the route that is being read name. */
    private static final class Sink {
        final boolean outbox;
        final List<Delivers> delivers = new ArrayList<>();
        final Map<String, Endpoint> endpoints = new HashMap<>();

        Sink(boolean outbox) {
            this.outbox = outbox;
        }
    }

    /**
     * What lies outside the routes folder and decides what a route file means.
     *
     * @param variables what {@code ${NAME}} stands for
     * @param allowPlaintext partners that may be sent to without TLS, wherever they are
     */
    record Environment(Map<String, String> variables, List<String> allowPlaintext) {
        Environment {
            allowPlaintext = List.copyOf(allowPlaintext);
        }

        /** The same for a partner that may be sent to wherever it is, having TLS. */
        Environment secured(String partner) {
            var allowed = new ArrayList<>(allowPlaintext);
            allowed.add(partner);
            return new Environment(variables, allowed);
        }
    }

    private RouteFile(
            String file, String partner, Environment environment, Consumer<FileFault> faults) {
        this.file = file;
        this.partner = partner;
        this.environment = environment;
        this.faults = faults;
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
                .flatMap(yaml -> new RouteFile(file, partner, environment, faults).routes(yaml));
    }

    private Optional<List<Plan>> routes(Yaml yaml) {
        if (!(yaml instanceof Items items)) {
            fault(yaml, "wanted a list of routes, got " + yaml.kind(), "begin with  - route:");
            return Optional.empty();
        }
        if (items.all().size() > MAX_ROUTES) {
            fault(yaml, items.all().size() + " routes in one file", "wanted at most " + MAX_ROUTES);
        }
        refusePlaceholders(yaml);
        var plans = new ArrayList<Plan>();
        var lines = new HashMap<String, Integer>();
        for (var item : items.all()) {
            var plan = route(item);
            if (plan == null) continue;
            var earlier = lines.put(plan.id(), plan.place().line());
            if (earlier != null) {
                fault(
                        plan.place(),
                        "route id \"" + plan.id() + "\" stands twice, first in line " + earlier,
                        "give each route its own id");
            }
            plans.add(plan);
        }
        if (plans.isEmpty() && !faulty) fault(yaml, "no route in the file", "delete the file");
        return faulty ? Optional.empty() : Optional.of(plans);
    }

    private @Nullable Plan route(Yaml item) {
        var route = only(item, "route", "begin each route with  - route:");
        var mapping = route == null ? null : block("route", route);
        if (mapping == null) return null;
        keys(mapping, ROUTE_KEYS, "a route");
        var id = routeId(mapping);
        var from = mapping.get("from");
        if (from == null) {
            fault(
                    mapping,
                    "\"from\" is missing",
                    "add  from: { uri: mllp:127.0.0.1:2575, steps: … }");
            return null;
        }
        var source = block("from", from);
        if (source == null) return null;
        keys(source, FROM_KEYS, "from");
        var uri = source.get("uri");
        var outbox = uri instanceof Scalar text && text.text().startsWith(OUTBOX);
        words = new Sink(outbox);
        steps(source, source.get("steps"));
        if (!(uri instanceof Scalar scalar) || scalar.isNothing()) {
            fault(
                    uri == null ? source : uri,
                    "\"uri\" is missing",
                    "add  uri: mllp:127.0.0.1:2575");
            return null;
        }
        var description = mapping.get("description") instanceof Scalar text ? text.text() : "";
        return outbox
                ? outbox(id, scalar, source, description)
                : receiving(id, scalar, source, description);
    }

    private @Nullable Plan receiving(
            @Nullable String id, Scalar uri, Mapping source, String description) {
        var listening = listening(uri, source.get("parameters"));
        if (listening == null || id == null) return null;
        return new RoutePlan(
                id,
                file,
                uri.place(),
                description,
                listening.address,
                listening.types,
                words.delivers);
    }

    private @Nullable Plan outbox(
            @Nullable String id, Scalar uri, Mapping source, String description) {
        var text = uri.text().substring(OUTBOX.length());
        var question = text.indexOf('?');
        var destination = question < 0 ? text : text.substring(0, question);
        if (!DESTINATION.matcher(destination).matches() || !destination.startsWith(partner + "/")) {
            fault(
                    uri,
                    "\"" + destination + "\" is no destination of this partner",
                    "wanted outbox:"
                            + partner
                            + "/ and a word, for example outbox:"
                            + partner
                            + "/orders");
            return null;
        }
        var window = new int[] {1};
        if (question >= 0) {
            for (var option : List.of(text.substring(question + 1).split("&", -1))) {
                var equals = option.indexOf('=');
                window(
                        uri,
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1),
                        window);
            }
        }
        var parameters = source.get("parameters");
        if (parameters instanceof Mapping mapping) {
            for (var entry : mapping.entries())
                window(
                        entry.key(),
                        entry.key().text(),
                        entry.value() instanceof Scalar value ? value.text() : entry.value().kind(),
                        window);
        } else if (parameters != null) {
            fault(parameters, "parameters: got " + parameters.kind(), "write  window: 16");
        }
        if (words.endpoints.isEmpty() && !faulty) {
            fault(uri, "no step of the route sends", "add  - to: { uri: \"mllp:host:port\" }");
        }
        return id == null
                ? null
                : new OutboxPlan(
                        id,
                        file,
                        uri.place(),
                        description,
                        destination,
                        window[0],
                        words.endpoints);
    }

    private void window(Yaml at, String name, String value, int[] window) {
        if (!name.equals("window")) {
            fault(
                    at,
                    "outbox has no option \"" + name + "\"",
                    Nearest.hint(name, List.of("window")));
            return;
        }
        var number = value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
        if (number < 1 || number > DeliveryLimits.MAX_WINDOW) {
            fault(
                    at,
                    "window: wanted 1 to " + DeliveryLimits.MAX_WINDOW + ", got \"" + value + "\"",
                    "1 keeps every delivery behind the answer to the one before");
            return;
        }
        window[0] = number;
    }

    private @Nullable String routeId(Mapping route) {
        if (route.get("id") instanceof Scalar id) {
            if (ID.matcher(id.text()).matches()) return id.text();
            fault(
                    id,
                    "id: wanted letters, digits, . _ and -, at most 64, got " + id.kind(),
                    "for example  id: " + partner + "-results");
            return null;
        }
        fault(route, "\"id\" is missing", "add  id: " + partner + "-results");
        return null;
    }

    private record Listening(Address address, List<String> types) {}

    private @Nullable Listening listening(Scalar uri, @Nullable Yaml parameters) {
        var filled = Placeholders.fill(file, uri, environment.variables, this::told).orElse(null);
        if (filled == null) return null;
        var scheme = filled.contains(":") ? filled.substring(0, filled.indexOf(':')) : filled;
        if (!scheme.equals("mllp")) {
            fault(
                    uri,
                    "a receiving route can't begin with \"" + scheme + "\"",
                    "wanted mllp:address:port, for example mllp:127.0.0.1:2575; deliveries begin"
                            + " with outbox:"
                            + partner
                            + "/…");
            return null;
        }
        var question = filled.indexOf('?');
        var where = filled.substring(5, question < 0 ? filled.length() : question);
        var address = Address.parse(where.startsWith("//") ? where.substring(2) : where);
        if (address == null) {
            fault(
                    uri,
                    "\"" + where + "\" is no address and port",
                    "wanted mllp:127.0.0.1:2575, with a port from 1 to 65535");
            return null;
        }
        var types = new ArrayList<String>();
        if (question >= 0) {
            for (var option : List.of(filled.substring(question + 1).split("&", -1))) {
                var equals = option.indexOf('=');
                option(
                        uri,
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1),
                        types);
            }
        }
        if (parameters instanceof Mapping mapping) {
            for (var entry : mapping.entries()) {
                option(
                        entry.key(),
                        entry.key().text(),
                        entry.value() instanceof Scalar value ? value.text() : entry.value().kind(),
                        types);
            }
        } else if (parameters != null) {
            fault(parameters, "parameters: got " + parameters.kind(), "write  types: ORU,MDM");
        }
        return new Listening(address, types);
    }

    private void option(Yaml at, String name, String value, List<String> types) {
        if (!name.equals("types")) {
            fault(at, "mllp has no option \"" + name + "\"", Nearest.hint(name, List.of("types")));
            return;
        }
        if (!types.isEmpty()) fault(at, "types stands twice", "keep one");
        for (var type : List.of(value.split(",", -1))) {
            var code = type.strip();
            if (!TYPE.matcher(code).matches()
                    || types.contains(code)
                    || types.size() == MAX_TYPES) {
                fault(
                        at,
                        "types: \"" + code + "\" is no message type, or stands twice",
                        "wanted MSH-9.1 values with commas between, for example types=ORU,MDM");
                return;
            }
            types.add(code);
        }
    }

    private void steps(Mapping parent, @Nullable Yaml steps) {
        if (steps == null) {
            fault(
                    parent,
                    "\"steps\" is missing",
                    "add  steps:  with at least  - to: { uri: chart }");
        } else if (!(steps instanceof Items items)) {
            fault(steps, "steps: wanted a list, got " + steps.kind(), "begin each step with -");
        } else if (items.all().isEmpty()) {
            fault(steps, "steps: an empty list", "add  - to: { uri: chart }");
        } else {
            items.all().forEach(this::step);
        }
    }

    private void step(Yaml step) {
        if (!(step instanceof Mapping mapping) || mapping.entries().size() != 1) {
            fault(
                    step,
                    "wanted a step with one name, got " + step.kind(),
                    "write for example  - to: { uri: chart }");
            return;
        }
        var entry = mapping.entries().getFirst();
        var word = entry.key().text();
        var shape = Words.STEPS.get(word);
        if (shape == null) {
            var why = Words.REFUSED.get(word);
            fault(
                    entry.key(),
                    (why == null ? "unknown step \"" : "step \"") + word + "\"",
                    why == null ? Nearest.hint(word, Words.STEPS.keySet()) : "it " + why);
            return;
        }
        if (word.equals("stop") && entry.value() instanceof Scalar scalar && scalar.isNothing())
            return;
        var body = block(word, entry.value());
        if (body == null) return;
        shaped(word, body, shape);
        switch (word) {
            case "to" -> destination(body);
            case "choice" -> choice(body);
            case "log" -> harmless(body.get("message"), "log");
            default -> {
                if (body.get("name") != null) name(body);
            }
        }
    }

    private void shaped(String what, Mapping body, Shape shape) {
        for (var required : shape.required()) {
            if (body.get(required) == null) {
                fault(body, what + ": \"" + required + "\" is missing", "add it");
            }
        }
        var known = new ArrayList<>(shape.required());
        known.addAll(shape.optional());
        known.addAll(Words.COMMON);
        keys(body, known, what);
        if (shape.required().contains("steps") && body.get("steps") != null) {
            steps(body, body.get("steps"));
        }
        if (shape.required().contains("expression")) expression(body.get("expression"), what);
    }

    private void destination(Mapping to) {
        if (!(to.get("uri") instanceof Scalar uri)) return;
        var scheme = uri.text().replaceFirst("[:?].*", "");
        if (words.outbox) {
            if (scheme.equals("mllp")) sending(uri);
            else if (scheme.equals("chart") || scheme.equals("deliver")) {
                fault(
                        uri,
                        "to " + scheme + " behind an outbox",
                        "wanted mllp:host:port; what is staged belongs in a receiving route");
            } else {
                fault(uri, "to \"" + scheme + "\"", "wanted { uri: \"mllp:host:port\" }");
            }
            return;
        }
        if (uri.text().equals("chart")) return;
        if (scheme.equals("deliver")) {
            delivers(uri);
        } else if (Words.LATER_ENDPOINTS.contains(scheme)) {
            fault(
                    uri,
                    "to " + scheme + " is not yet supported in 0.1.0",
                    "it comes in 0.2; remove it");
        } else if (scheme.equals("seda") || scheme.equals("vm") || scheme.equals("disruptor")) {
            fault(
                    uri,
                    "to " + scheme + " leaves the thread of the message",
                    "a receiving route works through its steps in order; remove it");
        } else {
            fault(uri, "to \"" + scheme + "\"", Words.BELONGS_BEHIND_AN_OUTBOX);
        }
    }

    private void delivers(Scalar uri) {
        var destination = uri.text().replaceFirst("^deliver:?", "");
        if (DESTINATION.matcher(destination).matches()) {
            words.delivers.add(new Delivers(destination, uri.place()));
            return;
        }
        fault(
                uri,
                "\"" + destination + "\" is no destination",
                "wanted deliver:partner/queue, as an outbox route names it, for example"
                        + " deliver:emr/results");
    }

    private void sending(Scalar uri) {
        var filled = Placeholders.fill(file, uri, environment.variables, this::told).orElse(null);
        if (filled == null) return;
        try {
            var endpoint = Endpoint.parse(filled);
            if (endpoint.isThisMachine() || environment.allowPlaintext.contains(partner)) {
                words.endpoints.put(uri.text(), endpoint);
                return;
            }
            fault(
                    uri,
                    endpoint.address()
                            + " is another machine, and without TLS everybody between can read"
                            + " what is sent",
                    "give "
                            + partner
                            + "/partner.yaml tls; only where something else protects the line, add"
                            + " \""
                            + partner
                            + "\" to the setting chartbridge.allow-plaintext");
        } catch (IllegalArgumentException _) { // Says no more than this.
            fault(
                    uri,
                    "\"" + filled + "\" is no host and port",
                    "wanted mllp:host:port, with a port from 1 to 65535");
        }
    }

    private void choice(Mapping choice) {
        var when = choice.get("when");
        if (when != null && (!(when instanceof Items items) || items.all().isEmpty())) {
            fault(when, "when: wanted a list, got " + when.kind(), "begin each case with -");
        } else if (when instanceof Items items) {
            items.all().forEach(item -> branch("when", item, Words.WHEN));
        }
        var otherwise = choice.get("otherwise");
        if (otherwise != null) branch("otherwise", otherwise, Words.OTHERWISE);
    }

    private void branch(String what, Yaml yaml, Shape shape) {
        var body = block(what, yaml);
        if (body != null) shaped(what, body, shape);
    }

    private void expression(@Nullable Yaml expression, String what) {
        if (expression == null) return;
        if (!(expression instanceof Mapping mapping) || mapping.entries().size() != 1) {
            fault(
                    expression,
                    what + ": wanted one language, got " + expression.kind(),
                    "write  expression: { simple: { expression: \"${header.type} == 'ORU'\" } }");
            return;
        }
        var entry = mapping.entries().getFirst();
        var language = entry.key().text();
        var key = Words.LANGUAGES.get(language);
        if (key == null || (language.equals("tokenize") && !what.equals("split"))) {
            fault(
                    entry.key(),
                    what + ": language \"" + language + "\"",
                    Nearest.hint(language, List.of("simple", "constant")));
            return;
        }
        var text = block(language, entry.value());
        if (text == null) return;
        shaped(language, text, new Shape(List.of(), List.of(key)));
        if (text.get(key) == null) {
            fault(text, language + ": \"" + key + "\" is missing", "add it");
            return;
        }
        if (language.equals("simple")) harmless(text.get(key), "simple");
    }

    private void harmless(@Nullable Yaml yaml, String what) {
        if (yaml == null) return;
        if (!(yaml instanceof Scalar scalar) || scalar.isNothing()) {
            fault(yaml, what + ": wanted text, got " + yaml.kind(), "write it in quotes");
            return;
        }
        var text = scalar.text();
        var functions = FUNCTION.matcher(text);
        while (functions.find()) {
            if (HARMLESS.matcher(functions.group(1)).matches()) continue;
            fault(
                    scalar,
                    what + ": \"${" + functions.group(1) + "}\" is not for routes",
                    "wanted ${header.name}, ${exchangeProperty.name} or ${routeId}: no content of a"
                            + " message, no Java");
            return;
        }
        if (text.contains("$simple{") || FUNCTION.matcher(text).replaceAll("").contains("${")) {
            fault(scalar, what + ": \"${\" that can't be read", "write ${header.name}");
        }
    }

    private void name(Mapping body) {
        var yaml = body.get("name");
        if (yaml instanceof Scalar name
                && NAME.matcher(name.text()).matches()
                && !name.text().regionMatches(true, 0, "camel", 0, 5)) return;
        fault(
                yaml == null ? body : yaml,
                "name: not a name for a header or property",
                "wanted letters, digits, _ and -, not beginning with Camel");
    }

    // Camel would fill {{…}} itself, from Java's system properties among others.
    private void refusePlaceholders(Yaml yaml) {
        switch (yaml) {
            case Scalar scalar -> {
                if (scalar.text().contains("{{")) {
                    fault(scalar, "a Camel placeholder {{…}}", "write ${NAME} in the uri of from");
                }
            }
            case Items items -> items.all().forEach(this::refusePlaceholders);
            case Mapping mapping -> mapping.entries().forEach(e -> refusePlaceholders(e.value()));
        }
    }

    private @Nullable Yaml only(Yaml item, String key, String remedy) {
        if (item instanceof Mapping mapping && mapping.entries().size() == 1) {
            var entry = mapping.entries().getFirst();
            if (entry.key().text().equals(key)) return entry.value();
            fault(
                    entry.key(),
                    "wanted \"" + key + "\", got \"" + entry.key().text() + "\"",
                    remedy);
            return null;
        }
        if (item instanceof Mapping mapping && mapping.get(key) != null) {
            fault(
                    item,
                    "wanted \"" + key + "\" alone, got other keys beside it",
                    "indent them below");
            return null;
        }
        fault(item, "wanted \"" + key + "\", got " + item.kind(), remedy);
        return null;
    }

    private @Nullable Mapping block(String what, Yaml yaml) {
        if (yaml instanceof Mapping mapping) return mapping;
        fault(
                yaml,
                what + ": wanted a block of keys, got " + yaml.kind(),
                what.equals("to") ? "write  - to: { uri: chart }" : "indent its keys below it");
        return null;
    }

    private void keys(Mapping mapping, List<String> known, String what) {
        for (var entry : mapping.entries()) {
            var key = entry.key().text();
            if (known.contains(key)) continue;
            var why = Words.REFUSED_KEYS.get(key);
            fault(
                    entry.key(),
                    what + ": " + (why == null ? "unknown key \"" : "key \"") + key + "\"",
                    why == null ? Nearest.hint(key, known) : "it " + why);
        }
    }

    private void fault(Yaml at, String what, String remedy) {
        fault(at.place(), what, remedy);
    }

    private void fault(Place place, String what, String remedy) {
        told(FileFault.at(file, place, what, remedy));
    }

    private void told(FileFault fault) {
        faulty = true;
        faults.accept(fault);
    }
}
