package org.chartbridge.mapping;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.Concept;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ProviderName;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.Translation;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Span;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Takes an update apart into its facts and their attributes, whatever records it is made of, and
 * puts beside each what the {@link Recorder} knows of it.
 *
 * <p>A record with a {@code path} is a fact; what is below it, up to the next fact, are its
 * attributes. What is empty is none, unless it is a deletion. An attribute without an origin of its
 * own has that of the record it is a part of.
 */
final class Attributes {
    private final Message message;
    private final Recorder recorder;
    private final List<Repairs.Done> repairs;
    private final boolean withPlaces;
    private final Structure structure;
    private final List<Explained> facts = new ArrayList<>();

    private Attributes(Repairs.Repaired repaired, Recorder recorder, boolean withPlaces) {
        this.message = repaired.message();
        this.repairs = repaired.done();
        this.withPlaces = withPlaces;
        this.recorder = recorder;
        this.structure = new Structure(message);
    }

    /**
     * @param withPlaces whether to tell the places, which takes longer than all the rest
     */
    static List<Explained> of(
            ChartUpdate update, Repairs.Repaired repaired, Recorder recorder, boolean withPlaces) {
        var attributes = new Attributes(repaired, recorder, withPlaces);
        for (var part : update.parts()) attributes.update(part);
        return attributes.facts;
    }

    /** One part of an update; what it says of no other fact is a fact of its own. */
    private void update(ChartUpdate update) {
        var own = new ArrayList<Explained.Attribute>();
        int at = facts.size();
        components((Record) update, "", null, own);
        var kind = update.getClass().getSimpleName();
        facts.add(at, new Explained(kind, "MSH", own));
    }

    private void components(
            Record owner,
            String prefix,
            Recorder.@Nullable Origin inherited,
            List<Explained.Attribute> into) {
        for (var part : Part.of(owner)) {
            var name = part.name();
            if (name.equals("path") || name.equals("waitsForCodes")) continue;
            var value = part.value(owner);
            var origin = recorder.told(owner, name);
            if (origin != null) {
                whole(value, prefix + name, origin, into);
                continue;
            }
            origin = recorder.of(value);
            if (origin != null && inherited != null && isOneOfSeveral(owner))
                origin = behind(origin, inherited);
            if (origin == null) origin = structure.of(owner, name);
            if (origin == null) origin = inherited;
            add(value, prefix + name, origin, into);
        }
    }

    private void add(
            @Nullable Object value,
            String name,
            Recorder.@Nullable Origin origin,
            List<Explained.Attribute> into) {
        switch (value) {
            case null -> {}
            case FieldValue field -> field(field, name, origin, into);
            case Translation translation -> translation(translation, name, origin, into);
            case Record fact when hasPath(fact) -> {
                var own = new ArrayList<Explained.Attribute>();
                int at = facts.size();
                components(fact, "", origin, own);
                facts.add(at, new Explained(kind(fact), path(fact), own));
            }
            case Record record -> components(record, name + ".", origin, into);
            case List<?> all -> {
                int number = 1;
                for (var one : all) {
                    var own = recorder.of(one);
                    add(one, name + "[" + number++ + "]", own == null ? origin : own, into);
                }
            }
            case Map<?, ?> all ->
                    all.forEach(
                            (key, one) -> {
                                var own = recorder.of(one);
                                var word = String.valueOf(key).toLowerCase(java.util.Locale.ROOT);
                                add(
                                        one,
                                        prefixOf(name) + word.replace('_', '-'),
                                        own == null ? origin : own,
                                        into);
                            });
            case byte[] content -> into.add(attribute(name, Documents.inShort(content), origin, 0));
            default -> {
                var text = value.toString();
                if (!text.isEmpty()) into.add(attribute(name, text, origin, 0));
            }
        }
    }

    /** Records that are read from the first of several places that holds one. */
    private static boolean isOneOfSeveral(Record owner) {
        return owner instanceof Concept
                || owner instanceof ProviderName
                || owner instanceof RecordKey;
    }

    /** Its own place, behind the empty ones that were looked at before. */
    private static Recorder.Origin behind(Recorder.Origin own, Recorder.Origin all) {
        var reads = new ArrayList<Recorder.Read>();
        for (var read : all.reads()) {
            if (own.reads().contains(read)) break;
            if (read.value().isEmpty()) reads.add(read);
        }
        reads.addAll(own.reads());
        return new Recorder.Origin(all.rule(), reads);
    }

