package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Judges explaining by every attribute of every fact of all samples and of the corpus: each has a
 * rule; the bytes named hold what the rule read; the rule, run when everything else says something
 * else, gives the same value; and when the bytes say something else, another.
 */
class ExplainTests {

    /** An attribute in a message. */
    private record Key(int fact, String kind, String path, String name) {}

    /** Attributes of one name in one message. */
    private record Group(String kind, String name) {}

    private int attributes;
    private final Map<String, Integer> wrong = new TreeMap<>();

    @Test
    void everyAttributeOfTheSamplesIsExplained() throws IOException {
        judge(ExplainedMessages.samples());
        judge(ExplainedMessages.written());
        print("samples");

        assertThat(attributes).isGreaterThan(1_000);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyAttributeOfTheCorpusIsExplained() throws IOException {
        var corpus = ExplainedMessages.corpus();
        assumeThat(corpus)
                .as("the corpus is not here; set CHARTBRIDGE_CORPUS to where it is")
                .isNotEmpty();

        judge(corpus);
        print("corpus");

        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRuleIsPublished() throws IOException {
        var published = Files.readString(Path.of("src/docs/rules.md"));
        var rules =
                Stream.of(Rule.values())
                        .map(
                                rule ->
                                        "| `%s` | %s | %s |"
                                                .formatted(
                                                        rule.id(), rule.sentence(), rule.source()))
                        .toList();

        assertThat(published.lines().filter(line -> line.startsWith("| `")).toList())
                .as("the table of src/docs/rules.md")
                .isEqualTo(rules);
    }

    @Test
    void aRuleThatMakesNothingIsNotOnTheList() throws IOException {
        var made = new HashSet<Rule>();
        var samples = new ArrayList<>(ExplainedMessages.samples());
        samples.addAll(ExplainedMessages.written());
        for (var sample : samples) {
            var message = sample.read();
            if (message == null) continue;
            for (var fact : ExplainedMessages.EXPLAINER.explain(message, sample.partner()))
                for (var attribute : fact.attributes()) made.add(attribute.rule());
        }

        assertThat(Rule.values()).filteredOn(rule -> !made.contains(rule)).isEmpty();
    }

    private void print(String what) {
        System.out.printf(
                "%s: %d attributes explained, %d not%n",
                what, attributes, wrong.values().stream().mapToInt(i -> i).sum());
        wrong.forEach((k, v) -> System.out.println(v + " " + k));
    }

    private void judge(List<ExplainedMessages.Sample> samples) {
        for (var sample : samples) {
            var message = sample.read();
            if (message == null) continue;
            var facts = ExplainedMessages.EXPLAINER.explain(message, sample.partner());
            for (var fact : facts)
                for (var attribute : fact.attributes()) {
                    attributes++;
                    if (attribute.rule() == null) wrong("without a rule", fact, attribute, sample);
                    for (var place : attribute.places())
                        if (!place.text().equals(Decoded.text(message, place)))
                            wrong("bytes that say something else", fact, attribute, sample);
                }
            rules(sample, message, facts);
        }
    }

    private void wrong(
            String what,
            Explained fact,
            Explained.Attribute attribute,
            ExplainedMessages.Sample sample) {
        wrong.merge(
                what
                        + ": "
                        + fact.kind()
                        + " "
                        + attribute.name().replaceAll("\\[\\d+]", "[]")
                        + ", "
                        + sample.file(),
                1,
                Integer::sum);
    }

    // ------------------------------------------------------------ running the rules

    private void rules(ExplainedMessages.Sample sample, Message message, List<Explained> facts) {
        var groups = new LinkedHashMap<Group, Set<Location>>();
        for (var fact : facts)
            for (var attribute : fact.attributes()) {
                var places =
                        groups.computeIfAbsent(group(fact, attribute), _ -> new LinkedHashSet<>());
                for (var place : attribute.places()) {
                    var location = Location.parse(place.path());
                    if (location.field() > 0) places.add(Masked.anywhere(location));
                }
            }
        var masked = new Masked(message);
        // Many attributes are read from the same places, and so judged by the same bytes.
        var read = new HashMap<ByteBuffer, Map<Key, String>>();
        Function<byte[], Map<Key, String>> values =
                raw -> read.computeIfAbsent(ByteBuffer.wrap(raw), _ -> values(sample, raw));
        var known = new LinkedHashMap<Group, Map<Key, Known>>();
        keys(facts)
                .forEach(
                        (key, one) ->
                                known.computeIfAbsent(
                                                group(one.fact(), one.attribute()),
                                                _ -> new LinkedHashMap<>())
                                        .put(key, one));
        groups.forEach(
                (group, places) ->
                        rule(
                                sample,
                                masked,
                                values,
                                known.getOrDefault(group, Map.of()),
                                List.copyOf(places)));
    }

    private static Group group(Explained fact, Explained.Attribute attribute) {
        return new Group(fact.kind(), attribute.name().replaceAll("\\[\\d+]", "[]"));
    }

    private void rule(
            ExplainedMessages.Sample sample,
            Masked masked,
            Function<byte[], Map<Key, String>> values,
            Map<Key, Known> facts,
            List<Location> places) {
        var elsewhere =
                values.apply(
                        masked.with(
                                leaf -> !Masked.isFrame(leaf) && !isIn(leaf, places),
                                Masked::other));
        var here = places.isEmpty() ? List.<Map<Key, String>>of() : changed(masked, values, places);
        for (var known : facts.entrySet()) {
            var attribute = known.getValue().attribute();
            var fact = known.getValue().fact();
            var key = known.getKey();
            if (!attribute.value().equals(elsewhere.get(key)))
                wrong("other places matter", fact, attribute, sample);
            if (says(attribute)
                    && here.stream().allMatch(now -> attribute.value().equals(now.get(key))))
                wrong("its places don't matter", fact, attribute, sample);
        }
    }

    /** What the facts are when some places say something else, each change when it is needed. */
    private static List<Map<Key, String>> changed(
            Masked masked, Function<byte[], Map<Key, String>> values, List<Location> places) {
        return new AbstractList<>() {
            private final List<Map<Key, String>> done = new ArrayList<>();

            @Override
            public Map<Key, String> get(int index) {
                while (done.size() <= index)
                    done.add(
                            values.apply(
                                    masked.with(
                                            leaf -> isIn(leaf, places),
                                            Masked.CHANGES.get(done.size()))));
                return done.get(index);
            }

            @Override
            public int size() {
                return Masked.CHANGES.size();
            }
        };
    }

    private record Known(Explained fact, Explained.Attribute attribute) {}

    /** Facts of one kind and path are told apart by their order. */
    private static Map<Key, Known> keys(List<Explained> facts) {
        var known = new LinkedHashMap<Key, Known>();
        var counts = new HashMap<String, Integer>();
        for (var fact : facts) {
            int number = counts.merge(fact.kind() + fact.path(), 1, Integer::sum);
            for (var attribute : fact.attributes())
                known.put(
                        new Key(number, fact.kind(), fact.path(), attribute.name()),
                        new Known(fact, attribute));
        }
        return known;
    }

    private static boolean isIn(Location leaf, List<Location> places) {
        for (var place : places) if (Masked.isWithin(leaf, place)) return true;
        return false;
    }

    /** Whether anything stands in a place that changing letters and digits would change. */
    private static boolean says(Explained.Attribute attribute) {
        return !attribute.value().isEmpty()
                && !attribute.value().equals("false")
                && attribute.places().stream()
                        .filter(place -> place.path().contains("-"))
                        .anyMatch(place -> place.text().matches("(?s).*[A-Za-z0-9].*"));
    }

    private static Map<Key, String> values(ExplainedMessages.Sample sample, byte[] raw) {
        var message = ExplainedMessages.read(raw, sample.partner());
        if (message == null) return Map.of();
        var values = new HashMap<Key, String>();
        keys(ExplainedMessages.EXPLAINER.explain(message, sample.partner(), false))
                .forEach((key, known) -> values.put(key, known.attribute().value()));
        return values;
    }
}
