package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Puts the segments of one list together. A list is emptied only by {@code ""} in the first or key
 * field of one of them (HL7 v2.9.1 §2.9.4.1); when one can't be read, the others are added and
 * nothing is taken away.
 */
final class ListReader {

    /** Items of one list in one message; the longest real ones have some dozens. */
    static final int MAX_ITEMS = 500;

    private final ListKind kind;
    private final Reader reader;
    private final List<Line> lines;
    private final List<ListStatement.Item> items = new ArrayList<>();
    private boolean snapshot;
    private boolean emptied;
    private boolean noneKnown;
    private @Nullable FieldValue none;

    ListReader(ListKind kind, Reader reader, List<Line> lines, boolean snapshot) {
        this.kind = kind;
        this.reader = reader;
        this.lines = lines;
        this.snapshot = snapshot;
        if (lines.size() > MAX_ITEMS)
            reader.findings.error(
                    lines.get(MAX_ITEMS).location(),
                    ErrorCode.SEGMENT_SEQUENCE,
                    "too-many-items",
                    "A list may have at most " + MAX_ITEMS + " entries.");
    }

    /** Whether one of the key fields is {@code ""}, which empties the list. */
    boolean empties(Line line, int... fields) {
        for (int field : fields) {
            var whole = reader.value(line, field, 1, 0, 0);
            if (!FieldReader.isNull(whole)
                    && !FieldReader.isNull(reader.value(line, field, 1, 1, 0))) continue;
            emptied = true;
            return true;
        }
        return false;
    }

    /**
     * @param said the words for it
     */
    void noneKnown(FieldValue said) {
        noneKnown = true;
        none = said;
    }

    /** A segment that says nothing of use. */
    void unreadable(Line line, int field, String text) {
        snapshot = false;
        reader.findings.warn(
                reader.place(line, field, 1, 1),
                ErrorCode.REQUIRED_MISSING,
                "item-not-named",
                text);
    }

    /** An order, or a part of one, that can't be charted: nothing is checked of it ⚠. */
    void notScreened(Line line, int field, String text) {
        snapshot = false;
        reader.findings.warn(
                reader.place(line, field, 1, 1),
                ErrorCode.REQUIRED_MISSING,
                Mapped.NOT_SCREENED,
                text);
    }

    /** An item that the action of its segment removes, or nothing does. */
    void add(Line line, String key, boolean removed, Map<ItemField, FieldValue> fields) {
        add(line, key, removed, null, fields);
    }

    /**
     * @param by what was read to know whether it is removed; null for the action of its segment
     */
    void add(
            Line line,
            String key,
            boolean removed,
            @Nullable Object by,
            Map<ItemField, FieldValue> fields) {
        var item =
                new ListStatement.Item(
                        bounded(key), line.segment() + "[" + line.ordinal() + "]", removed, fields);
        if (reader.recorder != null) reader.recorder.key(item);
        if (by != null) reader.told(item, "removed", Rule.ITEM_REMOVED, by);
        items.add(item);
    }

    /** What was said last of a key; null for nothing. */
    ListStatement.@Nullable Item last(String key) {
        var its = bounded(key);
        for (int i = items.size() - 1; i >= 0; i--)
            if (items.get(i).key().equals(its)) return items.get(i);
        return null;
    }

    /** Leaves out what was said of a key, because the message says otherwise later. */
    void drop(String key) {
        items.removeIf(one -> one.key().equals(key));
    }

    /** Puts what two items say in the place of both. */
    void join(ListStatement.Item first, ListStatement.Item second, ListStatement.Item joined) {
        items.removeIf(one -> one.equals(first) || one.equals(second));
        items.add(joined);
        if (reader.recorder != null) reader.recorder.key(joined, List.of(first, second));
    }

    /**
     * Items of one key that are not the same are told apart by their place among each other, which
     * follows from what they say; those that are the same are one.
     *
     * @param can whether items of a key are to be told apart
     * @param further the key of the second and later ones, by the key and the place
     */
    void tellApart(Predicate<String> can, BiFunction<String, Integer, String> further) {
        var same = new LinkedHashMap<String, TreeMap<String, List<ListStatement.Item>>>();
        for (var item : items)
            if (!item.removed() && can.test(item.key()))
                same.computeIfAbsent(item.key(), _ -> new TreeMap<>())
                        .computeIfAbsent(words(item), _ -> new ArrayList<>(1))
                        .add(item);
        same.forEach(
                (key, all) -> {
                    int place = 0;
                    for (var alike : all.values()) {
                        if (++place == 1) continue;
                        for (var item : alike)
                            replace(item, bounded(further.apply(key, place)), all);
                    }
                });
    }

    private void replace(
            ListStatement.Item item, String key, Map<String, List<ListStatement.Item>> beside) {
        var apart = new ListStatement.Item(key, item.path(), false, item.fields());
        items.replaceAll(one -> one.equals(item) ? apart : one);
        if (reader.recorder == null) return;
        var all = new ArrayList<ListStatement.Item>();
        beside.values().forEach(all::addAll);
        reader.recorder.key(apart, all);
    }

    /** All that an item says, but for where. */
    private static String words(ListStatement.Item item) {
        var words = new StringBuilder();
        item.fields()
                .forEach(
                        (field, value) ->
                                words.append(field)
                                        .append('\0')
                                        .append(value.text())
                                        .append('\0')
                                        .append(value.code())
                                        .append('\0')
                                        .append(value.system())
                                        .append('\0'));
        return words.toString();
    }

    /** Adds the statement, if the message says anything of this list. */
    void finish(boolean ofVisit, List<ListStatement> statements) {
        boolean empty = emptied && items.isEmpty();
        if (items.isEmpty() && !empty && !noneKnown) return;
        var statement =
                new ListStatement(
                        kind,
                        Paths.of(lines.getFirst(), lines.getLast()),
                        snapshot || empty,
                        ofVisit,
                        noneKnown,
                        items);
        if (none != null) reader.told(statement, "noneKnown", Rule.NONE_KNOWN, none);
        statements.add(statement);
    }

    /** A key that PostgreSQL can index, as different as the whole would be. */
    static String bounded(String key) {
        return key.length() <= Reader.MAX_KEY_CHARACTERS
                ? key
                : key.substring(0, Reader.MAX_KEY_CHARACTERS - 9)
                        + "#"
                        + Integer.toHexString(key.hashCode());
    }

    /** What tells one item from others: its code, or its words where it has none. */
    static String key(FieldValue concept) {
        return concept.code().isEmpty()
                ? concept.text().strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", " ")
                : concept.code().toUpperCase(Locale.ROOT)
                        + "^"
                        + concept.system().toUpperCase(Locale.ROOT);
    }

    /** A map for what is said or deleted ({@code ""}); what is not said stays as it is known. */
    static Map<ItemField, FieldValue> fields() {
        return new EnumMap<>(ItemField.class);
    }

    static void put(
            Map<ItemField, FieldValue> fields, ItemField field, @Nullable FieldValue value) {
        // Nothing is without what it is: "" there says no more than an empty field.
        if (value != null && (field != ItemField.CODE || !value.isEmpty()))
            fields.put(field, value);
    }
}