    /** What was told of a part holds for all that it is made of. */
    private void whole(
            @Nullable Object value,
            String name,
            Recorder.Origin origin,
            List<Explained.Attribute> into) {
        if (!(value instanceof Record record)) {
            add(value, name, origin, into);
            return;
        }
        for (var part : Part.of(record))
            whole(part.value(record), name + "." + part.name(), origin, into);
    }

    /** Fields of a person, visit or item go by their own names. */
    private static String prefixOf(String name) {
        return name.equals("fields") || name.equals("demographics") ? "" : name + ".";
    }

    private void field(
            FieldValue field,
            String name,
            Recorder.@Nullable Origin origin,
            List<Explained.Attribute> into) {
        if (field.isEmpty()) {
            into.add(attribute(name, "", deleted(field, origin), 0));
            return;
        }
        component(field.text(), name, origin, into);
        component(field.code(), name + ".code", origin, into);
        // Often the partner's own name, which stands in no field.
        var system = recorder.of(field.system());
        component(field.system(), name + ".system", system == null ? origin : system, into);
    }

    private void component(
            String text,
            String name,
            Recorder.@Nullable Origin origin,
            List<Explained.Attribute> into) {
        if (text.isEmpty()) return;
        var own = recorder.of(text);
        into.add(attribute(name, text, origin == null ? own : origin, 0));
    }

    private Recorder.Origin deleted(FieldValue field, Recorder.@Nullable Origin origin) {
        return new Recorder.Origin(
                Rule.DELETED,
                origin == null || origin.reads().isEmpty()
                        ? structure.at(field.path())
                        : origin.reads());
    }

    private void translation(
            Translation translation,
            String name,
            Recorder.@Nullable Origin origin,
            List<Explained.Attribute> into) {
        int line = Math.max(0, translation.row());
        if (!translation.loinc().isEmpty())
            into.add(attribute(name + ".loinc", translation.loinc(), origin, line));
        if (!translation.ucum().isEmpty())
            into.add(attribute(name + ".ucum", translation.ucum(), origin, line));
        if (translation.row() == Translation.MISSING)
            into.add(attribute(name + ".row", "missing", origin, 0));
    }

    private Explained.Attribute attribute(
            String name, String value, Recorder.@Nullable Origin origin, int codesLine) {
        if (origin == null)
            return new Explained.Attribute(name, value, null, List.of(), codesLine, List.of());
        var places = new LinkedHashMap<Location, Explained.Place>();
        if (withPlaces)
            for (var read : origin.reads())
                places.computeIfAbsent(read.place(), place -> place(read, place));
        return new Explained.Attribute(
                name,
                value,
                origin.rule(),
                List.copyOf(places.values()),
                codesLine,
                repairs(origin));
    }

    private List<String> repairs(Recorder.Origin origin) {
        if (repairs.isEmpty()) return List.of();
        var by = new LinkedHashSet<String>();
        for (var read : origin.reads())
            for (var one : repairs) if (one.changed(read.place())) by.add(one.by());
        return List.copyOf(by);
    }

    private Explained.Place place(Recorder.Read read, Location location) {
        var line = read.line();
        var spans = message.spans(location);
        if (read.field() == 0 && !spans.isEmpty()) {
            // The name of a segment.
            var all = spans.getFirst();
            spans =
                    List.of(
                            new Span(
                                    all.start(),
                                    all.start() + line.segment().length(),
                                    all.charset(),
                                    all.shift()));
        }
        return new Explained.Place(location.toString(), read.value(), spans);
    }

    // ------------------------------------------------------------ records

    /** One component of a record; looked up once for each kind of record, which takes long. */
    private record Part(String name, Method accessor) {
        private static final ClassValue<List<Part>> PARTS =
                new ClassValue<>() {
                    @Override
                    protected List<Part> computeValue(Class<?> kind) {
                        return Stream.of(kind.getRecordComponents())
                                .map(one -> new Part(one.getName(), one.getAccessor()))
                                .toList();
                    }
                };

        static List<Part> of(Record owner) {
            return PARTS.get(owner.getClass());
        }

        @Nullable Object value(Record owner) {
            try {
                return accessor.invoke(owner);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record whose parts can't be read", e);
            }
        }
    }

    private static boolean hasPath(Record owner) {
        for (var part : Part.of(owner)) if (part.name().equals("path")) return true;
        return false;
    }

    private static String path(Record owner) {
        for (var part : Part.of(owner))
            if (part.name().equals("path")) return String.valueOf(part.value(owner));
        throw new IllegalArgumentException("no path");
    }

    private static String kind(Record owner) {
        var name = owner.getClass().getSimpleName();
        for (var word : List.of("Statement", "Claim"))
            if (name.endsWith(word)) return name.substring(0, name.length() - word.length());
        return name;
    }
}
