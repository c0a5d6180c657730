package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What OBX and NTE say of something that is no result: answers asked for at order entry,
 * eligibility of an immunization, what a laboratory or a pharmacist is to mind. OBX stand as name
 * and value, a line each, behind them the notes; they stay with it and are never results.
 */
final class Details {
    private Details() {}

    /**
     * Adds them to the fields of an item; nothing when there are none.
     *
     * @param lines OBX
     * @param notes NTE, of the item or of one of the OBX
     * @param supporting gets the OBX as data
     */
    static void put(
            List<Line> lines,
            List<Line> notes,
            Reader reader,
            Map<ItemField, FieldValue> fields,
            SupportingReader supporting) {
        if (lines.isEmpty() && notes.isEmpty()) return;
        int mark = reader.mark();
        var values = new ValueReader(reader);
        var all = new ArrayList<String>();
        var read = new ArrayList<List<ValueReader.Part>>();
        for (var line : lines) {
            var name = reader.concept(line, 3, 1);
            var said = new ArrayList<String>();
            var parts = values.read(line, name);
            read.add(parts);
            for (var part : parts) if (!part.text().isEmpty()) said.add(part.text());
            var unit = Units.read(line, reader);
            var value = Reader.joined(" ", String.join(", ", said), unit);
            var shown = Reader.firstSaid(name.text(), name.code());
            if (!shown.isEmpty() || !value.isEmpty()) all.add(Reader.joined(": ", shown, value));
            reader.findings.inform(
                    line.location(),
                    ErrorCode.SEGMENT_SEQUENCE,
                    "observation-beside",
                    "The OBX is about what stands before it and is charted with that, not as a"
                            + " result.");
        }
        for (var note : Notes.read(notes, reader)) all.add(note.text());
        if (!all.isEmpty()) {
            var from = lines.isEmpty() ? notes : lines;
            var text = String.join("\n", all);
            fields.put(
                    ItemField.DETAILS,
                    reader.made(
                            Rule.DETAILS,
                            mark,
                            FieldValue.of(
                                    text.length() <= FieldReader.MAX_TEXT_CHARACTERS
                                            ? text
                                            : text.substring(0, FieldReader.MAX_TEXT_CHARACTERS - 1)
                                                    + "…",
                                    Paths.of(from.getFirst(), from.getLast()))));
        }
        if (!lines.isEmpty()) supporting.observations(lines, read, mark);
    }

    /** Those before any drug: of a patient's state, in an order of medication. */
    static void leaveOutBefore(Message message, Reader reader) {
        for (var line : message.lines()) {
            if (line.segment().equals("RXO") || line.segment().equals("RXE")) return;
            if (line.segment().equals("OBX")) leftOut(line, reader);
        }
    }

    /** One that belongs to nothing that is charted. */
    static void leftOut(Line line, Reader reader) {
        reader.findings.warn(
                line.location(),
                ErrorCode.SEGMENT_SEQUENCE,
                "observation-not-charted",
                "The OBX belongs to nothing that is charted; it is kept in the message.");
    }
}
