package org.chartbridge.mapping;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the answer to a delivery says of the orders or the referral in it, where it is more than an
 * acknowledgement: ORR, ORL, ORG or RRI in the same exchange. Such an answer is kept with its
 * attempt and is no message of its own.
 *
 * @param number the placer's or the originator's, as sent; empty when the answer names none
 * @param control ORC-1; empty of referrals
 * @param status ORC-5, RF1-1
 * @param state as of an order or a referral that came as a message
 */
public record OrderAnswer(String number, String control, String status, String state) {
    private static final Set<String> OF_ORDERS = Set.of("ORR", "ORL", "ORG");

    /** RF1-1, table 0283. */
    static final Map<String, String> OF_REFERRALS =
            Map.of("A", "accepted", "P", "pending", "R", "rejected", "E", "expired");

    /** Orders in one answer that are read. */
    private static final int MAX_ORDERS = 200;

    /** Of an acknowledgement, and of what can't be read, nothing. */
    public static List<OrderAnswer> read(byte[] answer) {
        // Numbers and codes only: the character set changes none of them.
        if (!(Message.read(answer, StandardCharsets.ISO_8859_1)
                instanceof Reading.Readable(var message))) return List.of();
        var code = message.header().messageCode();
        var all = new ArrayList<OrderAnswer>();
        if (OF_ORDERS.contains(code))
            for (var orc : message.lines("ORC")) {
                if (all.size() == MAX_ORDERS) break;
                var control = message.value(orc, 1).toUpperCase(Locale.ROOT);
                var status = message.value(orc, 5).toUpperCase(Locale.ROOT);
                all.add(
                        new OrderAnswer(
                                number(message, orc, 2),
                                control,
                                status,
                                OrderFamily.state(control, status)));
            }
        if (code.equals("RRI"))
            message.line("RF1", 1)
                    .ifPresent(
                            rf1 -> {
                                var status = message.value(rf1, 1, 1).toUpperCase(Locale.ROOT);
                                all.add(
                                        new OrderAnswer(
                                                number(message, rf1, 6),
                                                "",
                                                status,
                                                OF_REFERRALS.getOrDefault(status, "requested")));
                            });
        return all;
    }

    private static String number(Message message, org.chartbridge.hl7.Line line, int field) {
        var entity = message.value(line, field, 1);
        var namespace = message.value(line, field, 2);
        if (namespace.isEmpty()) namespace = message.value(line, field, 3);
        return namespace.isEmpty() || entity.isEmpty() ? entity : entity + "^" + namespace;
    }

    /** Nothing: it is about a patient. */
    @Override
    public String toString() {
        return "OrderAnswer[]";
    }
}
