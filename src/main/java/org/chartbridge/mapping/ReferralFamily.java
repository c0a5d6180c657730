package org.chartbridge.mapping;

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
 * Referrals, REF^I12 to I15, and their answers, RRI^I12 to I15. One is recognised by the number of
 * who refers (RF1-6), else that of who is referred to (RF1-11). I14 cancels; else RF1-1 of an
 * answer says how it stands. Request and answer are of two senders: each is kept as its own item,
 * and they are joined when they are read. So are questions how it stands (I15), and answers that do
 * not say that: each sender's last one is an item beside its others.
 *
 * <p>Diagnoses, notes and OBX beside it belong to the referral: they are neither the sender's list
 * of diagnoses nor results.
 */
@Component
final class ReferralFamily implements MessageFamily {
    private static final Set<String> TRIGGERS = Set.of("I12", "I13", "I14", "I15");

    @Override
    public boolean takes(Header header) {
        return Set.of("REF", "RRI").contains(header.messageCode())
                && TRIGGERS.contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        return OneStatement.map(message, partner, ReferralFamily::read);
    }

    private static void read(Message message, Reader reader, List<ListStatement> statements) {
        var rf1 = message.line("RF1", 1).orElse(null);
        if (rf1 == null) {
            reader.findings.error(
                    Location.of("RF1", 1),
                    ErrorCode.REQUIRED_MISSING,
                    "referral-missing",
                    "RF1 must say which referral it is; the message has none.");
            return;
        }
        var own = OrderNumbers.read(rf1, 6, reader);
        var external = OrderNumbers.read(rf1, 11, reader);
        var key = Reader.firstSaid(own, external);
        if (key.isEmpty()) {
            reader.findings.error(
                    reader.place(rf1, 6, 1, 1),
                    ErrorCode.REQUIRED_MISSING,
                    "referral-number-missing",
                    "RF1-6 (or RF1-11) must hold the referral's number; without it no later message"
                            + " can change it.");
            return;
        }
        var read = new FieldReader(reader, rf1, false);
        var fields = ListReader.fields();
        put(fields, ItemField.NUMBER, own, "RF1-6");
        put(fields, ItemField.PLACER_NUMBER, external, "RF1-11");
        int mark = reader.mark();
        var state = state(rf1, reader);
        // ⚠ What says nothing of how it stands takes nothing back of what was said.
        var item = reader.made(Rule.ITEM_KEY, mark, state.isEmpty() ? "ask " + key : key, key);
        if (!state.isEmpty())
            put(fields, ItemField.STATE, reader.made(Rule.STATE, mark, state), "RF1-1");
        ListReader.put(fields, ItemField.CLINICAL_STATUS, read.coded(1));
        ListReader.put(fields, ItemField.PRIORITY, read.coded(2));
        ListReader.put(fields, ItemField.TYPE, read.coded(3));
        ListReader.put(fields, ItemField.CATEGORY, read.coded(5));
        ListReader.put(fields, ItemField.BEGAN, read.time(7));
        ListReader.put(fields, ItemField.ENDED, read.time(8));
        ListReader.put(fields, ItemField.REASON, read.coded(10));
        var service = message.line("PR1", 1).orElse(null);
        var request = asked(message);
        if (service != null)
            ListReader.put(
                    fields, ItemField.CODE, new FieldReader(reader, service, false).coded(3));
        else if (request != null)
            ListReader.put(
                    fields, ItemField.CODE, new FieldReader(reader, request, false).coded(4));
        people(message, reader, fields);
        details(message, reader, fields);
        reason(message, reader, fields);
        var list = new ListReader(ListKind.REFERRAL, reader, List.of(rf1), false);
        list.add(rf1, item, false, fields);
        list.finish(false, statements);
    }

    /**
     * ⚠ RF1-1 is a word of who answers: in what asks (REF) it says nothing. Empty of a question how
     * the referral stands (I15), and of an answer that does not say it.
     */
    private static String state(Line rf1, Reader reader) {
        if (reader.trigger().equals("I14")) return "cancelled";
        if (reader.message.header().messageCode().equals("RRI"))
            return OrderAnswer.OF_REFERRALS.getOrDefault(
                    reader.text(rf1, 1, 1).toUpperCase(Locale.ROOT), "");
        return reader.trigger().equals("I15") ? "" : "requested";
    }

