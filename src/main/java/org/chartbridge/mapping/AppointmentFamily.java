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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Appointments, SIU^S12 to S22 and S26 (HL7 v2.5.1 §10.4). The event says what becomes of one: S15
 * and S16 cancel it, S17 deletes it, S26 says that the patient did not come; the others book it or
 * change what is known, as SCH-25 has it. The later word stands, by MSH-7. Blocked and opened time
 * slots (S23, S24) are about a schedule and no patient: {@link ScheduleFamily}.
 *
 * <p>S18 to S22 are about single services and resources of an appointment, which goes on. What is
 * taken off it (AIS-2 and the like: D; S20 to S22 without an action), and what S18 puts beside it
 * (A), is not what the appointment is for, and neither its clinician nor its place: remarked.
 *
 * <p>One is recognised by the filler's number (SCH-2), else the placer's (SCH-1). Its time is TQ1-7
 * (from 2.5), else SCH-11.4, else that of its first resource.
 */
@Component
final class AppointmentFamily implements MessageFamily {
    private static final Set<String> TRIGGERS =
            Set.of(
                    "S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19", "S20", "S21", "S22",
                    "S26");

    /** SCH-25 that say more than that it is booked. */
    private static final Map<String, String> STATES =
            Map.of(
                    "CANCELLED", "cancelled",
                    "CANCELED", "cancelled",
                    "DC", "cancelled",
                    "DELETED", "cancelled",
                    "NOSHOW", "no-show",
                    "COMPLETE", "completed",
                    "COMPLETED", "completed",
                    "WAITLIST", "waitlist");

    /**
     * Where a resource has its start: service, personnel, location, general resource; in the order
     * they are asked.
     */
    private static final Map<String, Integer> STARTS = starts();

    private static Map<String, Integer> starts() {
        var starts = new LinkedHashMap<String, Integer>();
        starts.put("AIS", 4);
        starts.put("AIP", 6);
        starts.put("AIL", 6);
        starts.put("AIG", 8);
        return Collections.unmodifiableMap(starts);
    }

    @Override
    public boolean takes(Header header) {
        return header.messageCode().equals("SIU") && TRIGGERS.contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        return OneStatement.map(message, partner, AppointmentFamily::read);
    }

    private static void read(Message message, Reader reader, List<ListStatement> statements) {
        var lines = message.lines("SCH");
        for (var obx : message.lines("OBX")) Details.leftOut(obx, reader);
        if (lines.isEmpty()) {
            reader.findings.error(
                    Location.of("SCH", 1),
                    ErrorCode.REQUIRED_MISSING,
                    "appointment-missing",
                    "SCH must say which appointment it is; the message has none.");
            return;
        }
        var list = new ListReader(ListKind.APPOINTMENT, reader, lines, false);
        for (var line : lines) item(line, message, reader, list);
        leftOut(message, reader);
        list.finish(false, statements);
    }

    private static void item(Line sch, Message message, Reader reader, ListReader list) {
        var filler = OrderNumbers.read(sch, 2, reader);
        var placer = OrderNumbers.read(sch, 1, reader);
        var number = Reader.firstSaid(filler, placer);
        if (number.isEmpty()) {
            list.unreadable(
                    sch,
                    2,
                    "SCH-2 or SCH-1 must hold the appointment's number; without it no later"
                            + " message can change it. It is not charted.");
            return;
        }
        var trigger = reader.trigger();
        var read = new FieldReader(reader, sch, false);
        var fields = ListReader.fields();
        fields.put(
                ItemField.NUMBER,
                FieldValue.of(number, OrderNumbers.path(sch, filler.isEmpty() ? 1 : 2)));
        fields.put(ItemField.STATE, state(sch, reader));
        ListReader.put(fields, ItemField.CLINICAL_STATUS, read.coded(25));
        ListReader.put(fields, ItemField.TYPE, read.coded(8));
        var reason = read.coded(7);
        ListReader.put(fields, ItemField.REASON, reason != null ? reason : read.coded(6));
        duration(read, sch, reader, fields);
        times(sch, message, reader, fields);
        OrderNumbers.named(
                reader,
                fields,
                List.of(new OrderNumbers.At(sch, 26), new OrderNumbers.At(sch, 27)));
        resource(message, "AIS", reader)
                .ifPresent(r -> ListReader.put(fields, ItemField.CODE, r.coded(3)));
        resource(message, "AIP", reader)
                .ifPresent(r -> ListReader.put(fields, ItemField.CLINICIAN, r.provider(3)));
        resource(message, "AIL", reader)
                .ifPresent(r -> ListReader.put(fields, ItemField.LOCATION, r.location(3)));
        var supporting = new SupportingReader(reader);
        for (var service : message.lines("AIS"))
            if (stays(service, reader)) supporting.service(service, 3);
        supporting.put(fields);
        list.add(sch, number, trigger.equals("S17"), trigger, fields);
    }

