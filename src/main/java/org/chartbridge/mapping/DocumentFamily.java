package org.chartbridge.mapping;

import org.chartbridge.chart.DocumentContent;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Documents, MDM^T01 to T11 (HL7 v2.5.1 §9). One is recognised by its number (TXA-12), else by its
 * type and time. T02, T04, T06, T08 and T10 bring the content; the odd ones tell of the same
 * without it, and leave the content as it is. T07 and T08 edit, so the content is replaced as a
 * whole; T05 and T06 append to the document of TXA-13, T09 and T10 replace it.
 *
 * <p>T11 cancels, and so does TXA-19 CA: the document leaves clinical views ⚠.
 */
@Component
final class DocumentFamily implements MessageFamily {
    private static final Set<String> APPEND = Set.of("T05", "T06");
    private static final Set<String> REPLACE = Set.of("T09", "T10");

    @Override
    public boolean takes(Header header) {
        return header.messageCode().equals("MDM")
                && header.triggerEvent().matches("T(0[1-9]|1[01])");
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        var contents = new ArrayList<DocumentContent>();
        return OneStatement.map(
                message, partner, (m, reader, into) -> read(m, reader, into, contents), contents);
    }

    private static void read(
            Message message,
            Reader reader,
            List<ListStatement> statements,
            List<DocumentContent> contents) {
        var txa = message.line("TXA", 1).orElse(null);
        if (txa == null) {
            reader.findings.error(
                    Location.of("TXA", 1),
                    ErrorCode.REQUIRED_MISSING,
                    "document-header-missing",
                    "TXA must say which document it is; the message has none.");
            return;
        }
        var read = new FieldReader(reader, txa, false);
        var fields = fields(txa, reader, read);
        OrderNumbers.named(
                reader,
                fields,
                OrderNumbers.At.all("TXA", message, 14, 15),
                OrderNumbers.At.all("ORC", message, 2, 3));
        supporting(message, reader).put(fields);
        var key = key(txa, fields, reader);
        if (key.isEmpty()) {
            reader.findings.error(
                    reader.place(txa, 12, 1, 1),
                    ErrorCode.REQUIRED_MISSING,
                    "document-number-missing",
                    "TXA-12 must hold the document's number; TXA-2 and TXA-4 don't tell it from"
                            + " others either.");
            return;
        }
        int mark = reader.mark();
        boolean cancelled = reader.trigger().equals("T11") || reader.text(txa, 19, 1).equals("CA");
        var by = reader.since(mark);
        var list = new ListReader(ListKind.CLINICAL_DOCUMENT, reader, List.of(txa), false);
        list.add(txa, key, cancelled, by, fields);
        list.finish(false, statements);
        int content = reader.mark();
        var body = DocumentBody.read(message, reader);
        contents.addAll(body.contents());
        if (body.files().isEmpty()) return;
        var lines = body.lines();
        var of = ListReader.fields();
        var path = Paths.of(lines.getFirst(), lines.getLast());
        of.put(
                ItemField.FILES,
                reader.made(Rule.DOCUMENT_FILES, content, FieldValue.of(body.files(), path)));
        var item = new ListStatement.Item(ListReader.bounded(key), path, cancelled, of);
        reader.told(item, "removed", Rule.ITEM_REMOVED, by);
        statements.add(
                new ListStatement(
                        ListKind.DOCUMENT_BODY, path, false, false, false, List.of(item)));
    }

    /** The orders that the document is about, each ORC with its OBR, and the visit. */
    private static SupportingReader supporting(Message message, Reader reader) {
        var supporting = new SupportingReader(reader);
        @Nullable Line order = null;
        boolean named = true;
        for (var line : message.lines()) {
            if (line.segment().equals("ORC")) {
                if (!named) supporting.request(order, null);
                order = line;
                named = false;
            } else if (line.segment().equals("OBR")) {
                supporting.request(order, line);
                named = true;
            }
        }
        if (!named) supporting.request(order, null);
        supporting.visit();
        return supporting;
    }

    private static Map<ItemField, FieldValue> fields(Line txa, Reader reader, FieldReader read) {
        var fields = ListReader.fields();
        int mark = reader.mark();
        var number = OrderNumbers.read(txa, 12, reader);
        var parent = OrderNumbers.read(txa, 13, reader);
        put(fields, ItemField.NUMBER, number, "TXA-12");
        put(fields, ItemField.PARENT_NUMBER, parent, "TXA-13");
        relation(txa, mark, number, parent, reader, fields);
        ListReader.put(fields, ItemField.CODE, read.coded(2));
        var title = read.text(25);
        ListReader.put(fields, ItemField.TITLE, title != null ? title : read.text(16));
        ListReader.put(fields, ItemField.CLINICAL_STATUS, read.coded(17));
        ListReader.put(fields, ItemField.CONFIDENTIALITY, read.coded(18));
        ListReader.put(fields, ItemField.AVAILABILITY, read.coded(19));
        var activity = read.time(4);
        ListReader.put(fields, ItemField.BEGAN, activity != null ? activity : read.time(6));
        var author = read.provider(9);
        ListReader.put(fields, ItemField.CLINICIAN, author != null ? author : read.provider(5));
        var authenticator = read.provider(22);
        ListReader.put(
                fields,
                ItemField.AUTHENTICATOR,
                authenticator != null ? authenticator : read.provider(10));
        return fields;
    }

    private static void put(
            Map<ItemField, FieldValue> fields, ItemField field, String text, String path) {
        if (!text.isEmpty()) fields.put(field, FieldValue.of(text, path));
    }

    private static void relation(
            Line txa,
            int mark,
            String number,
            String parent,
            Reader reader,
            Map<ItemField, FieldValue> fields) {
        var trigger = reader.trigger();
        @Nullable String relation =
                APPEND.contains(trigger)
                        ? "appends"
                        : REPLACE.contains(trigger) ? "replaces" : null;
        if (relation == null || (parent.equals(number) && !parent.isEmpty())) return;
        if (!parent.isEmpty()) {
            fields.put(
                    ItemField.RELATION,
                    reader.made(Rule.DOCUMENT_RELATION, mark, FieldValue.of(relation, "MSH-9")));
            return;
        }
        reader.findings.warn(
                reader.place(txa, 13, 1, 1),
                ErrorCode.REQUIRED_MISSING,
                "document-parent-missing",
                "The document adds to or replaces another one and TXA-13 does not say which; both"
                        + " are shown.");
    }

    private static String key(Line txa, Map<ItemField, FieldValue> fields, Reader reader) {
        int mark = reader.mark();
        var number = OrderNumbers.read(txa, 12, reader);
        if (!number.isEmpty()) return number;
        var type = fields.get(ItemField.CODE);
        var time = fields.get(ItemField.BEGAN);
        if (type == null || time == null || time.text().isBlank()) return "";
        var key = (ListReader.key(type) + " " + time.text().strip()).toUpperCase(Locale.ROOT);
        return reader.recorder == null
                ? key
                : reader.recorder.made(Rule.ITEM_KEY, mark, key, type, time);
    }
}
