package org.chartbridge.routes;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.partner.Edit;
import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.EditsFile;
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

/**
 * Reads the steps of one route, by the lists in {@link Words}, and keeps what they name; long
 * because each word has faults of its own.
 */
final class RouteSteps {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    // ${header.type}, ${exchangeProperty.urgent}, ${routeId}: nothing that reaches the body or a
    // class.
    private static final Pattern FUNCTION = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern HARMLESS =
            Pattern.compile("(header|headers|exchangeProperty)[.][A-Za-z][A-Za-z0-9_-]*|routeId");

    private static final List<String> SENDING = List.of("mllp", "http", "https", "sftp", "file");

    private final RouteYaml yaml;
    private final boolean outbox;
    private final List<Delivers> delivers = new ArrayList<>();
    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final Map<String, EditScript> edits = new HashMap<>();

    /** Whether the body may be an edited one where the reader stands. */
    private boolean edited;

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

    /** The files of its edit steps, by the text of their uri. */
    Map<String, EditScript> edits() {
        return edits;
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
        // Nothing comes behind it.
        if (word.equals("stop")) edited = false;
        if (word.equals("stop") && entry.value() instanceof Scalar scalar && scalar.isNothing())
            return;
        var body = yaml.block(word, entry.value());
        if (body == null) return;
        if (word.equals("multicast")) {
            copies(body);
            return;
        }
        boolean before = edited;
        shaped(word, body, shape);
        // Parts and copies are edited alone; what a filter edits is so behind it.
        if (word.equals("split")) edited = before;
        else if (word.equals("filter")) edited |= before;
        switch (word) {
            case "to" -> destination(body);
            case "choice" -> choice(body);
            case "log" -> harmless(body.get("message"), "log");
            default -> {
                if (body.get("name") != null) name(body);
            }
        }
    }

    /** Each step of a multicast has a copy of the body of its own. */
    private void copies(Mapping body) {
        boolean before = edited;
        shaped("multicast", body, new Shape(List.of("steps"), List.of()), false);
        if (body.get("steps") instanceof Items items && !items.all().isEmpty())
            for (var step : items.all()) {
                edited = before;
                step(step);
            }
        else if (body.get("steps") != null) steps(body, body.get("steps"));
        edited = before;
    }

    private void shaped(String what, Mapping body, Shape shape) {
        shaped(what, body, shape, true);
    }

    private void shaped(String what, Mapping body, Shape shape, boolean within) {
        for (var required : shape.required()) {
            if (body.get(required) == null) {
                yaml.fault(body, what + ": \"" + required + "\" is missing", "add it");
            }
        }
        var known = new ArrayList<>(shape.required());
        known.addAll(shape.optional());
        known.addAll(Words.COMMON);
        yaml.keys(body, known, what);
        if (!within) return;
        if (shape.required().contains("steps") && body.get("steps") != null) {
            steps(body, body.get("steps"));
        }
        if (shape.required().contains("expression")) expression(body.get("expression"), what);
    }

