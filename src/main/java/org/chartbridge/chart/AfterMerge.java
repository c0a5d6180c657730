package org.chartbridge.chart;

import org.chartbridge.chart.RegistrationState.KnownItem;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.ListScope;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What became of the lists of numbers that were merged away (decision 0074): what their sender says
 * of the number that stays, after the merge, counts as if it had been said of those as well. ⚠ Not
 * the other way round: a sender that still uses the old number may know nothing of the merge, and
 * its list is of that number only. Pure, and a function of what was said and of the merges that
 * hold: the order in which they came plays no part.
 */
final class AfterMerge {

    /**
     * That a number went into another one.
     *
     * @param gone its record
     * @param stays the record that stands for both
     * @param decided whether a person did it: what came before that was said before it, whatever
     *     the clock of its sender says
     */
    record Merge(long gone, long stays, Moment said, boolean decided) {
        Since since() {
            return new Since(said, decided ? said.entryId() : 0);
        }
    }

    /**
     * From when on two numbers are one.
     *
     * @param entry the last decision that it takes; 0 where messages say it
     */
    record Since(Moment said, long entry) {
        static final Since EVER = new Since(Moment.NEVER, 0);

        /** Whether a word was said after it. */
        boolean isBefore(Moment word) {
            return word.isAfter(said) && word.entryId() > entry;
        }

        /** When this and another one are both true. */
        Since and(Since other) {
            return new Since(later(said, other.said), Math.max(entry, other.entry));
        }
    }

    /**
     * Items of old numbers that are active by their own lists only.
     *
     * @param takenBack those that are on no list any more
     * @param saidAgain those that the number that stays has as well, with newer words
     */
    record Ended(Set<Long> takenBack, Set<Long> saidAgain) {
        static final Ended NOTHING = new Ended(Set.of(), Set.of());

        Ended {
            takenBack = Set.copyOf(takenBack);
            saidAgain = Set.copyOf(saidAgain);
        }

        /** What is left out where only what stands is shown. */
        Long[] all() {
            return Stream.concat(takenBack.stream(), saidAgain.stream()).toArray(Long[]::new);
        }
    }

    private final Map<Long, Map<Long, Since>> into = new HashMap<>();

    AfterMerge(List<Merge> merges) {
        // A merge that is sent again changes nothing: from the first on the numbers are one.
        for (var merge : merges)
            into.computeIfAbsent(merge.gone(), _ -> new LinkedHashMap<>())
                    .merge(merge.stays(), merge.since(), AfterMerge::earlier);
    }

    private static Since earlier(Since one, Since other) {
        return one.said().isAfter(other.said()) ? other : one;
    }

    /**
     * @param lists by the record that they are of; those of visits are one whatever the number
     */
    Ended ended(Map<Long, Map<ListScope, KnownList>> lists) {
        var takenBack = new HashSet<Long>();
        var saidAgain = new HashSet<Long>();
        lists.forEach(
                (record, its) -> {
                    var stays = since(record);
                    for (var list : its.values()) {
                        var joined = list;
                        var again = new HashSet<Long>();
                        for (var other : stays.entrySet()) {
                            var theirs =
                                    lists.getOrDefault(other.getKey(), Map.of()).get(list.scope());
                            if (theirs == null) continue;
                            joined = with(joined, theirs, other.getValue(), list);
                            for (var item : list.items().values())
                                if (isListedSince(item, theirs, other.getValue()))
                                    again.add(item.id());
                        }
                        var own = list.held();
                        var now = joined.held();
                        var items = joined.items();
                        for (var item : list.items().values()) {
                            if (!own.test(item)) continue;
                            if (!now.test(items.getOrDefault(item.key(), item)))
                                takenBack.add(item.id());
                            else if (again.contains(item.id())) saidAgain.add(item.id());
                        }
                    }
                });
        return new Ended(takenBack, saidAgain);
    }

    /** Whether that there are none in a list was said, or taken back, of a number that stays. */
    boolean isNoneSaidSince(
            long record, KnownList list, Map<Long, Map<ListScope, KnownList>> lists) {
        for (var other : since(record).entrySet()) {
            var theirs = lists.getOrDefault(other.getKey(), Map.of()).get(list.scope());
            if (theirs != null
                    && other.getValue().isBefore(theirs.noneSaid())
                    && theirs.noneSaid().isAfter(list.noneSaid())) return true;
        }
        return false;
    }

    /** The records that a record went into, over others too, and since when; the nearest first. */
    private Map<Long, Since> since(long record) {
        var since = new LinkedHashMap<Long, Since>();
        follow(record, Since.EVER, since);
        since.remove(record);
        return since;
    }

    private void follow(long record, Since joined, Map<Long, Since> since) {
        for (var merge : into.getOrDefault(record, Map.of()).entrySet()) {
            var both = merge.getValue().and(joined);
            if (since.putIfAbsent(merge.getKey(), both) == null)
                follow(merge.getKey(), both, since);
        }
    }

    private static boolean isListedSince(KnownItem item, KnownList theirs, Since since) {
        var same = theirs.items().get(item.key());
        return same != null
                && since.isBefore(same.listed())
                && same.listed().isAfter(item.listed());
    }

    private static Moment later(Moment one, Moment other) {
        return other.isAfter(one) ? other : one;
    }

    /**
     * A list with what the number that stays says since.
     *
     * @param own the list by itself
     */
    private static KnownList with(KnownList list, KnownList theirs, Since since, KnownList own) {
        var items = new LinkedHashMap<>(list.items());
        for (var word : theirs.items().values()) {
            if (list.scope().kind() == ListKind.ALLERGY
                    && NumberedAllergies.isOfOwnNumber(
                            word.key(), theirs.items(), since, own.items())) continue;
            var removed = since.isBefore(word.removed()) ? word.removed() : Moment.NEVER;
            var before = items.get(word.key());
            boolean isOwn = own.items().containsKey(word.key());
            items.put(
                    word.key(),
                    before == null
                            ? new KnownItem(word.id(), word.key(), word.listed(), removed)
                            : new KnownItem(
                                    before.id(),
                                    before.key(),
                                    isOwn ? before.listed() : later(before.listed(), word.listed()),
                                    later(before.removed(), removed)));
        }
        boolean isWhole =
                since.isBefore(theirs.snapshot()) && theirs.snapshot().isAfter(list.snapshot());
        return new KnownList(
                list.scope(),
                isWhole ? theirs.snapshot() : list.snapshot(),
                list.noneKnown(),
                list.noneSaid(),
                list.nonePath(),
                items);
    }
}
