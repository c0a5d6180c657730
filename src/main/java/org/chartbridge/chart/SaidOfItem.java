package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What messages said of one item of a list, as far as it still counts: of each field the latest
 * word that says it, because an empty field is no statement (HL7 v2.5.1 §2.5.3.2). A whole list
 * says each of its items anew. Pure, and the same in any order of arrival.
 *
 * @param words the oldest first
 */
record SaidOfItem(List<Word> words) {
    static final SaidOfItem NOTHING = new SaidOfItem(List.of());

    /** How something stands is said by the latest word alone, and by each. */
    private static final Set<ItemField> HOW_IT_STANDS =
            EnumSet.of(
                    ItemField.STATE,
                    ItemField.CONTROL,
                    ItemField.CLINICAL_STATUS,
                    ItemField.HINDRANCE);

    private static final Set<ListKind> THAT_STAND =
            EnumSet.of(
                    ListKind.APPOINTMENT,
                    ListKind.PLACED_ORDER,
                    ListKind.MEDICATION_ORDER,
                    ListKind.REFERRAL);

    /** Of an order whatever is ordered under its number. */
    private static final Set<ItemField> OF_THE_NUMBER =
            EnumSet.of(ItemField.CODE, ItemField.NUMBER, ItemField.PLACER_NUMBER, ItemField.GROUP);

    /** What other fields are about; kept of each word, to compare. */
    private static final Set<ItemField> SUBJECTS =
            EnumSet.of(
                    ItemField.CODE,
                    ItemField.BEGAN,
                    ItemField.CLINICAL_STATUS,
                    ItemField.PARENT_NUMBER);

    /**
     * What one message said.
     *
     * @param whole whether it is a whole list's, so that what it leaves out is gone
     */
    record Word(Moment said, boolean whole, String path, Map<ItemField, FieldValue> fields) {
        Word {
            fields = fields.isEmpty() ? new EnumMap<>(ItemField.class) : new EnumMap<>(fields);
        }

        /** The place only. */
        @Override
        public String toString() {
            return "Word[" + path + "]";
        }
    }

    SaidOfItem {
        words = List.copyOf(words);
    }

    SaidOfItem with(Word word) {
        var all = new ArrayList<>(words);
        all.add(word);
        all.sort(Comparator.comparing(Word::said));
        int from = 0;
        for (int i = 0; i < all.size(); i++) if (all.get(i).whole()) from = i;
        return new SaidOfItem(stillCounting(all.subList(from, all.size())));
    }

    /** Each field only in the latest word that says it. */
    private static List<Word> stillCounting(List<Word> all) {
        var counting = new ArrayList<Word>();
        var said = EnumSet.noneOf(ItemField.class);
        var beside = Supporting.NONE;
        for (var word : all.reversed()) {
            var fields = new EnumMap<ItemField, FieldValue>(ItemField.class);
            boolean counts = word.whole() || counting.isEmpty();
            for (var field : word.fields().entrySet()) {
                if (field.getKey() == ItemField.SUPPORTING) {
                    var its = Supporting.of(field.getValue().code());
                    var own = its.without(beside);
                    beside = beside.over(its);
                    if (own.isEmpty()) continue;
                    counts = true;
                    fields.put(field.getKey(), supporting(own, field.getValue().path()));
                    continue;
                }
                boolean isLatest = said.add(field.getKey());
                counts |= isLatest;
                if (isLatest || SUBJECTS.contains(field.getKey()))
                    fields.put(field.getKey(), field.getValue());
            }
            if (counts) counting.addFirst(new Word(word.said(), word.whole(), word.path(), fields));
        }
        return counting;
    }

    private static FieldValue supporting(Supporting supporting, String path) {
        return new FieldValue("", supporting.json(), "", path);
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    /** The place of the latest word; there is one. */
    String path() {
        return words.getLast().path();
    }

    /**
     * How the fields stand.
     *
     * @param since what was said before it went with the item, which came back; {@link
     *     Moment#NEVER} for nothing
     */
    Map<ItemField, FieldValue> fields(ListKind kind, Moment since) {
        var counting = words.stream().filter(word -> !since.isAfter(word.said())).toList();
        var subjects = new EnumMap<ItemField, FieldValue>(ItemField.class);
        for (var word : counting)
            for (var field : word.fields().entrySet())
                if (SUBJECTS.contains(field.getKey()))
                    subjects.put(field.getKey(), field.getValue());
        var fields = new EnumMap<ItemField, FieldValue>(ItemField.class);
        for (var word : counting) {
            boolean isLast = word.equals(counting.getLast());
            for (var field : word.fields().entrySet()) {
                var name = field.getKey();
                if (HOW_IT_STANDS.contains(name) && THAT_STAND.contains(kind)) {
                    if (isLast) fields.put(name, field.getValue());
                } else if (isOfTheSame(kind, name, word, subjects))
                    fields.merge(
                            name,
                            field.getValue(),
                            name == ItemField.SUPPORTING
                                    ? SaidOfItem::joined
                                    : (_, later) -> later);
            }
        }
        fields.values().removeIf(FieldValue::isEmpty); // Taken back by "".
        return fields;
    }

    private static FieldValue joined(FieldValue before, FieldValue after) {
        return supporting(
                Supporting.of(after.code()).over(Supporting.of(before.code())), after.path());
    }

    /**
     * Whether a field of a word is about what the item is about now: the dose of one drug is never
     * that of another ⚠.
     */
    private static boolean isOfTheSame(
            ListKind kind, ItemField field, Word word, Map<ItemField, FieldValue> subjects) {
        for (var subject : subjectsOf(kind, field)) {
            var was = word.fields().get(subject);
            if (was != null && !areSame(was, subjects.get(subject))) return false;
        }
        return true;
    }

    private static Set<ItemField> subjectsOf(ListKind kind, ItemField field) {
        return switch (kind) {
            case MEDICATION_ORDER, PLACED_ORDER ->
                    OF_THE_NUMBER.contains(field)
                            ? Set.of()
                            : field == ItemField.ENDED
                                    ? Set.of(ItemField.CODE, ItemField.BEGAN)
                                    : Set.of(ItemField.CODE);
            // The end of a time that begins otherwise is another one.
            case APPOINTMENT, REFERRAL ->
                    field == ItemField.ENDED ? Set.of(ItemField.BEGAN) : Set.of();
            case CONDITION ->
                    field == ItemField.ENDED ? Set.of(ItemField.CLINICAL_STATUS) : Set.of();
            // Why a dose was refused says nothing of one that was given.
            case IMMUNIZATION ->
                    field == ItemField.REASON ? Set.of(ItemField.CLINICAL_STATUS) : Set.of();
            case CLINICAL_DOCUMENT ->
                    field == ItemField.RELATION ? Set.of(ItemField.PARENT_NUMBER) : Set.of();
            case ALLERGY, COVERAGE, GUARANTOR, DOCUMENT_BODY -> Set.of();
        };
    }

    private static boolean areSame(FieldValue one, @Nullable FieldValue other) {
        if (other == null) return true;
        if (!one.code().isEmpty() && !other.code().isEmpty())
            return one.code().equalsIgnoreCase(other.code());
        return words(one).equals(words(other));
    }

    private static String words(FieldValue value) {
        return value.text().strip().toUpperCase(Locale.ROOT);
    }
}