    private void destination(Mapping to) {
        if (!(to.get("uri") instanceof Scalar uri)) return;
        var scheme = uri.text().replaceFirst("[:?].*", "");
        if (scheme.equals("edit")) {
            edit(uri);
            return;
        }
        if (outbox) {
            if (SENDING.contains(scheme)) sending(uri);
            else if (scheme.equals("chart")
                    || scheme.equals("answer")
                    || scheme.equals("order")
                    || scheme.equals("refer")
                    || scheme.equals("deliver")) {
                yaml.fault(
                        uri,
                        "to " + scheme + " behind an outbox",
                        "wanted mllp:host:port, https://host/path or file:/folder; what is staged"
                                + " belongs in a receiving route");
            } else {
                yaml.fault(
                        uri,
                        "to \"" + scheme + "\"",
                        "wanted { uri: \"mllp:host:port\" }, { uri: \"https://host/path\" }, { uri:"
                                + " \"file:/folder\" } or { uri: \"edit:orders.edit.yaml\" }");
            }
            return;
        }
        if (uri.text().equals("chart") || uri.text().equals("answer")) {
            if (edited)
                yaml.fault(
                        uri,
                        uri.text() + " behind edit",
                        "what is "
                                + (scheme.equals("chart") ? "charted" : "answered")
                                + " is the message as it was sent; move the step before the edit"
                                + " (what a sender gets wrong is put right in "
                                + Edit.REPAIRS
                                + ")");
            return;
        }
        if (uri.text().equals("order") || uri.text().equals("refer")) return;
        if (scheme.equals("deliver")) {
            delivers(uri);
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

    private void edit(Scalar uri) {
        edited = true;
        var name = uri.text().replaceFirst("^edit:?", "");
        var script = yaml.edits().get(name);
        if (script != null) {
            script.ifPresentOrElse(
                    its -> edits.put(uri.text(), its),
                    () ->
                            yaml.fault(
                                    uri,
                                    "edit:" + name + " has faults",
                                    "correct " + yaml.partner() + "/" + name));
            return;
        }
        if (name.equals(Edit.REPAIRS))
            yaml.fault(
                    uri,
                    Edit.REPAIRS + " is done before mapping, by itself",
                    "remove the step, or name another file");
        else if (!EditsFile.NAME.matcher(name).matches())
            yaml.fault(
                    uri,
                    "\"" + name + "\" is no edit file",
                    "wanted a name that ends with .edit.yaml, for example edit:orders.edit.yaml");
        else
            yaml.fault(
                    uri,
                    "there is no " + name + " in the folder " + yaml.partner(),
                    yaml.edits().isEmpty()
                            ? "write it beside this file"
                            : Nearest.hint(name, yaml.edits().keySet()));
    }

    private void sending(Scalar uri) {
        var filled = yaml.filled(uri);
        if (filled == null) return;
        try {
            var endpoint = Endpoint.parse(filled);
            boolean secured =
                    endpoint instanceof Endpoint.Sftp
                            || (endpoint instanceof Endpoint.Http http && http.isSecured());
            if (secured || endpoint.isThisMachine() || yaml.reachesOut()) {
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
            switch (filled.replaceFirst(":.*", "")) {
                case "file" ->
                        yaml.fault(
                                uri,
                                "\"" + filled + "\" is no folder",
                                "wanted file: and a whole path without .., for example"
                                        + " file:/srv/lab/orders");
                // Not what it is: a password may stand in it.
                case "http", "https" ->
                        yaml.fault(
                                uri,
                                "no web address that can be posted to",
                                "wanted https://host/path without user, ? and #; user and password"
                                        + " belong in login of partner.yaml");
                case "sftp" ->
                        yaml.fault(
                                uri,
                                "no folder of an SFTP host",
                                "wanted sftp://host/folder or sftp://host:port/folder; user and"
                                        + " password belong in login of partner.yaml");
                default ->
                        yaml.fault(
                                uri,
                                "\"" + filled + "\" is no host and port",
                                "wanted mllp:host:port, with a port from 1 to 65535");
            }
        }
    }

    private void choice(Mapping choice) {
        var when = choice.get("when");
        if (when != null && (!(when instanceof Items items) || items.all().isEmpty())) {
            yaml.fault(when, "when: wanted a list, got " + when.kind(), "begin each case with -");
        }
        boolean before = edited;
        boolean after = false;
        if (when instanceof Items items)
            for (var item : items.all()) {
                edited = before;
                branch("when", item, Words.WHEN);
                after |= edited;
            }
        var otherwise = choice.get("otherwise");
        edited = before;
        if (otherwise != null) branch("otherwise", otherwise, Words.OTHERWISE);
        edited |= after;
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
        if (language.equals("language")) {
            custom(entry.value(), what);
            return;
        }
        var key = Words.LANGUAGES.get(language);
        if (language.equals("hl7") || language.equals("hl7terser")) {
            yaml.fault(
                    entry.key(),
                    what + ": language \"" + language + "\"",
                    "write  expression: { language: { language: hl7, expression: \"OBR-4.1 =="
                            + " 'NA'\" } }");
            return;
        }
        if (key == null || (language.equals("tokenize") && !what.equals("split"))) {
            yaml.fault(
                    entry.key(),
                    what + ": language \"" + language + "\"",
                    Nearest.hint(language, List.of("simple", "constant", "language")));
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

    /** A condition in hl7; the message's values get into nothing but the decision. */
    private void custom(Yaml its, String what) {
        var body = yaml.block("language", its);
        if (body == null) return;
        shaped("language", body, new Shape(List.of("language", "expression"), List.of()), false);
        if (!(body.get("language") instanceof Scalar name)
                || !(body.get("expression") instanceof Scalar text)) return;
        if (!name.text().equals(Hl7Language.NAME)) {
            yaml.fault(name, what + ": language \"" + name.text() + "\"", "wanted hl7");
            return;
        }
        if (!what.equals("filter") && !what.equals("when")) {
            yaml.fault(
                    name,
                    what + ": language hl7",
                    "it decides in choice and filter; a message's content gets into no header");
            return;
        }
        try {
            var _ = Hl7Condition.parse(text.text());
        } catch (Hl7Condition.Mistake e) {
            yaml.fault(text, "hl7: " + e.what(), e.remedy());
        }
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
