package org.chartbridge.loops;

import org.chartbridge.chart.OneNumber;
import org.chartbridge.chart.OrderLoop;
import org.chartbridge.chart.WatchedCare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a filler says of a test in the code in which that test was sent to it. ⚠ Of several tests
 * under one number neither the code nor the name need be those of the order: then it is no order of
 * its own, but an answer to the one that left so.
 */
final class AnswersAsSent {
    private final Known known;
    private final List<OrderLoop> orders;

    private AnswersAsSent(WatchedCare care, Map<Long, List<Sending>> sendings) {
        this.known = Known.of(care, sendings);
        this.orders = care.orders();
    }

    /** The same care, where such answers stand with the orders that they are about. */
    static WatchedCare joined(WatchedCare care, Map<Long, List<Sending>> sendings) {
        var answers = new AnswersAsSent(care, sendings).byOrder();
        if (answers.isEmpty()) return care;
        var moved = answers.values().stream().flatMap(List::stream).toList();
        return care.with(
                care.orders().stream()
                        .filter(one -> !moved.contains(one))
                        .map(one -> one.answered(answers.getOrDefault(one.order().id(), List.of())))
                        .toList());
    }

    /** Such answers, by the id of the order that each of them is about. */
    static Map<Long, List<OrderLoop>> of(WatchedCare care, Map<Long, List<Sending>> sendings) {
        return new AnswersAsSent(care, sendings).byOrder();
    }

    private Map<Long, List<OrderLoop>> byOrder() {
        var all = new HashMap<Long, List<OrderLoop>>();
        for (var answer : orders) {
            if (!answer.isAnswer()) continue;
            var asked = orders.stream().filter(order -> isAbout(answer, order)).toList();
            // Of two that left in one code nobody knows which it is.
            if (asked.size() == 1)
                all.computeIfAbsent(asked.getFirst().order().id(), _ -> new ArrayList<>())
                        .add(answer);
        }
        return all;
    }

    private boolean isAbout(OrderLoop answer, OrderLoop order) {
        var said = answer.order();
        var main = order.order();
        return order.isOrdered()
                && !said.source().partner().equals(main.source().partner())
                && OneNumber.isOne(said.placerNumber(), main.placerNumber())
                && FollowedOrder.ofAsker(order).stream()
                        .flatMap(
                                one ->
                                        known.of(one).stream()
                                                .flatMap(
                                                        word ->
                                                                known
                                                                        .sendings()
                                                                        .of(word, one)
                                                                        .stream()))
                        .anyMatch(
                                sent ->
                                        sent.asksFor(
                                                said.source().partner(),
                                                List.of(said.service()),
                                                main.placerNumber(),
                                                FollowedOrder.codes(order)));
    }

    /** How many orders of a patient have each number, without its namespace. */
    static Map<String, Long> numbers(WatchedCare care) {
        return care.orders().stream()
                .map(AnswersAsSent::entity)
                .filter(number -> !number.isEmpty())
                .collect(Collectors.groupingBy(number -> number, Collectors.counting()));
    }

    static String entity(OrderLoop order) {
        return order.order().placerNumber().replaceFirst("\\^.*", "");
    }
}
