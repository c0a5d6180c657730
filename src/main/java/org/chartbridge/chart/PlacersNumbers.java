package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * By which placer's numbers the statements about one patient's orders are known: by their own; what
 * a filler says under its own number alone by those to which it gave that number in another one
 * (ORR, ORL). A function of all of them, so that their order decides nothing.
 */
final class PlacersNumbers {
    private final Map<Long, Set<String>> placers = new HashMap<>();
    private final List<PlacedOrderView> orders;
    private final Numbers numbers;

    PlacersNumbers(List<PlacedOrderView> orders) {
        this.orders = orders;
        this.numbers =
                new Numbers(
                        orders.stream()
                                .filter(one -> !OrderLoops.isOfFiller(one))
                                .map(PlacedOrderView::placerNumber)
                                .toList(),
                        orders.stream().map(PlacedOrderView::placerNumber).toList());
        var paired = new HashMap<String, List<PlacedOrderView>>();
        for (var one : orders)
            if (!one.placerNumber().isEmpty() && !one.fillerNumber().isEmpty())
                paired.computeIfAbsent(byFiller(one), _ -> new ArrayList<>(1)).add(one);
        for (var one : orders) {
            var its = new LinkedHashSet<String>(1);
            if (!one.placerNumber().isEmpty()) its.add(one.placerNumber());
            else
                for (var pair : paired.getOrDefault(byFiller(one), List.of()))
                    if (isSameFillers(pair, one)) its.add(pair.placerNumber());
            placers.put(one.id(), its);
        }
    }

    /** What is said under the number of one of the orders, with the order itself. */
    List<PlacedOrderView> of(PlacedOrderView first) {
        return orders.stream()
                .filter(other -> other.id() == first.id() || areSame(first, other))
                .toList();
    }

    /** By which placer's numbers one of them is known; none where nobody said. */
    Set<String> of(long id) {
        return placers.getOrDefault(id, Set.of());
    }

    private boolean areSame(PlacedOrderView first, PlacedOrderView other) {
        for (var one : placers.getOrDefault(first.id(), Set.of()))
            for (var its : placers.getOrDefault(other.id(), Set.of()))
                if (numbers.areSame(one, its)) return true;
        return false;
    }

    /** Whether one filler says both under one number of its own. */
    static boolean isSameFillers(PlacedOrderView one, PlacedOrderView other) {
        return one.source().partner().equals(other.source().partner())
                && OneNumber.isOne(one.fillerNumber(), other.fillerNumber());
    }

    private static String byFiller(PlacedOrderView one) {
        return one.source().partner() + '\n' + ByOrder.entity(one.fillerNumber());
    }
}
