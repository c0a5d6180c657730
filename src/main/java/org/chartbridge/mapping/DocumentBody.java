package org.chartbridge.mapping;

import org.chartbridge.chart.DocumentContent;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the OBX of a document hold: its text, joined in order, and its files (ED). A pointer (RP)
 * stays a text and is never fetched.
 *
 * @param files a line for each, as {@link DocumentContent#line} writes it; empty for no content
 * @param lines the OBX it was read from
 */
record DocumentBody(String files, List<DocumentContent> contents, List<Line> lines) {

    /** Files of one document; the largest real ones have a few pages each. */
    static final int MAX_FILES = 50;

    private static final Set<String> TEXTS = Set.of("TX", "FT", "ST", "");

    /** OBX-11 of lines that are not to be shown (table 0085). */
    private static final Set<String> GONE = Set.of("D", "X", "W");

    static DocumentBody read(Message message, Reader reader) {
        var values = new ValueReader(reader);
        var text = new ArrayList<String>();
        var titles = new ArrayList<String>();
        var contents = new ArrayList<DocumentContent>();
        var lines = message.lines("OBX");
        int names = reader.mark();
        boolean sections = lines.stream().map(obx -> name(obx, reader)).distinct().count() > 1;
        // What the text is made of, where it is to be explained.
        var said = sections ? reader.since(names) : null;
        var section = "";
        for (var obx : lines) {
            int mark = reader.mark();
            boolean isText = false;
            if (GONE.contains(reader.text(obx, 11, 1))) continue;
            boolean plain = TEXTS.contains(values.type(obx).toUpperCase(java.util.Locale.ROOT));
            var name = name(obx, reader);
            if (sections && plain && !name.equals(section) && !name.isEmpty()) text.add(name);
            if (plain) section = name;
            for (var part : values.read(obx, reader.concept(obx, 3, 1))) {
                var file = part.document();
                if (file == null) {
                    isText = true;
                    text.add(
                            plain || part.text().isEmpty()
                                    ? part.text()
                                    : Reader.joined(": ", name, measured(part, obx, reader)));
                } else {
                    contents.add(
                            reader.made(
                                    Rule.VALUE_DOCUMENT,
                                    reader.mark(),
                                    DocumentContent.of(file.mediaType(), file.content()),
                                    file));
                    titles.add(file.title());
                }
            }
            if (isText) said = reader.since(mark, said);
        }
        var whole = Paragraph.of(text);
        if (!whole.isBlank()) {
            var content =
                    reader.made(
                            Rule.DOCUMENT_TEXT,
                            reader.mark(),
                            DocumentContent.of(
                                    Documents.PLAIN_TEXT, whole.getBytes(StandardCharsets.UTF_8)),
                            said);
            // No byte says so: words are text, whatever they are.
            reader.told(content, "mediaType", Rule.DOCUMENT_TEXT, null);
            contents.addFirst(content);
            titles.addFirst("");
        }
        if (contents.size() > MAX_FILES)
            reader.findings.error(
                    lines.getFirst().location(),
                    ErrorCode.SEGMENT_SEQUENCE,
                    "too-many-items",
                    "A document may have at most " + MAX_FILES + " files.");
        var files = new ArrayList<String>();
        for (int i = 0; i < contents.size(); i++) files.add(contents.get(i).line(titles.get(i)));
        return new DocumentBody(String.join("\n", files), contents, lines);
    }

    /** A number with its unit and flags, which are part of what it says. */
    private static String measured(ValueReader.Part part, Line obx, Reader reader) {
        var unit = Reader.firstSaid(reader.text(obx, 6, 1), reader.text(obx, 6, 2));
        var flags = reader.text(obx, 8, 1);
        return Reader.joined(" ", part.text(), unit, flags.isEmpty() ? "" : "(" + flags + ")");
    }

    private static String name(Line obx, Reader reader) {
        var concept = reader.concept(obx, 3, 1);
        return Reader.firstSaid(concept.text(), concept.code());
    }
}
