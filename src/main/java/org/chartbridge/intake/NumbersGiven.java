package org.chartbridge.intake;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.GivenNumber;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Registration;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.NumberedOrders;
import org.chartbridge.hl7.Reading;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The numbers that a message asks for its orders (ORC-1 SN), as they are charted. */
final class NumbersGiven {
    private NumbersGiven() {}

    static NumberedOrders in(ChartUpdate update) {
        Map<Integer, NumberedOrders.Given> numbers = null;
        for (var part : update.parts()) {
            if (!(part instanceof Registration registration)) continue;
            for (var list : registration.lists()) {
                if (list.kind() != ListKind.PLACED_ORDER) continue;
                for (var item : list.items()) {
                    var number = number(item);
                    if (number.isEmpty()) continue;
                    if (numbers == null) numbers = new HashMap<>();
                    var parts = number.split("\\^", 2);
                    numbers.put(
                            Location.parse(item.path()).sequence(),
                            new NumberedOrders.Given(parts[0], parts[1]));
                }
            }
        }
        return numbers == null ? NumberedOrders.NONE : new NumberedOrders(numbers);
    }

    private static String number(ListStatement.Item item) {
        var control = item.fields().get(ItemField.CONTROL);
        var number = item.fields().get(ItemField.PLACER_NUMBER);
        return control != null
                        && control.text().equals("SN")
                        && number != null
                        && GivenNumber.is(number.text())
                ? number.text()
                : "";
    }

    /** What is sent on, with the numbers in it: whoever gets it learns them too. */
    static List<StagedDelivery> sentOn(
            List<StagedDelivery> deliveries, NumberedOrders numbers, Message message) {
        if (numbers.isEmpty() || deliveries.isEmpty()) return deliveries;
        return deliveries.stream()
                .map(
                        one -> {
                            var body = one.body();
                            var before = body == null ? message.raw() : body;
                            return one.with(numbers.filledIn(before, message));
                        })
                .toList();
    }

    /** An answer with the numbers; itself where the message can't be read any more. */
    static byte[] told(NumberedOrders numbers, byte[] answer, Submission submission) {
        var partner = submission.partner();
        return partner != null
                        && Message.read(submission.raw(), partner.charset())
                                instanceof Reading.Readable(var message)
                ? numbers.toldIn(answer, message)
                : answer;
    }
}
