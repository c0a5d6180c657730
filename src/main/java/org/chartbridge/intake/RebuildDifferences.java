package org.chartbridge.intake;

import org.chartbridge.chart.ChartHash.Fact;
import org.chartbridge.journal.RebuildReport.Change;
import org.chartbridge.journal.RebuildReport.Difference;
import org.chartbridge.journal.RebuildReport.Example;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Sorts facts that differ by kind and field, counts them and keeps examples. Pure. */
final class RebuildDifferences {

    /** Examples of each kind of difference. */
    static final int MAX_EXAMPLES = 5;

    /** Kinds of difference that are told; the rarest beyond it are not. */
    static final int MAX_DIFFERENCES = 200;

    /** How much of a value an example shows. */
    static final int MAX_VALUE = 300;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<Like, Found> found = new LinkedHashMap<>();

    private record Like(String kind, Change change, String field) {}

    /** An example whose person is not looked up yet. */
    private record Seen(long entry, String patient, String path, String live, String rebuilt) {
        @Override
        public String toString() {
            return "Seen[" + entry + "]";
        }
    }

    private static final class Found {
        long facts;
        final List<Seen> examples = new ArrayList<>();

        void add(Seen example) {
            facts++;
            if (examples.size() < MAX_EXAMPLES) examples.add(example);
        }
    }

    /** All facts of one kind and patient, of both charts. */
    void compare(String kind, String patient, List<Fact> live, List<Fact> rebuilt) {
        var lives = byKey(live);
        var others = byKey(rebuilt);
        var keys = new TreeSet<>(lives.keySet());
        keys.addAll(others.keySet());
        for (var key : keys)
            compare(
                    kind,
                    patient,
                    key,
                    lives.getOrDefault(key, List.of()),
                    others.getOrDefault(key, List.of()));
    }

    private static Map<String, List<Fact>> byKey(List<Fact> facts) {
        var byKey = new TreeMap<String, List<Fact>>();
        for (var fact : facts) byKey.computeIfAbsent(fact.key(), _ -> new ArrayList<>()).add(fact);
        for (var same : byKey.values()) same.sort(Comparator.comparing(Fact::said));
        return byKey;
    }

    private void compare(
            String kind, String patient, String key, List<Fact> live, List<Fact> rebuilt) {
        int both = Math.min(live.size(), rebuilt.size());
        for (int i = 0; i < both; i++) {
            var one = live.get(i);
            if (!one.said().equals(rebuilt.get(i).said()))
                fields(
                        kind,
                        patient,
                        one.entry(),
                        "",
                        JSON.readTree(one.said()),
                        JSON.readTree(rebuilt.get(i).said()));
        }
        for (var gone : live.subList(both, live.size()))
            add(kind, Change.ONLY_LIVE, "", new Seen(gone.entry(), patient, path(gone), key, ""));
        for (var more : rebuilt.subList(both, rebuilt.size()))
            add(
                    kind,
                    Change.ONLY_REBUILT,
                    "",
                    new Seen(more.entry(), patient, path(more), "", key));
    }

    private void fields(
            String kind, String patient, long entry, String prefix, JsonNode live, JsonNode other) {
        var names = new TreeSet<String>();
        names.addAll(live.propertyNames());
        names.addAll(other.propertyNames());
        for (var name : names) {
            var one = live.path(name);
            var two = other.path(name);
            if (one.equals(two)) continue;
            if (prefix.isEmpty() && one.isObject() && two.isObject())
                fields(kind, patient, entry, name + ".", one, two);
            else
                add(
                        kind,
                        Change.CHANGED,
                        prefix + name,
                        new Seen(
                                entry,
                                patient,
                                live.path("path").asString(""),
                                shown(one),
                                shown(two)));
        }
    }

    private static String path(Fact fact) {
        return JSON.readTree(fact.said()).path("path").asString("");
    }

    private static String shown(JsonNode value) {
        var text =
                value.isMissingNode() || value.isNull()
                        ? ""
                        : value.isString() ? value.asString() : value.toString();
        return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE) + "…";
    }

    private void add(String kind, Change change, String field, Seen example) {
        found.computeIfAbsent(new Like(kind, change, field), _ -> new Found()).add(example);
    }

    /** Messages of which something else became. */
    void became(RebuildSpace.Became became) {
        var like =
                new Like(
                        "entry",
                        became.rebuilt().isEmpty() ? Change.ONLY_LIVE : Change.CHANGED,
                        became.rebuilt().isEmpty()
                                ? became.live()
                                : became.live() + " → " + became.rebuilt());
        var told = found.computeIfAbsent(like, _ -> new Found());
        told.facts += became.messages();
        for (long entry : became.examples())
            if (told.examples.size() < MAX_EXAMPLES)
                told.examples.add(
                        new Seen(
                                entry,
                                "",
                                "",
                                became.live(),
                                (became.rebuilt() + " " + became.reason()).strip()));
    }

    /** The records that examples are about. */
    Set<String> patients() {
        var patients = new TreeSet<String>();
        for (var one : found.values()) for (var seen : one.examples) patients.add(seen.patient());
        return patients;
    }

    /** The most frequent first. */
    List<Difference> all(Map<String, UUID> persons) {
        return found.entrySet().stream()
                .map(
                        one ->
                                new Difference(
                                        one.getKey().kind(),
                                        one.getKey().change(),
                                        one.getKey().field(),
                                        one.getValue().facts,
                                        one.getValue().examples.stream()
                                                .map(
                                                        seen ->
                                                                new Example(
                                                                        seen.entry(),
                                                                        persons.get(seen.patient()),
                                                                        seen.path(),
                                                                        seen.live(),
                                                                        seen.rebuilt()))
                                                .toList()))
                .sorted(
                        Comparator.comparingLong(Difference::facts)
                                .reversed()
                                .thenComparing(Difference::kind)
                                .thenComparing(Difference::field))
                .limit(MAX_DIFFERENCES)
                .toList();
    }
}
