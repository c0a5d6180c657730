package org.chartbridge.mapping;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers, while a message is mapped once more to be explained, which places each value was read
 * from and by which rule. Receiving has none: a {@link Reader} then skips all of this.
 *
 * <p>Values are followed by identity: what the reader hands out is a new object each time, also an
 * empty text, and whatever the mapping makes of it is told by {@link Reader#made}. What has no
 * identity of its own (an enum, a boolean) is told of its owner.
 */
final class Recorder {

    /** In force while {@link Explainer} maps; read once by each {@link Reader}. */
    static final ScopedValue<Recorder> RECORDING = ScopedValue.newInstance();

    /**
     * One look at a place.
     *
     * @param value as it was read, escapes decoded
     */
    record Read(
            Line line, int field, int repetition, int component, int subcomponent, String value) {

        Location place() {
            return new Location(
                    line.segment(), line.ordinal(), field, repetition, component, subcomponent);
        }
    }

    /** The rule that made a value, and where it looked, in order. */
    record Origin(Rule rule, List<Read> reads) {
        Origin {
            reads = List.copyOf(reads);
        }

        Origin and(@Nullable Origin other) {
            if (other == null) return this;
            var all = new ArrayList<>(reads);
            all.addAll(other.reads);
            return new Origin(rule, all);
        }
    }

    private final List<Read> log = new ArrayList<>();
    private final IdentityHashMap<Object, Origin> origins = new IdentityHashMap<>();

    /** Of what has no identity, by its owner and name. */
    private final IdentityHashMap<Object, Map<String, Origin>> told = new IdentityHashMap<>();

    static @Nullable Recorder current() {
        return RECORDING.isBound() ? RECORDING.get() : null;
    }

    // ------------------------------------------------------------ while reading

    String read(
            Line line, int field, int repetition, int component, int subcomponent, String value) {
        var read = new Read(line, field, repetition, component, subcomponent, value);
        log.add(read);
        return put(copy(value), new Origin(Rule.TEXT, List.of(read)));
    }

    /** The same text with less around it. */
    String same(String text, String before) {
        var origin = origins.get(before);
        return origin == null ? text : put(copy(text), origin);
    }

    /** A value that was read before is looked at once more. */
    void again(Object value) {
        var origin = of(value);
        if (origin != null) log.addAll(origin.reads());
    }

    int mark() {
        return log.size();
    }

    /** A value made of everything that was read since a mark. */
    <T> T made(Rule rule, int mark, T value) {
        return put(unique(value), since(rule, mark));
    }

    /** The same, and of values that were read before. */
    <T> T made(Rule rule, int mark, T value, @Nullable Object... also) {
        var origin = since(rule, mark);
        for (var one : also) origin = origin.and(of(one));
        return put(unique(value), origin);
    }

    /** Stands for all that was read since a mark. */
    Object token(int mark) {
        return put(new Object(), since(Rule.TEXT, mark));
    }

    /** The same, behind what was read before. */
    Object token(int mark, @Nullable Object before) {
        var origin = of(before);
        var now = since(Rule.TEXT, mark);
        return put(new Object(), origin == null ? now : origin.and(now));
    }

    void told(Object owner, String name, Rule rule, @Nullable Object... read) {
        var origin = new Origin(rule, List.of());
        for (var one : read) origin = origin.and(of(one));
        told.computeIfAbsent(owner, _ -> new HashMap<>()).put(name, origin);
    }

    /** What was told of several owners, told of one; by their own rule where there is one only. */
    void merge(Object owner, String name, Rule ofSeveral, List<?> owners) {
        @Nullable Origin all = null;
        for (var one : owners) {
            var own = told(one, name);
            if (own == null) continue;
            all = all == null ? own : new Origin(ofSeveral, all.reads()).and(own);
        }
        if (all != null) told.computeIfAbsent(owner, _ -> new HashMap<>()).put(name, all);
    }

    /** The key of an item is made of its fields, unless it is one that was read as such. */
    void key(ListStatement.Item item) {
        key(item, List.of(item));
    }

    /**
     * @param beside the items that it is told apart from, and itself
     */
    void key(ListStatement.Item item, List<ListStatement.Item> beside) {
        if (of(item.key()) != null) return;
        var origin = new Origin(Rule.ITEM_KEY, List.of());
        for (var one : beside) origin = said(one, origin);
        told.computeIfAbsent(item, _ -> new HashMap<>()).put("key", origin);
    }

    private Origin said(ListStatement.Item item, Origin origin) {
        for (var field : item.fields().values()) {
            var own = of(field);
            origin =
                    own != null
                            ? origin.and(own)
                            : origin.and(of(field.text()))
                                    .and(of(field.code()))
                                    .and(of(field.system()));
        }
        return origin;
    }

    Origin since(Rule rule, int mark) {
        return new Origin(rule, log.subList(mark, log.size()));
    }

    // ------------------------------------------------------------ texts of several

    String first(String found, String... values) {
        @Nullable Origin origin = null;
        int used = 0;
        for (var value : values) {
            var own = origins.get(value);
            if (own != null) {
                origin =
                        origin == null ? own : new Origin(Rule.FIRST_SENT, origin.reads()).and(own);
                used++;
            }
            if (!value.isEmpty()) break;
        }
        return origin == null || used == 0 ? found : put(copy(found), origin);
    }

    String joined(String joined, String... parts) {
        @Nullable Origin origin = null;
        for (var part : parts) {
            var own = origins.get(part);
            if (own == null) continue;
            origin = origin == null ? new Origin(Rule.JOINED, own.reads()) : origin.and(own);
        }
        return origin == null ? joined : put(copy(joined), origin);
    }

    // ------------------------------------------------------------ afterwards

    @Nullable Origin of(@Nullable Object value) {
        return value == null ? null : origins.get(value);
    }

    @Nullable Origin told(Object owner, String name) {
        return told.getOrDefault(owner, Map.of()).get(name);
    }

    private <T> T put(T value, Origin origin) {
        origins.put(value, origin);
        if (value instanceof ClinicalTime time && time.instant() != null)
            origins.put(time.instant(), origin);
        return value;
    }

    @SuppressWarnings("unchecked")
    private static <T> T unique(T value) {
        return switch (value) {
            case String text -> (T) copy(text);
            // NOT_SENT is one object for all.
            case ClinicalTime time -> (T) new ClinicalTime(time.instant(), time.asSent());
            default -> value;
        };
    }

    /** Its own object, so that it is told from an equal text that stood somewhere else. */
    @SuppressWarnings("StringCopy")
    private static String copy(String text) {
        return new String(text);
    }
}