    /** ⚠ An OBR with OBX below it is a result that travels along, and nothing that is asked for. */
    private static @Nullable Line asked(Message message) {
        Line asked = null;
        for (var line : message.lines())
            switch (line.segment()) {
                case "OBR" -> {
                    if (asked != null) return asked;
                    asked = line;
                }
                case "OBX" -> asked = null;
                default -> {
                    // Says nothing of it.
                }
            }
        return asked;
    }

    /** PRD-1, table 0286: RP refers, RT is referred to; in names as in XPN, in PRD-7 a number. */
    private static void people(Message message, Reader reader, Map<ItemField, FieldValue> fields) {
        for (var prd : message.lines("PRD")) {
            int mark = reader.mark();
            var roles = new ArrayList<String>();
            for (int i = 1; i <= reader.repetitions(prd, 1); i++)
                roles.add(reader.text(prd, 1, i, 1).toUpperCase(Locale.ROOT));
            var read = new FieldReader(reader, prd, false);
            var name = Reader.joined(", ", reader.text(prd, 2, 1, 1, 1), reader.text(prd, 2, 2));
            var shown = Reader.firstSaid(name, reader.text(prd, 7, 1));
            if (shown.isEmpty()) continue;
            var value =
                    reader.made(
                            Rule.REFERRAL_PROVIDER,
                            mark,
                            FieldValue.of(read.bounded(2, shown), read.path(2, 1, 0)));
            if (roles.contains("RP")) fields.putIfAbsent(ItemField.CLINICIAN, value);
            if (roles.contains("RT")) fields.putIfAbsent(ItemField.REFERRED_TO, value);
        }
    }

    private static void details(Message message, Reader reader, Map<ItemField, FieldValue> fields) {
        int mark = reader.mark();
        var lines = new ArrayList<String>();
        for (var dg1 : message.lines("DG1")) {
            var diagnosis = reader.concept(dg1, 3, 1);
            var words = Reader.firstSaid(diagnosis.text(), reader.text(dg1, 4), diagnosis.code());
            if (!words.isEmpty()) lines.add("Diagnosis: " + words);
        }
        var supporting = new SupportingReader(reader);
        Details.put(message.lines("OBX"), List.of(), reader, fields, supporting);
        for (var dg1 : message.lines("DG1")) supporting.diagnosis(dg1);
        for (var request : message.lines("OBR")) supporting.request(null, request);
        supporting.put(fields);
        var beside = fields.get(ItemField.DETAILS);
        if (beside != null) lines.add(beside.text());
        for (var note : Notes.read(message.lines("NTE"), reader)) lines.add(note.text());
        if (lines.isEmpty()) return;
        var text = String.join("\n", lines);
        fields.put(
                ItemField.DETAILS,
                reader.made(
                        Rule.REFERRAL_DETAILS,
                        mark,
                        FieldValue.of(
                                text.length() <= FieldReader.MAX_TEXT_CHARACTERS
                                        ? text
                                        : text.substring(0, FieldReader.MAX_TEXT_CHARACTERS - 1)
                                                + "…",
                                beside == null ? "DG1" : beside.path())));
    }

    /** Why whoever it was sent to does not take it, or takes it no more, in its words. */
    private static void reason(Message message, Reader reader, Map<ItemField, FieldValue> fields) {
        var state = fields.get(ItemField.STATE);
        if (state == null
                || !message.header().messageCode().equals("RRI")
                || !Hindrances.saysWhy(state.text())) return;
        int mark = reader.mark();
        if (reader.recorder != null) reader.recorder.again(state);
        var notes = Notes.read(Hindrances.ofReferral(message), reader);
        if (notes.isEmpty() || notes.getFirst().text().isEmpty()) return;
        var words = notes.getFirst().text();
        fields.put(
                ItemField.HINDRANCE,
                reader.made(
                        Rule.HINDRANCE,
                        mark,
                        FieldValue.of(Hindrances.bounded(words), notes.getFirst().path())));
    }

    private static void put(
            Map<ItemField, FieldValue> fields, ItemField field, String text, String path) {
        if (!text.isEmpty()) fields.put(field, FieldValue.of(text, path));
    }
}
