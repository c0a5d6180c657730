package org.chartbridge.console;

import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** The orders, the referral or the results of a message, for people: their numbers and tests. */
final class OrdersInMessage {
    /** More are counted. */
    static final int MAX_SHOWN = 3;

    private OrdersInMessage() {}

    /**
     * For example {@code P-1 K Potassium; P-2 NA Sodium; and 4 more}; empty where it is about none.
     */
    static String inWords(Message message) {
        var all = List.copyOf(new LinkedHashSet<>(found(message)));
        var shown = String.join("; ", all.subList(0, Math.min(all.size(), MAX_SHOWN)));
        return all.size() <= MAX_SHOWN
                ? shown
                : shown + "; and " + (all.size() - MAX_SHOWN) + " more";
    }

    private static List<String> found(Message message) {
        var found = new ArrayList<String>();
        var number = "";
        boolean named = true;
        for (var line : message.lines())
            switch (line.segment()) {
                case "ORC" -> {
                    if (!named) found.add(number);
                    number = value(message, line, 2);
                    named = number.isEmpty();
                }
                case "OBR" -> {
                    var own = value(message, line, 2);
                    found.add(words(own.isEmpty() ? number : own, message, line, 4));
                    named = true;
                }
                case "RXO", "RXE" -> {
                    found.add(words(number, message, line, line.segment().equals("RXO") ? 1 : 2));
                    named = true;
                }
                case "RF1" -> found.add(words(value(message, line, 6), message, line, 10));
                default -> {
                    // Nothing of an order.
                }
            }
        if (!named) found.add(number);
        return found.stream().filter(words -> !words.isEmpty()).toList();
    }

    private static String words(String number, Message message, Line line, int field) {
        return String.join(
                        " ",
                        number,
                        value(message, line, field),
                        message.value(line, field, 2).strip())
                .replaceAll(" +", " ")
                .strip();
    }

    private static String value(Message message, Line line, int field) {
        return message.value(line, field, 1).strip();
    }
}
