package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Repetitions;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * Reads who answers for the bill: GT1 is the sender's whole list (HL7 v2.5.1 §6.5.5). Of a person
 * the name, address, phone and relation to the patient; of an organization its name (GT1-21).
 */
final class GuarantorReader {
    private GuarantorReader() {}

    static void read(Message message, Reader reader, List<ListStatement> statements) {
        var lines = message.lines("GT1");
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.GUARANTOR, reader, lines, true);
        for (var line : lines) {
            if (list.empties(line, 1, 2, 3)) continue;
            item(line, new FieldReader(reader, line, false), list);
        }
        list.finish(false, statements);
    }

    private static void item(Line line, FieldReader read, ListReader list) {
        var reader = read.reader;
        var name = name(line, read);
        if (name == null) {
            list.unreadable(
                    line,
                    3,
                    "GT1-3 or GT1-21 must say who the guarantor is; this one is not charted, and"
                            + " none is taken away.");
            return;
        }
        var fields = ListReader.fields();
        var number = read.number(2);
        ListReader.put(fields, ItemField.NUMBER, number);
        ListReader.put(fields, ItemField.NAME, name);
        ListReader.put(fields, ItemField.ADDRESS, address(line, read));
        ListReader.put(fields, ItemField.PHONE, phone(line, read));
        ListReader.put(fields, ItemField.RELATIONSHIP, read.coded(11));
        ListReader.put(fields, ItemField.BEGAN, read.time(13));
        ListReader.put(fields, ItemField.ENDED, read.time(14));
        var priority = Reader.firstSaid(reader.text(line, 15, 1), reader.text(line, 1, 1));
        if (!priority.isEmpty())
            fields.put(
                    ItemField.PRIORITY,
                    FieldValue.of(read.bounded(15, priority), read.path(15, 1, 0)));
        list.add(line, name.text().toUpperCase(Locale.ROOT), false, fields);
    }

    private static @Nullable FieldValue name(Line line, FieldReader read) {
        var reader = read.reader;
        int mark = reader.mark();
        var family = reader.text(line, 3, 1, 1, 1);
        var given = reader.text(line, 3, 1, 2);
        var middle = reader.text(line, 3, 1, 3);
        var suffix = reader.text(line, 3, 1, 4);
        if (family.isEmpty() && given.isEmpty()) {
            var organization = reader.text(line, 21, 1);
            if (organization.isEmpty()) return null;
            return FieldValue.of(read.bounded(21, organization), read.path(21, 1, 0));
        }
        return value(
                read,
                3,
                mark,
                Reader.joined(", ", family, Reader.joined(" ", given, middle, suffix)),
                List.of(family, given, middle, suffix));
    }

    private static @Nullable FieldValue address(Line line, FieldReader read) {
        var reader = read.reader;
        int mark = reader.mark();
        var street = reader.text(line, 5, 1, 1, 1);
        var second = reader.text(line, 5, 2);
        var city = reader.text(line, 5, 3);
        var state = reader.text(line, 5, 4);
        var code = reader.text(line, 5, 5);
        var country = reader.text(line, 5, 6);
        var text =
                Reader.joined(", ", street, second, city, Reader.joined(" ", state, code), country);
        return text.isEmpty()
                ? null
                : value(read, 5, mark, text, List.of(street, second, city, state, code, country));
    }

    private static FieldValue value(
            FieldReader read, int field, int mark, String text, List<String> parts) {
        return read.reader.made(
                Rule.GUARANTOR_PARTS,
                mark,
                new FieldValue(
                        read.bounded(field, text),
                        read.bounded(
                                field,
                                Repetitions.join(parts.stream().map(Repetitions::part).toList())),
                        "",
                        read.path(field, 1, 0)));
    }

    private static @Nullable FieldValue phone(Line line, FieldReader read) {
        var reader = read.reader;
        int mark = reader.mark();
        var number =
                Reader.firstSaid(
                        reader.text(line, 6, 12),
                        reader.text(line, 6, 1),
                        Reader.joined(
                                " ",
                                reader.text(line, 6, 5),
                                reader.text(line, 6, 6),
                                reader.text(line, 6, 7)),
                        reader.text(line, 6, 4));
        return number.isEmpty()
                ? null
                : reader.made(
                        Rule.PHONE,
                        mark,
                        FieldValue.of(read.bounded(6, number), read.path(6, 1, 0)));
    }
}