    /**
     * By the event; an appointment that goes on by it stands as the filler says it (SCH-25, table
     * 0278): some cancel by S14.
     */
    private static FieldValue state(Line sch, Reader reader) {
        int mark = reader.mark();
        var state =
                switch (reader.trigger()) {
                    case "S15", "S16" -> "cancelled";
                    case "S26" -> "no-show";
                    default -> "";
                };
        if (!state.isEmpty()) return reader.made(Rule.STATE, mark, FieldValue.of(state, "MSH-9"));
        var sent = Reader.firstSaid(reader.text(sch, 25, 1), reader.text(sch, 25, 2));
        var said = STATES.get(sent.toUpperCase(Locale.ROOT).replaceAll("[ -]", ""));
        return reader.made(
                Rule.STATE,
                mark,
                said == null
                        ? FieldValue.of("booked", "MSH-9")
                        : FieldValue.of(said, OrderNumbers.path(sch, 25)));
    }

    /** The first of these that is the appointment's own. */
    private static Optional<FieldReader> resource(Message message, String segment, Reader reader) {
        return message.lines(segment).stream()
                .filter(line -> stays(line, reader))
                .findFirst()
                .map(line -> new FieldReader(reader, line, false));
    }

    /**
     * Whether a service or resource is part of the appointment as it was or now is, by the action
     * of its segment (table 0206) and the event.
     */
    private static boolean stays(Line resource, Reader reader) {
        var action = reader.text(resource, 2, 1).toUpperCase(Locale.ROOT);
        return switch (reader.trigger()) {
            case "S18" -> !action.equals("A") && !action.equals("D");
            case "S20", "S21", "S22" -> !action.isEmpty() && !action.equals("D");
            default -> !action.equals("D");
        };
    }

    private static void leftOut(Message message, Reader reader) {
        for (var segment : STARTS.keySet())
            for (var line : message.lines(segment))
                if (!stays(line, reader))
                    reader.findings.inform(
                            line.location(2),
                            ErrorCode.SEGMENT_SEQUENCE,
                            "resource-not-charted",
                            "A service or resource that is put beside an appointment or taken off"
                                    + " it; the appointment stays as it is otherwise.");
    }

    private static void duration(
            FieldReader read, Line sch, Reader reader, Map<ItemField, FieldValue> fields) {
        var amount = reader.text(sch, 9, 1);
        if (amount.isEmpty()) return;
        var unit = Reader.firstSaid(reader.text(sch, 10, 1), reader.text(sch, 10, 2));
        fields.put(
                ItemField.DURATION,
                FieldValue.of(
                        read.bounded(9, Reader.joined(" ", amount, unit)), read.path(9, 1, 0)));
    }

    private static void times(
            Line sch, Message message, Reader reader, Map<ItemField, FieldValue> fields) {
        @Nullable FieldValue start = null;
        @Nullable FieldValue end = null;
        var timing =
                message.line("TQ1", 1)
                        .map(line -> new FieldReader(reader, line, false))
                        .orElse(null);
        if (timing != null) {
            start = timing.time(7);
            end = timing.time(8);
        }
        var read = new FieldReader(reader, sch, false);
        if (start == null) start = read.time(11, 4);
        if (end == null) end = read.time(11, 5);
        for (var segment : STARTS.keySet()) {
            if (start != null) break;
            var resource = resource(message, segment, reader).orElse(null);
            if (resource != null) start = resource.time(STARTS.getOrDefault(segment, 0));
        }
        ListReader.put(fields, ItemField.BEGAN, start);
        ListReader.put(fields, ItemField.ENDED, end);
    }
}
