package org.chartbridge.chart;

import org.chartbridge.chart.RegistrationState.KnownItem;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Items that their sender knows by a number: documents, appointments, orders of medication. Those
 * whose numbers are one in other forms (decision 0086) are one item, of which stands what was said
 * last. Pure: what stands follows from the latest times, in any order of arrival.
 */
final class NumberedItems {
    private static final Set<ListKind> KINDS =
            EnumSet.of(
                    ListKind.CLINICAL_DOCUMENT,
                    ListKind.DOCUMENT_BODY,
                    ListKind.APPOINTMENT,
                    ListKind.MEDICATION_ORDER);

    private final Numbers numbers;

    private NumberedItems(Collection<String> keys) {
        numbers = new Numbers(keys.stream().filter(NumberedItems::isNumber).toList());
    }

    static boolean are(ListKind kind) {
        return KINDS.contains(kind);
    }

    /** A blank behind the namespace begins what tells items of one number apart, or a time. */
    private static boolean isNumber(String key) {
        int end = key.indexOf('^');
        return end < 0 || key.indexOf(' ', end) < 0;
    }

    /** What all forms of a number have in common. */
    private String one(String key) {
        return isNumber(key) ? numbers.named(key) : key;
    }

    /** The keys of items of which something was said later, under whatever form of the number. */
    static Set<String> overtaken(ListKind kind, Map<String, KnownItem> items) {
        if (!are(kind) || items.size() < 2) return Set.of();
        var all = new NumberedItems(items.keySet());
        var last = new HashMap<String, Moment>();
        for (var item : items.values())
            last.merge(all.one(item.key()), word(item), NumberedItems::later);
        var overtaken = new HashSet<String>();
        for (var item : items.values())
            if (last.getOrDefault(all.one(item.key()), Moment.NEVER).isAfter(item.listed()))
                overtaken.add(item.key());
        return overtaken;
    }

    /**
     * Whether something of this number, and of no other that could be meant, was ever named as
     * being there.
     */
    static boolean isKnown(String number, Stream<KnownItem> items) {
        var found =
                items.filter(item -> !item.listed().equals(Moment.NEVER))
                        .flatMap(item -> numbers(item.key()))
                        .filter(one -> one.equals(number) || OneNumber.isOne(one, number))
                        .distinct()
                        .toList();
        return found.contains(number)
                || (!found.isEmpty()
                        && found.stream()
                                .noneMatch(one -> OneNumber.areTwo(one, found.getFirst())));
    }

    /** What may be the number in a key: of one that is used for several the rest tells which. */
    private static Stream<String> numbers(String key) {
        var all = Stream.<String>builder().add(key);
        for (int end = key.indexOf(' '); end > 0; end = key.indexOf(' ', end + 1))
            all.add(key.substring(0, end));
        return all.build().filter(NumberedItems::isNumber);
    }

    private static Moment word(KnownItem item) {
        return later(item.listed(), item.removed());
    }

    private static Moment later(Moment one, Moment other) {
        return other.isAfter(one) ? other : one;
    }
}
