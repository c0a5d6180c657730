package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** EI: an order's number, with {@code ^} and its namespace (EI.2, else EI.3) when one is sent. */
final class OrderNumbers {
    /** Numbers that one document or appointment may name; more are not read. */
    private static final int MAX_NAMED = 20;

    private OrderNumbers() {}

    /** A field that may hold a number. */
    record At(Line line, int field) {
        /** The same fields of every segment of a name. */
        static List<At> all(String segment, Message message, int... fields) {
            var all = new ArrayList<At>();
            for (var line : message.lines(segment))
                for (int field : fields) all.add(new At(line, field));
            return all;
        }
    }

    /** Empty when none is sent. */
    static String read(Line line, int field, Reader reader) {
        return read(line, field, 1, reader);
    }

    private static String read(Line line, int field, int repetition, Reader reader) {
        int mark = reader.mark();
        var entity = reader.text(line, field, repetition, 1);
        if (entity.isEmpty()) return "";
        var namespace =
                Reader.firstSaid(
                        reader.text(line, field, repetition, 2),
                        reader.text(line, field, repetition, 3));
        return reader.made(
                Rule.ORDER_NUMBER,
                mark,
                reader.key(
                        line,
                        field,
                        repetition,
                        1,
                        namespace.isEmpty() ? entity : entity + "^" + namespace));
    }

    /** Puts the orders and referrals that something else names, each once. */
    @SafeVarargs
    static void named(Reader reader, Map<ItemField, FieldValue> fields, List<At>... places) {
        int mark = reader.mark();
        var numbers = new LinkedHashSet<String>();
        var path = "";
        for (var some : places)
            for (var at : some)
                for (int i = 1; i <= reader.repetitions(at.line(), at.field()); i++) {
                    var number = read(at.line(), at.field(), i, reader);
                    if (number.isEmpty() || numbers.size() == MAX_NAMED) continue;
                    if (path.isEmpty()) path = path(at.line(), at.field());
                    numbers.add(number);
                }
        if (numbers.isEmpty()) return;
        fields.put(
                ItemField.ORDER_NUMBERS,
                reader.made(
                        Rule.NAMED_ORDERS, mark, FieldValue.of(String.join("~", numbers), path)));
    }

    static String path(Line line, int field) {
        var segment =
                line.ordinal() == 1 ? line.segment() : line.segment() + "[" + line.ordinal() + "]";
        return segment + "-" + field;
    }
}
