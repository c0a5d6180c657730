package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** Reads insurance: IN1 is the sender's whole list of what covers the patient. */
final class CoverageReader {
    private CoverageReader() {}

    static void read(Message message, Reader reader, List<ListStatement> statements) {
        var lines = message.lines("IN1");
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.COVERAGE, reader, lines, true);
        for (var line : lines) {
            if (list.empties(line, 1, 2, 3)) continue;
            item(line, new FieldReader(reader, line, false), list);
        }
        list.finish(false, statements);
    }

    private static void item(Line line, FieldReader read, ListReader list) {
        var reader = read.reader;
        var plan = read.coded(2);
        var insurer = insurer(read);
        var policy = Reader.firstSaid(reader.text(line, 36, 1), reader.text(line, 49, 1));
        if (plan == null && insurer == null && policy.isEmpty()) {
            list.unreadable(
                    line,
                    2,
                    "IN1-2, IN1-3, IN1-4 or IN1-36 must say which insurance it is; this one is not"
                            + " charted, and none is taken away.");
            return;
        }
        var fields = ListReader.fields();
        ListReader.put(fields, ItemField.PLAN, plan);
        ListReader.put(fields, ItemField.INSURER, insurer);
        ListReader.put(fields, ItemField.GROUP, group(read));
        ListReader.put(fields, ItemField.BEGAN, read.time(12));
        ListReader.put(fields, ItemField.ENDED, read.time(13));
        ListReader.put(fields, ItemField.TYPE, read.coded(15));
        var insured =
                Reader.joined(", ", reader.text(line, 16, 1, 1, 1), reader.text(line, 16, 1, 2));
        if (!insured.isEmpty())
            fields.put(
                    ItemField.INSURED,
                    FieldValue.of(read.bounded(16, insured), read.path(16, 1, 0)));
        ListReader.put(fields, ItemField.RELATIONSHIP, read.coded(17));
        var priority = Reader.firstSaid(reader.text(line, 22, 1), reader.text(line, 1, 1));
        if (!priority.isEmpty())
            fields.put(
                    ItemField.PRIORITY,
                    FieldValue.of(read.bounded(22, priority), read.path(22, 1, 0)));
        if (!policy.isEmpty())
            fields.put(
                    ItemField.POLICY_NUMBER,
                    FieldValue.of(reader.key(line, 36, 1, 1, policy), read.path(36, 1, 0)));
        list.add(line, key(plan, insurer, policy), false, fields);
    }

    /** IN1-4 with the number of IN1-3. */
    private static @Nullable FieldValue insurer(FieldReader read) {
        var id = read.reader.text(read.line, 3, 1);
        var name = read.reader.text(read.line, 4, 1);
        if (id.isEmpty() && name.isEmpty()) return null;
        return new FieldValue(
                read.bounded(4, Reader.firstSaid(name, id)),
                read.bounded(3, id),
                "",
                read.path(name.isEmpty() ? 3 : 4, 1, 0));
    }

    private static @Nullable FieldValue group(FieldReader read) {
        var number = read.reader.text(read.line, 8, 1);
        var name = read.reader.text(read.line, 9, 1);
        if (number.isEmpty() && name.isEmpty()) return null;
        return new FieldValue(
                read.bounded(9, Reader.firstSaid(name, number)),
                read.bounded(8, number),
                "",
                read.path(8, 1, 0));
    }

    private static String key(
            @Nullable FieldValue plan, @Nullable FieldValue insurer, String policy) {
        return String.join(
                        "^",
                        plan == null ? "" : Reader.firstSaid(plan.code(), plan.text()),
                        insurer == null ? "" : Reader.firstSaid(insurer.code(), insurer.text()),
                        policy)
                .toUpperCase(Locale.ROOT);
    }
}
