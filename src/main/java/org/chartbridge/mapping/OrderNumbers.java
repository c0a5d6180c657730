package org.chartbridge.mapping;

import org.chartbridge.hl7.Line;

/** EI: an order's number, with {@code ^} and its namespace (EI.2, else EI.3) when one is sent. */
final class OrderNumbers {
    private OrderNumbers() {}

    /** Empty when none is sent. */
    static String read(Line line, int field, Reader reader) {
        int mark = reader.mark();
        var entity = reader.text(line, field, 1);
        if (entity.isEmpty()) return "";
        var namespace = Reader.firstSaid(reader.text(line, field, 2), reader.text(line, field, 3));
        return reader.made(
                Rule.ORDER_NUMBER,
                mark,
                reader.key(
                        line,
                        field,
                        1,
                        1,
                        namespace.isEmpty() ? entity : entity + "^" + namespace));
    }

    static String path(Line line, int field) {
        var segment =
                line.ordinal() == 1 ? line.segment() : line.segment() + "[" + line.ordinal() + "]";
        return segment + "-" + field;
    }
}
