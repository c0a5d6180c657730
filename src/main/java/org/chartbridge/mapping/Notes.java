package org.chartbridge.mapping;

import org.chartbridge.chart.NoteStatement;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;

import java.util.ArrayList;
import java.util.List;

/**
 * Joins NTE that follow each other and have the same source (NTE-2) into one note. {@code ""} in
 * place of all notes is one without text: it takes back those before (HL7 v2.5.1 §2.5.3.2).
 */
final class Notes {
    private Notes() {}

    static List<NoteStatement> read(List<Line> lines, Reader reader) {
        var notes = new ArrayList<NoteStatement>();
        for (int from = 0; from < lines.size(); ) {
            var first = lines.get(from);
            var source = reader.text(first, 2, 1);
            int to = from + 1;
            while (to < lines.size()
                    && lines.get(to).index() == lines.get(to - 1).index() + 1
                    && reader.text(lines.get(to), 2, 1).equals(source)) to++;
            var text = reader.made(Rule.NOTE, reader.mark(), text(lines.subList(from, to), reader));
            if (!text.isEmpty())
                notes.add(new NoteStatement(Paths.of(first, lines.get(to - 1)), source, text));
            from = to;
        }
        if (notes.isEmpty())
            for (var line : lines)
                if (reader.value(line, 3, 1, 0, 0).strip().equals(Message.NULL)) {
                    notes.add(new NoteStatement(Paths.of(line, line), "", ""));
                    break;
                }
        return notes;
    }

    private static String text(List<Line> lines, Reader reader) {
        var text = new ArrayList<String>();
        for (var line : lines)
            for (int i = 1; i <= Math.max(1, reader.repetitions(line, 3)); i++)
                text.add(reader.line(line, 3, i));
        return Paragraph.of(text);
    }
}
