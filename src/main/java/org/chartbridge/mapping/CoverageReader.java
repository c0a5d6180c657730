package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Repetitions;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads insurance: IN1 is the sender's whole list of what covers the patient. */
final class CoverageReader {
    /** Fields of IN2 by the type of their number, table 0203. */
    private static final Map<String, Integer> FURTHER =
            new TreeMap<>(Map.of("MC", 6, "MA", 8, "MI", 10, "MB", 61));

    private CoverageReader() {}

    static void read(Message message, Reader reader, List<ListStatement> statements) {
        var lines = message.lines("IN1");
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.COVERAGE, reader, lines, true);
        var further = message.lines("IN2");
        for (var line : lines) {
            if (list.empties(line, 1, 2, 3)) continue;
            item(line, behind(line, lines, further), new FieldReader(reader, line, false), list);
        }
        list.finish(false, statements);
    }

    /** The IN2 of an IN1; null when it has none. */
    private static @Nullable Line behind(Line line, List<Line> all, List<Line> further) {
        int end = Integer.MAX_VALUE;
        for (var other : all) if (other.index() > line.index()) end = Math.min(end, other.index());
        for (var one : further) if (one.index() > line.index() && one.index() < end) return one;
        return null;
    }

    private static void item(Line line, @Nullable Line further, FieldReader read, ListReader list) {
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
        ListReader.put(fields, ItemField.MEMBER_NUMBER, read.number(49));
        if (further != null)
            ListReader.put(fields, ItemField.FURTHER_NUMBERS, numbers(further, reader));
        list.add(line, key(plan, insurer, policy), false, fields);
    }

    private static @Nullable FieldValue numbers(Line further, Reader reader) {
        var read = new FieldReader(reader, further, false);
        int mark = reader.mark();
        var codes = new ArrayList<String>();
        var words = new ArrayList<String>();
        for (var kind : FURTHER.entrySet()) {
            var number = reader.text(further, kind.getValue(), 1);
            if (number.isEmpty()) continue;
            // IN2-61 is a CX; the others are bare numbers.
            var authority =
                    kind.getKey().equals("MB")
                            ? Reader.firstSaid(
                                    reader.text(further, kind.getValue(), 1, 4, 1),
                                    reader.text(further, kind.getValue(), 1, 4, 2))
                            : "";
            codes.add(
                    Repetitions.join(
                            List.of(
                                    kind.getKey(),
                                    Repetitions.part(number),
                                    Repetitions.part(authority))));
            words.add(number);
        }
        if (codes.isEmpty()) return null;
        return reader.made(
                Rule.INSURANCE_NUMBERS,
                mark,
                new FieldValue(
                        read.bounded(6, String.join("; ", words)),
                        read.bounded(6, Repetitions.all(codes)),
                        "",
                        read.path(6, 1, 0)));
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
