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

/**
 * Reads conditions. DG1 is the whole list of the visit's diagnoses, unless each of them says what
 * it changes (DG1-21, table 0206); PRB is a problem of the patient's life, each with its action
 * (PRB-1, table 0287).
 */
final class ConditionReader {
    private ConditionReader() {}

    static void read(Message message, Reader reader, List<ListStatement> statements) {
        diagnoses(message.lines("DG1"), reader, statements);
        problems(message.lines("PRB"), reader, statements, false);
    }

    /**
     * Diagnoses that an order or a referral gives as its reason: they are added, and take none
     * away.
     */
    static void beside(Message message, Reader reader, List<ListStatement> statements) {
        var lines =
                message.lines("DG1").stream()
                        .filter(
                                line ->
                                        !reader.text(line, 3, 1).isEmpty()
                                                || !reader.text(line, 3, 2).isEmpty()
                                                || !reader.text(line, 4, 1).isEmpty())
                        .toList();
        diagnoses(lines, false, reader, statements);
    }

    private static void diagnoses(List<Line> lines, Reader reader, List<ListStatement> statements) {
        diagnoses(
                lines,
                lines.stream().anyMatch(line -> reader.text(line, 21, 1).isEmpty()),
                reader,
                statements);
    }

    private static void diagnoses(
            List<Line> lines, boolean whole, Reader reader, List<ListStatement> statements) {
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.CONDITION, reader, lines, whole);
        for (var line : lines) {
            if (list.empties(line, 1, 3)) continue;
            var read = new FieldReader(reader, line, false);
            var diagnosis = diagnosis(read);
            if (diagnosis == null) {
                list.unreadable(
                        line,
                        3,
                        "DG1-3 (or DG1-4) must name the diagnosis; this one is not charted, and"
                                + " none is taken away.");
                continue;
            }
            var type = read.coded(6);
            var fields = ListReader.fields();
            fields.put(ItemField.CODE, diagnosis);
            ListReader.put(fields, ItemField.TYPE, type);
            ListReader.put(fields, ItemField.BEGAN, read.time(5));
            ListReader.put(fields, ItemField.PRIORITY, read.text(15));
            ListReader.put(fields, ItemField.CLINICIAN, read.provider(16));
            var action = reader.text(line, 21, 1).toUpperCase(Locale.ROOT);
            list.add(
                    line,
                    ListReader.key(diagnosis) + (type == null ? "" : "^" + type.code()),
                    action.equals("D"),
                    fields);
        }
        list.finish(true, statements);
    }

    /** DG1-3, in words DG1-4; old senders put the coding method into DG1-2. */
    private static @Nullable FieldValue diagnosis(FieldReader read) {
        return read.reader.maybe(Rule.CODED_FIELD, read.reader.mark(), sentDiagnosis(read));
    }

    private static @Nullable FieldValue sentDiagnosis(FieldReader read) {
        var coded = read.coded(3);
        var described = read.text(4);
        var words = described == null ? "" : described.text();
        if (coded == null) return words.isEmpty() ? null : FieldValue.of(words, read.path(4, 1, 0));
        var text = coded.text().equals(coded.code()) && !words.isEmpty() ? words : coded.text();
        var system = Reader.firstSaid(coded.system(), read.reader.text(read.line, 2, 1));
        return new FieldValue(text, coded.code(), system, coded.path());
    }

    /**
     * @param deletes whether a PRB that says nothing else is to leave the list
     */
    static void problems(
            List<Line> lines, Reader reader, List<ListStatement> statements, boolean deletes) {
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.CONDITION, reader, lines, false);
        for (var line : lines) {
            if (list.empties(line, 3)) continue;
            var read = new FieldReader(reader, line, false);
            int mark = reader.mark();
            var action = reader.text(line, 1, 1).toUpperCase(Locale.ROOT);
            if (deletes) reader.trigger(); // PC3, for what explains the value
            var by = reader.since(mark);
            if (action.equals("UC")) continue;
            var problem = read.coded(3);
            if (problem == null) {
                list.unreadable(line, 3, "PRB-3 must name the problem.");
                continue;
            }
            var fields = ListReader.fields();
            fields.put(ItemField.CODE, problem);
            ListReader.put(fields, ItemField.BEGAN, read.time(7));
            ListReader.put(fields, ItemField.ENDED, read.time(9));
            ListReader.put(fields, ItemField.CLINICAL_STATUS, read.coded(14));
            boolean removed = action.equals("DE") || (deletes && !action.equals("UC"));
            list.add(line, ListReader.key(problem), removed, by, fields);
        }
        list.finish(false, statements);
    }
}
