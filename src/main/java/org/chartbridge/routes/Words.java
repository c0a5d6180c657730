package org.chartbridge.routes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The steps that a route may use. Everything else that Camel knows is refused: a route only says
 * what is to be done, and it is done once, in one commit, after its last step.
 */
final class Words {
    private Words() {}

    /**
     * Which keys a step has.
     *
     * @param required must be given
     * @param optional may be given, besides {@link #COMMON}
     */
    record Shape(List<String> required, List<String> optional) {}

    /** Keys of every step that only people read. */
    static final List<String> COMMON = List.of("id", "description", "note");

    static final Map<String, Shape> STEPS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("to", new Shape(List.of("uri"), List.of())),
                            Map.entry("choice", new Shape(List.of("when"), List.of("otherwise"))),
                            Map.entry(
                                    "filter", new Shape(List.of("expression", "steps"), List.of())),
                            Map.entry(
                                    "split", new Shape(List.of("expression", "steps"), List.of())),
                            Map.entry("multicast", new Shape(List.of("steps"), List.of())),
                            Map.entry(
                                    "log", new Shape(List.of("message"), List.of("loggingLevel"))),
                            Map.entry(
                                    "setProperty",
                                    new Shape(List.of("name", "expression"), List.of())),
                            Map.entry("removeProperty", new Shape(List.of("name"), List.of())),
                            Map.entry(
                                    "setHeader",
                                    new Shape(List.of("name", "expression"), List.of())),
                            Map.entry("removeHeader", new Shape(List.of("name"), List.of())),
                            Map.entry("stop", new Shape(List.of(), List.of()))));

    static final Shape WHEN = new Shape(List.of("expression", "steps"), List.of());
    static final Shape OTHERWISE = new Shape(List.of("steps"), List.of());

    /** Languages of conditions and values, with the key that holds their text. */
    static final Map<String, String> LANGUAGES =
            new TreeMap<>(
                    Map.of("simple", "expression", "constant", "expression", "tokenize", "token"));

    private static final String OUTSIDE = "acts before the commit; it belongs behind an outbox";
    private static final String THREADS =
            "leaves the thread of the message; a receiving route works through its steps in order";
    private static final String BODY =
            "changes the message; a chart is made of the message as it was sent";

    /** Why a step that Camel knows is not for receiving routes. */
    static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("wireTap", OUTSIDE),
                    Map.entry("toD", OUTSIDE),
                    Map.entry("recipientList", OUTSIDE),
                    Map.entry("routingSlip", OUTSIDE),
                    Map.entry("dynamicRouter", OUTSIDE),
                    Map.entry("enrich", OUTSIDE),
                    Map.entry("poll", OUTSIDE),
                    Map.entry("pollEnrich", OUTSIDE),
                    Map.entry("bean", OUTSIDE),
                    Map.entry("process", OUTSIDE),
                    Map.entry("script", OUTSIDE),
                    Map.entry("serviceCall", OUTSIDE),
                    Map.entry("loadBalance", OUTSIDE),
                    Map.entry("circuitBreaker", OUTSIDE),
                    Map.entry("saga", OUTSIDE),
                    Map.entry("threads", THREADS),
                    Map.entry("aggregate", THREADS),
                    Map.entry("resequence", THREADS),
                    Map.entry("delay", THREADS),
                    Map.entry("throttle", THREADS),
                    Map.entry("sample", THREADS),
                    Map.entry(
                            "doTry",
                            "hides that a step failed; a message whose step fails is held"),
                    Map.entry("loop", "may never end; use split"),
                    Map.entry("setBody", BODY),
                    Map.entry("transform", BODY),
                    Map.entry("convertBodyTo", BODY),
                    Map.entry("marshal", BODY),
                    Map.entry("unmarshal", BODY));

    /** Keys of split and multicast that make threads of them, and the like. */
    static final Map<String, String> REFUSED_KEYS =
            Map.of(
                    "parallelProcessing", THREADS,
                    "parallelAggregate", THREADS,
                    "executorService", THREADS,
                    "timeout", THREADS,
                    "aggregationStrategy", OUTSIDE,
                    "onPrepare", OUTSIDE,
                    "parameters", "is not needed by any step of 0.1.0",
                    "disabled", "hides a step; make it a comment");

    static final String BELONGS_BEHIND_AN_OUTBOX =
            "wanted { uri: chart }, { uri: answer }, { uri: order }, { uri: refer }, { uri:"
                    + " \"edit:file.edit.yaml\" } or { uri: \"deliver:partner/queue\" }; sending"
                    + " belongs behind an outbox";
}
