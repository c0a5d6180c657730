package org.chartbridge.routes;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;
import org.chartbridge.routes.RoutePlan.Delivers;
import org.chartbridge.routes.Words.Shape;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the steps of one route, by the lists in {@link Words}, and keeps what they name. */
final class RouteSteps {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    // ${header.type}, ${exchangeProperty.urgent}, ${routeId}: nothing that reaches the body or a
    // class.
    private static final Pattern FUNCTION = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern HARMLESS =
            Pattern.compile("(header|headers|exchangeProperty)[.][A-Za-z][A-Za-z0-9_-]*|routeId");

    private final RouteYaml yaml;
    private final boolean outbox;
    private final List<Delivers> delivers = new ArrayList<>();
    private final Map<String, Endpoint> endpoints = new HashMap<>();

    /**
     * @param outbox whether the route begins with an outbox, behind which it sends
     */
    RouteSteps(RouteYaml yaml, boolean outbox) {
        this.yaml = yaml;
        this.outbox = outbox;
    }

    /** The destinations that it delivers to. */
    List<Delivers> delivers() {
        return delivers;
    }

    /** Where it sends, by the text of the uri. */
    Map<String, Endpoint> endpoints() {
        return endpoints;
    }

    /** Reads the steps below a key. */
    void steps(Mapping parent, @Nullable Yaml steps) {
        if (steps == null) {
            yaml.fault(
                    parent,
                    "\"steps\" is missing",
                    "add  steps:  with at least  - to: { uri: chart }");
        } else if (!(steps instanceof Items items)) {
            yaml.fault(
                    steps, "steps: wanted a list, got " + steps.kind(), "begin each step with -");
        } else if (items.all().isEmpty()) {
            yaml.fault(steps, "steps: an empty list", "add  - to: { uri: chart }");
        } else {
            items.all().forEach(this::step);
        }
    }

    private void step(Yaml step) {
        if (!(step instanceof Mapping mapping) || mapping.entries().size() != 1) {
            yaml.fault(
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
            yaml.fault(
                    entry.key(),
                    (why == null ? "unknown step \"" : "step \"") + word + "\"",
                    why == null ? Nearest.hint(word, Words.STEPS.keySet()) : "it " + why);
            return;
        }
        if (word.equals("stop") && entry.value() instanceof Scalar scalar && scalar.isNothing())
            return;
        var body = yaml.block(word, entry.value());
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
                yaml.fault(body, what + ": \"" + required + "\" is missing", "add it");
            }
        }
        var known = new ArrayList<>(shape.required());
        known.addAll(shape.optional());
        known.addAll(Words.COMMON);
        yaml.keys(body, known, what);
        if (shape.required().contains("steps") && body.get("steps") != null) {
            steps(body, body.get("steps"));
        }
        if (shape.required().contains("expression")) expression(body.get("expression"), what);
    }

    private void destination(Mapping to) {
        if (!(to.get("uri") instanceof Scalar uri)) return;
        var scheme = uri.text().replaceFirst("[:?].*", "");
        if (outbox) {
            if (scheme.equals("mllp")) sending(uri);
            else if (scheme.equals("chart")
                    || scheme.equals("answer")
                    || scheme.equals("deliver")) {
                yaml.fault(
                        uri,
                        "to " + scheme + " behind an outbox",
                        "wanted mllp:host:port; what is staged belongs in a receiving route");
            } else {
                yaml.fault(uri, "to \"" + scheme + "\"", "wanted { uri: \"mllp:host:port\" }");
            }
            return;
        }
        if (uri.text().equals("chart") || uri.text().equals("answer")) return;
        if (scheme.equals("deliver")) {
            delivers(uri);
        } else if (Words.LATER_ENDPOINTS.contains(scheme)) {
            yaml.fault(
                    uri,
                    "to " + scheme + " is not yet supported in 0.1.0",
                    "it comes in 0.2; remove it");
        } else if (scheme.equals("seda") || scheme.equals("vm") || scheme.equals("disruptor")) {
            yaml.fault(
                    uri,
                    "to " + scheme + " leaves the thread of the message",
                    "a receiving route works through its steps in order; remove it");
        } else {
            yaml.fault(uri, "to \"" + scheme + "\"", Words.BELONGS_BEHIND_AN_OUTBOX);
        }
    }

    private void delivers(Scalar uri) {
        var destination = uri.text().replaceFirst("^deliver:?", "");
        if (RouteFile.DESTINATION.matcher(destination).matches()) {
            delivers.add(new Delivers(destination, uri.place()));
            return;
        }
        yaml.fault(
                uri,
                "\"" + destination + "\" is no destination",
                "wanted deliver:partner/queue, as an outbox route names it, for example"
                        + " deliver:emr/results");
    }

    private void sending(Scalar uri) {
        var filled = yaml.filled(uri);
        if (filled == null) return;
        try {
            var endpoint = Endpoint.parse(filled);
            if (endpoint.isThisMachine() || yaml.reachesOut()) {
                endpoints.put(uri.text(), endpoint);
                return;
            }
            yaml.fault(
                    uri,
                    endpoint.address()
                            + " is another machine, and without TLS everybody between can read"
                            + " what is sent",
                    "give "
                            + yaml.partner()
                            + "/partner.yaml tls; only where something else protects the line, add"
                            + " \""
                            + yaml.partner()
                            + "\" to the setting chartbridge.allow-plaintext");
        } catch (IllegalArgumentException _) { // Says no more than this.
            yaml.fault(
                    uri,
                    "\"" + filled + "\" is no host and port",
                    "wanted mllp:host:port, with a port from 1 to 65535");
        }
    }

    private void choice(Mapping choice) {
        var when = choice.get("when");
        if (when != null && (!(when instanceof Items items) || items.all().isEmpty())) {
            yaml.fault(when, "when: wanted a list, got " + when.kind(), "begin each case with -");
        } else if (when instanceof Items items) {
            items.all().forEach(item -> branch("when", item, Words.WHEN));
        }
        var otherwise = choice.get("otherwise");
        if (otherwise != null) branch("otherwise", otherwise, Words.OTHERWISE);
    }

    private void branch(String what, Yaml its, Shape shape) {
        var body = yaml.block(what, its);
        if (body != null) shaped(what, body, shape);
    }

    private void expression(@Nullable Yaml expression, String what) {
        if (expression == null) return;
        if (!(expression instanceof Mapping mapping) || mapping.entries().size() != 1) {
            yaml.fault(
                    expression,
                    what + ": wanted one language, got " + expression.kind(),
                    "write  expression: { simple: { expression: \"${header.type} == 'ORU'\" } }");
            return;
        }
        var entry = mapping.entries().getFirst();
        var language = entry.key().text();
        var key = Words.LANGUAGES.get(language);
        if (key == null || (language.equals("tokenize") && !what.equals("split"))) {
            yaml.fault(
                    entry.key(),
                    what + ": language \"" + language + "\"",
                    Nearest.hint(language, List.of("simple", "constant")));
            return;
        }
        var text = yaml.block(language, entry.value());
        if (text == null) return;
        shaped(language, text, new Shape(List.of(), List.of(key)));
        if (text.get(key) == null) {
            yaml.fault(text, language + ": \"" + key + "\" is missing", "add it");
            return;
        }
        if (language.equals("simple")) harmless(text.get(key), "simple");
    }

    private void harmless(@Nullable Yaml its, String what) {
        if (its == null) return;
        if (!(its instanceof Scalar scalar) || scalar.isNothing()) {
            yaml.fault(its, what + ": wanted text, got " + its.kind(), "write it in quotes");
            return;
        }
        var text = scalar.text();
        var functions = FUNCTION.matcher(text);
        while (functions.find()) {
            if (HARMLESS.matcher(functions.group(1)).matches()) continue;
            yaml.fault(
                    scalar,
                    what + ": \"${" + functions.group(1) + "}\" is not for routes",
                    "wanted ${header.name}, ${exchangeProperty.name} or ${routeId}: no content of a"
                            + " message, no Java");
            return;
        }
        if (text.contains("$simple{") || FUNCTION.matcher(text).replaceAll("").contains("${")) {
            yaml.fault(scalar, what + ": \"${\" that can't be read", "write ${header.name}");
        }
    }

    private void name(Mapping body) {
        var its = body.get("name");
        if (its instanceof Scalar name
                && NAME.matcher(name.text()).matches()
                && !name.text().regionMatches(true, 0, "camel", 0, 5)) return;
        yaml.fault(
                its == null ? body : its,
                "name: not a name for a header or property",
                "wanted letters, digits, _ and -, not beginning with Camel");
    }
}
